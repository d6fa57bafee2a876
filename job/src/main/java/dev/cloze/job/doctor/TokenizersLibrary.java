package dev.cloze.job.doctor;

import dev.cloze.catalog.Versions;
import dev.cloze.text.SubwordTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tokenizers library: its native part can be unpacked into its cache, and loads. */
record TokenizersLibrary() implements Check {
    /** The smallest tokenizer there is. */
    private static final String TOKENIZER =
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"a\"}}";

    @Override
    public String name() {
        return "tokenizers";
    }

    @Override
    public String look() throws IOException {
        Path file = Files.createTempFile("cloze-doctor", ".json");
        try {
            Files.writeString(file, TOKENIZER);
            SubwordTokenizer.open(file).close();
            return Versions.of("tokenizers") + ", native library in " + SubwordTokenizer.libraryCache();
        } finally {
            Files.delete(file);
        }
    }
}
