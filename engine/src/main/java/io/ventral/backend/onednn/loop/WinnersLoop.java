package io.ventral.backend.onednn.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ventral.backend.Launch;
import io.ventral.backend.Operands;
import io.ventral.backend.onednn.library.NativeMemory;
import io.ventral.backend.onednn.library.Team;
import io.ventral.tensor.TensorType;
import io.ventral.tensor.Window2d;
import io.ventral.tensor.WindowAxis;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Gradient of maximum pooling where windows tile the image: each dy goes where the winner was, of
 * which a byte each says the place in the window, row by row. For few channels, which oneDNN takes
 * pixel by pixel in registers that they leave mostly empty.
 */
public final class WinnersLoop implements Launch, Team.Part {
  private final Team team;
  private final MemorySegment winners;
  private final MemorySegment from;
  private final MemorySegment to;
  private final TensorType x;
  private final TensorType y;

  /** Channels of one row of y, and numbers that a row of windows covers. */
  private final int outputs;

  private final int inputs;

  /** Number of the winner, counted from the first of its window, by its place in the window. */
  private final int[] places;

  /** Number of the first of its window, by channel of a row of y. */
  private final int[] begins;

  private final byte[][] won;
  private final float[][] gradients;
  private final float[][] rows;

  /** Returns the loop over the winners and the gradient of the result. */
  public WinnersLoop(Team team, Window2d window, Operands operands) {
    this.team = team;
    winners = NativeMemory.of(operands.inputs().getFirst());
    from = NativeMemory.of(operands.inputs().getLast());
    to = NativeMemory.of(operands.outputs().getFirst());
    y = operands.inputs().getLast().type();
    x = operands.outputs().getFirst().type();
    int height = window.vertical().kernel();
    int channels = x.extent(1);
    int width = window.horizontal().kernel();
    outputs = y.extent(3) * channels;
    inputs = height * x.extent(3) * channels;
    places = Separate.ints(height * width);
    Arrays.setAll(places, k -> (k / width * x.extent(3) + k % width) * channels);
    begins = Separate.ints(outputs);
    Arrays.setAll(begins, k -> k / channels * width * channels + k % channels);
    won = Separate.bytes(team.threads(), outputs);
    gradients = Separate.floats(team.threads(), outputs);
    rows = Separate.floats(team.threads(), inputs);
  }

  /** Returns whether windows lie side by side, from the first pixel on and within the image. */
  public static boolean tile(Window2d window, TensorType x, TensorType y) {
    return tile(window.vertical(), x.extent(2), y.extent(2))
        && tile(window.horizontal(), x.extent(3), y.extent(3));
  }

  private static boolean tile(WindowAxis axis, int in, int out) {
    int kernel = axis.kernel();
    return axis.equals(new WindowAxis(kernel, kernel, 0, 0, 1)) && out * kernel <= in;
  }

  @Override
  public void run() {
    team.forEach(y.elements(), outputs, this);
  }

  @Override
  public void run(int thread, long first, long end) {
    int height = y.extent(2);
    long image = x.shape().elementsPerSample();
    // Taken out here: beside the arrays of arrays may lie what the other threads write.
    byte[] place = won[thread];
    float[] dy = gradients[thread];
    float[] dx = rows[thread];
    for (long row = first / outputs; row < end / outputs; row++) {
      MemorySegment.copy(winners, JAVA_BYTE, row * outputs, place, 0, outputs);
      Tiles.read(from, row * outputs, dy, outputs);
      Arrays.fill(dx, 0);
      scatter(place, dy, dx);
      Tiles.write(dx, to, row / height * image + row % height * inputs, inputs);
      if (row % height == height - 1) {
        clear(dx, (row / height + 1) * image, (int) (image - (long) height * inputs));
      }
    }
  }

  private void scatter(byte[] place, float[] dy, float[] dx) {
    for (int k = 0; k < outputs; k++) {
      dx[begins[k] + places[place[k] & 0xFF]] = dy[k];
    }
  }

  /** Writes zeros before {@code end}, under no window: fewer than a row of windows covers. */
  private void clear(float[] row, long end, int count) {
    Arrays.fill(row, 0);
    Tiles.write(row, to, end - count, count);
  }
}
