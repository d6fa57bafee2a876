"""Cloze's jar in an installed package, where the wheel was built with it."""

import re
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "jars"
JAR = FOLDER / "cloze-job.jar"
VERSIONS = "dev/cloze/catalog/versions.properties"


def is_there() -> bool:
    return JAR.is_file()


def settings() -> dict[str, str]:
    """Spark's settings for that jar: ONNX Runtime, in the version that it was built with, is fetched once by Spark itself."""
    logging = (FOLDER / "log4j2.properties").as_uri()
    return {
        "spark.jars": str(JAR),
        "spark.jars.packages": f"com.microsoft.onnxruntime:onnxruntime:{_version()}",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging}",
    }


def _version() -> str:
    with zipfile.ZipFile(JAR) as jar:
        versions = jar.read(VERSIONS).decode()
    found = re.search(r"^onnxruntime\s*=\s*(\S+)$", versions, re.MULTILINE)
    if found is None:
        raise ValueError(f"{JAR} does not say which ONNX Runtime it was built with")
    return found.group(1)
