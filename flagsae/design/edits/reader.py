"""What people type to change a flag, as edits: "star->crescent, red->blue".

    edits   = edits with , or ; between them
    edit    = what "->" what                     it becomes the other: a thing, a colour, or a thing's colour or place
            | what "<->" what                    the two change places; also "swap" what what
            | "+" phrase                         one thing more
            | "-" what                           all of it goes; "-1 star": one of them
            | "-" [colours] "edges"              what has edges loses them; also "star" "no edge"
            | phrase                             what is there has what the phrase says: "13 stars", "white star"
            | what ("bigger" | "thinner" | …)    in size; also "bigger" what, what "twice as big"
            | "colours" (flag | colours)         in another flag's colours, or in these
            | "mirrored" | "upside down"
    what    = colours | phrase

People say the same in other words: "replace star with crescent", "blue instead of red", "make the star blue", "two more
stars", "jamaica's colours". A phrase is one of `phrases`, with the words that the reader of sentences knows, but need
not be whole: what it does not say stays as it is. A comma begins the next edit, unless only colours, edges or a place
come behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flagsae.design import shades
from flagsae.design.cursor import Token, tokens
from flagsae.design.edits.lexicon import (
    ADD,
    ALL,
    ANY,
    COLOURS,
    EDGES,
    EMBLEMS,
    FEWER,
    FLIP,
    LEADS,
    MIRROR,
    REMOVE,
    SCALES,
    SWAP,
    TIMES,
)
from flagsae.design.edits.splitting import DASHES, arrow_in, groups
from flagsae.design.lexicon import EDGED, MANY, ON, ONE, SPECIAL, THINGS
from flagsae.design.phrases import Phrase
from flagsae.design.reader import Reader
from flagsae.design.vocabulary import listed
from flagsae.errors import SentenceError

MAX_LENGTH = 1_000  # characters
MAX_EDITS = 20
NOTHING = Phrase("", count=0)


@dataclass(frozen=True)
class Edit:
    """One change of a flag."""

    verb: str
    """"turn", "swap", "add", "remove", "set", "edge", "scale", "colours", "mirror" or "flip"."""
    what: Phrase = NOTHING
    """What is changed, added or taken away: its noun, or "" for a colour and for `ANY`; its count is 0, and all else
    empty, where nothing is said of it."""
    into: Phrase = NOTHING
    """Of "turn" and "swap": what it becomes."""
    colours: tuple[str, ...] = ()
    """Of "edge": of the edges; of "colours": those that the flag gets."""
    times: float = 1.0
    """Of "scale"."""
    flag: str = ""
    """Of "colours": whose."""
    plain: bool = False
    """Whether stripes are meant, but not in which direction."""
    many: bool = False
    """Whether several are meant: "-stripes"."""
    start: int = 0
    """Where its text begins, for messages."""
    end: int = 0


def read(text: str) -> list[Edit]:
    """The edits that a text says. Raises `SentenceError`, which points at what is not understood.

    >>> [edit.verb for edit in read("star -> crescent, red -> blue, -emblem")]
    ['turn', 'turn', 'remove']
    """
    if len(text) > MAX_LENGTH:
        raise SentenceError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    found = list(groups(tokens(text.translate(DASHES))))
    if not found:
        raise SentenceError("no edit: write what changes, star->crescent, red->blue, +star", text, 0, len(text))
    if len(found) > MAX_EDITS:
        raise SentenceError(f"{len(found)} edits: at most {MAX_EDITS}", text, found[MAX_EDITS][0].start, len(text))
    return [_EditReader(text, group).edit() for group in found]


def phrase_of(text: str) -> Edit:
    """A phrase by itself, which need not be whole, as an edit without a verb: "star", "gold border", "blue". Raises
    `SentenceError`.

    >>> phrase_of("dark blue stripes").what.noun, phrase_of("gold").what.colours
    ('horizontal stripe', ('yellow',))
    """
    if len(text) > MAX_LENGTH:
        raise SentenceError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    found = tokens(text.translate(DASHES))
    if not found:
        raise SentenceError("nothing is said: write a colour or a thing, blue, star, gold border", text, 0, len(text))
    return _EditReader(text, found).alone()


class _EditReader(Reader):
    """Of one edit."""

    many = False
    """Whether the last thing was said in the plural."""
    emblem = ""
    """Which of `EMBLEMS` was said."""

    def edit(self) -> Edit:
        start, end = self.tokens[0].start, self.tokens[-1].end
        return replace(self._edit(), many=self.many, start=start, end=end)

    def alone(self) -> Edit:
        """A phrase without a verb."""
        edges = self.edges_only()
        if edges is not None:
            return Edit("", Phrase("", edges=edges or ("",), count=0))
        self.at = 0
        what = self.whole()
        return Edit("", replace(what, start=0, end=0), plain=_plain(self.tokens), many=self.many)

    def _edit(self) -> Edit:
        arrow = arrow_in(self.tokens)
        if self.peek() in LEADS and len(self.tokens) > 1:
            self.at += 1
            self.take("it")
        if arrow is not None:
            return self.turned(*arrow)
        if self.take_any(SWAP):
            return self.exchanged()
        if self.take_any(MIRROR):
            self.done()
            return Edit("mirror")
        if any(self.take(*words) for words in FLIP):
            verb = "mirror" if self.take("horizontally") else "flip"
            self.take("vertically")
            self.done()
            return Edit(verb)
        here = self.at
        self.take("in")
        self.take("the")
        if self.take_any(COLOURS):
            return self.in_colours()
        self.at = here
        if self.take_any(ADD):
            return self.added()
        if self.take_any(FEWER):
            what = self.whole()
            return Edit("remove", replace(what, count=what.count or 1), plain=_plain(self.tokens))
        if self.peek(1) in (*ADD, *FEWER) and (count := self.number()):
            verb = "add" if self.take_any(ADD) else "remove"
            self.take_any(FEWER)
            return Edit(verb, replace(self.whole(), count=count), plain=_plain(self.tokens))
        last = self.tokens[-1]
        if last.text in COLOURS[:2] and self.at < len(self.tokens) - 1 and not self.colour_next():
            name = self.text[self.tokens[self.at].start : self.tokens[-2].end].strip(" \"'“”")
            return Edit("colours", flag=re.sub(r"['’]s$", "", name))
        if self.take_any(REMOVE):
            return self.removed()
        return self.changed()

    def done(self) -> None:
        """Raises if anything is left."""
        if self.at < len(self.tokens):
            reason = f"{self.peek()!r} is not understood here: , begins the next edit, star->crescent, red->blue"
            raise self.wrong(reason, (*EDGED, *SCALES, *THINGS, *shades.WORDS))

    # What the verbs have.

    def turned(self, at: int, end: int, verb: str) -> Edit:
        """Both sides of an arrow."""
        sides = self.tokens[self.at : at], self.tokens[end:]
        if self.tokens[at].text == "instead":
            sides = sides[::-1]
        for side, words in zip(sides, ("which thing or colour", "into what"), strict=True):
            if not side:
                arrow = self.tokens[at]
                raise SentenceError(f"{words}? Write star->crescent", self.text, arrow.start, self.tokens[end - 1].end)
        left, right = (_EditReader(self.text, side) for side in sides)
        what, into = left.whole(), right.whole()
        self.check_sides(what, into)
        right.check_drawn()
        return Edit(verb, what, into, plain=_plain(sides[0]))

    def check_drawn(self) -> None:
        """Raises for what can only be found on a flag."""
        if self.emblem:
            start, end = self.tokens[0].start, self.tokens[-1].end
            reason = f"words cannot draw this {self.emblem}: emblem stands for arms and beasts"
            raise SentenceError(reason, self.text, start, end)

    def check_sides(self, what: Phrase, into: Phrase) -> None:
        if what.noun:
            return
        if not what.colours or len(what.colours) > 1 or what.edges or what.place:
            raise SentenceError("one thing or one colour stands before ->", self.text, what.start, what.end)
        if into.noun or len(into.colours) != 1 or into.edges or into.place:
            reason = f"a colour becomes another colour: {what.colours[0]}->blue; or say what is {what.colours[0]}"
            raise SentenceError(reason, self.text, into.start, into.end)

    def exchanged(self) -> Edit:
        """Behind swap: two colours, or two things with "and" or "with" between them."""
        cuts = [place for place in range(self.at, len(self.tokens)) if self.tokens[place].text in ("and", "with", ",")]
        rest = self.tokens[self.at :]
        if cuts:
            sides = self.tokens[self.at : cuts[0]], self.tokens[cuts[0] + 1 :]
        else:
            first = Reader(self.text, rest)
            first.longest(shades.WORDS) or first.longest(THINGS)
            sides = rest[: first.at], rest[first.at :]
        if not all(sides):
            raise self.wrong("which two? Write swap red and green", (), self.tokens[0].start)
        what, into = (_EditReader(self.text, side).whole() for side in sides)
        self.check_sides(what, into)
        return Edit("swap", what, into)

    def in_colours(self) -> Edit:
        """Behind colours: those of a flag, or a list."""
        self.take_any(("of", "from", "like", "as", "to"))
        if self.at >= len(self.tokens):
            raise self.wrong("whose colours? Write colours jamaica, or colours red, white, green", (), 0)
        here = self.at
        if self.colour_next():
            names = self.colours(Phrase(""))
            if self.at == len(self.tokens):
                return Edit("colours", colours=names)
            self.at = here
        start, end = self.tokens[self.at].start, self.tokens[-1].end
        return Edit("colours", flag=self.text[start:end].strip(" \"'“”"))

    def added(self) -> Edit:
        here = self.at
        if (edges := self.edges_only()) is not None:
            return Edit("edge", colours=edges)
        self.at = here
        what = self.part()
        self.done()
        self.check_drawn()
        if not what.noun or what.noun == ANY:
            colour = what.colours[0] if what.colours else "red"
            raise self.wrong(f"add what? Write +{colour} star, +border, +stripe", THINGS, self.tokens[here].start)
        return Edit("add", what, plain=_plain(self.tokens))

    def removed(self) -> Edit:
        here = self.at
        edges = self.edges_only()
        if edges is not None:
            return Edit("remove", Phrase("", edges=edges or ("",), count=0))
        self.at = here
        what = self.whole()
        return Edit("remove", what, plain=_plain(self.tokens))

    def edged_alone(self) -> bool:
        """Whether "edged" ends the edit, without a colour."""
        here = self.at
        if self.take_any(EDGED) and self.at == len(self.tokens):
            return True
        self.at = here
        return False

    def edges_only(self) -> tuple[str, ...] | None:
        """The colours of "white edge", of "edge" none; None for anything else."""
        self.pass_noise()
        names = self.colours(Phrase("")) if self.colour_next() else ()
        return names if self.take_any(EDGES) and self.at == len(self.tokens) else None

    def changed(self) -> Edit:
        """Without a verb: what something is to be like."""
        here = self.at
        edges = self.edges_only()
        if edges is not None:
            return Edit("edge", colours=edges)
        self.at = here
        times = SCALES.get(self.take_any(SCALES), 0.0)
        what = self.part() if self.at < len(self.tokens) else NOTHING
        if not times:
            times = self.times()
        if not times and self.take_any(("no", "without")):
            self.take_any(("an", "any", "its"))
            edges = self.edges_only()
            if edges is None:
                raise self.wrong("without what? Write star without edge", EDGES)
            return Edit("remove", replace(what, edges=edges or ("",)))
        if self.edged_alone():
            return Edit("edge", what)
        self.done()
        if times:
            return Edit("scale", what, times=times, plain=_plain(self.tokens))
        if what.edges and what.noun in ("", ANY):
            return Edit("edge", replace(what, edges=()), colours=what.edges)
        if not what.noun:
            colour = listed(what.colours) or "that"
            other = "blue" if "red" in what.colours else "red"
            reason = f"what is to be {colour}? Write {colour} star, or {other}->{colour}"
            raise SentenceError(reason, self.text, self.tokens[0].start, self.tokens[-1].end)
        return Edit("set", what, plain=_plain(self.tokens))

    def times(self) -> float:
        """How many times as large, behind a thing; 0 where that does not come."""
        if word := self.take_any(SCALES):
            return SCALES[word]
        word = self.longest(TIMES)
        if not word:
            return 0.0
        self.take("as")
        self.take_any(("big", "large", "high", "wide", "thick", "tall", "small", "broad", "size"))
        return TIMES[word]

    # Phrases that need not be whole.

    def whole(self) -> Phrase:
        found = self.part()
        self.done()
        return found

    def part(self) -> Phrase:
        """A phrase, of which some may be missing: its number, its colour, or all but these."""
        start = self.at
        if self.at >= len(self.tokens):
            raise self.wrong("something is missing here: a thing or a colour", ())
        self.pass_noise()
        form = self.row_of()
        count = self.number()
        found = replace(self.adjectives(), form=form, count=count)
        word = self.longest(THINGS) if self.at < len(self.tokens) else ""
        if self.upright and word in ("stripe", "stripes", "band", "bands", "bar", "bars"):
            word = f"{self.upright} {word}"
        self.many = word in MANY and word not in ONE
        if word in SPECIAL:
            special = SPECIAL[word]
            found = replace(found, noun=special.noun, points=special.points)
        elif word:
            found = replace(found, noun=ONE.get(word) or MANY[word])
            if self.upright and found.noun.endswith(" stripe"):
                found = replace(found, noun=f"{self.upright} stripe")
        elif self.take_any(ALL):
            found = replace(found, noun=ANY)
        elif emblem := self.longest(EMBLEMS):
            self.emblem = emblem
            found = replace(found, noun="emblem")
        elif self.upright:
            found = replace(found, noun=f"{self.upright} stripe")
        elif not (found.colours or self.takes_tail()):
            raise self.no_noun(found)
        if found.noun and found.noun != ANY and self.take("of") and not self.colour_next():
            self.at -= 1
        while self.at < len(self.tokens) and not (self.peek() in EDGED and not self.peek(1)):
            here = self.at
            after = self.tail(found if found.noun not in ("", ANY) else replace(found, noun="star"))
            if after is None:
                self.at = here
                break
            found = replace(after, noun=found.noun)
            if self.found or self.places:
                raise self.wrong("one place at a time: star at the fly", (), self.tokens[here].start)
        return replace(found, start=self.tokens[start].start, end=self.tokens[max(self.at - 1, start)].end)

    def takes_tail(self) -> bool:
        """Whether a phrase without noun or colour goes on: "edged white", "at the fly"."""
        return self.peek() in EDGED or self.peek() in ON


def _plain(side: Sequence[Token]) -> bool:
    """Whether stripes are named without their direction."""
    words = {token.text for token in side}
    return not words & {"horizontal", "vertical", "horizontally", "vertically", "pale", "upright"}
