"""Starting many JVMs for Spark quickly: options for JAVA_TOOL_OPTIONS, with an archive of Spark's classes that one run leaves behind."""

import os
import subprocess

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def options(archive, command):
    """Runs `command` once, which must leave `archive`, and gives the options with which other runs start from it."""
    environment = dict(os.environ, JAVA_TOOL_OPTIONS=f"{QUICK} -XX:ArchiveClassesAtExit={archive} -Xlog:disable")
    subprocess.run([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=True)
    # A JVM with another class path starts without the archive; -Xlog:disable keeps it from saying so among results.
    return f"{QUICK} -XX:SharedArchiveFile={archive} -Xlog:disable"
