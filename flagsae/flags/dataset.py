"""Datasets: flags as pictures and as flat label maps, with their names, palette and splits, and the files of these.

A dataset file is a compressed .npz with plain arrays (never pickled) and a JSON header. Every model names the hash of
the dataset it was trained on, as its atoms are mixtures of that dataset's flags.

Shapes: N flags, H x W the canvas, C colours of the palette.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import Array, Damaged, exactly, fields, listed, short, table, text, whole
from flagsae.errors import DatasetError, FlagsaeError, Parameter, UnknownName, UsageError, nearest, shell
from flagsae.flags.grids import FINE, WORKING_SIDE
from flagsae.flags.names import Name, NameTable, fold
from flagsae.flags.palette import Palette
from flagsae.flags.regions import LabelMap, connected_regions, region_areas
from flagsae.tensors import Npz, unpacked

FORMAT = 1
AREA_STEPS = 16  # codes of areas for a factor of 2: a step is 4 %, and 255 codes reach down to 2^-16 of the map
PARTS = ("train", "validation", "test")

Split: TypeAlias = dict[str, NDArray[np.int64]]  # part -> positions of its flags, in training order


# The fields of `Flags` that are arrays, in order.
ARRAYS = ("canvas", "labels", "fine", "areas", "fine_areas", "tints", "aspect")


@dataclass(frozen=True, eq=False)
class Flags:
    """N flags; all arrays have N rows."""

    names: tuple[Name, ...]
    canvas: NDArray[np.uint8]
    """N x H x W x 3, the pictures in sRGB."""
    labels: NDArray[np.uint8]
    """N x H x W, the flat label maps: the palette index of each pixel."""
    fine: NDArray[np.uint8]
    """N x 3H x 3W, the label maps on the fine grid."""
    areas: NDArray[np.uint8]
    """N x H x W, the area of the connected region that each pixel belongs to, as `coded_areas` codes it."""
    fine_areas: NDArray[np.uint8]
    """N x 3H x 3W, the same on the fine grid."""
    tints: NDArray[np.uint8]
    """N x C x 3, sRGB: the flag's own shade of each colour of the palette."""
    aspect: NDArray[np.float32]
    """N, width over height of the original picture."""

    @classmethod
    def unread(cls, names: tuple[Name, ...], read: Callable[[str], NDArray[Any]]) -> Flags:
        """Flags whose arrays are read when one is first asked for. read: called with the name of an array."""
        flags = cls.__new__(cls)
        flags.__dict__.update(names=names, _read=read)
        return flags

    if not TYPE_CHECKING:  # or any name would pass for that of an array

        def __getattr__(self, name: str) -> NDArray[Any]:
            """An array that is not there yet."""
            if name not in ARRAYS or "_read" not in self.__dict__:
                raise AttributeError(name)
            return self.__dict__.setdefault(name, self.__dict__["_read"](name))

    def __getstate__(self) -> dict[str, Any]:
        return {"names": self.names, **{array: getattr(self, array) for array in ARRAYS}}

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, positions: Sequence[int] | NDArray[np.integer]) -> Flags:
        chosen = np.asarray(positions, int)
        names = tuple(self.names[position] for position in chosen)
        if len(chosen) == 1:  # a view: a copy has 0.2 MB, and one is kept for each flag that a sum has had
            place = int(chosen[0]) % len(self)
            row = Flags.unread(names, lambda array: getattr(self, array)[place : place + 1])
            row.__dict__["_row"] = self, place
            return row
        return Flags(names, *(getattr(self, array)[chosen] for array in ARRAYS))

    def place_in(self, flags: Flags) -> int | None:
        """The position in flags of which this is one (N = 1), taken from them by its position; else None."""
        whole, place = self.__dict__.get("_row", (None, None))
        return place if whole is flags else None

    def flat(self, flag: int = 0, *, fine: bool = False) -> NDArray[np.uint8]:
        """A flag in its own flat colours, sRGB: H x W x 3, or 3H x 3W x 3 from the fine grid."""
        return self.tints[flag][(self.fine if fine else self.labels)[flag]]


def stack(rows: Sequence[Flags]) -> Flags:
    """Concatenates flags, keeping their order."""
    names = tuple(name for row in rows for name in row.names)
    return Flags(names, *(np.concatenate([getattr(row, array) for row in rows]) for array in ARRAYS))


