package dev.cloze.job.cluster;

import dev.cloze.job.testing.BackgroundRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The lines of a Dockerfile, each as its words. */
record Dockerfile(List<String[]> lines) {
    /** What is copied where. */
    record Copy(String from, String to) {}

    static Dockerfile ofCloze() throws IOException {
        Path file = BackgroundRun.HOME.resolve("conf/kubernetes/Dockerfile");
        return new Dockerfile(Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" "))
                .toList());
    }

    /** Values of arguments by their names. */
    Map<String, String> arguments() {
        return values("ARG");
    }

    /** Values of variables of the environment by their names. */
    Map<String, String> variables() {
        return values("ENV");
    }

    private Map<String, String> values(String instruction) {
        Map<String, String> values = new TreeMap<>();
        for (String[] line : lines) {
            if (line[0].equals(instruction) && line[1].contains("=")) {
                String[] parts = line[1].split("=", 2);
                values.put(parts[0], parts[1]);
            }
        }
        return values;
    }

    /** Images that stages begin with. */
    List<String> images() {
        return lines.stream()
                .filter(line -> line[0].equals("FROM"))
                .map(line -> filled(line[1]))
                .toList();
    }

    /** What comes from the repository. */
    List<Copy> sources() {
        return lines.stream()
                .filter(line -> line[0].equals("COPY") && line.length == 3)
                .map(line -> new Copy(filled(line[1]), filled(line[2])))
                .toList();
    }

    /** What the first stage made. */
    List<Copy> products() {
        return lines.stream()
                .filter(line -> line[0].equals("COPY") && line[1].equals("--from=build"))
                .map(line -> new Copy(filled(line[2]), filled(line[3])))
                .toList();
    }

    /** Where a product is in the image. */
    String placeOf(String product) {
        return products().stream()
                .filter(copy -> copy.from().endsWith("/" + product))
                .map(Copy::to)
                .findFirst()
                .orElseThrow();
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> argument : arguments().entrySet()) {
            filled = filled.replace("${" + argument.getKey() + "}", argument.getValue());
        }
        return filled;
    }
}
