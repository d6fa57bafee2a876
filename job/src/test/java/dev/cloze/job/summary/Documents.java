package dev.cloze.job.summary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.stats.CorpusState;
import java.util.Arrays;

/** States of made-up documents, and summaries as their file has them. */
final class Documents {
    private Documents() {}

    /** Documents of one token, two words and twenty bytes each. */
    static CorpusState ofPerplexities(double... perplexities) {
        return ofNlls(Arrays.stream(perplexities).map(Math::log).toArray());
    }

    /** The same by the tokens' negative log-likelihoods. */
    static CorpusState ofNlls(double... nlls) {
        CorpusState state = CorpusState.empty();
        for (double nll : nlls) {
            state.add(1, 1, 2, 20, nll);
        }
        return state;
    }

    /** A row that was not scored. */
    static CorpusState unscored() {
        CorpusState state = CorpusState.empty();
        state.addUnscored();
        return state;
    }

    static String json(Record summary) throws JsonProcessingException {
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(summary) + "\n";
    }
}
