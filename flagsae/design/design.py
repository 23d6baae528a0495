"""A design: what is on a flag, as layers of ground and charges on them.

It says what is there in numbers, kinds and names of colours, and so it can be drawn exactly at any size (`render`),
said in a sentence and read from one (`words`), and kept as JSON.

    >>> design = Design((Layer("stripes", ("red",)),), (Charge("star", ("green",), (Place(0.5, 0.5, 0.25),)),))
    >>> Design.read(design.record()) == design
    True

x is a share of the flag's width from the hoist, y of its height from the top. What is wrong with one is said when it
is made: `DesignError`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flagsae.checks import exactly, fields, listed, number, short, table, text
from flagsae.design import art, figures, shapes
from flagsae.errors import DesignError

VERSION = 1  # of its JSON
ASPECT = 3 / 2  # width over height of a flag of which nothing more is known
MOST = 1000  # layers, charges or places of a charge, at most
DEEPEST = 4  # cantons within cantons
CARRIED = "flagsae:design"  # the entry of a written picture's metadata that has its design
CUT_OUT = "cut-out"  # the shape of a charge that is drawn by its art
MOST_CURVES = 500_000  # of all cut-outs of a design; the flag with the most has 10,000


@dataclass(frozen=True)
class Layer:
    """A figure of the ground; or a canton, which is a design of its own in the upper hoist."""

    figure: str
    """One of `FIGURES`, or "canton"."""
    colours: tuple[str, ...] = ()
    """A palette colour's name for each of the figure's slots."""
    numbers: tuple[float, ...] = ()
    """As the figure has them; of a canton its width and height."""
    inside: Design | None = None
    """Of a canton: what is in it."""

    def __post_init__(self) -> None:
        if self.figure != "canton":
            wrong = figures.fault(self.figure, self.numbers, len(self.colours))
        elif self.inside is None or self.colours:
            wrong = "has no design inside"
        elif len(self.numbers) != 2 or not all(0 < size <= 1 for size in self.numbers):
            wrong = "needs its width and height, shares of the flag"
        else:
            wrong = ""
        if wrong:
            raise DesignError(f"a layer cannot be drawn: {self.figure!r} {wrong}")


@dataclass(frozen=True)
class Place:
    """Where a charge stands."""

    x: float
    """Of its centre."""
    y: float
    radius: float
    """Of the circle that it fills, as a share of the flag's height."""
    turn: float = 0.0
    """Clockwise, in degrees."""

    def __post_init__(self) -> None:
        numbers = (self.x, self.y, self.radius, self.turn)
        if not all(map(math.isfinite, numbers)) or max(abs(self.x), abs(self.y)) > 4 or not 0 < self.radius <= 4:
            raise DesignError(f"a charge cannot stand at x, y, radius, turn {', '.join(f'{one:g}' for one in numbers)}")

    def away(self, other: Place, aspect: float) -> float:
        """The distance to another one, as a share of the flag's height. aspect: of the flag, width over height."""
        return math.hypot((self.x - other.x) * aspect, self.y - other.y)


@dataclass(frozen=True)
class Charge:
    """A shape that stands on the ground, once or several times."""

    shape: str
    """One of `SHAPES`, or "cut-out"."""
    colours: tuple[str, ...]
    """Its own, then those of its edges from the inside out; of a cut-out those of its slots."""
    places: tuple[Place, ...]
    """Of each copy."""
    numbers: tuple[float, ...] = ()
    """As the shape has them; the usual ones if left out."""
    edge: float = 0.0
    """How thick each edge is, as a share of the radius."""
    art: str = ""
    """Of a cut-out: what it looks like (`flagsae.design.art`)."""

    def __post_init__(self) -> None:
        if not self.numbers and self.shape in shapes.SHAPES:
            object.__setattr__(self, "numbers", shapes.SHAPES[self.shape].usual)
        if self.shape == CUT_OUT:
            wrong = art.fault(self.art, len(self.colours))
            if not wrong and (self.numbers or self.edge):
                wrong = "has numbers or an edge, which cut-outs have not"
        else:
            wrong = shapes.fault(self.shape, self.numbers) or ("has an art, as only cut-outs have" if self.art else "")
        if not wrong and not self.colours:
            wrong = "has no colour"
        if not wrong and not (self.places and len(self.places) <= MOST):
            wrong = f"stands at {len(self.places)} places, not 1 to {MOST}"
        if not wrong and not 0 <= self.edge * (len(self.colours) - 1) < 1:
            wrong = "is all edge"
        if wrong:
            raise DesignError(f"a charge cannot be drawn: {self.shape!r} {wrong}")


