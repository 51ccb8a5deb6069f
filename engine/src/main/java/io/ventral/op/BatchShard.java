package io.ventral.op;

/**
 * One device's share of a batch: rows {@code firstRow} to {@code firstRow + rows} of axis 0.
 *
 * @param part which share, from 0
 * @param parts how many shares
 * @param firstRow first row of the share in the whole batch
 * @param rows rows of the share, at least 1
 */
public record BatchShard(int part, int parts, int firstRow, int rows) {
  /**
   * Returns share {@code part} of {@code parts} almost equal shares of a batch of {@code batch}
   * rows.
   */
  public static BatchShard of(int batch, int part, int parts) {
    int first = (int) ((long) batch * part / parts);
    int next = (int) ((long) batch * (part + 1) / parts);
    return new BatchShard(part, parts, first, next - first);
  }
}
