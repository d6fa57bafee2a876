"""Sessions, and what is said where none can be had. Those that fail are tried in processes of their own."""

import os
import subprocess
from pathlib import Path

import pytest

import cloze
from cloze import sessions


def failure_of(python, call, cwd, **environment):
    """The last line that a process says which ends with an exception."""
    script = f"import cloze\n{call}\n"
    without = {name: value for name, value in os.environ.items() if name != "CLOZE_HOME"}
    package = str(Path(cloze.__file__).parents[1])
    ended = subprocess.run(
        [python, "-c", script], cwd=cwd, env=without | {"PYTHONPATH": package} | environment, capture_output=True, text=True
    )
    assert ended.returncode == 1, ended.stderr
    return ended.stderr.strip().splitlines()[-1]


def test_cloze_home_without_a_checkout_is_named(python, tmp_path):
    assert failure_of(python, "cloze.session()", tmp_path, CLOZE_HOME="/nowhere") == (
        "cloze.checkout.ClozeError: Cannot start a session: CLOZE_HOME is /nowhere, where no bin/cloze is; "
        "set it to a checkout of Cloze"
    )


def test_a_missing_jar_is_named(python, tmp_path):
    assert failure_of(python, "cloze.session(jars=['/nowhere/cloze-job.jar'])", tmp_path) == (
        "cloze.checkout.ClozeError: Cannot start a session: there is no file /nowhere/cloze-job.jar; name jars that are there"
    )


def test_a_machine_without_java_is_told_so(python, home, tmp_path):
    call = "import os; del os.environ['JAVA_HOME']" if "JAVA_HOME" in os.environ else ""
    assert failure_of(python, f"{call}\ncloze.session()", home, PATH=str(tmp_path)) == (
        "cloze.checkout.ClozeError: Cannot start a session: there is no Java; install a JDK 17 or later, or set JAVA_HOME"
    )


def test_a_session_that_was_started_without_cloze_is_refused(python, tmp_path):
    call = """
from pyspark.sql import SparkSession
SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
cloze.session()
"""
    assert failure_of(python, call, tmp_path, SPARK_LOCAL_IP="127.0.0.1") == (
        "cloze.checkout.ClozeError: Cannot use this session: Spark started in this process without dev.cloze.spark.ClozeExtensions; "
        "check the jars, and call cloze.session() first in a new process (in a notebook: restart the kernel)"
    )


def test_no_checkout_around_the_working_directory_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("CLOZE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cloze.checkout, "__file__", str(tmp_path / "cloze" / "checkout.py"))
    assert cloze.checkout.find() is None
    with pytest.raises(cloze.ClozeError) as refused:
        sessions._placed(None)
    assert str(refused.value) == (
        f"Cannot start a session: this package was installed without Cloze's jar, and there is no checkout of Cloze at {tmp_path} "
        "or above; install a wheel that python/wheel.sh built, set CLOZE_HOME to a checkout, or name the jars with jars=[…] or CLOZE_JARS"
    )


def test_jars_of_the_environment_go_before_a_checkout(home, tmp_path, monkeypatch):
    jars = [tmp_path / "cloze-job.jar", tmp_path / "onnxruntime.jar"]
    for jar in jars:
        jar.touch()
    monkeypatch.chdir(home)
    monkeypatch.setenv("CLOZE_JARS", ",".join(map(str, jars)))
    assert sessions._placed(None) == {"spark.jars": ",".join(str(jar.resolve()) for jar in jars)}
    monkeypatch.setenv("CLOZE_JARS", "/nowhere/cloze-job.jar")
    with pytest.raises(cloze.ClozeError, match="there is no file /nowhere/cloze-job.jar; name jars that are there"):
        sessions._placed(None)


def test_the_checkout_around_the_working_directory_is_found(home, monkeypatch):
    monkeypatch.delenv("CLOZE_HOME", raising=False)
    monkeypatch.chdir(home / "notebooks")
    assert cloze.checkout.find() == home


def test_a_checkout_without_jars_is_built_first(tmp_path):
    program = tmp_path / "bin" / "cloze"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\ncd \"$(dirname \"$0\")/..\"\nmkdir -p job/target/onnxruntime\n"
        "touch job/target/cloze-job.jar job/target/onnxruntime/onnxruntime-1.jar\n"
    )
    program.chmod(0o755)
    assert [jar.name for jar in cloze.checkout.jars(tmp_path)] == ["cloze-job.jar", "onnxruntime-1.jar"]


def test_a_build_that_fails_is_said(tmp_path):
    program = tmp_path / "bin" / "cloze"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(cloze.ClozeError, match="^Cannot start a session: building Cloze failed in "):
        cloze.checkout.jars(tmp_path)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("method", "spark.cloze.method"),
        ("batch_tokens", "spark.cloze.batch-tokens"),
        ("augment_seed", "spark.cloze.augment.seed"),
        ("augment_top_k", "spark.cloze.augment.top-k"),
        ("spark.sql.shuffle.partitions", "spark.sql.shuffle.partitions"),
    ],
)
def test_names_of_settings_become_keys(name, key):
    assert sessions._key(name) == key


def test_the_running_session_takes_new_settings(spark):
    again = cloze.session(model="bert-base-cased", method="pll-word", augment_greedy=True)
    try:
        assert again is spark
        assert spark.conf.get("spark.cloze.model") == "bert-base-cased"
        assert spark.conf.get("spark.cloze.method") == "pll-word"
        assert spark.conf.get("spark.cloze.augment.greedy") == "true"
    finally:
        for key in ("model", "method", "augment.greedy"):
            spark.conf.unset(f"spark.cloze.{key}")
