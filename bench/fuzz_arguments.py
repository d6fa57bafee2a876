"""Command lines of odd values, each in a process of its own with a limit.

    python3 bench/fuzz_arguments.py [N] [SEED] [MODEL]     # 500, 1, a bundle such as ~/.cache/cloze/bert-base-uncased

Every option of every command (as `cloze completion bash` lists them) gets values that nobody expects. A command line passes when its exit
code is one of the documented ones, what it says of a failure is one message that begins with "cloze: Cannot", there is no stack trace, no
"bug of Cloze" and no control character, and nothing appears or changes outside of the directories that are its own. What fails is printed
in full, as a command for bash. The last line is the figures.
"""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import quick_start

HOME = Path(__file__).resolve().parent.parent
CLOZE = str(HOME / "bin" / "cloze")
CODES = {0, 2, 4, 5, 6}
LIMIT = 120
AT_ONCE = 2
COMMANDS = ["fill-mask", "perplexity", "embed", "augment", "doctor", "runs show", "model show", "model import", "help", "completion"]
SCORING = COMMANDS[:4]
# What would fetch weights, and what a name of a model may not be in a run without a network.
OFFLINE = {"bert-base-uncased", "bert-base-cased", "bert-base-multilingual-cased"}
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

NUMBERS = ["0", "-1", "1", "-0", "1e9", "2147483647", "2147483648", "9223372036854775808", "NaN", "Infinity", "-Infinity", "1.5",
           "0x10", "1_000", "٣", "½", "1" * 400, "1e-400", "+1", " 1", "1 "]
WORDS = ["", " ", "@x", "@@x", "@args", "%n", "%s%s%n", "${sys:user.home}", "${env:HOME}", "$HOME", "~", "--", "-", "-x", "--help=1",
         "--nothing", "true", "null", "none", "auto", "window", "pll", "bert", "max", "a" * 5000, "\\", "'", '"', '"a', "a=b", "=", "=b",
         "a=", "a=b=c", ",", ",,", "a,b,", "[", "(", "*", "?", "{", "}", "[MASK]", "a\nb", "a\tb", "a\rb", "\x1b[31mred\x1b[0m",
         "\x9b31m", "\u202eabc", "\u2066x\u2069", "\u200b", "\ufeff", "\u2028", "Grüße", "東京", "😀", "e\u0301", "\x7f", "\x01"]
PATHS = ["/dev/null", "/dev/zero", "/dev/stdin", "/dev/full", "/proc/self/mem", "/proc/self/environ", "/", ".", "..", "../outside",
         "/nowhere/at/all", "corpus.txt", "corpus.*", "{corpus,other}.txt", "[c]orpus.txt", "[", "*", "/*", "pipe", "loop", "dangling",
         "locked", "file:corpus.txt", "file:///", "hdfs://nowhere/x", "http://127.0.0.1:9/x", "s3a://b/x", "nowhere://x", ":", "a:b",
         "corpus.txt/", "corpus.txt/x", "a" * 300, "x\x1b[2Jy", "empty", "bad.conf", "bad.json", "\\\\server\\x", "C:\\x"]
SETTINGS = ["top-k=many", "batch-tokns=1", "=", "", "=x", "a", "show=-1", "config=x", "set=x", "help=true", "input=x", "top-k=${PATH}"]


def options():
    """Options of every command, by what the script for shells completes."""
    script = subprocess.run([CLOZE, "completion", "bash"], capture_output=True, text=True, check=True).stdout
    found = {}
    for command in COMMANDS:
        name = "_picocli_cloze" + "".join("_" + part.replace("-", "") for part in command.split())
        body = script.split(f"function {name}() {{")[1].split("\n}")[0]
        flags, values = (re.search(rf'local {kind}_opts="(.*?)"', body, re.S) for kind in ("flag", "arg"))
        names = lambda found: [o for o in re.findall(r"--[\w-]+", found.group(1))] if found else []
        found[command] = (names(flags), names(values))
    return found


def value(rng):
    return rng.choice(rng.choice([NUMBERS, WORDS, WORDS, PATHS, SETTINGS]))


def line(rng, known, model):
    command = rng.choice(SCORING * 3 + COMMANDS)
    args = command.split()
    flags, values = known[command]
    if command in SCORING or command == "doctor":
        if rng.random() < 0.8:
            args += ["--model", model]
        if command in SCORING and rng.random() < 0.7:
            args += rng.choice([["--text", "a [MASK] b"], ["--input", "corpus.txt"], ["--text", value(rng)], ["--input", value(rng)]])
    elif rng.random() < 0.9:
        args.append(value(rng))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if flags and rng.random() < 0.2:
            args.append(rng.choice(flags))
        elif values:
            option, given = rng.choice(values), value(rng)
            args += rng.choice([[option, given], [option + "=" + given], [option], [option, given, option, given]]) \
                if rng.random() < 0.3 else [option + "=" + given]
    if rng.random() < 0.1:
        args.insert(rng.randrange(len(args) + 1), value(rng))
    return [a for a in args if "\0" not in a and a not in OFFLINE]


