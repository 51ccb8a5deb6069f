package io.ventral.backend.onednn.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** A primitive as oneDNN would compute it: layouts, scratch, implementation. */
public record PrimitiveDescriptor(Dnnl dnnl, MemorySegment handle) {
  private static final int QUERY_OWN_MEMORY = 6;
  private static final int QUERY_IMPLEMENTATION = 8;
  private static final int QUERY_DIFF_SRC = 130;
  private static final int QUERY_WEIGHTS = 131;
  private static final int QUERY_DIFF_WEIGHTS = 132;
  private static final int QUERY_DIFF_DST = 134;
  private static final int QUERY_WORKSPACE = 135;
  private static final int QUERY_SCRATCHPAD = 136;
  private static final int LONGEST_NAME = 256;
  private static final int LAST_IMPLEMENTATION_REACHED = 4;

  /** Returns the layout of the filter or matrix that the primitive reads. */
  public MemorySegment weights() {
    return layout(QUERY_WEIGHTS);
  }

  /** Returns the layout of the gradient of its filter. */
  public MemorySegment diffWeights() {
    return layout(QUERY_DIFF_WEIGHTS);
  }

  /** Returns the layout of the gradient of its input. */
  public MemorySegment diffSrc() {
    return layout(QUERY_DIFF_SRC);
  }

  /** Returns the layout of the gradient of its result. */
  public MemorySegment diffDst() {
    return layout(QUERY_DIFF_DST);
  }

  /** Returns the layout of what the forward primitive keeps for the gradient. */
  public MemorySegment workspace() {
    return layout(QUERY_WORKSPACE);
  }

  /** Returns the layout of the scratch it needs while it runs. */
  public MemorySegment scratchpad() {
    return layout(QUERY_SCRATCHPAD);
  }

  private MemorySegment layout(int query) {
    return dnnl.library().pointer("dnnl_primitive_desc_query_md", handle, query, 0);
  }

  /** Returns oneDNN's name of the implementation, such as {@code brgconv:avx512_core}. */
  @SuppressWarnings("restricted")
  public String implementation() {
    MemorySegment slot = dnnl.arena().allocate(ADDRESS);
    dnnl.library().call("dnnl_primitive_desc_query", handle, QUERY_IMPLEMENTATION, 0, slot);
    return slot.get(ADDRESS, 0).reinterpret(LONGEST_NAME).getString(0);
  }

  /** Returns the bytes of scratch that the primitive would take by itself, outside the plan. */
  public long ownMemory() {
    MemorySegment slot = dnnl.arena().allocate(JAVA_LONG);
    dnnl.library().call("dnnl_primitive_desc_query", handle, QUERY_OWN_MEMORY, 0, slot);
    return slot.get(JAVA_LONG, 0);
  }

  /**
   * Returns whether there is an implementation whose name begins so, which this then describes,
   * however far down oneDNN ranks it. Where there is none, this describes nothing of use any more.
   */
  public boolean turnsInto(String implementation) {
    while (!implementation().startsWith(implementation)) {
      if (!dnnl.library()
          .callUnless(LAST_IMPLEMENTATION_REACHED, "dnnl_primitive_desc_next_impl", handle)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether oneDNN has nothing better than its own slow reference loop. */
  public boolean isSlow() {
    return implementation().startsWith("ref");
  }

  /** Returns the primitive, compiled. */
  public MemorySegment create() {
    return dnnl.created("dnnl_primitive_create", handle);
  }
}
