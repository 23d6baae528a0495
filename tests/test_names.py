"""A flag is found by whatever people call it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae.dataset import Dataset
from flagsae.errors import UnknownName
from flagsae.names import Name, NameTable, fold


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("morocco", "morocco"),
        ("MOROCCO ", "morocco"),
        ("South Korea", "south-korea"),
        ("south_korea", "south-korea"),
        ("Côte d'Ivoire", "cote-divoire"),
        ("ivory coast", "cote-divoire"),
        ("usa", "united-states"),
        ("MX", "mexico"),
        ("Åland", "aland"),
        ("uk", "united-kingdom"),
    ],
)
def test_names_codes_and_aliases(flags: Dataset, typed: str, slug: str) -> None:
    assert flags.flags.names[flags.positions()[typed]].slug == slug


def test_a_typing_error_is_answered_with_a_suggestion(flags: Dataset) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean.*morocco") as error:
        flags.positions()["marocco"]
    assert error.value.exit_code == 2


def test_nothing_near_says_what_is_understood(flags: Dataset) -> None:
    with pytest.raises(UnknownName, match="ISO code"):
        flags.positions()["qqqqqqqq"]


def test_a_slug_wins_over_another_flags_alias() -> None:
    table = NameTable([Name("a", "First", ("b",)), Name("b", "Second")])
    assert table["b"] == 1


def test_completion_offers_what_begins_so(flags: Dataset) -> None:
    assert ("morocco", "Morocco") in flags.positions().complete("mor")
    assert flags.positions().complete("xyz") == []


@given(st.text())
def test_folding_is_stable_and_plain(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(character.isascii() and (character.isalnum() or character == "-") for character in folded)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, unique=True))
def test_every_slug_finds_its_own_row(slugs: list[str]) -> None:
    table = NameTable([Name(slug, slug.upper(), (slugs[0],)) for slug in slugs])
    assert [table[slug] for slug in slugs] == list(range(len(slugs)))