def prepare(place):
    """A directory to work in, with files of all kinds, beside one that must stay as it is."""
    work = place / "work"
    for directory in (work, place / "home", place / "tmp", place / "outside"):
        directory.mkdir(parents=True)
    (place / "outside" / "sentinel").write_text("stays")
    (work / "corpus.txt").write_text("a [MASK] b\nGrüße\n\n")
    (work / "other.txt").write_text("c [MASK]\n")
    (work / "args").write_text("--text\nstolen\n")
    (work / "bad.conf").write_text("top-k = \nshow = {")
    (work / "bad.json").write_text("{\"a\": ")
    (work / "empty").write_text("")
    (work / "locked").mkdir(mode=0)
    os.mkfifo(work / "pipe")
    os.symlink("loop", work / "loop")
    os.symlink("gone", work / "dangling")
    return work


def state(root, leave_out=()):
    """What there is: paths, sizes and times."""
    seen = {}
    for directory, names, files in os.walk(root):
        names[:] = [n for n in names if os.path.join(directory, n) not in leave_out]
        for name in names + files:
            status = os.lstat(os.path.join(directory, name))
            is_file = name in files
            seen[os.path.join(directory, name)] = (status.st_size, status.st_mtime_ns) if is_file else 0
    return seen


def run(number, args, scratch):
    place = scratch / str(number)
    work = prepare(place)
    before = state(place / "outside")
    environment = dict(os.environ, HOME=str(place / "home"), TMPDIR=str(place / "tmp"), SPARK_LOCAL_DIRS=str(place / "tmp"),
                       DJL_CACHE_DIR=str(scratch / "djl"),
                       JAVA_TOOL_OPTIONS=f"{quick_start.OPTIONS} -Djava.io.tmpdir={place / 'tmp'}")
    started = time.monotonic()
    process = subprocess.Popen([CLOZE, *args], cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=LIMIT)
        hung = False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        out, err = process.communicate()
        hung = True
    seconds = time.monotonic() - started
    said = "".join(l for l in err.decode("utf-8", "replace").splitlines(True) if not l.startswith("Picked up JAVA_TOOL_OPTIONS"))
    problems = []
    if hung:
        problems.append(f"no end within {LIMIT} s")
    elif process.returncode not in CODES:
        problems.append(f"exit code {process.returncode}")
    if process.returncode and not hung and len(re.findall(r"^cloze: Cannot ", said, re.M)) != 1:
        problems.append("not one message")
    if re.search(r"^\s+at [\w.$]+\(|^Exception in|^Caused by", said, re.M):
        problems.append("a stack trace")
    if "bug of Cloze" in said:
        problems.append("called a bug")
    if CONTROLS.search(said) or CONTROLS.search(out.decode("utf-8", "replace")):
        problems.append("a control character")
    if state(place / "outside") != before or sorted(os.listdir(place)) != ["home", "outside", "tmp", "work"]:
        problems.append("wrote outside")
    os.chmod(work / "locked", 0o700) if (work / "locked").exists() else None
    shutil.rmtree(place, ignore_errors=True)
    return args, process.returncode, seconds, problems, said


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    model = os.path.abspath(os.path.expanduser(sys.argv[3] if len(sys.argv) > 3 else "~/.cache/cloze/bert-base-uncased"))
    rng = random.Random(seed)
    known = options()
    lines = [line(rng, known, model) for _ in range(count)]
    codes, failed, slowest = {}, 0, 0.0
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        leave_out = {str(HOME / "target"), str(HOME / ".git"), str(HOME / "job" / "target")}
        before = state(HOME, leave_out)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for args, code, seconds, problems, said in pool.map(lambda each: run(each[0], each[1], scratch), enumerate(lines)):
                codes[code] = codes.get(code, 0) + 1
                slowest = max(slowest, seconds)
                if problems:
                    failed += 1
                    print(f"{', '.join(problems)}: cloze {shlex.join(args)!r}\n{said[:1500]}", flush=True)
        changed = sorted(path for path, what in state(HOME, leave_out).items() if before.get(path) != what)
        if changed:
            print("changed in the repository: " + ", ".join(changed[:10]))
    print(f"{count} command lines (seed {seed}): {failed} failed; exit codes {dict(sorted(codes.items()))}; the slowest took {slowest:.0f} s")
    sys.exit(1 if failed or changed else 0)


main()
