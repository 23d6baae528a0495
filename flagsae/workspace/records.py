"""Composites as records: what commands write in a pipe, and read. Cheap to import, as pictures are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flagsae.printable import json_line
from flagsae.sae.codes import sparse

if TYPE_CHECKING:
    from flagsae.mixing.compose import Composite


def record_of(title: str, expression: str, composite: Composite, model_hash: str) -> dict[str, Any]:
    """A composite as a record. expression: empty where the sum has none."""
    known = {"expression": expression} if expression else {}
    return {"name": title, **known, "code": sparse(composite.code), "model": model_hash}


def line_of(title: str, expression: str, composite: Composite, model_hash: str) -> str:
    """The same as a line of a JSON file."""
    return json_line(record_of(title, expression, composite, model_hash))
