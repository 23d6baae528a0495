"""The terms of a sum, their history, and what is shown of a sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from user import shipped

from flagsae.errors import ExpressionError
from flagsae.mixing.compose import draw, read
from flagsae.tui.state.mixing import Terms, mix
from flagsae.workspace import workspace as workspaces
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(Collection(shipped()[0].dataset), shipped()[0].model)


@pytest.mark.long
def test_the_last_picture_is_the_command_lines(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco + 0.7*colombia - 0.5*laos + 2*f17", workspace)
    *_, mixed = mix(workspace, terms.active)
    (composite,) = draw(workspace.model, read(terms.text, workspace.model))
    assert np.abs(mixed.composite.code - composite.code).max() < 1e-6
    assert (mixed.picture == composite.picture()).all()
    assert mixed.final


@pytest.mark.long
def test_a_first_picture_comes_before_the_best_one(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("japan + brazil", workspace)
    first, *_, last = mix(workspace, terms.active, count=4, chosen=1)
    assert not first.final and not first.words and last.final
    assert len(last.composites) > 1 and last.chosen == 1


@pytest.mark.long
def test_a_sum_that_was_drawn_is_not_drawn_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    japan, brazil = workspace.read("japan + brazil")
    *_, drawn = workspace.drawing([japan, brazil], count=4)
    (again,) = workspace.drawing(workspace.read("japan + brazil"), count=4)
    assert again is drawn
    changed = replace(japan, flag=brazil.flag)  # a picture's file may have another flag by now
    monkeypatch.setattr(workspaces, "KEPT_DRAWINGS", 4)
    for operands in ([japan, replace(brazil, amount=0.5)], [changed, brazil], [japan], [japan, brazil]):
        (other,) = workspace.drawing(operands, "sum")
        assert other is not drawn and len(other) == 1
    *_, anew = workspace.drawing([japan, brazil], count=4)
    assert anew is not drawn  # it was long ago


def test_a_drawn_flag_is_described_and_compared(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco", workspace)
    *_, mixed = mix(workspace, terms.active)
    assert mixed.words == "Red field; green star in the centre"
    flag, alike = mixed.near[0]
    assert workspace.collection.slug(flag) == "morocco" and alike > 0.99
    # The flag itself brings nothing in and puts nothing out.
    assert all(abs(change.drawn - change.summed) < 0.05 for change in mixed.changes)


def test_a_term_at_zero_stays_but_is_not_written(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco + colombia", workspace)
    terms.change(1, 0.0)
    assert terms.text == "morocco" and [one.word for one in terms.operands] == ["morocco", "colombia"]
    terms.change(1, 0.25)
    assert terms.text == "morocco + 0.25*colombia"


def test_undo_and_redo_walk_through_whole_changes(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco + colombia", workspace)
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


def test_a_wrong_text_keeps_the_terms(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco + colombia", workspace)
    with pytest.raises(ExpressionError, match="marocco"):
        terms.read("marocco", workspace)
    assert terms.text == "morocco + colombia"


def test_the_same_term_twice_is_one(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco", workspace)
    assert terms.add("morocco", workspace) == 0
    assert terms.text == "2*morocco"


def test_terms_are_encoded_anew_for_another_model(workspace: Workspace) -> None:
    terms = Terms()
    terms.read("morocco - 0.5*colombia", workspace)
    terms.change(0, 0.0)
    old = terms.operands
    terms.look_at(workspace)
    assert [(one.word, one.amount) for one in terms.operands] == [("morocco", 0.0), ("colombia", -0.5)]
    assert all(np.array_equal(one.code, other.code) for one, other in zip(old, terms.operands, strict=True))
