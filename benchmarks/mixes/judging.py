"""Judges mixes: every column of the table of `benchmarks/quality.py`."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np

from flagsae.design import carried, kept
from flagsae.design.design import Design
from flagsae.design.features import features_of
from flagsae.errors import FlagsaeError
from flagsae.flags.dataset import Flags
from flagsae.flags.names import Name
from flagsae.flags.regions import LabelMap
from mixes import again, plain
from mixes.seams import seams
from mixes.sums import Asked, Group
from mixes.torn import torn
from mixes.ways import Mix, Ways

Verdict: TypeAlias = dict[str, float]  # of one mix, by column


class Judge:
    """All that mixes are compared with, made once a process."""

    def __init__(self) -> None:
        self.ways = Ways()
        self.dataset = self.ways.dataset
        self.flags = self.dataset.flags
        self.known = again.Known(self.dataset)
        self.looks = plain.Looks.of(self.flags.canvas)
        self.mixed = lru_cache(4 * again.CANDIDATES)(self._mixed)

    def judge(self, way: str, asked: Asked, resettle: bool) -> Verdict:
        """Mixes and judges a sum; nothing where it cannot be read or drawn."""
        try:
            mix = self.ways.mix(way, asked.expression, asked.parents)
        except FlagsaeError:
            return {}
        flag = self.dataset.make_flag(Name("mix", "mix"), mix.file)
        assert carried.design_of(flag) is None  # it is read from its pixels alone
        parsed = kept.design_of(flag, self.dataset.palette, self.flags.fine)
        found = features_of(parsed) if parsed is not None else {}
        own = features_of(mix.design) if mix.design is not None else {}
        verdict = self._picture(mix, flag, parsed, asked)
        if asked.has or asked.lacks:
            words = set(map(str.lower, found))
            shown = words | {word.removesuffix(" in the emblem") for word in words}
            verdict["asked"] = shown.issuperset(asked.has) and words.isdisjoint(asked.lacks)
        verdict["kept"] = self.known.kept(found, asked.parents)
        if own:
            verdict["kept_own"] = self.known.kept(own, asked.parents)
        if len(asked.parents) == 2 and not asked.expected:
            verdict["again"] = self.known.is_pair(self.known.ranked(found, parsed, 1)[0], asked.parents)
            if own:
                verdict["again_own"] = self.known.is_pair(self.known.ranked(own, mix.design, 1)[0], asked.parents)
            if resettle and way == "default":
                verdict |= self._resettled(mix, flag, own, found, parsed, asked.parents)
        return verdict

    def _picture(self, mix: Mix, flag: Flags, parsed: Design | None, asked: Asked) -> Verdict:
        """What its picture shows, with what it took to draw it."""
        pairs = [(kept.design_at(self.dataset, parent), self.flags.fine[parent]) for parent in asked.parents]
        parents = [(design, labels) for design, labels in pairs if design is not None]
        theirs = [labels for _, labels in pairs]
        own = mix.design if mix.design is not None else parsed
        verdict: Verdict = {
            "torn": 100 * bool(torn(flag.fine[0], own, parents, parsed=mix.design is None)),
            "pasted": 100 * seams(flag.fine[0], theirs),
            "colours": plain.colours(mix.canvas),
            "speckle": plain.speckle(mix.canvas),
            "look": plain.found(self.looks.distances(mix.canvas), asked.parents),
        }
        if mix.seconds:
            verdict |= {"first": mix.first, "seconds": mix.seconds}
        if not (asked.has or asked.lacks):
            labels = flag.fine[0] if mix.labels is None else mix.labels
            verdict["lost"] = plain.loses_colour(labels, theirs, self.dataset.palette.names)
        return verdict

    def _resettled(
        self,
        mix: Mix,
        flag: Flags,
        own: again.Features,
        found: again.Features,
        parsed: Design | None,
        parents: Group,
    ) -> Verdict:
        """Whether the parents are found by mixing the likeliest pairs anew, and comparing."""

        def labels_alike(pair: Group) -> float:
            return float((self.mixed(pair)[1] == flag.fine[0]).mean())

        def designs_alike(pair: Group) -> float:
            design = self.mixed(pair)[0]
            if design is None or mix.design is None:
                return 0.0
            if design == mix.design:
                return 2.0  # above any cosine
            return again.cosine(self.known.row(features_of(design)), self.known.row(own))

        seen = again.nearest(self.known.ranked(found, parsed, again.CANDIDATES), labels_alike)
        verdict: Verdict = {"resettled": self.known.is_pair(seen, parents)}
        if mix.design is not None:
            best = again.nearest(self.known.ranked(own, mix.design, again.CANDIDATES), designs_alike)
            verdict["resettled_own"] = self.known.is_pair(best, parents)
        return verdict

    def _mixed(self, pair: Group) -> tuple[Design | None, LabelMap]:
        """The design and the fine label map of what the default makes of a pair."""
        names = self.flags.names
        mix = self.ways.mix("default", f"{names[pair[0]].slug} + {names[pair[1]].slug}", pair)
        assert mix.labels is not None
        return mix.design, np.ascontiguousarray(mix.labels)
