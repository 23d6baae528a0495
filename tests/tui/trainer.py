"""`flagsae train` as the application starts it, but with something the matter: `python trainer.py WHAT train ...`"""

import os
import signal
import sys
import time
from typing import Any, NoReturn

from flagsae.cli import main


def slow() -> None:
    """Epochs take their time, as those of many flags do, but not the machine's."""
    from flagsae.training.crisp import CrispObjective

    epoch = CrispObjective.epoch

    def slowly(self: CrispObjective) -> tuple[float, float, int]:
        time.sleep(0.04)
        return epoch(self)

    CrispObjective.epoch = slowly  # type: ignore[method-assign]


def in_the_log(error: Exception) -> None:
    """Something goes wrong when the second row of the log is written."""
    from flagsae.training.trainer import Run

    log = Run._log

    def fail(self: Run, loss: float) -> Any:
        if self.epoch:
            raise error
        return log(self, loss)

    Run._log = fail  # type: ignore[method-assign]


def diverges() -> None:
    in_the_log(FloatingPointError("a loss of nan"))


def full() -> None:
    in_the_log(OSError(28, "No space left on device", "log.jsonl"))


def torchless() -> None:
    sys.modules["torch"] = None  # type: ignore[assignment]


def nonsense() -> NoReturn:
    print("Loading model ... \x1b[2J", flush=True)
    time.sleep(1000)
    raise AssertionError


def others() -> NoReturn:
    """The flags are not those of the application."""
    print('{"begin": 0, "seconds": 0, "path": "span", "dataset": "000000000000"}', flush=True)
    time.sleep(1000)
    raise AssertionError


def cut() -> NoReturn:
    """A model of which only the beginning comes."""
    print('{"model": 1000, "numbers": {}}\nabc', flush=True)
    raise SystemExit


def stops_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def vanishes() -> NoReturn:
    raise SystemExit(3)


if __name__ == "__main__":
    globals()[sys.argv.pop(1)]()
    main()
