"""Records of composites, which commands write to a pipe and read. Cheap to import: nothing here draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flagsae.printable import json_line
from flagsae.sae.codes import sparse

if TYPE_CHECKING:
    from flagsae.mixing.compose import Composite, Sum

DIGITS = 4  # of a weight, after the point


def record_of(total: Sum, composite: Composite, model_hash: str) -> dict[str, Any]:
    """The record of a composite of a sum: name, expression if it has one, code, model; its design, recipe and title
    where these are known."""
    known = {"expression": total.expression} if total.expression else {}
    exact = {"design": composite.exact.record()} if composite.exact is not None else {}
    if composite.recipe:
        kept = {name: round(share, DIGITS) for name, share in composite.kept}
        exact["recipe"] = {"name": composite.recipe, "says": composite.says, "kept": kept}
    if composite.name:
        known["title"] = composite.name
    return {"name": total.title, **known, "code": sparse(composite.code), "model": model_hash, **exact}


def weights(features: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
    """(design feature, weight) pairs for a record."""
    return [{"feature": name, "weight": round(weight, DIGITS)} for name, weight in features]


def line_of(total: Sum, composite: Composite, model_hash: str) -> str:
    """The same record as a line of JSON."""
    return json_line(record_of(total, composite, model_hash))
