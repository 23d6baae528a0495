"""What each feature of a dictionary means: its atom, the flags for which it fires, and a label in words.

A label is made of claims. A claim says something about flags that can be looked up, flag by flag: "red field" and
"white Nordic cross" are read off the atom and looked up in the label maps; "crescent" comes from a table of facts.
Where a feature fires for a flag, its label should hold for that flag: how often it does is the label's precision,
and a label is trusted where it is precise enough and holds more often than chance allows.

Letters: N flags, K features, C colours, H x W the canvas, h x w a coarser grid on which atoms are looked at,
T claims. Codes are N x K.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.atoms import GRID, LEAST_PATCH, Mask, in_words, place, shrink, signed_atoms
from flagsae.dataset import Dataset, designs
from flagsae.describe import describe
from flagsae.elements import Element
from flagsae.errors import DatasetError
from flagsae.model import Codes, Model, Seed
from flagsae.names import Name
from flagsae.partcodes import PartModel, load_part_model

HALF = 0.5  # over which a sigmoid's activation counts as firing: it is never zero
HELD = 0.6  # of a claim's place: it holds for a flag that has the colour on so much of it
PRECISE = 0.75  # of the activation: the share on flags of which a trusted label is true
TELLING = 1.5  # times as often as among all flags: a label that is true of most flags says nothing
DOUBT = 2  # flags as usual as any other that are added to those seen, so that a few by chance do not convince
FALSE_DISCOVERIES = 0.05  # share of all claims found that may be chance
BINS = 10
FEW = 0.03  # of the flags: a feature that fires for fewer has no name but theirs
UNUSED = ("slug", "doubtful", "note")  # columns of a table of facts; nor are those used that end in _maybe
SINGULAR = {"stars": "star"}
PLACES = {
    "centre": "in the centre",
    "hoist": "at the hoist",
    "fly": "at the fly",
    "top": "at the top",
    "bottom": "at the foot",
    "top-left": "in the upper hoist",
    "top-right": "in the upper fly",
    "bottom-left": "in the lower hoist",
    "bottom-right": "in the lower fly",
    "canton": "in the canton",
}
# What the table of facts calls elements, and kinds of elements, of a description.
THINGS = {"horizontal stripes": "stripes", "vertical stripes": "bars"}
KINDS = {"bar": "hoist bar", "halves": "halves diagonal"}
MANY = 100  # flags whose descriptions take several seconds
SHOWN = 9  # at most on a card: flags at the top, features that it fires with, attributes

Floats: TypeAlias = NDArray[np.float32]
Attributes: TypeAlias = Mapping[str, Mask]  # name -> N, whether a flag has it


@dataclass(frozen=True)
class Claim:
    """Something that a label says. holds: N, the flags of which it is true; source: "atom" or "attributes"."""

    words: str
    source: str
    holds: Mask


@dataclass(frozen=True)
class Shared:
    """An attribute among the flags that a feature fires for. precision: its share of these flags; share: of all
    flags; have, fires: how many of how many."""

    attribute: str
    precision: float
    share: float
    have: int
    fires: int

    @property
    def lift(self) -> float:
        return self.precision / self.share


@dataclass(frozen=True)
class Company:
    """Another feature that fires for the same flags. phi: the correlation of the two firing; lift: how many times
    as often as by chance; both: for how many flags."""

    feature: int
    phi: float
    lift: float
    both: int


@dataclass(frozen=True)
class Label:
    """words: what the feature stands for; precision: the share of its activation on flags of which this is true."""

    words: str
    trusted: bool
    precision: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class FeatureCard:
    """All that is known of a feature. density: the share of flags for which it fires; mean: of its activation where
    it fires; top, bottom: (position, activation) of the flags for which it fires most and least; edges, counts: the
    histogram of its activation where it fires."""

    feature: int
    label: Label
    density: float
    mean: float
    max: float
    top: tuple[tuple[int, float], ...]
    bottom: tuple[tuple[int, float], ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    company: tuple[Company, ...]
    attributes: tuple[Shared, ...]


def cards(model: Model, dataset: Dataset, attributes: Attributes, codes: Codes | None = None) -> list[FeatureCard]:
    """A card for each of the K features. attributes: name -> N, from wherever: a table, or `measured_attributes`;
    codes: N x K, of the dataset's flags, where they are known already."""
    strength = activity(model, model.encode(dataset.flags) if codes is None else codes)
    labels = label_features(strength, atom_claims(model, dataset), table_claims(attributes))
    fires = strength > 0
    together = fires.T.astype(np.float64) @ fires  # (K, K)
    return [
        FeatureCard(
            feature,
            labels[feature],
            float(fires[:, feature].mean()),
            *_strengths(strength[:, feature]),
            _company(together, feature, len(fires)),
            _shared(fires[:, feature], attributes),
        )
        for feature in range(len(model))
    ]


