package io.ventral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.check.ParityReport;
import io.ventral.check.ParityRow;
import io.ventral.check.ParityRow.Direction;
import io.ventral.check.ParityRow.Verdict;
import io.ventral.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
  @Test
  void oneOperationInEveryFormat() {
    CliRun run = CliRun.of("doctor", "--device", "reference", "--op", "matmul");
    assertEquals(0, run.exitCode(), run.err());
    for (String format : List.of("f64", "f32", "bf16", "f16")) {
      assertTrue(run.out().contains("\n" + format + " "), run.out());
    }
    assertTrue(run.out().contains("reference:0 agrees with the reference: "), run.out());
    assertFalse(run.out().contains("5x7x3"), "cases only with -v");
  }

  @Test
  void everyCaseOnRequest() {
    CliRun run =
        CliRun.of("doctor", "--device", "reference", "--op", "Relu", "--dtype", "float32", "-v");
    assertTrue(run.out().contains("f32 forward Relu [2,3,4,5]: ok"), run.out());
    assertTrue(run.out().contains("f32 backward ReluGrad of Relu [2,3,4,5]: ok"), run.out());
  }

  @Test
  void jsonHoldsEveryKernel() {
    CliRun run =
        CliRun.of(
            "doctor",
            "--device",
            "reference",
            "--op",
            "MaxPoolGrad",
            "--dtype",
            "float32,bfloat16",
            "--format",
            "json");
    JsonNode result = JsonMapper.builder().build().readTree(run.out());
    assertTrue(result.get("ok").asBoolean());
    assertEquals(4, result.get("operations").size(), "two operations in two formats");
    JsonNode kernel = result.get("kernels").get(1);
    assertEquals("MaxPoolGrad", kernel.get("op").asString());
    assertEquals("backward", kernel.get("direction").asString());
    assertEquals("ok", kernel.get("verdict").asString());
  }

  @Test
  void csvHasARowAKernel() {
    CliRun run =
        CliRun.of(
            "doctor",
            "--device",
            "reference",
            "--op",
            "Add",
            "--dtype",
            "float32",
            "--format",
            "csv");
    assertEquals(
        "device,case,op,dtype,direction,error,verdict,reason",
        run.out().lines().toList().getFirst());
    assertTrue(run.out().contains("reference:0,Add [13],Add,float32,forward,"), run.out());
  }

  @Test
  void unknownNames() {
    CliRun op = CliRun.of("doctor", "--op", "Conv2");
    assertEquals(2, op.exitCode());
    assertTrue(op.err().contains("did you mean Conv2d?"), op.err());
    CliRun dtype = CliRun.of("doctor", "--dtype", "bfloat");
    assertEquals(2, dtype.exitCode());
    assertTrue(dtype.err().contains("did you mean bfloat16?"), dtype.err());
    assertEquals(2, CliRun.of("doctor", "--op", "Quux").exitCode());
  }

  @Test
  void aDeviceThatIsNotThere() {
    assertEquals(5, CliRun.of("doctor", "--device", "cuda:9").exitCode());
  }

  @Test
  void failuresInFullAndFormatsThatAreNotSupported() {
    ParityReport report =
        new ParityReport(
            List.of(
                row(DType.FLOAT32, Verdict.OK, ""),
                row(DType.FLOAT32, Verdict.FAILED, "output 0[3] of 8 is 1.0"),
                row(DType.FLOAT16, Verdict.UNSUPPORTED, "no half here")));
    DoctorOutput output = new DoctorOutput("cpu:0", report, List.of());
    String out =
        CliRun.of(
                () -> {
                  output.text(false);
                  return 0;
                })
            .out();
    assertTrue(out.contains("1 failed"), out);
    assertTrue(out.contains("f32 forward Relu [8]: failed: output 0[3] of 8 is 1.0"), out);
    assertTrue(out.contains("not supported: no half here"), out);
    assertTrue(out.contains("cpu:0 fails: 1 kernels ok, 1 failed, 1 not supported"), out);
  }

  private static ParityRow row(DType dtype, Verdict verdict, String reason) {
    return new ParityRow("Relu [8]", "Relu", dtype, Direction.FORWARD, 0.5, verdict, reason);
  }
}
