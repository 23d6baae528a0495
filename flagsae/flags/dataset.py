"""Pictures in, one dataset file out: canvases, flat label maps, names, splits.

A dataset file is a compressed .npz of plain arrays (never pickled) and one JSON header. Every model names
the hash of the dataset whose flags its atoms are mixtures of.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import Array, Damaged, exactly, fields, listed, short, table, text, whole
from flagsae.errors import DatasetError, FlagsaeError, Parameter, UnknownName, UsageError, nearest, shell
from flagsae.flags.flatten import flatten
from flagsae.flags.names import Name, NameTable, fold
from flagsae.flags.palette import Palette
from flagsae.flags.pictures import read_picture, resample
from flagsae.flags.regions import LabelMap, connected_regions, region_areas
from flagsae.tensors import unpacked

FORMAT = 1
CANVAS = (68, 102)  # H, W of the notebook
FINE = 3  # the fine grid has this many pixels a side for one of the canvas: 204 x 306, where charges survive
WORKING_SIDE = 612  # wider or higher pictures are shrunk before their flat colours are sought
NEAR_DUPLICATE = 14.0  # mean absolute difference in 8-bit steps on the canvas under which two flags are one design
PARTS = ("train", "validation", "test")

Split: TypeAlias = dict[str, NDArray[np.int64]]  # part -> positions of its flags, in training order


ARRAYS = ("canvas", "labels", "fine", "areas", "fine_areas", "tints", "aspect")


@dataclass(frozen=True, eq=False)
class Flags:
    """N flags, however they came. All arrays have N rows.

    canvas: N x H x W x 3, uint8, the RGB picture; labels: N x H x W, uint8, its flat label map; fine: N x 3H x 3W,
    uint8, the same on the fine grid; areas, fine_areas: uint8, of the same shapes, the share of the canvas that
    each pixel's connected region covers, as -16 log2 (see `coded_areas`); tints: N x C x 3, uint8, the flag's own
    colour for each palette entry; aspect: N, float32, width over height of the original.
    """

    names: tuple[Name, ...]
    canvas: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    fine: NDArray[np.uint8]
    areas: NDArray[np.uint8]
    fine_areas: NDArray[np.uint8]
    tints: NDArray[np.uint8]
    aspect: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, positions: Sequence[int] | NDArray[np.integer]) -> Flags:
        chosen = np.asarray(positions, int)
        return Flags(
            tuple(self.names[position] for position in chosen),
            *(getattr(self, array)[chosen] for array in ARRAYS),
        )


def stack(rows: Sequence[Flags]) -> Flags:
    """Concatenates flags, keeping their order."""
    names = tuple(name for row in rows for name in row.names)
    return Flags(names, *(np.concatenate([getattr(row, array) for row in rows]) for array in ARRAYS))


@dataclass(frozen=True, eq=False)
class Dataset:
    """A prepared collection of flags. `hash` identifies its pixels, palette and order."""

    name: str
    flags: Flags
    palette: Palette
    splits: dict[str, Split]
    hash: str

    @property
    def size(self) -> tuple[int, int]:
        """H, W of the canvas."""
        height, width = self.flags.labels.shape[1:]
        return int(height), int(width)

    @cached_property
    def _table(self) -> NameTable:
        return NameTable(self.flags.names)

    def name_table(self) -> NameTable:
        return self._table

    def find(self, operands: Iterable[str]) -> Flags:
        """The flags that operands name: a slug, an English name, an ISO code, an alias or a picture's path."""
        table = self.name_table()
        return stack([self._operand(table, operand) for operand in operands])

    def _operand(self, table: NameTable, operand: str) -> Flags:
        try:
            return self.flags[[table[operand]]]
        except UnknownName:
            path = Path(operand)
            # Of what is no regular file the reader says so. Unlike `Path`, these two never raise: a sum may be longer
            # than a file's name.
            if os.path.lexists(path) and not paths.is_folder(path):
                name = Name(fold(path.stem) or "picture", path.stem)
                return make_flag(name, read_picture(path), self.palette, self.size)
            if path.suffix and ("/" in operand or path.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp", ".gif"}):
                raise UsageError(f"no picture at {operand}: give a path that exists, or a flag's name") from None
            raise

    def split(self, name: str) -> Split:
        if name not in self.splits:
            known = ", ".join(self.splits)
            reason = f"dataset {self.name!r} has no split {name!r}: give "
            raise UsageError(reason, Parameter("split"), f" with one of {known}")
        return self.splits[name]


def make_flag(name: Name, picture: NDArray[np.uint8], palette: Palette, size: tuple[int, int]) -> Flags:
    """One flag from a picture. picture: H x W x 3, uint8, any size; size: H, W of the canvas."""
    height, width = size
    picture = shrink(picture)
    own, tints = flatten(picture, palette)
    labels, fine = majority(own, height, width), majority(own, FINE * height, FINE * width)
    return Flags(
        (name,),
        resample(picture, height, width)[None],
        labels[None],
        fine[None],
        coded_areas(labels)[None],
        coded_areas(fine)[None],
        tints[None],
        np.array([picture.shape[1] / picture.shape[0]], np.float32),
    )


def shrink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture at most `WORKING_SIDE` wide and high, in its own proportions."""
    height, width = picture.shape[:2]
    longest = max(height, width)
    if longest <= WORKING_SIDE:
        return picture
    return resample(picture, *(max(1, round(side * WORKING_SIDE / longest)) for side in (height, width)))


def coded_areas(labels: LabelMap) -> NDArray[np.uint8]:
    """The share of the map that each pixel's connected region covers, as round(-16 log2 share); H x W, uint8.

    One code is a step of 4 %, and 2^-15 of the map is the least: enough for a weight, and it packs small.
    """
    regions = connected_regions(labels)
    codes = np.minimum(255, np.round(-16 * np.log2(region_areas(regions) / labels.size)))
    return codes.astype(np.uint8)[regions]


def majority(labels: LabelMap, height: int, width: int) -> LabelMap:
    """Resamples a label map to height x width: each pixel takes the label that covers most of it."""
    present = np.unique(labels)
    # Pillow's 8-bit area average is fixed-point: ties fall alike on every machine.
    shares = [resample(np.where(labels == label, 255, 0).astype(np.uint8), height, width) for label in present]
    return present[np.argmax(shares, axis=0)].astype(np.uint8)


def _hash(flags: Flags, palette: Palette) -> str:
    digest = hashlib.sha256(f"flagsae dataset {FORMAT}".encode())
    digest.update(json.dumps([[name.slug for name in flags.names], palette.names]).encode())
    for array in (palette.rgb, *(getattr(flags, array) for array in ARRAYS)):
        digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def save_dataset(dataset: Dataset, path: Path) -> None:
    """Writes the dataset file, whole or not at all."""
    header: dict[str, Any] = {
        "format": FORMAT,
        "name": dataset.name,
        "hash": dataset.hash,
        "flags": [[name.slug, name.title, *name.others] for name in dataset.flags.names],
        "palette": dataset.palette.names,
        "splits": _listed(dataset),
    }
    flags, palette = dataset.flags, dataset.palette
    with paths.replacing(path) as file:
        np.savez_compressed(
            file,
            header=np.frombuffer(json.dumps(header).encode(), np.uint8),
            **{array: getattr(flags, array) for array in ARRAYS},
            rgb=palette.rgb,
            anchors=palette.anchors,
            entries=palette.entries,
        )


def same_dataset(path: Path, dataset: Dataset) -> bool:
    """Whether a file holds this dataset: the same flags under the same names, split alike."""
    try:
        found = load_dataset(str(path))
    except FlagsaeError:
        return False
    return (found.hash, found.flags.names) == (dataset.hash, dataset.flags.names) and _listed(found) == _listed(dataset)


def _listed(dataset: Dataset) -> dict[str, dict[str, list[int]]]:
    return {
        split: {part: positions.tolist() for part, positions in parts.items()}
        for split, parts in dataset.splits.items()
    }


def load_dataset(which: str = "") -> Dataset:
    """Loads the bundled flags (the default), a prepared dataset by its name, or a dataset file by its path.

    Raises `UnknownName`, or `DatasetError` where the file is damaged.
    """
    return read_dataset(_locate(which))


def find_dataset(dataset_hash: str) -> tuple[str, Dataset] | None:
    """The bundled or a prepared dataset of that hash, and what it is asked for by: "" for the bundled one."""
    for path in (paths.shipped("flags.npz"), *paths.found("datasets/*.npz")):
        with contextlib.suppress(Damaged), unpacked(path) as file:
            if file.header.get("hash") == dataset_hash:
                return "" if path == paths.shipped("flags.npz") else path.stem, read_dataset(path)
    return None


# What a dataset file holds: a header, and arrays of N flags on a canvas of H x W, C colours, A shades of them.
HEADER = {
    "format": exactly(FORMAT),
    **dict.fromkeys(("name", "hash"), text(255)),
    "flags": listed(listed(text(), 2), 1),  # slug, title, others
    "palette": listed(text(), 1, 256),
    "splits": table(fields({"train": listed(whole())}, dict.fromkeys(PARTS, listed(whole())))),
}
STORED = {
    "canvas": Array("byte", ("N", "H", "W", 3)),
    "labels": Array("byte", ("N", "H", "W")),
    "fine": Array("byte", ("N", f"{FINE}H", f"{FINE}W")),
    "areas": Array("byte", ("N", "H", "W")),
    "fine_areas": Array("byte", ("N", f"{FINE}H", f"{FINE}W")),
    "tints": Array("byte", ("N", "C", 3)),
    "aspect": Array("float", ("N",), least=1e-4, most=1e4),
    "rgb": Array("byte", ("C", 3)),
    "anchors": Array("byte", ("A", 3)),
    "entries": Array("byte", ("A",)),
}


def read_dataset(path: Path) -> Dataset:
    """The dataset of a file. Raises `DatasetError` where the file is damaged."""
    try:
        with unpacked(path) as file:
            header = file.checked(fields(HEADER))
            names = tuple(Name(slug, title, tuple(others)) for slug, title, *others in header["flags"])
            _check_header(header)
            arrays = file.arrays(STORED, {"N": len(names), "C": len(header["palette"])})
            for array in ("labels", "fine", "entries"):
                if arrays[array].max() >= len(header["palette"]):
                    raise Damaged(f"{array} has colours beyond the palette's {len(header['palette'])}")
            if len(np.unique(arrays["entries"])) < len(header["palette"]):
                raise Damaged("entries leaves out a colour of the palette")
            arrays["aspect"] = arrays["aspect"].astype(np.float32, copy=False)
    except Damaged as error:
        raise DatasetError(
            f"{path} is no dataset file, or a damaged one ({error}): make one with `flagsae prepare`"
        ) from None
    return Dataset(
        header["name"],
        Flags(
            names,
            *(arrays[array].astype(np.float32 if array == "aspect" else np.uint8, copy=False) for array in ARRAYS),
        ),
        Palette(tuple(header["palette"]), arrays["rgb"], arrays["anchors"], arrays["entries"]),
        {
            split: {part: np.array(positions, np.int64) for part, positions in parts.items()}
            for split, parts in header["splits"].items()
        },
        header["hash"],
    )


def _check_header(header: dict[str, Any]) -> None:
    """What no single field shows. Raises `Damaged`."""
    slugs = [slug for slug, *_ in header["flags"]]
    for name, values in (("slug", slugs), ("colour", header["palette"])):
        if "" in values or len(set(values)) < len(values):
            raise Damaged(f"its header has a {name} that is empty, or twice the same")
    for split, parts in header["splits"].items():
        if unknown := set(parts) - set(PARTS):
            raise Damaged(f"its header.splits.{short(split)} has a part {short(unknown.pop())}")
        positions = [position for part in parts.values() for position in part]
        if len(set(positions)) < len(positions) or max(positions, default=0) >= len(slugs):
            raise Damaged(f"its header.splits.{short(split)} has a flag twice, or one that is not there")


def _locate(which: str) -> Path:
    if which in ("", "shipped"):
        return paths.shipped("flags.npz")
    if named := paths.in_home("datasets", f"{which}.npz"):
        return named
    if paths.is_file(which):
        return Path(which)
    known = sorted(path.stem for path in paths.dataset_file(which).parent.glob("*.npz"))
    hint = f"Make one with {shell('prepare SOURCE', name='NAME')}."
    raise UnknownName("dataset", which, nearest(which, known, least=0), hint)
