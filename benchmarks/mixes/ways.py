"""Ways to mix flags, and what is judged of a mix."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

import numpy as np

from flagsae import paths
from flagsae.design import render
from flagsae.design.design import Design
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.palette import Picture
from flagsae.flags.regions import LabelMap
from flagsae.mixing.compose import Composite, Operand, drawing
from flagsae.sae.model import load_model
from flagsae.workspace import drawing as files
from flagsae.workspace.collection import open_collection
from flagsae.workspace.workspace import Workspace

WIDTH = 612  # pixels of a picture file, from which a mix is read again

WAYS = {
    "flags": "real flags",
    "halves": "halves pasted",
    "seed": "`seed`, plain sum",
    "sum": "`crisp`, plain sum",
    "weave": "`crisp`, weave",
    "default": "default",
}


@dataclass(frozen=True)
class Mix:
    """A flag to be judged."""

    canvas: Picture
    """H x W x 3. Of flat colour each pixel is the middle one of 3 x 3 of the fine grid: it has no blended edges."""
    file: Picture
    """As a file of it has it, without what a file's metadata say."""
    labels: LabelMap | None = None
    """Of flat colour, its own fine label map."""
    design: Design | None = None
    """What its file carries."""
    first: float = 0.0
    """Seconds of processor time until there was a picture."""
    seconds: float = 0.0
    """Until the best one."""


class Ways:
    """Datasets and models that are opened once."""

    def __init__(self) -> None:
        self.collection = open_collection()
        self.space = Workspace.of(self.collection)
        self.memory: dict[str, dict[str, Operand]] = {"default": {}, "crisp": {}, "seed": {}}

    @property
    def dataset(self) -> Dataset:
        return self.collection.dataset

    @cached_property
    def crisp(self) -> Workspace:
        return Workspace.of(self.collection, "crisp")

    @cached_property
    def seed(self) -> Workspace:
        return Workspace.of(self.collection, str(trained_seed(self.dataset)))

    def mix(self, way: str, expression: str, parents: tuple[int, ...]) -> Mix:
        """Mixes by one of `WAYS`. Raises `FlagsaeError` for a sum that cannot be read or drawn."""
        flags = self.dataset.flags
        if way == "flags":
            return pasted(flags.flat(parents[0], fine=True))
        if way == "halves":
            return pasted(halves(flags, parents))
        if way == "default":
            return self.composed(self.space, "default", expression, "")
        if way == "seed":
            return self.composed(self.seed, "seed", expression, "sum")
        return self.composed(self.crisp, "crisp", expression, way)

    def composed(self, space: Workspace, memory: str, expression: str, decode: str) -> Mix:
        operands = space.read(expression, self.memory[memory])
        start, times = time.process_time(), list[float]()
        for composites in drawing(space.model, operands, decode):
            best = composites[0]
            times.append(time.process_time() - start)
        return shown(best, self.dataset, times[0], times[-1])


def halves(flags: Flags, parents: tuple[int, ...]) -> Picture:
    """The hoist half of one flag beside the fly half of another."""
    one, other = (flags.flat(flag, fine=True) for flag in parents[:2])
    return np.hstack([one[:, : one.shape[1] // 2], other[:, other.shape[1] // 2 :]])


def pasted(picture: Picture) -> Mix:
    return Mix(picture[1::3, 1::3], picture)


def shown(composite: Composite, dataset: Dataset, first: float = 0.0, seconds: float = 0.0) -> Mix:
    picture = composite.picture()
    if composite.design is None:
        return Mix(picture, picture, None, None, first, seconds)
    if composite.exact is not None:
        file = render.picture(composite.exact, dataset.palette, WIDTH)
    else:
        file = files.picture(composite, WIDTH)
    return Mix(picture[1::3, 1::3], file, composite.design.flat(), composite.exact, first, seconds)


def has_torch() -> bool:
    return find_spec("torch") is not None


def trained_seed(dataset: Dataset) -> str:
    """The file of the notebook's network, trained once (minutes) and kept in the user's folder."""
    from flagsae.training.config import make_config
    from flagsae.training.trainer import Run

    folder = paths.home() / "benchmarks" / f"seed-{dataset.hash}"
    if not (folder / "model.safetensors").is_file():
        run = Run(folder, make_config("seed"), dataset)
        for _ in run.train():
            pass
        run.save()
    load_model(dataset, str(folder / "model.safetensors"))
    return str(folder / "model.safetensors")
