package io.ventral.cli.gpucheck;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.ventral.error.EngineException;
import io.ventral.error.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The results so far: a file of JSON lines, on the disk as soon as a cell has ended. */
public final class ResultLog {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final Map<String, ResultRow> rows = new LinkedHashMap<>();
  private long end;

  /**
   * Reads what is there. A last line without its end is what a killed process left: it is
   * overwritten.
   *
   * @throws EngineException DATA for a line that is no result
   */
  public ResultLog(Path file) {
    this.file = file;
    try {
      byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      end = bytes.length;
      while (end > 0 && bytes[(int) end - 1] != '\n') {
        end--;
      }
      new String(bytes, 0, (int) end, StandardCharsets.UTF_8).lines().forEach(this::read);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void read(String line) {
    try {
      ResultRow row = JSON.readValue(line, ResultRow.class);
      rows.put(row.cell(), row);
    } catch (JacksonException e) {
      throw new EngineException(
          ErrorKind.DATA, file + ": not a result: " + e.getOriginalMessage(), e);
    }
  }

  /** Returns the newest result of each cell by its name. */
  public Map<String, ResultRow> rows() {
    return rows;
  }

  /** Adds a result; it is on the disk when this returns. */
  public void add(ResultRow row) {
    byte[] line = (JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      channel.truncate(end).position(end);
      for (ByteBuffer buffer = ByteBuffer.wrap(line); buffer.hasRemaining(); ) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      throw failed(e);
    }
    end += line.length;
    rows.put(row.cell(), row);
  }

  private EngineException failed(IOException cause) {
    return new EngineException(ErrorKind.RESOURCE, file + ": " + cause.getMessage(), cause);
  }
}
