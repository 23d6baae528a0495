"""How flagsae starts itself once more: with this Python, and with the modules that it has itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def command(*words: str) -> list[str]:
    """`flagsae` with these words. Without -P, Python would run a torch.py that lies in the working folder."""
    return [sys.executable, "-P", "-m", "flagsae", *words]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """With where the package is, for one that runs from a checkout."""
    root = str(Path(__file__).parents[2])
    found = dict(given)
    if sys.path[:1] == [root]:
        found["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [found.get("PYTHONPATH")])])
    return found
