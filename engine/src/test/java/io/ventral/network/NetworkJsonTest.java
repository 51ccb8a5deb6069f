package io.ventral.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ventral.error.ErrorKind;
import io.ventral.testing.Expect;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkJsonTest {
  private final NetworkJson json = new NetworkJson();

  @Test
  void aNetworkComesBackAsItWas() {
    Network network = Networks.everyLayer();
    assertEquals(network, json.read(json.write(network), "net.json"));
  }

  @Test
  void theNetworkOfThisTestHasEveryKindOfLayer() {
    Set<Class<?>> used =
        Networks.everyLayer().layers().stream()
            .map(layer -> layer.kind().getClass())
            .collect(Collectors.toSet());
    assertEquals(new HashSet<>(Arrays.asList(LayerKind.class.getPermittedSubclasses())), used);
  }

  @Test
  void layersAreWrittenByTheNamesOfTheirKinds() {
    String text = json.write(Networks.everyLayer());
    assertTrue(text.contains("\"type\" : \"conv2d\""), text);
    assertTrue(text.contains("\"kind\" : \"he_normal\""), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"layers\": 3}",
        "{\"name\":\"n\",\"layers\":[{\"name\":\"a\",\"kind\":{\"type\":\"warp\"},\"inputs\":[]}]}"
      })
  void whatIsNoNetworkIsAnErrorOfTheFile(String text) {
    Expect.error(ErrorKind.DATA, () -> json.read(text, "net.json"), "net.json: ");
  }

  @Test
  void aMissingAttributeIsNotZero() {
    refuse("\"epsilon\" : 0.001,", "", "epsilon");
    refuse("\"inputs\" : [ \"input\" ]", "\"inputs\" : null", "inputs");
  }

  @Test
  void anUnknownAttributeIsNotPassedOver() {
    refuse("\"epsilon\"", "\"sharpness\" : 3, \"epsilon\"", "sharpness");
  }

  @Test
  void aLayerThatReadsALaterOneIsNamed() {
    String text = json.write(Networks.everyLayer()).replaceFirst("\"input\"", "\"fc2\"");
    Expect.error(ErrorKind.DATA, () -> json.read(text, "net.json"), "net.json: ", "conv1", "fc2");
  }

  private void refuse(String part, String replacement, String named) {
    String text = json.write(Networks.everyLayer());
    assertTrue(text.contains(part), text);
    String changed = text.replace(part, replacement);
    Expect.error(ErrorKind.DATA, () -> json.read(changed, "net.json"), "net.json: ", named);
  }
}
