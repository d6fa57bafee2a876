"""What the functions ask of Spark, and of what type the answers are."""

import doctest
import re

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql.functions import col, upper

import cloze


@pytest.fixture
def rows(spark):
    return spark.createDataFrame([("A [MASK].",)], "text string")


CALLS = [
    (lambda: cloze.fill_mask("text"), "fill_mask(text)"),
    (lambda: cloze.fill_mask(col("text"), top_k=2), "fill_mask(text, 2)"),
    (lambda: cloze.fill_mask("text", 2, targets=["he", "she"]), "fill_mask(text, 2, array('he', 'she'))"),
    (lambda: cloze.fill_mask("text", targets=["he", "she", "it"]), "fill_mask(text, 3, array('he', 'she', 'it'))"),
    (lambda: cloze.pseudo_log_likelihood("text"), "pseudo_log_likelihood(text)"),
    (lambda: cloze.perplexity(upper("text")), "perplexity(upper(text))"),
    (lambda: cloze.token_surprisal("text"), "token_surprisal(text)"),
    (lambda: cloze.augment("text"), "augment(text, 1)"),
    (lambda: cloze.augment("text", n=3), "augment(text, 3)"),
    (lambda: cloze.embed("text"), "embed(text)"),
    (lambda: cloze.corpus_perplexity("text"), "corpus_perplexity(text)"),
]


@pytest.mark.parametrize(("call", "expected"), CALLS, ids=[expected for _, expected in CALLS])
def test_a_function_calls_the_sql_function_of_its_name(rows, call, expected):
    column = call()
    assert str(column) == f"Column<'{expected}'>"
    assert len(rows.select(column).columns) == 1


def test_types_are_those_of_the_sql_functions(rows):
    types = dict(
        rows.select(
            cloze.perplexity("text").alias("perplexity"),
            cloze.embed("text").alias("embed"),
            cloze.token_surprisal("text").alias("token_surprisal"),
            cloze.fill_mask("text").alias("fill_mask"),
        ).dtypes
    )
    assert types["perplexity"] == "double"
    assert types["embed"] == "array<float>"
    assert types["token_surprisal"] == "array<struct<token:string,start:int,end:int,nll:double>>"
    assert types["fill_mask"].startswith("array<struct<position:int,start:int,end:int,candidates:array<struct<score:double,")


def test_as_many_candidates_as_the_session_says_where_a_call_says_nothing(spark, rows):
    spark.conf.set("spark.cloze.top-k", "2")
    try:
        masks = rows.select(cloze.fill_mask("text").alias("said"), cloze.fill_mask("text", top_k=3).alias("asked")).first()
    finally:
        spark.conf.unset("spark.cloze.top-k")
    assert [len(masks.said[0].candidates), len(masks.asked[0].candidates)] == [2, 3]


def test_what_is_wrong_with_a_call_is_said_in_one_line(rows):
    with pytest.raises(AnalysisException) as refused:
        rows.select(cloze.fill_mask("text", top_k=0))
    assert str(refused.value) == (
        "[FAILED_FUNCTION_CALL] Cannot call fill_mask: top_k must be at least 1, it is 0; "
        "write fill_mask(text[, top_k[, targets]]), see DESCRIBE FUNCTION EXTENDED fill_mask SQLSTATE: 38000"
    )


def test_the_first_example_is_true(spark):
    assert doctest.testmod(cloze) == (0, 4)


@pytest.mark.parametrize(
    "name",
    [
        "fill_mask", "pseudo_log_likelihood", "perplexity", "token_surprisal", "augment", "embed", "corpus_perplexity", "cloze_result"
    ],
)
def test_the_example_of_a_manual_is_true(spark, name):
    manual = "\n".join(row[0] for row in spark.sql(f"DESCRIBE FUNCTION EXTENDED {name}").collect())
    query, value = re.search(r"> (SELECT .*);\n +(.*)\n", manual).groups()
    result = spark.sql(query).first()[0]
    # The last digit depends on the processor's instructions.
    assert (result == pytest.approx(float(value), abs=5e-4)) if isinstance(result, float) else (str(result) == value)
