"""Every function over Spark Connect gives what it gives without it."""

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

import cloze

TESTS = Path(__file__).parent
ROWS = [("The capital of France is [MASK].",), ("The traveler lost the souvenir.",)]


@pytest.fixture(scope="module")
def remote():
    """What a client saw of a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    without = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    environment = without | {"PYTHONPATH": str(Path(cloze.__file__).parents[1])}
    python = os.sys.executable
    server = subprocess.Popen(
        [python, TESTS / "connect_server.py", port],
        cwd=TESTS,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout.readline() == "ready\n"
        client = subprocess.run(
            [python, TESTS / "connect_client.py", port], cwd=TESTS, env=environment, capture_output=True, text=True
        )
    finally:
        server.communicate()
    assert client.returncode == 0, client.stderr
    assert server.returncode == 0
    return json.loads(client.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def values(spark):
    rows = spark.createDataFrame(ROWS, "text string")
    return lambda call: [row.value for row in rows.select(call.alias("value")).collect()]


def test_the_client_has_no_jvm(remote):
    assert remote["kind"].startswith("pyspark.sql.connect")
    assert remote["session"]


def test_functions_give_the_same(remote, values):
    calls = {
        "fill_mask": cloze.fill_mask("text", top_k=1)[0].candidates[0].token_str,
        "augment": cloze.augment("text", 2).text,
    }
    for name, call in calls.items():
        assert remote[name] == values(call), name


def test_figures_are_the_same(remote, values):
    calls = {
        "pseudo_log_likelihood": cloze.pseudo_log_likelihood("text"),
        "perplexity": cloze.perplexity("text"),
        "token_surprisal": cloze.token_surprisal("text")[0].nll,
        "embed": cloze.embed("text")[0],
        "corpus_perplexity": cloze.corpus_perplexity("text"),
    }
    for name, call in calls.items():
        assert remote[name] == pytest.approx(values(call), rel=1e-4), name
    assert remote["sql"] == pytest.approx([remote["perplexity"][1]], rel=1e-5)


def test_transformations_give_a_status_for_every_row(remote):
    assert remote["transform"] == [["ok", "no-mask"], ["ok", "ok"], ["ok", "ok"], ["ok", "ok", "ok", "ok"]]


def test_a_mistake_is_said_in_one_line(remote):
    assert remote["refused"].startswith("[FAILED_FUNCTION_CALL] Cannot call fill_mask: top_k must be at least 1, it is 0;")
    first = remote["refused"].split("JVM stacktrace:")[0].strip()
    assert len(first.splitlines()) == 1
