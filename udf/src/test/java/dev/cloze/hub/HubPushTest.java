package dev.cloze.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory reaches the hub complete, in one commit, or not at all, with a sentence that says why. */
class HubPushTest {
    private static final String COMMIT = "a".repeat(40);
    private static final String SECRET = "hf_secretsecretsecret";
    private static final byte[] WEIGHTS = weights();

    @TempDir
    Path home;

    private final FakeHub server = new FakeHub().with("org/model", COMMIT, Map.of("README.md", bytes("old")));
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> said = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private Path directory;

    private static byte[] weights() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @BeforeEach
    void writeTheModel() throws IOException {
        environment.put("HF_TOKEN", SECRET);
        server.onlyFor(SECRET);
        directory = Files.createDirectories(home.resolve("model/onnx")).getParent();
        Files.write(directory.resolve("model.safetensors"), WEIGHTS);
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"convbert\"}");
        Files.writeString(directory.resolve("README.md"), "new");
        Files.write(directory.resolve("onnx/model.onnx"), WEIGHTS);
        Files.writeString(directory.resolve("empty.txt"), "");
        Files.writeString(directory.resolve(".env"), SECRET);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatWasPushedIsFetchedAgainAsItWas() throws IOException {
        String address = push("hf:org/model");

        String commit = hub().commit(HubName.parse("hf:org/model"), said::add);
        assertThat(address).isEqualTo(server.url() + "/org/model/tree/" + commit);
        assertThat(server.files("org/model", "main").keySet())
                .containsExactly("README.md", "config.json", "empty.txt", "model.safetensors", "onnx/model.onnx");
        server.files("org/model", "main")
                .forEach((path, content) -> assertThat(directory.resolve(path)).hasBinaryContent(content));
        Snapshot snapshot = hub().fetch(HubName.parse("hf:org/model"), commit, Optional.empty(), said::add);
        assertThat(snapshot.directory().resolve("onnx/model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(said.get(0)).isEqualTo("pushing 5 files, 0.2 MB, to " + server.url() + "/org/model");
    }

    @Test
    void whatTheHubHasIsNotSentAgain() throws IOException {
        String first = push("hf:org/model");
        server.asked().clear();

        assertThat(push("hf:org/model")).isEqualTo(first);
        assertThat(server.asked()).allMatch(asked -> asked.path().startsWith("/api/models/org/model/"));

        Files.writeString(directory.resolve("README.md"), "newer");
        assertThat(push("hf:org/model")).isNotEqualTo(first);
        assertThat(said).contains("pushing 1 file, 0.0 MB, to " + server.url() + "/org/model");
        assertThat(places()).doesNotContain("store");
    }

    @Test
    void largeFilesAreSentInPartsWhereTheHubWantsThat() {
        server.withParts(30_000);

        push("hf:org/model");

        assertThat(server.files("org/model", "main").get("model.safetensors")).isEqualTo(WEIGHTS);
        assertThat(places()).filteredOn(place -> place.equals("store")).hasSize(4);
    }

    @Test
    void aHubThatWantsPartsWithoutEndIsRefused() {
        server.withParts(1);

        assertThatThrownBy(() -> push("hf:org/model"))
                .hasMessageContaining("it wants the file model.safetensors in parts of 1 bytes");
        assertThat(places()).filteredOn(place -> place.equals("store")).isEmpty();
    }

    @Test
    void aRepositoryIsMadeWhenThatIsWanted() {
        assertThatThrownBy(() -> push("hf:org/new"))
                .hasMessage("Cannot push to hf:org/new: " + server.url()
                        + " has no repository org/new, or keeps it private and the token in HF_TOKEN gives no access; compare"
                        + " the name with the page of the model, or set HF_TOKEN to a token that gives access");

        push("hf:org/new", Optional.of(NewRepository.PRIVATE));
        push("hf:org/new", Optional.of(NewRepository.PRIVATE));

        assertThat(server.files("org/new", "main")).containsKey("config.json");
        assertThat(server.files("org/new", "main").get(".gitattributes")).isEqualTo(bytes("private"));
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        server.withParts(60_000);

        push("hf:org/model");

        assertThat(server.asked()).allSatisfy(asked -> assertThat(asked.authorization())
                .isEqualTo(asked.place().equals("hub") ? Optional.of("Bearer " + SECRET) : Optional.empty()));
        assertThat(said).noneMatch(message -> message.contains(SECRET) || message.contains("Signature"));
    }

    @Test
    void withoutATokenNobodyIsAsked() {
        environment.clear();

        assertRefused(
                "there is no token, and nobody may write to a repository without one; set HF_TOKEN to a token with"
                        + " the right to write, or log in with `hf auth login`");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aTokenThatTheHubDoesNotAcceptIsNamedByItsPlace() {
        environment.put("HF_TOKEN", "hf_another");

        assertRefused(server.url() + " does not accept the token in HF_TOKEN; make a new token at " + server.url()
                        + "/settings/tokens, or remove the old one")
                .hasMessageNotContaining("hf_another");
    }

    @Test
    void aTokenThatMayOnlyReadIsSaid() {
        server.once(FakeHub.status(403));

        assertRefused(
                "the hub answers with status 403; use a token with the right to write to this repository (HF_TOKEN)");
        assertThat(server.files("org/model", "main")).containsOnlyKeys("README.md");
    }

    @Test
    void aHubThatIsBusyIsAskedAgainAndThenLeftAlone() {
        server.once(FakeHub.status(429, "Retry-After", "7"), FakeHub.status(503));
        push("hf:org/model");
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(7L, 2L);

        server.once(FakeHub.status(429, "Retry-After", "7200"));
        assertRefused(
                server.url() + " cannot be asked: the hub takes no more requests for now (status 429); run the same"
                        + " command again: what the hub has already is not sent again");
    }

    @Test
    void aFileThatWasCutOffIsSentAnew() {
        server.storeOnce(
                (exchange, content) -> {
                    exchange.getRequestBody().readNBytes(1_000);
                    throw new IOException("cut off");
                },
                FakeHub.status(403),
                FakeHub.status(500));

        push("hf:org/model");

        assertThat(server.files("org/model", "main").get("model.safetensors")).isEqualTo(WEIGHTS);
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L);
    }

    @Test
    void aStoreThatTakesNothingLeavesTheRepositoryAsItWas() {
        server.storeOnce(Stream.generate(() -> FakeHub.status(500)).limit(6).toArray(FakeHub.Misbehaviour[]::new));

        assertRefused("cannot be asked: 127.0.0.1 answers with status 500");
        assertThat(server.files("org/model", "main")).containsOnlyKeys("README.md");
    }

    @Test
    void aCommitBehindAnotherOneIsMadeAnew() throws IOException {
        // The head, its files, how to send what is missing, and the two large files, which are equal: the second is
        // there.
        server.once(passes(), passes(), passes(), passes(), passes(), passes(), (exchange, content) -> {
            server.with("org/model", "b".repeat(40), Map.of("other.txt", bytes("other")));
            return false;
        });

        push("hf:org/model");

        assertThat(server.files("org/model", "main")).containsKeys("other.txt", "config.json");
        assertThat(pauses).hasSize(1);
    }

    @Test
    void aPageInPlaceOfTheHubIsNamed() {
        server.once((exchange, content) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes("<html>Please log in</html>"));
            return true;
        });

        assertRefused("does not answer as a model hub: it is not JSON");
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        Files.delete(directory.resolve("config.json"));
        assertRefused(
                directory + " has no config.json; name a directory that `cloze model export` wrote, or another one"
                        + " with a model");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Files.createSymbolicLink(directory.resolve("linked.txt"), home.resolve("elsewhere"));

        assertRefused(directory + "/linked.txt is a link or no plain file, or has a name that a repository cannot have;"
                + " put a copy there, or move it away");
    }

