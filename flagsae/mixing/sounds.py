"""How easily letters are said: where a word is cut, and what it costs to go from one word's letters to another's.

Letters, not sounds: the names are of many languages. All costs are by ear.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

VOWELS = tuple("aeiou")  # and y, where no vowel follows
CLUSTER = 3.0  # for each consonant in a row beyond two
HARD, EASY = 3.0, 1.0  # two consonants that meet
DOUBLE = 2.0  # one consonant twice
HIATUS = 2.5  # two vowels
SAME = 9.0  # one vowel twice
# What begins a syllable: after these a consonant before is no burden.
ONSETS = frozenset(
    [
        "bl",
        "br",
        "dr",
        "fl",
        "fr",
        "gl",
        "gr",
        "kl",
        "kr",
        "pl",
        "pr",
        "sk",
        "sl",
        "sp",
        "st",
        "sw",
        "tr",
        "ch",
        "sh",
        "th",
    ]
)
# Consonants that meet with ease where one syllable ends and another begins: `lb` as in Albania.
MEET = ONSETS | frozenset(
    first + second
    for first, seconds in (("l", "bdgkmptvsc"), ("m", "bp"), ("n", "dtgkscz"), ("r", "bdgklmnptvsz"))
    for second in seconds
)


def cuts(folded: str) -> list[int]:
    """Where a vowel and a consonant meet in a word.

    >>> cuts("morocco")
    [1, 2, 3, 4, 6]
    """
    vowels = [_is_vowel(folded, place) for place in range(len(folded))]
    return [cut for cut in range(1, len(folded)) if vowels[cut - 1] != vowels[cut]]


@lru_cache(65536)
def closing(word: str) -> str:
    """What of a head matters for what follows: its last vowel, or the consonants after that.

    >>> closing("moro"), closing("finl")
    ('o', 'nl')
    """
    folded = fold(word)
    start = len(folded)
    while start and not _is_vowel(folded, start - 1):
        start -= 1
    return folded[start:] or folded[-1:]


@lru_cache(65536)
def opening(word: str) -> str:
    """What of a tail matters for what is before: its first vowel, or the consonants before that, and a vowel.

    >>> opening("ombia"), opening("stan"), opening("rks")
    ('o', 'sta', 'rks')
    """
    folded = fold(word)
    end = 0
    while end < len(folded) and not _is_vowel(folded, end):
        end += 1
    return folded[: end + 1]


@lru_cache(65536)
def seam(before: str, after: str) -> float:
    """How hard it is to go from a `closing` to an `opening`."""
    letters, place = before + after, len(before)
    vowels = [_is_vowel(letters, at) for at in range(len(letters))]
    run = "".join(letter for letter, vowel in zip(letters, vowels, strict=True) if not vowel)
    spoken = len(run) - (run[-2:] in ONSETS and vowels[-1])
    cost = CLUSTER * max(0, spoken - 2)
    left, right = letters[place - 1], letters[place]
    if vowels[place - 1] != vowels[place]:
        return cost + HARD / 2 * (spoken == 2 and run not in MEET)
    if vowels[place]:
        return cost + (SAME if left == right else HIATUS)
    return cost + (DOUBLE if left == right else EASY if left + right in MEET else HARD)


def _is_vowel(folded: str, place: int) -> bool:
    letter = folded[place]
    return letter in VOWELS or (letter == "y" and folded[place + 1 : place + 2] not in VOWELS)


@lru_cache(65536)
def fold(text: str) -> str:
    """Without case and accents, letter for letter."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter)[0].lower() for letter in unicodedata.normalize("NFC", text))
