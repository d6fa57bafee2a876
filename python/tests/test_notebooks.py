"""What is stored in the notebooks. `.ci/run` executes them; here it is looked at what readers see who do not."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def cells(notebook):
    return [cell for cell in json.loads(notebook.read_text())["cells"] if cell["cell_type"] == "code"]


def outputs(notebook):
    return [output for cell in cells(notebook) for output in cell["outputs"]]


def texts(notebook):
    """All that is stored but pictures."""
    for output in outputs(notebook):
        for kind, value in {"text": output.get("text", ""), **output.get("data", {})}.items():
            if not kind.startswith("image/"):
                yield "".join(value)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 4


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
class TestStored:
    def test_every_cell_was_run_in_order(self, notebook):
        counts = [cell["execution_count"] for cell in cells(notebook)]
        assert counts == list(range(1, len(counts) + 1))

    def test_there_are_pictures_and_no_errors(self, notebook):
        assert any("image/png" in output.get("data", {}) for output in outputs(notebook))
        assert [output for output in outputs(notebook) if output["output_type"] == "error"] == []

    def test_the_first_line_installs_what_it_needs(self, notebook):
        assert cells(notebook)[0]["source"] == ["%pip install -q -r requirements.txt ../python"]

    def test_no_place_of_the_machine_it_was_run_on_is_stored(self, notebook):
        place = re.compile(r"(?<![\w.])/(home|root|tmp|Users|usr|opt|var|work)/\S*|https?://\S+|Looking in \w+")
        assert [found.group() for text in texts(notebook) for found in place.finditer(text)] == []

    def test_no_time_of_a_run_is_stored(self, notebook):
        assert [cell["metadata"] for cell in cells(notebook) if "execution" in cell["metadata"]] == []
