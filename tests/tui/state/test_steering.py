"""A flag's features turned off and up, and the features of a dictionary in an order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from user import shipped

from flagsae.mixing.compose import read
from flagsae.tui.state.steering import Reach, Steering, expression, look, reach, steer, steered_code
from flagsae.workspace.canvas_book import CanvasBook
from flagsae.workspace.dictionaries import Book, find, sort
from flagsae.workspace.part_book import PartBook
from flagsae.workspace.workspace import Workspace


@pytest.fixture
def workspace() -> Workspace:
    return shipped()[0]


@pytest.fixture
def crisp() -> Workspace:
    return shipped("crisp")[0]


@pytest.fixture
def morocco(workspace: Workspace) -> int:
    return workspace.dataset.name_table()["morocco"]


def strongest(workspace: Workspace, flag: int) -> int:
    return int(workspace.codes[flag].argmax())


def named(workspace: Workspace, name: str) -> int:
    """The feature of that name."""
    return next(card.feature for card in workspace.cards if card.label.words == name)


# Steering.


def test_an_ablated_flag_is_what_the_model_decodes_without_the_feature(crisp: Workspace, morocco: int) -> None:
    feature = strongest(crisp, morocco)
    steered = steer(crisp, morocco, {feature: 0.0})
    code = crisp.codes[[morocco]].copy()
    code[0, feature] = 0
    labels = crisp.model.decode(code)[0]
    assert (steered.after == crisp.dataset.flags.tints[morocco][labels]).all()
    assert steered.changed.any() and (steered.changed == (steered.after != steered.before).any(-1)).all()
    assert steered.is_of(crisp, morocco, {feature: 0.0}) and not steered.is_of(crisp, morocco, {})


@pytest.mark.parametrize("name", ["", "crisp"])
def test_a_flag_that_nobody_steers_stays_as_it_is(name: str, morocco: int) -> None:
    workspace = shipped(name)[0]
    steered = steer(workspace, morocco, {})
    assert steered.after is steered.before and not steered.changed.any()
    seen = look(steered)
    assert workspace.collection.slug(seen.near[0][0]) == "morocco" and seen.words.startswith("Red field")


@pytest.mark.long
def test_a_stripe_turned_up_is_seen(crisp: Workspace, morocco: int) -> None:
    book = CanvasBook(crisp)
    book.learn()
    blue = find(book, "blue stripe at the bottom")[0]
    seen = look(steer(crisp, morocco, {blue: reach(crisp, blue).high}))
    assert "blue" in seen.words and seen.near[0][1] < 0.7


def test_a_design_is_steered_and_what_is_not_meant_stays(workspace: Workspace, morocco: int) -> None:
    """The flag itself is what is changed, not what the model makes of it."""
    steered = steer(workspace, morocco, {named(workspace, "green star"): 0.0})
    assert (steered.before == workspace.collection.small(morocco)).all() and 0 < steered.changed.mean() < 0.1
    assert look(steered).words == "Red field"
    japan = workspace.dataset.name_table()["japan"]
    cross = named(workspace, "Nordic cross")
    seen = look(steer(workspace, japan, {cross: 2 * reach(workspace, cross).usual}))
    assert "Nordic cross" in seen.words and seen.near[0][0] != japan


def test_what_meets_nothing_leaves_the_design_as_it_is(workspace: Workspace, morocco: int) -> None:
    own = float(workspace.codes[morocco, strongest(workspace, morocco)])
    steered = steer(workspace, morocco, {strongest(workspace, morocco): own})
    assert steered.design is None and steered.after is steered.before and not steered.changed.any()
    assert look(steered).near[0][0] == morocco


def test_keys_go_by_steps_between_off_and_the_most() -> None:
    turns = Reach(usual=0.4, step=0.1, high=1.6)
    assert turns.turned(0.48, 1) == 0.5 and turns.turned(0.48, -1) == 0.4
    assert turns.turned(0.5, 1) == 0.6 and turns.turned(0.0, -1) == 0.0
    assert turns.turned(1.6, 1) == 1.6 and turns.turned(2.0, 1) == 2.0 and turns.turned(2.0, -1) == 1.9


def test_a_feature_is_turned_up_to_several_times_its_usual_strength(workspace: Workspace) -> None:
    for feature in range(len(workspace.model)):
        found = reach(workspace, feature)
        assert found.high >= 4 * found.usual and found.high >= workspace.strength[:, feature].max()
        assert 6 <= found.high / found.step <= 60


def test_a_dead_feature_can_be_turned_up_as_well(workspace: Workspace) -> None:
    dead = Workspace(workspace.collection, workspace.model)
    dead.codes = workspace.codes.copy()
    dead.codes[:, 7] = 0
    assert 0.2 < reach(dead, 7).usual < 1


def test_the_sum_of_a_steered_flag_has_its_code(workspace: Workspace, morocco: int) -> None:
    feature = strongest(workspace, morocco)
    amounts = {feature: 0.0, 17: 0.8}
    text = expression(workspace, morocco, amounts)
    assert text.startswith("morocco - ") and text.endswith(f"*f{feature} + 0.8*f17")
    operands = read(text, workspace.model)
    code = np.maximum(sum(one.amount * one.code for one in operands), 0)
    assert np.abs(code - steered_code(workspace, morocco, amounts)).max() < 0.005 and code[feature] == 0


def test_changes_belong_to_a_flag_until_they_are_taken_back() -> None:
    steering = Steering()
    steering.set(3, 84, 0.0)
    steering.set(3, 17, 0.8)
    steering.set(5, 84, 1.0)
    assert steering.of(3, 192) == {84: 0.0, 17: 0.8} and steering.of(3, 64) == {17: 0.8}
    assert steering.reset(3, 84) and not steering.reset(3, 84)
    assert steering.of(3, 192) == {17: 0.8} and steering.of(5, 192) == {84: 1.0}
    assert steering.reset(3) and not steering.reset(3) and not steering.of(3, 192)


# Books.


@pytest.fixture(params=["canvas", "layout", "shape"])
def book(request: pytest.FixtureRequest, workspace: Workspace) -> Book:
    return CanvasBook(workspace) if request.param == "canvas" else PartBook(workspace.collection, request.param)


def test_every_order_has_every_feature_once(book: Book) -> None:
    for order in book.orders:
        assert sorted(sort(book, range(len(book)), order, 5, 9)) == list(range(len(book))), order
    assert sort(book, range(len(book)), "alike", 5)[0] == 5


def test_orders_are_what_they_say(book: Book) -> None:
    fires = [int(book.fires[feature]) for feature in sort(book, range(len(book)), "density")]
    assert fires == sorted(fires, reverse=True)
    assert fires[-1] > 0  # none is dead
    assert book.fires[sort(book, range(len(book)), "rare")[0]] == book.fires.min()
    alive = [feature for feature in sort(book, range(len(book)), "strength") if book.fires[feature]]
    strength = [float(book.strength[feature]) for feature in alive]
    assert strength == sorted(strength, reverse=True)


def test_atoms_that_look_alike_are_alike(crisp: Workspace) -> None:
    """The cosine that is worked out from the flags' is that of the atoms themselves."""
    some = [84, 26, 5, 17, 60]
    atoms = replace(crisp.model, encoder=crisp.model.encoder[some], decoder=crisp.model.decoder[some]).atoms()
    atoms = atoms.reshape(len(some), -1)
    own = atoms @ atoms[0] / (np.linalg.norm(atoms, axis=1) * np.linalg.norm(atoms[0]))
    # Atoms leave out what is too little to be drawn.
    assert np.abs(CanvasBook(crisp).alike(84)[some] - own).max() < 0.005


