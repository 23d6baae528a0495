"""Which single numbers know what is on a flag? `python benchmarks/features.py [--designs FILE] [--facts]`.

For each fact of `data/attributes.csv` that 6 flags or more have: the AUROC, on one half of the flags, of the one
feature that is best on the other half, as `flagsae evaluate` has it; near-duplicates are in one half. Facts are told of
what is there (star), of its colour (green star), of its place (star in the centre), of colours (green, mainly green),
and of what arms show (bird). Six sets of features:

- design: `flagsae.design.features`, of the designs that pictures were parsed to;
- parts: the features of the part dictionaries, layout and shape, the strongest over a flag's regions;
- SAE: the codes of the shipped `design` model, a sparse autoencoder of these;
- canvas: the codes of the shipped `crisp` model;
- histogram: the share of each palette colour;
- random: as many random projections of the pictures as there are design features.

`--facts` lists all facts; `--designs` keeps the parsed designs in a file, and takes them from it the next time.
Below, of the design features: how many there are, how many a flag has, how many few flags have, and which pairs of
flags have nearly the same ones.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.design import facets
from flagsae.design.design import Design
from flagsae.design.features import Features, Table, design_of, features_of
from flagsae.design.kept import kept
from flagsae.design.parse import parse
from flagsae.design.part_model import load_part_model
from flagsae.design.part_regions import KINDS as PART_KINDS
from flagsae.design.part_regions import pixel_aspect, regions_of
from flagsae.design.part_vectors import stack
from flagsae.design.tree import tree_of
from flagsae.features.attributes import SINGULAR, read_attributes
from flagsae.features.evaluation import FEWEST, auroc, best_single
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.prepare import designs as near_groups
from flagsae.sae.model import load_model

REPEATS, SEED = 10, 0  # random halvings, as `flagsae.features.evaluation.alignment` has them
ALIKE = 0.98  # cosine over which two flags have nearly the same features
FEW = (1, 2)  # flags
KINDS = ("colours", "things", "colours of things", "places of things", "what arms show")
SHOWN_IN_ARMS = ("animal", "plant", "weapon", "text")  # columns


def parsed(dataset: Dataset, path: Path | None) -> list[Design]:
    if path is not None and path.is_file():
        records = json.loads(path.read_text(encoding="utf-8"))
        return [Design.read(records[name.slug]) for name in dataset.flags.names]
    flags = dataset.flags
    found = [
        kept(dataset, flag) or parse(flags.fine[flag], dataset.palette, float(flags.aspect[flag]), flags.fine)
        for flag in range(len(flags))
    ]
    if path is not None:
        records = {name.slug: design.record() for name, design in zip(flags.names, found, strict=True)}
        path.write_text(json.dumps(records), encoding="utf-8")
    return found


def kinds_of(attributes: Sequence[str], dataset: Dataset) -> dict[str, str]:
    """The kind of each fact, one of `KINDS`."""
    with paths.shipped("attributes.csv").open(encoding="utf-8-sig", newline="") as file:
        columns = csv.DictReader(file).fieldnames or []
    things = {SINGULAR.get(column, column.replace("_", " ")) for column in columns} - set(SHOWN_IN_ARMS)
    colours = set(dataset.palette.names)
    found = {}
    for name in attributes:
        if name.removeprefix("mainly ") in colours:
            found[name] = KINDS[0]
        elif name in things:
            found[name] = KINDS[1]
        elif any(name == f"{colour} {thing}" for colour in (*colours, "union jack") for thing in things):
            found[name] = KINDS[2]
        elif any(name.startswith(f"{thing} ") for thing in things):
            found[name] = KINDS[3]
        else:
            found[name] = KINDS[4]
    return found


def part_scores(dataset: Dataset) -> NDArray[np.float64]:
    """The activations of both part dictionaries, the strongest over a flag's regions: N x K."""
    parts, flags = load_part_model(), dataset.flags
    rows = []
    for position, labels in enumerate(flags.fine):
        regions = list(regions_of(tree_of(labels, flags.fine)))
        row = []
        for kind in PART_KINDS:
            dictionary = parts[kind]
            vectors = (one.vector(pixel_aspect(flags, position)) for one in regions if one.kind == kind)
            codes = dictionary.encode(stack(vectors, len(dictionary.mean)))
            row.append(np.vstack([codes, np.zeros((1, codes.shape[1]))]).max(0))
        rows.append(np.concatenate(row))
    return np.stack(rows).astype(np.float64)


