"""Words and minuses change a flag as a person expects."""

import pytest
from hostile.words import attempt, tries

from flagsae.design import words
from flagsae.design.vectors import design_of
from flagsae.errors import ExpressionError
from flagsae.flags.dataset import Dataset
from flagsae.mixing.compose import Composite, Sum, draw, read, title, write
from flagsae.sae.kind import FlatModel
from flagsae.sae.model import load_model


@pytest.fixture(scope="module")
def model(flags: Dataset) -> FlatModel:
    loaded = load_model(flags)
    assert loaded.flat
    return loaded


def drawn(model: FlatModel, text: str) -> Composite:
    return draw(model, read(text, model))[0]


def sentence(model: FlatModel, text: str) -> str:
    design = drawn(model, text).exact
    assert design is not None
    return words.say(design)


UNION_JACK_GONE = (
    "dark blue field; four white seven-pointed stars at the fly; tiny white star at the fly; "
    "white seven-pointed star at the hoist"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("france - blue + green", "three vertical stripes, green, white, red"),
        ("green + france - blue", "three vertical stripes, green, white, red"),
        ("denmark + yellow - white", "red field; yellow Nordic cross"),
        ("morocco - red", "white field; green star in the centre"),
        ("turkey - white", "red field; yellow crescent at the hoist; small yellow star in the centre"),
        ("norway - blue", "red field; white Nordic cross"),
        ("2*green + morocco", "green field; red star in the centre"),
        ("germany + blue", "three horizontal stripes, black, red, yellow; blue triangle at the hoist"),
        ("0.3*green + japan", "white field; red disc edged green in the centre"),
        ("turkey - crescent", "red field; white star in the centre"),
        ("turkey - crescent + sun", "red field; white sun in the centre; red star in the centre"),
        ("morocco + nordic cross", "red field; white Nordic cross; green star at the hoist"),
        ("japan + star", "white field; red disc in the centre; white star in the centre"),
        ("japan + star + star", "white field; red disc in the centre; two white stars in the centre"),
        ("japan + gold border", "white field; yellow border; red disc in the centre"),
        ("australia - united-kingdom", UNION_JACK_GONE),
        ("morocco - turkey", "white field; green star in the centre"),
        ("denmark - sweden", "two horizontal stripes, red, white"),
        ("red + star", "red field; white star in the centre"),
        ("sweden + red nordic cross", "blue field; red Nordic cross"),
        ("guam + green border", "dark blue field; very thin green border; emblem in the centre"),
    ],
)
def test_a_sum_is_what_a_person_expects(model: FlatModel, text: str, said: str) -> None:
    assert sentence(model, text) == said


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("usa - uk", "- United Kingdom: they share only colours (red, white and blue)"),
        ("morocco - crescent", "- crescent: there is no crescent on it"),
        ("japan - green", "- green: there is no green on it: white, red"),
        ("morocco - 0.1*red", "- 0.1*red: too little to take anything away; try a greater amount, as in - red"),
        ("sweden + nordic cross", "+ nordic cross: there is one already; a colour for it: + red Nordic cross"),
        ("poland - red - white", "- white: nothing would be left"),
    ],
)
def test_a_term_that_changes_nothing_is_told(model: FlatModel, text: str, note: str) -> None:
    composite = drawn(model, text)
    assert any(line.startswith(note) for line in composite.notes)
    (flag, *_) = read(text, model)
    same = design_of(model.dataset, flag.flag) if flag.flag is not None else None
    assert composite.exact == same


def test_words_are_read_back_and_a_flag_wins_over_them(model: FlatModel) -> None:
    operands = read("Japan + 2*Gold Border - union jack + Turkey - dark-blue", model)
    assert title(operands) == "Japan + 2*gold border - union jack + Turkey - dark blue"
    assert write(operands) == "japan + 2*gold border - union jack + turkey - dark-blue"
    again = read(write(operands), model)
    assert [(one.word, one.amount, one.said) for one in again] == [(one.word, one.amount, one.said) for one in operands]
    assert [one.said is None for one in operands] == [True, False, False, True, False]
    (border,) = read("gold border + yellow border", model)
    assert border.amount == 2
    assert Sum.of(read("star", model)).only is None


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("japan + staar", "There is the word star.", 8),
        ("japan + gold boder", "Did you mean border?", 13),
        ("japan + red and blue", "one colour or one thing at a time", 8),
        ("japan + dragon", "words cannot draw this dragon", 8),
        ("green land", "Did you mean one of: greenland", 0),
    ],
)
def test_what_is_mistyped_is_pointed_at(model: FlatModel, text: str, said: str, place: int) -> None:
    with pytest.raises(ExpressionError, match=said.replace("?", r"\?")) as found:
        read(text, model)
    assert found.value.start == place


def test_words_that_nobody_means_change_a_flag_or_say_why_not() -> None:
    assert sum(attempt(*one) for one in tries(30, 5)) > 10
