package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ventral.error.EngineException;
import io.ventral.tensor.DType;
import io.ventral.tensor.Shape;
import io.ventral.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * oneDNN's engine and stream, and what is made with them: descriptors of memory and of primitives.
 * Everything lives as long as the arena. Numbers are those of oneDNN's headers.
 */
public final class Dnnl {
  /** Forward, with what the gradient will need. */
  public static final int FORWARD_TRAINING = 64;

  /** Forward, with nothing kept. */
  public static final int FORWARD_INFERENCE = 96;

  /** The gradient for data and parameters. */
  public static final int BACKWARD = 128;

  /** The sum of two operands. */
  public static final int ADD = 131056;

  private static final int ENGINE_CPU = 1;
  private static final int STREAM_DEFAULT = 1;
  private static final int SCRATCHPAD_USER = 1;
  private static final int TAG_ANY = 1;
  private static final int ELTWISE_RELU = 32;

  /** Data type of a summand: that of the result it lies in. */
  private static final int OF_THE_RESULT = 0;

  private final DnnlLibrary library;
  private final Arena arena;
  private final MemorySegment engine;
  private final MemorySegment stream;
  private final MemorySegment attributes;
  private final MemorySegment thenRelu;
  private final MemorySegment ontoResult;
  private final MemorySegment ontoResultThenRelu;

  /** Creates engine and stream, on the thread that will use them. */
  public Dnnl(DnnlLibrary library, Arena arena) {
    this.library = library;
    this.arena = arena;
    engine = created("dnnl_engine_create", ENGINE_CPU, 0L);
    stream = created("dnnl_stream_create", engine, STREAM_DEFAULT);
    attributes = attributes(false, false);
    thenRelu = attributes(false, true);
    ontoResult = attributes(true, false);
    ontoResultThenRelu = attributes(true, true);
  }

  private MemorySegment attributes(boolean sum, boolean relu) {
    MemorySegment made = created("dnnl_primitive_attr_create");
    library.call("dnnl_primitive_attr_set_scratchpad_mode", made, SCRATCHPAD_USER);
    MemorySegment operations = created("dnnl_post_ops_create");
    if (sum) {
      library.call("dnnl_post_ops_append_sum", operations, 1f, 0, OF_THE_RESULT);
    }
    if (relu) {
      library.call("dnnl_post_ops_append_eltwise", operations, ELTWISE_RELU, 0f, 0f);
    }
    library.call("dnnl_primitive_attr_set_post_ops", made, operations);
    return made;
  }

  /** Returns the functions. */
  public DnnlLibrary library() {
    return library;
  }

  /** Returns what everything made here lives as long as. */
  public Arena arena() {
    return arena;
  }

  /** Returns the engine: this processor. */
  public MemorySegment engine() {
    return engine;
  }

  /** Returns the one stream, in which primitives run one after the other. */
  public MemorySegment stream() {
    return stream;
  }

  /** Returns the object that {@code function} makes; it stores it at its first argument. */
  public MemorySegment created(String function, Object... arguments) {
    MemorySegment slot = arena.allocate(ADDRESS);
    Object[] all = new Object[arguments.length + 1];
    all[0] = slot;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    library.call(function, all);
    return slot.get(ADDRESS, 0);
  }

  /** Returns the memory descriptor of a value in the engine's memory order. */
  public MemorySegment descriptor(TensorType type) {
    Shape shape = type.shape();
    if (shape.rank() == 0) {
      return descriptor(type.dtype(), new long[] {1}, new long[] {1});
    }
    long[] dims = Arrays.stream(shape.extents()).asLongStream().toArray();
    return descriptor(type.dtype(), dims, shape.memoryStrides());
  }

  /** Returns the descriptor of memory with these extents and strides, in elements. */
  public MemorySegment descriptor(DType dtype, long[] dims, long[] strides) {
    return created(
        "dnnl_memory_desc_create_with_strides",
        dims.length,
        numbers(dims),
        code(dtype),
        numbers(strides));
  }

  /** Returns the descriptor of memory whose layout the primitive may choose. */
  public MemorySegment any(DType dtype, long... dims) {
    return created(
        "dnnl_memory_desc_create_with_tag", dims.length, numbers(dims), code(dtype), TAG_ANY);
  }

  /** Returns the bytes of memory with this descriptor. */
  public long bytes(MemorySegment descriptor) {
    return library.size("dnnl_memory_desc_get_size", descriptor);
  }

  /** Returns whether both descriptors are of one layout. */
  public boolean equal(MemorySegment one, MemorySegment other) {
    return library.status("dnnl_memory_desc_equal", one, other) != 0;
  }

  /** Returns an array of numbers in native memory. */
  public MemorySegment numbers(long... numbers) {
    return arena.allocateFrom(JAVA_LONG, numbers.length == 0 ? new long[1] : numbers);
  }

  /**
   * Returns the primitive descriptor that {@code function} makes for these arguments, the scratch
   * attribute added behind them.
   *
   * @throws EngineException UNSUPPORTED if oneDNN has no implementation
   */
  public PrimitiveDescriptor primitive(String function, Object... arguments) {
    return primitive(attributes, function, arguments);
  }

  /** Returns a descriptor like {@link #primitive} whose result is rectified if asked for. */
  public PrimitiveDescriptor primitiveThenRelu(boolean relu, String function, Object... arguments) {
    return primitive(relu ? thenRelu : attributes, function, arguments);
  }

  /**
   * Returns a primitive descriptor like {@link #primitive} that adds to what its result holds, and
   * rectifies the sum if asked for.
   */
  public PrimitiveDescriptor primitiveOntoResult(
      boolean relu, String function, Object... arguments) {
    return primitive(relu ? ontoResultThenRelu : ontoResult, function, arguments);
  }

  private PrimitiveDescriptor primitive(MemorySegment with, String function, Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = engine;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 1] = with;
    return new PrimitiveDescriptor(this, created(function, all));
  }

  /** Returns the descriptor of a sum of two values of one layout, rectified if asked for. */
  public PrimitiveDescriptor sum(MemorySegment data, boolean relu) {
    return primitiveThenRelu(relu, "dnnl_binary_primitive_desc_create", ADD, data, data, data);
  }

  /** Returns the descriptor of a copy from one layout to another. */
  public PrimitiveDescriptor reorder(MemorySegment from, MemorySegment to) {
    return reorder(from, to, attributes);
  }

  /** Returns a descriptor like {@link #reorder} that adds to what its result holds. */
  public PrimitiveDescriptor reorderOntoResult(MemorySegment from, MemorySegment to) {
    return reorder(from, to, ontoResult);
  }

  private PrimitiveDescriptor reorder(MemorySegment from, MemorySegment to, MemorySegment with) {
    return new PrimitiveDescriptor(
        this, created("dnnl_reorder_primitive_desc_create", from, engine, to, engine, with));
  }

  private static int code(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> 1;
      case BFLOAT16 -> 2;
      case FLOAT32 -> 3;
      case INT32 -> 4;
      case UINT8 -> 6;
      case FLOAT64, INT64, OPAQUE ->
          throw EngineException.unsupported("oneDNN computes nothing in " + dtype.shortName());
    };
  }
}
