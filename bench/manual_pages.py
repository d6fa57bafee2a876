#!/usr/bin/env python3
"""Writes the manual pages of an installed Debian package as text, one paragraph a line: for training, and every tenth page for evaluation.

    bench/manual_pages.py manpages-dev target/manuals.txt target/other-manuals.txt [PAGES]

`cloze adapt` is measured on them: docs/how-to/adapt.md.
"""

import gzip
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path


def pages(package):
    """Pages of the package that hold text of their own, in the order of their names."""
    listed = subprocess.run(["dpkg", "-L", package], check=True, capture_output=True, text=True).stdout.splitlines()
    for name in sorted(line for line in listed if re.search(r"/man/man\d/.*\.gz$", line)):
        with gzip.open(name, "rt", encoding="utf-8", errors="replace") as page:
            if not page.read(4).startswith(".so"):
                yield Path(name)


def text(page):
    environment = dict(os.environ, MANWIDTH="2000", LC_ALL="C.UTF-8", MAN_KEEP_FORMATTING="")
    shown = subprocess.run(["man", "--nh", "--nj", "-l", str(page)], check=True, capture_output=True, text=True, env=environment).stdout
    lines = [" ".join(line.split()) for line in re.sub(".\b", "", shown).splitlines()]
    return [line for line in lines[1:-1] if line]


def main(package, training, evaluation, most="100000"):
    files = {True: open(evaluation, "w"), False: open(training, "w")}
    for page in list(pages(package))[:int(most)]:
        held_out = hashlib.sha256(page.name.encode()).digest()[0] % 10 == 0
        files[held_out].writelines(line + "\n" for line in text(page))


if __name__ == "__main__":
    main(*sys.argv[1:])
