"""How good are composites and samples? One command, one table of each: `python benchmarks/quality.py`.

A composite is judged on the canvas, as it is drawn, beside simpler ways to mix flags. Of a design on the fine grid the
canvas takes the middle one of 3 x 3 pixels ([1::3, 1::3], nearest): a design has no blended edges, which real flags,
averages and pasted halves have. What needs regions or a code reads the picture again, as `make_flag` reads any.

- colours, speckle: is it flat and clean? Medians.
- looks, parts, meetings: are all its parents among the 10 flags nearest to it, in three judges' eyes? `weave` steers
  by the first and never sees the others. A near-duplicate that is nearer counts against a parent.
- codes: a round trip; the flags whose codes are nearest to its own (cosine) are its parents.
- pursuit: the pair whose non-negative sum explains it best are its parents, among weighted one-hot inputs (`weave`
  steers by a coarser view of them) and among codes. Here and in the round trip near-duplicates are one flag.
- lost colours: composites without a colour that fills a fifth of one parent and is in no other.
- seconds: processor time of one composite on one core, median.

Samples are taken as they are drawn: `flagsae sample` draws those under 14 anew. Distances are from the nearest real
flag, in 8-bit steps.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flagsae import paths
from flagsae.flags.dataset import Dataset, Flags, load_dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.flags.names import Name
from flagsae.flags.palette import Palette, Picture, oklab
from flagsae.flags.pictures import resample
from flagsae.flags.prepare import near_duplicates
from flagsae.flags.regions import LabelMap, connected_regions, dissolve, region_areas
from flagsae.mixing.choices import METHODS, PRIORS
from flagsae.mixing.compose import Composite, Operand, draw
from flagsae.mixing.sampling import sample
from flagsae.mixing.weaving.likeness import CELLS, NEAREST, Look, gallery_of, made_of
from flagsae.mixing.weaving.weave import Source, weaving
from flagsae.sae.crisp import Crisp, likeness, weights
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model

Floats: TypeAlias = NDArray[np.float64]
Group: TypeAlias = tuple[int, ...]  # a composite's parents, by position among the known flags
Verdict: TypeAlias = dict[str, float]  # of one composite or sample, by column
Combine: TypeAlias = Callable[[Any], Any]

WAYS = {
    "flags": "real flags",
    "flat": "real flags, flat",
    "average": "pixel average",
    "halves": "halves pasted",
    "seed": "sum, `seed` preset",
    "sum": "sum, plain argmax",
    "vote": "vote",
    "first": "weave, first picture",
    "weave": "weave",
}
OF_THREE = ("vote", "weave")
COLUMNS: dict[str, tuple[str, Combine, str]] = {  # heading, how verdicts become a figure, how it is written
    "colours": ("colours", np.median, "{:g}"),
    "speckle": ("speckle", np.median, "{:.2%}"),
    "looks": ("looks", np.mean, "{:.2f}"),
    "parts": ("parts", np.mean, "{:.2f}"),
    "meetings": ("meetings", np.mean, "{:.2f}"),
    "codes": ("codes", np.mean, "{:.2f}"),
    "pursuit": ("pursuit", np.mean, "{:.2f}"),
    "pursuit_codes": ("pursuit on codes", np.mean, "{:.2f}"),
    "lost": ("lost colours", np.sum, "{:.0f}"),
    "nearest": ("distance", np.median, "{:.1f}"),
    "least": ("least", np.min, "{:.1f}"),
    "real": (f"under {NEAR_DUPLICATE:g}", np.sum, "{:.0f}"),
    "doubles": (f"pairs under {NEAR_DUPLICATE:g}", np.sum, "{:.0f}"),
    "seconds": ("seconds", np.median, "{:.2f}"),
}
OF_MIXES = tuple(key for key in COLUMNS if key not in ("nearest", "least", "real", "doubles"))
OF_SAMPLES = ("colours", "speckle", "nearest", "least", "real", "doubles", "seconds")
# Pairs to look at: emblems on stripes, crosses on bars, cantons, flags of one colour.
SHOWN = """
    morocco+colombia japan+france sweden+germany turkey+italy argentina+kenya united-states+china india+norway
    south-africa+greece cuba+iceland switzerland+jamaica nepal+barbados south-korea+mexico canada+brazil bhutan+wales
    united-kingdom+romania australia+ethiopia israel+spain pakistan+finland seychelles+poland cyprus+ghana
    kiribati+austria vietnam+ukraine bahamas+egypt qatar+laos
