"""Options of Java (JAVA_TOOL_OPTIONS) with which many short runs of bin/cloze, and executors of their local clusters, start quickly."""

from pathlib import Path

# Written by bin/cloze before its first run.
ARCHIVE = Path(__file__).resolve().parent.parent / "job/target/spark-classes.jsa"
OPTIONS = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable -XX:SharedArchiveFile={ARCHIVE}"
