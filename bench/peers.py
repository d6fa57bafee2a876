#!/usr/bin/env python3
"""Cloze's engine beside what else fills masks with the same weights: one mask a sentence, one thread each, runs in turn.

    udf/src/test/python/setup.sh
    python3 bench/prose.py 400 target/prose.jsonl
    udf/target/python/bin/python bench/peers.py MODEL target/prose.jsonl [RUNS [EIGHT_BIT_MODEL]]

MODEL is the directory of the bundle of a BERT (`bin/cloze model list`), EIGHT_BIT_MODEL that of its 8-bit version (`--precision int8`). Of nobody is
the loading counted. Answers are compared first: the best token of every sentence and its probability, with torch in 32 bits in batches of one. The
peers are
the fill-mask pipeline of transformers as it comes and with its best batch size; ONNX Runtime with the plain graph in sorted batches of 32; and what
somebody may write who knows how: torch, sentences sorted by length in batches of 512 tokens, hidden states gathered at the masks
before the head, in 32 bits and in bf16 (which is fast only where the processor has products of that type). Prints the table of docs/benchmarks.md.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer, pipeline

HOME = Path(__file__).resolve().parents[1]
BATCH_TOKENS = 512
BATCH_SIZES = (8, 32)


def sorted_batches(rows, size):
    """Rows of ids, by length; ``size`` says whether so many rows of such a width make a batch."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    while order:
        count = 1
        while count < len(order) and size(count + 1, len(rows[order[count]])):
            count += 1
        yield order[:count]
        order = order[count:]


def padded(rows, pad):
    width = max(map(len, rows))
    ids = np.array([row + [pad] * (width - len(row)) for row in rows])
    return ids, (np.arange(width)[None, :] < np.array([len(row) for row in rows])[:, None]).astype(np.int64)


class Texts:
    def __init__(self, texts, tokenizer):
        self.texts, self.tokenizer = texts, tokenizer

    def rows(self):
        return self.tokenizer(self.texts)["input_ids"]


def answer(logits):
    best = torch.log_softmax(torch.as_tensor(logits).float(), -1).max(-1)
    return list(zip(best.indices.tolist(), best.values.exp().tolist()))


def of_pipeline(pipe, texts, size):
    return [(row[0]["token"], row[0]["score"]) for row in pipe(texts.texts, batch_size=size)]


def of_torch(model, texts, size=lambda count, width: count * width <= BATCH_TOKENS):
    rows, mask, found = texts.rows(), texts.tokenizer.mask_token_id, [None] * len(texts.texts)
    with torch.inference_mode():
        for batch in sorted_batches(rows, size):
            ids, attention = map(torch.as_tensor, padded([rows[i] for i in batch], texts.tokenizer.pad_token_id))
            hidden = model.base_model(input_ids=ids, attention_mask=attention).last_hidden_state
            for i, found_one in zip(batch, answer(model.cls(hidden[ids == mask]))):
                found[i] = found_one
    return found


def of_onnx(session, texts):
    rows, mask, found = texts.rows(), texts.tokenizer.mask_token_id, [None] * len(texts.texts)
    for batch in sorted_batches(rows, lambda count, width: count <= 32):
        ids, attention = padded([rows[i] for i in batch], texts.tokenizer.pad_token_id)
        logits = session.run(["logits"], {"input_ids": ids, "attention_mask": attention, "token_type_ids": np.zeros_like(ids)})[0]
        for i, found_one in zip(batch, answer(logits[ids == mask])):
            found[i] = found_one
    return found


def engine(model, texts, work):
    """(seconds without opening the model, answers)."""
    lines = work / "lines.txt"
    lines.write_text("".join(text.replace("\n", " ") + "\n" for text in texts.texts), encoding="utf-8")
    jars = [HOME / "job/target/cloze-job.jar", *(HOME / "job/target/onnxruntime").glob("*.jar"), HOME / "job/target/spark/jars/*"]
    out = subprocess.run(["java", "-cp", ":".join(map(str, jars)), str(HOME / "bench/Engine.java"), str(model), str(lines), "1"],
                         check=True, capture_output=True, text=True).stdout.split("\n")
    seconds, opening, *_ = map(float, out[0].split())
    found = [line.split() for line in out[1:-1]]
    return seconds - opening, [(int(token), float(probability)) for token, probability in found]


def timed(work):
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def best_size(pipe, texts):
    some = Texts(texts.texts[:: max(1, len(texts.texts) // 64)], texts.tokenizer)
    return min(BATCH_SIZES, key=lambda size: timed(lambda: of_pipeline(pipe, some, size))[0])


def contestants(bundle, eight_bit, directory, texts, work):
    model = AutoModelForMaskedLM.from_pretrained(directory).eval()
    half = AutoModelForMaskedLM.from_pretrained(directory, dtype=torch.bfloat16).eval()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(bundle / "model.onnx"), options, providers=["CPUExecutionProvider"])
    pipe = pipeline("fill-mask", model=model, tokenizer=texts.tokenizer)
    size = best_size(pipe, texts)
    every = {
        "transformers pipeline, as it comes (batches of 1)": lambda: timed(lambda: of_pipeline(pipe, texts, 1)),
        f"transformers pipeline, batches of {size}": lambda: timed(lambda: of_pipeline(pipe, texts, size)),
        "ONNX Runtime, plain graph, sorted, batches of 32": lambda: timed(lambda: of_onnx(session, texts)),
        "torch fp32, sorted, gathered": lambda: timed(lambda: of_torch(model, texts)),
        "torch bf16, sorted, gathered": lambda: timed(lambda: of_torch(half, texts)),
        "Cloze engine": lambda: engine(bundle, texts, work),
    }
    if eight_bit:
        every["Cloze engine, int8"] = lambda: engine(eight_bit, texts, work)
    return every, of_torch(model, texts, lambda count, width: count == 1)


def main(bundle, prose, runs=5, eight_bit=None):
    torch.set_num_threads(1)
    texts = [json.loads(line)["text"] for line in Path(prose).read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "transformers"
        subprocess.run([HOME / "bin/cloze", "model", "export", bundle, "--output", directory], check=True, capture_output=True)
        texts = Texts(texts, AutoTokenizer.from_pretrained(directory))
        every, expected = contestants(Path(bundle), eight_bit, directory, texts, Path(folder))
        seconds = {name: [] for name in every}
        for _ in range(int(runs)):
            for name, work in every.items():
                took, found = work()
                seconds[name].append(took)
                if len(seconds[name]) == 1:
                    equal = sum(a[0] == b[0] for a, b in zip(found, expected, strict=True))
                    most = max(abs(a[1] - b[1]) for a, b in zip(found, expected))
                    print(f"{name}: {equal} of {len(expected)} best tokens equal, probabilities within {most:.1e}", flush=True)
            print(f"  {' '.join(f'{times[-1]:.1f}' for times in seconds.values())} s; load {os.getloadavg()[0]:.1f}", flush=True)
    ours = statistics.median(seconds["Cloze engine"])
    print(f"\n{len(expected)} sentences, {sum(map(len, texts.rows()))} tokens, medians of {runs} runs in turn\n")
    print("| | sentences/s | ÷ Cloze engine |\n|---|---|---|")
    for name, times in sorted(seconds.items(), key=lambda item: -statistics.median(item[1])):
        print(f"| {name} | {len(expected) / statistics.median(times):.1f} | {ours / statistics.median(times):.2f} |")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
