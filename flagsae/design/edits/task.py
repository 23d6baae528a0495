"""What every edit needs besides the design: its text, the palette, and where to note what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flagsae.design import words
from flagsae.design.design import Design
from flagsae.design.edits.contrast import Contrast, shares
from flagsae.design.edits.lexicon import ANY
from flagsae.design.edits.reader import NOTHING, Edit
from flagsae.design.edits.things import Thing, matching, noun_of, things
from flagsae.design.phrases import GROUNDS, NOUNS, Phrase
from flagsae.design.shades import family, meant
from flagsae.errors import SentenceError
from flagsae.flags.palette import Palette

LONG = 120  # characters of a sentence that a message quotes


@dataclass
class Task:
    """The edits of one text."""

    text: str
    palette: Palette
    flag_of: Callable[[str], Design] | None
    """The design of a flag by its name, where flags are known."""
    notes: list[str] = field(default_factory=list)
    """What is done besides what is said."""
    barred: set[str] = field(default_factory=set)
    """Families of colours that were taken away: nothing gets them."""
    asked: set[str] = field(default_factory=set)
    """Colours that were said."""

    def wrong(self, reason: str, edit: Edit, phrase: Phrase = NOTHING) -> SentenceError:
        """At a phrase of an edit, or at all of it."""
        start, end = (phrase.start, phrase.end) if phrase.end else (edit.start, edit.end)
        return SentenceError(reason, self.text, start, end)

    def find(self, design: Design, edit: Edit, what: Phrase) -> list[Thing]:
        """The things that a phrase means, one at least."""
        everything = things(design)
        found = matching(what, edit.plain, everything)
        if found:
            return found
        noun = "charge" if what.noun in ("", ANY) else noun_of(what)
        if matching(replace(what, colours=(), place="", size="", points=0), edit.plain, everything):
            raise self.wrong(f"there is no such {noun} on it: {said(design)}", edit, what)
        advice = f"; +{noun} adds one" if what.noun in NOUNS and what.noun not in GROUNDS else ""
        raise self.wrong(f"there is no {noun} on it: {said(design)}{advice}", edit, what)

    def names(self, design: Design, edit: Edit, what: Phrase, word: str = "") -> list[str]:
        """The colours of a design that a phrase's colour stands for, one at least."""
        names = list(design.colours())
        word = word or what.colours[0]
        found = meant(word, names)
        if not found:
            raise self.wrong(f"there is no {word} on it: {', '.join(names)}", edit, what)
        if word not in names and word != family(word):
            self.notes.append(f"{word}: on this flag it is {' and '.join(found)}")
        return found

    def seen(self, design: Design, under: Mapping[str, float]) -> str:
        """A colour that is seen on others: of the flag's, if it has one, that of which there is most."""
        return Contrast(design, self.palette).chosen(under, barred=self.barred, usual=self.usual(design))

    def usual(self, design: Design) -> list[str]:
        """The colours of a design, that of which most is seen first."""
        names = dict.fromkeys(design.colours())
        return list(dict.fromkeys([*(name for name in shares(design, self.palette) if name in names), *names]))


def said(design: Design) -> str:
    """What is on a flag, for a message."""
    text = words.say(design)
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
