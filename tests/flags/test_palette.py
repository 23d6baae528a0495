"""Pictures become flat colour, and colours get the names that people give them."""

import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from flagsae import paths
from flagsae.flags.dataset import Dataset
from flagsae.flags.flatten import MOST_COLOURS, flat_colours, flatten, name_colours, nearest_colour
from flagsae.flags.palette import distances, fit_palette, flag_palette
from flagsae.flags.pictures import read_picture
from flagsae.flags.regions import connected_regions, region_areas
from flagsae.oklab import oklab

PALETTE = flag_palette()


def names_in(slug: str) -> set[str]:
    labels, _ = flatten(read_picture(paths.shipped("flags") / f"{slug}.png"), PALETTE)
    return {PALETTE.names[entry] for entry in np.unique(labels)}


def test_oklab_of_known_colours() -> None:
    # Ottosson 2020: white is (1, 0, 0), black (0, 0, 0); red as every implementation has it.
    pixels = [[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]]
    white, black, red, green, blue = oklab(np.array(pixels, np.uint8))
    assert white == pytest.approx([1, 0, 0], abs=1e-4)
    assert black == pytest.approx([0, 0, 0], abs=1e-6)
    assert red == pytest.approx([0.62796, 0.22486, 0.12585], abs=1e-4)
    assert green == pytest.approx([0.86644, -0.23389, 0.17950], abs=1e-4)
    assert blue == pytest.approx([0.45201, -0.03246, -0.31153], abs=1e-4)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("france", {"dark blue", "white", "red"}),
        ("morocco", {"red", "green"}),
        ("india", {"orange", "white", "green", "dark blue"}),
        ("sweden", {"blue", "yellow"}),
        ("kenya", {"black", "white", "red", "green"}),
        ("latvia", {"dark red", "white"}),
        ("ukraine", {"blue", "yellow"}),
        ("south-africa", {"red", "white", "green", "yellow", "black", "dark blue"}),
    ],
)
def test_a_flag_has_its_colours_and_no_others(slug: str, expected: set[str]) -> None:
    assert names_in(slug) == expected


@pytest.mark.parametrize(
    ("slug", "count"),
    [("france", 3), ("germany", 3), ("poland", 2), ("ukraine", 2), ("japan", 2), ("sweden", 2), ("morocco", 2)],
)
def test_a_flat_flag_has_no_blends_at_any_size(flags: Dataset, slug: str, count: int) -> None:
    flag = flags.find([slug])
    assert len(np.unique(flag.labels)) == len(np.unique(flag.fine)) == count


def test_moroccos_star_is_whole_on_the_fine_grid(flags: Dataset) -> None:
    star = flags.find(["morocco"]).fine[0] == flags.palette.names.index("green")
    regions = connected_regions(star.astype(np.uint8))
    assert region_areas(regions[star]).max() == star.sum() > 1000  # one region holds every green pixel
    assert not (star[:60].any() or star[-60:].any() or star[:, :100].any() or star[:, -100:].any())


def test_indias_thin_wheel_stays_blue_and_in_the_middle(flags: Dataset) -> None:
    rows, columns = np.nonzero(flags.find(["india"]).fine[0] == flags.palette.names.index("dark blue"))
    assert len(rows) > 500
    assert (rows.min(), columns.min()) > (68, 102) and (rows.max(), columns.max()) < (136, 204)


@pytest.mark.parametrize("slug", ["fiji", "tuvalu", "nicaragua"])
def test_two_blues_of_one_flag_stay_apart(flags: Dataset, slug: str) -> None:
    present = {flags.palette.names[entry] for entry in np.unique(flags.find([slug]).fine)}
    assert len(present & {"light blue", "blue", "dark blue"}) == 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(PALETTE) - 1), min_size=1, max_size=6, unique=True), st.booleans())
def test_stripes_of_palette_colours_come_back_as_they_were(entries: list[int], upright: bool) -> None:
    labels = np.repeat(np.repeat(np.array(entries, np.uint8)[:, None], 8, 0), 24, 1)
    labels = labels.T if upright else labels
    found, tints = flatten(PALETTE.rgb[labels], PALETTE)
    assert (found == labels).all()
    assert (tints == PALETTE.rgb).all()


def test_a_slanted_edge_is_drawn_without_blends() -> None:
    large = Image.new("RGB", (960, 640), (0, 114, 198))
    ImageDraw.Draw(large).polygon([(0, 0), (960, 90), (960, 400)], fill=(252, 209, 22))
    picture = np.array(large.resize((240, 160), Image.Resampling.BOX))
    labels, _ = flatten(picture, PALETTE)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10
    assert len(np.unique(labels)) == 2


def test_an_edge_takes_no_colour_from_far_away() -> None:
    white, red, pink = (255, 255, 255), (200, 20, 30), (240, 150, 150)
    picture = np.full((40, 90, 3), white, np.uint8)
    picture[:, 30] = (238, 184, 188)  # white with 30 % red, and nearest to pink
    picture[:, 31:60], picture[:, 75:] = red, pink
    assert distances(oklab(picture[0, 30]), oklab(np.array([white, red, pink]))).argmin() == 2
    labels, _ = flatten(picture, PALETTE)
    assert labels[0, 30] in (labels[0, 0], labels[0, 40])
    assert len(np.unique(labels)) == 3


def test_a_speck_is_dissolved_and_a_star_is_not() -> None:
    picture = np.full((60, 90, 3), 255, np.uint8)
    picture[:, 60:] = picture[20:22, 20:22] = picture[40:46, 20:26] = (200, 20, 30)
    labels, _ = flatten(picture, PALETTE)
    assert (labels[20:22, 20:22] == labels[0, 0]).all()
    assert (labels[41:45, 21:25] == labels[0, 89]).all()


