"""Edits of a design: a star becomes a crescent, red blue; a border more, a canton less.

>>> from flagsae.design import words
>>> from flagsae.flags.palette import flag_palette
>>> words.say(edited(words.read("red field; green star"), "star->crescent, red->blue", flag_palette()).design)
'blue field; green crescent in the centre'

What can be typed is told in `edits.reader`. What an edit does not name stays as it is. What it would hide gets a colour
that is seen (`edits.contrast`), and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from flagsae.design.design import Design
from flagsae.design.edits import adding, changing, removing, turning
from flagsae.design.edits.charges import gathered
from flagsae.design.edits.contrast import joined, repaired, tinted
from flagsae.design.edits.figures import mirrored
from flagsae.design.edits.reader import Edit, read
from flagsae.design.edits.suns import with_suns
from flagsae.design.edits.task import Task
from flagsae.design.edits.things import things
from flagsae.errors import DesignError, SentenceError
from flagsae.flags.palette import Palette

VERBS: dict[str, Callable[[Task, Design, Edit], Design]] = {
    "add": adding.add,
    "remove": removing.remove,
    "turn": turning.turn,
    "swap": turning.swap,
    "colours": turning.in_colours,
    "set": changing.set_said,
    "edge": changing.edge,
    "scale": changing.scale,
    "mirror": lambda task, design, edit: mirrored(design, down=False),
    "flip": lambda task, design, edit: mirrored(design, down=True),
}


@dataclass(frozen=True)
class Edited:
    """What came of an edit."""

    design: Design
    notes: tuple[str, ...]
    """What was done besides what was said: a line each."""


def edited(design: Design, text: str, palette: Palette, flag_of: Callable[[str], Design] | None = None) -> Edited:
    """A design with the edits of a text, one after the other.

    flag_of: the design of a flag by its name, for "colours jamaica"; it raises `UnknownName` for another. Raises
    `SentenceError`, which points at the edit that is not understood, or that finds nothing to change.
    """
    task = Task(text, palette, flag_of)
    design = gathered(design)
    edits = read(text)
    if any(edit.what.noun == "sun" for edit in edits) and not any(one.phrase.noun == "sun" for one in things(design)):
        design = with_suns(design)
    new = design
    task.asked |= {name for edit in edits for phrase in (edit.what, edit.into) for name in phrase.colours}
    for colours, group in groupby(edits, _is_colour):
        if colours:
            new = turning.recolour(task, new, list(group))
            continue
        for edit in group:
            try:
                changed = VERBS[edit.verb](task, new, edit)
            except DesignError as error:
                raise SentenceError(f"that cannot be drawn: {error}", text, edit.start, edit.end) from None
            if changed == new:
                task.notes.append(f"{text[edit.start : edit.end]}: it is so already")
            new = tinted(changed, palette)
    new, repairs = repaired(design, new, palette, task.barred, task.asked)
    return Edited(new, (*task.notes, *repairs, *joined(design, new)))


def _is_colour(edit: Edit) -> bool:
    """Whether colours become others: such edits that follow one another are one change."""
    return edit.verb in ("turn", "swap") and not edit.what.noun
