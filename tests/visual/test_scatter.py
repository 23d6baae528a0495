"""Flags on a map: a few cells of a terminal, a picture, an SVG; and in rows on a sheet."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageFont
from rich.console import Console

from flagsae.flags.dataset import Dataset
from flagsae.visual.resize import thumbnail
from flagsae.visual.scatter import BORDER, Mark, Scatter, blocks, document, picture
from flagsae.visual.sheet import in_font, sheet
from flagsae.visual.vector.outline import trace

SVG = "{http://www.w3.org/2000/svg}"


def flat(flags: Dataset, slug: str) -> np.ndarray:
    flag = flags.find([slug])
    return flag.flat()


def vectors(flags: Dataset, slug: str) -> Mark:
    flag = flags.find([slug])
    return Mark(flag.names[0].title, flag.canvas[0], trace(flag.labels[0]), flag.tints[0], flag.labels[0].shape)


def test_a_flag_of_24_pixels_is_still_itself(flags: Dataset) -> None:
    france = thumbnail(flat(flags, "france"), 6, 4)
    assert (france == france[0]).all()  # bars, without a blended pixel between them
    assert len(np.unique(france.reshape(-1, 3), axis=0)) == 3
    germany = thumbnail(flat(flags, "germany"), 6, 4)
    assert (germany == germany[:, :1]).all() and len(np.unique(germany[:, 0], axis=0)) == 3
    morocco = thumbnail(flat(flags, "morocco"), 6, 4)
    green = morocco[..., 1] > morocco[..., 0]
    assert green[1:3, 2:4].any() and green.sum() <= 4  # its star, which covers 3 % of it
    england = thumbnail(flat(flags, "england"), 6, 4)
    assert (england[..., 1] < 128).any() and (england[..., 1] > 200).any()  # a cross that lies between two rows


def test_a_picture_of_many_colours_is_sampled() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (68, 102, 3)).astype(np.uint8)
    small = thumbnail(noise, 6, 4)
    assert small.shape == (4, 6, 3)
    assert (noise[:, :, None] == small.reshape(-1, 3)).all(-1).any((0, 1)).all()  # pixels of its own


def printed(plot: Scatter, width: int, **how: object) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, **how).print(plot, end="")
    return out.getvalue().split("\n")[:-1]


def test_names_stand_where_their_places_are() -> None:
    marks = [
        Mark(title, np.zeros((4, 6, 3), np.uint8)) for title in ("Peru", "日本", "São\nTomé\x1b and a bit", "Gone")
    ]
    assert blocks(marks, 10, pictures=False) == [(6, 1), (6, 1), (12, 1), (6, 1)]
    lines = printed(Scatter(marks, [(3, 0), (9, 0), (0, 2), None], 4, 10, pictures=False), 20)
    assert lines == ["   Peru  日本", "", "São Tomé\\…", ""]


def test_flags_stand_above_their_names_within_the_width(flags: Dataset) -> None:
    marks = [Mark(title, flat(flags, title.lower())) for title in ("France", "Germany", "Japan")]
    assert blocks(marks, 10, pictures=True) == [(7, 3), (8, 3), (7, 3)]
    plot = Scatter(marks, [(0, 0), (9, 1), (0, 3)], 6, 10)
    plain = printed(plot, 20)
    assert [len(line) for line in plain] == [6, 15, 15, 16, 6, 5]
    assert plain[2].startswith("France") and plain[3].endswith("Germany") and plain[5] == "Japan"
    coloured = "\n".join(printed(plot, 20, force_terminal=True, color_system="truecolor"))
    blue, gold = (f"48;2;{';'.join(map(str, rgb))}" for rgb in (marks[0].pixels[0, 0], marks[1].pixels[-1, 0]))
    assert blue in coloured and gold in coloured


def test_a_picture_has_each_flag_with_a_border_at_its_place(flags: Dataset) -> None:
    marks = [vectors(flags, "france"), Mark("Japan", flat(flags, "japan"))]
    out = picture(marks, np.array([[100.0, 50], [250, 150]]), (60, 40), (300, 200))
    assert out.shape == (200, 300, 3)
    red, green, blue = (out[50, x].astype(int) for x in (125, 100, 75))
    assert red[0] > 200 > 60 > red[2] and green.min() > 240 and blue[2] > 100 > 30 > blue[0]
    assert out[30, 100].tolist() == out[69, 100].tolist() == out[50, 70].tolist() == list(BORDER)
    assert out[150, 250, 1] < 90 and out[140, 230].tolist() == [255, 255, 255]
    assert (out != 255).any(2).sum() <= 2 * 60 * 40
    # Near the edge a flag is moved in, and a large one is as sharp as its shapes.
    large = picture(marks[:1], np.array([[0.0, 0]]), (300, 200), (300, 200))
    assert len(np.unique(large.reshape(-1, 3), axis=0)) <= 6


def test_an_svg_needs_no_other_file_and_names_its_flags(flags: Dataset) -> None:
    odd = Mark("Trinidad & \x00Tobago", np.full((4, 6, 3), 200, np.uint8))
    text = document(
        [vectors(flags, "japan"), odd], np.array([[40.0, 30], [100, 30]]), (30, 20), (150, 100), {"Title": "A <map>"}
    )
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("150", "100")
    assert root.findtext(f"{SVG}title") == "A <map>"
    japan, trinidad = root.findall(f"{SVG}g")
    assert japan.get("transform") == "translate(25.0 20.0)"
    assert japan.findtext(f"{SVG}svg/{SVG}title") == "Japan"
    assert len(japan.findall(f"{SVG}svg/{SVG}path")) >= 2 and japan.find(f".//{SVG}image") is None
    assert trinidad.findtext(f"{SVG}svg/{SVG}title") == "Trinidad & \N{REPLACEMENT CHARACTER}Tobago"
    (image,) = trinidad.iter(f"{SVG}image")
    kind, data = image.get("href", "").split(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (6, 4)
    assert [rect.get("stroke") for rect in root.findall(f"{SVG}g/{SVG}rect")] == ["#808080"] * 2
    assert text.count("http") == text.count("http://www.w3.org/2000/svg")


@pytest.mark.parametrize("columns", [2, 3])
def test_a_sheet_breaks_rows_and_writes_below(flags: Dataset, columns: int) -> None:
    mark = Mark("France", flat(flags, "france"))
    row = [(mark, ["France", "1  0.71"]), (mark, ["a name that is far too long for its picture"]), (mark, [])]
    out = sheet([row, row[:1]], 300, columns)
    assert out.shape[1] == 300
    lines = 2 + (columns == 2)
    empty = (out == 255).all((1, 2))
    bands = np.flatnonzero(np.diff(np.concatenate([[True], empty, [True]]).astype(int)) == -1)
    pictures = [start for start in bands if (out[start] == BORDER).all(1).sum() > 40]
    assert len(pictures) == lines
    assert (out[:, -3:] == 255).all()  # nothing runs off the sheet
    assert any((out[start] != BORDER).any(1).sum() for start in bands if start not in pictures)  # words


@pytest.mark.parametrize("size", [8, 20])
def test_words_on_a_sheet_are_in_letters_that_its_font_has(size: int) -> None:
    assert in_font("l39 ×12 · Côte d'Ivoire, Łódź … −3 日", ImageFont.load_default(size)) == (
        "l39 x12 · Cote d'Ivoire, Lodz … -3 ?"
    )
