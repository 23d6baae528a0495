"""Operands of a command line as flags and codes: names, pictures and records from stdin."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flagsae.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.dataset import Dataset, Flags
    from flagsae.model import Model


@dataclass(frozen=True)
class Operand:
    """title: what to call it; code: K; flag: the flag itself (N = 1), unless it came as a bare code."""

    title: str
    code: NDArray[np.float32]
    flag: Flags | None


def read_operands(words: Iterable[str], dataset: Dataset, model: Model) -> list[Operand]:
    """Flags by name or path are encoded; each `-` stands for all records on stdin."""
    operands: list[Operand] = []
    for word in words:
        if word == "-":
            operands += read_records(sys.stdin, model)
            continue
        flag = dataset.find([word])
        operands.append(Operand(flag.names[0].title, model.encode(flag)[0], flag))
    if not operands:
        raise UsageError("no records on stdin: pipe the JSON lines of another flagsae command into `-`")
    return operands


def read_records(lines: Iterable[str], model: Model) -> list[Operand]:
    """JSON lines with "name", "code" and "model". Raises `UsageError` with the line's number."""
    import numpy as np

    operands = []
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
        operands.append(Operand(str(record.get("name", f"record {number}")), code, None))
    return operands


def sparse(code: NDArray[np.float32]) -> dict[str, float]:
    """A code as a record has it: feature to activation, strongest first."""
    order = (-code).argsort(kind="stable")
    return {str(feature): round(float(code[feature]), 6) for feature in order if code[feature] > 0}
