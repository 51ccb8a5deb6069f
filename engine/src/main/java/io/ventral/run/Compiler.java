package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.graph.Graph;
import io.ventral.place.CollectiveLowering;
import io.ventral.place.Placer;
import io.ventral.plan.BufferPlan;
import io.ventral.plan.BufferPlanner;
import io.ventral.plan.Schedule;
import io.ventral.plan.Scheduled;
import io.ventral.rewrite.Rewrites;
import java.util.List;

/** From a graph to an executable: place, lower, rewrite, schedule, bind, plan. */
public final class Compiler {
  private final List<Device> devices;
  private final boolean plain;

  public Compiler(List<Device> devices) {
    this(devices, false);
  }

  private Compiler(List<Device> devices, boolean plain) {
    this.devices = List.copyOf(devices);
    this.plain = plain;
  }

  /**
   * Returns a compiler that rewrites nothing, computes everything in every run and gives every
   * value memory of its own: what fusions, prologue and planner are held against.
   */
  public static Compiler plain(List<Device> devices) {
    return new Compiler(devices, true);
  }

  /**
   * Returns the executable for {@code graph}, a program for one device, spread over all devices.
   *
   * @throws io.ventral.error.EngineException UNSUPPORTED if a device cannot compute some operation
   */
  public Executable compile(Graph graph) {
    Graph placed = CollectiveLowering.lower(Placer.place(graph, devices.size()));
    Scheduled scheduled =
        plain ? Schedule.order(placed) : Schedule.withPrologue(Rewrites.apply(placed));
    Bindings bindings = new Bindings(scheduled, devices);
    BufferPlan plan = BufferPlanner.plan(scheduled, bindings, !plain);
    return new Executable(plan, bindings);
  }
}
