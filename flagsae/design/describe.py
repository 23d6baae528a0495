"""A flag in words: "red field; green star in the centre".

The words are those of its design (`flagsae.design.elements`), so that `flagsae draw` reads them back. A picture
that has no design, as a photograph, has no elements either: only its colours are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOUR_WORDS, plain_word
from flagsae.design.design import Design
from flagsae.design.elements import elements
from flagsae.design.vocabulary import Element, capitalized, sentence
from flagsae.flags.dataset import Flags
from flagsae.flags.palette import Palette
from flagsae.printable import printable

if TYPE_CHECKING:
    from flagsae.design.evidence import Evidence

COLOUR_SHARE = 0.01  # of the flag: a colour that covers less is not named, unless it is that of a figure; by eye


NO_DESIGN = "No flat picture of few figures: there are no words for it"


@dataclass(frozen=True)
class Description:
    """A flag in words. `str` gives the sentence."""

    name: str
    """The slug of the flag."""
    elements: tuple[Element, ...]
    """What is on it, the ground first; none where it has no design."""
    colours: tuple[str, ...]
    """The colours that a person would name, the largest first."""
    design: Design | None = None
    """What the words are said of."""

    @property
    def text(self) -> str:
        """All elements as one sentence: `red field; green star in the centre`; empty where it has no design."""
        return sentence(self.elements)

    @property
    def sentence(self) -> str:
        """For people: `Red field; green star in the centre`."""
        return capitalized(self.text) or NO_DESIGN

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{printable(self.name)}: {self.text or 'no design'}>"

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """For each element (name, weight) of the design's features that say it, the strongest first."""
        from flagsae.design.evidence import evidence

        return () if self.design is None else evidence(self.design, self.elements)

    @property
    def record(self) -> dict[str, Any]:
        """The same for JSON: name, text, elements, colours, design."""
        said = [
            {
                "element": element.element,
                "text": element.text,
                "colours": list(element.colours),
                "place": element.place,
                "count": element.count,
                "share": round(element.share, 4),
                "features": [{"feature": name, "weight": round(weight, 3)} for name, weight in why],
            }
            for element, why in zip(self.elements, self.evidence, strict=True)
        ]
        design = None if self.design is None else self.design.record()
        return {
            "name": self.name,
            "text": self.text,
            "elements": said,
            "colours": list(self.colours),
            "design": design,
        }


def describe(flag: Flags, palette: Palette, design: Design | None) -> Description:
    """Describes a flag (N = 1). palette: of its label map; design: what is on it."""
    said = elements(design) if design is not None else ()
    words = tuple(plain_word(name) for name in palette.names)
    labels = flag.fine[0]
    shares = np.bincount(labels.ravel(), minlength=len(words)) / labels.size
    return Description(flag.names[0].slug, said, _named_colours(shares, words, said), design)


def _named_colours(shares: NDArray[np.floating], words: Sequence[str], elements: Iterable[Element]) -> tuple[str, ...]:
    """The colours that a person would name, the largest first.

    shares: C, of the flag's area; words: C, for the palette indices; elements: those of the flag, whose colours are
    named however small they are.
    """
    total: dict[str, float] = {}
    for word, share in zip(words, shares.tolist(), strict=True):
        if share:
            total[word] = total.get(word, 0.0) + share
    named = {colour for element in elements if element.element != "emblem" for colour in element.colours}
    kept = [word for word in total if word in COLOUR_WORDS and (total[word] >= COLOUR_SHARE or word in named)]
    return tuple(sorted(kept, key=lambda word: -total[word]))
