#!/usr/bin/env bash
# Breaks runs at random points, with a hundred seeds instead of the five of `mvn verify`; bench/faults.sh 1000 tries more.
# A task fails before it writes, in the middle of a file, when all is scored, before and after the rename, and after it has sent its
# result; the driver fails while it replaces the plan. The same command must resume the run until all rows are there, none twice.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
exec mvn --batch-mode --no-transfer-progress -Dquick test -pl udf,job \
    -Dtest='TaskFaultsTest#whereverATaskFailsTheNextRunGoesOn' -Dsurefire.failIfNoSpecifiedTests=false \
    -Dfault.seeds="${1:-100}"
