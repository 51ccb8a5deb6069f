package io.ventral.cli;

import io.ventral.data.Dataset;
import io.ventral.train.ImageResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The best classes of each image, printed together at the end. */
final class PredictOutput {
  private final Dataset images;
  private final ClassNames classes;
  private final int topK;
  private final List<Prediction> predictions = new ArrayList<>();

  /** What was seen in one image, the best first. */
  private record Prediction(String file, List<Seen> top) {}

  private record Seen(int index, double probability) {}

  PredictOutput(Dataset images, ClassNames classes, int topK) {
    this.images = images;
    this.classes = classes;
    this.topK = topK;
  }

  void add(ImageResult result) {
    List<Seen> top = new ArrayList<>();
    for (int index : BestClasses.of(result.probabilities(), topK)) {
      top.add(new Seen(index, result.probabilities()[index]));
    }
    predictions.add(new Prediction(images.name(result.item()), top));
  }

  void print(OutputFormat format) {
    switch (format) {
      case JSON ->
          System.out.println(
              JsonMapper.builder()
                  .build()
                  .writeValueAsString(predictions.stream().map(this::json).toList()));
      case TEXT -> predictions.forEach(this::printText);
      case CSV -> {
        System.out.println("file,rank,class,index,probability");
        predictions.forEach(this::printCsv);
      }
    }
  }

  private Map<String, Object> json(Prediction prediction) {
    List<Map<String, Object>> top = new ArrayList<>();
    for (Seen seen : prediction.top()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("class", classes.known() ? classes.of(seen.index()) : (Object) seen.index());
      fields.put("index", seen.index());
      fields.put("probability", seen.probability());
      top.add(fields);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", prediction.file());
    fields.put("top", top);
    return fields;
  }

  private void printText(Prediction prediction) {
    String top =
        prediction.top().stream()
            .map(
                seen ->
                    String.format(
                        Locale.ROOT, "%s %.4f", classes.of(seen.index()), seen.probability()))
            .collect(Collectors.joining(", "));
    System.out.println(prediction.file() + ": " + top);
  }

  private void printCsv(Prediction prediction) {
    for (int rank = 0; rank < prediction.top().size(); rank++) {
      Seen seen = prediction.top().get(rank);
      System.out.println(
          CsvRow.of(
              prediction.file(),
              rank + 1,
              classes.of(seen.index()),
              seen.index(),
              seen.probability()));
    }
  }
}
