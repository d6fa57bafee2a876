"""Kills Cloze with SIGKILL at random moments, runs the same command again, and compares with what an undisturbed run leaves.

    python3 bench/kills.py import 50          # scenario, number of kills; a third argument is the seed

A scenario is a class in SCENARIOS. Build first (bin/cloze --version does).
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
BUILD = HOME / "job/target"
EXPORT = HOME / "udf/src/test/resources/dev/cloze/exports/bert"
PACKAGES = ["lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util", "util.concurrent", "util.concurrent.atomic"]


class Sandbox:
    """A directory with a home and a temporary directory of its own; Cloze runs in it without SparkSubmit."""

    def __init__(self, directory):
        self.directory = Path(directory)
        for name in ("home", "tmp", "said"):
            (self.directory / name).mkdir()

    def start(self, *arguments):
        jars = [BUILD / "cloze-job.jar", BUILD / "spark/jars/*", BUILD / "onnxruntime/*"]
        command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", f"-Djava.io.tmpdir={self.directory / 'tmp'}"]
        command += [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in PACKAGES]
        command += ["-cp", ":".join(map(str, jars)), "dev.cloze.job.Cloze", *map(str, arguments)]
        said = (self.directory / "said/last.txt").open("w")
        environment = {**os.environ, "HOME": str(self.directory / "home")}
        return subprocess.Popen(command, cwd=self.directory, env=environment, stdout=said, stderr=said)

    def finish(self, *arguments):
        run = self.start(*arguments)
        code = run.wait(timeout=600)
        said = (self.directory / "said/last.txt").read_text()
        assert code == 0, f"exit code {code} of {arguments}:\n{said[-3000:]}"
        return said


def snapshot(root, *without):
    """What is in each file below `root`, and where each link leads."""
    content = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if any(name == other or name.startswith(f"{other}/") for other in without):
            continue
        if path.is_symlink():
            content[name] = f"-> {os.readlink(path)}"
        else:
            content[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "directory"
    return content


class Import:
    """`cloze model import`, into a cache with another model and somebody's files in it."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.source = shutil.copytree(EXPORT, sandbox.directory / "source")
        self.cache = sandbox.directory / "cache"
        (self.cache / "mine").mkdir(parents=True)
        (self.cache / "mine/notes.txt").write_text("mine")
        sandbox.finish(*self.command("other"))
        began = time.monotonic()
        run = sandbox.start(*self.command("tiny"))
        self.first_seconds = self.wait_for_work(run)
        assert run.wait(timeout=600) == 0
        self.seconds = time.monotonic() - began - self.first_seconds
        self.expected = self.everything()

    def command(self, name):
        return "model", "import", self.source, "--name", name, "--cache", self.cache

    def wait_for_work(self, run):
        """Seconds until the bundle is begun; imports are short, starting a JVM is not."""
        began = time.monotonic()
        while run.poll() is None and not (self.cache / ".cloze-cache/tiny.unfinished").exists():
            time.sleep(0.002)
        return time.monotonic() - began

    def everything(self):
        """Natives that a killed JVM cannot remove are in the temporary directory and in DJL's cache."""
        return snapshot(self.sandbox.directory, "tmp", "said", "home/.djl.ai")

    def kill(self, random):
        """At a moment of the import itself; every tenth while the JVM starts. Returns what the kill left."""
        shutil.rmtree(self.cache / "tiny")
        run = self.sandbox.start(*self.command("tiny"))
        if random.random() < 0.1:
            time.sleep(random.uniform(0, self.first_seconds))
        else:
            self.wait_for_work(run)
            time.sleep(random.uniform(0, 1.05 * self.seconds))
        run.kill()
        run.wait()
        if (self.cache / "tiny").exists():
            return "after the bundle was there"
        work = self.cache / ".cloze-cache/tiny.unfinished"
        return f"with {len(list(work.iterdir()))} unfinished files" if work.exists() else "before it began"

    def again(self):
        """The same command; one that was killed when all was done is refused, so nothing is left to do."""
        if not (self.cache / "tiny").exists():
            self.sandbox.finish(*self.command("tiny"))
        found = self.everything()
        assert found == self.expected, sorted(found.items() ^ self.expected.items())


SCENARIOS = {"import": Import}


def main(name, kills="50", seed="1"):
    moments = random.Random(int(seed))
    kinds = Counter()
    with tempfile.TemporaryDirectory(prefix="cloze-kills-") as directory:
        scenario = SCENARIOS[name](Sandbox(directory))
        for number in range(int(kills)):
            kind = scenario.kill(moments)
            scenario.again()
            kinds[kind] += 1
            print(f"{number + 1}: killed {kind}; the same command again: equal", flush=True)
    print(f"{name}: {kills} kills, seed {seed}, all equal to the undisturbed run, nothing left over, nothing else changed")
    for kind, count in sorted(kinds.items()):
        print(f"  {count:3d} {kind}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3, 4) or sys.argv[1] not in SCENARIOS:
        sys.exit(f"usage: python3 bench/kills.py {'|'.join(SCENARIOS)} [KILLS [SEED]]")
    main(*sys.argv[1:])
