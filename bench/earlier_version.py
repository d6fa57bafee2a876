#!/usr/bin/env python3
"""Results of an earlier version, continued by this one: resumed, refreshed, merged and read.

    bench/earlier_version.py COMMIT

Builds COMMIT in a directory of its own, lets it write results with a tiny model, and gives them to this version. The rows must be those
that this version writes alone, or the refusal must say what to do.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
EXPORT = HOME / "udf/src/test/resources/dev/cloze/exports/bert"
ROWS, FILES, CHUNKS = 240, 4, 24


def write(directory, number, word="capital"):
    directory.mkdir(exist_ok=True)
    first, count = number * 1000, ROWS // FILES
    lines = [json.dumps({"id": first + i, "group": i % 3, "text": f"number {first + i} is the {word} of [MASK] " * 12})
             for i in range(count)]
    (directory / f"part{number}.jsonl").write_text("\n".join(lines) + "\n")


def corpus(directory):
    for number in range(FILES):
        write(directory, number)
    return directory


class Version:
    def __init__(self, home, model):
        self.cloze, self.model = str(home / "bin" / "cloze"), model

    def args(self, command, where, output, *more):
        return [self.cloze, "--master", "local[1]", command, "--model", str(self.model), "--input", str(where), "--id-column", "id",
                "--partitions", str(CHUNKS), "--json", "--output", str(output), *map(str, more)]

    def run(self, *args):
        done = subprocess.run(self.args(*args), capture_output=True, text=True)
        return done.returncode, sorted(done.stdout.splitlines()), done.stderr

    def run_until(self, chunks, *args):
        """Kills the run when so many chunks are there."""
        process = subprocess.Popen(self.args(*args), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while process.poll() is None and len(list(Path(args[2]).glob("chunk-*"))) < chunks:
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
        return len(list(Path(args[2]).glob("chunk-*")))


def report(what, done, expected):
    code, rows, err = done
    same = "rows as of this version alone" if rows == expected else f"{len(rows)} rows, not as of this version alone"
    said = next((line for line in err.splitlines() if "resum" in line or "Cannot" in line), err.splitlines()[-1])
    print(f"{what}: exit code {code}; {same if code == 0 else 'refused'}; {said}", flush=True)
    return code == 0 and rows == expected


def main(commit):
    work = Path(tempfile.mkdtemp(prefix="cloze-earlier-"))
    earlier = work / "earlier"
    subprocess.run(["git", "-C", str(HOME), "worktree", "add", "-q", "--detach", str(earlier), commit], check=True)
    try:
        subprocess.run([str(earlier / "bin/cloze"), "model", "import", str(EXPORT), "--name", "tiny", "--cache", str(work / "models")],
                       check=True)
        old, new = Version(earlier, work / "models/tiny"), Version(HOME, work / "models/tiny")
        place = work / "runs"
        place.mkdir()
        texts = corpus(place / "corpus")
        good = []
        for command in ("perplexity", "augment", "embed", "fill-mask"):
            _, alone, _ = new.run(command, texts, place / f"{command}-alone")
            there = old.run_until(CHUNKS // 2, command, texts, place / command)
            good.append(report(f"{command} resumed at {there} of {CHUNKS} chunks", new.run(command, texts, place / command), alone))
        old.run("fill-mask", texts, place / "refreshed")
        old.run("perplexity", texts, place / "merged", "--group-by", "group")
        good.append(report("read, nothing left to score", new.run("fill-mask", texts, place / "refreshed"), alone))
        write(texts, 1, "city")
        _, changed, _ = new.run("fill-mask", texts, place / "changed")
        good.append(report("refreshed", new.run("fill-mask", texts, place / "refreshed", "--refresh"), changed))
        more = place / "more"
        write(more, 9)
        _, rows, _ = new.run("perplexity", more, place / "one", "--group-by", "group")
        good.append(report("merged", new.run("perplexity", more, place / "two", "--group-by", "group", "--merge", place / "merged"), rows))
        documents = json.loads((place / "two/_summary.json").read_text())["corpus"]["documents"]
        print(f"merged: {documents} documents, expected {ROWS + ROWS // FILES}")
        good.append(documents == ROWS + ROWS // FILES)
        shown = subprocess.run([new.cloze, "runs", "show", str(place / "merged")], capture_output=True, text=True)
        print(f"runs show: exit code {shown.returncode}; {shown.stdout.splitlines()[0] if shown.stdout else shown.stderr}")
        return all(good) and shown.returncode == 0
    finally:
        subprocess.run(["git", "-C", str(HOME), "worktree", "remove", "--force", str(earlier)], check=False)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(0 if main(sys.argv[1]) else 1)
