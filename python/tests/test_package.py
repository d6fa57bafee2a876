"""The package as it is installed, and the versions that it is tested with."""

import re
import subprocess
import zipfile

import cloze


def test_what_pip_installs_is_the_package_and_its_types(python, home, tmp_path):
    source = home / "python"
    subprocess.run(
        [python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source], check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("cloze-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        files = {name for name in packed.namelist() if name.startswith("cloze/")}
        metadata = packed.read(next(name for name in packed.namelist() if name.endswith("METADATA"))).decode()
    assert files == {f"cloze/{path.name}" for path in (source / "src" / "cloze").iterdir() if path.suffix in (".py", ".typed")}
    assert "cloze/py.typed" in files
    assert re.findall("^Requires-Dist: (.*)$", metadata, re.MULTILINE) == ['pyspark<4.3,>=4.0; extra == "spark"']


def test_types_are_sound(python, home):
    checked = subprocess.run(
        [python, "-m", "mypy", "--cache-dir", home / "target" / "mypy"], cwd=home / "python", capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_every_public_name_has_a_docstring():
    assert [name for name in cloze.__all__ if not getattr(cloze, name).__doc__] == []


def test_pyspark_is_of_the_version_of_spark_that_cloze_is_built_with(home):
    spark = re.search(r"<spark\.version>(.*)</spark\.version>", (home / "pom.xml").read_text()).group(1)
    assert f"pyspark=={spark}" in (home / "notebooks" / "requirements.txt").read_text().splitlines()
