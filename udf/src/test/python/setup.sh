#!/bin/sh
# Makes the virtual environment for the reference scripts in target/python of this module.
# Idempotent: does nothing while requirements.txt is the one that was installed last.
#
#   src/test/python/setup.sh && target/python/bin/python src/test/python/tiny_bert.py
set -eu
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../../.." && pwd)
venv="$module/target/python"
if cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    exit 0
fi
mkdir -p "$module/target"
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
cp "$here/requirements.txt" "$venv/installed.txt"
