package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.graph.Graph;
import io.ventral.place.CollectiveLowering;
import io.ventral.place.Placer;
import io.ventral.plan.BufferPlan;
import io.ventral.plan.BufferPlanner;
import io.ventral.plan.Schedule;
import io.ventral.plan.Scheduled;
import io.ventral.rewrite.DeviceTraits;
import io.ventral.rewrite.MixedPrecision;
import io.ventral.rewrite.Rewrites;
import io.ventral.tensor.Precision;
import java.util.List;
import java.util.Optional;

/** From a graph to an executable: choose formats, place, lower, rewrite, schedule, bind, plan. */
public final class Compiler {
  private final List<Device> devices;
  private final Optional<MixedPrecision> formats;
  private final boolean plain;

  /** Returns a compiler that leaves every value in its format. */
  public Compiler(List<Device> devices) {
    this(devices, Optional.empty(), false);
  }

  /** Returns a compiler for programs whose values are stored and computed in these formats. */
  public Compiler(List<Device> devices, Precision precision) {
    this(devices, formats(precision), false);
  }

  private Compiler(List<Device> devices, Optional<MixedPrecision> formats, boolean plain) {
    this.devices = List.copyOf(devices);
    this.formats = formats;
    this.plain = plain;
  }

  private static Optional<MixedPrecision> formats(Precision precision) {
    return precision.isMixed()
        ? Optional.of(new MixedPrecision(precision.computed()))
        : Optional.empty();
  }

  /**
   * Returns a compiler that rewrites nothing, computes everything in every run and gives every
   * value memory of its own: what fusions, prologue and planner are held against.
   */
  public static Compiler plain(List<Device> devices) {
    return new Compiler(devices, Optional.empty(), true);
  }

  /**
   * Returns the executable for {@code graph}, a program for one device, spread over all devices.
   *
   * @throws io.ventral.error.EngineException UNSUPPORTED if a device cannot compute some operation
   */
  public Executable compile(Graph graph) {
    Graph formatted = formats.map(rule -> rule.apply(graph)).orElse(graph);
    Graph placed = CollectiveLowering.lower(Placer.place(formatted, devices.size()));
    Scheduled scheduled =
        plain ? Schedule.order(placed) : Schedule.withPrologue(Rewrites.apply(placed, traits()));
    Bindings bindings = new Bindings(scheduled, devices);
    BufferPlan plan = BufferPlanner.plan(scheduled, bindings, !plain);
    return new Executable(plan, bindings);
  }

  private List<DeviceTraits> traits() {
    return devices.stream().map(Device::traits).toList();
  }
}
