"""The features of a design that say an element of it: of "green star in the centre" star, green star, one star."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flagsae.colours import plain_word
from flagsae.design import facets
from flagsae.design.design import Design
from flagsae.design.facets import GROUNDS, Facet
from flagsae.design.features import TITLES, facets_of
from flagsae.design.shades import entry_of
from flagsae.design.vocabulary import PLACES, Element

THINGS = ("noun", "other", "stripes", "slots")  # values of a facet that name a thing; nouns is another, in the plural


Evidence = tuple[tuple[str, float], ...]  # (name, weight) of features, the strongest first


def evidence(design: Design, elements: Iterable[Element]) -> tuple[Evidence, ...]:
    """The features of a design that say each of its elements."""
    features = facets_of(design)
    return tuple(_evidence(element, features) for element in elements)


def _evidence(element: Element, features: Mapping[str, tuple[float, Facet]]) -> Evidence:
    said = [(name, weight) for name, (weight, facet) in features.items() if _says(facet, element)]
    return tuple(sorted(said, key=lambda one: -one[1]))


def _says(said: Facet, element: Element) -> bool:
    noun, canton = TITLES.get(element.noun, element.noun), element.place == "canton"
    if said.canton != canton and noun != "canton" and (said.canton or noun in GROUNDS):
        return False
    if noun not in _things(said):
        return False
    own = said.get("colour") if said.kind not in ("edged", "emblem colour") else ""
    if own and plain_word(entry_of(own)) not in element.colours:
        return False
    spot = said.get("spot")
    return not spot or spot == facets.ACROSS or spot == (PLACES[element.place] or facets.SCATTERED)


def _things(said: Facet) -> list[str]:
    found = [said.get(what) for what in THINGS]
    found = [one for value in found for one in (value, *(value.split(" ", 1)[1:]))]
    nouns = said.get("nouns")
    return [*found, facets.singular(nouns)] if nouns else found
