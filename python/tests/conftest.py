import os
import sys
from pathlib import Path

import pytest

import cloze

HOME = Path(__file__).resolve().parents[2]
# JVMs of the tests live for seconds, too short for the optimising compiler and a parallel collector to pay off.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


@pytest.fixture(scope="session")
def spark():
    session = cloze.session()
    yield session
    session.stop()


@pytest.fixture
def home():
    return HOME


@pytest.fixture
def python():
    return sys.executable
