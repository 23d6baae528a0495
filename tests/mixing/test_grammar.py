"""Flags of the grammar: whole, new, unlike each other, and the same for the same seed."""

from itertools import islice

import numpy as np
import pytest

from flagsae import paths
from flagsae.design import words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer, Place
from flagsae.design.features import features_of
from flagsae.design.settling import prices
from flagsae.design.shades import family
from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.mixing.grammar import learned
from flagsae.mixing.grammar.chance import tempered
from flagsae.mixing.grammar.charges import in_canton, placed
from flagsae.mixing.grammar.drawing import Drawn, Grammar, can_be_learned, fresh
from flagsae.mixing.grammar.plans import joined
from flagsae.mixing.groups import grouped
from flagsae.mixing.sampling import sample, usual_prior
from flagsae.sae.model import load_model

COUNT = 36


@pytest.fixture(scope="module")
def grammar(flags: Dataset) -> Grammar:
    return Grammar.of(flags)


@pytest.fixture(scope="module")
def drawn(grammar: Grammar) -> list[Drawn]:
    return list(islice(grammar.flags(np.random.default_rng(4)), COUNT))


def one_of(grammar: Grammar, title: str) -> learned.Layout:
    return next(one for every in grammar.learned.layouts.values() for one in every if one.title == title)


def test_layouts_are_kept_by_their_kind(grammar: Grammar) -> None:
    assert one_of(grammar, "Latvia").kind == ("horizontal stripe", "3", "uneven", "")
    assert one_of(grammar, "Norway").kind == ("field", "1", "", "", "Nordic cross")
    assert one_of(grammar, "Chile").kind[-1] == "canton" and one_of(grammar, "Fiji").kind[-1] == "jack canton"
    titles = {one.title for every in grammar.learned.layouts.values() for one in every}
    assert not titles & {"Nepal", "Saint Lucia", "United Kingdom"}  # no rectangle, without a name, one country's own


def test_charges_are_what_can_stand_elsewhere(grammar: Grammar) -> None:
    emblems = {one.title for one in grammar.learned.emblems}
    assert {"Canada", "Albania", "Lebanon"} <= emblems
    assert not emblems & {"Mexico", "Iraq", "Kosovo", "Bolivia"}  # arms, letters, a map
    kinds = {one.title: one.kind for every in grammar.learned.marks.values() for one in every}
    assert kinds["Turkey"] == ("crescent 1", "star 1") and kinds["Japan"] == ("disc 1",)
    assert "Tuvalu" not in kinds  # whose stars are a map


def test_what_meets_often_is_likely(grammar: Grammar) -> None:
    found = grammar.learned
    assert found.unlikely("red", "white") < found.unlikely("black", "blue") < found.unlikely("purple", "black")
    assert found.unusual("yellow", "red") < found.unusual("blue", "red")
    assert ("red", "white", "red") in found.rows and ("yellow", "red", "black") in found.rows  # Germany, in reverse


@pytest.mark.long
def test_figures_of_one_flag_on_the_ground_of_another(grammar: Grammar) -> None:
    plan = joined(one_of(grammar, "Latvia"), one_of(grammar, "Sudan"))
    assert [layer.figure for layer in plan.layers] == ["stripes", "triangle"]
    assert plan.layers[0].numbers == one_of(grammar, "Latvia").base[0].numbers
    assert plan.slots == ("0", "1", "2") and plan.own == 2
    jack = joined(one_of(grammar, "Fiji"), one_of(grammar, "Fiji"))
    assert jack.slots == ("0",) and "red" in Design(jack.layers).colours()  # it keeps its own colours


