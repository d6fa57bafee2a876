"""Makes corpus/percentiles.json: percentiles of documents' perplexities as numpy.percentile computes them by default.

A case is a number of documents; the cross-entropy of document i is (i * 7919 % 100003) / 12500 + i % 7 / 3, so that the test can
make the same ones. Needs NumPy only. Rerun:

    src/test/python/setup.sh && target/python/bin/python src/test/python/percentiles.py
"""

import json
import pathlib

import numpy

RESOURCES = pathlib.Path(__file__).resolve().parents[1] / "resources" / "dev" / "cloze"
PERCENTILES = [5, 25, 50, 75, 95]
COUNTS = [1, 2, 3, 4, 5, 10, 58, 101, 1000, 1024, 1025, 5000, 60000]


def cross_entropies(count):
    return [(i * 7919 % 100003) / 12500 + i % 7 / 3 for i in range(count)]


cases = []
for count in COUNTS:
    perplexities = numpy.exp(numpy.array(cross_entropies(count)))
    values = numpy.percentile(perplexities, PERCENTILES)
    cases.append({"documents": count, "percentiles": dict(zip(map(str, PERCENTILES), values.tolist()))})
path = RESOURCES / "corpus" / "percentiles.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps({"numpy": numpy.__version__, "cases": cases}, indent=1) + "\n")