def activity(model: Model, codes: Codes) -> Codes:
    """Codes with zeros where a feature does not fire: a sigmoid's is never zero, and fires over a half. N x K."""
    return np.where(codes > HALF, codes, 0).astype(np.float32) if isinstance(model, Seed) else codes


def _strengths(
    strength: Floats,
) -> tuple[
    float, float, tuple[tuple[int, float], ...], tuple[tuple[int, float], ...], tuple[float, ...], tuple[int, ...]
]:
    """Mean, max, top, bottom, edges and counts of one feature's activation. strength: N."""
    order = np.argsort(-strength, kind="stable")
    order = order[strength[order] > 0]
    if not len(order):
        return 0.0, 0.0, (), (), (), ()
    firing = strength[order]
    counts, edges = np.histogram(firing, BINS, (0, float(firing[0])))
    ranked = [(int(position), float(value)) for position, value in zip(order, firing, strict=True)]
    bottom = ranked[: -SHOWN - 1 : -1] if len(ranked) > SHOWN else []
    return (
        float(firing.mean()),
        float(firing[0]),
        tuple(ranked[:SHOWN]),
        tuple(bottom),
        tuple(map(float, edges)),
        tuple(map(int, counts)),
    )


def _company(together: NDArray[np.float64], feature: int, flags: int) -> tuple[Company, ...]:
    """together: K x K, for how many flags two features fire both."""
    alone, both = np.diag(together), together[feature]
    own = alone[feature]
    spread = np.sqrt(own * (flags - own) * alone * (flags - alone))
    phi = np.divide(flags * both - own * alone, spread, out=np.zeros_like(both), where=spread > 0)
    phi[feature] = 0
    best = [int(other) for other in np.argsort(-phi, kind="stable")[:SHOWN] if phi[other] > 0 and both[other] > 1]
    return tuple(
        Company(other, float(phi[other]), float(flags * both[other] / (own * alone[other])), int(both[other]))
        for other in best
    )


def _shared(fires: Mask, attributes: Attributes) -> tuple[Shared, ...]:
    """The attributes that are more frequent among the flags of a feature than by chance, least likely first."""
    names = [name for name, has in attributes.items() if has.any()]
    if not names or not fires.any():
        return ()
    table = np.stack([attributes[name] for name in names], axis=1)  # (N, T)
    chance = tail(len(fires), table.sum(0), int(fires.sum()), table[fires].sum(0))
    order = np.argsort(chance, kind="stable")[:SHOWN]
    return tuple(
        Shared(
            names[place],
            float(table[fires, place].mean()),
            float(table[:, place].mean()),
            int(table[fires, place].sum()),
            int(fires.sum()),
        )
        for place in order
        if chance[place] < FALSE_DISCOVERIES / len(names)
    )


# Labels: claims, and how well they hold.


def label_features(
    strength: Codes, own: Sequence[Sequence[Claim]], common: Sequence[Claim], rows: NDArray[np.integer] | None = None
) -> list[Label]:
    """A label for each feature. strength: N x K, 0 where a feature does not fire; own: claims of each feature's
    atom; common: claims that any feature may make; rows: the flags to judge by, all of them by default."""
    strength = strength if rows is None else strength[rows]
    fires = strength > 0
    tables, chances = [], []
    shared = _holds(common, len(strength), rows)
    for feature, claims in enumerate(own):
        table = np.hstack([_holds(claims, len(strength), rows), shared])
        tables.append(table)
        fired = fires[:, feature]
        chances.append(tail(len(fires), table.sum(0), int(fired.sum()), table[fired].sum(0)))
    limit = discovery_limit(np.concatenate(chances) if chances else np.ones(1))
    return [
        _label([*claims, *common], table, chance, strength[:, feature], limit)
        for feature, (claims, table, chance) in enumerate(zip(own, tables, chances, strict=True))
    ]


