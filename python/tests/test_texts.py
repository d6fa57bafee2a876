"""What is said to somebody who writes a text where a column is expected."""

import pytest
from pyspark.sql.functions import col

import cloze

FUNCTIONS = ["fill_mask", "pseudo_log_likelihood", "perplexity", "token_surprisal", "augment", "embed", "corpus_perplexity"]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "text", ["The capital of France is [MASK].", "Paris is <mask>", "The traveler lost the souvenir.", "Where is it now?", "a\nb"]
)
def test_a_text_in_the_place_of_a_column_is_refused_with_what_to_write(function, text):
    with pytest.raises(cloze.ClozeError) as refused:
        getattr(cloze, function)(text)
    message = str(refused.value)
    assert message.startswith(f'Cannot call {function}: "')
    assert " is a text, and the name of a column is expected; " in message
    assert f'.select(cloze.{function}("text"))' in message
    assert 'lit("…")' in message and "\n" not in message


@pytest.mark.parametrize("transformation", ["fill_mask", "perplexity", "augment", "embed"])
def test_so_is_one_in_a_transformation(transformation):
    with pytest.raises(cloze.ClozeError, match="is a text, and the name of a column is expected"):
        getattr(cloze.transform, transformation)("The capital of France is [MASK].")


@pytest.mark.parametrize("given", [None, 3, ["text"]])
def test_what_is_no_column_at_all_is_refused(given):
    with pytest.raises(cloze.ClozeError, match="^Cannot call perplexity: .* is neither a column nor the name of one; "):
        cloze.perplexity(given)


@pytest.mark.parametrize("name", ["text", "a text", "answers.text", "First name", "the text of a review"])
def test_names_of_columns_are_taken(spark, name):
    cloze.perplexity(name)


def test_a_column_with_such_a_name_is_reached_with_col(spark):
    rows = spark.createDataFrame([("a b",)], "`How was it today?` string")
    assert len(rows.select(cloze.perplexity(col("How was it today?"))).columns) == 1
