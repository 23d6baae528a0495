"""Edits of the figures of a ground: thicker, edged, mirrored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design.design import ASPECT, Charge, Design, Layer
from flagsae.design.layout import ARM_EDGE, EDGE, SLANT, STEEP
from flagsae.errors import DesignError

HALF = {"cross": 0.0, "saltire": 0.0, "band": 2.0, "pall": 0.0}  # which of their numbers is half their width
WIDEST = 0.98  # of a flag: a figure grows no further
MOST_CANTON = 0.8


def below_cantons(design: Design) -> int:
    """The number that a new figure's layer gets: cantons lie on it."""
    return next((number for number, one in enumerate(design.layers) if one.inside is not None), len(design.layers))


def widened(layer: Layer, by: float) -> Layer:
    """A figure with so much more on each of its sides, as a share of the height."""
    numbers = layer.numbers
    across = by / ASPECT
    match layer.figure:
        case "cross":
            a, b, c, d = numbers
            numbers = (a - across, b + across, c - by, d + by)
        case "saltire":
            numbers = (numbers[0] + STEEP * across,)
        case "band":
            numbers = (*numbers[:2], numbers[2] + STEEP * across)
        case "pall":
            numbers = (numbers[0] + by, numbers[1] + ARM_EDGE * by, *numbers[2:])
        case "border":
            a, b, c, d = numbers
            numbers = (a + across, b + by, c - across, d - by)
        case "rectangle":
            a, b, c, d = numbers
            wide, high = (a > 0 or c < 1), (b > 0 or d < 1)
            a, c = (max(0, a - across * (a > 0)), min(1, c + across * (c < 1))) if wide else (a, c)
            b, d = (max(0, b - by * (b > 0)), min(1, d + by * (d < 1))) if high else (b, d)
            numbers = (a, b, c, d)
        case "lozenge":
            numbers = (*numbers[:2], numbers[2] + across, numbers[3] + by)
        case _:
            raise DesignError(f"the width of a {layer.figure} cannot be changed")
    return replace(layer, numbers=tuple(round(value, 6) for value in numbers))


def scaled(layers: Sequence[Layer], times: float) -> tuple[Layer, ...]:
    """A figure with its edges, the widest first, so many times as thick; the edges keep their width."""
    own = layers[-1]
    numbers = own.numbers
    match own.figure:
        case "cross" | "rectangle":
            top, bottom = numbers[2:] if own.figure == "cross" else numbers[1::2]
            left, right = numbers[:2] if own.figure == "cross" else numbers[::2]
            thick = min(bottom - top, (right - left) * ASPECT)
            sides = 2.0
            if own.figure == "rectangle":  # one that lies along an edge of the flag grows to one side
                lies = (top <= 0 and bottom < 1) + (bottom >= 1 and top > 0)
                stands = (left <= 0 and right < 1) + (right >= 1 and left > 0)
                sides = 1.0 if (bottom - top < WIDEST and lies) or (right - left < WIDEST and stands) else 2.0
            by = thick * (times - 1) / sides
        case "saltire":
            by = numbers[0] * (times - 1) * ASPECT / STEEP
        case "band":
            by = numbers[2] * (times - 1) * ASPECT / STEEP
        case "pall":
            by = numbers[0] * (times - 1)
        case "border":
            by = numbers[1] * (times - 1)
        case "lozenge":
            by = numbers[3] * (times - 1)
        case "triangle" | "trapezium":
            depth = 3 if own.figure == "triangle" else 1
            times = min(times, WIDEST / layers[0].numbers[depth])
            return tuple(
                replace(
                    one,
                    numbers=(*one.numbers[:depth], round(one.numbers[depth] * times, 6), *one.numbers[depth + 1 :]),
                )
                for one in layers
            )
        case "canton":
            times = min(times, MOST_CANTON / max(numbers))
            return (replace(own, numbers=tuple(round(value * times, 6) for value in numbers)),)
        case _:
            raise DesignError(f"the size of a {own.figure} cannot be changed")
    return tuple(widened(one, by) for one in layers)


