#!/usr/bin/env python3
"""Kills runs with `kill -9` at random moments and runs the same command until it is done: the rows must be those of an undisturbed run.

    bench/kills_runs.py [--kills 50] [--scenarios plain,overwrite,refresh,merge,drivers,executor,disk] [--seed 1]

plain      the first run into a directory
overwrite  --overwrite of complete results of another setting
refresh    --refresh after a file of the corpus changed and another one came
merge      a run that merges two earlier ones, one of which merged the other
drivers    two drivers of one command at once, one of which is killed
executor   an executor of two is killed, and the driver continues (Spark's local-cluster)
disk       a file system of the run's own that is full at a random moment, and then has room again (Linux, unprivileged mounts)

A tiny model, so that a run takes seconds. A run that ends before it is disturbed does not count. After every kill, whatever figures are there must be those of the chunks that are there.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import quick_start

HOME = Path(__file__).resolve().parent.parent
CLOZE = str(HOME / "bin" / "cloze")
EXPORT = HOME / "udf/src/test/resources/dev/cloze/exports/bert"
ROWS, FILES, CHUNKS = 240, 4, 24
LIMIT = 300
ENVIRONMENT = dict(os.environ, JAVA_TOOL_OPTIONS=quick_start.OPTIONS)
ONE_CORE = ["--master", "local[1]"]


class Wrong(Exception):
    """A promise was broken."""


def start(spark, args, out):
    return subprocess.Popen(
        [CLOZE, *spark, *map(str, args)], stdout=out, stderr=subprocess.STDOUT, env=ENVIRONMENT, start_new_session=True)


def kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def finish(spark, args, log):
    """The exit code of a run that nobody disturbs, and what it printed."""
    with open(log, "w") as err:
        done = subprocess.run([CLOZE, *spark, *map(str, args)], stdout=subprocess.PIPE, stderr=err, env=ENVIRONMENT,
                              timeout=LIMIT, text=True)
    return done.returncode, done.stdout


def rows(printed):
    """Rows as --json prints them, in an order of their own; figures to the digits that batches do not move."""
    def rounded(value):
        if isinstance(value, float):
            return float(f"{value:.4g}")
        if isinstance(value, dict):
            return {key: rounded(inner) for key, inner in value.items()}
        return [rounded(inner) for inner in value] if isinstance(value, list) else value
    return sorted(json.dumps(rounded(json.loads(line)), sort_keys=True) for line in printed.splitlines())


def chunks(directory):
    return {file.name for file in directory.glob("chunk-*")}


def read(file):
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


def phase(place):
    """How far a run had come in `place`."""
    if not place.exists():
        return "nothing there"
    plan = read(place / "_plan.json")
    if plan is None:
        return "no plan yet"
    if (place / "_SUCCESS").exists():
        return "complete"
    planned = sum(len(split["rows"]) for split in plan["splits"])
    done = len(chunks(place))
    return "all chunks, no mark" if done == planned else "no chunk" if done == 0 else "some chunks"


def require_figures(place):
    """Figures are of the chunks that are there, or absent."""
    manifest = read(place / "_manifest.json")
    if manifest is not None and set(manifest["chunks"]) != chunks(place):
        raise Wrong(f"{place}/_manifest.json tells of other chunks than those that are there")
    if (place / "_SUCCESS").exists() and manifest is None:
        raise Wrong(f"{place} is marked as complete and has no manifest")


def require_whole(place):
    require_figures(place)
    left = [name for name in ("_unfinished", "_input") if (place / name).exists()]
    if not (place / "_SUCCESS").exists() or left or place.with_name(place.name + ".overwriting").exists():
        raise Wrong(f"{place} is not whole, or something is left: {left}")


class Corpus:
    def __init__(self, directory, files=FILES):
        self.directory = directory
        directory.mkdir(parents=True)
        for number in range(files):
            self.write(number, ROWS // FILES)

    def write(self, number, count, word="capital"):
        first = number * 1000
        lines = [json.dumps({"id": first + i, "group": i % 3,
                             "text": f"number {first + i} is the {word} of [MASK] " * 12}) for i in range(count)]
        (self.directory / f"part{number}.jsonl").write_text("\n".join(lines) + "\n")


class Scenario:
    """A command, what is there before it, and an undisturbed run of it."""

    spark = ONE_CORE
    command = "fill-mask"
    options = ["--top-k", "3"]

    def __init__(self, work, model):
        self.work, self.model, self.number = work, model, 0
        self.phases, self.reruns, self.said = Counter(), Counter(), Counter()

    def new(self):
        self.number += 1
        place = self.work / f"{self.name}{self.number}"
        place.mkdir(parents=True)
        return place

    @property
    def name(self):
        return type(self).__name__.lower()

    def args(self, place):
        return [self.command, "--model", self.model, "--input", place / "corpus", "--id-column", "id", "--partitions", CHUNKS,
                "--json", "--output", place / "out", *self.options]

    def prepare(self, place):
        Corpus(place / "corpus")

    def watched(self, place):
        """Where the run writes."""
        return place / "out"

    def template(self):
        """What is there before the run, made once and copied."""
        self.source = self.new()
        self.prepare(self.source)

    def fresh(self):
        place = self.new()
        shutil.rmtree(place)
        # With the times of files, by which a run knows them.
        shutil.copytree(self.source, place, symlinks=True)
        return place

    def reference(self):
        self.template()
        place = self.source
        before = self.watched(place).exists()
        log = open(place / "reference.log", "w")
        out = open(place / "reference.out", "w")
        begun = time.time()
        process = subprocess.Popen([CLOZE, *self.spark, *map(str, self.args(self.place_of_reference(place)))], stdout=out,
                                   stderr=log, env=ENVIRONMENT, start_new_session=True)
        first = None
        target = self.watched(self.place_of_reference(place))
        mark = target / ".cloze"
        had = len(list(mark.glob("attempt-*"))) if before else 0
        while process.poll() is None:
            if first is None and mark.exists() and len(list(mark.glob("attempt-*"))) > had:
                first = time.time() - begun
            time.sleep(0.01)
        if process.returncode != 0:
            sys.exit(f"{self.name}: the undisturbed run failed: {(place / 'reference.log').read_text()}")
        self.whole = time.time() - begun
        self.first = first or self.whole / 2
        self.expected = rows((place / "reference.out").read_text())
        self.figures = self.summary(self.place_of_reference(place))
        print(f"{self.name}: undisturbed {self.whole:.1f} s, writes from {self.first:.1f} s on, {len(self.expected)} rows",
              flush=True)

    def place_of_reference(self, place):
        copy = self.work / f"{self.name}-reference"
        if not copy.exists():
            shutil.copytree(place, copy, symlinks=True)
        return copy

    def summary(self, place):
        found = read(place / "out" / "_summary.json")
        return None if found is None else {key: found["corpus"][key] for key in ("rows", "documents", "tokens_scored")}

    def moment(self):
        return random.uniform(0.8 * self.first, 1.05 * self.whole)

    def disturb(self, place):
        """Whether the run was still there when it was killed."""
        begun = time.time()
        process = start(self.spark, self.args(place), open(place / "killed.log", "w"))
        try:
            process.wait(self.moment())
            self.ended_after(time.time() - begun)
            return False
        except subprocess.TimeoutExpired:
            return True
        finally:
            kill(process)

    def ended_after(self, seconds):
        """A run that is faster than the undisturbed one was: the next ones are killed earlier."""
        self.said["ended before the kill"] += 1
        self.first, self.whole = self.first * seconds / self.whole, seconds

    def after_kill(self, place):
        self.phases[phase(self.watched(place))] += 1
        for directory in {place / "out", self.watched(place)}:
            if directory.exists():
                require_figures(directory)

    def one(self):
        """Whether a run was disturbed, which gave the right rows in the end."""
        place = self.fresh()
        disturbed = self.disturb(place)
        if disturbed:
            self.after_kill(place)
        runs, code, printed = 0, None, ""
        while code != 0:
            runs += 1
            if runs > 3:
                raise Wrong(f"not done after {runs - 1} more runs: {(place / 'again.log').read_text()}")
            code, printed = finish(self.spark, self.args(place), place / "again.log")
        self.reruns[runs] += 1
        if rows(printed) != self.expected:
            raise Wrong("rows differ from those of the undisturbed run")
        require_whole(place / "out")
        if self.summary(place) != self.figures:
            raise Wrong(f"figures are {self.summary(place)}, not {self.figures}")
        self.clean(place)
        return disturbed

    def clean(self, place):
        shutil.rmtree(place)

    def run(self, kills):
        self.reference()
        disturbed, wrong = 0, 0
        for number in range(3 * kills):
            if disturbed + wrong == kills:
                break
            try:
                disturbed += self.one()
            except Wrong as problem:
                wrong += 1
                print(f"{self.name} {number + 1}: WRONG: {problem}", flush=True)
        what = ", ".join(f"{count} {name}" for name, count in sorted(self.phases.items()))
        said = "; " + ", ".join(f"{count} {name}" for name, count in sorted(self.said.items())) if self.said else ""
        more = ", ".join(f"{count} after {runs}" for runs, count in sorted(self.reruns.items()))
        print(f"{self.name}: {disturbed + wrong} disturbed, {wrong} wrong; found then: {what}; done with more runs: {more}{said}", flush=True)
        return wrong


class Plain(Scenario):
    pass


class Overwrite(Scenario):
    def prepare(self, place):
        super().prepare(place)
        args = self.args(place)
        args[args.index("--top-k") + 1] = "1"
        code, _ = finish(self.spark, args, place / "before.log")
        if code != 0:
            sys.exit((place / "before.log").read_text())
        self.options = ["--top-k", "3", "--overwrite"]

    def watched(self, place):
        working = place / "out.overwriting"
        return working if working.exists() or not (place / "out").exists() else place / "out"

    def reference(self):
        self.options = ["--top-k", "3"]
        super().reference()

    def after_kill(self, place):
        super().after_kill(place)
        old = place / "out"
        plan = read(place / "out.overwriting" / "_plan.json")
        complete = plan is not None and sum(len(s["rows"]) for s in plan["splits"]) == len(chunks(place / "out.overwriting"))
        if not (old / "_SUCCESS").exists() and not complete and phase(old) != "all chunks, no mark":
            raise Wrong("neither the old results nor the new ones are whole")


class Refresh(Scenario):
    options = ["--top-k", "3", "--refresh"]

    def prepare(self, place):
        corpus = Corpus(place / "corpus")
        code, _ = finish(self.spark, self.args(place), place / "before.log")
        if code != 0:
            sys.exit((place / "before.log").read_text())
        corpus.write(1, 50, "city")
        corpus.write(7, 40)
        (place / "corpus" / "part2.jsonl").unlink()

    def fresh(self):
        """Files are known by their paths: a directory at another place is another corpus, so the same place is used again."""
        place = self.source
        for name in ("out", "corpus"):
            shutil.rmtree(place / name, ignore_errors=True)
            shutil.copytree(self.kept / name, place / name)
        return place

    def template(self):
        super().template()
        self.kept = self.work / "refresh-kept"
        shutil.copytree(self.source, self.kept)

    def place_of_reference(self, place):
        return place

    def clean(self, place):
        """It is used again."""


class Merge(Scenario):
    command = "perplexity"

    def prepare(self, place):
        super().prepare(place)
        self.options = []
        for name, merged in (("a", []), ("b", ["a"])):
            Corpus(place / ("corpus-" + name), files=1)
            args = ["perplexity", "--model", self.model, "--input", place / ("corpus-" + name), "--group-by", "group", "--show", "1",
                    "--output", place / name]
            for earlier in merged:
                args += ["--merge", place / earlier]
            code, _ = finish(self.spark, args, place / "before.log")
            if code != 0:
                sys.exit((place / "before.log").read_text())

    def args(self, place):
        return [*super().args(place), "--group-by", "group", "--merge", place / "b", "--merge", place / "a"]


class Drivers(Scenario):
    def disturb(self, place):
        two = [start(self.spark, self.args(place), open(place / f"driver{number}.log", "w")) for number in (1, 2)]
        begun = time.time()
        # Two at once share the cores.
        time.sleep(self.moment() * 1.3)
        disturbed = two[0].poll() is None
        if not disturbed:
            self.ended_after((time.time() - begun) / 1.3)
        kill(two[0])
        try:
            code = two[1].wait(LIMIT)
        finally:
            kill(two[1])
        self.said["the other driver done" if code == 0 else f"the other driver ended with exit code {code}"] += 1
        log = (place / "driver2.log").read_text()
        if code not in (0, 6) or "\tat " in log:
            raise Wrong(f"the other driver after {time.time() - begun:.0f} s: {log}")
        return disturbed


class Executor(Scenario):
    spark = ["--master", "local-cluster[2,1,512]", "--conf", "spark.executor.memory=512m"]

    def executors(self, session):
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getsid(int(entry.name)) == session and b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes():
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found

    def disturb(self, place):
        process = start(self.spark, self.args(place), open(place / "killed.log", "w"))
        try:
            process.wait(self.moment())
        except subprocess.TimeoutExpired:
            pass
        living = self.executors(process.pid)
        if living:
            os.kill(random.choice(living), signal.SIGKILL)
        self.said["an executor killed" if living else "no executor there"] += 1
        try:
            code = process.wait(LIMIT)
        finally:
            kill(process)
        if code != 0:
            raise Wrong(f"the driver ended with exit code {code}: {(place / 'killed.log').read_text()}")
        return bool(living)

    def reference(self):
        super().reference()
        # The model is opened, and rows are scored.
        self.first *= 0.9


class Disk(Scenario):
    def disturb(self, place):
        """On a small file system with ballast; what is there then is carried over to a large one."""
        disk = place / "disk"
        disk.mkdir()
        room = random.randint(20, 900)
        command = " ".join(f"'{part}'" for part in [CLOZE, *self.spark, *map(str, self.args(place))])
        command = command.replace(f"'{place / 'out'}'", f"'{disk / 'out'}'")
        script = (f"mount -t tmpfs -o size=8m none '{disk}' && head -c {8 * 1024 - room}k /dev/zero > '{disk}/ballast' || exit 99\n"
                  f"{command} > /dev/null 2> '{place}/killed.log'; code=$?\n"
                  f"rm '{disk}/ballast'; [ ! -e '{disk}/out' ] || cp -a '{disk}/out' '{place}/out'; exit $code")
        code = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script], env=ENVIRONMENT, timeout=LIMIT).returncode
        if code == 99:
            sys.exit("disk: mount namespaces are not permitted here")
        self.said[f"exit code {code}"] += 1
        log = (place / "killed.log").read_text()
        if code not in (0, 6) or code == 6 and "No space left on device" not in log:
            raise Wrong(f"exit code {code}: {log}")
        return code != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--scenarios", default="plain,overwrite,refresh,merge,drivers,executor,disk")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the working directory behind")
    options = parser.parse_args()
    random.seed(options.seed)
    known = {kind.__name__.lower(): kind for kind in Scenario.__subclasses__()}
    work = Path(tempfile.mkdtemp(prefix="cloze-kills-"))
    try:
        code, printed = finish([], ["model", "import", EXPORT, "--name", "tiny", "--cache", work / "models"], work / "import.log")
        if code != 0:
            sys.exit((work / "import.log").read_text())
        wrong = sum(known[name](work, printed.strip()).run(options.kills) for name in options.scenarios.split(","))
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(f"{wrong} wrong" if wrong else 0)


if __name__ == "__main__":
    main()
