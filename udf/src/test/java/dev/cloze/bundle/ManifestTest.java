package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestTest {
    /** Otherwise its weights would answer for the name that its base has on a hub. */
    @Test
    void anAdaptedModelDoesNotComeFromTheSourceOfItsBase() {
        Manifest.Origin hub = new Manifest.Origin("hf:org/base", "abc", null, null);
        Manifest.Lineage lineage = new Manifest.Lineage("m", "digest", "corpus", 3L, null, null, new TreeMap<>());

        Manifest adapted = Manifests.described().withOrigin(hub).adapted("mine", lineage);

        assertThat(adapted.origin()).isNull();
        assertThat(adapted.name()).isEqualTo("mine");
        assertThat(adapted.lineage()).isEqualTo(lineage);
    }
}
