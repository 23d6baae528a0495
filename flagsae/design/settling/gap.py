"""How a design's features differ from those that are wanted, thing by thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from flagsae.design.facets import GROUNDS, STRIPES, facet
from flagsae.design.settling.sharpened import noun_of

GROUND = "ground"  # stands for whatever fills the flag
GROUND_KINDS = ("striped", "many stripes", "slot", "rim", "next", "wider")  # are told of grounds only

SAYS = {"coloured": "colour", "edged": "colour", "edge": "colour", "place": "spot", "count": "number"}


@dataclass
class Gap:
    """Sums of weighted features, by what they are told of."""

    own: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """What the design has, by noun; of what fills the flag by `GROUND`."""
    lack: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """What it lacks."""
    excess: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """What it has too much of."""
    said: dict[tuple[str, str, str], float] = field(default_factory=lambda: defaultdict(float))
    """What it lacks less what it has too much of, by (kind, noun, value): ("place", "star", "in the centre")."""
    pairs: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """Of what stands with what: what the design has, and what it lacks less what it has too much of."""
    colours: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """The same of each colour, whatever has it."""

    @classmethod
    def between(cls, features: Mapping[str, float], wanted: Mapping[str, float], weights: Mapping[str, float]) -> Gap:
        gap = cls()
        for name in {**features, **wanted}:
            one = facet(name)
            if one is None:
                continue
            weight = weights.get(name, 0.0)
            has, off = weight * features.get(name, 0.0), weight * (wanted.get(name, 0.0) - features.get(name, 0.0))
            nouns = {noun_of(one), *_grounds(one.kind, noun_of(one), one.canton), *(["canton"] * one.canton)} - {""}
            for noun in nouns or ({""} if one.kind == "edge" else ()):
                gap.own[noun] += has
                gap.lack[noun] += max(0.0, off)
                gap.excess[noun] += max(0.0, -off)
                if one.kind in SAYS and not one.canton:
                    gap.said[one.kind, noun, one[SAYS[one.kind]]] += off
            if one.kind == "with" and not one.canton:
                gap.pairs[one["noun"], one["other"]] = gap.pairs[one["other"], one["noun"]] = has, off
            for key, value in one.values:
                if key in ("colour", "colour2") and one.kind != "emblem colour":
                    gap.colours[value] += off
        return gap

    def too_much(self, noun: str) -> float:
        """The share of what the design has of a thing that is too much."""
        return self.excess[noun] / self.own[noun] if self.own[noun] > 0 else 0.0

    def goes_with(self, noun: str) -> list[str]:
        """What is to go when a thing goes that it stands with."""
        return [other for (one, other), (has, off) in self.pairs.items() if one == noun and has > 0 and -off > has / 2]

    def comes_with(self, noun: str) -> list[str]:
        """What a thing is to stand with."""
        return [other for (one, other), (_, off) in self.pairs.items() if one == noun and off > 0]

    def wanted(self, kind: str, noun: str) -> list[str]:
        """The values of a kind that a thing lacks, the most wanted first."""
        found = [(off, value) for (one, other, value), off in self.said.items() if (one, other) == (kind, noun)]
        return [value for off, value in sorted(found, reverse=True) if off > 0]

    def lacking(self) -> list[str]:
        """The colours that are lacking, the most wanted first."""
        found = [(off, colour) for colour, off in self.colours.items() if off > 0]
        return [colour for _, colour in sorted(found, reverse=True)]


def _grounds(kind: str, noun: str, canton: bool) -> tuple[str, ...]:
    if canton:
        return ()
    return (GROUND,) if kind in GROUND_KINDS or noun in GROUNDS or noun in STRIPES else ()
