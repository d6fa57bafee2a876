#!/usr/bin/env python3
"""The job beside its engine: the same sentences, one mask each, in alternating runs of this machine.

    python3 bench/prose.py 20000 target/prose.jsonl
    bench/job_engine.py MODEL target/prose.jsonl [RUNS]

MODEL is the directory of a bundle (`bin/cloze model list`). The engine (bench/Engine.java) opens the model and scores in one thread for each
core; of the job everything is counted that its last line counts: reading, planning, scoring and writing, but not the start of Spark. Answers
are compared first. Prints medians, the ratio of the rates, and padding and batches of both; and a corpus of 400 files of five short rows
beside the same rows in one file.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SIZES = (200, 800, 4000, 20000)
FILES, ROWS_OF_A_FILE, WORDS = 400, 5, 8
CORES = len(os.sched_getaffinity(0))


def engine(model, texts, work):
    """(seconds, tokens, padding, batches, best tokens); opening the model counts, as it does for the job."""
    lines = work / "lines.txt"
    lines.write_text("".join(text.replace("\n", " ") + "\n" for text in texts), encoding="utf-8")
    jars = [HOME / "job/target/cloze-job.jar", *(HOME / "job/target/onnxruntime").glob("*.jar"), HOME / "job/target/spark/jars/*"]
    out = subprocess.run(
        ["java", "-cp", ":".join(map(str, jars)), str(HOME / "bench/Engine.java"), str(model), str(lines), str(CORES)],
        check=True, capture_output=True, text=True).stdout.split("\n")
    seconds, _opening, *counts = out[0].split()
    return float(seconds), *map(int, counts), [int(line.split()[0]) for line in out[1:-1]]


def job(model, corpus, work):
    """(seconds, metrics as the manifest has it, best tokens)."""
    output = work / "out"
    run = subprocess.run(
        [HOME / "bin/cloze", "fill-mask", "--model", model, "--input", corpus, "--id-column", "id", "--output", output, "--overwrite",
         "--json"],
        check=True, capture_output=True, text=True)
    seconds = float(re.search(r"rows .* in ([\d.]+) s;", run.stderr).group(1))
    metrics = json.loads((output / "_manifest.json").read_text())["attempts"][-1]["metrics"]
    best = [json.loads(line)["masks"][0]["candidates"][0]["token"] for line in run.stdout.splitlines()]
    return seconds, metrics, best


def compare(model, rows, work, runs):
    corpus = work / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    engines, jobs = [], []
    for _ in range(runs):
        engines.append(engine(model, [row["text"] for row in rows], work))
        jobs.append(job(model, corpus, work))
        same = sum(a == b for a, b in zip(engines[-1][-1], jobs[-1][-1]))
        if len(jobs[-1][-1]) != len(rows) or same < len(rows):
            print(f"  {same} of {len(rows)} rows have the same best token", flush=True)
    of_engine = statistics.median(run[0] for run in engines)
    of_job = statistics.median(run[0] for run in jobs)
    tokens, padding, batches = engines[-1][1:4]
    metrics = jobs[-1][1]
    print(f"{len(rows)} rows: engine {of_engine:.1f} s, {tokens / of_engine:.0f} tokens/s, {batches} batches, "
          f"(tokens + padding) / tokens {1 + padding / tokens:.3f}", flush=True)
    print(f"  job {of_job:.1f} s, {metrics['tokens'] / of_job:.0f} tokens/s, {metrics['batches']} batches, "
          f"(tokens + padding) / tokens {1 / (1 - metrics['padding_share']):.3f}; job / engine {of_engine / of_job:.2f}", flush=True)


def many_files(model, rows, work, runs):
    """The ratio of times of many small files and one."""
    short = [{"id": i, "text": " ".join(["[MASK]", *rows[i % len(rows)]["text"].replace("[MASK]", "it").split()[:WORDS]])}
             for i in range(FILES * ROWS_OF_A_FILE)]
    one, many = work / "one", work / "many"
    one.mkdir()
    many.mkdir()
    (one / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in short), encoding="utf-8")
    for i in range(FILES):
        part = short[i * ROWS_OF_A_FILE:(i + 1) * ROWS_OF_A_FILE]
        (many / f"{i:04}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part), encoding="utf-8")
    times = {one: [], many: []}
    for _ in range(runs):
        for place in times:
            times[place].append(job(model, place, work)[0])
    medians = {place: statistics.median(seconds) for place, seconds in times.items()}
    print(f"{len(short)} short rows: one file {medians[one]:.1f} s, {FILES} files {medians[many]:.1f} s, "
          f"ratio {medians[many] / medians[one]:.2f}", flush=True)


def main(model, prose, runs=5):
    rows = [json.loads(line) for line in Path(prose).read_text(encoding="utf-8").splitlines()]
    print(f"{CORES} cores; medians of {runs} alternating runs", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            if size <= len(rows):
                compare(model, rows[:size], Path(folder), int(runs))
        many_files(model, rows, Path(folder), int(runs))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
