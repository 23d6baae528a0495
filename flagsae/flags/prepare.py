"""Makes a dataset of the pictures of a folder, a zip or a file, with splits that keep near-duplicates together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.errors import DatasetError, PictureError
from flagsae.flags.dataset import PARTS, Dataset, Flags, Split, content_hash, make_flag, shrink, stack
from flagsae.flags.flatten import flat_colours, nearest_colour
from flagsae.flags.grids import CANVAS, NEAR_DUPLICATE
from flagsae.flags.names import Name, fold, read_names
from flagsae.flags.palette import Palette, fit_palette, flag_palette
from flagsae.flags.pictures import read_picture
from flagsae.flags.sources import find_pictures, find_table

HELD_OUT = 0.15  # share of the flags in the validation part, and in the test part
LEAST_WEIGHT = 1e-6  # of a colour in the fit of a palette: k-means needs weights above 0


def prepare(
    source: Path | None = None,
    *,
    name: str = "flags",
    size: tuple[int, int] = CANVAS,
    colours: int = 0,
    seed: int = 0,
    strict: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
    skipped: Callable[[str], None] = lambda reason: None,
) -> Dataset:
    """Makes a dataset of the pictures of a folder, a zip or a file; without `source`, of the bundled flags.

    name: of the dataset; size: H, W of the canvas; colours: how many colours to fit a palette of to these pictures, 0
    for the palette of the world's flags; seed: of the split and the fit; strict: whether a file that cannot be read
    raises `PictureError`; else the reason is passed to `skipped`. progress: called with (flags done, flags in all,
    name of the next one). Raises `DatasetError` if there is no picture.
    """
    pictures = _read_all(source or paths.shipped("flags"), strict, skipped)
    names = _names(source, [name for name, _ in pictures])
    palette = _fit(pictures, colours, seed) if colours else flag_palette()
    rows: list[Flags] = []
    for (_, picture), flag_name in zip(pictures, names, strict=True):
        progress(len(rows), len(pictures), flag_name.title)
        rows.append(make_flag(flag_name, picture, palette, size))
    progress(len(rows), len(pictures), "")
    order = sorted(range(len(rows)), key=lambda position: rows[position].names[0].slug)
    flags = stack([rows[position] for position in order])
    splits = {"grouped": grouped_split(flags.canvas, seed)}
    if source is None:
        splits["notebook"] = notebook_split(flags.names)
    return Dataset(name, flags, palette, splits, content_hash(flags, palette))


def _read_all(source: Path, strict: bool, skipped: Callable[[str], None]) -> list[tuple[str, NDArray[np.uint8]]]:
    def left_out(reason: str) -> None:
        if strict:
            raise PictureError(reason)
        skipped(reason)

    pictures = []
    for file_name, file in find_pictures(source, left_out):
        try:
            # Shrunk here, one by one: a folder of photographs must fit into memory.
            pictures.append((file_name, shrink(read_picture(file, file_name))))
        except PictureError as error:
            left_out(str(error))
    if not pictures:
        raise DatasetError(f"no pictures in {source}: give a folder or a zip with png, jpeg, webp or gif files")
    return pictures


def _names(source: Path | None, files: list[str]) -> list[Name]:
    """The names of the pictures: those in a table `flags.csv` among them; for others, made of the files' names."""
    table = (paths.shipped("flags.csv"), "") if source is None else find_table(source)
    known = {name.slug: name for name in read_names(*table)} if table else {}
    names: dict[str, Name] = {}
    for file in files:
        stem = PurePosixPath(file).stem
        slug = unique = fold(stem) or "picture"
        number = 1
        while unique in names:  # as for a.png and b/a.png
            number += 1
            unique = f"{slug}-{number}"
        name = known.get(slug) or Name(slug, stem.replace("_", " ").replace("-", " "))
        names[unique] = replace(name, slug=unique)
    return list(names.values())


def _fit(pictures: list[tuple[str, NDArray[np.uint8]]], count: int, seed: int) -> Palette:
    """A palette of the flat colours of these pictures; a colour weighs the square root of its share of a picture."""
    colours, weights = [], []
    for _, picture in pictures:
        own = flat_colours(picture)
        counts = np.bincount(nearest_colour(picture, own).ravel(), minlength=len(own))
        colours.append(own)
        weights.append(np.sqrt(counts / counts.sum()))
    return fit_palette(np.vstack(colours), np.concatenate(weights) + LEAST_WEIGHT, count, flag_palette(), seed)


def near_duplicates(canvas: NDArray[np.uint8]) -> list[tuple[float, int, int]]:
    """(mean absolute difference of 255, i, j) of the pairs of flags below `NEAR_DUPLICATE`, the most similar first.

    canvas: N x H x W x 3.
    """
    flat = canvas.reshape(len(canvas), -1).astype(np.int16)
    pairs = []
    for i in range(len(flat)):
        away = np.abs(flat[i + 1 :] - flat[i]).mean(1)
        pairs += [(float(away[j]), i, i + 1 + int(j)) for j in np.nonzero(away < NEAR_DUPLICATE)[0]]
    return sorted(pairs)


def designs(canvas: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The number of each flag's design: N; near-duplicates have the same number. canvas: N x H x W x 3."""
    group = np.arange(len(canvas))
    for _, i, j in near_duplicates(canvas):
        low, high = sorted((group[i], group[j]))
        group[group == high] = low
    return group


def grouped_split(canvas: NDArray[np.uint8], seed: int) -> Split:
    """70 % train, 15 % validation, 15 % test; near-duplicates are always in the same part. canvas: N x H x W x 3."""
    group = designs(canvas)
    order = np.random.default_rng(seed).permutation(np.unique(group))
    held_out = int(HELD_OUT * len(canvas))
    parts: dict[str, list[int]] = {part: [] for part in PARTS}
    for chosen in order:
        members = [position for position, g in enumerate(group) if g == chosen]
        part = next((p for p in ("test", "validation") if len(parts[p]) + len(members) <= held_out), "train")
        parts[part] += members
    return {part: np.array(sorted(members), np.int64) for part, members in parts.items()}


def notebook_split(names: Sequence[Name]) -> Split:
    """The split of Will Wolf's notebook: its 138 flags in alphabetical order, 100 train, 20 validation, 18 test."""
    rows = paths.shipped("seed138.csv").read_text(encoding="utf-8").splitlines()[1:]
    # Sorted by the notebook's file names, as its directory listing was. Russia is among them twice.
    slugs = list(dict.fromkeys(slug for _, slug in sorted(row.lower().split(",") for row in rows)))
    positions = {name.slug: position for position, name in enumerate(names)}
    order = np.array([positions[slug] for slug in slugs], np.int64)
    return {"train": order[:100], "validation": order[100:120], "test": order[120:]}
