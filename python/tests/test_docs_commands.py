"""Runs the commands of the README and of docs/, and compares what they print with what the pages show.

A block that starts with `$ ` is a session: commands and what they print. `$ cat FILE` shows an input, which the test writes. A block of
lines that start with a program is run and has to succeed. A comment `<!-- not run: why -->` before a block leaves it out. Numbers may
differ by one per cent, times and what the machine has by anything. The pages call the home directory /home/me.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PAGES = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(?P<before>[^\n]*)\n*^```\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"(bin/cloze|python3) ")
NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
OF_THE_MACHINE = re.compile(r"\d\S*, heap \d+ MB, \d+ processors|glibc [\d.]+")
LIMIT_SECONDS = 1800


@dataclass(frozen=True)
class Step:
    """A command and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...]


def sessions(page: Path) -> Iterator[list[Step]]:
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        body = block["body"]
        if block["before"].startswith("<!-- not run:"):
            continue
        if body.startswith("$ "):
            yield [step(part) for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]]
        elif PROGRAM.match(body):
            yield [Step(command, ()) for command in body.replace("\\\n", " ").splitlines()]


def step(part: str) -> Step:
    command, _, shown = part.replace("\\\n", " ").partition("\n")
    return Step(command, tuple(shown.splitlines()))


def numbers(line: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(line)]


def is_same(shown: str, printed: str) -> bool:
    """The same words, and nearly the same numbers, on whatever machine."""
    shown, printed = (OF_THE_MACHINE.sub("machine", line) for line in (shown, printed.replace(str(Path.home()), "/home/me")))
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)).strip() for line in (shown, printed)]
    return words[0] == words[1] and all(
        abs(a - b) <= max(0.01 * abs(a), 1e-3) for a, b in zip(numbers(shown), numbers(printed), strict=True)
    )


def is_ruler(line: str) -> bool:
    """The line below a table's header: as wide as its cells, which change with times."""
    return set(line) <= {"-", " "}


def check(step: Step) -> None:
    if step.command.startswith("cat "):
        (HOME / step.command.removeprefix("cat ")).write_text("\n".join(step.shown) + "\n", encoding="utf-8")
        return
    done = subprocess.run(
        ["bash", "-c", step.command], cwd=HOME, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    if not step.shown:
        assert done.returncode == 0, done.stderr
        return
    printed = [line for line in (done.stdout + done.stderr).splitlines() if not is_ruler(line)]
    for line in step.shown:
        if line in {"", "…"} or is_ruler(line) or re.match(r"cloze: .*\b(left|s; )", line):
            continue
        assert any(is_same(line, candidate) for candidate in printed), f"{line!r} is not in\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    ("page", "steps"),
    [
        pytest.param(page, steps, id=f"{page.relative_to(HOME)}: {steps[0].command[:60]}")
        for page in PAGES
        for steps in sessions(page)
    ],
)
@pytest.mark.skipif("DOCS" not in os.environ, reason="takes minutes: set DOCS=1")
def test_commands_print_what_the_pages_show(page: Path, steps: list[Step]) -> None:
    for step in steps:
        check(step)
