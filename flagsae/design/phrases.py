"""Phrases, and the sentences that they make: "red field; green star in the centre".

    sentence  = phrases with ; between them
    phrase    = [number] {size | points | colours} noun {tail}
              | "Union Jack" [place] | "quarters of" colours | "diagonally halved" colours [way]
    colours   = names of colours with , or "and" between them
    tail      = [,] "edged" colours | , colours | [,] "the first twice as high" | place | way
    place     = "in the centre" and the like | "on the" noun
    way       = "from the upper hoist": where a diagonal begins

`read` takes more than `write` says: articles, plurals, other words for the same, adjectives in any order. What it reads
back of `write` is what was written. Only words are known here: what they look like is for `layout`, which of them fit a
picture for `words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flagsae.colours import COLOURS
from flagsae.design.vocabulary import NUMBERS, PLACES, listed, number
from flagsae.errors import SentenceError, nearest

MAX_LENGTH = 2_000  # characters
MAX_PHRASES = 50
MAX_COUNT = 100  # of one charge

# Other words for colours of the palette; those with a shade of their own are drawn with it.
ALIASES: dict[str, tuple[str, str]] = {
    **{"gold": ("yellow", ""), "golden": ("yellow", ""), "navy": ("dark blue", ""), "navy blue": ("dark blue", "")},
    **{"maroon": ("dark red", ""), "burgundy": ("dark red", ""), "crimson": ("red", ""), "scarlet": ("red", "")},
    **{"sky blue": ("light blue", ""), "azure": ("light blue", ""), "gray": ("grey", ""), "violet": ("purple", "")},
    **{"silver": ("grey", "#c0c0c0"), "pink": ("purple", "#f4a6c0"), "turquoise": ("light blue", "#30d5c8")},
    **{"cyan": ("light blue", "#00b7eb"), "teal": ("green", "#008080"), "dark green": ("green", "#004d26")},
    **{"light green": ("green", "#7ac943"), "ochre": ("yellow", "#cc8a1d")},
}
SHADES: dict[str, tuple[str, str]] = {**{colour.name: (colour.name, "") for colour in COLOURS}, **ALIASES}


@dataclass(frozen=True)
class Noun:
    """A thing that a phrase names."""

    name: str
    """As `write` says one of it."""
    many: str = ""
    """More than one; the name and an s if left out."""
    also: tuple[str, ...] = ()
    """Other words for it that `read` takes."""
    colours: int = 1
    """How many it may have, its edges not counted; 0 for any number."""
    edged: bool = False
    """Whether it may have edges."""
    counted: bool = False
    """Whether there may be several of it."""
    placed: bool = False
    """Whether it is said where it stands."""

    @property
    def plural(self) -> str:
        return self.many or f"{self.name}s"


# The ground first, then charges. Edges of stripes lie between them.
NOUNS = {
    noun.name: noun
    for noun in (
        Noun("field", also=("background", "ground")),
        Noun(
            "horizontal stripe",
            also=("stripe", "stripes", "band", "bands", "horizontal band", "horizontal bands", "horizontal tricolour"),
            colours=0,
            edged=True,
            counted=True,
        ),
        Noun(
            "vertical stripe",
            also=("vertical band", "vertical bands", "vertical tricolour", "bars", "vertical bar", "vertical bars"),
            colours=0,
            edged=True,
            counted=True,
        ),
        Noun("quarters", many="quarters", also=("quarter",), colours=4),
        Noun("diagonally halved", many="diagonally halved", colours=2),
        Noun("wedges", many="wedges", also=("wedge",), colours=2),
        Noun("Union Jack", also=("union flag",), colours=0, placed=True),
        Noun("cross", many="crosses", edged=True, counted=True, placed=True),
        Noun("Nordic cross", many="Nordic crosses", also=("scandinavian cross",), edged=True, placed=True),
        Noun("saltire", also=("diagonal cross",), edged=True, counted=True, placed=True),
        Noun("pall", edged=True),
        Noun("diagonal band", also=("diagonal stripe", "diagonal"), edged=True),
        Noun("border", also=("frame",)),
        Noun("triangle", edged=True, counted=True, placed=True),
        Noun("bar", placed=True),
        Noun("canton"),
        Noun("star", edged=True, counted=True, placed=True),
        Noun("sun", edged=True, counted=True, placed=True),
        Noun("disc", also=("circle", "disk", "ball", "roundel"), edged=True, counted=True, placed=True),
        Noun("ring", counted=True, placed=True),
        Noun("crescent", also=("moon", "half moon", "crescent moon"), edged=True, counted=True, placed=True),
        Noun("lozenge", also=("diamond", "rhombus"), edged=True, counted=True, placed=True),
        Noun("rectangle", also=("panel",), edged=True, counted=True, placed=True),
        Noun("chevron", counted=True, placed=True),
        Noun("emblem", also=("coat of arms", "arms", "shield", "crest"), edged=True, counted=True, placed=True),
    )
}
SIZES = {"big": "big", "large": "big", "huge": "big", "small": "small", "little": "small", "tiny": "small"}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
TIMES = {"twice": 2.0, "three times": 3.0, "four times": 4.0, "half": 0.5}  # as high as the other stripes
CORNERS = {place: words for place, words in PLACES.items() if place.startswith(("top-", "bottom-"))}
ARTICLES = ("a", "an", "the", "with")


@dataclass(frozen=True)
class Phrase:
    """One thing that a sentence says is there."""

    noun: str
    """One of `NOUNS`."""
    colours: tuple[str, ...] = ()
    """Its own: names of the palette."""
    edges: tuple[str, ...] = ()
    """Those around it, from the inside out; of stripes that between them."""
    count: int = 1
    points: int = 0
    """Of a star that has not five; rays of a sun, where they are said."""
    size: str = ""
    """Big, small, or empty for the usual one."""
    place: str = ""
    """One of `PLACES`; where nothing is said, empty."""
    on: str = ""
    """In place of a place: what it stands on, one of `NOUNS`."""
    way: str = ""
    """The corner where a diagonal begins, one of `CORNERS`; the lower hoist if empty."""
    other: tuple[int, float] | None = None
    """The stripe that is wider than the rest, counted from 0, and how many times."""
    tints: tuple[tuple[str, str], ...] = ()
    """Shades of its colours that are not the palette's."""
    start: int = 0
    """Where its text begins, for messages."""
    end: int = 0