@dataclass(frozen=True, eq=False)
class Dataset:
    """A prepared collection of flags."""

    name: str
    flags: Flags
    palette: Palette
    splits: dict[str, Split]
    """The ways to divide the flags into train, validation and test, by name."""
    hash: str
    """Identifies the pixels, the palette, and the slugs in their order: 16 hexadecimal digits."""
    designs: bytes = b""
    """What is on each flag, as a file of `flagsae.design.kept`; empty where designs were not looked for."""
    features: bytes = b""
    """The features of these designs, as a file of `flagsae.design.vectors`; empty where they were not told."""

    @property
    def size(self) -> tuple[int, int]:
        """H, W of the canvas."""
        height, width = self.flags.labels.shape[1:]
        return int(height), int(width)

    @cached_property
    def _table(self) -> NameTable:
        return NameTable(self.flags.names)

    def name_table(self) -> NameTable:
        """Finds the position of a flag by any of its names; made once."""
        return self._table

    def find(self, operands: Iterable[str]) -> Flags:
        """The flags that are named by operands: slugs, English names, ISO codes, aliases, or paths of pictures.

        Raises `UnknownName` for a name that is unknown, `UsageError` or `PictureError` for a path without a picture.
        """
        table = self.name_table()
        return stack([self._operand(table, operand) for operand in operands])

    def _operand(self, table: NameTable, operand: str) -> Flags:
        try:
            return self.flags[[table[operand]]]
        except UnknownName:
            path = Path(operand)
            # A path that is not a regular file is refused by `read_picture`. These two functions are used since the
            # methods of `Path` raise if a text (a long sum, say) is longer than a file name can be.
            if os.path.lexists(path) and not paths.is_folder(path):
                name = Name(fold(path.stem) or "picture", path.stem)
                from flagsae.flags.pictures import read_picture

                return self.make_flag(name, read_picture(path))
            if path.suffix and (
                "/" in operand or path.suffix.lower() in {".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif"}
            ):
                raise UsageError(f"no picture at {operand}: give a path that exists, or a flag's name") from None
            raise

    def make_flag(self, name: Name, picture: NDArray[np.uint8]) -> Flags:
        """A picture, h x w x 3 of any size, as a flag (N = 1) of this dataset's canvas and palette."""
        return make_flag(name, picture, self.palette, self.size)

    def split(self, name: str) -> Split:
        """A split by its name. Raises `UsageError` if there is none."""
        if name not in self.splits:
            known = ", ".join(self.splits)
            reason = f"dataset {self.name!r} has no split {name!r}: give "
            raise UsageError(reason, Parameter("split"), f" with one of {known}")
        return self.splits[name]


def make_flag(name: Name, picture: NDArray[np.uint8], palette: Palette, size: tuple[int, int]) -> Flags:
    """One flag from a picture. picture: height x width x 3, sRGB, of any size; size: H, W of the canvas."""
    height, width = size
    picture = shrink(picture)
    from flagsae.flags.flatten import flatten
    from flagsae.flags.pictures import resample

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
    """A picture (height x width x 3) reduced to at most `WORKING_SIDE` pixels wide and high; proportions are kept."""
    height, width = picture.shape[:2]
    longest = max(height, width)
    if longest <= WORKING_SIDE:
        return picture
    from flagsae.flags.pictures import resample

    return resample(picture, *(max(1, round(side * WORKING_SIDE / longest)) for side in (height, width)))


def coded_areas(labels: LabelMap) -> NDArray[np.uint8]:
    """The share of the map that each pixel's connected region covers, coded as round(-16 log2 share). H x W, uint8.

    That is exact enough for the weight of a region, and compresses well.
    """
    regions = connected_regions(labels)
    codes = np.minimum(255, np.round(-AREA_STEPS * np.log2(region_areas(regions) / labels.size)))
    return codes.astype(np.uint8)[regions]


def majority(labels: LabelMap, height: int, width: int) -> LabelMap:
    """Resamples a label map to height x width: each pixel takes the label that covers most of it."""
    present = np.unique(labels)
    # Pillow averages 8-bit pictures with integers, so that ties are decided alike on every machine.
    from flagsae.flags.pictures import resample

    shares = [resample(np.where(labels == label, 255, 0).astype(np.uint8), height, width) for label in present]
    return present[np.argmax(shares, axis=0)].astype(np.uint8)


def content_hash(flags: Flags, palette: Palette) -> str:
    """The `Dataset.hash` of flags and a palette."""
    import hashlib  # takes longer than all the rest of this module

    digest = hashlib.sha256(f"flagsae dataset {FORMAT}".encode())
    digest.update(json.dumps([[name.slug for name in flags.names], palette.names]).encode())
    for array in (palette.rgb, *(getattr(flags, array) for array in ARRAYS)):
        digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def save_dataset(dataset: Dataset, path: Path) -> None:
    """Writes the dataset file; an interruption leaves an old file as it was."""
    header: dict[str, Any] = {
        "format": FORMAT,
        "name": dataset.name,
        "hash": dataset.hash,
        "flags": [[name.slug, name.title, *name.others] for name in dataset.flags.names],
        "palette": dataset.palette.names,
        "splits": _listed(dataset),
    }
    flags, palette = dataset.flags, dataset.palette
    arrays: dict[str, Any] = {array: getattr(flags, array) for array in ARRAYS}
    arrays |= {name: np.frombuffer(held, np.uint8) for name in OF_DESIGNS if (held := getattr(dataset, name))}
    with paths.replacing(path) as file:
        np.savez_compressed(
            file,
            header=np.frombuffer(json.dumps(header).encode(), np.uint8),
            **arrays,
            rgb=palette.rgb,
            anchors=palette.anchors,
            entries=palette.entries,
        )


