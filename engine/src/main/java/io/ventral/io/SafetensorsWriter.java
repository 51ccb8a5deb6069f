package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Writes safetensors files: the same entries and metadata give the same bytes. */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * A tensor to be written.
   *
   * @param fileShape the shape in the file; as many elements as the tensor has, in row-major order
   * @param dtype the number format in the file, to which each element is rounded once
   */
  public record Entry(String name, Shape fileShape, HostTensor tensor, DType dtype) {
    public Entry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(dtype, "dtype");
      if (fileShape.elements() != tensor.type().elements()) {
        throw EngineException.internal(
            "tensor %s: file shape %s for a tensor of type %s"
                .formatted(name, fileShape, tensor.type()));
      }
    }

    /** An entry that keeps the tensor's own number format. */
    public Entry(String name, Shape fileShape, HostTensor tensor) {
      this(name, fileShape, tensor, tensor.type().dtype());
    }

    /** An entry that keeps the tensor's own number format and shape. */
    public Entry(String name, HostTensor tensor) {
      this(name, tensor.type().shape(), tensor);
    }

    /** Returns the bytes of the tensor in the file. */
    long bytes() {
      return Math.multiplyExact(fileShape.elements(), (long) dtype.bytes());
    }
  }

  /**
   * Replaces the file at {@code path} by one with these tensors, in this order, with {@code
   * metadata} and a checksum of all of it that {@link SafetensorsFile#verify} holds it against.
   *
   * @throws EngineException USER if nothing can be written there; RESOURCE if the disk is full
   */
  public static void write(Path path, List<Entry> entries, Map<String, String> metadata) {
    checkNames(entries);
    // The checksum is known last but has a fixed width, and counts as zero in itself.
    byte[] unchecked = SafetensorsHeaderText.bytes(entries, metadata, 0);
    long total = entries.stream().mapToLong(Entry::bytes).sum() + unchecked.length;
    AtomicFile.write(
        path,
        total,
        channel -> {
          channel.position(unchecked.length);
          TensorOutput output = new TensorOutput(channel, unchecked);
          for (Entry entry : entries) {
            write(output, entry);
          }
          byte[] header = SafetensorsHeaderText.bytes(entries, metadata, output.checksum());
          AtomicFile.writeFully(channel.position(0), ByteBuffer.wrap(header));
        });
  }

  private static void write(TensorOutput output, Entry entry) throws IOException {
    if (entry.tensor().type().dtype() == entry.dtype()) {
      output.write(entry.tensor());
    } else {
      try (HostTensor converted = Conversion.copy(entry.tensor(), entry.dtype())) {
        output.write(converted);
      }
    }
  }

  private static void checkNames(List<Entry> entries) {
    Set<String> names = new HashSet<>();
    names.add(SafetensorsHeader.METADATA);
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw EngineException.internal("tensor name " + entry.name() + " cannot be written twice");
      }
    }
  }
}
