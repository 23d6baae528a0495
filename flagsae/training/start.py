"""Imports the trainer, and with it torch, only when a run starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flagsae.errors import FlagsaeError

if TYPE_CHECKING:
    from flagsae.training.trainer import Run

NO_TORCH = "training needs torch: python -m pip install 'torch>=2.6,<2.14'"


def trainer() -> type[Run]:
    """The class `Run`. The first call imports torch, which takes a second; raises `FlagsaeError` without torch."""
    # Let waiting threads sleep. By default they spin, and beside a busy process a run takes ten times as long. The
    # variable is read when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        from flagsae.training.trainer import Run
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise FlagsaeError(NO_TORCH) from None
    return Run
