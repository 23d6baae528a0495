"""The terms of a sum, their history, and what is shown of a sum."""

from __future__ import annotations

import numpy as np
import pytest

from flagsae.errors import ExpressionError
from flagsae.flags.dataset import load_dataset
from flagsae.mixing.compose import draw, read
from flagsae.sae.model import load_model
from flagsae.tui.state.mixing import Terms, mix
from flagsae.workspace.workspace import Studio, View


@pytest.fixture(scope="module")
def view() -> View:
    dataset = load_dataset()
    return View(Studio(dataset), load_model(dataset))


def test_the_last_picture_is_the_command_lines(view: View) -> None:
    terms = Terms()
    terms.read("morocco + 0.7*colombia - 0.5*laos + 2*f17", view)
    *_, mixed = mix(view, terms.heard)
    (composite,) = draw(view.model, read(terms.text, view.studio.dataset, view.model))
    assert np.abs(mixed.composite.code - composite.code).max() < 1e-6
    assert (mixed.picture == composite.picture()).all()
    assert mixed.final


def test_a_first_picture_comes_before_the_best_one(view: View) -> None:
    terms = Terms()
    terms.read("japan + brazil", view)
    first, *_, last = mix(view, terms.heard, count=4, chosen=1)
    assert not first.final and not first.words and last.final
    assert len(last.composites) > 1 and last.chosen == 1


def test_a_drawn_flag_is_described_and_compared(view: View) -> None:
    terms = Terms()
    terms.read("morocco", view)
    *_, mixed = mix(view, terms.heard)
    assert mixed.words == "Red field; green star in the centre"
    flag, alike = mixed.near[0]
    assert view.studio.slug(flag) == "morocco" and alike > 0.99
    # The flag itself brings nothing in and puts nothing out.
    assert all(abs(change.drawn - change.summed) < 0.05 for change in mixed.changes)


def test_a_term_at_zero_stays_but_is_not_written(view: View) -> None:
    terms = Terms()
    terms.read("morocco + colombia", view)
    terms.change(1, 0.0)
    assert terms.text == "morocco" and [one.word for one in terms.operands] == ["morocco", "colombia"]
    terms.change(1, 0.25)
    assert terms.text == "morocco + 0.25*colombia"


def test_undo_and_redo_walk_through_whole_changes(view: View) -> None:
    terms = Terms()
    terms.read("morocco + colombia", view)
    for place, amount in ((0, 0.5), (1, -1.0)):
        before = list(terms.operands)
        terms.change(place, amount)
        terms.keep(before)
    terms.keep(list(terms.operands))  # no change: nothing to take back
    assert terms.text == "0.5*morocco - colombia"
    assert terms.undo() and terms.undo() and terms.text == "morocco + colombia"
    assert not terms.undo()
    assert terms.redo() and terms.text == "0.5*morocco + colombia"
    before = list(terms.operands)
    terms.remove(1)
    terms.keep(before)
    assert not terms.redo()  # a new change ends what could be done again


def test_a_wrong_text_keeps_the_terms(view: View) -> None:
    terms = Terms()
    terms.read("morocco + colombia", view)
    with pytest.raises(ExpressionError, match="marocco"):
        terms.read("marocco", view)
    assert terms.text == "morocco + colombia"


def test_the_same_term_twice_is_one(view: View) -> None:
    terms = Terms()
    terms.read("morocco", view)
    assert terms.add("morocco", view) == 0
    assert terms.text == "2*morocco"


def test_terms_are_encoded_anew_for_another_model(view: View) -> None:
    terms = Terms()
    terms.read("morocco - 0.5*colombia", view)
    terms.change(0, 0.0)
    old = terms.operands
    terms.look_at(view)
    assert [(one.word, one.amount) for one in terms.operands] == [("morocco", 0.0), ("colombia", -0.5)]
    assert all(np.array_equal(one.code, other.code) for one, other in zip(old, terms.operands, strict=True))
