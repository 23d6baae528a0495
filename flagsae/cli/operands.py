"""The operands of a command line as sums: expressions, and records from stdin."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flagsae.errors import FlagsaeError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.mixing.compose import Operand, Sum
    from flagsae.sae.kind import Model
    from flagsae.workspace.workspace import Workspace

LONGEST = 16_000_000  # bytes of a line on stdin, at most; a record of 100,000 features has 2 million


def read_sums(words: Sequence[str], workspace: Workspace) -> list[Sum]:
    """The sums that the words of a command line stand for.

    `-` alone: each record on stdin is a sum. Otherwise all words are one sum; a `-` that comes first or last stands
    for the records on stdin, which are added to it, and between two operands it is a minus.
    """
    if list(words) == ["-"]:
        return read_records(workspace)
    from flagsae.mixing.compose import Sum
    from flagsae.mixing.expression import join

    rest = list(words)
    sums: list[Sum] = []
    if rest[0] == "-":
        sums += read_records(workspace)
        rest = rest[1:]
    elif rest[-1] == "-":
        sums += read_records(workspace)
        rest = rest[:-1]
    operands = workspace.read(join(rest))
    sums.append(Sum.of(operands))
    terms = [operand for part in sums for operand in part.operands]
    return [Sum.of(terms, " + ".join(part.title for part in sums))]


def read_records(workspace: Workspace) -> list[Sum]:
    """The records on stdin: JSON lines with "name", "code", "model" and, where they are known, "expression", "design".

    The expression is used only if it still gives the code of the record. A record with a design is drawn from it,
    without its parents, unless its code has been changed. Raises `UsageError` with the line's number.
    """
    import numpy as np

    from flagsae.mixing.compose import Operand, Sum, sum_of

    sums = []
    for number, line in lines_on_stdin():
        place = f"line {number} on stdin"
        record, code = _record(line, place, workspace.model)
        title = str(record.get("name", f"record {number}"))
        operands = [Operand(title, code)]
        expression = str(record.get("expression", ""))
        if expression:
            try:
                known = workspace.read(expression)
                if np.allclose(sum_of(known)[0], code, atol=1e-4):
                    operands = known
            except FlagsaeError:
                pass  # for example a picture that is not on this machine: the code is used
        known_still = operands[0].code is not code
        plain = len(operands) == 1 and operands[0].word and not operands[0].edit
        if "design" in record and not plain and (known_still or not expression):
            operands = [_of_design(title, code, record["design"], place, workspace)]
        sums.append(Sum(title, expression if known_still else "", tuple(operands)))
    if not sums:
        raise UsageError("no records on stdin: pipe the JSON lines of another flagsae command into `-`")
    return sums


def _of_design(title: str, code: NDArray[np.float32], record: object, place: str, workspace: Workspace) -> Operand:
    """The operand of a record that has a design. place: where it is, for messages."""
    from flagsae.design.design import Design
    from flagsae.errors import DesignError
    from flagsae.flags.names import Name, fold
    from flagsae.mixing.compose import Operand, flag_of

    try:
        design = Design.read(record)
        flag = flag_of(design, Name(fold(title), title), workspace.dataset)
    except DesignError as error:
        raise UsageError(f"{place}: {error}") from None
    return Operand(title, code, flag=flag, design=design)


def lines_on_stdin() -> Iterator[tuple[int, str]]:
    """(number, line) of the lines on stdin that are not empty, without a byte order mark at the beginning."""
    lines = iter(lambda: sys.stdin.buffer.readline(LONGEST + 1), b"")
    try:
        for number, data in enumerate(lines, 1):
            if len(data) > LONGEST:
                raise UsageError(f"line {number} on stdin is longer than {LONGEST:,} bytes: a record is shorter")
            try:
                line = data.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise UsageError(f"line {number} on stdin is no UTF-8: records are") from None
            if line.strip():
                yield number, line
    except OSError as error:
        raise UsageError(f"cannot read stdin ({error.strerror}): pipe records into it") from None


def _record(line: str, place: str, model: Model) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """The record in a line, and its code: K. place: where the line is, for messages."""
    import numpy as np

    from flagsae.mixing.expression import MAX_AMOUNT

    code = np.zeros(len(model), np.float32)
    try:
        record: dict[str, Any] = json.loads(line)
        for feature, strength in record["code"].items():
            if not (feature.isascii() and feature.isdecimal()):
                raise ValueError
            if int(feature) >= len(model):
                raise UsageError(f"{place}: this model has features 0 to {len(model) - 1}")
            if isinstance(strength, str) or not abs(strength) <= MAX_AMOUNT:  # refuses nan as well
                raise UsageError(f"{place}: a code's numbers are finite, and at most {MAX_AMOUNT:,.0f}")
            code[int(feature)] = strength
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f'{place} is no record: expected {{"name": …, "code": {{"17": 0.83}}}}') from None
    if record.get("model", model.hash) != model.hash:
        raise UsageError(
            f"{place} comes from model {str(record['model'])[:40]}, not from {model.hash}: "
            "give --model with the model that wrote it"
        )
    return record, code
