"""Flags found by what they are called and by what is on them, and put in order."""

from __future__ import annotations

import pytest
from user import shipped

from flagsae.flags.names import Name
from flagsae.tui.state.finding import Closeness, Finder, by_colour, by_likeness, by_name

NAMES = [
    Name("germany", "Germany", ("DE", "Deutschland")),
    Name("denmark", "Denmark", ("DK",)),
    Name("greece", "Greece", ("GR",)),
    Name("morocco", "Morocco", ("MA",)),
    Name("senegal", "Senegal", ("SN",)),
    Name("cote-divoire", "Côte d'Ivoire", ("CI", "Ivory Coast")),
    Name("malaysia", "Malaysia", ("MY",)),
]
PHRASES = {
    "denmark": ("red field", "white Nordic cross"),
    "greece": ("nine horizontal stripes, blue and white", "blue canton", "white cross in the canton"),
    "morocco": ("red field", "green star in the centre"),
    "senegal": ("three vertical stripes, green, yellow, red", "green star in the centre"),
    "malaysia": ("fourteen horizontal stripes, red and white", "yellow star in the canton"),
}


@pytest.fixture
def finder() -> Finder:
    finder = Finder(NAMES)
    for flag, name in enumerate(NAMES):
        for phrase in PHRASES.get(name.slug, ()):
            finder.learn(flag, phrase)
    return finder


def found(finder: Finder, text: str) -> dict[str, Closeness]:
    return {NAMES[flag].slug: close for flag, close in finder.find(text).items()}


@pytest.mark.parametrize("text", ["Greece", "gr", "GREECE ", "greece"])
def test_its_name_or_its_code_is_a_flag(finder: Finder, text: str) -> None:
    assert found(finder, text)["greece"] == Closeness.NAMED


def test_names_are_found_while_they_are_typed(finder: Finder) -> None:
    assert found(finder, "mor") == {"morocco": Closeness.NAME}
    assert found(finder, "deutsch") == {"germany": Closeness.NAME}
    assert found(finder, "coast ivory") == found(finder, "cote d'iv") == {"cote-divoire": Closeness.NAME}
    # A code is closer than a name that begins like it.
    assert found(finder, "de") == {"germany": Closeness.NAMED, "denmark": Closeness.NAME}


def test_words_of_one_thing_are_closer_than_the_same_words_apart(finder: Finder) -> None:
    assert found(finder, "green star") == {"morocco": Closeness.PHRASE, "senegal": Closeness.PHRASE}
    assert found(finder, "red star") == dict.fromkeys(("morocco", "senegal", "malaysia"), Closeness.APART)
    assert found(finder, "morocco red") == {"morocco": Closeness.APART}
    assert found(finder, "purple star") == {}


def test_plurals_and_little_words_are_forgiven(finder: Finder) -> None:
    assert found(finder, "stars canton") == found(finder, "a star in the canton") == {"malaysia": Closeness.PHRASE}
    assert set(found(finder, "crosses")) == set(found(finder, "cross")) == {"denmark", "greece"}
    assert found(finder, "stripe") == found(finder, "stripes") != {}
    assert found(finder, "in") == {}  # it begins no name here, and says nothing


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("gold star", ["malaysia"]),
        ("scandinavian cross", ["denmark"]),
        ("Golden mullets", ["malaysia"]),
        ("vertical tricolour", ["senegal"]),
    ],
)
def test_other_words_for_a_thing_find_it(finder: Finder, text: str, slugs: list[str]) -> None:
    assert [slug for slug, close in found(finder, text).items() if close == Closeness.PHRASE] == slugs


def test_nothing_asked_is_everything_found(finder: Finder) -> None:
    assert set(found(finder, "").values()) == set(found(finder, " - ").values()) == {Closeness.NAMED}


@pytest.mark.long
def test_orders_have_every_flag_once() -> None:
    workspace, _ = shipped()
    collection = workspace.collection
    orders = by_name(collection.dataset), by_colour(collection.dataset), by_likeness(workspace, 0)
    assert all(sorted(order.flags) == list(range(len(collection))) for order in orders)


def test_an_accent_does_not_send_a_name_to_the_end() -> None:
    collection = shipped()[0].collection
    first = [collection.title(flag) for flag in by_name(collection.dataset).flags[:3]]
    assert first == ["Afghanistan", "Åland", "Albania"]


def test_flags_lie_along_the_rainbow_and_grey_ones_come_last() -> None:
    collection = shipped()[0].collection
    order = by_colour(collection.dataset)
    said = list(dict.fromkeys(order.notes[flag] for flag in order.flags))
    place = collection.dataset.name_table()
    assert [said.index(name) for name in ("red", "yellow", "green", "blue", "white")] == sorted(
        said.index(name) for name in ("red", "yellow", "green", "blue", "white")
    )
    assert order.notes[place["morocco"]] == "red" and order.notes[place["japan"]] == "white"
    # Reds are on both sides of hue 0, and stay together.
    reds = [number for number, flag in enumerate(order.flags) if order.notes[flag] == "red"]
    assert len(reds) > 40 and reds[-1] - reds[0] < 1.5 * len(reds)


def test_likeness_begins_with_the_flag_itself() -> None:
    workspace, _ = shipped()
    collection = workspace.collection
    australia = collection.dataset.name_table()["australia"]
    order = by_likeness(workspace, australia)
    alike = workspace.alike(workspace.codes[australia])[list(order.flags)]
    assert order.flags[0] == australia and order.words == "likeness to Australia"
    assert (alike[1:-1] >= alike[2:]).all() and order.notes[order.flags[1]] == f"{alike[1]:.2f} alike"