def test_an_emblem_finds_no_place_over_seams(grammar: Grammar) -> None:
    leaf = next(one for one in grammar.learned.emblems if one.title == "Canada")
    bars = (Layer("bars", ("white", "red", "white"), (0.25, 0.75)),)
    charges, below, _ = placed(bars, leaf.group, ("white", "red"), {}) or pytest.fail("the leaf has room")
    assert below in ("white", "red") and charges[0].art == "canada"
    thin = (Layer("bars", ("white", "red") * 6 + ("white",), tuple(at / 13 for at in range(1, 13))),)
    assert placed(thin, leaf.group, ("white", "red"), {}) is None


def test_a_charge_stands_in_a_canton() -> None:
    inside = Design((Layer("stripes", ("blue",)),))
    canton = Layer("canton", (), (0.4, 0.5), inside)
    star = Charge("star", ("white",), (Place(0.2, 0.25, 0.1),))
    (layer,) = in_canton((canton,), canton, (star,))
    assert layer.inside is not None
    assert layer.inside.charges[0].places == (Place(0.5, 0.5, 0.2),)


def test_what_was_drawn_is_stale_for_a_while() -> None:
    assert fresh([]) == fresh([False] * 9) == 1
    assert 0 < fresh([True]) < fresh([False, True]) < fresh([False] * 30 + [True]) < 1


def test_what_is_cheap_is_drawn_most() -> None:
    random = np.random.default_rng(0)
    found = [tempered("abc", [0.0, 0.3, 5.0], random) for _ in range(300)]
    assert found.count("a") > found.count("b") > found.count("c")


@pytest.mark.long
def test_every_flag_is_whole(drawn: list[Drawn]) -> None:
    for one in drawn:
        assert sum(prices.faults(one.design).values()) < 1.2, one.says
        emblems = [group for group in grouped(one.design.charges) if any(each.shape == CUT_OUT for each in group)]
        assert len(emblems) <= 1
        flat = {name for layer in one.design.layers for name in layer.colours}
        flat |= {name for each in one.design.charges if each.shape != CUT_OUT for name in each.colours}
        assert len({family(name) for name in flat}) <= 5
        assert words.say(one.design)


@pytest.mark.long
def test_they_are_unlike_each_other(drawn: list[Drawn]) -> None:
    assert len({str(one.design.record()) for one in drawn}) == COUNT
    assert len({one.kind for one in drawn}) > COUNT / 2
    for start in range(COUNT - 12):
        dozen = [one.kind for one in drawn[start : start + 12]]
        assert max(map(dozen.count, dozen)) <= 4
    assert sum(bool(one.mark) for one in drawn) > COUNT / 3


@pytest.mark.long
def test_none_is_a_flag_that_exists(flags: Dataset, grammar: Grammar, drawn: list[Drawn]) -> None:
    assert max(grammar.known.copied(features_of(one.design)) for one in drawn) < 1


@pytest.mark.long
def test_a_sample_has_its_design_and_its_code(flags: Dataset) -> None:
    model = load_model(flags, str(paths.shipped("design.safetensors")))
    assert usual_prior(model) == "grammar"
    for one, again in zip(sample(model, 3, seed=9), sample(model, 3, prior="grammar", seed=9), strict=True):
        assert one.distance >= NEAR_DUPLICATE and one.expression == ""
        assert one.composite.exact is not None and again.composite.exact is not None
        assert one.composite.exact.record() == again.composite.exact.record()
        assert one.composite.recipe == "grammar" and "colours of" in one.composite.says
        own = one.operands[0].flag
        assert own is not None and (model.encode(own)[0] == one.composite.code).all()


@pytest.mark.long
def test_other_ways_draw_its_code(flags: Dataset) -> None:
    model = load_model(flags, str(paths.shipped("design.safetensors")))
    (one,) = sample(model, 1, seed=9, decode="vote")
    assert one.composite.exact is None or one.composite.recipe == ""


def test_few_flags_are_no_grammar(toy: Dataset) -> None:
    assert not can_be_learned(toy)
    with pytest.raises(UsageError, match="finds nothing to learn"):
        Grammar(learned.learned([], []), None)  # type: ignore[arg-type]
