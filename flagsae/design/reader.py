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
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flagsae.design import shades
from flagsae.design.phrases import CORNERS, NOUNS, ORDINALS, SIZES, TIMES, Phrase
from flagsae.design.vocabulary import NUMBERS
from flagsae.errors import SentenceError, nearest

MAX_LENGTH = 2_000  # characters
MAX_PHRASES = 50
MAX_COUNT = 100  # of one charge
POINTS = (3, 64)  # of a star, least and most
ALIKE = 0.78  # how alike a word must be to one that may stand there, to be suggested (`errors.nearest`)
SHORTEST = 4  # letters of a word for which another is suggested: shorter ones are like too many

_TOKEN = re.compile(r"\d+-[^\W\d_]+|\d+|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")
_ENDS = (";", ".", "!")
_PASSED = (":", '"', "“", "”", "–", "—")  # characters between words that say nothing

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "dozen": 12}
_TEENS = ("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_NUMBERS = {
    **{word: count for count, word in enumerate(NUMBERS) if count},
    **{word: count for count, word in enumerate(_TEENS, 14)},
    **_TENS,
}
_SIZES = {
    **{size: size for size in SIZES},
    **dict.fromkeys(("large", "huge", "wide", "thick", "broad", "great"), "big"),
    **dict.fromkeys(("little", "narrow"), "small"),
}
_FORMS = {"row": "row", "line": "row", "column": "column", "ring": "ring", "circle": "ring"}
_NOISE = (
    *("a", "an", "the", "plain", "solid", "thin", "equal", "alternating", "very", "simple"),
    *("that", "is", "are", "there"),
)
_ON = ("in", "on", "at", "to", "near", "along", "inside", "upon", "within", "towards", "toward")
_JOINED = ("with", "and", "containing", "holding", "bearing", "plus")
_EDGED = ("edged", "bordered", "outlined", "fimbriated", "rimmed", "separated")
_EDGE_NOUNS = ("edge", "edges", "border", "borders", "outline", "lines", "line", "stripes", "trim")
_DOWN = {"top": "top", "upper": "top", "bottom": "bottom", "lower": "bottom", "foot": "bottom"}
_ALONG = {"hoist": "left", "left": "left", "fly": "right", "right": "right"}
_MIDDLE = ("centre", "center", "middle", "heart")
_SIDE = ("corner", "side", "edge", "half", "part", "quarter", "third")
_BELOW = {  # the place below another
    **{"top": "centre", "centre": "bottom", "hoist": "bottom-left", "fly": "bottom-right"},
    **{"top-left": "hoist", "top-right": "fly", "canton": "bottom-left"},
}
_ABOVE = {below: place for place, below in _BELOW.items() if place != "canton"} | {"bottom-left": "hoist"}
_RELATIVE = {
    **dict.fromkeys(("under", "below", "beneath"), _BELOW),
    **dict.fromkeys(("above", "over"), _ABOVE),
    **{side: dict[str, str]() for side in ("beside", "around", "surrounding")},
}
_GROUNDS = ("field", "horizontal stripe", "vertical stripe", "quarters", "diagonally halved", "wedges")
_HOLDERS = ("disc", "lozenge", "rectangle", "square", "ring", "sun", "emblem", "triangle", "crescent")
_SPECIAL = {  # nouns that say more than what they are
    "star of david": Phrase("star", points=6),
    "hexagram": Phrase("star", points=6),
    "bend sinister": Phrase("diagonal band"),
}


def _singulars() -> dict[str, str]:
    return {word.lower(): name for name, noun in NOUNS.items() for word in (name, *noun.also)}


_ONE = _singulars()
_MANY = {
    **{f"{word}s": name for word, name in _ONE.items()},
    **{noun.plural.lower(): name for name, noun in NOUNS.items()},
    "coats of arms": "emblem",
}
_ALWAYS_MANY = ("quarters", "wedges", "diagonally halved")  # which are plural, or no noun at all, in the singular too
_THINGS = (*_ONE, *_MANY, *_SPECIAL)
_POSITIONS = (*_DOWN, *_ALONG, *_MIDDLE, "canton")


