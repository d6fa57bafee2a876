package dev.cloze.catalog;

import dev.cloze.hub.HubName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models that guides and papers call by a short name, and that Maven Central does not have: aliases of their names on the hub. */
final class WellKnownModel {
    private static final Map<String, String> ON_THE_HUB = Map.of(
            "distilroberta-base", "hf:distilbert/distilroberta-base",
            "roberta-base", "hf:FacebookAI/roberta-base",
            "xlm-roberta-base", "hf:FacebookAI/xlm-roberta-base",
            "neuralmind/bert-base-portuguese-cased", "hf:neuralmind/bert-base-portuguese-cased");

    private WellKnownModel() {}

    /** What a user means who writes {@code name}: a name with {@code hf:}, or an alias. */
    static Optional<HubName> onTheHub(String name) {
        return HubName.isMeant(name)
                ? Optional.of(HubName.parse(name))
                : Optional.ofNullable(ON_THE_HUB.get(name)).map(HubName::parse);
    }

    static Set<String> names() {
        return ON_THE_HUB.keySet();
    }
}
