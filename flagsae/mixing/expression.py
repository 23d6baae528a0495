"""The language of encoding arithmetic: `morocco + colombia - 0.5*laos + 2*f17`.

    sum      = product, then any number of + product or - product
    product  = factors with * between them: any numbers, and one operand or ( sum )
    factor   = any number of + and -, then a number, an operand or ( sum )
    number   = 2, .5, 1e-3 or (-0.5)
    operand  = a feature, f17; or words, a colour, a thing or both, gold border; or a flag: its name, ISO code or
               picture's path, or any of these in quotes; behind a flag its edits may stand in brackets,
               morocco[star->crescent]

Flags are added and scaled, never multiplied, so that every text can be reduced to a list of amounts and operands. The
same text works in the shell, in records and in the terminal application, which marks the place of an error.

By three rules most names need no quotes:
- words with spaces between them are one name: `south korea`;
- a hyphen inside a word is part of it, `guinea-bissau`, unless a number and * follow: `japan-0.5*laos`;
- `/` is part of a path that starts with ./ ../ / or ~/, or that has the suffix of a picture: `pictures/new.png`.

What stands in brackets is not read here: `flagsae.design.edits.reader` knows its grammar. It holds no brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flagsae.errors import ExpressionError
from flagsae.printable import printable

# Far more than anybody types, and little enough that no text takes long or overflows the stack.
MAX_TERMS = 100
MAX_AMOUNT = 1e6
MAX_LENGTH = 10_000  # characters
MAX_DEPTH = 50  # parentheses within parentheses

SHOWN = 30  # characters of a text that an error message quotes


@dataclass(frozen=True)
class Term:
    """An amount times an operand."""

    amount: float
    """The number that the operand is multiplied with."""
    name: str
    """The flag as typed, without quotes; "" for a feature."""
    feature: int | None
    """17 for f17; None for a flag."""
    start: int
    """Where the operand starts in the text."""
    end: int
    """Where it ends: it is text[start:end]."""
    edit: str = ""
    """What its brackets hold."""
    edit_start: int = 0
    """Where that starts in the text."""


def parse(text: str) -> list[Term]:
    """Parses a text: its terms, multiplied out, with equal operands added up, in order of first appearance.

    A term that cancels out is kept, with amount 0. Raises `ExpressionError`.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{len(text):,} characters: at most {MAX_LENGTH:,}", text, MAX_LENGTH, len(text))
    tokens = _tokens(text)
    if not tokens:
        raise ExpressionError("nothing to mix: write a flag's name, or japan + 0.5*france", text, 0, len(text))
    operands = [token for token in tokens if token.kind in _OPERANDS]
    if len(operands) > MAX_TERMS:
        over = operands[MAX_TERMS]
        raise ExpressionError(f"{len(operands):,} terms: at most {MAX_TERMS}", text, over.start, over.end)
    merged: dict[str | int, Term] = {}
    for term in _Parser(text, tokens).read():
        key = _key(term)
        merged[key] = replace(merged[key], amount=merged[key].amount + term.amount) if key in merged else term
    for term in merged.values():
        if not abs(term.amount) <= MAX_AMOUNT:  # written so that nan is refused too
            raise ExpressionError(f"this amount is too large: at most {MAX_AMOUNT:,.0f}", text, term.start, term.end)
    return [replace(term, amount=term.amount + 0.0) for term in merged.values()]  # -0.0 becomes 0.0


def join(words: Sequence[str]) -> str:
    """Joins the words of a shell to one text, with + between two operands: `["a", "b", "-", "c"]` is `a + b - c`."""
    text, last = "", ""
    for word in map(_quote_a_path, words):
        kinds = [token.kind for token in _try_tokens(word)] or [""]
        text += " + " if last in _ENDS and kinds[0] in _STARTS else " " * bool(text)
        text, last = text + word, kinds[-1]
    return text


def show(terms: Sequence[tuple[float, str] | tuple[float, str, str]]) -> str:
    """Writes (amount, name) pairs as a text that `parse` reads back; the name "f17" stands for the feature. A third
    part is the flag's edit."""
    text = ""
    for amount, name, *edits in terms:
        sign = "-" if amount < 0 else "+"
        text += f" {sign} " if text else sign.strip("+")
        text += "" if abs(amount) == 1 else repr(abs(float(amount))).removesuffix(".0") + "*"
        tokens = _try_tokens(name)
        bare = len(tokens) == 1 and tokens[0].kind in _OPERANDS and tokens[0].content == name
        text += name if bare else _quote(name)
        text += "".join(f"[{edit}]" for edit in edits if edit)
    return text