def test_features_are_found_by_number_and_by_words(book: Book) -> None:
    book.learn()
    assert find(book, f"{book.prefix}17") == [17] == find(book, "17")
    assert find(book, f"17 {book.prefix}3") == [3, 17]
    word = "stripe" if book.kind != "shape" else "star"
    found = find(book, word)
    assert 0 < len(found) < len(book) and all(word in book.searched(feature) for feature in found)
    assert find(book, "") == list(range(len(book))) and find(book, "nothing like this") == []


def test_a_search_finds_what_atoms_are_made_of(workspace: Workspace) -> None:
    """Before there are names, and of features whose names say something else."""
    book = CanvasBook(Workspace(workspace.collection, workspace.model))
    found = find(book, "crescent")
    assert not book.labelled and 1 < len(found) < 20
    for feature in found:
        _, (title, made) = book.lists(feature)
        assert title == "made of" and any("crescent" in line.words for line in made)
        assert [line.value for line in made] == sorted((line.value for line in made), reverse=True)
    book.learn()
    assert set(found) <= set(find(book, "crescent")) and named(workspace, "crescent") in found


def test_pictures_of_designs_are_drawn_one_by_one(workspace: Workspace) -> None:
    book = CanvasBook(Workspace(workspace.collection, workspace.model))
    book.prepare()
    assert book.ready and book.thumbnail(3) is None
    book.sketch([3, 5])
    picture = book.thumbnail(3)
    assert picture is not None and picture[1] is None and book.thumbnail(4) is None
    assert (picture[0] == workspace.thumbnails([3])[0][0]).all()


def test_the_facts_at_once_are_the_cards(workspace: Workspace) -> None:
    book = CanvasBook(workspace)
    for card in workspace.cards[::12]:
        facts = book.facts(card.feature)
        assert facts.fires == round(card.density * len(workspace.collection)) and facts.counts == card.counts
        assert abs(facts.mean - card.mean) < 1e-6 and abs(facts.largest - card.max) < 1e-6
        assert facts.top == card.top


def test_a_dead_feature_says_so(workspace: Workspace) -> None:
    silenced = Workspace(workspace.collection, workspace.model)
    silenced.codes = workspace.codes.copy()
    silenced.codes[:, 7] = 0
    book = CanvasBook(silenced)
    assert sort(book, range(len(book)), "rare")[0] == 7 and find(book, "dead") == [7]
    assert book.judged(7) == ("dead", "fires for no flag") and book.facts(7).fires == 0


def test_a_region_is_shown_on_the_flag_for_which_a_feature_fires(workspace: Workspace) -> None:
    book = PartBook(workspace.collection, "shape")
    crescent = next(one for one in find(book, "crescent") if book.facts(one).top)
    flag, _ = book.facts(crescent).top[0]
    picture = book.top_picture(crescent, flag)
    bold = (picture == workspace.collection.picture(flag)).all(-1).mean()
    assert 0 < bold < 0.5
