"""The Python client of model hubs and Cloze share one cache: what one of them fetched is there for the other one."""

import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import huggingface_hub
import pytest

HOME = Path(__file__).parents[2]
EXPORT = HOME / "udf/src/test/resources/dev/cloze/exports/bert"
REPOSITORY = "org/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
GRAPH = "onnx/model.onnx"


def git_digest(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Hub(ThreadingHTTPServer):
    """One repository: its graph is kept as a large file, whose digest is a sha256, the other files as small ones."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {file.name: file.read_bytes() for file in EXPORT.iterdir()}
        self.files[GRAPH] = self.files.pop("model.onnx")
        self.files["README.md"] = b"---\nlicense: mit\n---\n"
        self.contents: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def digest(self, path: str) -> str:
        content = self.files[path]
        return hashlib.sha256(content).hexdigest() if path == GRAPH else git_digest(content)

    def entry(self, path: str) -> dict[str, object]:
        content = self.files[path]
        entry: dict[str, object] = {"type": "file", "path": path, "size": len(content), "oid": git_digest(content)}
        if path == GRAPH:
            entry["lfs"] = {"oid": self.digest(path), "size": len(content), "pointerSize": 134}
        return entry


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self.send(json.dumps([self.server.entry(file) for file in self.server.files]).encode())
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            siblings = [{"rfilename": file} for file in self.server.files]
            self.send(json.dumps({"id": REPOSITORY, "sha": COMMIT, "siblings": siblings}).encode())
        else:
            file = path.removeprefix(f"/{REPOSITORY}/resolve/").partition("/")[2]
            if self.command == "GET":
                self.server.contents.append(file)
            self.send(self.server.files[file], ETag=f'"{self.server.digest(file)}"')

    def send(self, content: bytes, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Repo-Commit", COMMIT)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def imports(hub: Hub, directory: Path, **environment: str) -> str:
    """Imports the model with Cloze; what is said of it."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    done = subprocess.run(
        [HOME / "bin/cloze", "model", "import", f"hf:{REPOSITORY}", "--cache", directory / "cloze"],
        env=variables | {"HF_ENDPOINT": hub.url, "HF_HOME": str(directory / "hf")} | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_python_client_finds_what_cloze_fetched(hub: Hub, tmp_path: Path) -> None:
    said = imports(hub, tmp_path)
    cache = tmp_path / "hf/hub"

    assert f"fetching hf:{REPOSITORY} (commit {COMMIT[:12]}) from {hub.url} into {cache}" in said
    file = huggingface_hub.hf_hub_download(REPOSITORY, GRAPH, cache_dir=cache, local_files_only=True)
    assert Path(file).read_bytes() == hub.files[GRAPH]
    scanned = huggingface_hub.scan_cache_dir(cache)
    assert scanned.warnings == []
    (repository,) = scanned.repos
    assert repository.repo_id == REPOSITORY
    assert repository.refs["main"].commit_hash == COMMIT

    hub.contents.clear()
    snapshot = huggingface_hub.snapshot_download(REPOSITORY, cache_dir=cache, endpoint=hub.url)
    assert Path(snapshot, GRAPH) == Path(file)
    there = {str(found.file_path.relative_to(snapshot)) for found in repository.refs["main"].files}
    assert GRAPH in there
    assert sorted(hub.contents) == sorted(hub.files.keys() - there)


def test_cloze_finds_what_the_python_client_fetched(hub: Hub, tmp_path: Path) -> None:
    huggingface_hub.snapshot_download(REPOSITORY, cache_dir=tmp_path / "hf/hub", endpoint=hub.url)
    hub.contents.clear()

    imports(hub, tmp_path, HF_HUB_OFFLINE="1")

    assert hub.contents == []
    manifest = json.loads((tmp_path / "cloze/tiny/cloze.json").read_text())
    assert manifest["origin"] == {"source": f"hf:{REPOSITORY}", "revision": COMMIT, "licence": "mit"}
