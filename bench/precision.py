#!/usr/bin/env python3
"""An 8-bit version beside its model: how near its answers are, and how much faster they come (bench/Precision.java).

    python3 bench/prose.py 700 target/held-out.jsonl plain
    python3 bench/prose.py 128 target/calibration.jsonl plain
    bench/precision.py MODEL target/held-out.jsonl target/calibration.jsonl [RUNS]

MODEL is the directory of a bundle (`bin/cloze model list`). Makes its 8-bit version of the second file in a cache of its own, and masks every eighth
token of the sentences of the first one. One thread, the same batches, processor seconds, runs in turn. Sentences that are in both files are left out.
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


def sentences(file):
    return [" ".join(json.loads(line)["text"].split()) for line in Path(file).read_text(encoding="utf-8").splitlines()]


def eight_bit(model, texts, folder):
    """The directory of the 8-bit version."""
    calibration = folder / "calibration.txt"
    calibration.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    mask = re.search(r"mask token\s+(\S+)", subprocess.run(
        [HOME / "bin/cloze", "model", "show", model], check=True, capture_output=True, text=True).stdout)[1]
    subprocess.run([HOME / "bin/cloze", "fill-mask", "--model", model, "--precision", "int8", "--calibration", calibration,
                    "--cache", folder / "cache", "--text", f"a {mask}"], check=True, stdout=subprocess.DEVNULL)
    return next(file.parent for file in (folder / "cache").glob("*-int8-*/cloze.json"))


def main(model, held_out, calibration, runs="5"):
    sample = sentences(calibration)
    known = set(sample)
    texts = [text for text in sentences(held_out) if text not in known]
    with tempfile.TemporaryDirectory() as folder:
        made = eight_bit(model, sample, Path(folder))
        lines = Path(folder) / "lines.txt"
        lines.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        jars = [HOME / "job/target/cloze-job.jar", *(HOME / "job/target/onnxruntime").glob("*.jar"), HOME / "job/target/spark/jars/*"]
        out = subprocess.run(
            ["java", "-cp", ":".join(map(str, jars)), str(HOME / "bench/Precision.java"), str(lines), runs, str(model), str(made)],
            check=True, capture_output=True, text=True).stdout.splitlines()
    masks, agreement, nats, error, shift = out[0].split()
    exact, near = (json.loads(times) for times in re.findall(r"\[.*?\]", out[1]))
    ratios = [a / b for a, b in zip(exact, near)]
    print(f"{masks} masks: best token equal {float(agreement):.4f}, mean |difference of log p| {float(nats):.4f} ± {float(error):.4f} nats, "
          f"mean difference {float(shift):+.4f}")
    print(f"fp32 ÷ int8, {runs} pairs in turn: median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); "
          f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
