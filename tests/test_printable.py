"""Text of others never drives the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Côte d'Ivoire 日本 🇫🇷 שלום", "Côte d'Ivoire 日本 🇫🇷 שלום"),
        ("e\x1b[31mv\ril\n.txt", r"e\x1b[31mv\ril\n.txt"),
        ("\x9b2J", r"\x9b2J"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("bytes \udcff", r"bytes \xff"),
        ("half \ud83d", r"half \ud83d"),
    ],
)
def test_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(), max_size=40))
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cs", "Zl", "Zp"}
    directions = {unicodedata.bidirectional(letter) for letter in shown}
    assert not directions & {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    shown.encode()
    assert printable(shown) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert printable("a\nb\x1b", lines=True) == "a\nb\\x1b"
