"""Prepared datasets: what is shipped, a folder of one's own, and files that are damaged."""

import csv
import io
import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from flagsae import paths
from flagsae.errors import DatasetError, PictureError, UnknownName, UsageError
from flagsae.flags.dataset import ARRAYS, Dataset, Flags, load_dataset, make_flag, read_dataset, save_dataset, shrink
from flagsae.flags.grids import WORKING_SIDE
from flagsae.flags.names import Name
from flagsae.flags.prepare import grouped_split, near_duplicates, prepare


def splits(dataset: Dataset) -> dict[str, dict[str, list[int]]]:
    return {
        split: {part: positions.tolist() for part, positions in parts.items()}
        for split, parts in dataset.splits.items()
    }


def paint(path: Path, colour: str = "red", size: tuple[int, int] = (12, 8)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, "PNG")


@pytest.mark.long
def test_a_fresh_prepare_is_the_shipped_dataset(flags: Dataset) -> None:
    fresh = prepare()
    meant = "where that is meant, run: python data/make.py"
    for array in ARRAYS:
        assert (getattr(fresh.flags, array) == getattr(flags.flags, array)).all(), f"other {array}: {meant}"
    assert fresh.hash == flags.hash, meant
    assert fresh.flags.names == flags.flags.names
    assert fresh.palette.names == flags.palette.names
    assert splits(fresh) == splits(flags)


def test_the_bundled_flags(flags: Dataset) -> None:
    assert len(flags.flags) == 249
    assert flags.flags.canvas.shape == (249, 68, 102, 3)
    assert flags.flags.fine.shape == (249, 204, 306)
    assert paths.shipped("flags.npz").stat().st_size < 1_500_000


def test_near_duplicates_are_those_of_the_table_and_stay_together(flags: Dataset) -> None:
    with paths.shipped("near_duplicates.csv").open() as file:
        table = {(row["a"], row["b"]): float(row["mean_abs_diff_68x102"]) for row in csv.DictReader(file)}
    slugs = [name.slug for name in flags.flags.names]
    pairs = near_duplicates(flags.flags.canvas)
    assert {(slugs[i], slugs[j]): away for away, i, j in pairs} == pytest.approx(table, abs=0.06)
    side = {int(position): part for part, members in flags.splits["grouped"].items() for position in members}
    assert len(side) == 249
    assert all(side[i] == side[j] for _, i, j in pairs)


def test_the_notebooks_split(flags: Dataset) -> None:
    split = flags.split("notebook")
    assert [len(split[part]) for part in ("train", "validation", "test")] == [100, 20, 18]
    slugs = [flags.flags.names[position].slug for part in split.values() for position in part]
    assert len(set(slugs)) == 138
    assert slugs[:2] == ["afghanistan", "albania"] and slugs[-1] == "zimbabwe"
    assert slugs.count("russia") == 1


few_colours = st.sampled_from([0, 10, 20, 30, 120, 130, 255])  # chains of likes, too


@given(st.integers(1, 24).flatmap(lambda n: arrays(np.uint8, (n, 1, 1, 3), elements=few_colours)), st.integers(0, 3))
def test_any_collection_splits_whole_and_keeps_likes_together(canvas: np.ndarray, seed: int) -> None:
    split = grouped_split(canvas, seed)
    assert sorted(np.concatenate(list(split.values())).tolist()) == list(range(len(canvas)))
    assert len(split["train"]) >= 0.7 * len(canvas)
    side = {int(position): part for part, members in split.items() for position in members}
    away = np.abs(canvas[:, None].astype(int) - canvas[None]).mean((2, 3, 4))
    assert all(side[int(i)] == side[int(j)] for i, j in np.argwhere(away < 14))


def test_a_split_is_the_same_again_with_its_seed_and_another_without(flags: Dataset) -> None:
    small = flags.flags.canvas[:, ::4, ::4]
    first, again, other = (grouped_split(small, seed) for seed in (5, 5, 6))
    assert first["test"].tolist() == again["test"].tolist() != other["test"].tolist()
    assert [len(first[part]) for part in ("validation", "test")] == [37, 37]


