package dev.cloze.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Candidate;
import dev.cloze.scoring.CausalCrossEntropy;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Surprisal;
import dev.cloze.scoring.Targets;
import dev.cloze.text.Document;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints of every family whose graphs are built here, and what transformers answers with them: {@code src/test/python/checkpoints.py}. The
 * directory that {@code -Dcloze.checkpoints} names holds more of them.
 */
class CheckpointFamiliesTest {
    private static final double TOLERANCE = 1e-5;
    /** Of a log-likelihood, in nats. */
    private static final double TOLERANCE_NLL = 1e-4;

    @TempDir
    Path target;

    static Stream<Path> checkpoints() throws Exception {
        String more = System.getProperty("cloze.checkpoints", "");
        Path root = more.isEmpty() ? resources() : Path.of(more);
        try (Stream<Path> cases = Files.list(root)) {
            return cases.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aCheckpointAnswersLikeTransformers(Path checkpoint) throws Exception {
        Bundle bundle = HuggingFaceExport.write(checkpoint, "tiny", target);
        JsonNode expected =
                new ObjectMapper().readTree(checkpoint.resolve("expected.json").toFile());

        if (bundle.manifest().kind() == Manifest.Kind.MASKED) {
            assertFills(bundle, expected.path("prompts"));
        } else {
            assertContinues(bundle, expected.path("texts"));
        }
    }

    private static void assertFills(Bundle bundle, JsonNode prompts) {
        FillMask task =
                new FillMask(5, Targets.any(), LongTexts.FAIL, bundle.manifest().cleanUp());
        try (LanguageModel model = LanguageModel.open(bundle, Head.MASKED_LM)) {
            List<List<FilledMask>> together = answers(model, task, prompts);
            for (int p = 0; p < prompts.size(); p++) {
                assertSame(together.get(p), prompts.get(p).path("masks"));
                JsonNode alone = new ObjectMapper().createArrayNode().add(prompts.get(p));
                assertSame(answers(model, task, alone).get(0), prompts.get(p).path("masks"));
            }
        }
    }

    private static void assertSame(List<FilledMask> found, JsonNode masks) {
        assertThat(found).hasSize(masks.size());
        for (int m = 0; m < masks.size(); m++) {
            for (int c = 0; c < masks.get(m).size(); c++) {
                Candidate candidate = found.get(m).candidates().get(c);
                JsonNode wanted = masks.get(m).get(c);
                assertThat(candidate.score()).isCloseTo(wanted.path("score").asDouble(), within(TOLERANCE));
                if (isApart(masks.get(m), c)) {
                    assertThat(candidate.token()).hasValue(wanted.path("token").asInt());
                    assertThat(candidate.sequence())
                            .isEqualTo(wanted.path("sequence").asText());
                }
            }
        }
    }

    /** Whether rounding cannot swap a candidate with one beside it. */
    private static boolean isApart(JsonNode candidates, int index) {
        double score = candidates.get(index).path("score").asDouble();
        boolean above = index == 0 || candidates.get(index - 1).path("score").asDouble() > score * 1.001;
        return above
                && (index + 1 < candidates.size()
                        && candidates.get(index + 1).path("score").asDouble() < score / 1.001);
    }

    private static void assertContinues(Bundle bundle, JsonNode texts) {
        CausalCrossEntropy task = new CausalCrossEntropy(CausalCrossEntropy.Start.NONE, LongTexts.FAIL);
        try (LanguageModel model = LanguageModel.open(bundle, Head.CAUSAL_LM)) {
            List<DocumentScore> together = answers(model, task, texts);
            for (int t = 0; t < texts.size(); t++) {
                assertSame(together.get(t), texts.get(t).path("nlls"));
                JsonNode alone = new ObjectMapper().createArrayNode().add(texts.get(t));
                assertSame(answers(model, task, alone).get(0), texts.get(t).path("nlls"));
            }
        }
    }

    private static void assertSame(DocumentScore score, JsonNode nlls) {
        List<Surprisal> surprisals = score.surprisals();
        // The first token has no left side.
        assertThat(surprisals).hasSize(nlls.size() - 1);
        for (int i = 1; i < nlls.size(); i++) {
            assertThat(surprisals.get(i - 1).nll()).isCloseTo(nlls.get(i).asDouble(), within(TOLERANCE_NLL));
        }
    }

    /** All documents in one batch. */
    private static <T, R> List<R> answers(LanguageModel model, ScoringTask<R> task, JsonNode cases) {
        List<Document> documents = new ArrayList<>();
        cases.forEach(each -> documents.add(
                Document.of(each.path("text").asText(), each.path("text").asText())));
        List<R> answers = new ArrayList<>();
        new Scorer<>(model, task, 512)
                .score(documents.iterator())
                .forEachRemaining(
                        (Outcome<R> outcome) -> answers.add(outcome.value().orElseThrow()));
        return answers;
    }

    private static Path resources() throws URISyntaxException {
        return Path.of(CheckpointFamiliesTest.class
                .getResource("/dev/cloze/checkpoints")
                .toURI());
    }
}
