"""A dataset keeps the designs of its flags."""

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_sample_image

from flagsae.design import kept, vectors
from flagsae.errors import DatasetError
from flagsae.flags.dataset import Dataset, read_dataset, save_dataset


def test_designs_come_back_from_a_file(tmp_path: Path, flags: Dataset) -> None:
    places = [flags.name_table()[name] for name in ("japan", "norway")]
    small = replace(flags, flags=flags.flags[places], splits={}, designs=b"")
    seen: list[tuple[int, int]] = []
    made, count = vectors.with_designs(small, lambda done, total, name: seen.append((done, total)))
    save_dataset(made, tmp_path / "small.npz")
    back = read_dataset(tmp_path / "small.npz")
    japan, norway = (kept.kept(back, flag) for flag in (0, 1))
    assert count == 2 and seen == [(0, 2), (1, 2), (2, 2)]
    assert japan is not None and [charge.shape for charge in japan.charges] == ["disc"]
    assert norway is not None and [layer.figure for layer in norway.layers] == ["stripes", "cross", "cross"]
    assert kept.kept(replace(back, designs=b""), 0) is None


def test_the_bundled_flags_have_the_designs_that_the_parser_finds(flags: Dataset) -> None:
    meant = "where that is meant, run: python data/make.py flags"
    for slug in ("japan", "norway", "brazil", "fiji"):
        flag = flags.name_table()[slug]
        found = kept.design_of(flags.flags[[flag]], flags.palette, flags.flags.fine)
        assert found is not None and kept.kept(flags, flag) == found, f"{slug}: {meant}"
    assert len(zlib.compress(flags.designs)) < 100_000


@pytest.mark.parametrize("designs", [b"[", b"[null]", b"[1, 2]", b'[{"design": 1}, null]', b'[{"layers": []}, null]'])
def test_damaged_designs_are_named(flags: Dataset, designs: bytes) -> None:
    small = replace(flags, flags=flags.flags[[0, 1]], designs=designs)
    with pytest.raises(DatasetError, match=r"damaged \(design of afghanistan: .*`flagsae prepare`"):
        kept.kept(small, 0)


def test_a_photograph_has_no_design(flags: Dataset) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (60, 90, 3), np.uint8)
    for picture in (noise, load_sample_image("flower.jpg")[::3, ::3]):
        flag = flags.make_flag(flags.flags.names[0], np.ascontiguousarray(picture))
        assert kept.design_of(flag, flags.palette) is None