"""


@dataclass(frozen=True)
class Row:
    """A line of a table: a figure for each column that says something."""

    name: str
    figures: dict[str, float]


@dataclass(frozen=True)
class Drawn:
    """A composite or sample. canvas: H x W x 3, as it is judged; picture: to look at and to read again, on either
    grid; labels: of a design, its own; seconds: processor time."""

    canvas: Picture
    picture: Picture
    labels: LabelMap | None = None
    seconds: float = 0.0


Way: TypeAlias = Callable[[Group], Drawn]


# Measures of one picture, h x w x 3, sRGB.


def colours(pixels: Picture) -> int:
    """How many colours cover 98 % of the pixels, at 5 bits a channel."""
    shade = (pixels >> 3).astype(int) @ np.array([1024, 32, 1])
    counts = np.sort(np.bincount(shade.ravel()))[::-1]
    return int(np.searchsorted(counts.cumsum(), 0.98 * shade.size)) + 1


def speckle(pixels: Picture) -> float:
    """Share of the pixels in 4-connected parts of one colour, at 3 bits a channel, under .1 % of the picture."""
    shade = (pixels >> 5).astype(int) @ np.array([64, 8, 1])
    areas = region_areas(connected_regions(shade))
    return float(areas[areas < 0.001 * shade.size].sum() / shade.size)


def neatness(canvas: Picture) -> Verdict:
    return {"colours": colours(canvas), "speckle": speckle(canvas)}


def look(pixels: Picture, smoothing: NDArray[np.float32]) -> Look:
    """Judge one, the look of any picture, as `weaving.likeness` has it: 8 x 12 cells in OKLab, and a histogram."""
    rows, columns = (-(-np.arange(cells) * size // cells) for cells, size in zip(CELLS, pixels.shape[:2], strict=True))
    sums = np.add.reduceat(np.add.reduceat(oklab(pixels), rows, axis=0), columns, axis=1)
    area = np.outer(np.diff(rows, append=pixels.shape[0]), np.diff(columns, append=pixels.shape[1]))
    thumbnail = (sums / area[..., None]).reshape(1, -1) / area.size**0.5
    counts = np.bincount((pixels // 64).reshape(-1, 3).astype(int) @ np.array([16, 4, 1]), minlength=64)
    histogram = np.sqrt(counts[None] / counts.sum()) @ smoothing
    return Look(thumbnail.astype(np.float32), histogram.astype(np.float32))


def meetings(pixels: Picture, palette: Palette) -> Floats:
    """Judge three: how often each palette colour lies 6 and 18 pixels beside and below each; 4 C^2, square roots.

    Arrangement without place: a triband keeps its meetings wherever its stripes go.
    """
    shades, where = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    labels, count = palette.distances(oklab(shades)).argmin(1)[where].reshape(pixels.shape[:2]), len(palette)
    tables = []
    for down, right in ((0, 6), (0, 18), (6, 0), (18, 0)):
        met = labels[: len(labels) - down, : labels.shape[1] - right] * count + labels[down:, right:]
        tables.append(np.sqrt(np.bincount(met.ravel(), minlength=count**2) / met.size))
    return np.concatenate(tables) / 2


@dataclass(frozen=True)
class Parts:
    """A flag as judge two sees it. features: n x 71, each in units of what is still the same to the eye; weight: n,
    share^.35, so that a star is heard beside a field, scaled to shared(parts, parts) = 1."""

    features: Floats
    weight: Floats


def take_parts(labels: LabelMap, tints: Picture) -> Parts:
    """The connected regions of a fine label map by colour (OKLab), shape (8 x 8 cells of their box), area and
    proportions (logarithms), and the place of their centre (in widths)."""
    labels = dissolve(labels, 20)
    regions = connected_regions(labels)
    shares, width = region_areas(regions) / labels.size, labels.shape[1]
    features, kept = [], np.nonzero(shares >= min(0.0012, shares.max()))[0]
    for number in kept:
        y, x = np.nonzero(regions == number)
        box = regions[y.min() : y.max() + 1, x.min() : x.max() + 1] == number
        colour = oklab(tints[labels[y[0], x[0]]]) / 0.1
        shape = resample(np.where(box, 255, 0).astype(np.uint8), 8, 8).ravel() / 255 / 6**0.5
        size = np.log(shares[number]) / 0.9, np.log(box.shape[0] / box.shape[1]) / 0.6
        features.append(np.concatenate([colour, shape, size, (y.mean() / width / 0.35, x.mean() / width / 0.35)]))
    parts = Parts(np.stack(features), shares[kept] ** 0.35)
    return replace(parts, weight=parts.weight / shared(parts, parts) ** 0.5)


def shared(one: Parts, other: Parts) -> float:
    """Judge two: what two flags have in common, sum over i, j of w_i w_j exp(-|f_i - f_j|^2 / 2), from 0 to 1.

    People name parts: "a blue bar at the hoist, a star in the canton". Each part of one flag is matched with each of
    the other, softly, so that no best pairing has to be searched for. To judge one a star is a few pale cells; here
    it is one of five or six things. The search rewards the pixels of its own parents' parts, but it is never shown
    this measure, nor another flag's parts.
    """
    square = (one.features**2).sum(1)[:, None] + (other.features**2).sum(1) - 2 * one.features @ other.features.T
    return float(one.weight @ np.exp(-square / 2) @ other.weight)


# Who is found. distances, products: of one picture to the N known flags; groups: N, near-duplicates share a number.


def found(distances: NDArray[np.floating], parents: Group) -> bool:
    """Whether each parent has fewer than 10 flags before it."""
    return all((distances < distances[parent]).sum() < NEAREST for parent in parents)


def nearest_groups(distances: Floats, groups: NDArray[np.intp], count: int) -> set[int]:
    """The first `count` groups in the order of their nearest members."""
    return set(islice(dict.fromkeys(groups[np.argsort(distances, kind="stable")].tolist()), count))


def best_pair(products: Floats, gram: Floats, groups: NDArray[np.intp]) -> set[int]:
    """The groups of the two flags whose non-negative sum explains a picture best."""
    explained = np.where(groups[:, None] == groups, -np.inf, made_of(products, gram))
    return set(groups[list(divmod(int(explained.argmax()), len(groups)))].tolist())


def loses_colour(labels: LabelMap, parents: Iterable[LabelMap], count: int) -> bool:
    """Whether one of `count` colours has 20 % of one parent, under 2 % of the others and under 2 % of the composite."""
    here, *there = (np.bincount(one.ravel(), minlength=count) / one.size for one in (labels, *parents))
    own = (np.max(there, axis=0) >= 0.2) & ((np.array(there) >= 0.02).sum(0) == 1)
    return bool((own & (here < 0.02)).any())


def apart(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> Floats:
    """Mean absolute difference of canvases in 8-bit steps, by which near-duplicates are found: n x N."""
    return np.stack([np.abs(others.astype(np.int16) - one).mean((1, 2, 3)) for one in some])


# The judges, and ways to mix flags.


class Judges:
    """The known flags as they are compared with, made once."""

    def __init__(self, model: Crisp) -> None:
        dataset = model.dataset
        self.dataset, self.model, self.flags = dataset, model, dataset.flags
        self.gallery = gallery_of(dataset, model.salience)
        self.groups = np.arange(len(self.flags))
        for _, i, j in near_duplicates(self.flags.canvas):
            self.groups[self.groups == self.groups[j]] = self.groups[i]
        looks = [look(canvas, self.gallery.smoothing) for canvas in self.flags.canvas]
        self.looks = Look(np.vstack([one.thumbnail for one in looks]), np.vstack([one.histogram for one in looks]))
        self.parts = [take_parts(*flag) for flag in zip(self.flags.fine, self.flags.tints, strict=True)]
        self.meetings = np.stack([meetings(canvas, dataset.palette) for canvas in self.flags.canvas])
        self.weights = weights(self.flags.areas, model.salience)
        self.gram = self.products(self.flags)
        self.codes = model.encode(self.flags).astype(np.float64)
        self.code_gram = self.codes @ self.codes.T

    def products(self, flags: Flags) -> Floats:
        """Inner products of n flags with the known ones, as the model's inputs: n x N."""
        weight = weights(flags.areas, self.model.salience)
        return likeness(flags.labels, weight, self.flags.labels, self.weights).astype(np.float64)

    def judge(self, drawn: Drawn, group: Group) -> Verdict:
        """All columns of a composite; pursuit for pairs alone."""
        palette, parents = self.dataset.palette, set(self.groups[list(group)].tolist())
        flag = self.dataset.make_flag(Name("composite", "composite"), drawn.picture)
        parts = take_parts(flag.fine[0], flag.tints[0])
        inner = self.codes @ self.model.encode(flag)[0]
        cosines = inner / np.linalg.norm(self.codes, axis=1)
        verdict = neatness(drawn.canvas) | {
            "looks": found(look(drawn.canvas, self.gallery.smoothing).distance(self.looks)[0], group),
            "parts": found(np.array([1 - shared(parts, other) for other in self.parts]), group),
            "meetings": found(np.linalg.norm(self.meetings - meetings(drawn.canvas, palette), axis=1), group),
            "codes": nearest_groups(-cosines, self.groups, len(group)) == parents,
            # What is read again may go by another name: two blues, where only one of them is left.
            "lost": loses_colour(
                flag.fine[0] if drawn.labels is None else drawn.labels, self.flags.fine[list(group)], len(palette)
            ),
            "seconds": drawn.seconds,
        }
        if len(group) == 2:
            verdict["pursuit"] = best_pair(self.products(flag)[0], self.gram, self.groups) == parents
            verdict["pursuit_codes"] = best_pair(inner, self.code_gram, self.groups) == parents
        return verdict

    def draw_groups(self, count: int, size: int, seed: int) -> list[Group]:
        """`count` different sets of `size` flags, no two of them near-duplicates."""
        random, chosen = np.random.default_rng(seed), dict[frozenset[int], Group]()
        while len(chosen) < count:
            group = tuple(random.choice(len(self.flags), size, replace=False).tolist())
            if len(set(self.groups[list(group)].tolist())) == size:
                chosen.setdefault(frozenset(group), group)
        return list(chosen.values())

    def picture(self, flag: int) -> Picture:
        """A real flag in flat colour on the fine grid."""
        return self.flags.flat(flag, fine=True)


