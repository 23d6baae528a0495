"""A command run in this process."""

from __future__ import annotations

import pytest
from shell import Flagsae, Stopped, run


@pytest.fixture
def flagsae() -> Flagsae:
    """Runs a command in this process; returns stdout, and keeps stderr as `.said`."""

    def typed(*words: str, stdin: str = "", terminal: bool = False, **environment: str) -> str:
        result = run(*words, stdin=stdin, terminal=terminal, **environment)
        typed.said = result.stderr  # type: ignore[attr-defined]
        if result.returncode:
            raise Stopped(result.returncode, result.stderr, result.stdout)
        return result.stdout

    return typed
