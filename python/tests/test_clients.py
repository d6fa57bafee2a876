"""A mistake is one line in Spark's own programs, too."""

import os
import re
import subprocess
from pathlib import Path

import pyspark
import pytest

from cloze import checkout

MISTAKES = [
    ("SELECT perplexity(1)", "Cannot call perplexity: text is an int, not a string;"),
    ("SELECT augment('a', 1000000000)", "Cannot call augment: n must be at most 10000, it is 1000000000;"),
    ("SET spark.cloze.modle=x; SELECT perplexity('a')", "spark.cloze.modle is no setting, did you mean spark.cloze.model?"),
    ("SET spark.cloze.model=bert-base-uncasd; SELECT embed('a')", "Cannot open model bert-base-uncasd: "),
]


@pytest.mark.parametrize(("query", "message"), MISTAKES, ids=[query for query, _ in MISTAKES])
def test_spark_sql_prints_one_line(home, tmp_path, query, message):
    spark_home = Path(pyspark.__file__).parent
    command = [
        spark_home / "bin" / "spark-sql",
        *("--master", "local[1]", "--jars", ",".join(str(jar) for jar in checkout.jars(home))),
        *("--conf", "spark.ui.enabled=false", "--conf", "spark.sql.catalogImplementation=in-memory"),
        *("--conf", "spark.sql.extensions=dev.cloze.spark.ClozeExtensions"),
        *("--driver-java-options", f"-Dlog4j2.configurationFile={(home / 'conf' / 'log4j2.properties').as_uri()}"),
        *("-e", query),
    ]
    without = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    ended = subprocess.run(
        command,
        cwd=tmp_path,
        env=without | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(spark_home)},
        capture_output=True,
        text=True,
    )
    said = [line for line in ended.stderr.splitlines() if "Cannot " in line or line.lstrip().startswith(("at ", "Caused by"))]
    assert ended.returncode != 0
    assert len(said) == 1, ended.stderr
    assert said[0].startswith("[FAILED_FUNCTION_CALL] Cannot ") and message in said[0]
    assert re.search(r" SQLSTATE: 38000; line 1 pos \d+$", said[0])
