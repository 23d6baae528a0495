"""What people say is on a flag, as phrases: `read`.

The rules are those of `phrases`, and these besides:
- a colour alone begins a sentence as its field, several as stripes: "red; a star", "white over red";
- "with", "and", a comma or a full stop begin the next phrase: "a red field with a star and a crescent"; what comes with
  a canton or a disc stands there: "a blue canton with a star";
- "in it", "on it" mean the thing before; "on a red field", "of a red flag" are the ground;
- "under it", "around it" are places beside the thing before; "on the white" is the white stripe's place;
- a charge without a colour has that of the one before: "a white crescent and star".
Words that add nothing (the, plain, thin) are passed over, as is what stands in brackets. Any other word that is not
known is an error at its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flagsae.design import shades
from flagsae.design.checked import checked
from flagsae.design.cursor import Cursor, Token, tokens
from flagsae.design.lexicon import (
    ALONG,
    ALWAYS_MANY,
    DOWN,
    EDGE_NOUNS,
    EDGED,
    ENDS,
    FORMS,
    HOLDERS,
    JOINED,
    MANY,
    MIDDLE,
    NUMBERS,
    ON,
    ONE,
    POSITIONS,
    RELATIVE,
    SIDE,
    SIZES,
    SPECIAL,
    THINGS,
)
from flagsae.design.phrases import CORNERS, GROUNDS, NOUNS, ORDINALS, TIMES, Phrase
from flagsae.errors import SentenceError

MAX_LENGTH = 2_000  # characters
MAX_PHRASES = 50
MAX_COUNT = 100  # of one charge
POINTS = (3, 64)  # of a star, least and most


def read(text: str) -> list[Phrase]:
    """The phrases of a sentence, the ground first. Raises `SentenceError`, which points at what is not understood.

    >>> from flagsae.design.phrases import write
    >>> write(read("a white flag with a gold star in the top left corner"))
    'white field; yellow star in the upper hoist'
    """
    if len(text) > MAX_LENGTH:
        raise SentenceError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    found = tokens(text)
    if not any(token.text not in (*ENDS, ",") for token in found):
        raise SentenceError("nothing to draw: write what is on the flag, red field; green star", text, 0, len(text))
    phrases = Reader(text, found).sentence()
    if len(phrases) > MAX_PHRASES:
        start = phrases[MAX_PHRASES].start
        raise SentenceError(f"{len(phrases)} phrases: at most {MAX_PHRASES}", text, start, len(text))
    return _in_halves(phrases)


def _in_halves(phrases: list[Phrase]) -> list[Phrase]:
    """Two halves that were said apart, "red on top, blue below", are two stripes."""
    halves = [phrase for phrase in phrases if phrase.noun == "half"]
    if not halves:
        return phrases
    (first, *others), rest = halves, [phrase for phrase in phrases if phrase.noun != "half"]
    other = others[0] if len(others) == 1 else None
    two = (*first.colours, *(other.colours if other else ()))
    if other and {first.place, other.place} == {"top", "bottom"}:
        colours = two if first.place == "top" else two[::-1]
        ground = Phrase("horizontal stripe", colours, count=2, start=first.start, end=other.end)
    elif other and {first.place, other.place} == {"hoist", "fly"}:
        colours = two if first.place == "hoist" else two[::-1]
        ground = Phrase("vertical stripe", colours, count=2, start=first.start, end=other.end)
    elif other and first.place in CORNERS and other.place in CORNERS:
        upper = first if first.place.startswith("top") else other
        way = "" if upper.place == "top-left" else "top-left"
        ground = Phrase("diagonally halved", (*upper.colours, *(other if upper is first else first).colours), way=way)
    else:
        ground = replace(first, noun="field", place="")
    return [ground, *rest]


class Reader(Cursor):
    """Of a sentence."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        super().__init__(text, tokens)
        self.found: list[Phrase] = []
        self.holder = ""
        """What the next phrases stand on, where they came "with" it."""
        self.places: list[str] = []
        """Further places of this phrase."""
        self.upright = ""
        """The direction of stripes, where a colour stands behind it: "two horizontal blue stripes"."""

    # The rules.

    def sentence(self) -> list[Phrase]:
        while True:
            while self.take_any((*ENDS, ",")):
                self.holder = ""
            if self.at >= len(self.tokens):
                return self.found
            self.phrase()
            if not self.ends:
                self.next_phrase()

    def next_phrase(self) -> None:
        """Reads what stands between two phrases."""
        comma = bool(self.take(","))
        word = self.take_any(JOINED)
        last = self.found[-1]
        if word and word not in ("and", "plus"):
            self.holder = last.noun if last.noun in ("canton", *HOLDERS) else ""
        if not (comma or word):
            reason = (
                f"{self.peek()!r} is not understood here: ; begins the next thing, red field; white star at the hoist"
            )
            raise self.wrong(reason, (*EDGED, *ON, *JOINED, *THINGS, *shades.WORDS))

    def phrase(self) -> None:
        start = self.at
        self.pass_noise()
        form = self.row_of()
        count = self.number()
        found = replace(self.adjectives(), form=form)
        noun = self.at
        word = self.longest(THINGS)
        if self.upright and word in ("stripe", "stripes", "band", "bands", "bar", "bars"):
            word = f"{self.upright} {word}"
        if word and not self.found and len(found.colours) > 1:
            found = self.ground_first(found, word)
        many = word in MANY and word not in ONE
        if word in SPECIAL:
            found = replace(SPECIAL[word], colours=found.colours, size=found.size)
        elif word:
            found = replace(found, noun=ONE.get(word) or MANY[word])
        elif (found.colours and not self.found and not count) or (
            found.colours and all(one.noun == "half" for one in self.found) and not count
        ):
            found = self.bare(found)
        else:
            raise self.no_noun(found)
        if many and not count and found.noun not in ALWAYS_MANY and not found.noun.endswith(" stripe"):
            token = self.tokens[noun]
            raise SentenceError(f"how many {word}? Write three {word}", self.text, token.start, token.end)
        found = replace(found, count=count or 1)
        if not found.place and self.holder and not found.noun.endswith(" stripe"):
            found = replace(found, place="canton") if self.holder == "canton" else replace(found, on=self.holder)
        while not self.ends and found.noun != "half":
            here = self.at
            after = self.tail(found)
            if after is None:
                self.at = here
                break
            found = after
        found = replace(found, start=self.tokens[start].start, end=self.tokens[self.at - 1].end)
        self.add(found, count)

    def add(self, found: Phrase, count: int) -> None:
        """The phrase, and one for each further place at which it was said to stand."""
        places, self.places = self.places, []
        if places and count == len(places) + 1:  # two stripes, one at the top and one at the bottom
            count, found = 1, replace(found, count=1)
        self.found.append(checked(found, count, self.found, self.text))
        for place in places:
            self.found.append(checked(replace(found, place=place), count, self.found, self.text))

    def more_places(self) -> None:
        """Reads "and at the bottom" behind a place."""
        while True:
            here = self.at
            self.take(",")
            if not (self.take("and") and (place := self.position())):
                self.at = here
                return
            self.places.append(place)

    def row_of(self) -> str:
        """The form of "a row of seven stars"."""
        if self.peek() in FORMS and self.peek(1) == "of":
            form = FORMS[self.peek()]
            self.at += 2
            return form
        return ""

    def ground_first(self, found: Phrase, word: str) -> Phrase:
        """Of "white, blue star" the first colour is the field's, and the last the star's."""
        name = SPECIAL[word].noun if word in SPECIAL else ONE.get(word) or MANY[word]
        if NOUNS[name].colours != 1 or name in ("field", "emblem"):
            return found
        *ground, own = found.colours
        noun = "field" if len(ground) == 1 else "horizontal stripe"
        self.found.append(Phrase(noun, tuple(ground), count=len(ground)))
        return replace(found, colours=(own,))

    def bare(self, found: Phrase) -> Phrase:
        """Colours without a noun, at the beginning: a field, stripes, or a half of the flag."""
        here = self.at
        if len(found.colours) == 1:
            place = self.position()
            if place in ("top", "bottom", "hoist", "fly", *CORNERS) and (self.found or self.half_follows()):
                self.take_any(SIDE)
                return replace(found, noun="half", place=place)
            self.at = here
            return replace(found, noun="field")
        return replace(found, noun="horizontal stripe")

    def half_follows(self) -> bool:
        """Whether a colour and a position come next: the other half."""
        here = self.at
        self.take_any(SIDE)
        self.take(",")
        self.take_any(JOINED)
        self.pass_noise()
        right = bool(self.longest(shades.WORDS)) and bool(self.position())
        self.at = here
        return right

    def no_noun(self, found: Phrase) -> SentenceError:
        if self.ends or self.peek() in (",", *JOINED, *ON):
            colour = found.colours[0] if found.colours else "red"
            return self.wrong(f"of what? Write a thing behind it: {colour} star, two {colour} stars")
        word = self.peek()
        things = "stars, suns, discs, crescents, crosses, stripes, triangles, … (flagsae draw --help has all)"
        reason = f"{word!r} is no colour and nothing that words can draw: {things}; emblem stands for arms and beasts"
        return self.wrong(reason, (*shades.WORDS, *THINGS, *SIZES))

    def number(self) -> int:
        here = self.at
        word = self.peek()
        if not (word.isdecimal() or word in NUMBERS):
            return 0
        count = NUMBERS.get(word) or int(word[:9])
        self.at += 1
        self.take("of")
        if not 1 <= count <= MAX_COUNT:
            self.at = here
            raise self.wrong(f"from 1 to {MAX_COUNT} of a thing can be drawn")
        return count

    def adjectives(self) -> Phrase:
        found = Phrase("")
        self.upright = ""
        while not self.ends:
            self.pass_noise()
            word = self.peek()
            if word in ("horizontal", "vertical") and not self.upright:
                self.at += 1
                if self.colour_next() or self.peek() in SIZES:
                    self.upright = word
                    continue
                self.at -= 1
            points = re.fullmatch(r"(\w+)-(pointed|rayed)", word)
            if self.take("very", "thin") or self.take("very", "small"):
                found = replace(found, size="tiny")
            elif word == "very":
                self.at += 1
            elif word in SIZES and not self.thing_next():
                found = replace(found, size=SIZES[word])
                self.at += 1
            elif points:
                many = NUMBERS.get(points[1]) or (int(points[1][:4]) if points[1].isdecimal() else 0)
                if not POINTS[0] <= many <= POINTS[1]:
                    raise self.wrong(f"a star has from {POINTS[0]} to {POINTS[1]} points")
                found = replace(found, points=many)
                self.at += 1
            elif self.colour_next():
                found = replace(found, colours=(*found.colours, *self.colours(Phrase(""))))
            else:
                break
        return found

    def thing_next(self) -> bool:
        here = self.at
        word = self.longest(THINGS)
        self.at = here
        return bool(word)

    def colour_next(self) -> bool:
        here = self.at
        self.pass_noise()
        name = self.longest(shades.WORDS)
        self.at = here
        return bool(name)

    def colours(self, after: Phrase) -> tuple[str, ...]:
        """A list of colours, one at least. after: the phrase that it follows; behind a noun, the list ends where the
        next thing begins."""
        names = []
        while True:
            self.pass_noise()
            word = self.longest(shades.WORDS)
            if not word:
                raise self.wrong("a colour comes here", shades.WORDS)
            names.append(shades.shade(word))
            if after.noun in ("diagonally halved", "quarters") and not self.ends:
                self.position()
            here = self.at
            if self.take(","):
                self.take("and")
            elif not (self.take_any(("and", "over", "above"))):
                return tuple(names)
            if not self.colour_next() or (after.noun and (self.peek() == "the" or self.begins_a_thing())):
                self.at = here
                return tuple(names)

    def begins_a_thing(self) -> bool:
        """Whether the next colour is that of a thing, "and a red star", and not one more of a list."""
        here = self.at
        self.pass_noise()
        while self.longest(shades.WORDS) or self.take_any(SIZES):
            pass
        thing = bool(self.longest(THINGS))
        self.at = here
        return thing

    # What follows the noun.

    def tail(self, found: Phrase) -> Phrase | None:
        """The phrase with what comes next; None where that is another phrase."""
        comma = bool(self.take(","))
        if self.take_any(EDGED):
            return replace(found, edges=self.edges(found))
        if NOUNS[found.noun].edged and self.edge_with():
            return replace(found, edges=self.edges(found))
        if found.noun in GROUNDS and self.peek() in ("of", "in"):
            self.at += 1
            if not self.colour_next():
                self.at -= 1
        wider = self.wider(found)
        if wider is not None:
            return wider
        if (not found.colours or self.goes_on(found, comma)) and self.colour_next() and not self.begins_a_thing():
            if found.noun == "Union Jack":
                return None
            return replace(found, colours=(*found.colours, *self.colours(found)))
        if self.take("side", "by", "side") or self.take("scattered"):
            return found
        if self.take("from"):
            way = self.position()
            if not way:
                raise self.wrong("from which corner? From the upper hoist, or the lower hoist", POSITIONS)
            if self.take("to"):
                self.position()
            return replace(found, way={"top": "top-left", "bottom": "bottom-left"}.get(way, way))
        if self.take("each") or self.take("of", "equal", "width") or self.take("of", "equal", "height"):
            return found
        return self.where(found, comma)

    def goes_on(self, found: Phrase, comma: bool) -> bool:
        """Whether colours without a comma are still those of these stripes: "stripes red white blue"."""
        return found.noun.endswith(" stripe") and not comma and not found.edges and not found.place

    def edge_with(self) -> bool:
        """Whether "with a white edge" comes next; then its beginning is read."""
        here = self.at
        if self.take("with"):
            self.pass_noise()
            self.take_any(SIZES)
            mark = self.at
            while self.longest(shades.WORDS) or self.take_any(("and", ",")):
                pass
            if self.at > mark and self.peek() in EDGE_NOUNS and self.peek() != "stripes":
                self.at = mark
                return True
        self.at = here
        return False

    def edges(self, found: Phrase) -> tuple[str, ...]:
        self.take_any(("with", "by", "in"))
        self.pass_noise()
        self.take_any(SIZES)  # of an edge nothing is said but its colours
        names = self.colours(found)
        self.take_any(EDGE_NOUNS)
        return names

    def wider(self, found: Phrase) -> Phrase | None:
        """The phrase with "the first twice as high"; None where that does not come."""
        here = self.at
        self.take("with")
        self.take("the")
        stripes = len(found.colours)
        which = -1
        word = self.peek()
        if word in (*ORDINALS, "middle", "last", "central"):
            self.at += 1
            which = {"middle": stripes // 2, "central": stripes // 2, "last": stripes - 1}.get(word, -1)
            which = ORDINALS.index(word) if which < 0 else which
        elif found.noun.endswith(" stripe") and (colour := self.longest(shades.WORDS)):
            name = shades.shade(colour)
            which = found.colours.index(name) if found.colours.count(name) == 1 else -1
        self.take_any(("one", "stripe", "band"))
        self.take_any(("is", "being"))
        times = self.longest((*TIMES, "double", "triple", "double the", "triple the"))
        if which < 0 or not times:
            self.at = here
            if word in ORDINALS and not times:
                raise self.wrong(f"how high? The {word} twice as high, or half as high")
            return None
        self.take_any(("as", "the"))
        self.take_any(("high", "wide", "thick", "tall", "height", "width", "size", "broad"))
        self.take("as", "the", "others")
        return replace(found, other=(which, {"double": 2.0, "triple": 3.0}.get(times.split()[0]) or TIMES[times]))

    def where(self, found: Phrase, comma: bool) -> Phrase | None:
        """The phrase with a form or a place; None where neither comes."""
        here = self.at
        side = self.take_any(RELATIVE)
        if side and (self.take("it") or self.take("them")):
            last = self.found[-1] if self.found else Phrase("field")
            place = "canton" if last.noun == "canton" else last.place or "centre"
            form = "row" if found.count > 1 and RELATIVE[side] else found.form
            return replace(found, place=RELATIVE[side].get(place, place), form=form, on="")
        self.at = here
        if self.take_any(ON) or self.take("of"):
            joined = self.tokens[self.at - 1].text
            if self.take("it"):
                return self.on_last(found)
            ground = self.ground()
            if ground is not None:
                self.found.insert(0, ground)
                return found
            if joined == "of":
                self.at = here
                return None
            if self.take("a") and (form := self.take_any(FORMS)):
                return replace(found, form=FORMS[form])
            self.at = here + 1
            place = self.position()
            if place:
                self.more_places()
                self.take("of", "it")
                return replace(found, place=place, on="")
            if (
                self.take("each", "corner")
                or self.take("the", "four", "corners")
                or self.take("all", "four", "corners")
            ):
                self.places = list(CORNERS)[1:]
                return replace(found, place=next(iter(CORNERS)), on="")
            self.pass_noise()
            if self.colour_next() and not self.begins_a_thing():
                return self.on_colour(found)
            noun = self.longest(THINGS)
            if noun:
                name = SPECIAL[noun].noun if noun in SPECIAL else ONE.get(noun) or MANY[noun]
                return replace(found, place="canton") if name == "canton" else replace(found, on=name, place="")
            known = (*POSITIONS, *THINGS)
            raise self.wrong("where? In the centre, at the hoist, in the upper fly, on the disc, …", known)
        if not comma and self.peek() in POSITIONS and self.peek() != "canton":
            place = self.position()
            self.take_any(SIDE)
            return replace(found, place=place)
        self.at = here
        return None

    def on_last(self, found: Phrase) -> Phrase:
        last = self.found[-1].noun if self.found else "field"
        if last == "canton":
            return replace(found, place="canton")
        return found if last in GROUNDS else replace(found, on=last)

    def on_colour(self, found: Phrase) -> Phrase:
        """ "On the white": at the place of the stripe that has this colour."""
        name = shades.shade(self.longest(shades.WORDS))
        ground = next((one for one in self.found if one.noun.endswith(" stripe")), None)
        if ground is None or ground.colours.count(name) != 1:
            return found
        where = ("hoist", "centre", "fly") if ground.noun.startswith("v") else ("top", "centre", "bottom")
        return replace(found, place=where[round(2 * ground.colours.index(name) / (len(ground.colours) - 1))])

    def ground(self) -> Phrase | None:
        """The ground of "on a red field", "of a white flag"."""
        here = self.at
        start = self.at
        self.pass_noise()
        names = []
        while word := self.longest(shades.WORDS):
            names.append(shades.shade(word))
        noun = self.longest(THINGS) if names else ""
        alone = names and not noun and not self.found and self.peek() in ("", ",", *ENDS) and here + 1 == self.at
        if len(names) == 1 and (alone or (noun and ONE.get(noun) == "field")):
            return Phrase("field", tuple(names), start=self.tokens[start].start, end=self.tokens[self.at - 1].end)
        self.at = here
        return None

    def position(self) -> str:
        """A place such as "the upper hoist" that comes next, which is read then; "" where none does."""
        here = self.at
        self.take_any(ON)
        self.pass_noise()
        self.take("very")
        if self.take("canton"):
            return "canton"
        down, along, middle = "", "", False
        while True:
            word = self.peek()
            if word in DOWN and not down:
                down = DOWN[word]
            elif word in ALONG and not along:
                along = ALONG[word]
            elif word in MIDDLE and not middle:
                middle = True
            else:
                break
            self.at += 1
        if not (down or along or middle):
            self.at = here
            return ""
        self.take_any(SIDE)
        if down:
            return f"{down}-{along}" if along else down
        return {"": "centre", "left": "hoist", "right": "fly"}[along]
