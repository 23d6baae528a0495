"""The table of colours, and what is derived from it."""

from pathlib import Path

from flagsae.colours import COLOUR_WORDS, COLOURS, LETTERS, plain_word
from flagsae.flags.dataset import Dataset
from flagsae.oklab import oklab

ROOT = Path(__file__).parents[1]


def test_rows_have_names_of_their_own_and_colours_of_one_letter_one_word() -> None:
    assert len({colour.name for colour in COLOURS}) == len(COLOURS)
    for letter, first in LETTERS.items():
        assert len(letter) == 1
        assert {colour.word for colour in COLOURS if colour.letter == letter} == {first.word}


def test_the_palette_of_the_flags_is_the_table(flags: Dataset) -> None:
    palette = flags.palette
    assert palette.names == tuple(colour.name for colour in COLOURS), "run: python data/make.py"
    assert [bytes(rgb).hex() for rgb in palette.rgb.tolist()] == [colour.rgb for colour in COLOURS]
    assert palette.distances(oklab(palette.rgb)).argmin(1).tolist() == list(range(len(palette)))  # its own shade


def test_a_palette_entry_has_a_plain_word() -> None:
    said = [plain_word(name) for name in ("dark red", "dark blue", "blue 2", "light blue", "grey", "teal")]
    assert said == ["red", "blue", "blue", "light blue", "grey", "teal"]
    assert "light blue" in COLOUR_WORDS and not {"grey", "dark blue"} & set(COLOUR_WORDS)


def test_the_readme_counts_them() -> None:
    assert f"one of {len(COLOURS)} named colours" in (ROOT / "README.md").read_text(encoding="utf-8")