def _holds(claims: Sequence[Claim], flags: int, rows: NDArray[np.integer] | None) -> Mask:
    """N x T."""
    table = np.stack([claim.holds for claim in claims], axis=1) if claims else np.zeros((flags, 0), bool)
    return table if rows is None or not claims else table[rows]


def _label(claims: Sequence[Claim], table: Mask, chance: NDArray[np.float64], strength: Floats, limit: float) -> Label:
    """The least likely of the claims that are precise, then what holds more often still among its flags."""
    fires = strength > 0
    if not fires.any():
        return Label("never fires", False, 0.0, ())
    precision = strength @ table / strength.sum()  # (T,)
    usual = table.mean(0)
    good = (_sure(precision, usual, int(fires.sum())) >= PRECISE) & (precision >= TELLING * usual) & (chance <= limit)
    if not good.any():
        # What the atom looks like, or else what its flags have in common: a guess.
        guess = next((i for i, claim in enumerate(claims) if claim.source == "atom"), None)
        if guess is None:
            guess = int(chance.argmin()) if len(claims) else None
        if guess is None:
            return Label("nothing known", False, 0.0, ())
        return Label(claims[guess].words, False, float(precision[guess]), (claims[guess],))
    chosen = [int(np.where(good, chance, np.inf).argmin())]
    holds = table[:, chosen[0]]
    # Among the flags of which this is true: what else do those have for which the feature fires?
    inside, fired = table[holds], fires[holds]
    further = tail(len(inside), inside.sum(0), int(fired.sum()), inside[fired].sum(0))
    joint = table & holds[:, None]
    sure = _sure(strength @ joint / strength.sum(), joint.mean(0), int(fires.sum()))
    further[(sure < PRECISE) | ~good] = 1
    best = int(further.argmin())
    if further[best] <= limit:
        holds = joint[:, best]
        # What the other implies need not be said.
        implied = [bool(np.array_equal(table[:, one], holds)) for one in (best, chosen[0])]
        chosen = [best] if implied[0] else chosen if implied[1] else [*chosen, best]
    # The ground comes before the charge on it.
    chosen.sort(key=lambda one: -table[:, one].sum())
    words = _joined([claims[one].words for one in chosen])
    return Label(words, True, float(strength @ holds / strength.sum()), tuple(claims[one] for one in chosen))


def _joined(words: Sequence[str]) -> str:
    """`red at the hoist and at the fly`, `green field, crescent`."""
    words = list(dict.fromkeys(words))
    heads = [re.split(" (?=at the |in the )", text, maxsplit=1) for text in words]
    if len(heads) == 2 and len(heads[0]) == len(heads[1]) == 2 and heads[0][0] == heads[1][0]:
        return f"{words[0]} and {heads[1][1]}"
    return ", ".join(words)


def _sure(precision: NDArray[np.floating], share: NDArray[np.floating], fires: int) -> NDArray[np.floating]:
    """A precision seen on few flags, drawn towards what chance would give: as if DOUBT more flags had been seen."""
    return (fires * precision + DOUBT * share) / (fires + DOUBT)


def said(card: FeatureCard, names: Sequence[Name]) -> str:
    """A feature's label with its doubts: `unsure: like Chad`. names: of the N flags."""
    if card.label.trusted or not card.label.claims:
        return card.label.words
    if card.density < FEW:
        return f"unsure: like {names[card.top[0][0]].title}"
    return f"unsure: {card.label.words}"