def hint(name: str) -> str:
    """Advice for a name that is unknown and has a hyphen, which may have been meant as minus; else ""."""
    if "-" not in name or is_path(name):
        return ""
    return f"minus needs spaces around it: {' - '.join(part.strip() for part in name.split('-'))}"


def is_path(name: str) -> bool:
    """Whether a name looks like the path of a picture: it has a slash, or ends as pictures do."""
    return _PATH_LIKE.search(name) is not None


def operand_at(text: str, position: int) -> tuple[int, int, str] | None:
    """The operand to complete at a cursor: (start, end, the part before the cursor), or None where no name can be.

    position: of the cursor, start <= position <= end. A completed name replaces text[start:end]; of a name in quotes
    that is what the quotes hold. None inside a number, where an operator must follow, and after a space, where an
    operator may.
    """
    if not 0 <= position <= len(text) <= MAX_LENGTH:
        return None
    # Find the token that a letter at the cursor would belong to: so `south-` and `cote d'` count as unfinished names.
    before, token, opened = "(", _Token("", 0, 0), False
    for token in _scan(f"{text[:position]}a{text[position:]}"):
        opened = token.content in _QUOTES
        if token.content == "[":  # in brackets that are not closed yet there are words of an edit
            return None
        if opened or token.end > position:
            break
        before = token.kind
    quoted = opened or token.kind == "quoted"
    if before not in _OPEN or not (quoted or token.kind == "flag"):
        return None
    if quoted:
        start, end = token.start + 1, position if opened else token.end - 2
    else:
        start, end = token.start, position if token.start == position else token.end - 1
    typed = text[start:position]
    if not quoted and (typed[-1:].isspace() or _in_a_number(text, position)):
        return None
    return start, end, typed


def edit_at(text: str, position: int) -> int | None:
    """Where the edit starts that a cursor is in, with brackets that are not closed before it; None elsewhere."""
    if not 0 <= position <= len(text) <= MAX_LENGTH:
        return None
    return next((token.end for token in _scan(text[:position]) if token.content == "["), None)


# The patterns of tokens. The possessive ++ and *+ do not backtrack, so that no text takes long. They are used on single
# characters only, as early versions of Python 3.11 have a bug with them on groups.
_DIGITS = r"(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?"
_NUMBER = rf"{_DIGITS}|\(\s*[-−–—]?\s*{_DIGITS}\s*\)"
_FACTOR = rf"{_DIGITS}\s*[*×]"
_LETTER = r"[^\x00-%'-\-/:-@\[-^`{-\x7f\s’×÷−–—“”]"  # ASCII letters, digits, _ . & and nearly all beyond ASCII
_LINK = rf"(?:['’]|-(?!{_FACTOR}))(?={_LETTER})"
_WORD = rf"{_LETTER}++(?:{_LINK}{_LETTER}++)*"
_FEATURE = rf"[fF][0-9]{{1,9}}(?!{_LETTER}|{_LINK})"
_SOLID = r"[^\s()+*×,\"\[\]]"  # a character of a path without quotes
_SUFFIX = r"(?i:(?<=\.png|\.jpg|\.gif|\.bmp|\.tif|\.ppm|\.svg)|(?<=\.jpeg|\.webp|\.tiff))"
_PICTURE = rf"(?!['−–—-]){_SOLID}++{_SUFFIX}"
_PATH = rf"(?<![^\s(+*×−–—-])(?:\.\.?/|~/|/(?=[^\W\d])){_SOLID}++"
_FLAG = (
    rf"{_PICTURE}|(?:{_PATH}|(?![\d.]|{_FEATURE}){_WORD})"
    rf"(?:\s+(?!\.|{_PICTURE}|{_FACTOR}|{_FEATURE}){_WORD})*(?:\s+(?![./~]){_PICTURE})?"
)
_QUOTED = r"'(?:[^']|'')*'(?!')|\"(?:[^\"]|\"\")*\"(?!\")"  # a doubled quote stands for one, as in CSV
_EDIT = r"\[[^\[\]]*+\]"
_TOKEN = re.compile(
    rf"(?P<quoted>{_QUOTED})|(?P<edit>{_EDIT})|(?P<flag>{_FLAG})|(?P<feature>{_FEATURE})|(?P<number>{_NUMBER})|(?P<sign>[-−–—+*×()])"
)
_PATH_LIKE = re.compile(rf"[/\\]|{_SUFFIX}$")
_PICTURE_WORD = re.compile(rf"(?!{_FACTOR})[^\s()+*×−–—,'\"-].*{_SUFFIX}", re.DOTALL)
_PLAIN = str.maketrans("−–—×", "---*")
_OPERANDS = ("flag", "feature")
_STARTS, _ENDS = (*_OPERANDS, "number", "("), (*_OPERANDS, "number", ")", "edit")
_OPEN = ("+", "-", "*", "(")  # tokens that an operand may follow
_QUOTES = ("'", '"')
_STRAY = {
    "/÷": "there is no division: write 0.5*NAME instead",
    "^": "there are no powers: write 2*NAME instead",
    ",": "a comma means nothing here: numbers have a point, as in 0.5, and flags + between them",
    "'\"": "this quote is never closed",
    "[": "this bracket is never closed",
    "]": "no bracket is open here",
}


