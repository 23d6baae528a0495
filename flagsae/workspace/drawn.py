"""A flag drawn from a sentence: a picture, a file, a design and the sentence that says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.design import render, words
from flagsae.design.design import Design
from flagsae.design.phrases import Phrase, phrase_text, write
from flagsae.errors import SentenceError
from flagsae.flags.palette import Palette, flag_palette
from flagsae.workspace.inhand import InHand

SEEN = 306  # width in pixels of its picture, as wide as a mix's
EDIT = re.compile(r"\[([^\[\]]*)\]\s*$")  # at the end of a sentence
LOOK = 102  # pixels across of the small picture on which it is seen whether something is hidden


@dataclass(frozen=True, eq=False, repr=False)
class Drawn(InHand):
    """A design and its picture; in a notebook it shows itself.

    >>> import flagsae
    >>> flag = flagsae.draw("red field; green star in the centre")
    >>> flag.design.charges[0].shape, flag.picture.shape
    ('star', (204, 306, 3))
    """

    design: Design
    """What is on the flag, in numbers."""
    palette: Palette
    """The colours that its names stand for."""
    notes: tuple[str, ...] = ()
    """What its edits did besides what they say."""

    @cached_property
    def phrases(self) -> list[Phrase]:
        """What is on it, the ground first and the charges last."""
        return words.said(self.design)

    @cached_property
    def text(self) -> str:
        """The sentence that says it; drawing that gives the same flag."""
        return write(self.phrases)

    @cached_property
    def title(self) -> str:  # type: ignore[override]
        """The sentence."""
        return self.text

    @cached_property
    def picture(self) -> NDArray[np.uint8]:
        """`SEEN` pixels wide: h x w x 3, sRGB. `save` draws it sharp at any size."""
        return render.picture(self.design, self.palette, SEEN)

    @property
    def record(self) -> dict[str, Any]:
        """What `flagsae draw` writes in a pipe, and reads: name, text, design."""
        return {"name": self.title, "text": self.text, "design": self.design.record()}

    def hidden(self) -> list[str]:
        """Phrases of charges of which nothing can be seen: they have the colour of what they stand on."""
        ground = len(self.phrases) - len(self.design.charges)
        looks = [
            render.picture(replace(self.design, charges=self.design.charges[:count]), self.palette, LOOK)
            for count in range(len(self.design.charges) + 1)
        ]
        return [
            phrase_text(phrase)
            for phrase, below, above in zip(self.phrases[ground:], looks[:-1], looks[1:], strict=True)
            if (above == below).all()
        ]

    def drawing(self, suffix: str, size: int) -> bytes:
        return render.file_of(self.design, self.palette, suffix, size, {"Title": self.title, "Software": "flagsae"})


def draw(text: str) -> Drawn:
    """The flag that a sentence says, with the edits of brackets at its end. Raises `SentenceError`, which points at the
    word that is not understood.

    >>> import flagsae
    >>> flagsae.draw("a blue field; a gold Scandinavian cross")
    <blue field; yellow Nordic cross>
    >>> flagsae.draw("red field; green star [star->crescent, red->blue]")
    <blue field; green crescent in the centre>
    """
    palette = flag_palette()
    brackets = EDIT.search(text)
    design = words.read(text if brackets is None else text[: brackets.start()])
    if brackets is None:
        return Drawn(design, palette)
    from flagsae.design.edit import edited

    try:
        found = edited(design, brackets[1], palette, _design_of)
    except SentenceError as error:
        start = brackets.start(1)
        raise SentenceError(error.reason, text, start + error.start, start + error.end) from None
    return Drawn(found.design, palette, found.notes)


def _design_of(name: str) -> Design:
    """Of a bundled flag. Raises `UnknownName`."""
    from flagsae.mixing.finding import find
    from flagsae.workspace.collection import open_collection

    collection = open_collection()
    return collection.design_of(find(name, collection.dataset)[0])
