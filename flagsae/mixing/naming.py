"""The name of a mix, made of its parents' names: Morocco and Colombia are Moroccolombia.

The head of one name and the tail of another, cut where a vowel and a consonant meet; or both whole, where one ends as
the other begins. The same names in any order give the same name. Of all that can be made, the one that is easiest to
say is taken, without coarse words (`flagsae.mixing.coarse`) and without the names of flags.

Two pairs of flags have two names. A head is so long that no other flag's name begins with it, and a tail so long that
none ends with it. Were two names the same letters, the shorter of their heads would begin the first parents of both: so
these are one flag; and so are the last ones. (A few names begin another's, as Niger does. They are taken whole, where
what follows tells them from it.) Names of three and more are held to 14 letters, for which parts may be shorter than
that: few are shared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, permutations, product
from math import inf
from typing import TypeAlias

from flagsae.mixing.coarse import is_coarse
from flagsae.mixing.sounds import VOWELS, closing, cuts, fold, opening, seam

Part: TypeAlias = tuple[float, str]  # cost and letters, of a part of a name or of a name

# Words that many names share, and that say least of a flag.
FILLERS = frozenset(
    [
        "and",
        "the",
        "of",
        "de",
        "la",
        "da",
        "el",
        "republic",
        "federated",
        "states",
        "state",
        "islands",
        "island",
        "saint",
        "sint",
        "territory",
        "kingdom",
        "french",
        "new",
        "united",
        "lands",
    ]
)
# Words that say which of several. A name's other word is used, or where others have that too, a compound: Sosudan.
LEADS = frozenset(
    [
        "south",
        "southern",
        "north",
        "northern",
        "west",
        "western",
        "east",
        "eastern",
        "american",
        "british",
        "us",
        "democratic",
        "african",
        "antarctic",
    ]
)
JOINED = 8  # letters up to which a compound has its first word whole
# Letters.
SHORT, LONG = 5, 11  # of a name that is easy to say
MOST = 14  # of a name
LEAST = 3  # of a head or a tail
PIECE, LARGE = 2, 4  # of a part in a name of three and more: the fewest, and the most without a cost
OVERLAP = 2  # by which one name may run into another
ECHOED = 3  # that are heard again
# How many are tried.
TRIED = 3  # parts of each flag, in names of three and more; twice as many of more, and where no name is clean
LED = 4  # beginnings that are followed for each part that is tried, in names of three and more
ORDERED, TURNED = 3, 3  # flags whose names are tried in all orders, and orders that are tried of more
# Costs, beside those of sounds. By ear.
FAR = 1.0  # for each letter by which a name is too short or too long
BEYOND = 6.0  # for each letter beyond MOST, beside it
SHARE = 0.35  # for each letter by which a part is more or less than half of its word
SECOND = 0.6  # for each word of a name that is passed over
SHARED = 2.0  # of a part that another flag's name has too
SMALL, BIG = 1.5, 0.5  # of a part with fewer letters than LEAST, and for each letter beyond LARGE
ODD = 1.8  # of a part that is not cut where a vowel and a consonant meet
WHOLE = 2.0  # of a part that is a whole word
ECHO = 2.5  # of letters that are said again: `Nicanican`
MEETING = -4.0  # where a name runs into the other
NUMERALS = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
LENGTH = tuple(
    FAR * (max(0, SHORT - letters) + max(0, letters - LONG)) + BEYOND * max(0, letters - MOST) for letters in range(256)
)


def mixed_name(names: Sequence[str], among: tuple[str, ...] = ()) -> str:
    """The name of a mix of flags with these names, in any order; of one flag its own.

    among: the names of all flags. Only with them are names of flags avoided, and pairs of these flags told apart.
    Without, names are as clean and as easy to say, but two pairs may have the same.

    >>> mixed_name(["Morocco", "Colombia"]), mixed_name(["Colombia", "Morocco"])
    ('Moroccolombia', 'Moroccolombia')
    """
    own = sorted(filter(None, dict.fromkeys(names)), key=lambda name: (fold(name), name))
    return _namer(among).name(own) if len(own) > 1 else "".join(own)


def numbered(name: str, number: int) -> str:
    """The name of one of the designs of a mix, the best of which is 1; "" of a mix without a name.

    >>> numbered("Moroccolombia", 1), numbered("Moroccolombia", 4)
    ('Moroccolombia', 'Moroccolombia IV')
    """
    if not name or number == 1:
        return name
    written = ""
    for value, numeral in NUMERALS:
        written += numeral * (number // value)
        number %= value
    return f"{name} {written}"


@lru_cache(8)
def _namer(among: tuple[str, ...]) -> _Namer:
    return _Namer(among)


class _Namer:
    """Makes names that are told from those of other flags."""

    def __init__(self, among: Sequence[str]) -> None:
        self.users = Counter(word for name in among for word in set(map(fold, _said(name))))  # names with a word
        self.known: dict[str, _Parts] = {}
        # All words that are used, a line each: what begins or ends one is found beside a line's end.
        self.words = "\n" + "".join(f"{fold(word)}\n" for name in among for word in self.used(name))
        self.real = {"".join(filter(str.isalpha, fold(name))) for name in among} | set(self.words.split())

    def name(self, own: Sequence[str]) -> str:
        """own: two names or more, in order."""
        best = min(self.made(own, quick=True), default=(0.0, "".join(own)))[1]
        if not self.is_clean(best):
            best = next((name for _, name in sorted(self.made(own)) if self.is_clean(name)), best)
        return best.capitalize()

    def made(self, own: Sequence[str], quick: bool = False) -> list[Part]:
        """The names that can be made. quick: not all, but the one that costs least."""
        return self.of_two(own[0], own[1], quick) if len(own) == 2 else self.of_more(own, quick)

    def is_clean(self, name: str) -> bool:
        folded = fold(name)
        return folded not in self.real and not is_coarse(folded)

    def of_two(self, one: str, other: str, quick: bool) -> list[Part]:
        """The names that two can make."""
        made: list[Part] = []
        least = inf
        for first, second in ((self.parts(one), self.parts(other)), (self.parts(other), self.parts(one))):
            own = first.has_head and second.has_tail
            for dear, head in first.heads:
                for cost, tail in second.tails:
                    if quick and dear + cost > least:
                        break  # those that follow cost more
                    if own or self.are_told(first, second, head, tail):
                        made.append((dear + cost + _joint(head, tail), head + tail))
                        least = min(least, made[-1][0])
            for whole, following in product(first.words, second.words):
                met = _meeting(whole, following)
                if met and self.begins_one(whole) and self.ends_one(following):
                    name = whole + following[met:]
                    made.append((MEETING + LENGTH[len(name)], name))
        return made

    def of_more(self, own: Sequence[str], quick: bool) -> list[Part]:
        """The names that three and more can make: the first's head, heads of others, and the last's tail."""
        parts = {name: self.parts(name) for name in own}
        made: list[Part] = []
        turned = ([*own[place:], *own[:place]] for place in range(len(own)))
        orders = list(permutations(own) if len(own) <= ORDERED else islice(turned, TURNED))
        most = TRIED if quick and len(own) <= ORDERED else 2 * TRIED
        for order in orders:
            begun = parts[order[0]].pieces[:most]
            for name in order[1:]:
                more = parts[name].ends if name is order[-1] else parts[name].pieces
                begun = sorted(
                    (dear + cost + _joint(head, part), head + part)
                    for (dear, head), (cost, part) in product(begun, more[:most])
                )[: LED * most]
            made += begun
        return made

    def are_told(self, first: _Parts, second: _Parts, head: str, tail: str) -> bool:
        """Whether a word that begins or ends another's is told from it by the next letter: Niger is not told from
        Nigeria where an `i` follows."""
        more = self.words.count(f"\n{fold(head + tail[:1])}") if not first.has_head else 0
        return not more and (second.has_tail or not self.words.count(f"{fold(head[-1:] + tail)}\n"))

    def begins_one(self, letters: str) -> bool:
        """Whether no two words begin so."""
        return self.words.count(f"\n{fold(letters)}") <= 1

    def ends_one(self, letters: str) -> bool:
        return self.words.count(f"{fold(letters)}\n") <= 1

    def used(self, name: str) -> list[str]:
        """The words of a name that no other has; of South Sudan Sosudan."""
        said = _said(name)
        own = [word for word in said if len(word) > LEAST and fold(word) not in LEADS and self.users[fold(word)] <= 1]
        if own or len(said) == 1:
            return own or list(said)
        joined = "".join(said)
        if len(joined) <= JOINED:
            return [joined]
        lead = fold(said[0])
        start = next((place for place, letter in enumerate(lead, 1) if letter in VOWELS), 1)
        if start == 1 or fold(said[-1])[0] in VOWELS:
            start = next((place for place in range(start + 1, len(lead) + 1) if lead[place - 1] not in VOWELS), start)
        return [said[0][:start] + said[-1]]

    def parts(self, name: str) -> _Parts:
        if name not in self.known:
            self.known[name] = _Parts(self, self.used(name))
        return self.known[name]


class _Parts:
    """What a flag can give to a name."""

    def __init__(self, namer: _Namer, words: list[str]) -> None:
        self.words = words
        heads, tails, pieces, ends = [], [], [], []
        for place, word in enumerate(words):
            passed, length = SECOND * place, len(word)
            easy = {*cuts(fold(word)), 0, length}
            for cut in range(length + 1):
                head, tail = word[:cut], word[cut:]
                odd = passed + ODD * (cut not in easy)
                first, last = namer.begins_one(head), namer.ends_one(tail)
                if first and len(head) >= LEAST:
                    heads.append((odd + _share(len(head), length), head))
                if last and len(tail) >= LEAST:
                    tails.append((odd + _share(len(tail), length), tail))
                if len(head) >= PIECE:
                    pieces.append((odd + _piece(len(head)) + SHARED * (not first), head))
                if len(tail) >= PIECE:
                    ends.append((odd + _piece(len(tail)) + SHARED * (not last), tail))
        whole = [(WHOLE, max(words, key=len))]
        self.has_head, self.has_tail = bool(heads), bool(tails)
        self.heads, self.tails = sorted(heads) or whole, sorted(tails) or whole
        """Of names of two: such as no other has; the word, where another has all."""
        self.pieces, self.ends = sorted(pieces), sorted(ends) or whole
        """Of names of three and more: short."""


def _joint(head: str, tail: str) -> float:
    """The cost of two parts as one name, beside their own."""
    echo = tail[:ECHOED] in head or tail[:OVERLAP] == head[-OVERLAP:]
    return seam(closing(head), opening(tail)) + LENGTH[len(head) + len(tail)] + ECHO * echo


def _share(taken: int, length: int) -> float:
    """The cost of some letters of a word: few of many, or nearly all."""
    return SHARE * abs(taken - max(LEAST, (length + 1) / 2)) + WHOLE * (taken == length > LONG // 2)


def _piece(taken: int) -> float:
    return BIG * max(0, taken - LARGE) + SMALL * (taken < LEAST)


def _meeting(one: str, other: str) -> int:
    """By how many letters one word runs into another; 0 where it does not."""
    one, other = fold(one), fold(other)
    at = one.find(other[:OVERLAP], max(1, len(one) - len(other) + 1))
    while at >= 0:
        if other.startswith(one[at:]):
            return len(one) - at
        at = one.find(other[:OVERLAP], at + 1)
    return 0


@lru_cache(1024)
def _said(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without fillers; all, where it has no others."""
    plain = unicodedata.normalize("NFC", name).replace("'", "").replace("’", "").lower()
    words = re.findall(r"[^\W\d_]+", plain) or [plain]
    return tuple(word for word in words if fold(word) not in FILLERS) or tuple(words)