    @Test
    void aCommitAndAHubThatMayNotBeAskedAreRefused() {
        assertThatThrownBy(() -> push("hf:org/model@" + COMMIT))
                .hasMessage("Cannot push to hf:org/model@" + COMMIT
                        + ": a commit never changes; name a branch, or leave out what follows the @");
        environment.put("HF_HUB_OFFLINE", "1");
        assertRefused("the hub may not be asked (HF_HUB_OFFLINE); unset that variable");
        assertThat(server.asked()).isEmpty();
    }

    private static FakeHub.Misbehaviour passes() {
        return (exchange, content) -> false;
    }

    private List<String> places() {
        return server.asked().stream().map(FakeHub.Asked::place).toList();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String sentence) {
        return assertThatThrownBy(() -> push("hf:org/model"))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot push to hf:org/model: ")
                .hasMessageContaining(sentence)
                .hasMessageNotContaining(SECRET);
    }

    private String push(String name) {
        return push(name, Optional.empty());
    }

    private String push(String name, Optional<NewRepository> created) {
        return hub().push(HubName.parse(name), directory, created, "A message", said::add);
    }

    private Hub hub() {
        environment.put("HF_ENDPOINT", server.url());
        environment.put("HF_HOME", home.resolve("hf").toString());
        return new Hub(
                HubSettings.of(environment, home),
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(1), pauses::add));
    }
}
