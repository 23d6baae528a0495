"""The words of a sentence, read one after the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flagsae.design.lexicon import ENDS, NOISE
from flagsae.errors import SentenceError, nearest

ALIKE = 0.78  # how alike a word must be to one that may stand there, to be suggested (`errors.nearest`)
SHORTEST = 4  # letters of a word for which another is suggested: shorter ones are like too many
LONGEST = 4  # words of a name, at most: coat of arms
PASSED = (":", '"', "“", "”", "–", "—")  # characters between words that say nothing
_TOKEN = re.compile(r"\d+-[^\W\d_]+|\d+|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")


@dataclass(frozen=True)
class Token:
    text: str
    """In small letters."""
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words and signs of a text, without those in brackets and those that say nothing."""
    plain = re.sub(r"\([^()]*\)", lambda one: " " * len(one[0]), text)
    found = [Token(one[0].lower(), one.start(), one.end()) for one in _TOKEN.finditer(plain)]
    return [token for token in found if token.text not in PASSED]


class Cursor:
    """Where a reader is in a text."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0

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
        for words in range(min(LONGEST, len(self.tokens) - self.at), 0, -1):
            found = " ".join(self.peek(ahead) for ahead in range(words))
            if found in known:
                self.at += words
                return found
        return ""

    def pass_noise(self) -> None:
        while self.peek() in NOISE:
            self.at += 1

    @property
    def ends(self) -> bool:
        """Whether nothing more belongs to this phrase."""
        return self.peek() in ("", *ENDS)

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
