"""Composites and atoms as pictures: sharp at any size, and files that say what they show."""

import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.mixing.compose import Composite, draw, morph, read
from flagsae.sae.crisp import Crisp
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model
from flagsae.sae.seed import Seed
from flagsae.workspace.collection import Collection
from flagsae.workspace.drawing import about, animation, file_of, picture, sheet
from flagsae.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Model:
    return load_model(flags, str(paths.shipped("crisp.safetensors")))


@pytest.fixture(scope="module")
def composite(flags: Dataset, model: Model) -> Composite:
    return draw(model, read("morocco + colombia", model))[0]


def test_a_composite_has_few_colours_at_any_size(composite: Composite) -> None:
    assert composite.design is not None
    tints = {tuple(tint) for tint in composite.design.tints}
    for width, height in ((60, 40), (306, 204), (900, 600)):
        pixels = picture(composite, width)
        assert pixels.shape == (height, width, 3)
        flat = np.mean([tuple(pixel) in tints for row in pixels for pixel in row[::7]])
        assert flat > (0.9 if width < 100 else 0.98)


def test_a_file_says_what_it_shows(composite: Composite) -> None:
    words = about("Morocco + Colombia", "morocco + colombia", "abc")
    with Image.open(io.BytesIO(file_of(composite, ".png", 120, words))) as image:
        assert image.size == (120, 80)
        design = image.info.pop("flagsae:design")
        assert json.loads(design)["charges"][0]["shape"] == "star"
        recipe = {"flagsae:recipe": "the ground of Colombia with the charge of Morocco"}
        assert image.info == {**words, **recipe, "Title": "Moroccolombia", "flagsae:expression": "morocco + colombia"}
    root = ElementTree.fromstring(file_of(composite, ".svg", 120, words))
    assert root.attrib["width"] == "120" and root[0].text == "Moroccolombia"
    assert about("a code", "", "abc")["flagsae:expression"] == "a code"


def test_pixels_make_no_svg(flags: Dataset) -> None:
    blurred = Composite(np.zeros(3, np.float32), pixels=flags.flags.canvas[0], kind="seed")
    assert picture(blurred, 51).shape == (34, 51, 3)
    with pytest.raises(UsageError, match="seed preset"):
        file_of(blurred, ".svg", 120, {})


def test_a_morph_on_a_sheet_and_in_time(flags: Dataset, model: Model) -> None:
    steps = [draw(model, step)[0] for step in morph(read("japan + laos", model), 3)]
    with Image.open(io.BytesIO(sheet(steps, 130, 2, {}))) as image:
        assert image.width == pytest.approx(130, abs=3) and image.height == pytest.approx(87, abs=3)
        places = [image.convert("RGB").getpixel(place) for place in ((32, 22), (96, 22), (32, 64), (96, 64))]
        assert places[0] == tuple(flags.find(["japan"]).tints[0][flags.palette.names.index("red")])
        assert places[3] == (255, 255, 255)  # three steps in two rows
    with Image.open(io.BytesIO(animation(steps, 60))) as image:
        assert image.n_frames == 4 and image.size == (60, 40) and image.info["loop"] == 0  # there and back


def test_atoms_at_once_are_those_one_by_one(flags: Dataset, model: Model) -> None:
    together = Workspace(Collection(flags), model).draw_atoms(range(len(model)), 18)
    assert len(together) == len(model)
    for feature in (0, 17, len(model) - 1):
        ((adds, takes),) = Workspace(Collection(flags), model).draw_atoms([feature], 18)
        assert takes is not None and adds.shape == takes.shape == (12, 18, 3)
        assert np.abs(adds.astype(int) - together[feature][0]).max() <= 1
        assert np.abs(takes.astype(int) - together[feature][1]).max() <= 1
    assert Workspace(Collection(flags), model).draw_atoms([3], 1000)[0][0].shape == (68, 102, 3)


def test_an_atom_shows_its_flag_and_takes_away_what_is_not_there(toy: Dataset) -> None:
    japan = np.eye(len(toy.flags), dtype=np.float32)[toy.name_table()["japan"], None]
    model = Crisp(japan, np.zeros(1), np.concatenate([japan, -japan]), np.zeros(len(toy.flags)), 0, 2, 0.25, toy)
    (adds, nothing), (grey, takes) = Workspace(Collection(toy), model).draw_atoms([0, 1], 12)
    assert nothing is not None and takes is not None
    red, white = (toy.palette.rgb[toy.palette.names.index(name)] for name in ("red", "white"))
    assert (adds == takes).all() and (grey == 128).all() and (nothing == 128).all()
    assert (adds[4, 6] == red).all() and adds[0, 0] == pytest.approx(white, abs=60)


def test_a_network_has_one_picture_a_feature(flags: Dataset) -> None:
    size = flags.flags.canvas[0].size
    lighter = np.ones((size, 2), np.float32) * (1, -1)
    network = Seed(lighter.T, np.zeros(2), lighter, np.zeros(size), flags)
    (light, none), (dark, _) = Workspace(Collection(flags), network).draw_atoms([0, 1], 18)
    assert none is None and light.shape == (68, 102, 3)
    assert (light == 255).all() and (dark == 1).all()
