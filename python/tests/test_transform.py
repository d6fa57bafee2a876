"""Transformations have the columns of the commands, an answer or a reason for every row."""

import doctest

import pytest
from pyspark.errors import AnalysisException

import cloze
from cloze import transform

ROWS = [(1, "The capital of France is [MASK]."), (2, "The traveler lost the souvenir."), (3, ""), (4, None)]


@pytest.fixture
def rows(spark):
    return spark.createDataFrame(ROWS, "id int, text string").coalesce(1)


def test_masks_are_filled_with_a_status_and_a_reason(rows):
    filled = rows.transform(transform.fill_mask("text", top_k=1, targets=["paris", "lyon"]))
    assert filled.columns == ["id", "text", "masks", "status", "error"]
    found = filled.collect()
    assert [row.status for row in found] == ["ok", "no-mask", "empty", "empty"]
    assert [candidate.token_str for candidate in found[0].masks[0].candidates] == ["paris"]
    assert found[1].error.startswith("Cannot fill masks: there is no mask in the text; write [MASK]")


def test_figures_are_those_of_the_functions_and_settings_hold_for_one_transformation(spark, rows):
    found = rows.transform(transform.perplexity("text", tokens=True, method="pll-word")).collect()
    plain = rows.select(cloze.perplexity("text").alias("p")).collect()
    assert [row.status for row in found] == ["ok", "ok", "empty", "empty"]
    assert found[1].perplexity != pytest.approx(plain[1].p, rel=1e-3)
    spark.conf.set("spark.cloze.method", "pll-word")
    try:
        assert found[1].perplexity == pytest.approx(rows.select(cloze.perplexity("text").alias("p")).collect()[1].p, rel=1e-5)
    finally:
        spark.conf.unset("spark.cloze.method")
    assert len(found[1].surprisals) == found[1].tokens_scored


def test_vectors_are_those_of_the_function(rows):
    found = rows.transform(transform.embed("text", pooling="cls")).collect()
    assert len(found[0].vector) == 768
    assert found[2].vector is None and found[2].status == "empty"


def test_every_candidate_is_a_row_and_a_text_without_one_has_a_reason(rows):
    made = rows.transform(transform.augment("text", variants=2, id="id", augment_seed=3, augment_min_probability=0))
    assert made.columns == ["id", "variant", "text", "edits", "pll_change", "status", "error"]
    by_id = {}
    for row in made.collect():
        by_id.setdefault(row.id, []).append(row)
    assert [row.variant for row in by_id[2] if row.status == "ok"] == [1, 2]
    assert [(row.variant, row.text, row.status) for row in by_id[3]] == [(None, None, "empty")]


def test_a_column_of_that_name_is_not_overwritten(rows):
    with pytest.raises(cloze.ClozeError) as refused:
        rows.withColumnRenamed("id", "Status").transform(transform.perplexity("text"))
    assert str(refused.value) == (
        "Cannot add column Status: the DataFrame has one of that name; rename it with withColumnRenamed"
    )


def test_columns_with_odd_names_stay(spark):
    rows = spark.createDataFrame([("a [MASK]", 1)], "text string, `a.b `` c` int")
    assert rows.transform(transform.fill_mask("text")).columns == ["text", "a.b ` c", "masks", "status", "error"]


@pytest.mark.parametrize(
    ("transformation", "message"),
    [
        (lambda: transform.fill_mask("text", top_k=0), "top-k must be a whole number from 1 to 10000, it is 0"),
        (lambda: transform.perplexity("text", method="x"), "spark.cloze.method must be one of pll, pll-word, causal, it is x"),
        (lambda: transform.embed("text", modle="x"), "spark.cloze.modle is no setting, did you mean spark.cloze.model?"),
        (lambda: transform.augment("text", variants=10**9), "spark.cloze.augment.variants must be a whole number from 1 to 10000"),
    ],
)
def test_what_is_wrong_is_one_line(rows, transformation, message):
    with pytest.raises(AnalysisException) as refused:
        rows.transform(transformation())
    assert message in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_target_with_a_comma_is_refused():
    with pytest.raises(cloze.ClozeError, match="^Cannot call fill_mask: a target has a comma; "):
        transform.fill_mask("text", targets=["a,b"])


def test_the_example_of_the_module_is_true(spark):
    assert doctest.testmod(transform) == (0, 5)
