"""The SQL function fill_mask beside the job of the same name: the same rows, the same model, all cores, Parquet out.

Both are measured from the first row to the last: of the job, what its own summary counts; of SQL, CREATE TABLE AS SELECT in a
session that is up and has opened the model once. Runs alternate.

    python/setup.sh
    python3 bench/prose.py 20000 target/masked.jsonl
    target/python/bin/python bench/sql.py target/masked.jsonl 3 [WORDS]

WORDS cuts every text to so many words around its mask, for a shorter run.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME / "python/src"))

import cloze

FILES = 8


def cut(text, words):
    """So many words of the text, its mask among them."""
    all_words = text.split()
    at = next(i for i, word in enumerate(all_words) if "[MASK]" in word)
    first = max(0, min(at - words // 2, len(all_words) - words))
    return " ".join(all_words[first : first + words])


def time_job(corpus, output):
    """Rows a second."""
    command = [HOME / "bin/cloze", "fill-mask", "--input", f"{corpus}/*.jsonl", "--id-column", "id", "--output", output, "--top-k", "5"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    rows, seconds = re.search(r"([\d,]+) rows .* in ([\d.]+) s", run.stderr).groups()
    return int(rows.replace(",", "")) / float(seconds)


def time_sql(spark, corpus, output):
    """Rows a second."""
    spark.read.json(str(corpus)).createOrReplaceTempView("corpus")
    started = time.perf_counter()
    spark.sql("SELECT id, fill_mask(text, 5) AS masks FROM corpus").write.parquet(str(output))
    seconds = time.perf_counter() - started
    return spark.read.parquet(str(output)).where("masks IS NOT NULL").count() / seconds


def main():
    source, runs = Path(sys.argv[1]), int(sys.argv[2])
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    if len(sys.argv) > 3:
        rows = [row | {"text": cut(row["text"], int(sys.argv[3]))} for row in rows]
    folder = Path(tempfile.mkdtemp())
    try:
        corpus = folder / "corpus"
        corpus.mkdir()
        # Spark reads a small file as one partition, on one core; the job cuts it.
        for part in range(FILES):
            lines = "".join(json.dumps(row) + "\n" for row in rows[part::FILES])
            (corpus / f"{part}.jsonl").write_text(lines, encoding="utf-8")
        spark = cloze.session(model="bert-base-uncased")
        spark.sql("SELECT fill_mask('Paris is the [MASK] of France.')").collect()
        for run in range(runs):
            job = time_job(corpus, folder / f"job{run}")
            sql = time_sql(spark, corpus, folder / f"sql{run}")
            print(f"{len(rows)} rows: job {job:.1f}/s, SQL {sql:.1f}/s, {sql / job:.2f} of the job", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
