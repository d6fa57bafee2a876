"""Runs on the S3 API through hadoop-aws, as a user would start them: model, corpus and results are s3a: URLs.

moto's server on loopback is the store. A run is killed halfway and resumed, is refreshed, is overwritten; states of perplexity are
merged; all rows must be those of runs on files of this machine. Fetches moto and, once, the 640 MB of Amazon's SDK.

    python3 bench/s3.py
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
WORK = HOME / "target/s3"
PYTHON = WORK / "venv/bin/python"
PINNED = ["moto[server,s3]==5.2.5", "boto3==1.44.5", "pyarrow==26.0.1", "waitress==3.0.2"]

if not PYTHON.exists():
    subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *PINNED], check=True)
if Path(sys.prefix) != WORK / "venv":
    os.execv(PYTHON, [PYTHON, __file__])

import boto3
import pyarrow.parquet
from pyarrow.fs import LocalFileSystem, S3FileSystem

PACKAGES = "org.apache.hadoop:hadoop-aws:3.4.2"
BUCKET, ROWS, CHUNKS = "cloze", 240, 24
# moto on its own server answers "100 Continue" twice, which Amazon's SDK takes for the end.
SERVER = """
import sys, moto.server, waitress
application = moto.server.DomainDispatcherApplication(moto.server.create_backend_app)
waitress.serve(application, host="127.0.0.1", port=int(sys.argv[1]))
"""
EXPORT = HOME / "udf/src/test/resources/dev/cloze/exports/bert"


def cloze(*arguments, code=0):
    """What the run said."""
    run = subprocess.run(command(*arguments), capture_output=True, text=True)
    assert run.returncode == code, f"exit code {run.returncode} of {arguments}:\n{run.stderr[-4000:]}"
    print(f"{run.returncode}  cloze {' '.join(map(str, arguments))}\n   {run.stderr.strip().splitlines()[-1:]}", flush=True)
    return run.stdout + run.stderr


def command(*arguments):
    settings = {
        "endpoint": ENDPOINT,
        "endpoint.region": "us-east-1",
        "path.style.access": "true",
        "access.key": "key",
        "secret.key": "secret",
    }
    conf = [part for key, value in settings.items() for part in ("--conf", f"spark.hadoop.fs.s3a.{key}={value}")]
    return [HOME / "bin/cloze", "--master", "local[2]", "--packages", PACKAGES, *conf, *map(str, arguments)]


def fill_mask(corpus, output, *more, model="s3a://cloze/models/tiny", **expected):
    options = ["--partitions", CHUNKS, "--show", 1, "--output", output, *more]
    return cloze("fill-mask", "--model", model, "--input", corpus, *options, **expected)


def rows(place):
    """In an order of their own."""
    if place.startswith("s3a://"):
        files = S3FileSystem(access_key="key", secret_key="secret", endpoint_override=ENDPOINT, region="us-east-1")
        place = place.removeprefix("s3a://")
    else:
        files = LocalFileSystem()
    return sorted(map(str, pyarrow.parquet.read_table(place, filesystem=files).to_pylist()))


def keys(prefix):
    listed = STORE.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return {item["Key"]: item["LastModified"] for page in listed for item in page.get("Contents", [])}


def chunks(prefix):
    return {key: when for key, when in keys(prefix).items() if "/chunk-" in key}


def write_texts(file, first, count):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{'the food was [MASK] and the staff ' * 4} {i}\n" for i in range(first, first + count)), encoding="utf-8")
    STORE.upload_file(str(file), BUCKET, str(file.relative_to(WORK / "here")))


def kill_at_half():
    run = subprocess.Popen(
        command("fill-mask", "--model", "s3a://cloze/models/tiny", "--input", "s3a://cloze/corpus", "--partitions", CHUNKS,
                "--show", 1, "--output", "s3a://cloze/scores"),
        stdout=subprocess.DEVNULL, stderr=(WORK / "killed.txt").open("w"))
    while len(chunks("scores/")) < CHUNKS // 2:
        assert run.poll() is None, (WORK / "killed.txt").read_text()
        time.sleep(0.02)
    run.kill()
    run.wait()
    return chunks("scores/")


def check():
    model, here = WORK / "models/tiny", WORK / "here"
    if not model.exists():
        cloze("model", "import", EXPORT, "--name", "tiny", "--cache", WORK / "models")
    for file in model.iterdir():
        STORE.upload_file(str(file), BUCKET, f"models/tiny/{file.name}")
    write_texts(here / "corpus/one.txt", 0, ROWS)
    local = WORK / "local"
    subprocess.run(["rm", "-rf", local], check=True)

    # A run that is killed.
    fill_mask(here / "corpus", local / "one", model=model)
    durable = kill_at_half()
    assert CHUNKS // 2 <= len(durable) < CHUNKS and not keys("scores/_SUCCESS"), durable
    assert f"{len(durable)} of {CHUNKS}" in cloze("runs", "show", "s3a://cloze/scores")
    assert f"resuming: {len(durable)} of {CHUNKS}" in fill_mask("s3a://cloze/corpus", "s3a://cloze/scores")
    assert durable.items() <= chunks("scores/").items()
    assert len(rows("s3a://cloze/scores")) == ROWS and rows("s3a://cloze/scores") == rows(str(local / "one"))
    assert "complete" in cloze("runs", "show", "s3a://cloze/scores")

    # A corpus that grows.
    write_texts(here / "corpus/two.txt", ROWS, ROWS)
    fill_mask("s3a://cloze/corpus", "s3a://cloze/scores", code=2)
    fill_mask("s3a://cloze/corpus", "s3a://cloze/scores", "--refresh")
    fill_mask(here / "corpus", local / "both", model=model)
    assert rows("s3a://cloze/scores") == rows(str(local / "both")) and durable.items() <= chunks("scores/").items()

    # Other settings.
    fill_mask("s3a://cloze/corpus", "s3a://cloze/scores", "--top-k", 2, "--overwrite")
    fill_mask(here / "corpus", local / "two", "--top-k", 2, model=model)
    assert rows("s3a://cloze/scores") == rows(str(local / "two")) and not keys("scores.overwriting")

    # States and tables.
    for file, place, more in (("one", "a", []), ("two", "b", ["--merge", "s3a://cloze/a"])):
        corpus = f"s3a://cloze/corpus/{file}.txt"
        said = cloze("perplexity", "--model", "s3a://cloze/models/tiny", "--input", corpus, "--output", f"s3a://cloze/{place}", *more)
    assert f"documents  {2 * ROWS}" in " ".join(said.split()).replace("documents ", "documents  "), said
    fill_mask("s3a://cloze/corpus", "s3a://cloze/orc", "--output-format", "orc")
    assert keys("orc/_SUCCESS")
    print(f"all rows are those of local runs; {len(durable)} of {CHUNKS} chunks outlived the kill")


if __name__ == "__main__":
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ENDPOINT = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [PYTHON, "-c", SERVER, str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        STORE = boto3.client(
            "s3", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret")
        STORE.create_bucket(Bucket=BUCKET)
        check()
    finally:
        server.kill()