def judge_samples(drawn: Sequence[Drawn], flags: Flags | None) -> list[Verdict]:
    """How clean and how new samples are; without flags, how new each is among the others."""
    small = np.stack([resample(one.picture, *one.canvas.shape[:2]) for one in drawn])
    among = apart(small, small)
    np.fill_diagonal(among, np.inf)
    nearest = (among if flags is None else apart(small, flags.canvas)).min(1)
    return [
        neatness(one.canvas)
        | {"nearest": float(away), "least": float(away), "real": bool(away < NEAR_DUPLICATE)}
        | {"doubles": int((among[number, :number] < NEAR_DUPLICATE).sum()), "seconds": one.seconds}
        for number, (one, away) in enumerate(zip(drawn, nearest, strict=True))
    ]


def flat(labels: LabelMap, tints: Picture) -> Drawn:
    picture = tints[labels]
    return Drawn(picture[1::3, 1::3], picture, labels)


def shown(composite: Composite) -> Drawn:
    if composite.design is not None:
        return flat(composite.design.flat(), composite.design.tints)
    assert composite.pixels is not None
    return Drawn(composite.pixels, composite.pixels)


def ways_to_mix(judges: Judges, wanted: Sequence[str]) -> dict[str, Way]:
    """Of the `WAYS`, those that are wanted and mix."""
    flags = judges.flags

    def average(group: Group) -> Drawn:
        mean = flags.canvas[list(group)].mean(0).round().astype(np.uint8)
        return Drawn(mean, mean)

    def halves(group: Group) -> Drawn:
        def paste(one: Picture, other: Picture) -> Picture:
            return np.hstack([one[:, : one.shape[1] // 2], other[:, other.shape[1] // 2 :]])

        return Drawn(paste(*flags.canvas[list(group)]), paste(*map(judges.picture, group)))

    def summed(model: Model, method: str) -> Way:
        codes = model.encode(flags)

        def way(group: Group) -> Drawn:
            operands = [Operand(flags.names[flag].title, codes[flag], 1.0, flags[[flag]]) for flag in group]
            return shown(draw(model, operands, method)[0])

        return way

    def first(group: Group) -> Drawn:
        sources = [Source(flags.fine[flag], flags.tints[flag], 1.0) for flag in group]
        design = next(weaving(sources, judges.gallery))[0]
        return flat(design.flat(), design.tints)

    ways: dict[str, Way] = {"average": average, "halves": halves, "first": first}
    ways |= {method: summed(judges.model, method) for method in METHODS}
    if "seed" in wanted and find_spec("torch"):
        ways["seed"] = summed(trained_seed(judges.dataset), "sum")
    elif "seed" in wanted:
        note("no torch here: the row of the `seed` preset is left out")
    return {key: ways[key] for key in WAYS if key in wanted and key in ways}


def trained_seed(dataset: Dataset) -> Model:
    """The notebook's network, trained once (minutes) and kept in the user's folder."""
    from flagsae.training.config import make_config
    from flagsae.training.trainer import Run

    folder = paths.home() / "benchmarks" / f"seed-{dataset.hash}"
    if not (folder / "model.safetensors").is_file():
        run = Run(folder, make_config("seed"), dataset)
        for progress in run.train():
            note(f"training the `seed` preset: epoch {progress.epoch} of {run.config.epochs}", done=False)
        run.save()
        note(f"trained the `seed` preset: {folder}")
    return load_model(dataset, str(folder / "model.safetensors"))


# Tables and sheets.


def note(text: str, *, done: bool = True) -> None:
    if done or sys.stderr.isatty():
        print(f"\r{text}", end="\n" if done else "", file=sys.stderr, flush=True)


def timed(name: str, drawn: Iterable[Drawn], count: int) -> list[Drawn]:
    """Draws `count` composites or samples, each with the processor time that it took."""
    out, start = list[Drawn](), time.process_time()
    for one in drawn:
        out.append(replace(one, seconds=time.process_time() - start))
        note(f"{name}: {len(out)} of {count}", done=len(out) == count)
        start = time.process_time()
    return out


def print_heading(title: str, columns: Sequence[str]) -> None:
    print("|", " | ".join([title, *(COLUMNS[key][0] for key in columns)]), "|")
    print("|", " | ".join(["---", *["---:"] * len(columns)]), "|", flush=True)


def print_row(name: str, verdicts: Sequence[Verdict], columns: Sequence[str]) -> Row:
    """Makes verdicts a line of a Markdown table; a dash where a column has none."""
    figures = {key: float(COLUMNS[key][1]([verdict[key] for verdict in verdicts])) for key in verdicts[0]}
    cells = (COLUMNS[key][2].format(figures[key]) if key in figures else "–" for key in columns)
    print("|", " | ".join([name, *cells]), "|", flush=True)
    return Row(name, figures)


def sheet(path: Path, cells: Sequence[tuple[Drawn, Sequence[Picture]]], columns: int, before: int = 0) -> None:
    """A contact sheet, numbered from `before` + 1: each composite, with its parents small beside it.

    It is for eyes that judge: all at their own size, on grey, where flagsae's own sheets are as wide as is asked for.
    """
    wide, high = 310 + 154 * any(parents for _, parents in cells), 222
    image = Image.new("RGB", (columns * wide, max(1, -(-len(cells) // columns)) * high), (90, 90, 90))
    pen = ImageDraw.Draw(image)
    for number, (drawn, parents) in enumerate(cells):
        x, y = number % columns * wide, number // columns * high
        pen.text((x + 4, y + 1), str(before + number + 1), "white")
        for place, parent in enumerate(parents):
            image.paste(Image.fromarray(parent).resize((150, 100), Image.Resampling.BOX), (x, y + 14 + 104 * place))
        composite = Image.fromarray(drawn.picture).resize((306, 204), Image.Resampling.NEAREST)
        image.paste(composite, (x + wide - 310, y + 14))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    note(f"wrote {path}")


def compare_mixes(judges: Judges, options: argparse.Namespace) -> list[Row]:
    """The table of pairs and triples, and its sheets."""
    flags, positions, wanted = judges.flags, judges.dataset.name_table(), options.methods.split(",")

    def beside(drawn: Iterable[Drawn], groups: Sequence[Group]) -> list[tuple[Drawn, list[Picture]]]:
        return [(one, list(map(judges.picture, group))) for one, group in zip(drawn, groups, strict=True)]

    print_heading(f"{options.pairs} pairs", OF_MIXES)
    own = {
        "flags": list(flags.canvas),
        "flat": [tints[one] for tints, one in zip(flags.tints, flags.labels, strict=True)],
    }
    rows = [print_row(WAYS[key], list(map(neatness, own[key])), OF_MIXES) for key in own if key in wanted]
    ways = ways_to_mix(judges, wanted)
    pairs = judges.draw_groups(options.pairs, 2, options.seed)
    for key, way in ways.items():
        drawn = timed(WAYS[key], map(way, pairs), len(pairs))
        rows.append(print_row(WAYS[key], list(map(judges.judge, drawn, pairs)), OF_MIXES))
        if options.sheet:
            chosen = [tuple(positions[slug] for slug in pair.split("+")) for pair in SHOWN.split()]
            sheet(options.sheet / f"{key}.png", beside(map(way, chosen), chosen), 4)
        if options.sheet and key == "weave":
            cells = beside(drawn[:100], pairs[:100])
            for start in range(0, len(cells), 25):
                sheet(options.sheet / f"pairs-{start // 25 + 1}.png", cells[start : start + 25], 5, start)
    triples = judges.draw_groups(options.triples, 3, options.seed)
    for key in [key for key in OF_THREE if key in ways and triples]:
        name = f"{WAYS[key]}, {len(triples)} triples"
        drawn = timed(name, map(ways[key], triples), len(triples))
        rows.append(print_row(name, list(map(judges.judge, drawn, triples)), OF_MIXES))
    errors = [f"{0.5 / count**0.5:.2f} of {count}" for count in (len(pairs), len(triples)) if count]
    print(f"\nShares have a standard error of at most {', '.join(errors)}.\n")
    return rows


def compare_samples(judges: Judges, options: argparse.Namespace) -> list[Row]:
    """The table of samples, real flags among them, and its sheets."""
    print_heading(f"{options.samples} samples", OF_SAMPLES)
    real = [Drawn(canvas, canvas) for canvas in judges.flags.canvas]
    rows = [print_row("real flags, among each other", judge_samples(real, None), OF_SAMPLES)]
    draw_some = partial(sample, judges.model, options.samples, seed=options.seed, avoid_real=0)
    for prior, method in (("uniform", "sum"), *((prior, "") for prior in reversed(PRIORS))):
        name = f"{prior}, plain argmax" if method else prior
        composites = (one.composite for one in draw_some(prior=prior, decode=method))
        drawn = timed(name, map(shown, composites), options.samples)
        verdicts = judge_samples(drawn, judges.flags)
        rows.append(print_row(name, verdicts, OF_SAMPLES))
        if options.sheet:
            new = [one for one, verdict in zip(drawn, verdicts, strict=True) if not verdict["real"]]
            file = "-".join(["samples", prior, *([method] if method else [])])
            sheet(options.sheet / f"{file}.png", [(one, ()) for one in new[:48]], 8)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--triples", type=int, default=60)
    parser.add_argument("--samples", type=int, default=200, help="of each prior")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--methods", default=",".join(WAYS), help="rows of the first table, by default all")
    parser.add_argument("--sheet", type=Path, metavar="FOLDER", help="write contact sheets to judge by eye")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of all rows")
    options = parser.parse_args()
    if unknown := set(options.methods.split(",")) - set(WAYS):
        parser.error(f"--methods {', '.join(sorted(unknown))}: give some of {','.join(WAYS)}")
    dataset = load_dataset()
    model = load_model(dataset, "crisp")
    assert isinstance(model, Crisp)
    with threadpool_limits(1):
        judges = Judges(model)
        rows = compare_mixes(judges, options) if options.pairs else []
        rows += compare_samples(judges, options) if options.samples else []
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
