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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models come from the hub complete and as they are there, or not at all, with a sentence that says why. */
class HubTest {
    private static final String COMMIT = "a".repeat(40);
    private static final String OLDER = "b".repeat(40);
    private static final String MODEL = "onnx/model.onnx";
    private static final byte[] WEIGHTS = weights(1);
    private static final String SECRET = "hf_secretsecretsecret";

    @TempDir
    Path home;

    private final FakeHub server = new FakeHub().with("org/model", COMMIT, files(WEIGHTS));
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> said = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private Duration body = Duration.ofMinutes(1);

    private static byte[] weights(int seed) {
        byte[] bytes = new byte[100_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Map<String, byte[]> files(byte[] weights) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put(MODEL, weights);
        files.put("onnx/model.onnx_data", weights(2));
        files.put("onnx/model_quantized.onnx", weights(3));
        files.put("model.safetensors", weights(4));
        files.put("config.json", bytes("{\"model_type\": \"convbert\"}"));
        files.put("tokenizer.json", bytes("{\"model\": {}}"));
        files.put("README.md", bytes("---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\nlicense: mit\n"));
        return files;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatAnImportNeedsIsFetchedAndNothingElse() throws IOException {
        Snapshot snapshot = fetch("hf:org/model");

        assertThat(snapshot.commit()).isEqualTo(COMMIT);
        assertThat(snapshot.licence()).contains("apache-2.0");
        assertThat(snapshot.graph()).contains(MODEL);
        assertThat(snapshot.directory()).isEqualTo(folder().resolve("snapshots/" + COMMIT));
        assertThat(listing(snapshot.directory()))
                .containsExactly("README.md", "config.json", MODEL, "onnx/model.onnx_data", "tokenizer.json");
        assertThat(snapshot.directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
        assertThat(said)
                .containsExactly("fetching hf:org/model (commit aaaaaaaaaaaa) from " + server.url() + " into "
                        + home.resolve("hub") + ": 4 files, 0.2 MB");
    }

    /** As huggingface_hub lays it out: docs of its cache, and its test_cache_layout.py. */
    @Test
    void theCacheHasTheLayoutOfThePythonClient() throws IOException {
        fetch("hf:org/model");

        assertThat(Files.readSymbolicLink(folder().resolve("snapshots/" + COMMIT + "/" + MODEL)))
                .isEqualTo(Path.of("../../../blobs/" + FakeHub.digest("SHA-256", WEIGHTS)));
        assertThat(Files.readSymbolicLink(folder().resolve("snapshots/" + COMMIT + "/config.json")))
                // `printf '{"model_type": "convbert"}' | git hash-object --stdin`
                .isEqualTo(Path.of("../../blobs/e395d1ec23b2a890fb8fee1fd32db716a4338c21"));
        assertThat(folder().resolve("refs/main")).hasContent(COMMIT);
        assertThat(listing(folder().resolve("blobs"))).hasSize(5).allMatch(name -> name.matches("[0-9a-f]{40,64}"));
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        fetch("hf:org/model");
        server.asked().clear();

        fetch("hf:org/model");

        assertThat(server.asked()).allMatch(asked -> asked.path().startsWith("/api/"));
        assertThat(said).hasSize(1);
    }

    @Test
    void aDamagedFileOfTheCacheIsFetchedAgain() throws IOException {
        Path file = fetch("hf:org/model").directory().resolve(MODEL).toRealPath();
        byte[] damaged = WEIGHTS.clone();
        damaged[7] ^= 1;
        Files.write(file, damaged);

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anotherRevisionIsAnotherSnapshotOfTheSameFolder() throws IOException {
        server.with("org/model", OLDER, files(weights(9)))
                .withRevision("org/model", "main", COMMIT)
                .withRevision("org/model", "refs/pr/1", OLDER);

        assertThat(fetch("hf:org/model@refs/pr/1").directory().resolve(MODEL)).hasBinaryContent(weights(9));
        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
        assertThat(folder().resolve("refs/refs/pr/1")).hasContent(OLDER);
        assertThat(fetch("hf:org/model@" + OLDER).commit()).isEqualTo(OLDER);
        assertThat(folder().resolve("refs/" + OLDER)).doesNotExist();
    }

    @Test
    void aVariantIsFetchedInPlaceOfThePlainExport() throws IOException {
        Snapshot snapshot = hub().fetch(HubName.parse("hf:org/model"), COMMIT, Optional.of("quantized"), said::add);

        assertThat(snapshot.graph()).contains("onnx/model_quantized.onnx");
        assertThat(listing(snapshot.directory()))
                .contains("onnx/model_quantized.onnx")
                .doesNotContain(MODEL);
    }

    @Test
    void aRepositoryThatWasRenamedIsFoundUnderItsOldName() {
        server.withRenamed("old/name", "org/model");

        assertThat(fetch("hf:old/name").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() throws IOException {
        server.onlyFor(SECRET);
        environment.put("HF_TOKEN", " " + SECRET + "\n");

        fetch("hf:org/model");

        assertThat(server.asked())
                .filteredOn(asked -> asked.place().equals("hub"))
                .allMatch(asked -> asked.authorization().equals(Optional.of("Bearer " + SECRET)));
        assertThat(server.asked())
                .filteredOn(asked -> asked.place().equals("store"))
                .hasSize(2)
                .allMatch(asked -> asked.authorization().isEmpty());
        assertThat(said).noneMatch(message -> message.contains(SECRET) || message.contains("Signature"));
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(SECRET));
        }
    }

    @Test
    void theTokenOfTheFileOfThePythonClientIsUsedUnlessThatIsForbidden() throws IOException {
        server.onlyFor(SECRET);
        Files.writeString(home.resolve("token"), SECRET + "\n");
        fetch("hf:org/model");
        environment.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");

        assertRefused("has no repository org/model, or keeps it private and no token was sent");
    }

    @Test
    void aTokenThatTheHubDoesNotAcceptIsNamedByItsPlace() {
        server.onlyFor(SECRET);
        environment.put("HF_TOKEN", "hf_another");

        assertRefused(server.url() + " does not accept the token in HF_TOKEN; make a new token at " + server.url()
                        + "/settings/tokens, or remove the old one")
                .hasMessageNotContaining("hf_another");
    }

    @Test
    void aTokenWithALineBreakInsideIsNotSentAndNotShown() {
        environment.put("HF_TOKEN", "hf_one\nX-Header: two");

        assertThatThrownBy(this::hub)
                .hasMessage(
                        "Cannot use the token in HF_TOKEN: it holds characters that no token has; put one token there,"
                                + " or none");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000, 99_999})
    void aBodyThatIsCutOffIsGoneOnWith(int bytes) {
        server.storeOnce(FakeHub.cutOffAfter(bytes));

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);

        assertThat(ranges()).containsExactly(Optional.empty(), Optional.of("bytes=" + bytes + "-"), Optional.empty());
        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void aFetchThatFailedIsGoneOnWithByTheNextOne() throws IOException {
        server.storeOnce(FakeHub.cutOffAfter(20_000), FakeHub.status(404));
        server.storeOnce(Stream.generate(() -> FakeHub.status(500)).limit(5).toArray(FakeHub.Misbehaviour[]::new));
        assertRefused("cannot be asked: 127.0.0.1 answers with status 500");
        assertThat(folder().resolve("refs/main")).doesNotExist();
        assertThat(folder().resolve("snapshots")).doesNotExist();
        server.asked().clear();

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);

        assertThat(ranges()).startsWith(Optional.of("bytes=20000-"));
        assertThat(listing(folder().resolve("blobs"))).noneMatch(name -> name.contains("incomplete"));
    }

    @Test
    void aServerThatDoesNotKnowRangesSendsTheFileAnew() {
        server.storeOnce(FakeHub.cutOffAfter(20_000), FakeHub.ignoringTheRange());

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aServerThatStopsSendingOrAlmostDoesIsNotWaitedForForEver() {
        body = Duration.ofSeconds(1);
        server.storeOnce(FakeHub.stallAfter(20_000), FakeHub.dripAfter(0));

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);

        assertThat(said).anyMatch(message -> message.contains("less than 1024 bytes came within"));
    }

    @Test
    void aBrokenOffFileOfSomethingElseIsForgotten() throws IOException {
        Path incomplete = folder().resolve("blobs/" + FakeHub.digest("SHA-256", WEIGHTS) + ".cloze.incomplete");
        Files.createDirectories(incomplete.getParent());
        Files.write(incomplete, new byte[500]);

        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void contentThatIsNotWhatTheHubAnnouncedIsNotKept() throws IOException {
        server.storeOnce(FakeHub.otherContent());

        assertRefused("what came as onnx/model.onnx is not what the hub announced");

        assertThat(listing(folder().resolve("blobs"))).noneMatch(name -> name.matches("[0-9a-f]{64}"));
        assertThat(fetch("hf:org/model").directory().resolve(MODEL)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aHubThatIsBusyIsAskedAgainAfterLongerAndLongerPauses() {
        server.once(
                FakeHub.status(500),
                FakeHub.status(502),
                FakeHub.status(503),
                FakeHub.status(504),
                FakeHub.status(408));

        fetch("hf:org/model");

        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 8L);
    }

    @Test
    void aHubThatStaysBusyIsLeftAlone() {
        server.once(Stream.generate(() -> FakeHub.status(503)).limit(6).toArray(FakeHub.Misbehaviour[]::new));

        assertThatThrownBy(() -> fetch("hf:org/model"))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.RESOURCES))
                .hasMessage("Cannot fetch model hf:org/model: " + server.url()
                        + " cannot be asked: 127.0.0.1 answers with status 503; run again later, import the model on"
                        + " another machine and copy the cache, or give a directory; HF_HUB_OFFLINE=1 uses what was fetched"
                        + " before");
    }

    @ParameterizedTest
    @CsvSource({"ratelimit, '\"api\";r=0;t=55', 55", "Retry-After, 7, 7", "X-Other, 1, 1"})
    void aHubThatCountsRequestsSaysWhenToComeAgain(String header, String value, long seconds) {
        server.once(FakeHub.status(429, header, value));

        fetch("hf:org/model");

        assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
    }

    @Test
    void aHubThatWantsToBeLeftAloneForHoursIsNotWaitedFor() {
        server.once(FakeHub.status(429, "Retry-After", "7200"));

        assertRefused("the hub takes no more requests for now (status 429)");
        assertThat(pauses).isEmpty();
    }

    @Test
    void aModelWhoseOwnersAskForConsentIsToBeAcceptedFirst() {
        server.gate("org/model");

        assertRefused(
                "the repository is gated: its owners give it to those who accepted their conditions, and no token was sent; accept the"
                        + " conditions at " + server.url() + "/org/model, and set HF_TOKEN to a token of that account");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> fetch("hf:org/nothing"))
                .hasMessage("Cannot fetch model hf:org/nothing: " + server.url()
                        + " has no repository org/nothing, or keeps it private and no token was sent; compare the name with"
                        + " the page of the model, or set HF_TOKEN to a token that gives access");
        assertThatThrownBy(() -> fetch("hf:org/model@v9"))
                .hasMessage(
                        "Cannot fetch model hf:org/model@v9: the repository has no revision v9; choose a branch, a tag"
                                + " or a commit of " + server.url() + "/org/model, or leave out what follows the @");
    }

    @Test
    void aRepositoryWithoutAnExportSaysWhatIsThere() {
        Map<String, byte[]> files = files(WEIGHTS);
        files.keySet().removeIf(name -> name.startsWith("onnx/"));
        server.with("org/model", COMMIT, files);

        assertRefused(
                "it has no ONNX export (model.onnx or onnx/model.onnx), and networks of the family \"convbert\" are not"
                        + " built from weights (model.safetensors)");
        assertThat(server.asked()).noneMatch(asked -> asked.path().contains("safetensors"));
    }

    @Test
    void aRepositoryWithoutAConfigurationSaysSo() {
        Map<String, byte[]> files = files(WEIGHTS);
        files.remove("config.json");
        server.with("org/model", COMMIT, files);

        assertRefused("it has no config.json; choose a repository of a model of transformers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../evil", "/etc/evil", "onnx/../../evil", "a\\..\\evil", "a//b", "C:evil", "a/./b", "nl\n"})
    void aFileWhoseNameLeadsElsewhereIsRefused(String path) {
        Map<String, byte[]> files = files(WEIGHTS);
        files.put(path, bytes("evil"));
        server.with("org/model", COMMIT, files);

        assertRefused("whose name leads to another place; do not use this repository");
    }

    @Test
    void aPageInPlaceOfTheHubIsNamed() {
        server.once((exchange, content) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes("<html>Please log in</html>"));
            return true;
        });

