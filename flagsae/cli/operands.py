"""Operands of a command line as codes: expressions, and records from stdin."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flagsae.errors import FlagsaeError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.compose import Operand
    from flagsae.dataset import Dataset
    from flagsae.model import Model


@dataclass(frozen=True)
class Sum:
    """What is drawn as one flag. expression: how it is written, empty where a bare code has a part in it."""

    title: str
    expression: str
    operands: tuple[Operand, ...]


def read_sums(words: Sequence[str], dataset: Dataset, model: Model) -> list[Sum]:
    """Words of a command line. `-` alone: each record on stdin is a sum. Else all is one sum, in which a `-` that
    comes first or last stands for the records on stdin; between two operands it is a minus."""
    if list(words) == ["-"]:
        return read_records(sys.stdin, dataset, model)
    from flagsae.compose import read
    from flagsae.expression import join

    rest = list(words)
    sums: list[Sum] = []
    if rest[0] == "-":
        sums += read_records(sys.stdin, dataset, model)
        rest = rest[1:]
    elif rest[-1] == "-":
        sums += read_records(sys.stdin, dataset, model)
        rest = rest[:-1]
    operands = read(join(rest), dataset, model)
    sums.append(make_sum(operands))
    return [make_sum([operand for part in sums for operand in part.operands], [part.title for part in sums])]


def make_sum(operands: Sequence[Operand], titles: Sequence[str] = ()) -> Sum:
    from flagsae.compose import title, write

    bare = not all(operand.word for operand in operands)
    return Sum(" + ".join(titles) or title(operands), "" if bare else write(operands), tuple(operands))


def read_records(lines: Iterable[str], dataset: Dataset, model: Model) -> list[Sum]:
    """JSON lines with "name", "code", "model" and, where it is known, "expression".

    An expression is heard as long as it has the record's code: whoever has changed the code means the code. Raises
    `UsageError` with the line's number.
    """
    import numpy as np

    from flagsae.compose import Operand, read
    from flagsae.model import compose

    sums = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record: dict[str, Any] = json.loads(line)
            code = np.zeros(len(model), np.float32)
            for feature, strength in record["code"].items():
                if int(feature) < 0:
                    raise IndexError
                code[int(feature)] = float(strength)
        except IndexError:
            raise UsageError(f"line {number} on stdin: this model has features 0 to {len(model) - 1}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(
                f'line {number} on stdin is no record: expected {{"name": …, "code": {{"17": 0.83}}}}'
            ) from None
        if not np.isfinite(code).all():
            raise UsageError(f"line {number} on stdin: a code's numbers are finite")
        if record.get("model", model.hash) != model.hash:
            raise UsageError(
                f"line {number} on stdin comes from model {record['model']}, not from {model.hash}: "
                "give --model with the model that wrote it"
            )
        title = str(record.get("name", f"record {number}"))
        operands = [Operand(title, code)]
        expression = str(record.get("expression", ""))
        if expression:
            try:
                known = read(expression, dataset, model)
                summed = compose(np.stack([part.code for part in known]), [part.amount for part in known])
                if np.allclose(summed[0], code, atol=1e-4):
                    operands = known
            except FlagsaeError:
                pass  # it names a picture that is not here, say: the code is
        sums.append(Sum(title, expression if operands[0].code is not code else "", tuple(operands)))
    if not sums:
        raise UsageError("no records on stdin: pipe the JSON lines of another flagsae command into `-`")
    return sums


def sparse(code: NDArray[np.float32]) -> dict[str, float]:
    """A code as a record has it: feature to activation, strongest first."""
    order = (-code).argsort(kind="stable")
    return {str(feature): round(float(code[feature]), 6) for feature in order if code[feature] > 0}