def edged(own: Layer, edges: Sequence[str]) -> tuple[Layer, ...]:
    """A figure with edges, from the inside out; the widest comes first."""
    if own.figure == "triangle":
        side, start, end, depth, apex = own.numbers
        found = []
        for number, colour in enumerate((*edges[::-1], own.colours[0])):
            less = SLANT * EDGE * number
            span = end - start
            numbers = (side, start + less * span, end - less * span, depth * (1 - 2 * less), apex)
            found.append(Layer("triangle", (colour,), tuple(round(value, 6) for value in numbers)))
        return tuple(found)
    wider = [replace(widened(own, EDGE * step), colours=(colour,)) for step, colour in enumerate(edges, 1)]
    return (*wider[::-1], own)


# The other way round.


def mirrored(design: Design, *, down: bool) -> Design:
    """The flag as in a mirror at its side, or with its top where the bottom was. down: the latter; charges stay
    upright. Raises `DesignError` for what has only one way."""
    return replace(
        design,
        layers=tuple(_turned_over(layer, down) for layer in design.layers),
        charges=tuple(_charge_over(charge, down) for charge in design.charges),
    )


def _turned_over(layer: Layer, down: bool) -> Layer:
    colours, numbers = layer.colours, layer.numbers
    match layer.figure:
        case "stripes" | "bars":
            if (layer.figure == "stripes") == down:
                colours, numbers = colours[::-1], tuple(round(1 - cut, 6) for cut in numbers[::-1])
        case "quarters":
            x, y = numbers
            colours = (*colours[2:], *colours[:2]) if down else (*colours[1::-1], *colours[:1:-1])
            numbers = (x, 1 - y) if down else (1 - x, y)
        case "halves":
            above, below = numbers
            numbers = (below, above) if down else (1 - above, 1 - below)
            colours = colours if down else colours[::-1]
        case "cross":
            a, b, c, d = numbers
            numbers = (a, b, 1 - d, 1 - c) if down else (1 - b, 1 - a, c, d)
        case "border" | "rectangle":
            a, b, c, d = numbers
            numbers = (a, 1 - d, c, 1 - b) if down else (1 - c, b, 1 - a, d)
        case "band":
            above, below, half = numbers
            numbers = (below, above, half) if down else (1 - above, 1 - below, half)
        case "triangle" | "trapezium":
            numbers = _side_over(layer, down)
        case "serrated":
            if (numbers[0] >= 2) == down:
                numbers = (float({0: 1, 1: 0, 2: 3, 3: 2}[int(numbers[0])]), *numbers[1:])
        case "lozenge":
            x, y, across, high = numbers
            numbers = (x, 1 - y, across, high) if down else (1 - x, y, across, high)
        case "polygon":
            numbers = tuple(1 - value if (number % 2 == 1) == down else value for number, value in enumerate(numbers))
        case "pall":
            if not down:
                raise DesignError("a pall opens towards the hoist: it has no mirror image")
        case "canton":
            raise DesignError("a canton is in the upper hoist: it has no mirror image")
    return replace(layer, colours=colours, numbers=tuple(round(value, 6) for value in numbers))


def _side_over(layer: Layer, down: bool) -> tuple[float, ...]:
    side, *rest = layer.numbers
    along = side >= 2  # on the top or the bottom
    if along == down:
        return (float({0: 1, 1: 0, 2: 3, 3: 2}[int(side)]), *rest)
    if layer.figure == "triangle":
        start, end, depth, apex = rest
        return (side, 1 - end, 1 - start, depth, 1 - apex)
    depth, start, end = rest
    return (side, depth, 1 - end, 1 - start)


def _charge_over(charge: Charge, down: bool) -> Charge:
    places = tuple(
        replace(
            place,
            x=place.x if down else round(1 - place.x, 6),
            y=round(1 - place.y, 6) if down else place.y,
            turn=place.turn if down else _turn_over(charge, place.turn),
        )
        for place in charge.places
    )
    return replace(charge, places=places)


def _turn_over(charge: Charge, turn: float) -> float:
    """A crescent opens to the other side; all else is the same from both sides when it stands upright."""
    return (180.0 - turn) % 360 if charge.shape == "crescent" else -turn if turn else turn