def test_a_small_thing_keeps_its_colour_though_others_elsewhere_blend_to_it() -> None:
    sky, navy, black = (33, 164, 226), (4, 101, 166), (0, 0, 0)  # navy is nearly half sky, half black
    large = Image.new("RGB", (256, 160), sky)
    pen = ImageDraw.Draw(large)
    pen.rectangle((160, 0, 256, 160), fill=black)
    pen.ellipse((40, 40, 75, 75), outline=navy, width=9)
    labels, tints = flatten(np.array(large.resize((64, 40), Image.Resampling.BOX)), PALETTE)
    assert len(np.unique(labels)) == 3
    assert PALETTE.names[labels[14, 10]] == "blue"
    assert np.abs(tints[labels[14, 10]] - np.array(navy)).max() < 16


def test_edges_in_a_small_jpeg_take_no_colour_of_their_own() -> None:
    width, height = size = 300, 200
    picture = Image.new("RGB", size, (255, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 0), (width, 0), (0, height)], fill=(0, 0, 0))
    pen.rectangle((180, 120, 240, 160), fill=(253, 205, 21))
    pen.rectangle((30, 20, 60, 80), fill=(147, 93, 40))  # as blends of red and black are
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    labels, _ = flatten(read_picture(file.getvalue()), PALETTE)
    assert {PALETTE.names[entry] for entry in np.unique(labels)} == {"red", "black", "yellow", "brown"}
    assert (labels == flatten(np.array(picture), PALETTE)[0]).mean() > 0.995


def test_a_photograph_becomes_palette_colours_too() -> None:
    labels, tints = flatten(np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8), PALETTE)
    assert labels.shape == (40, 60) and tints.shape == (len(PALETTE), 3)
    assert labels.max() < len(PALETTE)


def photograph(height: int, width: int, grain: float) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([x / width * 255, y / height * 255, np.sin(x / 40) * 100 + 128], -1)
    return np.clip(smooth + np.random.default_rng(0).normal(0, grain, smooth.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("grain", [0, 5, 12, 60])
def test_a_photograph_has_a_drawings_number_of_colours(grain: float) -> None:
    assert 2 <= len(flat_colours(photograph(100, 150, grain))) <= MOST_COLOURS


@pytest.mark.long
def test_a_photograph_takes_little_memory() -> None:
    picture = photograph(408, 612, 4)  # all pairs of its pixels and colours would be 200 MB of differences
    tracemalloc.start()
    flatten(picture, PALETTE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150e6


def test_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = read_picture(paths.shipped("flags/dominica.png"))
    colours = flat_colours(picture)
    whole = nearest_colour(picture, colours)
    monkeypatch.setattr("flagsae.flags.flatten.BAND", 5 * picture.shape[1] * len(colours))
    assert (nearest_colour(picture, colours) == whole).all()


def test_a_picture_keeps_its_own_tints() -> None:
    _, tints = flatten(read_picture(paths.shipped("flags/morocco.png")), PALETTE)
    assert tints[PALETTE.names.index("red")].tolist() == [0xC1, 0x27, 0x2D]
    assert (tints[PALETTE.names.index("blue")] == PALETTE.rgb[PALETTE.names.index("blue")]).all()


def test_thin_lines_keep_their_colour() -> None:
    picture = np.full((60, 90, 3), 255, np.uint8)
    picture[:, 40:42] = (0, 0, 136)  # two pixels wide: nowhere flat
    labels, _ = flatten(picture, PALETTE)
    assert PALETTE.names[labels[30, 40]] == "dark blue"
    assert PALETTE.names[labels[30, 45]] == "white"


def test_anti_aliasing_is_given_back_to_its_sides() -> None:
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:, :30], picture[:, 30], picture[:, 31:] = (200, 20, 30), (110, 90, 120), (20, 160, 210)
    assert len(flat_colours(picture)) == 2


def test_two_shades_of_one_flag_stay_apart() -> None:
    colours = np.array([[0, 56, 147], [0, 81, 186], [255, 255, 255]], np.uint8)
    assert [PALETTE.names[entry] for entry in PALETTE.distances(oklab(colours)).argmin(1)] == ["blue", "blue", "white"]
    chosen = name_colours(colours, np.array([0.3, 0.4, 0.3]), PALETTE)
    assert [PALETTE.names[entry] for entry in chosen] == ["dark blue", "blue", "white"]  # the larger chooses first


def test_every_flag_keeps_its_edges(flags: Dataset) -> None:
    counts = [len(np.unique(fine)) for fine in flags.flags.fine]
    assert min(counts) >= 2
    assert max(counts) <= len(flags.palette)
    assert np.median(counts) <= 4


def test_a_fitted_palette_has_each_name_once() -> None:
    random = np.random.default_rng(0)
    colours = random.integers(0, 256, (80, 3)).astype(np.uint8)
    palette = fit_palette(colours, np.ones(80), 12, PALETTE)
    assert len(set(palette.names)) == len(palette) == 12
    assert palette.distances(oklab(palette.rgb)).argmin(1).tolist() == list(range(12))
    assert len(fit_palette(colours[:1], np.ones(1), 12, PALETTE)) == 1


def test_a_fitted_palette_is_the_same_again_with_its_seed() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (60, 3)).astype(np.uint8)
    first, second = (fit_palette(colours, np.ones(60), 5, PALETTE, seed=3) for _ in range(2))
    assert first.names == second.names
    assert (first.rgb == second.rgb).all()


def test_distances_are_euclidean() -> None:
    assert distances(np.zeros((2, 3)), np.array([[3.0, 4.0, 0.0]])).tolist() == [[5.0], [5.0]]