        assertRefused(
                "does not answer as a model hub: it is not JSON; check HF_ENDPOINT, and whether a proxy or a login"
                        + " page stands between");
    }

    @Test
    void redirectionsWithoutEndEnd() {
        server.withRenamed("org/circle", "org/circle");

        assertThatThrownBy(() -> fetch("hf:org/circle"))
                .hasMessageContaining("the hub sends us from one address to the next without end");
    }

    @Test
    void nobodyAtTheAddressIsSaid() {
        environment.put("HF_ENDPOINT", "http://127.0.0.1:1");

        assertThatThrownBy(() -> fetch("hf:org/model"))
                .hasMessageStartingWith(
                        "Cannot fetch model hf:org/model: http://127.0.0.1:1 cannot be asked: the connection with 127.0.0.1 failed");
        assertThat(pauses).hasSize(5);
    }

    @Test
    void offlineTheCacheIsUsedAndNobodyIsAsked() throws IOException {
        Snapshot online = fetch("hf:org/model");
        server.asked().clear();
        environment.put("HF_HUB_OFFLINE", "yes");

        assertThat(fetch("hf:org/model")).isEqualTo(online);
        assertThat(fetch("hf:org/model@" + COMMIT)).isEqualTo(online);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void offlineOneSentenceSaysWhatIsMissing() throws IOException {
        environment.put("TRANSFORMERS_OFFLINE", "1");
        assertRefused("the hub may not be asked (TRANSFORMERS_OFFLINE) and the cache " + home.resolve("hub")
                + " has no commit of revision main; unset that variable once, or copy the model's folder into "
                + home.resolve("hub"));
        environment.remove("TRANSFORMERS_OFFLINE");
        Path file = fetch("hf:org/model").directory().resolve(MODEL).toRealPath();
        Files.write(file, new byte[10]);
        environment.put("HF_HUB_OFFLINE", "1");

        assertRefused("the content of onnx/model.onnx in the cache " + home.resolve("hub") + " is damaged");
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(home.resolve("hub"), "a file");

        assertThatThrownBy(() -> fetch("hf:org/model"))
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.RESOURCES))
                .hasMessageStartingWith("Cannot fetch model hf:org/model into " + home.resolve("hub") + ": ")
                .hasMessageEndingWith("; make room there, or choose another place with HF_HUB_CACHE");
    }

    private AbstractThrowableAssert<?, ?> assertRefused(String message) {
        return assertThatThrownBy(() -> fetch("hf:org/model"))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining(message);
    }

    private Snapshot fetch(String model) {
        HubName name = HubName.parse(model);
        return hub().fetch(name, hub().commit(name, said::add), Optional.empty(), said::add);
    }

    private Hub hub() {
        environment.putIfAbsent("HF_ENDPOINT", server.url() + "/");
        environment.put("HF_HOME", home.toString());
        Patience patience = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), body, pauses::add);
        return new Hub(HubSettings.of(environment, home), patience);
    }

    private List<Optional<String>> ranges() {
        return server.asked().stream()
                .filter(asked -> asked.place().equals("store"))
                .map(FakeHub.Asked::range)
                .toList();
    }

    private Path folder() {
        return home.resolve("hub/models--org--model");
    }

    private static List<String> listing(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