def check_labels(
    model: Model, dataset: Dataset, attributes: Attributes, *, repeats: int = 5, seed: int = 0
) -> dict[str, float | None]:
    """How far labels can be trusted: made on one half of the flags, checked on the other.

    Near-duplicates are in one half. share: of the features, those whose label is trusted; trusted, unsure: the
    share of their activation in the other half that is on flags of which the label is true; chance: the share of
    all its flags of which a trusted label is true.
    """
    strength = activity(model, model.encode(dataset.flags))
    own, common = atom_claims(model, dataset), table_claims(attributes)
    random = np.random.default_rng(seed)
    group = designs(dataset.flags.canvas)
    precision: dict[bool, list[float]] = {True: [], False: []}
    flags: dict[bool, list[int]] = {True: [], False: []}  # of the other half for which a feature fires
    chance: list[float] = []
    for _ in range(repeats):
        side = (random.permutation(len(group)) % 2).astype(bool)[group]
        for one, other in ((side, ~side), (~side, side)):
            for feature, label in enumerate(label_features(strength, own, common, np.flatnonzero(one))):
                rest = strength[other, feature]
                if rest.any() and label.claims:
                    holds = np.logical_and.reduce([claim.holds[other] for claim in label.claims])
                    precision[label.trusted].append(float(rest @ holds / rest.sum()))
                    flags[label.trusted].append(int((rest > 0).sum()))
                    chance += [float(holds.mean())] * label.trusted

    def mean(values: list[float], kind: bool) -> float | None:
        return float(np.average(values, weights=flags[kind])) if values else None

    return {
        "share": len(precision[True]) / max(1, len(precision[True]) + len(precision[False])),
        "trusted": mean(precision[True], True),
        "chance": mean(chance, True),
        "unsure": mean(precision[False], False),
    }


# Attributes: a table of facts, or what can be measured and described.


def attributes_of(dataset: Dataset, progress: Callable[[str], None] = lambda text: None) -> dict[str, Mask]:
    """What is known of the N flags of a dataset: the shipped table of facts where it knows them all, else the colours
    of their label maps and what their descriptions say. progress: is told what takes long."""
    table = paths.shipped("attributes.csv")
    if table.is_file() and (known := read_attributes(table, dataset)):
        return known
    if len(dataset.flags) > MANY:
        progress(f"describing {len(dataset.flags)} pictures, to name features after what is on them")
    found = measured_attributes(dataset)
    for name, has in described_attributes(dataset, load_part_model()).items():
        found[name] = found.get(name, np.zeros(len(has), bool)) | has
    return found


