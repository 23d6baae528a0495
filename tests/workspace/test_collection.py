"""What is kept of a collection's flags."""

from flagsae.flags.dataset import Dataset
from flagsae.visual.terminal import chosen
from flagsae.workspace.collection import Collection


def test_a_flag_is_fitted_anew_when_other_characters_are_chosen(flags: Dataset) -> None:
    collection = Collection(flags)
    morocco = flags.name_table()["morocco"]
    half = collection.cells(morocco, 12, 4)
    with chosen.using("wedge"):
        assert (collection.cells(morocco, 12, 4).glyphs != half.glyphs).any()
    assert collection.cells(morocco, 12, 4) is half
