"""
The Python client of model hubs and Cloze share one cache: what one of them fetched is there for the other one. And what Cloze pushes is
what the Python client pushes.
"""

import base64
import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

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
        self.commit = COMMIT
        self.stored: dict[str, bytes] = {}
        self.commits: list[list[dict[str, Any]]] = []

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

    def do_PUT(self) -> None:
        self.server.stored[self.path.removeprefix("/store/")] = self.body()
        self.send(b"")

    def do_POST(self) -> None:
        """The protocol of a commit: how to send each file, large ones to the store, and all that is to be in the commit."""
        body = self.body()
        if self.path.endswith("/info/lfs/objects/batch"):
            objects = json.loads(body)["objects"]
            for wanted in objects:
                wanted["actions"] = {"upload": {"href": f"{self.server.url}/store/{wanted['oid']}"}}
            self.send(json.dumps({"transfer": "basic", "objects": objects}).encode())
        elif "/preupload/" in self.path:
            modes = [
                {"path": file["path"], "uploadMode": "lfs" if file["size"] > 10_000 else "regular", "shouldIgnore": False}
                for file in json.loads(body)["files"]
            ]
            self.send(json.dumps({"files": modes}).encode())
        elif "/commit/" in self.path:
            lines = [json.loads(line) for line in body.splitlines()]
            self.server.commits.append(lines)
            for line in lines[1:]:
                value = line["value"]
                large = line["key"] == "lfsFile"
                content = self.server.stored[value["oid"]] if large else base64.b64decode(value["content"])
                self.server.files[value["path"]] = content
            self.server.commit = hashlib.sha1(body).hexdigest()
            url = f"{self.server.url}/{REPOSITORY}/commit/{self.server.commit}"
            self.send(json.dumps({"commitOid": self.server.commit, "commitUrl": url}).encode())
        else:
            self.send(b'{"errors": [], "warnings": []}')

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self.send(json.dumps([self.server.entry(file) for file in self.server.files]).encode())
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            siblings = [{"rfilename": file} for file in self.server.files]
            self.send(json.dumps({"id": REPOSITORY, "sha": self.server.commit, "siblings": siblings}).encode())
        else:
            file = path.removeprefix(f"/{REPOSITORY}/resolve/").partition("/")[2]
            if self.command == "GET":
                self.server.contents.append(file)
            self.send(self.server.files[file], ETag=f'"{self.server.digest(file)}"')

    def send(self, content: bytes, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Repo-Commit", self.server.commit)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def another() -> Iterator[Hub]:
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


def test_cloze_pushes_what_the_python_client_pushes(
    hub: Hub, another: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    model = tmp_path / "model"
    model.mkdir()
    for file in EXPORT.iterdir():
        (model / file.name).write_bytes(file.read_bytes())
    (model / "README.md").write_text("---\nlicense: mit\n---\n# Pushed\n")
    for server in (hub, another):
        server.files.clear()
    huggingface_hub.HfApi(endpoint=hub.url, token="hf_x").upload_folder(
        repo_id=REPOSITORY, folder_path=model, commit_message="A message"
    )

    done = subprocess.run(
        [HOME / "bin/cloze", "model", "push", f"hf:{REPOSITORY}", model, "--message", "A message"],
        env=os.environ | {"HF_ENDPOINT": another.url, "HF_HOME": str(tmp_path / "hf"), "HF_TOKEN": "hf_x"},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{another.url}/{REPOSITORY}/tree/{another.commit}\n"
    assert "hf_x" not in done.stderr
    assert another.files == hub.files == {file.name: file.read_bytes() for file in model.iterdir()}
    ((header, *lines),) = another.commits
    ((their_header, *their_lines),) = hub.commits

    def path(line: dict[str, Any]) -> str:
        return str(line["value"]["path"])

    assert header["value"].pop("parentCommit") == COMMIT
    assert header == their_header
    assert sorted(lines, key=path) == sorted(their_lines, key=path)
    snapshot = huggingface_hub.snapshot_download(REPOSITORY, cache_dir=tmp_path / "again", endpoint=another.url)
    for file in model.iterdir():
        assert Path(snapshot, file.name).read_bytes() == file.read_bytes()