def test_an_unknown_split_names_those_there_are(toy: Dataset) -> None:
    with pytest.raises(UsageError, match="grouped"):
        toy.split("notebook")


def test_the_toy_set_is_named_by_its_table(toy: Dataset) -> None:
    assert [name.title for name in toy.flags.names][:2] == ["Colombia", "France"]
    assert toy.size == (8, 12) and toy.flags.fine.shape == (6, 24, 36)
    assert toy.flags.names[toy.name_table()["jax"]].slug == "japan"
    assert len(toy.splits["grouped"]["train"]) >= 4


def test_files_that_are_no_pictures_are_named_and_skipped(toy_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(toy_folder, tmp_path / "mine")
    (tmp_path / "mine" / "notes.txt").write_text("not a flag")
    skipped: list[str] = []
    dataset = prepare(tmp_path / "mine", size=(8, 12), skipped=skipped.append)
    assert len(dataset.flags) == 6
    assert len(skipped) == 1 and skipped[0].startswith("notes.txt")
    with pytest.raises(PictureError, match=r"notes\.txt"):
        prepare(tmp_path / "mine", size=(8, 12), strict=True)


def test_a_folder_without_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no pictures in"):
        prepare(tmp_path)


def test_files_without_a_table_are_named_after_themselves(toy_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    shutil.copy(toy_folder / "japan.png", tmp_path / "My Flag.png")
    shutil.copy(toy_folder / "france.png", tmp_path / "more" / "my-flag.png")
    dataset = prepare(tmp_path, size=(8, 12))
    assert [name.slug for name in dataset.flags.names] == ["my-flag", "my-flag-2"]


def test_no_two_pictures_share_a_slug(tmp_path: Path) -> None:
    for name in ("a-2.png", "a.png", "b/a.png", "日本.png", "中国.png"):
        paint(tmp_path / name)
    slugs = [name.slug for name in prepare(tmp_path, size=(4, 6)).flags.names]
    assert sorted(slugs) == ["a", "a-2", "a-3", "u4e2d-u56fd", "u65e5-u672c"]


def test_a_table_names_pictures_of_one_name_apart(tmp_path: Path) -> None:
    for name in ("My Flag.png", "more/my_flag.png"):
        paint(tmp_path / name)
    (tmp_path / "flags.csv").write_text("slug,name,aliases\nMy-Flag,Mine,ours\n", encoding="utf-8-sig")
    names = prepare(tmp_path, size=(4, 6)).flags.names
    assert names == (Name("my-flag", "Mine", ("ours",)), Name("my-flag-2", "Mine", ("ours",)))


def test_a_zip_is_the_folder_that_it_holds(toy_folder: Path, toy: Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "toy.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in toy_folder.iterdir():
            archive.write(path, f"toy/{path.name}")
    assert prepare(tmp_path / "toy.zip", size=(8, 12)).hash == toy.hash


def test_a_table_in_a_zip_names_its_pictures(toy_folder: Path, toy: Dataset, tmp_path: Path) -> None:
    for inside in ("", "toy/"):
        with zipfile.ZipFile(tmp_path / "toy.zip", "w") as archive:
            for path in toy_folder.iterdir():
                archive.write(path, inside + path.name)
        dataset = prepare(tmp_path / "toy.zip", size=(8, 12))
        assert (dataset.hash, dataset.flags.names) == (toy.hash, toy.flags.names)


def test_pictures_in_any_script_are_found_by_their_titles(tmp_path: Path) -> None:
    for name in ("日本", "中国", "Łódź"):
        paint(tmp_path / f"{name}.png")
    dataset = prepare(tmp_path, size=(4, 6))
    assert [dataset.find([title]).names[0].title for title in ("日本", "中国", "Łódź", "lodz")] == [
        "日本",
        "中国",
        "Łódź",
        "Łódź",
    ]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_pictures_all_alike_are_all_trained_on(tmp_path: Path, count: int) -> None:
    for number in range(count):
        paint(tmp_path / f"{number}.png")
    dataset = prepare(tmp_path, size=(4, 6))
    assert splits(dataset)["grouped"] == {"train": list(range(count)), "validation": [], "test": []}


def test_a_folder_that_is_left_out_is_named_or_stops(tmp_path: Path) -> None:
    paint(tmp_path / "a.png")
    os.mkfifo(tmp_path / "b.png")
    (tmp_path / "linked").symlink_to(tmp_path)
    skipped: list[str] = []
    assert len(prepare(tmp_path, size=(4, 6), skipped=skipped.append).flags) == 1
    assert [line.split(" is ")[0] for line in skipped] == ["linked", "b.png"]
    with pytest.raises(PictureError, match="linked"):
        prepare(tmp_path, size=(4, 6), strict=True)


def test_an_operand_that_is_no_regular_file_is_not_opened(flags: Dataset, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.png")
    with pytest.raises(PictureError, match=r"fifo\.png is a pipe, no picture$"):
        flags.find([str(tmp_path / "fifo.png")])
    with pytest.raises(UnknownName):
        flags.find(["no such flag " * 400])  # longer than a file's name may be


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        prepare(tmp_path / "nowhere")


def test_the_canvas_has_the_size_that_was_asked_for(toy_folder: Path) -> None:
    dataset = prepare(toy_folder / "sweden.png", size=(10, 16))
    assert dataset.size == (10, 16)
    assert dataset.flags.canvas.shape == (1, 10, 16, 3)
    assert dataset.flags.fine.shape == dataset.flags.fine_areas.shape == (1, 30, 48)
    assert dataset.flags.aspect[0] == pytest.approx(8 / 5, abs=0.01)


def test_a_palette_of_ones_own_has_as_many_colours_as_were_asked_for(toy_folder: Path, toy: Dataset) -> None:
    dataset = prepare(toy_folder, size=(8, 12), colours=5)
    assert len(set(dataset.palette.names)) == len(dataset.palette) == 5
    assert dataset.flags.fine.max() < 5
    assert dataset.flags.tints.shape == (6, 5, 3)
    assert dataset.hash != toy.hash


def test_progress_counts_up_to_the_end(toy_folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    prepare(toy_folder, size=(4, 6), progress=lambda *step: seen.append(step))
    assert [(done, total) for done, total, _ in seen] == [(done, 6) for done in range(7)]
    assert seen[0][2] == "Colombia"


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (3, 3)])
def test_a_picture_of_any_proportions_is_a_flag(toy: Dataset, size: tuple[int, int]) -> None:
    flag = make_flag(Name("x", "X"), np.full((*size, 3), (210, 20, 35), np.uint8), toy.palette, (8, 12))
    assert flag.labels.shape == (1, 8, 12)
    assert {toy.palette.names[entry] for entry in np.unique(flag.fine)} == {"red"}


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_large_picture_is_shrunk_on_both_sides(height: int, width: int) -> None:
    small = shrink(np.zeros((height, width, 3), np.uint8))
    assert max(small.shape[:2]) == min(max(height, width), WORKING_SIDE)
    if min(small.shape[:2]) > 50:
        assert small.shape[1] / small.shape[0] == pytest.approx(width / height, rel=0.02)


def test_one_picture_is_a_dataset(toy_folder: Path) -> None:
    dataset = prepare(toy_folder / "japan.png", size=(8, 12), colours=5)
    assert len(dataset.splits["grouped"]["train"]) == 1
    assert len(dataset.palette) == 2


def test_a_dataset_survives_its_file(toy: Dataset, tmp_path: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    back = load_dataset(str(tmp_path / "toy.npz"))
    assert all((getattr(back.flags, array) == getattr(toy.flags, array)).all() for array in ARRAYS)
    assert (back.hash, back.name, back.flags.names) == (toy.hash, toy.name, toy.flags.names)
    assert back.palette.names == toy.palette.names and (back.palette.rgb == toy.palette.rgb).all()
    assert (back.palette.anchors == toy.palette.anchors).all() and (back.palette.entries == toy.palette.entries).all()
    assert splits(back) == splits(toy)


def test_arrays_are_read_when_they_are_asked_for(toy: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    save_dataset(toy, path)
    later = read_dataset(path, later=True)
    path.unlink()  # a file may be replaced while it is in use
    row = later.flags[[2]]
    assert not set(ARRAYS) & {*vars(later.flags), *vars(row)}
    assert (row.fine == toy.flags.fine[2:3]).all() and not set(ARRAYS) & vars(later.flags).keys() - {"fine"}
    assert (pickle.loads(pickle.dumps(row)).tints == toy.flags.tints[2:3]).all()
    assert row.place_in(later.flags) == 2 and row.place_in(toy.flags) is None
    wrong = replace(toy, flags=replace(toy.flags, labels=np.full_like(toy.flags.labels, 99)))
    save_dataset(wrong, path)
    with pytest.raises(DatasetError, match="beyond the palette"):
        _ = read_dataset(path, later=True).flags[[0]].labels


def test_a_prepared_dataset_is_found_by_its_name(toy: Dataset) -> None:
    save_dataset(toy, paths.dataset_file("mine"))
    assert load_dataset("mine").hash == toy.hash


@st.composite
def datasets(draw: st.DrawFn, toy: Dataset) -> Dataset:
    """Any arrays that a dataset may have, any names."""
    count, height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    small, fine = (count, height, width), (count, 3 * height, 3 * width)
    texts = st.text(max_size=8)
    slugs = draw(st.lists(st.text(min_size=1, max_size=8), min_size=count, max_size=count, unique=True))
    colours = st.integers(0, len(toy.palette) - 1)
    flags = Flags(
        tuple(Name(slug, draw(texts), tuple(draw(st.lists(texts, max_size=2)))) for slug in slugs),
        draw(arrays(np.uint8, (*small, 3))),
        *(draw(arrays(np.uint8, shape, elements=colours)) for shape in (small, fine)),
        *(draw(arrays(np.uint8, shape)) for shape in (small, fine, (count, len(toy.palette), 3))),
        draw(arrays(np.float32, count, elements=st.floats(0.25, 4, width=32))),
    )
    positions = arrays(np.int64, st.integers(0, count), elements=st.integers(0, count - 1), unique=True)
    parts = {draw(texts): {"train": draw(positions)}}
    return Dataset(draw(texts), flags, toy.palette, parts, draw(texts))


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_is_saved_is_loaded(
    toy: Dataset, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    dataset = data.draw(datasets(toy))
    path = tmp_path_factory.mktemp("any") / "any.npz"
    save_dataset(dataset, path)
    back = load_dataset(str(path))
    assert (back.name, back.hash, back.flags.names) == (dataset.name, dataset.hash, dataset.flags.names)
    assert splits(back) == splits(dataset)
    for array in ARRAYS:
        saved, loaded = getattr(dataset.flags, array), getattr(back.flags, array)
        assert np.array_equal(saved, loaded) and saved.dtype == loaded.dtype


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_noticed(
    toy: Dataset, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "toy.npz"
    save_dataset(toy, path)
    damaged = bytearray(path.read_bytes())
    spots = st.dictionaries(st.integers(0, len(damaged) - 1), st.integers(0, 255), min_size=1, max_size=3)
    for spot, value in data.draw(spots).items():
        damaged[spot] = value
    path.write_bytes(damaged)
    try:
        back = load_dataset(str(path))
    except DatasetError as error:
        assert "\n" not in str(error)
    else:  # the damage hit what nobody reads, as a date
        assert back.hash == toy.hash and splits(back) == splits(toy)
        assert all(np.array_equal(getattr(back.flags, array), getattr(toy.flags, array)) for array in ARRAYS)


@pytest.mark.long
def test_the_hash_follows_the_pixels(toy_folder: Path, toy: Dataset, tmp_path: Path) -> None:
    shutil.copytree(toy_folder, tmp_path / "mine")
    assert prepare(tmp_path / "mine", size=(8, 12)).hash == toy.hash
    shutil.copy(paths.shipped("flags/china.png"), tmp_path / "mine" / "japan.png")
    assert prepare(tmp_path / "mine", size=(8, 12)).hash != toy.hash


def test_the_hash_follows_a_single_pixel_a_name_and_the_palette(tmp_path: Path) -> None:
    paint(tmp_path / "a.png")
    before = prepare(tmp_path, size=(8, 12)).hash
    assert prepare(tmp_path, name="other", size=(8, 12)).hash == before  # what it is called is no part of it
    assert prepare(tmp_path, size=(8, 12), colours=1).hash != before
    (tmp_path / "a.png").rename(tmp_path / "b.png")
    assert prepare(tmp_path, size=(8, 12)).hash != before
    (tmp_path / "b.png").rename(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        picture.putpixel((3, 3), (254, 0, 0))
        picture.save(tmp_path / "a.png")
    assert prepare(tmp_path, size=(8, 12)).hash != before


def written(save: Callable[..., None], *args: object, **arrays: object) -> bytes:
    out = io.BytesIO()
    save(out, *args, **arrays)
    return out.getvalue()


def with_header(path: Path, **changes: object) -> bytes:
    """The dataset file with other values in its header."""
    with np.load(path) as file:
        held = {name: file[name] for name in file.files}
    header = json.loads(held.pop("header").tobytes()) | changes
    return written(np.savez, header=np.frombuffer(json.dumps(header).encode(), np.uint8), **held)


def locked(whole: bytes) -> bytes:
    """The zip with the flag "encrypted" on its last entry."""
    data = bytearray(whole)
    data[whole.rindex(b"PK\1\2") + 8] |= 1
    return bytes(data)


def zipped(header: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("header.npy", header)
    return out.getvalue()


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda path: b"", id="empty"),
        pytest.param(lambda path: b"hello", id="text"),
        pytest.param(lambda path: path.read_bytes()[: path.stat().st_size // 2], id="cut"),
        pytest.param(lambda path: with_header(path, format=99), id="another format"),
        pytest.param(lambda path: with_header(path, splits=[]), id="another header"),
        pytest.param(lambda path: locked(path.read_bytes()), id="locked"),
        pytest.param(lambda path: written(np.savez), id="no arrays"),
        pytest.param(lambda path: written(np.savez, header=np.array([{"format": 1}], object)), id="pickle"),
        pytest.param(lambda path: written(np.save, np.zeros(3)), id="one array"),
        pytest.param(lambda path: zipped(b"\x93NUMPY\1\0\x10\0{'descr': ((((  "), id="damaged array"),
    ],
)
def test_a_damaged_dataset_ends_in_one_line(toy: Dataset, tmp_path: Path, damaged: Callable[[Path], bytes]) -> None:
    path = tmp_path / "toy.npz"
    save_dataset(toy, path)
    path.write_bytes(damaged(path))
    with pytest.raises(DatasetError, match="flagsae prepare") as error:
        load_dataset(str(path))
    assert str(error.value).startswith(str(path)) and "\n" not in str(error.value)


def test_an_unknown_dataset_says_how_to_make_one() -> None:
    with pytest.raises(UnknownName, match="flagsae prepare SOURCE --name NAME"):
        load_dataset("mine")


def test_an_unknown_dataset_suggests_the_nearest_of_ones_own(toy: Dataset) -> None:
    for name in ("animals", "birds", "cars", "world"):
        save_dataset(toy, paths.dataset_file(name))
    with pytest.raises(UnknownName, match="one of: world,") as error:
        load_dataset("wrold")
    assert error.value.exit_code == 2


def test_names_and_pictures_mix(flags: Dataset, toy_folder: Path) -> None:
    found = flags.find(["Japan", str(toy_folder / "japan.png")])
    assert (found.labels[0] == found.labels[1]).all()
    with pytest.raises(UsageError, match="no picture at"):
        flags.find(["nowhere/x.png"])
    with pytest.raises(UnknownName, match=r"Did you mean.*japan"):
        flags.find(["morocco", "jappan"])


def test_what_is_called_a_flag_is_found_in_the_order_asked_for(flags: Dataset) -> None:
    found = flags.find(["usa", "Côte d'Ivoire", "MA", "usa"])
    assert [name.slug for name in found.names] == ["united-states", "cote-divoire", "morocco", "united-states"]
