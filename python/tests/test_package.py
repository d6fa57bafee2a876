"""The package as it is installed, and the versions that it is tested with."""

import os
import re
import subprocess
import sysconfig
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


def test_a_wheel_with_the_jar_works_without_a_checkout(python, home, tmp_path):
    subprocess.run([home / "python" / "wheel.sh", tmp_path / "wheel"], check=True, env=os.environ | {"PYTHON": python})
    (wheel,) = (tmp_path / "wheel").glob("cloze-*.whl")
    assert wheel.stat().st_size < 40_000_000
    venv = tmp_path / "venv"
    subprocess.run([python, "-m", "venv", venv], check=True)
    installed = venv / "bin" / "python"
    subprocess.run([installed, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (packages,) = (venv / "lib").glob("python3*/site-packages")
    # PySpark of the tests, behind what was installed here: a second copy would have 400 MB.
    (packages / "pyspark.pth").write_text(sysconfig.get_path("purelib"))
    script = tmp_path / "use.py"
    script.write_text("""
import sys, cloze
spark = cloze.session(**{"spark.jars.ivy": sys.argv[1]})
rows = spark.createDataFrame([("The capital of France is [MASK].",)], ["text"])
print(cloze.__file__, rows.select(cloze.fill_mask("text", top_k=1)[0].candidates[0].token_str).first()[0])
spark.stop()
""")
    without = {name: value for name, value in os.environ.items() if not name.startswith(("CLOZE_H", "CLOZE_J", "PYTHON", "SPARK_", "PYSPARK_"))}

    used = subprocess.run([installed, script, tmp_path / "ivy"], cwd=tmp_path, env=without, capture_output=True, text=True)

    assert used.returncode == 0, used.stderr
    file, word = used.stdout.split()
    assert file.startswith(str(packages)) and word == "paris"


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
