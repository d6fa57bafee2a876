#!/usr/bin/env python3
"""What `cloze augment` does to real sentences, with its defaults and with the restrictions of the defaults switched off.

    python3 bench/prose.py 220 target/sentences220.jsonl plain
    python3 bench/augment_quality.py target/sentences220.jsonl bert-base-uncased

One variant of each sentence. Printed for both: how many sentences got a variant, the mean and the median of `pll_change`, the share of edits
whose new word had a probability below 0.001, and 50 variants to be read.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

CLOZE = Path(__file__).resolve().parent.parent / "bin" / "cloze"
READ = 50
RARE = 0.001
WAYS = {
    "defaults": [],
    "without restrictions": ["--stopwords", "none", "--names", "replace", "--allow-repeats", "--min-probability", "0"],
}


def variants(sentences, model, options):
    command = [CLOZE, "augment", "--model", model, "--input", sentences, "--id-column", "id", "--score-candidates", "--json", *options]
    printed = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=True, text=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def main():
    sentences, model = sys.argv[1:]
    for way, options in WAYS.items():
        rows = variants(sentences, model, options)
        given = [row for row in rows if row["status"] == "ok"]
        changes = [row["pll_change"] for row in given]
        edits = [edit["probability"] for row in given for edit in row["edits"]]
        print(f"{model}, {way}: {len(given)} of {len({row['id'] for row in rows})} sentences; pll_change mean"
              f" {statistics.mean(changes):.2f}, median {statistics.median(changes):.2f}; {len(edits)} edits,"
              f" {100 * sum(edit < RARE for edit in edits) / len(edits):.1f} % below {RARE}")
        for row in given[:: max(1, len(given) // READ)][:READ]:
            print("  " + row["text"])


main()
