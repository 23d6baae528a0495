"""The text of several edits as that of each: split, in its normal form, and completed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from flagsae.design import shades
from flagsae.design.cursor import Token, tokens
from flagsae.design.edits.lexicon import ADD, COLOURS, FEWER, LEADS, MIRROR, REMOVE, SCALES, SWAP, SWAPPED, TURNED
from flagsae.design.lexicon import EDGED, NOISE, ON, POSITIONS, THINGS
from flagsae.design.phrases import ORDINALS
from flagsae.design.reader import Reader

DASHES = str.maketrans("−–—", "---")  # what keyboards and texts have for a hyphen


def normal(text: str) -> str:
    """The same edits in one way of writing them: small letters, one space at most, and arrows without any.

    >>> normal("Star  -> crescent ;RED → blue")
    'star->crescent, red->blue'
    """
    return ", ".join(_normal(group) for group in groups(tokens(text.translate(DASHES))))


def completed(edit: str, flags: Iterable[str] = ()) -> str | None:
    """An edit with the word at its end completed; None where there is nothing to complete. flags: names that may stand
    behind colours.

    >>> completed("star->cres"), completed("+light b"), completed("colours ja", ["japan", "jamaica"])
    ('star->crescent', '+light blue', 'colours japan')
    """
    of_flags = re.search(rf"(?:{'|'.join(COLOURS)})\s+(?:of\s+|from\s+)?([^,;]+)$", edit, re.IGNORECASE)
    starts = [found.start() for found in re.finditer(r"(?<![^\W\d_])[^\W\d_](?=[^\W\d_ ]*(?: [^\W\d_]+)*$)", edit)]
    known: Iterable[str] = (*THINGS, *shades.WORDS, *POSITIONS, *SCALES, *COLOURS[:1], *SWAP[:1], *MIRROR[:1], "edged")
    if of_flags is not None:
        starts, known = [of_flags.start(1)], flags
    for start in starts:
        typed = edit[start:].casefold()
        found = next((word for word in known if word.casefold().startswith(typed) and word.casefold() != typed), None)
        if found is not None:
            return edit[:start] + edit[start:] + found[len(typed) :]
    return None


def _normal(group: Sequence[Token]) -> str:
    said = " ".join(token.text for token in group).replace(" , ", ", ")
    said = re.sub(r" ?(?:- )*[-=] > ?| ?[→⇒] ?", "->", said)
    said = re.sub(r" ?< [-=] > ?| ?< > ?| ?[↔⇄] ?| ?<->", "<->", said)
    return re.sub(r"^([-+]) ", r"\1", said)


def groups(found: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each edit."""
    group: list[Token] = []
    at = 0
    while at < len(found):
        end = next((place for place in range(at, len(found)) if found[place].text in (",", ";", "and")), len(found))
        piece = found[at:end]
        joined = found[at - 1] if at else None
        if group and joined is not None and piece and not _begins(piece, joined.text):
            group += [joined, *piece]
        else:
            if group:
                yield group
            group = list(piece)
        at = end + 1
    if group:
        yield group


def _begins(piece: Sequence[Token], sign: str) -> bool:
    """Whether tokens behind a separator are an edit of their own."""
    words = [token.text for token in piece]
    starts = words[0] in (*LEADS, *ADD, *REMOVE, *FEWER, *SWAP, *COLOURS, *MIRROR) or arrow_in(piece) is not None
    if sign == ";" or starts:
        return True
    if sign == "and":
        return False
    if words[0] in EDGED or words[0] in ON or (words[0] == "the" and len(words) > 1 and words[1] in ORDINALS):
        return False
    plain = Reader(" ", piece)
    while plain.take_any(NOISE) or plain.longest(shades.WORDS):
        pass
    return plain.at < len(piece)


def arrow_in(piece: Sequence[Token]) -> tuple[int, int, str] | None:
    """Where an arrow begins and ends, and its verb; None where there is none."""
    words = [token.text for token in piece]
    for at in range(len(words)):
        for verb, arrows in (("swap", SWAPPED), ("turn", TURNED)):
            for arrow in arrows:
                end = at + len(arrow)
                if tuple(words[at:end]) != arrow:
                    continue
                after = [word for word in words[end:] if word not in NOISE]
                if arrow == ("to",) and (at < 1 or not after or after[0] in POSITIONS or words[at - 1] in COLOURS):
                    continue  # moved "to the fly"; "colours to jamaica"
                if arrow in (("with",), ("by",)) and words[0] != "replace":
                    continue
                return at, end, verb
    return None