@dataclass(frozen=True)
class Design:
    """Layers, the lowest first, and the charges on them, each over those before it."""

    layers: tuple[Layer, ...]
    charges: tuple[Charge, ...] = ()
    aspect: float = ASPECT
    """Width over height of the flag: charges are round in these proportions, and stretched with it in others."""
    tints: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Hexadecimal sRGB of colours that are not those of the palette, by their names."""

    def __post_init__(self) -> None:
        if not self.layers or self.layers[0].figure == "canton" or not figures.FIGURES[self.layers[0].figure].fills:
            raise DesignError("a design begins with a layer that fills the flag: stripes, bars, quarters, halves, jack")
        if max(len(self.layers), len(self.charges)) > MOST:
            raise DesignError(f"a design has at most {MOST} layers and charges")
        if not 0.1 <= self.aspect <= 10:  # NaN is not
            raise DesignError(f"a flag is a tenth to ten times as wide as high, not {self.aspect:g}")
        if self.depth() > DEEPEST:
            raise DesignError(f"cantons lie at most {DEEPEST} deep in one another")
        if self.curves() > MOST_CURVES:
            raise DesignError(f"the cut-outs of a design have at most {MOST_CURVES:,} curves")

    def depth(self) -> int:
        return 1 + max((layer.inside.depth() for layer in self.layers if layer.inside is not None), default=0)

    def curves(self) -> int:
        """How many curves its cut-outs have, all copies together."""
        own = sum(len(one.places) * art.pieces_of(one.art) for one in self.charges if one.shape == CUT_OUT)
        return own + sum(layer.inside.curves() for layer in self.layers if layer.inside is not None)

    def colours(self) -> Iterator[str]:
        """The name of every colour on it, each once."""
        seen: dict[str, None] = {}
        for layer in self.layers:
            seen |= dict.fromkeys(layer.colours)
            seen |= dict.fromkeys(layer.inside.colours() if layer.inside is not None else ())
        for charge in self.charges:
            seen |= dict.fromkeys(charge.colours)
        return iter(seen)

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"design": VERSION, **self._fields()}

    def _fields(self) -> dict[str, Any]:
        said: dict[str, Any] = {"layers": [_layer_fields(layer) for layer in self.layers]}
        if self.charges:
            said["charges"] = [_charge_fields(charge) for charge in self.charges]
        if self.aspect != ASPECT:
            said["aspect"] = self.aspect
        if self.tints:
            said["tints"] = dict(self.tints)
        return said

    @classmethod
    def read(cls, value: object) -> Design:
        """From JSON. Raises `DesignError` for anything else."""
        wrong = fields({"design": exactly(VERSION)})(value)
        if wrong:
            raise DesignError(f"this is no design that can be read: design{wrong}")
        return _design(value, 1)


def _layer_fields(layer: Layer) -> dict[str, Any]:
    said: dict[str, Any] = {"figure": layer.figure}
    if layer.colours:
        said["colours"] = list(layer.colours)
    if layer.numbers:
        said["numbers"] = list(layer.numbers)
    if layer.inside is not None:
        said["inside"] = layer.inside._fields()
    return said


def _charge_fields(charge: Charge) -> dict[str, Any]:
    said: dict[str, Any] = {"shape": charge.shape, "colours": list(charge.colours)}
    said["places"] = [[place.x, place.y, place.radius, place.turn] for place in charge.places]
    if charge.numbers:
        said["numbers"] = list(charge.numbers)
    if charge.edge:
        said["edge"] = charge.edge
    if charge.art:
        said["art"] = charge.art
    return said


def tint(value: Any) -> str:
    """A check of a colour in hexadecimal."""
    right = isinstance(value, str) and re.fullmatch("#[0-9a-f]{6}", value)
    return "" if right else f" is no colour like #d21423: {short(value)}"


# What its JSON may say; numbers are checked further when layers and charges are made.
_COLOURS = listed(text(100), 0, MOST)
_NUMBERS = listed(number(-1000, 1000), 0, MOST)
_LAYER = fields({"figure": text(100)}, {"colours": _COLOURS, "numbers": _NUMBERS})
_CHARGE = fields(
    {"shape": text(100), "colours": _COLOURS, "places": listed(listed(number(-1000, 1000), 4, 4), 1, MOST)},
    {"numbers": _NUMBERS, "edge": number(0, 1), "art": text(art.MOST_TEXT)},
)
_BODY = fields(
    {"layers": listed(_LAYER, 1, MOST)},
    {"charges": listed(_CHARGE, 0, MOST), "aspect": number(0.1, 10), "tints": table(tint)},
)


def _design(value: Any, depth: int) -> Design:
    wrong = _BODY(value) or (f" has cantons more than {DEEPEST} deep in one another" if depth > DEEPEST else "")
    if wrong:
        raise DesignError(f"this is no design that can be read: design{wrong}")
    return Design(
        tuple(
            Layer(
                one["figure"],
                tuple(one.get("colours", ())),
                tuple(map(float, one.get("numbers", ()))),
                None if one.get("inside") is None else _design(one["inside"], depth + 1),
            )
            for one in value["layers"]
        ),
        tuple(
            Charge(
                one["shape"],
                tuple(one["colours"]),
                tuple(Place(*map(float, place)) for place in one["places"]),
                tuple(map(float, one.get("numbers", ()))),
                float(one.get("edge", 0)),
                one.get("art", ""),
            )
            for one in value.get("charges", ())
        ),
        float(value.get("aspect", ASPECT)),
        tuple(value.get("tints", {}).items()),
    )