# From phrases to words.


def write(phrases: Sequence[Phrase], tints: Mapping[str, str] | None = None) -> str:
    """The sentence. tints: of the palette's colours, by their names; a shade that has a word of its own gets it."""
    words = {name: _SHADE_WORDS[name, tint] for name, tint in (tints or {}).items() if (name, tint) in _SHADE_WORDS}
    return "; ".join(phrase_text(_in_words(phrase, words)) for phrase in phrases)


_SHADE_WORDS = {shade: word for word, shade in reversed(ALIASES.items()) if shade[1]}


def _in_words(phrase: Phrase, words: Mapping[str, str]) -> Phrase:
    colours, edges = (tuple(words.get(name, name) for name in names) for names in (phrase.colours, phrase.edges))
    return replace(phrase, colours=colours, edges=edges)


def phrase_text(phrase: Phrase) -> str:
    name, colours = phrase.noun, phrase.colours
    edged = f" edged {listed(phrase.edges)}" if phrase.edges else ""
    where = f" on the {phrase.on}" if phrase.on else f" {PLACES[phrase.place]}".rstrip() if phrase.place else ""
    way = f" from the {CORNERS[phrase.way].removeprefix('in the ')}" if phrase.way else ""
    if name == "Union Jack":
        return f"Union Jack{where}"
    if name == "quarters":
        return f"quarters of {', '.join(colours)}{where}"
    if name == "diagonally halved":
        return f"diagonally halved {listed(colours)}{way}{where}"
    if name.endswith(" stripe"):
        return _stripes_text(phrase) + where
    size = f"{phrase.size} " if phrase.size else ""
    points = f"{number(phrase.points)}-{'rayed' if name == 'sun' else 'pointed'} " if phrase.points else ""
    own = f"{listed(colours)} " if colours else ""
    if phrase.count > 1:
        return f"{number(phrase.count)} {size}{own}{points}{NOUNS[name].plural}{edged}{where}"
    return f"{size}{own}{points}{name}{edged}{way}{where}"


