"""The name of a mix, made of its parents' names: Morocco and Colombia are Moroccolombia.

The head of one name and the tail of another, cut between syllables; or both whole, where one ends as the other begins.
The same names in any order give the same name. Of several that can be made, the one that is easiest to say is taken;
heads and tails tell their names apart, so that no two pairs of the bundled flags have one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

VOWELS = "aeiouy"
# Words that many names share, and that say least of a flag.
FILLERS = frozenset(
    (
        "and",
        "the",
        "of",
        "de",
        "la",
        "da",
        "republic",
        "federated",
        "states",
        "state",
        "islands",
        "island",
        "saint",
        "territory",
        "kingdom",
        "french",
        "central",
        "new",
        "united",
        "lands",
    )
)
SHORT, LONG = 5, 11  # letters of a name that is easy to say
LEAST = 3  # letters of a head or a tail
OVERLAP = 2  # letters by which one name may run into another
CLUSTER = 3  # consonants in a row that are hard to say
# Costs: by which the names that can be made are ordered. By ear.
FAR, HARD, HIATUS, DOUBLE, MEETING, WHOLE = 1.0, 3.0, 1.5, 1.0, -4.0, 2.5
RUDE = re.compile(
    r"fuck|fick|shit|cunt|cock|dick|penis|anus|anal|arsch|puta|putin|merd|porn|rape|slut|nazi|fag|cum|tits|piss|sex|"
    r"hure|hitler|nigg|negr|kak[ae]|caca|pedo|whor|crap|turd|bast|kill|dead|dumm|moron|gay|homo|jap[^a]|boob|poop"
)


def mixed_name(names: Sequence[str], among: tuple[str, ...] = ()) -> str:
    """The name of a mix of flags with these names, in any order; of one flag its own.

    among: the names of all flags, from which heads and tails are to be told.

    >>> mixed_name(["Morocco", "Colombia"]), mixed_name(["Colombia", "Morocco"])
    ('Moroccolombia', 'Moroccolombia')
    """
    own = sorted(dict.fromkeys(names), key=lambda name: (_folded(name), name))
    if len(own) < 2:
        return "".join(own)
    namer = _namer(among)
    if len(own) == 2:
        return namer.of_two(*own)
    first, *middle, last = map(namer.parts, own)
    return (first[0] + "".join(head for head, _ in middle) + last[1]).capitalize()


@lru_cache(8)
def _namer(among: tuple[str, ...]) -> _Namer:
    return _Namer(among)


class _Namer:
    """Makes names that are told from those of other flags."""

    def __init__(self, among: Sequence[str]) -> None:
        words = [word for name in among for word in {_folded(word) for word in _said(name)}]
        self.beginning = Counter(word[:end] for word in words for end in range(1, len(word) + 1))  # words that begin so
        folded = [self.folded(name) for name in among]
        self.real = {_folded(name) for name in among} | set(folded)
        self.heads = Counter(core[:end] for core in folded for end in range(len(core) + 1))
        self.tails = Counter(core[at:] for core in folded for at in range(len(core) + 1))
        self.known: dict[str, tuple[str, str]] = {}

    def core(self, name: str) -> str:
        """What of a name is used: its first word that no other name has, or all words together."""
        said = _said(name)
        alone = (word for word in said if len(word) > LEAST and self.beginning[_folded(word)] <= 1)
        return next(alone, "".join(said)).capitalize()

    def folded(self, name: str) -> str:
        return _folded(self.core(name))

    def of_two(self, one: str, other: str) -> str:
        made = sorted(self.made(one, other), key=lambda pair: (round(pair[0], 3), pair[1]))
        clean = [name for _, name in made if not RUDE.search(_folded(name)) and _folded(name) not in self.real]
        return clean[0] if clean else made[0][1]

    def made(self, one: str, other: str) -> Iterator[tuple[float, str]]:
        """(cost, name) of the names that two can make."""
        for first, second in ((one, other), (other, one)):
            head, tail = self.parts(first)[0], self.parts(second)[1]
            name = (head + tail).capitalize()
            yield _cost(name, len(head)), name
            name = (self.core(first) + tail).capitalize()
            yield _cost(name, len(name) - len(tail)) + WHOLE, name
            whole, following = self.folded(first), self.folded(second)
            longest = min(len(whole), len(following)) - 1 if self.heads[whole] <= 1 else 0
            for length in range(longest, OVERLAP - 1, -1):
                if whole.endswith(following[:length]):
                    name = (self.core(first) + self.core(second)[length:]).capitalize()
                    yield _cost(name, len(whole)) + MEETING, name
                    break

    def parts(self, name: str) -> tuple[str, str]:
        """The head and the tail of a name: cut between syllables near its middle, and so long that no other has
        them."""
        if name not in self.known:
            core = self.core(name)
            folded = _folded(core)
            cuts = [match.end() for match in re.finditer(rf"[{VOWELS}]+(?=[^{VOWELS}]+[{VOWELS}])", folded)]
            ends = [cut for cut in cuts if cut >= LEAST - 1] or [min(LEAST, len(core))]
            near = min(ends, key=lambda cut: (abs(cut - len(core) / 2), cut))
            heads = [*(cut for cut in ends if cut >= near), *range(max(ends) + 1, len(core) + 1)]
            starts = [*sorted((cut for cut in cuts if cut <= near), reverse=True), *range(near, -1, -1)]
            head = next((cut for cut in heads if self.heads[folded[:cut]] <= 1), len(core))
            tail = next((at for at in starts if len(core) - at >= LEAST and self.tails[folded[at:]] <= 1), 0)
            self.known[name] = core[:head], core[tail:].lower()
        return self.known[name]


def _cost(name: str, seam: int) -> float:
    """How hard a name is to say. seam: where its parts meet."""
    folded = _folded(name)
    cost = FAR * (max(0, SHORT - len(name)) + max(0, len(name) - LONG))
    around = folded[max(0, seam - 2) : seam + 2]
    cost += HARD * bool(re.search(rf"[^{VOWELS}]{{{CLUSTER},}}", around))
    cost += HIATUS * bool(re.search(rf"[{VOWELS}]{{2,}}", folded[max(0, seam - 1) : seam + 1]))
    return cost + DOUBLE * (folded[seam - 1 : seam] == folded[seam : seam + 1])


@lru_cache(1024)
def _said(name: str) -> tuple[str, ...]:
    """The words of a name without fillers; all, where it has no others."""
    plain = unicodedata.normalize("NFC", name).replace("'", "").replace("’", "")
    words = re.findall(r"\w+", plain)
    return tuple(word for word in words if _folded(word) not in FILLERS) or tuple(words)


@lru_cache(65536)
def _folded(text: str) -> str:
    """Without case and accents, letter for letter."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower() for letter in unicodedata.normalize("NFC", text))
