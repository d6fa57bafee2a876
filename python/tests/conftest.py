import sys
from pathlib import Path

import pytest

import cloze

HOME = Path(__file__).resolve().parents[2]


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
