"""Words in a sum: `japan + star`, `france - blue`, `morocco + gold border`.

In place of a flag's name a sum may say a colour, a thing, or a thing in a colour, in the words that edits of flags know
(`flagsae.design.edits.reader`). With a plus the flag gets it, with a minus it loses it. A flag's name wins over a word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flagsae.design.cursor import LONGEST
from flagsae.design.edits.lexicon import ALL, ANY, EDGES, EMBLEMS
from flagsae.design.edits.reader import Edit, phrase_of
from flagsae.design.lexicon import THINGS
from flagsae.design.phrases import GROUNDS, NOUNS, Phrase
from flagsae.design.shades import WORDS as COLOURS
from flagsae.errors import SentenceError, nearest

ALIKE = 0.75  # how alike a typed word must be to one that is known, to be suggested for it (`errors.nearest`)
SHORTEST = 4  # letters of a word for which another is suggested
# What completion offers, with what it is: every colour, and every thing by its first name.
OFFERED = {
    **dict.fromkeys(COLOURS, "a colour"),
    **{name.lower(): "a thing" for name in NOUNS if name not in GROUNDS},
    **{"stripe": "a thing", "charge": "whatever stands on the ground"},
}
_KNOWN = frozenset({*COLOURS, *THINGS, *ALL, *EDGES, *EMBLEMS})


@dataclass(frozen=True)
class Said:
    """What words in a sum say."""

    text: str
    """In small letters, with one space between words."""
    phrase: Phrase
    """With a noun, or with colours, or edges, alone; its count is 0 where none is said."""
    plain: bool = False
    """Whether stripes are meant, but not in which direction."""
    many: bool = False
    """Whether several are meant: "stripes"."""

    @property
    def colour(self) -> str:
        """The colour, where that is all that is said; else ""."""
        colours = self.phrase.colours
        return colours[0] if colours and self.phrase == Phrase("", colours, count=0) else ""

    def same(self, other: Said | None) -> bool:
        """Whether other words say the same: gold, and yellow."""
        return other is not None and replace(other, text=self.text) == self

    def edit(self, verb: str) -> Edit:
        """The same as an edit: "add" or "remove"."""
        if verb == "add" and self.phrase.edges and not self.phrase.noun:
            return Edit("edge", colours=tuple(filter(None, self.phrase.edges)))
        return Edit(verb, self.phrase, plain=self.plain, many=self.many)


def read(text: str, *, added: bool = True) -> Said | None:
    """What words say; None for a text that has none of the known words. added: whether the flag is to get it.

    Raises `SentenceError`, which points at what is wrong, for a text that has some.

    >>> read("gold border").phrase.colours, read("Laos")
    (('yellow',), None)
    """
    plain = " ".join(text.casefold().split())
    for tried in dict.fromkeys((plain, plain.replace("-", " "))):
        if not _has_words(tried):
            continue
        try:
            found = phrase_of(tried)
            said = Said(tried, replace(found.what, start=0, end=0), found.plain, found.many)
            _check(said.phrase, tried, added)
        except SentenceError as error:
            if tried == plain and "-" in plain and _has_words(plain.replace("-", " ")):
                continue
            raise SentenceError(error.reason, text, min(error.start, len(text)), min(error.end, len(text))) from None
        return said
    return None


def _has_words(text: str) -> bool:
    words = text.split()
    return any(
        " ".join(words[at : at + length]) in _KNOWN for at in range(len(words)) for length in range(1, LONGEST + 1)
    )


def _check(phrase: Phrase, text: str, added: bool) -> None:
    """Raises `SentenceError` for what is no colour and no thing, and for what words cannot draw."""
    if not phrase.noun and not phrase.edges and phrase != Phrase("", phrase.colours[:1], count=0):
        reason = "one colour or one thing at a time: blue, star, gold border"
        raise SentenceError(reason, text, 0, len(text))
    emblem = next((word for word in EMBLEMS if f" {word} " in f" {text} "), "")
    if added and phrase.noun == ANY:
        raise SentenceError("which one? Write star, crescent, gold border", text, 0, len(text))
    if added and emblem:
        raise SentenceError(f"words cannot draw this {emblem}: emblem stands for arms and beasts", text, 0, len(text))


def suggested(text: str) -> str:
    """The known word that is most like a typed one; "" where none is.

    >>> suggested("staar"), suggested("cresent")
    ('star', 'crescent')
    """
    found = nearest(text.casefold(), (*COLOURS, *THINGS), 1, least=ALIKE) if len(text) >= SHORTEST else []
    return found[0] if found else ""


def completions(start: str) -> list[tuple[str, str]]:
    """(word, what it is) of the words to offer for what is typed.

    >>> completions("cres")
    [('crescent', 'a thing')]
    """
    typed = start.casefold()
    return [(word, kind) for word, kind in OFFERED.items() if typed and word.startswith(typed)]
