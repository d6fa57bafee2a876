#!/usr/bin/env python3
"""Writes made-up documents of some nights, to try `cloze audit` with a model: bench/nightly_documents.py NIGHTS DIR

A file of JSON Lines for each night from 2026-09-01 on, with texts as those of `nightly_scores.py`: fewer of them, since a model reads them. The same
command writes the same bytes.
"""

import datetime
import json
import random
import sys
from pathlib import Path

from nightly_scores import FIRST, document

SOURCES = {"news": 60, "forum": 30}


def main(nights, directory):
    directory.mkdir(parents=True, exist_ok=True)
    for i in range(nights):
        night = FIRST + datetime.timedelta(days=i)
        draw = random.Random(i)
        with open(directory / f"{night}.jsonl", "w", encoding="utf-8") as out:
            for source, count in SOURCES.items():
                for number in range(round(count * draw.uniform(0.9, 1.1))):
                    row = document(draw, night, source, number, 2, False)
                    out.write(json.dumps({name: row[name] for name in ("id", "source", "text")}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
