"""Masked language models as functions of PySpark.

The functions build calls of the SQL functions that ``dev.cloze.spark.ClozeExtensions`` registers. Everything is computed there, on
the executors and across rows; nothing is computed in Python. ``cloze.transform`` has the same with a status and a reason for each row.

    >>> import cloze
    >>> spark = cloze.session()
    >>> rows = spark.createDataFrame([("The capital of France is [MASK].",)], ["text"])
    >>> rows.select(cloze.fill_mask("text", top_k=1)[0].candidates[0].token_str.alias("word")).show()
    +-----+
    | word|
    +-----+
    |paris|
    +-----+
    <BLANKLINE>
"""

from importlib.util import find_spec

if find_spec("pyspark") is None:
    raise ModuleNotFoundError(
        "Cannot import cloze: PySpark is not installed; install pyspark 4.0, 4.1 or 4.2, or this package with its extra `spark`",
        name="pyspark",
    )

from cloze import transform
from cloze.checkout import ClozeError
from cloze.functions import (
    augment,
    corpus_perplexity,
    embed,
    fill_mask,
    perplexity,
    pseudo_log_likelihood,
    token_surprisal,
)
from cloze.sessions import session

__all__ = [
    "ClozeError",
    "augment",
    "corpus_perplexity",
    "embed",
    "fill_mask",
    "perplexity",
    "pseudo_log_likelihood",
    "session",
    "token_surprisal",
    "transform",
]
