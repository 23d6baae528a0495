"""Sums of flags settle into designs that are whole, keep both flags, and say what came from which."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from flagsae.design.design import Design
from flagsae.design.shades import family
from flagsae.flags.dataset import Dataset
from flagsae.mixing.costs import LIMITS
from flagsae.mixing.groups import grouped
from flagsae.mixing.judging import Known, torn
from flagsae.mixing.mixture import known_flags, mixed, parent_of
from flagsae.mixing.parent import Parent, painted, shares_of
from flagsae.mixing.settle import Mixed

PAIRS = ("morocco+colombia", "japan+france", "cuba+iceland", "turkey+italy", "australia+ethiopia", "brazil+kazakhstan")

MADE: dict[tuple[str, ...], list[Mixed]] = {}


@pytest.fixture(scope="module")
def known(flags: Dataset) -> Known:
    return known_flags(flags)


def parents(flags: Dataset, names: str) -> list[Parent]:
    """Of flags with a + between them, each with its amount before a *."""
    found = []
    for text in names.split("+"):
        amount, name = text.split("*") if "*" in text else ("1", text)
        one = parent_of(flags, flags.find([name]), name, float(amount))
        assert one is not None
        found.append(one)
    return found


def designs(flags: Dataset, names: str, count: int = 1) -> list[Mixed]:
    if (names, str(count)) not in MADE:
        *_, found = mixed(parents(flags, names), known_flags(flags), count)
        MADE[names, str(count)] = found
    return MADE[names, str(count)]


def best(flags: Dataset, names: str) -> Mixed:
    return designs(flags, names)[0]


@pytest.mark.parametrize("names", PAIRS)
def test_figures_are_whole_and_main_colours_are_kept(flags: Dataset, names: str) -> None:
    found = best(flags, names)
    bare = Design(found.design.layers)
    assert all(share < 0.35 for figure, share in torn(bare.layers, painted(bare)[0]) if figure != "canton")
    there = {family(name) for name, share in shares_of(found.design).items() if share > LIMITS.there}
    for one in parents(flags, names):
        assert {family(name) for name, share in one.shares.items() if share > LIMITS.main} <= there


@pytest.mark.parametrize("names", PAIRS)
def test_both_flags_are_kept_and_named(flags: Dataset, names: str) -> None:
    found = best(flags, names)
    shares = [share for _, share in found.kept]  # of Cuba with Iceland the star alone is left, in the cross's quarter
    assert min(shares) > 0.12 and sum(shares) > 0.7
    for one in parents(flags, names):
        assert one.title in found.says


def test_the_order_of_a_sum_does_not_matter(flags: Dataset) -> None:
    pairs = {str(best(flags, "+".join(order)).design.record()) for order in permutations(("turkey", "italy"))}
    assert len(pairs) == 1
    triples = {str(best(flags, text).design.record()) for text in ("japan+cuba+kenya", "kenya+japan+cuba")}
    assert len(triples) == 1


def test_other_designs_are_other_ideas(flags: Dataset) -> None:
    recipes = [one.recipe for one in designs(flags, "turkey+italy", 4)]
    assert len(recipes) == len(set(recipes)) == 4


def test_the_heavier_flag_is_kept_more_and_the_lighter_is_seen(flags: Dataset) -> None:
    for text, heavier in (("morocco+0.3*colombia", 0), ("0.3*morocco+colombia", 1), ("norway+0.5*jamaica", 0)):
        found = best(flags, text)
        shares = [dict(found.kept)[one.key] for one in parents(flags, text)]
        assert shares[heavier] == max(shares)
        (first, *_) = sorted(parents(flags, text), key=lambda one: -one.weight)
        assert found.design != first.design


def test_a_charge_stands_on_a_disc_that_is_there(flags: Dataset) -> None:
    """Brazil's globe carries the sun of Kazakhstan."""
    found = next(one for one in designs(flags, "brazil+kazakhstan", 4) if one.recipe == "held")
    assert {"lozenge", "disc", "cut-out"} <= {charge.shape for charge in found.design.charges}


def test_a_crescent_and_its_star_are_one_group(flags: Dataset) -> None:
    (group,) = parents(flags, "turkey")[0].groups
    assert {charge.shape for charge in group} == {"crescent", "star"}
    assert len(grouped(parents(flags, "china")[0].design.charges)) == 1


def test_a_first_design_comes_soon_and_the_best_last(flags: Dataset, known: Known) -> None:
    steps: Iterator[list[Mixed]] = mixed(parents(flags, "morocco+colombia"), known)
    first, last = next(steps), list(steps)[-1]
    assert len(first) == 1
    assert last == designs(flags, "morocco+colombia")
