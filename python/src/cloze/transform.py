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

    Keywords for settings:

    - ``model``: bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported model, the directory of a
      bundle, or its URL, such as hdfs:///models/bert (default: bert-base-uncased).
    - ``precision``: What the model's products are computed in. int8 is faster on a CPU and gives other numbers: an 8-bit version of
      the model is made at its first use, and stays beside it (default: that of the model).
    - ``calibration``: Texts, one a line, to make the 8-bit version with (default: a sample of the corpus).
    - ``long``: Texts longer than the model: window, every scored token with as much text on both sides as fits; truncate; fail
      (default: window).
    - ``batch_tokens``: Tokens of a batch, padding included (default: 512).
    - ``device``: auto: a GPU where Spark gives one to the task, or where this machine has one and onnxruntime_gpu is there,
      otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a node; openvino, whose plug-in --device-option plugin=PATH
      names (default: auto).
    - ``prepack``: Copy weights into the order in which the CPU reads them: faster, most for short texts one at a time, but seconds
      to open the model and its size in memory again for each process; auto: of an 8-bit model only; on; off (default: auto).
    - ``targets_mode``: word: whole words of any number of pieces, scored as one; hf: the rule of the Python pipeline, which takes a
      word's first piece (default: word).
    - ``clean_up``: Tidy blanks before punctuation in decoded text, or not (default: as the model's tokenizer is set up).
    """
    if targets is not None and any("," in word for word in targets):
        raise ClozeError("Cannot call fill_mask: a target has a comma; leave it out, or use cloze.fill_mask")
    more = {"top_k": top_k, "targets": None if targets is None else ",".join(targets)}
    return _adding("fill-mask", "fill_mask", col, more | options)


def perplexity(col: ColumnOrName, tokens: bool = False, **options: object) -> Transformation:
    """Adds ``tokens``, ``tokens_scored``, ``words``, ``bytes``, ``nll``, ``cross_entropy``, ``perplexity``, ``word_perplexity`` and
    ``bits_per_byte``.

    :param tokens: adds ``surprisals array<struct<token, start, end, nll>>``, too

    Keywords for settings:

    - ``model``: bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported model, the directory of a
      bundle, or its URL, such as hdfs:///models/bert (default: bert-base-uncased).
    - ``precision``: What the model's products are computed in. int8 is faster on a CPU and gives other numbers: an 8-bit version of
      the model is made at its first use, and stays beside it (default: that of the model).
    - ``calibration``: Texts, one a line, to make the 8-bit version with (default: a sample of the corpus).
    - ``long``: Texts longer than the model: window, every scored token with as much text on both sides as fits; truncate; fail
      (default: window).
    - ``batch_tokens``: Tokens of a batch, padding included (default: 512).
    - ``device``: auto: a GPU where Spark gives one to the task, or where this machine has one and onnxruntime_gpu is there,
      otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a node; openvino, whose plug-in --device-option plugin=PATH
      names (default: auto).
    - ``prepack``: Copy weights into the order in which the CPU reads them: faster, most for short texts one at a time, but seconds
      to open the model and its size in memory again for each process; auto: of an 8-bit model only; on; off (default: auto).
    - ``method``: pll: each token is masked in turn; pll-word: together with the later pieces of its word (PLL-word-l2r); mlm, on
      the command line: a random share of the tokens is masked; causal: each token is predicted from those before it (default: pll).
    - ``pll_stride``: pll: an approximation, in which every N-th token of a text is masked at once, and the model reads the text N
      times; from 2 on (default: each token is masked alone).
    - ``bos``: causal: add, the model's BOS token (or else EOS) stands before every text, so that its first token is scored; none
      (default: add).
    """
    return _adding("perplexity", "perplexity", col, {"tokens": tokens} | options)


def embed(col: ColumnOrName, **options: object) -> Transformation:
    """Adds ``vector array<float>``.

    Keywords for settings:

    - ``model``: bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported model, the directory of a
      bundle, or its URL, such as hdfs:///models/bert (default: bert-base-uncased).
    - ``precision``: What the model's products are computed in. int8 is faster on a CPU and gives other numbers: an 8-bit version of
      the model is made at its first use, and stays beside it (default: that of the model).
    - ``calibration``: Texts, one a line, to make the 8-bit version with (default: a sample of the corpus).
    - ``long``: Texts longer than the model: window, every scored token with as much text on both sides as fits; truncate; fail
      (default: window).
    - ``batch_tokens``: Tokens of a batch, padding included (default: 512).
    - ``device``: auto: a GPU where Spark gives one to the task, or where this machine has one and onnxruntime_gpu is there,
      otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a node; openvino, whose plug-in --device-option plugin=PATH
      names (default: auto).
    - ``prepack``: Copy weights into the order in which the CPU reads them: faster, most for short texts one at a time, but seconds
      to open the model and its size in memory again for each process; auto: of an 8-bit model only; on; off (default: auto).
    - ``pooling``: mean: of all tokens, special ones included; cls: the first special token's; tokens, on the command line: a vector
      for each token (default: mean).
    """
    return _adding("embed", "embed", col, options)


def augment(col: str, variants: int = 1, id: str | None = None, **options: object) -> Transformation:
    """Makes a row of every candidate, with ``variant``, ``text``, ``edits`` and ``pll_change`` in the place of ``col``.

    A text that gave fewer candidates than wanted has one more row, with the reason.

    :param col: the name of a column
    :param id: the name of a column of ids, on which draws depend; without it they depend on the text

    Keywords for settings:

    - ``model``: bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported model, the directory of a
      bundle, or its URL, such as hdfs:///models/bert (default: bert-base-uncased).
    - ``precision``: What the model's products are computed in. int8 is faster on a CPU and gives other numbers: an 8-bit version of
      the model is made at its first use, and stays beside it (default: that of the model).
    - ``calibration``: Texts, one a line, to make the 8-bit version with (default: a sample of the corpus).
    - ``long``: Texts longer than the model: window, every scored token with as much text on both sides as fits; truncate; fail
      (default: window).
    - ``batch_tokens``: Tokens of a batch, padding included (default: 512).
    - ``device``: auto: a GPU where Spark gives one to the task, or where this machine has one and onnxruntime_gpu is there,
      otherwise the CPU; cpu; cuda; tensorrt; cuda:1 is the second GPU of a node; openvino, whose plug-in --device-option plugin=PATH
      names (default: auto).
    - ``prepack``: Copy weights into the order in which the CPU reads them: faster, most for short texts one at a time, but seconds
      to open the model and its size in memory again for each process; auto: of an 8-bit model only; on; off (default: auto).
    - ``augment_seed``: Another seed draws other candidates (default: 42).
    - ``augment_action``: replace, words give way to others; insert, words are put before others (default: replace).
    - ``augment_unit``: word, words of any number of pieces; piece, single tokens: a part of a word is replaced by another part
      (default: word).
    - ``augment_mode``: simultaneous, all words of a candidate are hidden together; sequential, one after the other: the model reads
      what was put in before, at a run for each word (default: simultaneous).
    - ``augment_pieces``: Pieces of a new word, a number or a range of 1 to 3, drawn for each word and filled from left to right
      (default: 1).
    - ``augment_share``: Share of a text's words that each candidate changes, rounded up (default: 0.15).
    - ``augment_min``: Words that are changed at least, as far as there are (default: 1).
    - ``augment_max``: Words that are changed at most (default: 10).
    - ``augment_keep_case``: Write a new word in capitals, with a capital or without, as the one that it replaces; or leave it as
      the model writes it (default: on).
    - ``augment_top_k``: Choose among the N most probable words that pass the filters (default: 50).
    - ``augment_top_p``: Of these, keep the most probable ones that have this share of their probability together (default: 1).
    - ``augment_temperature``: Below 1 probable words are drawn more often, above 1 improbable ones (default: 1).
    - ``augment_min_probability``: Words less probable than this, in the model's whole vocabulary, are not put in (default: 0.03).
    - ``augment_greedy``: Choose the most probable word, without a draw.
    - ``augment_stopwords``: Words that are neither replaced nor put in: auto, the stop words of each text's language, which is
      recognised by its words; none; en, pt or another language's list; or, on the command line, a file with a word a line.
      Repeatable, or with commas (default: auto).
    - ``augment_names``: What becomes of words with a capital within a sentence: auto, they give way to words with a capital, or
      stay where the model knows no capitals; keep, they stay; replace, they give way to any word (default: auto).
    - ``augment_allow_repeats``: Put in words, too, that the text has already.
    - ``augment_ignore``: Words that this expression matches completely are neither replaced nor put in. Repeatable.
    - ``augment_min_length``: Words of fewer characters are neither replaced nor put in (default: 1).
    - ``augment_protect``: What this expression matches of a text stays as it is, beside addresses, mail addresses, placeholders
      such as {name} and tags. Repeatable.
    - ``augment_min_similarity``: Candidates whose mean-pooled hidden states are farther from the original's are dropped, and others
      drawn.
    - ``augment_check``: Candidates that this check of yours does not accept are dropped, and others drawn: a
      dev.cloze.augment.SentenceCheck in a jar of --jars. Repeatable, or with commas.
    - ``augment_score_candidates``: Write pll_change: the pseudo-log-likelihood of each candidate minus the original's, nats. Costs
      a run of the model for each token.
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
