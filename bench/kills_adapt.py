#!/usr/bin/env python3
"""Kills `cloze adapt` with `kill -9` at random moments and runs the same command until it is done: the weights must be those of an undisturbed run.

    bench/kills_adapt.py [--kills 10] [--seed 1] [--steps 400]

A tiny model, a checkpoint every third step. Every adaptation is killed until it ends by itself, each time later than the time before. A kill before the first
checkpoint, between two, and behind the last one all occur.
"""

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kills_runs import EXPORT, ONE_CORE, finish, kill, start

ROWS = 400
EVERY = 3


def corpus(file):
    words = "paris rome the capital of france italy is new old large small city river".split()
    chosen = random.Random(5)
    file.write_text("".join(" ".join(chosen.choice(words) for _ in range(40)) + "\n" for _ in range(ROWS)))
    return file


def digests(directory):
    """What is in each file."""
    return {str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(directory.rglob("*")) if file.is_file()}


class Adaptations:
    def __init__(self, work, model, steps):
        self.work, self.model, self.steps = work, model, steps
        self.input = corpus(work / "corpus.txt")
        self.found, self.wrong, self.kills = Counter(), 0, 0

    def args(self, place):
        return ["adapt", "--model", self.model, "--input", self.input, "--block-size", "32", "--steps", self.steps, "--learning-rate",
                "1e-3", "--threads", "1", "--eval-every", "50", "--checkpoint-every", EVERY, "--output", place / "out"]

    def reference(self):
        place = self.work / "reference"
        place.mkdir()
        process = start(ONE_CORE, self.args(place), open(place / "log", "w"))
        begun, first = time.time(), None
        while process.poll() is None:
            if first is None and (place / "out.adapting").exists():
                first = time.time() - begun
            time.sleep(0.01)
        if process.returncode != 0:
            sys.exit(f"the undisturbed run failed: {(place / 'log').read_text()}")
        self.whole, self.first = time.time() - begun, first
        self.expected = digests(place / "out")
        print(f"undisturbed: {self.whole:.1f} s, trains from {self.first:.1f} s on, {len(self.expected)} files", flush=True)

    def phase(self, place):
        if (place / "out").exists():
            return "the result, its directory not yet removed" if (place / "out.adapting").exists() else "the result"
        working = place / "out.adapting"
        if not working.exists():
            return "nothing"
        checkpoints = sorted(working.glob("checkpoint-*"))
        if (working / "bundle").exists():
            return "a result that is being written"
        return "no checkpoint" if not checkpoints else "a checkpoint"

    def one(self, place):
        """Kills until the command has ended by itself."""
        place.mkdir()
        while self.kills < self.wanted:
            process = start(ONE_CORE, self.args(place), open(place / "log", "w"))
            try:
                process.wait(random.uniform(0.9 * self.first, 1.02 * self.whole))
                break
            except subprocess.TimeoutExpired:
                kill(process)
                self.kills += 1
                self.found[self.phase(place)] += 1
            finally:
                kill(process)
        code, printed = (0, "") if (place / "out").exists() and not (place / "out.adapting").exists() else finish(
            ONE_CORE, self.args(place), place / "log")
        left = [entry.name for entry in place.iterdir() if entry.name not in ("out", "log")]
        if code != 0 or left or digests(place / "out") != self.expected:
            self.wrong += 1
            print(f"WRONG: exit code {code}, left {left}: {(place / 'log').read_text()}", flush=True)
        shutil.rmtree(place)

    def run(self, kills):
        self.wanted, done = kills, 0
        while self.kills < kills:
            done += 1
            self.one(self.work / f"adaptation{done}")
        found = ", ".join(f"{count} {what}" for what, count in sorted(self.found.items()))
        print(f"{self.kills} kills of {done} adaptations, {self.wrong} wrong; found then: {found}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    random.seed(options.seed)
    work = Path(tempfile.mkdtemp(prefix="cloze-kills-"))
    try:
        code, printed = finish([], ["model", "import", EXPORT, "--name", "tiny", "--cache", work / "models"], work / "import.log")
        if code != 0:
            sys.exit((work / "import.log").read_text())
        adaptations = Adaptations(work, printed.strip(), options.steps)
        adaptations.reference()
        adaptations.run(options.kills)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(f"{adaptations.wrong} wrong" if adaptations.wrong else 0)


if __name__ == "__main__":
    main()
