"""A session of Spark on this machine that knows Cloze's functions."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pyspark.sql import SparkSession

from cloze import bundled, checkout
from cloze.checkout import ClozeError
from cloze.settings import key, text

EXTENSION = "dev.cloze.spark.ClozeExtensions"


def session(model: str | None = None, jars: Iterable[str | Path] | None = None, **conf: object) -> SparkSession:
    """A session on all cores of this machine, with Cloze's functions; the running one where there is one.

    :param model: what the functions ask, ``spark.cloze.model``: a name such as ``bert-base-cased``, or the directory of a bundle
    :param jars: Cloze's jar and ONNX Runtime's; without them, those that ``CLOZE_JARS`` names with commas between them, or else those of
        the checkout that ``CLOZE_HOME`` names or that is around the working directory, which is built if need be, or else the jar in
        this package, for which Spark fetches ONNX Runtime once as a package
    :param conf: settings. A name that begins with ``spark.`` is Spark's own; any other is one of Cloze's, with underscores for
        dashes: ``method="pll-word"`` is ``spark.cloze.method``, ``augment_top_k=20`` is ``spark.cloze.augment.top-k``
    :raises ClozeError: with the repair, where no such session can be had
    """
    settings = {_key(name): text(value) for name, value in conf.items()}
    if model is not None:
        settings["spark.cloze.model"] = model
    running = SparkSession.getActiveSession()
    spark = _start(settings, jars) if running is None else _configure(running, settings)
    if not spark.catalog.functionExists("fill_mask"):
        raise ClozeError(
            f"Cannot use this session: Spark started in this process without {EXTENSION}; "
            "check the jars, and call cloze.session() first in a new process (in a notebook: restart the kernel)"
        )
    return spark


def _key(name: str) -> str:
    return name if name.startswith("spark.") else "spark.cloze." + key(name)


def _start(settings: dict[str, str], jars: Iterable[str | Path] | None) -> SparkSession:
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise ClozeError("Cannot start a session: there is no Java; install a JDK 17 or later, or set JAVA_HOME")
    # Nothing outside this machine has to reach a local run, and nobody looks at its web page.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    defaults = {
        "spark.master": "local[*]",
        "spark.app.name": "cloze",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.extensions": EXTENSION,
    }
    placed = {} if "spark.jars" in settings else _placed(jars)
    builder = SparkSession.builder
    for name, value in (defaults | placed | settings).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _placed(jars: Iterable[str | Path] | None) -> dict[str, str]:
    """Where the jars are: those that were named, of a checkout, or of this package, in this order."""
    if jars is not None:
        return _named(jars)
    if named := os.environ.get("CLOZE_JARS"):
        return _named(named.split(","))
    home = checkout.find()
    if home is not None:
        logging = (home / "conf" / "log4j2.properties").as_uri()
        return _named(checkout.jars(home)) | {"spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging}"}
    if bundled.is_there():
        return bundled.settings()
    raise ClozeError(
        f"Cannot start a session: this package was installed without Cloze's jar, and there is no checkout of Cloze at {Path.cwd()} "
        "or above; install a wheel that python/wheel.sh built, set CLOZE_HOME to a checkout, or name the jars with jars=[…] or CLOZE_JARS"
    )


def _named(jars: Iterable[str | Path]) -> dict[str, str]:
    paths = [Path(jar) for jar in jars]
    for path in paths:
        if not path.is_file():
            raise ClozeError(f"Cannot start a session: there is no file {path}; name jars that are there")
    return {"spark.jars": ",".join(str(path.resolve()) for path in paths)}


def _configure(spark: SparkSession, settings: dict[str, str]) -> SparkSession:
    for key, value in settings.items():
        if spark.conf.get(key, None) != value:
            spark.conf.set(key, value)
    return spark
