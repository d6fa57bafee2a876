#!/usr/bin/env bash
# README's command for YARN on a real YARN and HDFS: two minutes that `mvn verify` leaves out. Spark's part for YARN comes with PySpark.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
python/setup.sh
exec mvn --batch-mode --no-transfer-progress -Dquick verify -pl udf,job -Dtest=none -Dit.test=YarnIT -Dyarn=true \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
