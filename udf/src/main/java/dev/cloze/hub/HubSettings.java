package dev.cloze.hub;

import dev.cloze.failure.ClozeException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the environment says of the hub, in the variables of {@code huggingface_hub}.
 *
 * @param endpoint address of the hub, without a slash at its end ({@code HF_ENDPOINT})
 * @param cache directory of all its models ({@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME})
 * @param token of whoever asks ({@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_DISABLE_IMPLICIT_TOKEN})
 * @param offline the variable that forbids to ask the hub, when one does ({@code HF_HUB_OFFLINE}, {@code TRANSFORMERS_OFFLINE})
 */
record HubSettings(URI endpoint, Path cache, Optional<HubToken> token, Optional<String> offline) {
    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /**
     * Of these variables.
     *
     * @param home directory of the user
     */
    static HubSettings of(Map<String, String> environment, Path home) {
        Environment variables = new Environment(environment, home);
        Path hub = variables.path("HF_HOME").orElseGet(() -> variables
                .path("XDG_CACHE_HOME")
                .orElse(home.resolve(".cache"))
                .resolve("huggingface"));
        return new HubSettings(
                endpoint(variables.value("HF_ENDPOINT").orElse(ENDPOINT)),
                variables.path("HF_HUB_CACHE").orElse(hub.resolve("hub")).toAbsolutePath(),
                variables.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? Optional.empty() : token(variables, hub),
                Optional.of("HF_HUB_OFFLINE").filter(variables::isTrue).or(() -> Optional.of("TRANSFORMERS_OFFLINE")
                        .filter(variables::isTrue)));
    }

    private static Optional<HubToken> token(Environment variables, Path hub) {
        return variables
                .value("HF_TOKEN")
                .flatMap(text -> HubToken.in(text, "HF_TOKEN"))
                .or(() -> HubToken.in(variables.path("HF_TOKEN_PATH").orElse(hub.resolve("token"))));
    }

    private static URI endpoint(String text) {
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            boolean sound = uri.getHost() != null
                    && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
            if (sound) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Refused like any other invalid address. It may contain a password, so it is not shown.
        }
        throw ClozeException.user(
                "use HF_ENDPOINT",
                "it is not the address of a hub",
                "write one such as " + ENDPOINT + ", without user and password");
    }

    /** Variables, of which an empty one counts as none. */
    private record Environment(Map<String, String> variables, Path home) {
        Optional<String> value(String name) {
            return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
        }

        Optional<Path> path(String name) {
            return value(name).map(text -> text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text));
        }

        boolean isTrue(String name) {
            return value(name)
                    .filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                    .isPresent();
        }
    }
}
