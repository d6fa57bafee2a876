package dev.cloze.model;

/** Names of what the scoring graph takes and gives beside the inputs of the model it was made from. */
public final class ScoringSignature {
    public static final String INPUT_IDS = "input_ids";
    public static final String ATTENTION_MASK = "attention_mask";
    public static final String TOKEN_TYPE_IDS = "token_type_ids";

    /** {@code [batch, sequence]}: 0 for a row's first token, and so on. */
    public static final String POSITION_IDS = "position_ids";

    /** {@code [1, positions]}: indexes into the flattened {@code [batch * sequence]} tokens. */
    public static final String POSITIONS = "cloze_positions";
    /** {@code [1]}: how many of the most probable tokens; at least 1. */
    public static final String TOP_K = "cloze_top_k";
    /** {@code [1, positions, n]}: ids whose log-probability is wanted; n may be 0. */
    public static final String CANDIDATES = "cloze_candidates";

    /** {@code [1, positions, k]}: log-probabilities, highest first. */
    public static final String TOP_LOG_PROBABILITIES = "cloze_top_log_probabilities";
    /** {@code [1, positions, k]}: their ids. */
    public static final String TOP_IDS = "cloze_top_ids";
    /** {@code [1, positions, n]}: log-probabilities of the candidates. */
    public static final String CANDIDATE_LOG_PROBABILITIES = "cloze_candidate_log_probabilities";

    /** {@code [1, positions, width]}: hidden states of the last layer; the only output of a features graph. */
    public static final String FEATURES = "cloze_features";

    private ScoringSignature() {}
}
