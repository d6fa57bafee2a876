"""The functions give what the program gives for the same rows."""

import functools
import json
import subprocess

import pytest
from pyspark.sql import DataFrame

import cloze

TEXTS = [
    "The capital of France is [MASK].",
    "The traveler lost the souvenir on a [MASK] day in [MASK].",
    "Nobody had asked for more, and the soup arrived cold.",
    "“Größe” and naïveté 🙂 are words, too.",
    "",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Rows of the program by their text, which is their id; a command is run once."""
    from conftest import HOME

    corpus = tmp_path_factory.mktemp("values") / "rows.jsonl"
    corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))

    @functools.cache
    def rows(*command):
        arguments = ["--input", corpus, "--id-column", "text", "--json"]
        run = subprocess.run([HOME / "bin" / "cloze", *command, *arguments], check=True, capture_output=True, text=True)
        return [json.loads(line) for line in run.stdout.splitlines()]

    return rows


@pytest.fixture
def functions(spark):
    """A function's value for each text."""

    def values(call):
        rows = spark.createDataFrame([(text,) for text in TEXTS], "text string")
        return {row.text: row.value for row in rows.select("text", call.alias("value")).collect()}

    return values


def near(expected):
    return pytest.approx(expected, rel=1e-5, abs=1e-6)


def plain(value):
    """Rows of Spark as the program's JSON has them."""
    if isinstance(value, list):
        return [plain(element) for element in value]
    return {key: plain(element) for key, element in value.asDict().items()} if hasattr(value, "asDict") else value


def assert_same(found, expected):
    """Equal, and numbers as near as another batch moves them."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            assert_same(found[key], value)
    elif isinstance(expected, float):
        assert found == near(expected)
    else:
        assert found == expected


def test_fill_mask(program, functions):
    found = functions(cloze.fill_mask("text", top_k=3))
    rows = program("fill-mask", "--top-k", "3")
    assert len(rows) == len(TEXTS)
    assert [row["status"] for row in rows].count("ok") == 2
    for row in rows:
        assert_same(plain(found[row["id"]]), row["masks"] if row["status"] == "ok" else None)


def test_all_targets_are_candidates(functions):
    targets = ["paris", "rome", "london", "berlin", "madrid", "vienna"]
    (mask,) = functions(cloze.fill_mask("text", targets=targets))[TEXTS[0]]
    assert sorted(candidate.token_str for candidate in mask.candidates) == sorted(targets)


def test_likelihoods(program, functions, spark):
    likelihoods = functions(cloze.pseudo_log_likelihood("text"))
    perplexities = functions(cloze.perplexity("text"))
    surprisals = functions(cloze.token_surprisal("text"))
    rows = program("perplexity", "--method", "pll", "--tokens")
    scored = [row for row in rows if row["status"] == "ok"]
    assert len(rows) - len(scored) == 1
    for row in scored:
        assert likelihoods[row["id"]] == near(-row["nll"])
        assert perplexities[row["id"]] == near(row["perplexity"])
        assert_same(plain(surprisals[row["id"]]), row["surprisals"])
    assert (likelihoods[""], perplexities[""], surprisals[""]) == (None, None, None)

    corpus = spark.createDataFrame([(text,) for text in TEXTS], "text string").select(cloze.corpus_perplexity("text")).first()[0]
    mean = sum(row["nll"] for row in scored) / sum(row["tokens_scored"] for row in scored)
    assert corpus == near(2.718281828459045**mean)


def test_embed(program, functions):
    found = functions(cloze.embed("text"))
    for row in program("embed"):
        if row["status"] == "ok":
            assert len(row["vector"]) == 768
            assert found[row["id"]] == pytest.approx(row["vector"], rel=1e-4, abs=1e-5)
        else:
            assert found[row["id"]] is None


def test_augment(program, functions):
    found = functions(cloze.augment("text", n=2))
    expected = {text: [] for text in TEXTS}
    for row in program("augment", "--variants", "2"):
        if row["status"] == "ok":
            expected[row["id"]].append({key: row[key] for key in ("variant", "text", "edits", "pll_change")})
    assert sum(map(len, expected.values())) >= 3
    for text, variants in expected.items():
        assert_same(plain(found[text] or []), variants)


def test_sql_datasets_and_the_package_agree_with_the_program(program, functions, spark):
    """All four ways on the same rows."""
    rows = spark.createDataFrame([(text,) for text in TEXTS], "text string")
    rows.createOrReplaceTempView("rows")
    api = spark._jvm.dev.cloze.spark.Cloze

    def by_dataset(transformation):
        return DataFrame(transformation.apply(rows._jdf), spark)

    def by_sql(call):
        return {row.text: row.value for row in spark.sql(f"SELECT text, {call} AS value FROM rows").collect()}

    ways = [
        ("fill_mask(text, 3)", cloze.fill_mask("text", top_k=3), api.fillMask("text").topK(3), ["fill-mask", "--top-k", "3"], "masks"),
        ("perplexity(text)", cloze.perplexity("text"), api.perplexity("text"), ["perplexity"], "perplexity"),
        ("embed(text)", cloze.embed("text"), api.embed("text"), ["embed"], "vector"),
    ]
    for sql, function, transformation, command, column in ways:
        expected = {row["id"]: row for row in program(*command)}
        sqls, packages = by_sql(sql), functions(function)
        for row in by_dataset(transformation).collect():
            one = expected[row.text]
            assert (row.status, row.error) == (one["status"], one["error"])
            value = one[column] if one["status"] == "ok" else None
            assert_near(plain(sqls[row.text]), value)
            assert_near(plain(packages[row.text]), value)
            if value is not None:
                assert_near(plain(row[column]), value)

    drawn = [row for row in program("augment", "--variants", "2") if row["status"] == "ok"]
    candidates = [row for row in by_dataset(api.augment("text").variants(2)).collect() if row.status == "ok"]
    values = by_sql("augment(text, 2)")
    in_sql = [plain(one) for text in TEXTS for one in values[text] or []]
    assert len(drawn) == len(candidates) == len(in_sql) >= 3
    for row, candidate, one in zip(drawn, candidates, in_sql):
        for column in ("variant", "text", "edits", "pll_change"):
            assert_near(plain(candidate[column]), row[column])
            assert_near(one[column], row[column])


def assert_near(found, expected):
    """As assert_same; numbers of vectors are small, so theirs are nearer than they are alike."""
    if isinstance(expected, list) and expected and isinstance(expected[0], float):
        assert found == pytest.approx(expected, rel=1e-4, abs=1e-5)
    else:
        assert_same(found, expected)


def test_a_null_text_gives_null(spark):
    rows = spark.createDataFrame([(None,)], "text string")
    names = [cloze.fill_mask, cloze.perplexity, cloze.pseudo_log_likelihood, cloze.token_surprisal, cloze.augment, cloze.embed]
    assert rows.select(*(function("text") for function in names)).first() == (None,) * len(names)
