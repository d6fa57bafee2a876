#!/usr/bin/env python3
"""Kills audits with `kill -9` at random moments and runs the same command until it is done: the history must be that of an undisturbed audit, byte for byte.

    bench/kills_audit.py [--kills 20] [--scenarios first,later,backfill,two] [--seed 1]

first     the first night of a history
later     a night after three others, most of whose documents are known
backfill  four nights at once
two       two first audits of one night at once, one of which is killed

A tiny model scores the documents. An audit that ends before it is killed does not count. What was being written when it was killed may be left in `_unfinished`.
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kills_runs import EXPORT, LIMIT, ONE_CORE, Wrong, finish, kill, start

NIGHTS, DOCUMENTS = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"], 60
DONE = (0, 3)  # an audit that found drift is done, too


def document(number):
    draw = random.Random(number)
    words = draw.choices(["paris", "capital", "france", "hello", "model", "list", "of", "the"], k=draw.randint(5, 15))
    return json.dumps({"source": draw.choice(["news", "forum"]), "text": " ".join([*words, f"number {number}"])})


def write_documents(directory):
    """Each night has most of the documents of the night before."""
    directory.mkdir()
    for i, night in enumerate(NIGHTS):
        lines = [document(number) for number in range(i * 20, i * 20 + DOCUMENTS)]
        (directory / f"{night}.jsonl").write_text("\n".join(lines) + "\n")


def content(history):
    """Every file of a history but what is being written, and a digest of it."""
    return {str(file.relative_to(history)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in history.rglob("*")
            if file.is_file() and not any(part == "_unfinished" or part.startswith(".") for part in file.relative_to(history).parts)}


def phase(history):
    """How far an audit had come."""
    found = [name for name in ("reports", "verdicts", "runs", "inputs", "scores", "scoring") if (history / name).exists()]
    if not found:
        return "nothing written"
    return {"scoring": "scoring", "scores": "scores kept", "inputs": "states known", "runs": "night stored",
            "verdicts": "judged", "reports": "page written"}[found[0]]


class Scenario:
    """What is there before an audit, and the audit."""

    before = []

    def __init__(self, work, model):
        self.work, self.model = work, model
        self.history = work / "history"
        self.phases = Counter()

    def args(self, *command):
        return ["audit", *command, "--model", self.model, "--input", self.work / "documents" / "{date}.jsonl", "--slice-by",
                "source", "--name", "kills", "--history", self.history]

    def night(self, night):
        return self.args("--date", night)

    def command(self):
        raise NotImplementedError

    def done(self, args):
        log = self.work / "done.log"
        code, _ = finish(ONE_CORE, args, log)
        if code not in DONE:
            raise Wrong(f"exit code {code}: {log.read_text()}")

    def reset(self):
        shutil.rmtree(self.history, ignore_errors=True)
        if self.template.exists():
            shutil.copytree(self.template, self.history)

    def reference(self):
        self.template = self.work / f"template-{type(self).__name__}"
        shutil.rmtree(self.history, ignore_errors=True)
        for night in self.before:
            self.done(self.night(night))
        if self.before:
            shutil.copytree(self.history, self.template)
        begun = time.time()
        self.done(self.command())
        self.whole = time.time() - begun
        self.expected = content(self.history)
        print(f"{type(self).__name__.lower()}: undisturbed {self.whole:.1f} s, {len(self.expected)} files", flush=True)

    def disturb(self):
        """Whether the audit was still running when it was killed."""
        process = start(ONE_CORE, self.command(), open(self.work / "killed.log", "w"))
        try:
            process.wait(random.uniform(0.25, 1.0) * self.whole)
        except subprocess.TimeoutExpired:
            pass
        killed = process.poll() is None
        kill(process)
        return killed

    def require_same(self):
        found = content(self.history)
        different = sorted(name for name in set(found) | set(self.expected) if found.get(name) != self.expected.get(name))
        if different:
            raise Wrong(f"files differ: {different}")

    def run(self, kills):
        self.reference()
        wrong = killed = tried = 0
        while killed < kills and tried < 3 * kills:
            tried += 1
            self.reset()
            try:
                counts = self.disturb()
                killed += counts
                if counts:
                    self.phases[phase(self.history)] += 1
                self.done(self.command())
                self.require_same()
            except (Wrong, subprocess.TimeoutExpired) as broken:
                wrong += 1
                print(f"WRONG: {broken}", flush=True)
        print(f"{type(self).__name__.lower()}: {killed} killed of {tried} audits, {wrong} wrong; {dict(self.phases)}", flush=True)
        return wrong


class First(Scenario):
    def command(self):
        return self.night(NIGHTS[0])


class Later(Scenario):
    before = NIGHTS[:3]

    def command(self):
        return self.night(NIGHTS[3])


class Backfill(Scenario):
    def command(self):
        return self.args("backfill", "--from", NIGHTS[0], "--to", NIGHTS[-1])


class Two(First):
    def disturb(self):
        two = [start(ONE_CORE, self.command(), open(self.work / f"two{number}.log", "w")) for number in (1, 2)]
        # Two at once share the cores.
        time.sleep(random.uniform(0.25, 1.0) * self.whole * 1.3)
        killed = two[0].poll() is None
        kill(two[0])
        try:
            code = two[1].wait(LIMIT)
        finally:
            kill(two[1])
        log = (self.work / "two2.log").read_text()
        if code not in (*DONE, 6) or "\tat " in log:
            raise Wrong(f"the other audit ended with exit code {code}: {log}")
        self.phases["the other one done" if code in DONE else f"the other one ended with exit code {code}"] += 1
        return killed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--scenarios", default="first,later,backfill,two")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the working directory behind")
    options = parser.parse_args()
    random.seed(options.seed)
    known = {kind.__name__.lower(): kind for kind in (First, Later, Backfill, Two)}
    work = Path(tempfile.mkdtemp(prefix="cloze-kills-"))
    try:
        code, printed = finish([], ["model", "import", EXPORT, "--name", "tiny", "--cache", work / "models"], work / "import.log")
        if code != 0:
            sys.exit((work / "import.log").read_text())
        write_documents(work / "documents")
        wrong = sum(known[name](work, printed.strip()).run(options.kills) for name in options.scenarios.split(","))
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(f"{wrong} wrong" if wrong else 0)


if __name__ == "__main__":
    main()
