"""docs/how-to/read-results.md: every command and every reader of that page, on results with failed rows, states and a summary."""

import json
import re
import shlex
import subprocess

import pytest

ROWS = 12
UNREADABLE = 5


def blocks(home, language):
    page = (home / "docs" / "how-to" / "read-results.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A directory in which the commands of the page were run."""
    from conftest import HOME

    directory = tmp_path_factory.mktemp("results")
    lines = [json.dumps({"id": i, "text": "The capital of France is Paris. " * (i % 3 + 1)}) for i in range(ROWS)]
    # A row that fails stands beside the results, too.
    lines[UNREADABLE] = "{broken"
    (directory / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for block in blocks(HOME, "sh"):
        for command in block.splitlines():
            program, *arguments = shlex.split(command)
            subprocess.run([HOME / program, *arguments], cwd=directory, check=True, capture_output=True)
    return directory


def ids_of(rows):
    """The ids of whatever a reader calls a table."""
    if hasattr(rows, "toPandas"):
        return rows.toPandas()["id"].tolist()
    if hasattr(rows, "to_pylist"):
        return rows["id"].to_pylist()
    if hasattr(rows, "fetchall"):
        return [row[0] for row in rows.select("id").fetchall()]
    return list(rows["id"])


def test_every_reader_of_the_page_finds_all_rows_once(results, home, spark, monkeypatch):
    monkeypatch.chdir(results)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(results / "hugging-face"))
    assert len(list((results / "scores").glob("_failed/part-*"))) == 1
    readers = blocks(home, "python")
    assert len(readers) == 13
    for reader in readers:
        names = {"spark": spark.newSession()}
        exec(reader.replace('"scores"', f'"{results}/scores"') if "spark." in reader else reader, names)
        found = ids_of(names["rows"])
        # The row that could not be read has no id.
        numbers = sorted(int(id) for id in found if id is not None and id == id)
        assert (len(found), numbers) == (ROWS, [i for i in range(ROWS) if i != UNREADABLE]), reader


def test_sorted_by_the_row_column_results_stand_as_in_the_corpus(results, home, monkeypatch):
    monkeypatch.chdir(results)
    names = {}
    exec(next(block for block in blocks(home, "python") if "unnest" in block), names)
    expected = [None if i == UNREADABLE else i for i in range(ROWS)]
    assert names["rows"]["id"].to_list() == expected


def test_csv_can_be_read_by_the_standard_library(results):
    import csv

    ids = []
    for file in (results / "scores-csv").glob("*.csv"):
        with file.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                ids.append((row["id"], row["status"], int(row["row_number"])))
    assert sorted(ids, key=lambda id: id[2]) == [
        ("", "failed", i) if i == UNREADABLE else (str(i), "ok", i) for i in range(ROWS)
    ]
