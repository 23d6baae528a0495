"""A flag is found by whatever people call it."""

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae import paths
from flagsae.errors import DatasetError, FlagsaeError, ModelError, PictureError, UnknownName, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name, NameTable, completions, fold, read_names


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("morocco", "morocco"),
        ("MOROCCO ", "morocco"),
        ("South Korea", "south-korea"),
        ("south_korea", "south-korea"),
        ("Côte d'Ivoire", "cote-divoire"),
        ("CÔTE D’IVOIRE", "cote-divoire"),
        ("Curacao", "curacao"),
        ("Trinidad & Tobago", "trinidad-and-tobago"),
        ("ivory coast", "cote-divoire"),
        ("usa", "united-states"),
        ("MX", "mexico"),
        ("Åland", "aland"),
        ("uk", "united-kingdom"),
    ],
)
def test_names_codes_and_aliases(flags: Dataset, typed: str, slug: str) -> None:
    assert flags.flags.names[flags.name_table()[typed]].slug == slug


def test_whatever_the_table_calls_a_flag_finds_it() -> None:
    names = read_names(paths.shipped("flags.csv"))
    table = NameTable(names)
    for position, name in enumerate(names):
        assert [table[text] for text in (name.slug, name.title, *name.others)] == [position] * (2 + len(name.others))


def test_a_typing_error_is_answered_with_a_suggestion(flags: Dataset) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean.*morocco") as error:
        flags.name_table()["marocco"]
    assert error.value.exit_code == 2


def test_nothing_near_says_what_is_understood(flags: Dataset) -> None:
    with pytest.raises(UnknownName, match="ISO code"):
        flags.name_table()["qqqqqqqq"]


@pytest.mark.parametrize("typed", ["", "!!!", "中国"])
def test_what_has_no_latin_letter_is_no_flag(typed: str) -> None:
    with pytest.raises(UnknownName):
        NameTable([Name("picture", "日本")])[typed]


def test_suggestions_name_each_flag_once_and_three_at_most() -> None:
    table = NameTable([Name(f"flag-{letter}", f"Flag {letter}", (f"flagg{letter}",)) for letter in "abcdef"])
    with pytest.raises(UnknownName) as error:
        table["flag-x"]
    offered = str(error.value).split("one of: ")[1].rstrip("?").split(", ")
    assert len(offered) == len(set(offered)) <= 3


@pytest.mark.parametrize(
    ("error", "code"),
    [(FlagsaeError, 1), (DatasetError, 1), (ModelError, 1), (PictureError, 1), (UsageError, 2), (UnknownName, 2)],
)
def test_scripts_can_tell_our_errors_from_their_own(error: type[FlagsaeError], code: int) -> None:
    assert issubclass(error, FlagsaeError)
    assert error.exit_code == code


def test_a_title_wins_over_another_flags_alias() -> None:
    table = NameTable([Name("a", "First", ("second",)), Name("b", "Second")])
    assert table["second"] == 1


def test_a_slug_wins_over_another_flags_alias() -> None:
    table = NameTable([Name("a", "First", ("b",)), Name("b", "Second")])
    assert table["b"] == 1


def test_completion_offers_what_begins_so(flags: Dataset) -> None:
    assert ("morocco", "Morocco") in flags.name_table().complete("mor")
    assert flags.name_table().complete("xyz") == []


def test_completion_leaves_out_what_is_on_the_line() -> None:
    names = [Name("mali", "Mali"), Name("malta", "Malta"), Name("chad", "Chad")]
    assert completions(names, "mal", ["mali", "chad"]) == [("malta", "Malta")]
    assert [slug for slug, _ in completions(names, "")] == ["mali", "malta", "chad"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Côte d'Ivoire", "cote-divoire"), ("Bosnia & Herzegovina", "bosnia-and-herzegovina"), (" a_b  (C) ", "a-b-c")],
)
def test_a_name_folds_to_a_slug(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("KØBENHAVN", "kobenhavn"),
        ("Straße", "strasse"),
        ("Đà Nẵng", "da-nang"),
        ("Æsir & Þór", "aesir-and-thor"),
        ("œuvre", "oeuvre"),
        ("Iğdır, İzmir", "igdir-izmir"),
        ("Hawaiʻi", "hawaii"),
        ("e\u0301te\u0301", "ete"),
    ],
)
def test_latin_letters_have_a_plain_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["日本", "Россия", "대한민국", "हिन्दी", "ไทย", "🇯🇵", "★"])
def test_other_scripts_have_a_form_of_their_own(text: str) -> None:
    table = NameTable([Name("japan", "Japan"), Name(fold(text), text), Name(fold(text + "国"), text + "国")])
    assert table[text] == table[unicodedata.normalize("NFD", text)] == table[fold(text)] == 1
    assert (fold(text), text) in table.complete(text[:1])
    assert re.fullmatch("u[0-9a-f]{4,5}(-u[0-9a-f]{4,5})*", fold(text))


def test_the_bundled_flags_keep_their_slugs(flags: Dataset) -> None:
    for name in flags.flags.names:
        assert fold(name.slug) == name.slug
        plain = unicodedata.normalize("NFKD", name.title).encode("ascii", "ignore").decode().casefold()
        assert fold(name.title) == re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("&", " and ")).strip("-")


@given(st.text("aáÀçñöÅzZ09 -_'’"))
def test_case_and_outer_spaces_change_nothing(text: str) -> None:
    assert fold(text) == fold(text.swapcase()) == fold(f"  {text}\t")


@given(st.text())
def test_folding_is_stable_and_plain(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(character.isascii() and (character.isalnum() or character == "-") for character in folded)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, unique=True))
def test_every_slug_finds_its_own_row(slugs: list[str]) -> None:
    table = NameTable([Name(slug, slug.upper(), (slugs[0],)) for slug in slugs])
    assert [table[slug] for slug in slugs] == list(range(len(slugs)))


def test_a_table_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    table = tmp_path / "flags.csv"
    table.write_text("slug,name,aliases\nMy Flag,Mine,a|b\n,nameless,\nother\n", encoding="utf-8-sig")
    assert read_names(table) == [Name("my-flag", "Mine", ("a", "b")), Name("other", "other")]


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "columns slug and name"), (b"slug;name\na;b\n", "columns slug and name"), (b"slug,name\na,\xf6\n", "UTF-8")],
    ids=["empty", "semicolons", "latin-1"],
)
def test_a_table_that_cannot_be_read_says_what_it_needs(tmp_path: Path, data: bytes, says: str) -> None:
    table = tmp_path / "flags.csv"
    table.write_bytes(data)
    with pytest.raises(DatasetError, match=says) as error:
        read_names(table)
    assert str(error.value).startswith(str(table)) and "\n" not in str(error.value)


def test_a_table_without_an_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name, kind in (("pipe.csv", "a pipe"), ("zero.csv", "a device")):
        with pytest.raises(DatasetError, match=f"{name} is {kind}: give a table in a file, or take it away$"):
            read_names(tmp_path / name)
    with pytest.raises(DatasetError, match=r"^big\.csv is over 20 MB"):
        read_names(bytes(20_000_001), "big.csv")
