#!/bin/sh
# Makes the virtual environment of the tests and the notebooks in target/python. The tests find the package where it stands; the
# notebooks install it. Idempotent: does nothing while the pinned requirements are those that were installed last.
#
#   python/setup.sh && target/python/bin/python -m pytest python
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
venv="$home/target/python"
wanted=$(cat "$home/python/requirements.txt" "$home/notebooks/requirements.txt")
if [ "$wanted" = "$(cat "$venv/installed.txt" 2>/dev/null)" ]; then
    exit 0
fi
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$home/python/requirements.txt" --requirement "$home/notebooks/requirements.txt"
printf '%s\n' "$wanted" >"$venv/installed.txt"
