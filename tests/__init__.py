"""Tests of the project. ``pytest --long`` runs those that fuzz or kill with many more tries."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tries(short, long):
    """How often a test tries: ``short`` in the test command, ``long`` with ``--long``."""
    return long if os.environ.get("NNLIB_LONG_TESTS") else short