@dataclass(frozen=True)
class _Token:
    """A token at text[start:end]."""

    kind: str
    """ "flag", "feature", "number", an operator, or "" behind the last token; from `_scan` also "quoted", "stray"."""
    start: int
    end: int
    content: str = ""
    """A number as `float` takes it, a name without its quotes; from `_scan` the text as it is written."""


def _scan(text: str) -> Iterator[_Token]:
    """The tokens of any text as they are written. A character that belongs to none is a "stray" token."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif match := _TOKEN.match(text, at):
            kind = str(match.lastgroup)
            content = match.group()
            yield _Token(content.translate(_PLAIN) if kind == "sign" else kind, at, match.end(), content)
            at = match.end()
        else:
            yield _Token("stray", at, at + 1, text[at])
            at += 1


def _tokens(text: str) -> list[_Token]:
    """The tokens of a text, ready for the parser. Raises `ExpressionError` for stray characters and large numbers."""
    tokens: list[_Token] = []
    for token in _scan(text):
        kind, content = token.kind, token.content
        if kind == "stray":
            unknown = f"{content!r} means nothing here: put a name that holds it in quotes"
            reason = next((reason for characters, reason in _STRAY.items() if content in characters), unknown)
            raise ExpressionError(reason, text, token.start, token.end)
        if kind == "quoted":
            kind, content = "flag", content[1:-1].replace(content[0] * 2, content[0])
            if not content.strip():
                raise ExpressionError("these quotes hold no name", text, token.start, token.end)
        elif kind == "edit":
            content = content[1:-1]
            if not content.strip():
                raise ExpressionError("these brackets hold no edit: write [star->sun]", text, token.start, token.end)
        elif kind == "number":  # also (-0.5)
            content = "".join(content.strip("()").translate(_PLAIN).split())
            if abs(float(content)) > MAX_AMOUNT:
                reason = f"this number is too large: at most {MAX_AMOUNT:,.0f}"
                raise ExpressionError(reason, text, token.start, token.end)
        tokens.append(replace(token, kind=kind, content=content))
    return tokens


def _try_tokens(text: str) -> list[_Token]:
    """`_tokens`, or none where they raise."""
    try:
        return _tokens(text)
    except ExpressionError:
        return []


def _in_a_number(text: str, position: int) -> bool:
    """Whether a position is inside a number, or right before or after it, where a letter would become part of it."""
    return any(
        token.kind == "number" and token.start + (token.content[0] == "(") <= position <= token.end
        for token in _scan(text)
    )


class _Parser:
    """Reads the tokens from left to right, with a method for each rule of the grammar."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text, self.at = text, 0
        self.tokens = [*tokens, _Token("", len(text), len(text))]

    def read(self) -> list[Term]:
        """The terms of the whole text."""
        terms = self.sum(0)
        if self.next:  # a sum ends at the end of the text or at ")"
            raise self.error("no parenthesis is open here", self.at)
        return terms

    def sum(self, depth: int) -> list[Term]:
        terms = self.product(depth)
        while self.next in ("+", "-"):
            terms += self.product(depth)
        return terms

    def product(self, depth: int) -> list[Term]:
        amount = self.signs()
        first, star = self.at, 0
        terms: list[Term] | None = None
        while True:
            if self.next == "number":
                amount *= float(self.tokens[self.at].content)
                self.at += 1
            elif terms is not None and self.next in _STARTS:
                raise self.error("flags are added, not multiplied: write + here, or a number for one of them", star)
            else:
                terms = self.operand(depth)
            if self.next in _STARTS:
                raise self.missing()
            if self.next == "edit":
                raise self.stray_edit()
            if self.next != "*":
                break
            star = self.at
            self.at += 1
            amount *= self.signs()
        if terms is None:
            number = self.shown(first, self.at - 1)
            raise self.error(f"{number} alone is no flag: write {number}*NAME", first, self.at - 1)
        return [replace(term, amount=amount * term.amount) for term in terms]

    def signs(self) -> float:
        sign = 1.0
        while self.next in ("+", "-"):
            sign = -sign if self.next == "-" else sign
            self.at += 1
        return sign

    def operand(self, depth: int) -> list[Term]:
        here, token = self.at, self.tokens[self.at]
        if token.kind not in _STARTS:
            raise self.nothing()
        self.at += 1
        if token.kind == "flag":
            term = Term(1.0, token.content, None, token.start, token.end)
            if self.next == "edit":
                edit = self.tokens[self.at]
                self.at += 1
                term = replace(term, end=edit.end, edit=edit.content, edit_start=edit.start + 1)
            return [term]
        if token.kind == "feature":
            return [Term(1.0, "", int(token.content[1:]), token.start, token.end)]
        if depth == MAX_DEPTH:
            raise self.error(f"too many parentheses within parentheses: at most {MAX_DEPTH}", here)
        terms = self.sum(depth + 1)
        if not self.next:
            raise self.error("this parenthesis is never closed", here)
        self.at += 1
        return terms

    @property
    def next(self) -> str:
        """The kind of the next token."""
        return self.tokens[self.at].kind

    def shown(self, first: int, last: int) -> str:
        """The text of some tokens for a message: short and on one line."""
        text = self.text[self.tokens[first].start : self.tokens[last].end]
        line = printable(" ".join(text.split()))
        return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"

    def error(self, reason: str, first: int, last: int = 0) -> ExpressionError:
        return ExpressionError(reason, self.text, self.tokens[first].start, self.tokens[max(first, last)].end)

    def nothing(self) -> ExpressionError:
        """The error where an operand should follow, but does not."""
        before = self.tokens[self.at - 1].kind if self.at else ""
        if self.next == "edit":
            return self.stray_edit()
        if self.next == "*":
            return self.error("nothing stands before this *", self.at)
        if not before:
            return self.error("no parenthesis is open here", self.at)
        if before != "(":
            return self.error(f"nothing follows this {before}", self.at - 1)
        if self.next:
            return self.error("these parentheses are empty", self.at - 1, self.at)
        return self.error("this parenthesis is never closed", self.at - 1)

    def stray_edit(self) -> ExpressionError:
        """The error where brackets stand behind something else than a flag."""
        before = self.tokens[self.at - 1].kind if self.at else ""
        reason = "one pair of brackets is enough: put a comma between edits" if before == "edit" else ""
        return self.error(reason or "an edit stands behind a flag: morocco[star->sun]", self.at)

    def missing(self) -> ExpressionError:
        """The error where two operands stand side by side."""
        before, here = self.at - 1, self.at
        left, right = self.shown(before, before), self.shown(here, here)
        if self.tokens[before].kind == "number" and self.next != "number":
            return self.error(f"* is missing: write {left}*{right}" + "…)" * (right == "("), before, here)
        return self.error(f"+, - or * is missing between {left} and {right}", before, here)


def _key(term: Term) -> str | int:
    """A key that is equal for equal operands. Names are compared without case, but paths with it: files may differ."""
    if term.feature is not None:
        return term.feature
    name = term.name if is_path(term.name) else " ".join(term.name.casefold().split())
    return f"{name}\0{' '.join(term.edit.casefold().split())}" if term.edit else name


def _quote_a_path(word: str) -> str:
    """Puts a word of the shell in quotes if it is a picture's path that does not parse, such as `IMG (1).png`."""
    try:
        parse(word)
    except ExpressionError:
        if not word.strip() or _PICTURE_WORD.fullmatch(word):
            return _quote(word)
    return word


def _quote(name: str) -> str:
    """A name in the quotes that need least doubling inside."""
    mark = '"' if "'" in name else "'"
    return mark + name.replace(mark, mark * 2) + mark
