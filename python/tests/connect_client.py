"""Calls every function and every transformation over Spark Connect, and prints the answers as one line of JSON.

    python connect_client.py PORT
"""

import json
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

import cloze

spark = SparkSession.builder.remote(f"sc://127.0.0.1:{sys.argv[1]}").create()
rows = spark.createDataFrame([("The capital of France is [MASK].",), ("The traveler lost the souvenir.",)], "text string")


def values(call):
    return [row.value for row in rows.select(call.alias("value")).collect()]


def refused(call):
    try:
        call()
    except AnalysisException as e:
        return str(e)
    return None


answers = {
    "kind": type(spark).__module__,
    "session": cloze.session() is not None,
    "fill_mask": values(cloze.fill_mask("text", top_k=1)[0].candidates[0].token_str),
    "pseudo_log_likelihood": values(cloze.pseudo_log_likelihood("text")),
    "perplexity": values(cloze.perplexity("text")),
    "token_surprisal": values(cloze.token_surprisal("text")[0].nll),
    "augment": values(cloze.augment("text", 2).text),
    "embed": values(cloze.embed("text")[0]),
    "corpus_perplexity": values(cloze.corpus_perplexity("text")),
    "sql": [row[0] for row in spark.sql("SELECT perplexity('The traveler lost the souvenir.')").collect()],
    "transform": [
        [row.status for row in rows.transform(transformation).collect()]
        for transformation in (
            cloze.transform.fill_mask("text", top_k=1),
            cloze.transform.perplexity("text", method="pll-word"),
            cloze.transform.embed("text"),
            cloze.transform.augment("text", variants=2, augment_min_probability=0),
        )
    ],
    "refused": refused(lambda: rows.select(cloze.fill_mask("text", top_k=0)).collect()),
}
spark.stop()
print(json.dumps(answers))