def sets_of_scores(dataset: Dataset, designed: NDArray[np.float32]) -> dict[str, NDArray[np.floating]]:
    """Each set of features, N x K."""
    flags = dataset.flags
    pixels = flags.canvas.reshape(len(flags), -1) / 255.0
    directions = np.random.default_rng(SEED).standard_normal((pixels.shape[1], designed.shape[1]))
    shares = [(flags.fine == colour).mean((1, 2)) for colour in range(len(dataset.palette))]
    return {
        "design": designed,
        "parts": part_scores(dataset),
        "SAE": load_model(dataset, "design").encode(flags),
        "canvas": load_model(dataset, "crisp").encode(flags),
        "histogram": np.stack(shares, 1),
        "random": (pixels - pixels.mean(0)) @ directions,
    }


def facts_table(dataset: Dataset, scores: Mapping[str, NDArray[np.floating]], table: Table, every: bool) -> None:
    """Prints the AUROC of each set of features. every: of each fact, beside the design feature that is best on all."""
    known = read_attributes(paths.shipped("attributes.csv"), dataset) or {}
    names = [name for name, has in known.items() if FEWEST <= has.sum() <= len(has) - FEWEST]
    has = np.stack([known[name] for name in names], 1)
    group = near_groups(dataset.flags.canvas)
    random = np.random.default_rng(SEED)
    sides = [(random.permutation(len(group)) % 2).astype(bool)[group] for _ in range(REPEATS)]
    found = {name: best_single(some, has, sides) for name, some in scores.items()}
    kind = kinds_of(names, dataset)
    print(f"| facts | number | {' | '.join(scores)} |\n|" + " --- |" * (2 + len(scores)))
    for shown in ("all", *KINDS):
        chosen = np.array([shown in ("all", kind[name]) for name in names])
        cells = " | ".join(f"{np.nanmean(one[chosen]):.3f}" for one in found.values())
        print(f"| {shown} | {chosen.sum()} | {cells} |")
    if not every:
        return
    best = auroc(scores["design"], has).argmax(0)
    print(f"\n| fact | flags | {' | '.join(scores)} | best design feature |\n|" + " --- |" * (3 + len(scores)))
    for column in np.argsort(found["design"]):
        cells = " | ".join(f"{one[column]:.2f}" for one in found.values())
        print(f"| {names[column]} | {has[:, column].sum()} | {cells} | {table.names[best[column]]} |")


def vectors_table(dataset: Dataset, vectors: Sequence[Features], table: Table) -> None:
    """Prints how design features are used."""
    fires = np.array(table.flags)
    active = [len(vector) for vector in vectors]
    print(f"\n{len(table.names)} design features; a flag has {np.median(active):.0f} (median), {max(active)} at most")
    few = ", ".join(f"{(fires == count).sum()} for {count}" for count in FEW)
    print(f"they fire for few flags: {few}; for 3 or more: {(fires >= 3).sum()}; for 5 or more: {(fires >= 5).sum()}")
    shares = Counter(facet.kind for name in table.names if (facet := facets.facet(name)))
    print("of each kind:", ", ".join(f"{kind} {count}" for kind, count in shares.most_common()))
    rows = table.matrix(vectors) * table.rarity
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    slugs = [name.slug for name in dataset.flags.names]
    cosines = np.triu(rows @ rows.T, 1)
    group = near_groups(dataset.flags.canvas)
    alike = [(one, other) for one, other in np.argwhere(cosines > ALIKE).tolist() if group[one] != group[other]]
    said = ", ".join(f"{slugs[one]} = {slugs[other]}" for one, other in alike)
    print(f"pairs over a cosine of {ALIKE}, near-duplicates left out: {len(alike)}{': ' if alike else ''}{said}")


def rebuilt_table(vectors: Sequence[Features]) -> None:
    """Prints how much of its features a design has that was made from them."""
    shares = []
    for vector in vectors:
        again = features_of(design_of(vector))
        shares.append(sum(min(value, again.get(name, 0.0)) for name, value in vector.items()) / sum(vector.values()))
    print(f"kept by the design made from them: {np.median(shares):.3f} (median), {np.percentile(shares, 10):.3f} (p10)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--designs", type=Path, help="a file of parsed designs, which is made if it is not there")
    options.add_argument("--facts", action="store_true", help="list every fact")
    asked = options.parse_args()
    dataset = load_dataset()
    known = parsed(dataset, asked.designs)
    seconds = []
    for _ in range(2):
        began = time.process_time()
        vectors = [features_of(design) for design in known]
        seconds.append((time.process_time() - began) / len(known))
    table = Table.of(vectors)
    facts_table(dataset, sets_of_scores(dataset, table.matrix(vectors)), table, asked.facts)
    vectors_table(dataset, vectors, table)
    rebuilt_table(vectors)
    print(f"{seconds[0] * 1000:.1f} ms a design, {seconds[1] * 1000:.1f} where its cut-outs have been seen before")


if __name__ == "__main__":
    main()
