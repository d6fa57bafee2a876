#!/bin/sh
# Builds a wheel that needs no checkout: Cloze's jar is in it, and Spark fetches ONNX Runtime when a session first starts.
#
#   python/wheel.sh [DIRECTORY]      (default: target/wheel)
#   pip install 'target/wheel/cloze-0.1.0-py3-none-any.whl[spark]'
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
to=${1:-$home/target/wheel}
"$home/bin/cloze" --version >/dev/null
mkdir -p "$to"
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
cp -R "$home/python/src" "$home/python/pyproject.toml" "$source"
mkdir -p "$source/src/cloze/jars"
cp "$home/job/target/cloze-job.jar" "$home/conf/log4j2.properties" "$source/src/cloze/jars"
"${PYTHON:-python3}" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$to" "$source"
