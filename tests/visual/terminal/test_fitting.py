"""Cells fitted to pictures: exact where a character has the shape, and never a character that a terminal has not."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from flagsae.flags.dataset import Dataset
from flagsae.oklab import oklab
from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import packed, unpacked
from flagsae.visual.terminal.fitting import FLAT, Cells, fit, fit_labels
from flagsae.visual.terminal.flat import labelled
from flagsae.visual.terminal.glyphs import LADDER, glyphs, mask, polygons
from flagsae.visual.terminal.pictures import picture_rows, written

KINDS = tuple(LADDER)
RED, WHITE, BLUE = (200, 16, 46), (255, 255, 255), (1, 33, 105)


def drawn(cells: Cells, height: int = FLAT[0], width: int = FLAT[1]) -> np.ndarray:
    """What a terminal shows, height x width pixels a cell."""
    rows, columns = cells.glyphs.shape
    ink = np.array([mask(polygons("octant")[code], height, width) for code in cells.glyphs.ravel().tolist()])
    colours = np.where(ink, cells.inks.reshape(-1, 1), cells.grounds.reshape(-1, 1))
    return unpacked(colours.reshape(rows, columns, height, width).transpose(0, 2, 1, 3).reshape(rows * height, -1))


colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(st.sampled_from(KINDS), st.data(), colours, colours)
@settings(max_examples=300, deadline=None)
def test_a_picture_of_one_character_is_fitted_by_it(kind: str, data: st.DataObject, ink: tuple, ground: tuple) -> None:
    assume(ink == ground or max(abs(one - other) for one, other in zip(ink, ground, strict=True)) > 8)  # is seen
    table = glyphs(kind, *FLAT)
    glyph = data.draw(st.integers(0, len(table.codes) - 1))
    picture = np.where(table.masks[glyph].reshape(*FLAT, 1), ink, ground).astype(np.uint8)
    cells = fit(picture, 1, 1, kind)
    assert (drawn(cells) == picture).all()
    if ink != ground and 0 < table.masks[glyph].sum() < table.masks[glyph].size:
        assert cells.glyphs[0, 0] in (table.codes[glyph], table.codes[table.opposite[glyph]])


@given(st.sampled_from(KINDS), st.integers(1, 4), st.integers(1, 4), st.data())
@settings(max_examples=100, deadline=None)
def test_any_picture_gets_characters_of_its_kind_only(kind: str, columns: int, lines: int, data: st.DataObject) -> None:
    size = data.draw(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    picture = data.draw(arrays(np.uint8, (*size, 3), elements=st.integers(0, 255)))
    rows = picture_rows(picture, columns, lines, kind)
    assert len(rows) == lines
    for row in rows:
        text = "".join(segment.text for segment in row)
        assert len(text) == columns
        assert {ord(letter) for letter in text} <= set(polygons(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slug", ["morocco", "china", "norway", "united-kingdom", "mexico", "jamaica"])
def test_flags_get_characters_of_their_kind_only(flags: Dataset, slug: str, kind: str) -> None:
    for size in ((12, 5), (25, 8), (51, 17)):
        text = "".join(
            segment.text for row in picture_rows(flags.find([slug]).flat(fine=True), *size, kind) for segment in row
        )
        assert {ord(letter) for letter in text} <= set(polygons(kind))


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_is_written_is_what_was_fitted(flags: Dataset, kind: str) -> None:
    for slug in ("south-africa", "brazil", "united-kingdom"):
        cells = fit(flags.find([slug]).flat(fine=True), 25, 8, kind)
        found = Cells(cells.glyphs.copy(), cells.inks.copy(), cells.grounds.copy())
        for number, row in enumerate(written(cells, kind)):
            column = 0
            for text, style, _ in row:
                ink, ground = (colour and packed(np.array(colour.triplet)) for colour in (style.color, style.bgcolor))
                for letter in text:
                    found.glyphs[number, column] = ord(letter)
                    assert ink is not None or letter == " "  # or it would have the terminal's own colour
                    found.inks[number, column] = ground if ink is None else ink
                    found.grounds[number, column] = ground
                    column += 1
            assert column == 25
        assert (drawn(found) == drawn(cells)).all()


def test_runs_along_an_edge_share_a_style(flags: Dataset) -> None:
    rows = written(fit(flags.find(["jamaica"]).flat(fine=True), 25, 8, "wedge"), "wedge")
    assert max(map(len, rows)) <= 14
    france = written(fit(flags.find(["france"]).flat(fine=True), 24, 8, "wedge"), "wedge")
    assert [len(row) for row in france] == [3] * 8


@pytest.mark.parametrize("columns", [12, 25, 51])
def test_stripes_keep_to_their_own_colours(flags: Dataset, columns: int) -> None:
    """No orange between Colombia's yellow and its red: stripes end at an eighth of a cell."""
    # Norway's cross has three colours in a cell at 12 columns, where two blend.
    for slug in ("colombia", "thailand", "mauritius", *(["norway"] if columns > 12 else [])):
        flag = flags.find([slug]).flat(fine=True)
        cells = fit(flag, columns, columns // 3, "wedge")
        own = set(packed(flag).ravel().tolist())
        assert set(cells.inks.ravel().tolist()) | set(cells.grounds.ravel().tolist()) <= own


def test_a_star_of_three_cells_is_green(flags: Dataset) -> None:
    flag = flags.find(["morocco"]).flat(fine=True)
    cells = fit(flag, 12, 5, "wedge")
    assert set(cells.inks.ravel().tolist()) == set(packed(flag).ravel().tolist())


def test_finer_kinds_come_nearer(flags: Dataset) -> None:
    errors = np.zeros(len(KINDS))
    for slug in ("morocco", "jamaica", "united-kingdom", "brazil", "china", "nepal"):
        flag = flags.find([slug]).flat(fine=True)
        truth = oklab(scale(flag, 25 * 16, 8 * 48, flat=True))
        errors += [((oklab(drawn(fit(flag, 25, 8, kind), 48, 16)) - truth) ** 2).mean() for kind in KINDS]
    assert (np.diff(errors) < 0).all()


def test_smooth_edges_are_edges(flags: Dataset) -> None:
    """A picture with blended edges, as files have them, is fitted as the flat one is."""
    flat = flags.find(["jamaica"]).flat(fine=True)
    smooth = scale(scale(flat, 1224, 816, flat=True), 300, 200)
    assert len(np.unique(packed(smooth))) > 3
    found = labelled(smooth)
    assert found is not None
    labels, tints = found
    assert sorted(map(tuple, tints.tolist())) == sorted({tuple(colour) for colour in flat.reshape(-1, 3).tolist()})
    cells = fit_labels(labels, tints, 25, 8, "wedge")
    assert (cells.glyphs == fit(flat, 25, 8, "wedge").glyphs).mean() > 0.95


def test_pictures_of_many_colours_are_fitted_in_means() -> None:
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    picture = np.stack(np.broadcast_arrays(ramp[None], ramp[:, None], np.uint8(90)), axis=2)
    assert labelled(picture) is None
    cells = fit(picture, 8, 4, "sextant")
    assert np.abs(drawn(cells, 16, 8).astype(int) - picture).mean() < 8


def test_no_picture_is_too_small() -> None:
    picture = np.array([[RED, WHITE]], np.uint8)
    cells = fit(picture, 4, 2, "octant")
    assert (unpacked(cells.grounds)[:, :2] == RED).all() and (unpacked(cells.grounds)[:, 2:] == WHITE).all()
    assert (fit(np.array([[BLUE]], np.uint8), 3, 3, "wedge").glyphs == ord(" ")).all()