def same_dataset(path: Path, dataset: Dataset) -> bool:
    """Whether a file contains this dataset: equal flags with equal names and splits."""
    try:
        found = load_dataset(str(path))
    except FlagsaeError:
        return False
    return (found.hash, found.flags.names) == (dataset.hash, dataset.flags.names) and _listed(found) == _listed(dataset)


def _listed(dataset: Dataset) -> dict[str, dict[str, list[int]]]:
    """The splits, as they are written in the header."""
    return {
        split: {part: positions.tolist() for part, positions in parts.items()}
        for split, parts in dataset.splits.items()
    }


def load_dataset(which: str = "") -> Dataset:
    """Loads the bundled flags (the default), a prepared dataset by its name, or a dataset file by its path.

    Raises `UnknownName`, or `DatasetError` if the file is damaged; of the bundled flags, when what is damaged is asked
    for: few commands need all their arrays, which take a tenth of a second.
    """
    path = _locate(which)
    return read_dataset(path, later=path == paths.shipped("flags.npz"))


def find_dataset(dataset_hash: str) -> tuple[str, Dataset] | None:
    """(its name, "" for the bundled one; the dataset) of the bundled or prepared dataset with a hash; None without."""
    for path in (paths.shipped("flags.npz"), *paths.found("datasets/*.npz")):
        with contextlib.suppress(Damaged), unpacked(path) as file:
            if file.header.get("hash") == dataset_hash:
                return "" if path == paths.shipped("flags.npz") else path.stem, read_dataset(path)
    return None


# What a dataset file must contain: a header, and arrays. A: the number of example shades of the palette's colours.
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
# Read further where one of them is asked for.
OF_DESIGNS = {"designs": Array("byte", ("B",)), "features": Array("byte", ("G",))}


def read_dataset(path: Path, *, later: bool = False) -> Dataset:
    """Reads a dataset file. Raises `DatasetError` if it is damaged.

    later: whether the flags' arrays are read and checked when one is first asked for, from a copy of the file.
    """
    try:
        with unpacked(path) as file:
            header = file.checked(fields(HEADER))
            names = tuple(Name(slug, title, tuple(others)) for slug, title, *others in header["flags"])
            _check_header(header)
            colours = len(header["palette"])
            stored = STORED | {name: array for name, array in OF_DESIGNS.items() if name in file.names}
            arrays = _checked(file, stored, {"N": len(names), "C": colours}, frozenset(ARRAYS if later else ()))
            if not np.bincount(arrays["entries"], minlength=colours).all():
                raise Damaged("entries leaves out a colour of the palette")
            copy = path.read_bytes() if later else b""
    except (Damaged, OSError) as error:
        raise _damaged(path, error) from None

    def read(array: str) -> NDArray[Any]:
        if later:
            try:
                with unpacked(io.BytesIO(copy)) as file:
                    return _checked(file, stored, {"N": len(names), "C": colours}, file.names - {array})[array]
            except Damaged as error:
                raise _damaged(path, error) from None
        return arrays[array]

    return Dataset(
        header["name"],
        Flags.unread(names, read) if later else Flags(names, *(arrays[array] for array in ARRAYS)),
        Palette(tuple(header["palette"]), arrays["rgb"], arrays["anchors"], arrays["entries"]),
        {
            split: {part: np.array(positions, np.int64) for part, positions in parts.items()}
            for split, parts in header["splits"].items()
        },
        header["hash"],
        *(arrays[name].tobytes() if name in arrays else b"" for name in OF_DESIGNS),
    )


def _damaged(path: Path, error: Exception) -> DatasetError:
    return DatasetError(f"{path} is no dataset file, or a damaged one ({error}): make one with `flagsae prepare`")


def _checked(file: Npz, stored: Mapping[str, Array], sizes: Mapping[str, int], left: Set[str]) -> dict[str, Any]:
    """The arrays of a dataset file but those that are left for later. Raises `Damaged`."""
    arrays = file.arrays(stored, sizes, left)
    for array in {"labels", "fine", "entries"} - left:
        if arrays[array].max() >= sizes["C"]:
            raise Damaged(f"{array} has colours beyond the palette's {sizes['C']}")
    return {name: array.astype(np.float32, copy=False) if name == "aspect" else array for name, array in arrays.items()}


def _check_header(header: dict[str, Any]) -> None:
    """Checks what depends on several fields of a header. Raises `Damaged`."""
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
    """The path of a dataset's file, by its name or path. Raises `UnknownName`."""
    if which in ("", "shipped"):
        return paths.shipped("flags.npz")
    if named := paths.in_home("datasets", f"{which}.npz"):
        return named
    if paths.is_file(which):
        return Path(which)
    known = sorted(path.stem for path in paths.dataset_file(which).parent.glob("*.npz"))
    hint = f"Make one with {shell('prepare SOURCE', name='NAME')}."
    raise UnknownName("dataset", which, nearest(which, known, least=0), hint)
