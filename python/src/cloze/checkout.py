"""Where the jars are: in the checkout of Cloze that the work is done in."""

import os
import subprocess
from pathlib import Path


class ClozeError(RuntimeError):
    """Something that the user can repair: ``Cannot <do> <thing>: <why>; <repair>``."""


def jars(home: Path) -> list[Path]:
    """Cloze's jar and ONNX Runtime's of this checkout, which are built first if they are missing."""
    found = _built(home)
    if not found:
        _build(home)
        found = _built(home)
    if not found:
        raise ClozeError(
            f"Cannot start a session: {home / 'bin' / 'cloze'} built no job/target/cloze-job.jar; see target/build.log there"
        )
    return found


def find() -> Path | None:
    """What CLOZE_HOME names, or else the checkout around the working directory, or around this package."""
    named = os.environ.get("CLOZE_HOME")
    if named:
        folder = Path(named).resolve()
        if not _is_checkout(folder):
            raise ClozeError(f"Cannot start a session: CLOZE_HOME is {named}, where no bin/cloze is; set it to a checkout of Cloze")
        return folder
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if _is_checkout(folder):
                return folder
    return None


def _is_checkout(folder: Path) -> bool:
    return (folder / "bin" / "cloze").is_file() and (folder / "job" / "pom.xml").is_file()


def _built(home: Path) -> list[Path]:
    job = home / "job" / "target" / "cloze-job.jar"
    runtime = sorted((home / "job" / "target" / "onnxruntime").glob("*.jar"))
    return [job, *runtime] if job.is_file() and runtime else []


def _build(home: Path) -> None:
    built = subprocess.run([home / "bin" / "cloze", "--version"], stdout=subprocess.DEVNULL)
    if built.returncode != 0:
        raise ClozeError(f"Cannot start a session: building Cloze failed in {home}; what it said stands above")