def read_attributes(path: Path, dataset: Dataset) -> dict[str, Mask] | None:
    """A table of facts: a column slug, and a column a kind of thing, in which an empty cell means that there is none.

    "1 green|white@centre;2 red@fly" makes, in a column stars: star, green star, white star, red star, star in the
    centre, star at the fly. Returns None where the table does not know every flag of the dataset.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {row["slug"]: row for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        raise DatasetError(f"{path} is no table of attributes: it needs the column slug, as CSV in UTF-8") from None
    slugs = [name.slug for name in dataset.flags.names]
    if not all(slug in rows for slug in slugs):
        return None
    found: dict[str, Mask] = {}
    for position, slug in enumerate(slugs):
        for column, cell in rows[slug].items():
            if isinstance(cell, str) and cell.strip() and column not in UNUSED and not column.endswith("_maybe"):
                for name in _cell(column, cell, dataset.palette.names):
                    found.setdefault(name, np.zeros(len(slugs), bool))[position] = True
    return found


def _cell(column: str, cell: str, colours: Sequence[str]) -> Iterator[str]:
    """The attributes that one cell of a table stands for."""
    thing = SINGULAR.get(column, column.replace("_", " "))
    if column not in ("colours", "main"):
        yield thing
    for item in cell.split(";"):
        values, _, where = item.strip().partition("@")
        for value in re.sub(r"^\d+ ", "", values).split("|"):
            if column == "colours":
                yield value
            elif column == "main":
                yield f"mainly {value}"
            elif value in colours:
                yield f"{value} {thing}"
            elif value not in ("", "yes"):  # the name of an animal, say
                yield value
        if where in PLACES:
            yield f"{thing} {PLACES[where]}"


def measured_attributes(dataset: Dataset) -> dict[str, Mask]:
    """What label maps say by themselves: the colours of a flag, its main colour, the colour of each of nine places."""
    labels = dataset.flags.labels
    height, width = dataset.size
    shares = np.stack([(labels == colour).mean((1, 2)) for colour in range(len(dataset.palette))], axis=1)  # (N, C)
    found: dict[str, Mask] = {}
    for colour, name in enumerate(dataset.palette.names):
        found[name] = shares[:, colour] >= LEAST_PATCH
        found[f"mainly {name}"] = shares.argmax(1) == colour
        for row in range(3):
            for column in range(3):
                cell = labels[
                    :,
                    row * height // 3 : (row + 1) * height // 3,
                    column * width // 3 : (column + 1) * width // 3,
                ]
                where = place((row + 0.5) / 3, (column + 0.5) / 3)
                found[f"{name} {where}"] = (cell == colour).mean((1, 2)) >= HELD
    return {name: has for name, has in found.items() if has.any()}


def described_attributes(dataset: Dataset, parts: PartModel) -> dict[str, Mask]:
    """What descriptions say, in the words of the table of facts: star, green star, star in the centre, red field."""
    flags = dataset.flags
    found: dict[str, Mask] = {}
    for position, description in enumerate(describe(flags, dataset.palette, parts, flags.fine)):
        for name in (*description.colours, *chain.from_iterable(map(_facts, description.elements))):
            found.setdefault(name, np.zeros(len(flags), bool))[position] = True
    return found


def _facts(element: Element) -> Iterator[str]:
    """The attributes that an element of a description stands for."""
    if element.kind == "piece":  # of a Union Jack
        return
    if element.kind == "union jack":
        yield from ("union jack", "canton") if element.place == "canton" else ("union jack",)
        return
    thing = KINDS.get(element.kind, THINGS.get(element.element, element.element))
    if thing != "field":  # all flags have one
        yield thing
    if thing != "emblem":  # of many colours
        yield from (f"{colour} {thing}" for colour in dict.fromkeys(element.colours))
    if element.place in PLACES and thing not in ("canton", "hoist bar"):
        yield f"{thing} {PLACES[element.place]}"


def atom_claims(model: Model, dataset: Dataset) -> list[list[Claim]]:
    """What each of the K atoms shows, strongest first. It is true of a flag that has the colour at that place."""
    said = in_words(signed_atoms(model, dataset), dataset.palette.names)
    labels = dataset.flags.labels
    shares = np.stack([shrink(labels == colour, GRID) for colour in range(len(dataset.palette))])  # (C, N, h, w)
    return [
        [Claim(words, "atom", shares[colour][:, mask].mean(1) >= HELD) for words, colour, mask in claims]
        for claims in said
    ]


def table_claims(attributes: Attributes) -> list[Claim]:
    return [Claim(name, "attributes", has) for name, has in attributes.items() if has.any()]


# Chance.


def tail(flags: int, having: NDArray[np.integer], firing: int, both: NDArray[np.integer]) -> NDArray[np.float64]:
    """How likely at least `both` of `firing` flags have what `having` of all `flags` have (Fisher's exact test).

    The upper tail of the hypergeometric distribution. having, both: T; returns T.
    """
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, flags + 1)))])  # of the factorials

    def choose(n: NDArray[np.integer], k: NDArray[np.integer]) -> NDArray[np.float64]:
        possible = (k >= 0) & (k <= n)
        n, k = np.where(possible, n, 0), np.where(possible, k, 0)
        return np.where(possible, logs[n] - logs[k] - logs[n - k], -np.inf)

    having, both = np.asarray(having)[:, None], np.asarray(both)[:, None]
    count = np.arange(firing + 1)[None]
    terms = choose(having, count) + choose(flags - having, firing - count) - choose(np.array(flags), np.array(firing))
    return np.minimum(1, np.where(count >= both, np.exp(terms), 0).sum(1))


def discovery_limit(chances: NDArray[np.float64]) -> float:
    """The largest chance that counts as found, so that at most `FALSE_DISCOVERIES` of what is found is chance.

    Benjamini and Hochberg, "Controlling the false discovery rate", 1995.
    """
    ranked = np.sort(chances)
    passed = ranked <= FALSE_DISCOVERIES * np.arange(1, len(ranked) + 1) / max(1, len(ranked))
    return float(ranked[passed][-1]) if passed.any() else 0.0
