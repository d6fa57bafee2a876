"""The SQL functions, as functions of columns.

``col`` is a column or the name of one, of strings. NULL gives NULL. A text is no column: it is refused
with what to write. ``DESCRIBE FUNCTION EXTENDED fill_mask`` is the manual of a
function, and of the settings that it reads.
"""

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql.functions import array, call_function, lit

from cloze.texts import ColumnOrName, column


def fill_mask(col: ColumnOrName, top_k: int | None = None, targets: Sequence[str] | None = None) -> Column:
    """What the model would say at each ``[MASK]`` of a text.

    Gives ``array<struct<position, start, end, candidates array<struct<score, token, token_str, sequence>>>>``, one element a mask,
    in the order of the text; ``start`` and ``end`` count UTF-16 units. ``score`` is a probability over the whole vocabulary, also
    where ``targets`` are given. A text without a mask gives NULL.

    :param top_k: how many candidates of each mask, the most probable first; without it ``spark.cloze.top-k``, otherwise 5, or all targets
    :param targets: only these words are candidates
    """
    if targets is None:
        given = [] if top_k is None else [lit(top_k)]
        return call_function("fill_mask", column("fill_mask", col), *given)
    most = len(targets) if top_k is None else top_k
    return call_function("fill_mask", column("fill_mask", col), lit(most), array(*(lit(target) for target in targets)))


def pseudo_log_likelihood(col: ColumnOrName) -> Column:
    """The log-likelihood of a text by ``spark.cloze.method``, a ``double`` of nats, at most 0.

    ``pll`` masks one token after the other and adds up what the model gives to each; ``pll-word`` masks the rest of its word, too.
    """
    return call_function("pseudo_log_likelihood", column("pseudo_log_likelihood", col))


def perplexity(col: ColumnOrName) -> Column:
    """The perplexity of a text, a ``double``: e to the power of its negative log-likelihood a token."""
    return call_function("perplexity", column("perplexity", col))


def token_surprisal(col: ColumnOrName) -> Column:
    """How much each token of a text surprises the model.

    Gives ``array<struct<token, start, end, nll>>``; ``nll`` are nats, ``start`` and ``end`` count UTF-16 units of the text.
    """
    return call_function("token_surprisal", column("token_surprisal", col))


def augment(col: ColumnOrName, n: int = 1) -> Column:
    """Other sentences for training: some words of a text give way to what the model would say there.

    Gives ``array<struct<variant, text, edits array<struct<start, end, original, replacement, probability, rank>>, pll_change>>``, at
    most ``n`` elements, which ``explode`` or ``inline`` make rows of. What is drawn hangs on the text and
    ``spark.cloze.augment.seed``, so equal texts have equal variants.

    :param n: how many variants of each text
    """
    return call_function("augment", column("augment", col), lit(n))


def embed(col: ColumnOrName) -> Column:
    """The vector of a text, ``array<float>``: the mean of the last layer's hidden states over all tokens."""
    return call_function("embed", column("embed", col))


def corpus_perplexity(col: ColumnOrName) -> Column:
    """The perplexity of all texts of a group together, an aggregate: each token counts the same, however long its text."""
    return call_function("corpus_perplexity", column("corpus_perplexity", col))
