"""Options for JAVA_TOOL_OPTIONS with which many short runs of Spark start quickly, from an archive of its classes (class data sharing)."""

import os
import subprocess

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def options(archive, command):
    """Runs `command` once to write the file `archive`, and returns the options with which other runs use it."""
    environment = dict(os.environ, JAVA_TOOL_OPTIONS=f"{QUICK} -XX:ArchiveClassesAtExit={archive} -Xlog:disable")
    subprocess.run([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=True)
    # A JVM with another class path starts without the archive; -Xlog:disable keeps it from saying so among results.
    return f"{QUICK} -XX:SharedArchiveFile={archive} -Xlog:disable"