@dataclass(frozen=True)
class _Token:
    text: str
    """In small letters."""
    start: int
    end: int


def read(text: str) -> list[Phrase]:
    """The phrases of a sentence, the ground first. Raises `SentenceError`, which points at what is not understood.

    >>> from flagsae.design.phrases import write
    >>> write(read("a white flag with a gold star in the top left corner"))
    'white field; yellow star in the upper hoist'
    """
    if len(text) > MAX_LENGTH:
        raise SentenceError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    plain = re.sub(r"\([^()]*\)", lambda one: " " * len(one[0]), text)
    found = [_Token(one[0].lower(), one.start(), one.end()) for one in _TOKEN.finditer(plain)]
    tokens = [token for token in found if token.text not in _PASSED]
    if not any(token.text not in (*_ENDS, ",") for token in tokens):
        raise SentenceError("nothing to draw: write what is on the flag, red field; green star", text, 0, len(text))
    phrases = _Reader(text, tokens).sentence()
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


class _Reader:
    """Of a sentence."""

    def __init__(self, text: str, tokens: Sequence[_Token]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.found: list[Phrase] = []
        self.holder = ""
        """What the next phrases stand on, where they came "with" it."""
        self.upright = ""
        """The direction of stripes, where a colour stands behind it: "two horizontal blue stripes"."""

    # What comes next.

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].text if at < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Whether these words come next; then they are read."""
        if all(self.peek(ahead) == word for ahead, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def take_any(self, words: Collection[str]) -> str:
        """The next word if it is one of these, which is read then; else ""."""
        word = self.peek()
        if not word or word not in words:
            return ""
        self.at += 1
        return word

    def longest(self, known: Collection[str]) -> str:
        """The longest of some texts that comes next, which is read then; "" where none does."""
        for words in range(min(4, len(self.tokens) - self.at), 0, -1):
            found = " ".join(self.peek(ahead) for ahead in range(words))
            if found in known:
                self.at += words
                return found
        return ""

    def pass_noise(self) -> None:
        while self.peek() in _NOISE:
            self.at += 1

    @property
    def ends(self) -> bool:
        """Whether nothing more belongs to this phrase."""
        return self.peek() in ("", *_ENDS)

    def wrong(self, reason: str, known: Collection[str] = (), start: int | None = None) -> SentenceError:
        """At the next word, or at the end. known: words of which one like it is suggested."""
        if self.at >= len(self.tokens):
            end = self.tokens[-1].end
            return SentenceError(reason, self.text, end if start is None else start, end)
        token = self.tokens[self.at]
        like = nearest(token.text, known, 1, least=ALIKE) if len(token.text) >= SHORTEST else []
        if like and like[0] != token.text:
            reason = f"{token.text!r} is not known. Did you mean {like[0]}?"
        return SentenceError(reason, self.text, token.start if start is None else start, token.end)

    # The rules.

    def sentence(self) -> list[Phrase]:
        while True:
            while self.take_any((*_ENDS, ",")):
                self.holder = ""
            if self.at >= len(self.tokens):
                return self.found
            self.phrase()
            if not self.ends:
                self.next_phrase()

    def next_phrase(self) -> None:
        """Reads what stands between two phrases."""
        comma = bool(self.take(","))
        word = self.take_any(_JOINED)
        last = self.found[-1]
        if word and word not in ("and", "plus"):
            self.holder = last.noun if last.noun in ("canton", *_HOLDERS) else ""
        if not (comma or word):
            reason = (
                f"{self.peek()!r} is not understood here: ; begins the next thing, red field; white star at the hoist"
            )
            raise self.wrong(reason, (*_EDGED, *_ON, *_JOINED, *_THINGS, *shades.WORDS))

    def phrase(self) -> None:
        start = self.at
        self.pass_noise()
        form = self.row_of()
        count = self.number()
        found = replace(self.adjectives(), form=form)
        noun = self.at
        word = self.longest(_THINGS)
        if self.upright and word in ("stripe", "stripes", "band", "bands", "bar", "bars"):
            word = f"{self.upright} {word}"
        if word and not self.found and len(found.colours) > 1:
            found = self.ground_first(found, word)
        many = word in _MANY and word not in _ONE
        if word in _SPECIAL:
            found = replace(_SPECIAL[word], colours=found.colours, size=found.size)
        elif word:
            found = replace(found, noun=_ONE.get(word) or _MANY[word])
        elif (found.colours and not self.found and not count) or (
            found.colours and all(one.noun == "half" for one in self.found) and not count
        ):
            found = self.bare(found)
        else:
            raise self.no_noun(found)
        if many and not count and found.noun not in _ALWAYS_MANY and not found.noun.endswith(" stripe"):
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
        self.found.append(self.checked(found, count))

    def row_of(self) -> str:
        """The form of "a row of seven stars"."""
        if self.peek() in _FORMS and self.peek(1) == "of":
            form = _FORMS[self.peek()]
            self.at += 2
            return form
        return ""

    def ground_first(self, found: Phrase, word: str) -> Phrase:
        """Of "white, blue star" the first colour is the field's, and the last the star's."""
        name = _SPECIAL[word].noun if word in _SPECIAL else _ONE.get(word) or _MANY[word]
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
                self.take_any(_SIDE)
                return replace(found, noun="half", place=place)
            self.at = here
            return replace(found, noun="field")
        return replace(found, noun="horizontal stripe")

    def half_follows(self) -> bool:
        """Whether a colour and a position come next: the other half."""
        here = self.at
        self.take_any(_SIDE)
        self.take(",")
        self.take_any(_JOINED)
        self.pass_noise()
        right = bool(self.longest(shades.WORDS)) and bool(self.position())
        self.at = here
        return right

    def no_noun(self, found: Phrase) -> SentenceError:
        if self.ends or self.peek() in (",", *_JOINED, *_ON):
            colour = found.colours[0] if found.colours else "red"
            return self.wrong(f"of what? Write a thing behind it: {colour} star, two {colour} stars")
        word = self.peek()
        things = "stars, suns, discs, crescents, crosses, stripes, triangles, … (flagsae draw --help has all)"
        reason = f"{word!r} is no colour and nothing that words can draw: {things}; emblem stands for arms and beasts"
        return self.wrong(reason, (*shades.WORDS, *_THINGS, *_SIZES))

    def number(self) -> int:
        here = self.at
        word = self.peek()
        if not (word.isdecimal() or word in _NUMBERS):
            return 0
        count = _NUMBERS.get(word) or int(word[:9])
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
                if self.colour_next() or self.peek() in _SIZES:
                    self.upright = word
                    continue
                self.at -= 1
            points = re.fullmatch(r"(\w+)-(pointed|rayed)", word)
            if word in _SIZES and not self.thing_next():
                found = replace(found, size=_SIZES[word])
                self.at += 1
            elif points:
                many = _NUMBERS.get(points[1]) or (int(points[1][:4]) if points[1].isdecimal() else 0)
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
        word = self.longest(_THINGS)
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
        while self.longest(shades.WORDS) or self.take_any(_SIZES):
            pass
        thing = bool(self.longest(_THINGS))
        self.at = here
        return thing

    # What follows the noun.

    def tail(self, found: Phrase) -> Phrase | None:
        """The phrase with what comes next; None where that is another phrase."""
        comma = bool(self.take(","))
        if self.take_any(_EDGED):
            return replace(found, edges=self.edges(found))
        if NOUNS[found.noun].edged and self.edge_with():
            return replace(found, edges=self.edges(found))
        if found.noun in _GROUNDS and self.peek() in ("of", "in"):
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
                raise self.wrong("from which corner? From the upper hoist, or the lower hoist", _POSITIONS)
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
            self.take_any(_SIZES)
            mark = self.at
            while self.longest(shades.WORDS) or self.take_any(("and", ",")):
                pass
            if self.at > mark and self.peek() in _EDGE_NOUNS and self.peek() != "stripes":
                self.at = mark
                return True
        self.at = here
        return False

    def edges(self, found: Phrase) -> tuple[str, ...]:
        self.take_any(("with", "by", "in"))
        self.pass_noise()
        names = self.colours(found)
        self.take_any(_EDGE_NOUNS)
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
        side = self.take_any(_RELATIVE)
        if side and (self.take("it") or self.take("them")):
            last = self.found[-1] if self.found else Phrase("field")
            place = "canton" if last.noun == "canton" else last.place or "centre"
            form = "row" if found.count > 1 and _RELATIVE[side] else found.form
            return replace(found, place=_RELATIVE[side].get(place, place), form=form, on="")
        self.at = here
        if self.take_any(_ON) or self.take("of"):
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
            if self.take("a") and (form := self.take_any(_FORMS)):
                return replace(found, form=_FORMS[form])
            self.at = here + 1
            place = self.position()
            if place:
                both = self.at
                if not (self.take("and") and self.position()):  # "near top and bottom"
                    self.at = both
                self.take("of", "it")
                return replace(found, place=place, on="")
            self.pass_noise()
            if self.colour_next() and not self.begins_a_thing():
                return self.on_colour(found)
            noun = self.longest(_THINGS)
            if noun:
                name = _SPECIAL[noun].noun if noun in _SPECIAL else _ONE.get(noun) or _MANY[noun]
                return replace(found, place="canton") if name == "canton" else replace(found, on=name, place="")
            known = (*_POSITIONS, *_THINGS)
            raise self.wrong("where? In the centre, at the hoist, in the upper fly, on the disc, …", known)
        if not comma and self.peek() in _POSITIONS and self.peek() != "canton":
            place = self.position()
            self.take_any(_SIDE)
            return replace(found, place=place)
        self.at = here
        return None

    def on_last(self, found: Phrase) -> Phrase:
        last = self.found[-1].noun if self.found else "field"
        if last == "canton":
            return replace(found, place="canton")
        return found if last in _GROUNDS else replace(found, on=last)

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
        noun = self.longest(_THINGS) if names else ""
        alone = names and not noun and not self.found and self.peek() in ("", ",", *_ENDS) and here + 1 == self.at
        if len(names) == 1 and (alone or (noun and _ONE.get(noun) == "field")):
            return Phrase("field", tuple(names), start=self.tokens[start].start, end=self.tokens[self.at - 1].end)
        self.at = here
        return None

    def position(self) -> str:
        """A place such as "the upper hoist" that comes next, which is read then; "" where none does."""
        here = self.at
        self.take_any(_ON)
        self.pass_noise()
        if self.take("canton"):
            return "canton"
        down, along, middle = "", "", False
        while True:
            word = self.peek()
            if word in _DOWN and not down:
                down = _DOWN[word]
            elif word in _ALONG and not along:
                along = _ALONG[word]
            elif word in _MIDDLE and not middle:
                middle = True
            else:
                break
            self.at += 1
        if not (down or along or middle):
            self.at = here
            return ""
        self.take_any(_SIDE)
        if down:
            return f"{down}-{along}" if along else down
        return {"": "centre", "left": "hoist", "right": "fly"}[along]

    # What does not go together.

    def checked(self, found: Phrase, count: int) -> Phrase:
        noun = NOUNS.get(found.noun)
        if noun is None:  # a half
            return found
        if found.noun == "bar" and found.place in ("top", "bottom"):
            found, noun = replace(found, noun="horizontal bar"), NOUNS["horizontal bar"]

        def refuse(reason: str) -> SentenceError:
            return SentenceError(reason, self.text, found.start, found.end)

        before = self.found[-1] if self.found else None
        takes = not found.noun.endswith(" stripe") and found.noun not in ("Union Jack", "emblem")
        if takes and not found.colours and before is not None and before.noun in NOUNS and NOUNS[before.noun].counted:
            found = replace(found, colours=before.colours[:1])
        if found.noun.endswith(" stripe"):
            return self.stripes(found, count)
        if not found.colours and found.noun not in ("Union Jack", "emblem"):
            raise refuse(f"of what colour? Write red {found.noun}")
        if found.noun in ("diagonally halved", "wedges") and len(found.colours) != 2:
            raise refuse(f"{found.noun}: two colours, red and blue")
        if found.noun == "quarters":
            if len(found.colours) not in (2, 4):
                raise refuse("quarters of four colours: white, red, blue, white")
            found = replace(found, colours=(*found.colours, *found.colours[::-1])[:4])
        elif found.noun == "field" and len(found.colours) > 1:
            return self.stripes(replace(found, noun="horizontal stripe"), 0)
        elif noun.colours == 1 and found.noun != "emblem" and len(found.colours) > 1:
            first, second = found.colours[:2]
            said = f"{first} {found.noun} edged {second}" if noun.edged else f"{first} {found.noun}"
            raise refuse(f"a {found.noun} has one colour: write {said}")
        if found.edges and not noun.edged:
            raise refuse(f"a {found.noun} has no edge: leave it out")
        if found.count > 1 and not noun.counted:
            raise refuse(f"there is one {found.noun} on a flag, or none")
        if found.points and found.noun not in ("star", "sun"):
            raise refuse("only a star has points, and a sun rays")
        if found.points == 5 and found.noun == "star":
            found = replace(found, points=0)
        if found.way and found.noun not in ("diagonally halved", "diagonal band"):
            raise refuse(f"a {found.noun} has no direction")
        found = replace(found, way="top-left" if found.way in ("top-left", "bottom-right") else "")
        if found.other is not None:
            raise refuse("only stripes can be higher than others")
        if found.size and not (noun.counted or found.noun in ("bar", "horizontal bar")):
            found = replace(found, size="")
        if (found.place not in ("", "canton") or found.on) and not noun.placed:
            found = replace(found, place="", on="")  # it is where it always is
        if found.form and found.count == 1:
            found = replace(found, form="")
        return found

    def stripes(self, found: Phrase, count: int) -> Phrase:
        def refuse(reason: str) -> SentenceError:
            return SentenceError(reason, self.text, found.start, found.end)

        colours, kind = found.colours, found.noun.split()[0]
        if not colours:
            raise refuse(f"of which colours? Three {kind} stripes, red, white, blue")
        if len(colours) == 1 and count < 2:  # one on another ground is a bar
            if not self.found:
                raise refuse(f"one stripe is a field: write {colours[0]} field, or two stripes")
            noun = "horizontal bar" if kind == "horizontal" and found.place not in ("hoist", "fly") else "bar"
            return replace(found, noun=noun, size=found.size or "small", count=1, other=None)
        if len(colours) == 1:
            return self.lone_stripes(found, count)
        count = count or len(colours)
        if len(colours) == 2 and count > 2:
            colours = tuple(colours[position % 2] for position in range(count))
        if len(colours) != count:
            raise refuse(f"{count} stripes have {count} colours, or two in turn, not {len(colours)}")
        if found.other is not None and found.other[0] >= count:
            raise refuse(f"there are {count} stripes")
        place = found.place if found.place == "canton" else ""
        return replace(found, colours=colours, count=count, place=place, on="", size="", form="")

    def lone_stripes(self, found: Phrase, count: int) -> Phrase:
        """Several of one colour on a field: stripes of both in turn, which take the field's place."""
        field = self.found[-1] if self.found and self.found[-1].noun == "field" else None
        if field is None:
            reason = f"{count} stripes have {count} colours, or two in turn, not 1"
            raise SentenceError(reason, self.text, found.start, found.end)
        self.found.pop()
        turns = tuple((field.colours[0], found.colours[0])[position % 2] for position in range(2 * count + 1))
        return replace(found, colours=turns, count=len(turns), place="", on="", size="")
