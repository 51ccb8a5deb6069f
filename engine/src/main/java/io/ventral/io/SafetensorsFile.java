package io.ventral.io;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.HostTensor;
import io.ventral.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open safetensors file. It is mapped into memory, so that only the tensors read cost time; any
 * number of threads may read at once.
 */
public final class SafetensorsFile implements AutoCloseable {
  private final InputFile file;
  private final SafetensorsHeader header;

  private SafetensorsFile(InputFile file) {
    this.file = file;
    this.header = SafetensorsHeader.read(file);
  }

  /**
   * Returns the file, its header read and checked.
   *
   * @throws EngineException USER if there is no such file; DATA if it is damaged or another format,
   *     UNSUPPORTED if it is PyTorch's
   */
  public static SafetensorsFile open(Path path) {
    InputFile file = InputFile.open(path);
    try {
      return new SafetensorsFile(file);
    } catch (EngineException e) {
      file.close();
      throw e;
    }
  }

  public Path path() {
    return file.path();
  }

  /** Returns the {@code __metadata__} of the file; empty if it has none. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /** Returns the tensors' names in the order of the header. */
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  /** Returns what the header says of a tensor, or nothing if the file has none of that name. */
  public Optional<SafetensorsEntry> entry(String name) {
    return Optional.ofNullable(header.entries().get(name));
  }

  /**
   * Returns a tensor as the file describes it, in the engine's memory order.
   *
   * @throws EngineException DATA if there is no such tensor or the engine cannot hold its type
   */
  public HostTensor read(String name) {
    SafetensorsEntry entry = existing(name);
    return read(name, file.type("tensor " + name, dtype(entry), entry.shape()));
  }

  /**
   * Returns a tensor as a value of type {@code logical}: the file's elements in row-major order,
   * each rounded once to the format asked for, under a shape that may differ from the file's.
   *
   * @throws EngineException DATA if there is no such tensor, its number format is unknown or the
   *     number of elements differs
   */
  public HostTensor read(String name, TensorType logical) {
    SafetensorsEntry entry = existing(name);
    TensorType stored = logical.with(dtype(entry));
    if (stored.bytes() != entry.bytes()) {
      throw file.damaged(
          "tensor %s has shape %s; %s was expected", name, entry.shape(), logical.shape());
    }
    MemorySegment bytes = file.bytes().asSlice(header.dataStart() + entry.begin(), entry.bytes());
    return Conversion.replace(TensorInput.rowMajor(stored, bytes), logical.dtype());
  }

  /**
   * Returns whether the file is one of ours, after holding it against its checksum.
   *
   * @throws EngineException DATA if it is not what was written
   */
  public boolean verify() {
    return SafetensorsChecksum.verify(file, header);
  }

  @Override
  public void close() {
    file.close();
  }

  private SafetensorsEntry existing(String name) {
    return entry(name)
        .orElseThrow(
            () ->
                file.damaged(
                    "has no tensor %s among its %,d tensors", name, header.entries().size()));
  }

  private DType dtype(SafetensorsEntry entry) {
    return entry
        .knownDType()
        .orElseThrow(
            () ->
                file.damaged(
                    "tensor %s is of type %s; F64, F32, F16, BF16, I64, I32 and U8 can be read",
                    entry.name(), entry.dtype()));
  }
}
