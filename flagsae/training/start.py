"""How a run starts: with which preset where none is named, and the import of torch, which only a run needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flagsae.errors import FlagsaeError
from flagsae.training.config import DEFAULT, WITHOUT_DESIGNS

if TYPE_CHECKING:
    from flagsae.flags.dataset import Dataset
    from flagsae.training.trainer import Run

ENOUGH = 0.5  # of a dataset's pictures have a design: then they are trained on by default
NO_TORCH = "training needs torch: python -m pip install 'torch>=2.6,<2.14'"


def usual_preset(dataset: Dataset) -> tuple[str, str]:
    """(the preset of a run that names none, why it is not `DEFAULT`); "" where it is."""
    from flagsae.design.kept import how_many

    designs, pictures = how_many(dataset), len(dataset.flags)
    if designs >= ENOUGH * pictures:
        return DEFAULT, ""
    return WITHOUT_DESIGNS, f"dataset {dataset.name!r} has designs of {designs} of {pictures} pictures"


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
