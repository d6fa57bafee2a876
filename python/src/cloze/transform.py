"""Transformations of DataFrames: the columns of a command, with ``status`` and ``error``.

    >>> import cloze
    >>> spark = cloze.session()
    >>> rows = spark.createDataFrame([("The capital of France is [MASK].",), ("Nothing is missing.",)], ["text"])
    >>> filled = rows.transform(cloze.transform.fill_mask("text", top_k=1))
    >>> filled.selectExpr("get(masks, 0).candidates[0].token_str AS word", "status").show()
    +-----+-------+
    | word| status|
    +-----+-------+
    |paris|     ok|
    | NULL|no-mask|
    +-----+-------+
    <BLANKLINE>

Every row has an answer or a reason. Each function takes the name of a column of texts, and as keywords the settings of Cloze for this
transformation alone, with underscores for dashes: ``model="bert-base-cased"``, ``batch_tokens=1024``. They work with Spark Connect, too.
"""

from collections.abc import Callable, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql.functions import call_function, create_map, lit

from cloze.checkout import ClozeError
from cloze.settings import key, text
from cloze.texts import ColumnOrName, column

Transformation = Callable[[DataFrame], DataFrame]
RESULT = "cloze_result"


def fill_mask(col: ColumnOrName, top_k: int | None = None, targets: Sequence[str] | None = None, **options: object) -> Transformation:
    """Adds ``masks array<struct<position, start, end, candidates array<struct<score, token, token_str, sequence>>>>``.

    :param top_k: how many candidates of each mask; without it 5, or all targets
    :param targets: only these words are candidates
    """
    if targets is not None and any("," in word for word in targets):
        raise ClozeError("Cannot call fill_mask: a target has a comma; leave it out, or use cloze.fill_mask")
    more = {"top_k": top_k, "targets": None if targets is None else ",".join(targets)}
    return _adding("fill-mask", "fill_mask", col, more | options)


def perplexity(col: ColumnOrName, tokens: bool = False, **options: object) -> Transformation:
    """Adds ``tokens``, ``tokens_scored``, ``words``, ``bytes``, ``nll``, ``cross_entropy``, ``perplexity``, ``word_perplexity`` and
    ``bits_per_byte``.

    :param tokens: adds ``surprisals array<struct<token, start, end, nll>>``, too
    :param options: among them ``method``: ``pll``, ``pll-word`` or ``causal``
    """
    return _adding("perplexity", "perplexity", col, {"tokens": tokens} | options)


def embed(col: ColumnOrName, **options: object) -> Transformation:
    """Adds ``vector array<float>``.

    :param options: among them ``pooling``: ``mean`` or ``cls``
    """
    return _adding("embed", "embed", col, options)


def augment(col: str, variants: int = 1, id: str | None = None, **options: object) -> Transformation:
    """Makes a row of every candidate, with ``variant``, ``text``, ``edits`` and ``pll_change`` in the place of ``col``.

    A text that gave fewer candidates than wanted has one more row, with the reason.

    :param col: the name of a column
    :param id: the name of a column of ids, on which draws depend; without it they depend on the text
    :param options: those of ``cloze augment`` with ``augment_`` before them: ``augment_seed``, ``augment_share``
    """
    result = _result("augment", "augment", col, {"augment_variants": variants} | options, id)

    def transformed(rows: DataFrame) -> DataFrame:
        others = [name for name in rows.columns if name != col]
        made = rows.select(*(_named(rows, name) for name in others), result.getField("rows").alias(RESULT))
        inlined = made.select(*(_named(made, name) for name in others), call_function("inline", made[RESULT]))
        _require_room(others, [name for name in inlined.columns[len(others) :]])
        return inlined

    return transformed


def _adding(command: str, function: str, col: ColumnOrName, options: dict[str, object]) -> Transformation:
    result = _result(command, function, col, options, None)

    def transformed(rows: DataFrame) -> DataFrame:
        made = rows.withColumn(RESULT, result)
        added = made.select(f"{RESULT}.*").columns
        _require_room(rows.columns, added)
        return made.select(*(_named(made, name) for name in rows.columns), f"{RESULT}.*")

    return transformed


def _result(command: str, function: str, col: ColumnOrName, options: dict[str, object], id: str | None) -> Column:
    given = column(function, col)
    pairs = [lit(part) for name, value in options.items() if value is not None for part in (key(name), text(value))]
    arguments = [given, lit(command), create_map(*pairs), *([] if id is None else [id])]
    return call_function(RESULT, *arguments)


def _named(rows: DataFrame, name: str) -> Column:
    return rows["`" + name.replace("`", "``") + "`"]


def _require_room(there: Sequence[str], added: Sequence[str]) -> None:
    taken = {name.lower() for name in added}
    for name in there:
        if name.lower() in taken:
            raise ClozeError(f"Cannot add column {name}: the DataFrame has one of that name; rename it with withColumnRenamed")
