package dev.cloze.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a hub says of a repository.
 *
 * @param endpoint address of the hub
 * @param model whose repository it is
 * @param retries makes the attempts of one question
 */
record HubApi(URI endpoint, HubName model, HubClient client, HubRefusal refusal, Supplier<Retries> retries) {
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_PAGES = 1000;
    private static final int MOST_FILES = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Page(JsonNode json, HttpHeaders headers) {}

    /** The commit that the revision of the model is now. */
    String commit() {
        String sha = page(address("revision/" + encoded(model.revision())))
                .json()
                .path("sha")
                .asText();
        if (!HubName.isCommit(sha)) {
            throw unexpected("it names no commit");
        }
        return sha;
    }

    /** All files of that commit. */
    List<HubFile> files(String commit) {
        List<HubFile> files = new ArrayList<>();
        Optional<URI> address = Optional.of(address("tree/" + commit + "?recursive=True&expand=False"));
        for (int i = 0; address.isPresent(); i++) {
            Page page = page(address.get());
            if (!page.json().isArray() || i == MOST_PAGES || files.size() > MOST_FILES) {
                throw unexpected("it does not list the files");
            }
            page.json().forEach(entry -> file(entry).ifPresent(files::add));
            address = client.next(address.get(), page.headers());
        }
        return files;
    }

    /** Where the content of a file is. */
    URI content(String commit, HubFile file) {
        return URI.create(endpoint + "/" + model.repository() + "/resolve/" + commit + "/"
                + Arrays.stream(file.path().split("/")).map(HubApi::encoded).collect(Collectors.joining("/")));
    }

    /** Where large files are announced. */
    URI largeFiles() {
        return URI.create(endpoint + "/" + model.repository() + ".git/info/lfs/objects/batch");
    }

    /** Below what the hub knows of the model. */
    URI address(String rest) {
        return URI.create(endpoint + "/api/models/" + model.repository() + "/" + rest);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Optional<HubFile> file(JsonNode entry) {
        if (!entry.path("type").asText().equals("file")) {
            return Optional.empty();
        }
        String path = entry.path("path").asText();
        if (!HubFile.isSafe(path)) {
            throw refusal.model(
                    "it lists a file " + Subject.shown(path) + ", whose name leads to another place",
                    "do not use this repository: it was made to do harm");
        }
        JsonNode large = entry.path("lfs");
        JsonNode source = large.isObject() ? large : entry;
        JsonNode size = source.path("size");
        Optional<ContentDigest> digest = ContentDigest.of(source.path("oid").asText());
        if (!size.canConvertToLong() || size.asLong() < 0 || digest.isEmpty()) {
            throw unexpected("it does not say what size and digest " + Subject.shown(path) + " has");
        }
        return Optional.of(new HubFile(path, size.asLong(), digest.get()));
    }

    private Page page(URI address) {
        Retries attempts = retries.get();
        while (true) {
            try {
                return page(address, HubRequest.get(Map.of()));
            } catch (HubFailure e) {
                attempts.after(e);
            }
        }
    }

    /** The answer to one attempt; without a body, a missing node. */
    JsonNode answer(URI address, HubRequest request) throws HubFailure {
        return page(address, request).json();
    }

    private Page page(URI address, HubRequest request) throws HubFailure {
        try (HubClient.Answer answer = client.ask(address, request, "")) {
            byte[] bytes = answer.body().readNBytes(MOST_BYTES);
            return new Page(JSON.readTree(bytes), answer.headers());
        } catch (HubFailure e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw unexpected("it is not JSON");
        } catch (IOException e) {
            throw refusal.unreachable(String.valueOf(e), e);
        }
    }

    RuntimeException unexpected(String why) {
        return refusal.model(
                endpoint + " does not answer as a model hub: " + why,
                "check HF_ENDPOINT, and whether a proxy or a login page stands between this machine and the hub");
    }
}
