package dev.cloze.text;

import java.util.Arrays;

/**
 * Ids back to text as the Python fill-mask pipeline writes them (transformers {@code pipelines/fill_mask.py} and {@code
 * PreTrainedTokenizerBase.clean_up_tokenization}).
 *
 * @param tokenizer the model's
 * @param padId never written, wherever it stands
 * @param cleanUp whether blanks before punctuation and in contractions are taken out, as transformers did by default up to
 *     4.44
 */
public record Decoder(SubwordTokenizer tokenizer, long padId, boolean cleanUp) {
    // In this order; the names of the last six are English contractions.
    private static final String[][] TIDY = {
        {" .", "."},
        {" ?", "?"},
        {" !", "!"},
        {" ,", ","},
        {" ' ", "'"},
        {" n't", "n't"},
        {" 'm", "'m"},
        {" 's", "'s"},
        {" 've", "'ve"},
        {" 're", "'re"}
    };

    /** The text of a sequence; special tokens are written. */
    public String sequence(long[] ids) {
        return tidy(tokenizer.decode(withoutPadding(ids)));
    }

    /** The text of a sequence without special tokens. */
    public String content(long[] ids) {
        return tidy(tokenizer.decodeContent(withoutPadding(ids)));
    }

    private long[] withoutPadding(long[] ids) {
        return Arrays.stream(ids).filter(id -> id != padId).toArray();
    }

    /** The text of one token; special tokens are written. */
    public String token(long id) {
        return tidy(tokenizer.decode(new long[] {id}));
    }

    private String tidy(String text) {
        String tidied = text;
        if (cleanUp) {
            for (String[] rule : TIDY) {
                tidied = tidied.replace(rule[0], rule[1]);
            }
        }
        return tidied;
    }
}
