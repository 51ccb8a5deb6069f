package io.ventral.run;

import io.ventral.backend.Device;
import io.ventral.backend.Intake;
import io.ventral.graph.Input;
import io.ventral.op.Value;
import java.util.ArrayList;
import java.util.List;

/** The inputs of an executable on their way to its devices. */
final class Uploads {
  private final List<Intake> intakes = new ArrayList<>();
  private final List<Upload> uploads = new ArrayList<>();
  private final List<Step> arrivals = new ArrayList<>();

  Uploads(Executable executable, PlacedProgram program, List<Arenas> arenas) {
    for (int index = 0; index < arenas.size(); index++) {
      List<Input> inputs = MemoryUse.inputs(executable, index);
      if (!inputs.isEmpty()) {
        add(inputs, program, arenas.get(index));
      }
    }
  }

  private void add(List<Input> inputs, PlacedProgram program, Arenas arenas) {
    Device device = arenas.device();
    Intake intake =
        device.intake(
            inputs.stream().map(Input::value).map(program::region).toList(), arenas.waiting());
    intakes.add(intake);
    for (int number = 0; number < inputs.size(); number++) {
      Input input = inputs.get(number);
      Value value = input.value();
      uploads.add(
          new Upload(
              input.name(),
              intake,
              number,
              value.type(),
              input.shard().isPresent(),
              Results.first(value, input.shard())));
    }
    intake
        .arrival()
        .forEach(launch -> arrivals.add(new Step(device, launch, /* crosses= */ false)));
  }

  void send(Feeds feeds) {
    for (int i = 0; i < uploads.size(); i++) {
      uploads.get(i).from(feeds);
    }
    for (int i = 0; i < intakes.size(); i++) {
      intakes.get(i).send();
    }
  }

  /** Returns what a run begins with. */
  List<Step> arrivals() {
    return arrivals;
  }
}
