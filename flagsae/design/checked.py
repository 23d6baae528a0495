"""What a phrase that was read means, and what does not go together in one."""

from __future__ import annotations

from dataclasses import replace

from flagsae.design.phrases import LINES, NOUNS, Phrase
from flagsae.errors import SentenceError


def checked(found: Phrase, count: int, before: list[Phrase], text: str) -> Phrase:
    """A phrase as it is meant. count: as it was said, or 0; before: the phrases so far, of which the field goes where
    stripes of one colour take its place. Raises `SentenceError` for what does not go together."""
    noun = NOUNS.get(found.noun)
    if noun is None:  # a half
        return found
    if found.noun == "bar" and found.place in ("top", "bottom"):
        found, noun = replace(found, noun="horizontal bar"), NOUNS["horizontal bar"]

    def refuse(reason: str) -> SentenceError:
        return SentenceError(reason, text, found.start, found.end)

    last = before[-1] if before else None
    takes = not found.noun.endswith(" stripe") and found.noun not in ("Union Jack", "emblem")
    if takes and not found.colours and last is not None and last.noun in NOUNS and NOUNS[last.noun].counted:
        found = replace(found, colours=last.colours[:1])
    if found.noun.endswith(" stripe"):
        return _stripes(found, count, before, text)
    if not found.colours and found.noun not in ("Union Jack", "emblem"):
        raise refuse(f"of what colour? Write red {found.noun}")
    if found.noun in ("diagonally halved", "wedges") and len(found.colours) != 2:
        raise refuse(f"{found.noun}: two colours, red and blue")
    if found.noun == "quarters":
        if len(found.colours) not in (2, 4):
            raise refuse("quarters of four colours: white, red, blue, white")
        found = replace(found, colours=(*found.colours, *found.colours[::-1])[:4])
    elif found.noun == "field" and len(found.colours) > 1:
        return _stripes(replace(found, noun="horizontal stripe"), 0, before, text)
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
    if found.size and not (noun.counted or found.noun in (*LINES, "lettering")):
        raise refuse(f"a {found.noun} has one size: leave {found.size} out")
    if (found.place not in ("", "canton") or found.on) and not noun.placed:
        found = replace(found, place="", on="")  # it is where it always is
    if found.form and found.count == 1:
        found = replace(found, form="")
    return found


def _stripes(found: Phrase, count: int, before: list[Phrase], text: str) -> Phrase:
    def refuse(reason: str) -> SentenceError:
        return SentenceError(reason, text, found.start, found.end)

    colours, kind = found.colours, found.noun.split()[0]
    if not colours:
        raise refuse(f"of which colours? Three {kind} stripes, red, white, blue")
    if len(colours) == 1 and count < 2:  # one on another ground is a bar
        if not before:
            raise refuse(f"one stripe is a field: write {colours[0]} field, or two stripes")
        noun = "horizontal bar" if kind == "horizontal" and found.place not in ("hoist", "fly") else "bar"
        return replace(found, noun=noun, size=found.size or "small", count=1, other=None)
    if len(colours) == 1:
        return _lone_stripes(found, count, before, text)
    count = count or len(colours)
    if len(colours) == 2 and count > 2:
        colours = tuple(colours[position % 2] for position in range(count))
    if len(colours) != count:
        raise refuse(f"{count} stripes have {count} colours, or two in turn, not {len(colours)}")
    if found.other is not None and found.other[0] >= count:
        raise refuse(f"there are {count} stripes")
    place = found.place if found.place == "canton" else ""
    return replace(found, colours=colours, count=count, place=place, on="", size="", form="")


def _lone_stripes(found: Phrase, count: int, before: list[Phrase], text: str) -> Phrase:
    """Several of one colour on a field: stripes of both in turn, which take the field's place."""
    field = before[-1] if before and before[-1].noun == "field" else None
    if field is None:
        reason = f"{count} stripes have {count} colours, or two in turn, not 1"
        raise SentenceError(reason, text, found.start, found.end)
    before.pop()
    turns = tuple((field.colours[0], found.colours[0])[position % 2] for position in range(2 * count + 1))
    return replace(found, colours=turns, count=len(turns), place="", on="", size="")
