"""Mixes have names that are made of their parents': clean, no flag's, and no two pairs of flags have one."""

import random
from collections import Counter
from itertools import combinations, permutations

import pytest
from coarse_words import coarse

from flagsae.flags.dataset import Dataset
from flagsae.mixing.coarse import is_coarse
from flagsae.mixing.compose import draw, read
from flagsae.mixing.naming import mixed_name, numbered
from flagsae.mixing.sounds import fold
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Model:
    return load_model(flags)


@pytest.fixture(scope="module")
def titles(flags: Dataset) -> tuple[str, ...]:
    return tuple(name.title for name in flags.flags.names)


def test_names_of_all_pairs_are_distinct_clean_and_no_flags(titles: tuple[str, ...]) -> None:
    made = [mixed_name(pair, titles) for pair in combinations(titles, 2)]
    folded = {fold(name) for name in made}
    assert len(folded) == len(made) == 30_876
    assert not folded & {fold(title) for title in titles}
    assert [name for name in made if coarse(name)] == []
    assert all(5 <= len(name) <= 14 and name.isalpha() and name[0].isupper() for name in made)


def test_names_of_three_are_short_and_clean_too(titles: tuple[str, ...]) -> None:
    chosen = random.Random(0)
    triples = {tuple(sorted(chosen.sample(titles, 3))) for _ in range(1000)}
    made = [mixed_name(triple, titles) for triple in triples]
    assert [name for name in made if coarse(name)] == []
    assert all(5 <= len(name) <= 14 and name.isalpha() for name in made)
    assert not {fold(name) for name in made} & {fold(title) for title in titles}
    assert sum(times for times in Counter(made).values() if times > 1) <= 2


@pytest.mark.parametrize("count", [4, 5, 8])
def test_names_of_many_are_clean(titles: tuple[str, ...], count: int) -> None:
    chosen = random.Random(count)
    for _ in range(50):
        several = chosen.sample(titles, count)
        name = mixed_name(several, titles)
        assert name == mixed_name(several[::-1], titles)
        assert name.isalpha() and not coarse(name) and len(name) <= max(14, 4 * count)


@pytest.mark.parametrize(
    ("names", "mixed"),
    [
        (("Morocco", "Colombia"), "Moroccolombia"),
        (("Japan",), "Japan"),
        (("Japan", "Japan"), "Japan"),
        (("Norway", "Japan", "Kenya"), "Kenyjaporway"),
    ],
)
def test_names_run_into_each_other_in_any_order(names: tuple[str, ...], mixed: str) -> None:
    assert {mixed_name(order) for order in permutations(names)} == {mixed}


@pytest.mark.parametrize(
    "pair",
    [("South Korea", "Hungary"), ("Greece", "Kiribati"), ("Christmas Island", "Fiji"), ("Japan", "Cook Islands")],
)
def test_names_are_easy_to_say(pair: tuple[str, str], titles: tuple[str, ...]) -> None:
    name = fold(mixed_name(pair, titles))
    assert not any(hard in name for hard in ("thk", "cb", "ii", "aa", "ook"))


@pytest.mark.parametrize(
    "names", [("1", "2"), ("a", "b"), ("A", "É", "日本"), ("", "x"), ("of the", "and"), ("Bb", "Cc")]
)
def test_any_names_can_be_mixed(names: tuple[str, ...]) -> None:
    assert mixed_name(names)
    assert mixed_name(names, names) == mixed_name(names[::-1], names)


def test_short_coarse_words_are_read_at_an_edge_only() -> None:
    assert is_coarse("assland") and is_coarse("landass") and not is_coarse("cassandra")
    assert is_coarse("mongotia") and not is_coarse("mongolama")
    assert is_coarse("pakiguay") and not is_coarse("pakistania")
    assert not any(map(is_coarse, ("congolia", "nigerdan", "japanda", "argentunisia", "moroccolombia")))


def test_other_designs_of_a_mix_are_numbered(model: Model) -> None:
    found = draw(model, read("morocco + colombia", model), count=4)
    assert [one.name for one in found] == [numbered("Moroccolombia", number) for number in range(1, len(found) + 1)]
    assert [one.name for one in found][:3] == ["Moroccolombia", "Moroccolombia II", "Moroccolombia III"]
    assert [numbered("X", number) for number in (4, 9, 12)] == ["X IV", "X IX", "X XII"] and not numbered("", 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("france - blue + green", "France; without blue; with green"),
        ("morocco + colombia - red", "the ground of Colombia with the charge of Morocco; without red"),
    ],
)
def test_a_recipe_says_what_words_changed(model: Model, text: str, says: str) -> None:
    (composite,) = draw(model, read(text, model))
    assert composite.says == says and composite.changed and not composite.name