def _stripes_text(phrase: Phrase) -> str:
    colours, count = phrase.colours, phrase.count
    turns = count > 4 and colours == tuple(colours[position % 2] for position in range(count))
    in_order = listed(colours[:2]) if turns else ", ".join(colours)
    edged = f", edged {listed(phrase.edges)}" if phrase.edges else ""
    wider = ""
    if phrase.other is not None:
        which, times = phrase.other
        word = next(word for word, value in TIMES.items() if value == times)
        wider = f", the {ORDINALS[which]} {word} as {'high' if phrase.noun.startswith('h') else 'wide'}"
    return f"{number(count)} {NOUNS[phrase.noun].plural}, {in_order}{edged}{wider}"


# From words to phrases.

_TOKEN = re.compile(r"\d+-[^\W\d_]+|\d+|[^\W\d_]+(?:[-'’][^\W\d_]+)*|[;,]|\S")


@dataclass(frozen=True)
class _Token:
    text: str
    """In small letters."""
    start: int
    end: int


def read(text: str) -> list[Phrase]:
    """The phrases of a sentence. Raises `SentenceError`, which points at the word that is not understood.

    >>> read("a gold star in the middle")[0].colours
    ('yellow',)
    """
    if len(text) > MAX_LENGTH:
        raise SentenceError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    tokens = [_Token(found[0].lower(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    runs: list[list[_Token]] = [[]]
    for token in tokens:
        if token.text == ";":
            runs.append([])
        else:
            runs[-1].append(token)
    runs = [run for run in runs if run]
    if not runs:
        raise SentenceError("nothing to draw: write what is on the flag, red field; green star", text, 0, len(text))
    if len(runs) > MAX_PHRASES:
        first = runs[MAX_PHRASES][0]
        raise SentenceError(f"{len(runs)} phrases: at most {MAX_PHRASES}", text, first.start, len(text))
    return [phrase for run in runs for phrase in _Reader(text, run).phrases()]


_NUMBERS = {word: count for count, word in enumerate(NUMBERS) if count}
_PLACES = {
    **{words.split(" ", 1)[1]: place for place, words in PLACES.items() if words},
    **{"the middle": "centre", "the center": "centre", "the left": "hoist", "the right": "fly"},
    **{"the upper left": "top-left", "the upper right": "top-right"},
    **{"the lower left": "bottom-left", "the lower right": "bottom-right"},
    **{"the foot": "bottom", "the upper hoist corner": "top-left", "the lower hoist corner": "bottom-left"},
    **{"the upper fly corner": "top-right", "the lower fly corner": "bottom-right"},
}
_WAYS = {words.removeprefix("in "): place for place, words in CORNERS.items()} | {
    words: place for words, place in _PLACES.items() if place in CORNERS
}
_NOUNS = {
    word.lower(): name
    for name, noun in NOUNS.items()
    for word in (*noun.also, *(f"{other}s" for other in noun.also), noun.plural, name)
}
_WORDS = sorted(
    {word for text in (*SHADES, *_NOUNS, *_PLACES, *TIMES) for word in text.split()}
    | {*SIZES, *_NUMBERS, *ORDINALS, "edged", "pointed", "rayed", "and", "of", "from", "in", "at", "on", "as", "high"}
)


class _Reader:
    """Of what stands between two ; : one phrase, or several with "with", "and" or a comma between them."""

    def __init__(self, text: str, tokens: Sequence[_Token]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0

    # What comes next.

    def peek(self, ahead: int = 0) -> str:
        at = self.place + ahead
        return self.tokens[at].text if at < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Whether these words come next; then they are read."""
        if all(self.peek(ahead) == word for ahead, word in enumerate(words)):
            self.place += len(words)
            return True
        return False

    def longest(self, known: Collection[str]) -> str:
        """The longest of some texts that comes next, which is read then; "" where none does."""
        found = ""
        for words in range(min(4, len(self.tokens) - self.place), 0, -1):
            found = " ".join(self.peek(ahead) for ahead in range(words))
            if found in known:
                self.place += words
                return found
        return ""

    def wrong(self, reason: str, known: Sequence[str] = ()) -> SentenceError:
        """At the next word, or at the end."""
        if self.place >= len(self.tokens):
            end = self.tokens[-1].end
            return SentenceError(reason, self.text, end, end)
        token = self.tokens[self.place]
        like = nearest(token.text, known or _WORDS, 1)
        if like and like[0] != token.text:
            reason += f". Did you mean {like[0]}?"
        return SentenceError(reason, self.text, token.start, token.end)

    # The rules.

    def phrases(self) -> list[Phrase]:
        found = [self.phrase()]
        while self.place < len(self.tokens):
            self.separated()
            found.append(self.phrase())
        if len(found) > MAX_PHRASES:
            raise SentenceError(
                f"{len(found)} phrases: at most {MAX_PHRASES}", self.text, found[-1].start, found[-1].end
            )
        return found

    def separated(self) -> bool:
        """Whether a new phrase begins; then what stands before it is read."""
        here = self.place
        comma = self.take(",")
        word = self.take("with") or self.take("and")
        if (comma or word) and self.place < len(self.tokens) and self.peek() not in ("edged", "edges", "the"):
            return True
        self.place = here
        return False

    def phrase(self) -> Phrase:
        begins = self.place
        while self.peek() in ARTICLES:
            self.place += 1
        count = self.number()
        found = self.adjectives()
        name = _NOUNS.get(self.longest(_NOUNS), "")
        if not name:
            known = [*SHADES, *_NOUNS, *SIZES]
            if self.place >= len(self.tokens):
                raise self.wrong("of what? Write a thing behind it: red field, two white stars")
            raise self.wrong(f"{self.peek()!r} is no colour and nothing that can be on a flag", known)
        found = replace(found, noun=name, count=count or 1)
        while self.place < len(self.tokens):
            here = self.place
            if not self.lists(found) and self.separated():
                self.place = here
                break
            found = self.tail(found)
        found = replace(found, start=self.tokens[begins].start, end=self.tokens[self.place - 1].end)
        return self.checked(found, count)

    def lists(self, found: Phrase) -> bool:
        """Whether a comma and a colour go on with this phrase."""
        return not found.colours and found.noun != "Union Jack" and self.peek() == ","

    def number(self) -> int:
        word = self.peek()
        if word.isdecimal() or word in _NUMBERS:
            count = _NUMBERS.get(word) or int(word[:9])
            if not 1 <= count <= MAX_COUNT:
                raise self.wrong(f"at most {MAX_COUNT} of a thing can be drawn")
            self.place += 1
            return count
        return 0

    def adjectives(self) -> Phrase:
        found = Phrase("")
        while self.place < len(self.tokens):
            word = self.peek()
            points = re.fullmatch(r"(\w+)-(pointed|rayed)", word)
            if word in SIZES:
                found = replace(found, size=SIZES[word])
                self.place += 1
            elif points:
                many = _NUMBERS.get(points[1]) or (int(points[1][:4]) if points[1].isdecimal() else 0)
                if not 3 <= many <= 64:
                    raise self.wrong("a star has from 3 to 64 points")
                found = replace(found, points=many)
                self.place += 1
            elif self.colour_next():
                found = self.colours(found, "colours")
            else:
                break
        return found

    def colour_next(self) -> bool:
        here = self.place
        name = self.longest(SHADES)
        self.place = here
        return bool(name)

    def colours(self, found: Phrase, field: str) -> Phrase:
        """Adds a list of colours to a phrase."""
        names, tints = list(getattr(found, field)), list(found.tints)
        while True:
            here = self.place
            shade = self.longest(SHADES)
            if not shade:
                if not names:
                    raise self.wrong("a colour comes here", list(SHADES))
                self.place = here
                break
            name, tint = SHADES[shade]
            names.append(name)
            if tint:
                tints.append((name, tint))
            here = self.place
            if not ((self.take(",") and (self.take("and") or True)) or self.take("and")):
                break
            if not self.colour_next():
                self.place = here
                break
        found = replace(found, tints=tuple(tints))
        return replace(found, edges=tuple(names)) if field == "edges" else replace(found, colours=tuple(names))

    def tail(self, found: Phrase) -> Phrase:
        comma = self.take(",")
        if self.take("edged"):
            self.take("with")
            return self.colours(found, "edges")
        if self.take("of") or ((comma or not found.colours) and self.colour_next()):
            return self.colours(found, "colours")
        if self.take("from"):
            way = self.longest(_WAYS)
            if not way:
                raise self.nowhere("from which corner? From the upper hoist, or the lower hoist")
            return replace(found, way=_WAYS[way])
        if self.peek() == "the" and self.peek(1) in (*ORDINALS, "middle", "last"):
            return self.wider(found)
        if self.peek() == "on" and self.peek(1) == "the":
            self.place += 2
            noun = self.longest(_NOUNS)
            if not noun:
                raise self.nowhere("on which thing? On the disc, on the triangle")
            return replace(found, on=_NOUNS[noun])
        if self.peek() in ("in", "at", "on", "to"):
            self.place += 1
            place = self.longest(_PLACES)
            if not place:
                raise self.nowhere("where? In the centre, at the hoist, in the upper fly …")
            return replace(found, place=_PLACES[place])
        raise self.wrong(f"{self.peek()!r} is not understood here")

    def nowhere(self, reason: str) -> SentenceError:
        self.take("the")
        return self.wrong(reason, [word for text in (*_PLACES, *_NOUNS) for word in text.split()])

    def wider(self, found: Phrase) -> Phrase:
        """Such as: the first twice as high."""
        self.take("the")
        word = self.peek()
        self.place += 1
        stripes = len(found.colours)
        which = {"middle": stripes // 2, "last": stripes - 1}.get(word, -1)
        which = ORDINALS.index(word) if which < 0 else which
        times = self.longest(TIMES)
        if not times or not self.take("as") or not (self.take("high") or self.take("wide")):
            raise self.wrong(f"how high? The {word} twice as high, or half as high")
        return replace(found, other=(which, TIMES[times]))

    # What does not go together.

    def checked(self, found: Phrase, count: int) -> Phrase:
        noun = NOUNS[found.noun]

        def refuse(reason: str) -> SentenceError:
            return SentenceError(reason, self.text, found.start, found.end)

        if found.noun.endswith(" stripe"):
            return self.stripes(found, count, refuse)
        if not found.colours and found.noun not in ("Union Jack", "emblem"):
            raise refuse(f"of what colour? Write red {found.noun}")
        if found.noun in ("diagonally halved", "wedges") and len(found.colours) != 2:
            raise refuse(f"{found.noun}: two colours, red and blue")
        if found.noun == "quarters":
            if len(found.colours) not in (2, 4):
                raise refuse("quarters of four colours: white, red, blue, white")
            found = replace(found, colours=(*found.colours, *found.colours[::-1])[:4])
        elif noun.colours == 1 and found.noun != "emblem" and len(found.colours) > 1:
            first, second = found.colours[:2]
            raise refuse(f"a {found.noun} has one colour: write {first} {found.noun} edged {second}")
        if found.edges and not noun.edged:
            raise refuse(f"a {found.noun} has no edge")
        if found.count > 1 and not noun.counted:
            raise refuse(f"there is one {found.noun} on a flag, or none")
        if found.points and found.noun not in ("star", "sun"):
            raise refuse("only a star has points, and a sun rays")
        if found.points == 5 and found.noun == "star":
            found = replace(found, points=0)
        if found.way and found.noun not in ("diagonally halved", "diagonal band"):
            raise refuse(f"a {found.noun} has no direction")
        if found.other is not None:
            raise refuse("only stripes can be higher than others")
        if (found.place not in ("", "canton") or found.on) and not noun.placed:
            raise refuse(f"a {found.noun} is where it always is: leave its place out")
        return found

    def stripes(self, found: Phrase, count: int, refuse: Callable[[str], SentenceError]) -> Phrase:
        colours = found.colours
        count = count or len(colours)
        if not colours:
            raise refuse("of which colours? Three horizontal stripes, red, white, blue")
        if len(colours) == 2 and count > 2:
            colours = tuple(colours[position % 2] for position in range(count))
        if len(colours) != count:
            raise refuse(f"{count} stripes have {count} colours, or two in turn, not {len(colours)}")
        if count < 2:
            raise refuse(f"one stripe is a field: write {colours[0]} field, or two stripes")
        if found.other is not None and found.other[0] >= count:
            raise refuse(f"there are {count} stripes")
        return replace(found, colours=colours, count=count)
