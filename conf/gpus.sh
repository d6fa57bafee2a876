#!/usr/bin/env bash
# Prints the GPUs of this node as Spark wants them: {"name": "gpu", "addresses": ["0", "1"]}
set -euo pipefail

addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
