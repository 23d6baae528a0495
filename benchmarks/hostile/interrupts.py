"""Ctrl-C while modules are loaded: the command is gone at once, silently, with code 130."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile

TRIES = 200
MOMENTS = 300  # imports among which Ctrl-C comes: most commands have more
WORDS = (["compose", "japan", "france"], ["describe", "japan"], ["features", "f1"], ["plugins"], ["train", "--help"])
# Interrupts itself at the moment of its n-th import, of those after Python has started.
SCRIPT = """
import os, signal, sys
left = int(sys.argv.pop(1))
def hook(event, arguments):
    global left
    if event == "import":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGINT)
from flagsae.cli import main
sys.addaudithook(hook)
main()
"""


def interrupted(words: list[str], moment: int, home: str) -> subprocess.CompletedProcess[str]:
    """A command that gets Ctrl-C at an import, counted from 1; it may have ended before."""
    given = {**os.environ, "FLAGSAE_HOME": home, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(moment), *words], capture_output=True, text=True, env=given
    )


def attack(count: int, seed: int) -> int:
    """Interrupts so many commands; prints what went wrong, and returns how often."""
    dice = random.Random(seed)
    failures = late = 0
    count = count or TRIES
    with tempfile.TemporaryDirectory() as home:
        for _ in range(count):
            words, moment = dice.choice(WORDS), dice.randint(1, MOMENTS)
            done = interrupted(words, moment, home)
            late += done.returncode == 0
            if (done.returncode, done.stderr) != (130, "") and done.returncode != 0:
                failures += 1
                print(f"{words} at import {moment}: code {done.returncode}\n{done.stderr}")
    print(f"{count} interrupts, {late} after all imports, {failures} that were not silent")
    return failures
