"""How flagsae starts another process of itself, with the same Python and the same copy of the package."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def command(*words: str) -> list[str]:
    """The command line of `flagsae` with these words. Without -P, Python would import a torch.py from the working
    folder."""
    return [sys.executable, "-P", "-m", "flagsae", *words]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Environment variables for that process: those given, and the package's folder in PYTHONPATH if this process
    found the package there, as in a checkout."""
    root = str(Path(__file__).parents[2])
    found = dict(given)
    if sys.path[:1] == [root]:
        found["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [found.get("PYTHONPATH")])])
    return found
