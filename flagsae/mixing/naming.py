"""The name of a mix, made of its parents' names: Morocco and Colombia are Moroccolombia.

The head of one name and the tail of another, cut where a vowel and a consonant meet; or both whole, where one ends as
the other begins. The same names in any order give the same name. Of all that can be made, the one that is easiest to say
is taken, without coarse words (`flagsae.mixing.coarse`) and without the names of flags.

Two pairs of flags have two names. A head is so long that no other flag's name begins with it, and a tail so long that
none ends with it. Were two names the same letters, the shorter of their heads would begin both first parents' names: so
these are one flag; and so are the last ones. Names of three and more are held to 14 letters, for which their pieces may
be shorter: a few of them are shared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations, product

from flagsae.mixing.coarse import COARSE

VOWELS = "aeiou"  # and y, where no vowel follows
# Words that many names share, and that say least of a flag.
FILLERS = frozenset(
    "and the of de la da el republic federated states state islands island saint sint territory kingdom french central "
    "new united lands".split()
)
# Words that say which of several: part of a name only where the rest is another flag's, as of South Sudan.
LEADS = frozenset("south southern north northern west western east eastern american british us democratic".split())
SHORT, LONG = 5, 11  # letters of a name that is easy to say
MOST = 14  # letters of a name of three and more
LEAST = 3  # letters of a head or a tail
PIECE = 2  # letters of a part in a name of three and more
OVERLAP = 2  # letters by which one name may run into another
JOINED = 8  # letters up to which the words of a name are taken together
CUTS = 4  # heads, and tails, of a flag that are tried
TRIED, LED = 3, 24  # parts of each flag, and beginnings that are followed, in names of three and more
ORDERED = 4  # flags whose names are tried in all orders
# Costs: by which the names that can be made are ordered. By ear.
FAR, SHARE, SECOND, SHARED, SMALL = 1.0, 0.35, 0.6, 2.0, 1.5
CLUSTER, HARD, HIATUS, DOUBLE, SAME, MEETING, WHOLE = 3.5, 2.5, 2.5, 2.0, 9.0, -4.0, 2.0
# Consonants that meet with ease where one name ends and another begins: `lb` as in Albania.
EASY = frozenset(
    f"{first}{second}" for first, seconds in (("l", "bdgkmptvsc"), ("m", "bp"), ("n", "dtgkscz"), ("r", "bdgklmnptvsz"))
    for second in seconds
) | {"st", "sp", "sk", "tr", "br", "dr", "gr", "kr", "pr", "fr", "bl", "kl", "pl", "gl", "fl", "sl", "zb", "sw", "rw"}

Part = tuple[float, str]  # cost, letters


def mixed_name(names: Sequence[str], among: tuple[str, ...] = ()) -> str:
    """The name of a mix of flags with these names, in any order; of one flag its own.

    among: the names of all flags. Only with them are pairs of these flags told apart, and names of flags avoided;
    without, names are as clean and as easy to say, and two pairs may have the same.

    >>> mixed_name(["Morocco", "Colombia"]), mixed_name(["Colombia", "Morocco"])
    ('Moroccolombia', 'Moroccolombia')
    """
    own = tuple(sorted(dict.fromkeys(names), key=lambda name: (_folded(name), name)))
    if len(own) < 2:
        return "".join(own)
    return _namer(among).name(own)


@lru_cache(8)
def _namer(among: tuple[str, ...]) -> _Namer:
    return _Namer(among)


class _Namer:
    """Makes names that are told from those of other flags."""

    def __init__(self, among: Sequence[str]) -> None:
        self.uses: dict[str, int] = {}  # names that have a word
        for name in among:
            for word in set(map(_folded, _said(name))):
                self.uses[word] = self.uses.get(word, 0) + 1
        self.known: dict[str, tuple[list[Part], list[Part]]] = {}
        self.all = ""  # the forms of all names, a line each: where letters begin or end one is found by their line
        self.all = "\n" + "".join(f"{_folded(form)}\n" for name in among for form in self.forms(name))
        self.real = {_folded("".join(filter(str.isalpha, name))) for name in among} | set(self.all.split())

    def name(self, own: Sequence[str]) -> str:
        """own: two names or more, in order."""
        made = self.of_two(*own) if len(own) == 2 else self.of_more(own)
        ordered = sorted((round(cost, 3), name) for cost, name in made)
        return next((name for _, name in ordered if self.clean(name)), ordered[0][1]).capitalize()

    def clean(self, name: str) -> bool:
        folded = _folded(name)
        return folded not in self.real and not COARSE.search(folded)

    def forms(self, name: str) -> list[str]:
        """What of a name is used: its words that no other has; of South Sudan Sosudan."""
        said = _said(name)
        own = [word for word in said if _folded(word) not in LEADS and len(word) > LEAST]
        own = [word for word in own if self.uses.get(_folded(word), 0) <= 1] if len(said) > 1 else list(said)
        if not own:
            joined = "".join(said)
            lead = re.match(r"[^aeiou]*[aeiou]", _folded(said[0]))
            own = [joined if len(joined) <= JOINED or lead is None else said[0][: lead.end()] + said[-1]]
        return [word.lower() for word in own]

    def parts(self, name: str) -> tuple[list[Part], list[Part]]:
        """The heads and the tails of a name that no other has, easy ones first; whole, where others have all."""
        if name not in self.known:
            heads, tails = [], []
            for place, form in enumerate(self.forms(name)):
                folded, length = _folded(form), len(form)
                for cut in (*_cuts(folded), length):
                    if cut >= LEAST and self.all.count(f"\n{folded[:cut]}") <= 1:
                        heads.append((_price(cut, length) + SECOND * place, form[:cut]))
                for cut in (0, *_cuts(folded)):
                    if length - cut >= LEAST and self.all.count(f"{folded[cut:]}\n") <= 1:
                        tails.append((_price(length - cut, length) + SECOND * place, form[cut:]))
            whole = (WHOLE, max(self.forms(name), key=len))
            self.known[name] = sorted(heads)[:CUTS] or [whole], sorted(tails)[:CUTS] or [whole]
        return self.known[name]

    def of_two(self, one: str, other: str) -> Iterator[Part]:
        """(cost, name) of the names that two can make."""
        for first, second in ((one, other), (other, one)):
            heads, tails = self.parts(first)[0], self.parts(second)[1]
            for (dear, head), (cost, tail) in product(heads, tails):
                yield dear + cost + _seam(head[-2:], tail[:2]) + _length(len(head) + len(tail)), head + tail
            for whole, following in product(self.forms(first), self.forms(second)):
                if met := _meeting(_folded(whole), _folded(following)):
                    name = whole + following[met:]
                    if self.all.count(f"\n{_folded(whole)}") <= 1 and self.all.count(f"{_folded(following)}\n") <= 1:
                        yield MEETING + _length(len(name)), name

    def of_more(self, own: Sequence[str]) -> Iterator[Part]:
        """(cost, name) of the names that three and more can make: a head, pieces, and a tail."""
        heads, middles, tails = ({name: self.pieces(name, which) for name in own} for which in ("head", "middle", "tail"))
        for order in permutations(own) if len(own) <= ORDERED else [own]:
            made = heads[order[0]]
            for place, name in enumerate(order[1:], 2):
                more = middles[name] if place < len(own) else tails[name]
                following = (
                    (dear + cost + _seam(begun[-2:], part[:2]), begun + part)
                    for (dear, begun), (cost, part) in product(made, more)
                )
                made = sorted(following, key=lambda one: (round(one[0], 3), one[1]))[:LED]
            for cost, name in made:
                yield cost + _length(len(name)) + 2 * HARD * max(0, len(name) - MOST), name

    def pieces(self, name: str, which: str) -> list[Part]:
        """Short parts of a name, those that no other has before others."""
        found = []
        for place, form in enumerate(self.forms(name)):
            folded = _folded(form)
            for cut in _cuts(folded):
                part = form[cut:] if which == "tail" else form[:cut]
                if PIECE <= len(part):
                    sought = f"{_folded(part)}\n" if which == "tail" else f"\n{_folded(part)}"
                    cost = 0.5 * max(0, len(part) - 4) + SMALL * (len(part) < LEAST) + SECOND * place
                    found.append((cost + SHARED * (self.all.count(sought) > 1), part))
        return sorted(found)[:TRIED] or [(WHOLE, self.forms(name)[0])]


def _cuts(folded: str) -> list[int]:
    """Where a vowel and a consonant meet in a word."""
    kinds = [_is_vowel(folded, place) for place in range(len(folded))]
    return [cut for cut in range(1, len(folded)) if kinds[cut - 1] != kinds[cut]]


def _is_vowel(folded: str, place: int) -> bool:
    return folded[place] in VOWELS or (folded[place] == "y" and folded[place + 1 : place + 2] not in tuple(VOWELS))


def _price(taken: int, length: int) -> float:
    """Cost of a part: of a few letters of a long name, or nearly all."""
    return SHARE * abs(taken - max(LEAST, length / 2 + 0.5)) + (WHOLE if taken == length > LONG // 2 else 0)


def _length(letters: int) -> float:
    return FAR * (max(0, SHORT - letters) + max(0, letters - LONG))


def _meeting(one: str, other: str) -> int:
    """By how many letters one name runs into another."""
    lengths = range(min(len(one), len(other)) - 1, OVERLAP - 1, -1)
    return next((length for length in lengths if one.endswith(other[:length])), 0)


@lru_cache(65536)
def _seam(before: str, after: str) -> float:
    """How hard it is to say two letters and two that follow."""
    before, after = _folded(before), _folded(after)
    around, seam = before + after, len(before)
    vowels = [_is_vowel(around, place) for place in range(len(around))]
    left, right = around[seam - 1], around[seam]
    if vowels[seam - 1] != vowels[seam]:
        cost = 0.0
        run = vowels[:seam] if not vowels[seam - 1] else [*vowels[seam:]]
        if not vowels[seam - 1] and len(run) == 2 and not any(run) and before not in EASY:
            cost += HARD / 2
        return cost
    if vowels[seam]:
        return SAME if left == right else HIATUS
    cluster = CLUSTER * sum(not vowel for vowel in (vowels[0], vowels[-1])) if len(around) == 4 else 0.0
    return cluster + (DOUBLE if left == right else 1.0 if left + right in EASY else HARD)


@lru_cache(1024)
def _said(name: str) -> tuple[str, ...]:
    """The words of a name without fillers; all, where it has no others."""
    plain = unicodedata.normalize("NFC", name).replace("'", "").replace("’", "")
    words = re.findall(r"[^\W\d_]+", plain) or [plain]
    return tuple(word for word in words if _folded(word) not in FILLERS) or tuple(words)


@lru_cache(65536)
def _folded(text: str) -> str:
    """Without case and accents, letter for letter."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter)[0].lower() for letter in unicodedata.normalize("NFC", text))
