"""Which codes are near, where a map puts them, and how pictures find room on it."""

import numpy as np
import pytest

from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae.embedding import arrange, directions, nearest, project, similarities, spread, unit_square
from flagsae.sae.model import load_model


def three_crowds(each: int = 6) -> np.ndarray:
    """Codes of three kinds of flags, each with features of its own; in the order 0 1 2 0 1 2 …"""
    random = np.random.default_rng(0)
    codes = np.zeros((3 * each, 12))
    for number in range(len(codes)):
        kind = number % 3
        codes[number, 4 * kind : 4 * kind + 4] = random.uniform(0.5, 1, 4)
    return codes


def test_what_fires_in_both_counts_and_how_strongly_does_not() -> None:
    known = np.array([[1.0, 0, 0, 0], [0, 2, 0, 0], [3, 3, 0, 0], [0, 0, 0, 0]])
    alike = similarities(known[:1], known)[0]
    assert alike == pytest.approx([1, 0, 0.5**0.5, 0])
    assert similarities(10 * known[:1], known)[0] == pytest.approx(alike)


def test_of_dense_codes_the_share_that_all_have_is_taken_out() -> None:
    """Sigmoids that are on a little everywhere, as in the seed preset."""
    random = np.random.default_rng(1)
    known = 0.4 + 0.3 * random.random((40, 64))
    raw = known / np.linalg.norm(known, axis=1, keepdims=True)
    others = ~np.eye(40, dtype=bool)
    assert (raw @ raw.T)[others].min() > 0.9
    assert np.abs(similarities(known, known)[others]).mean() < 0.15
    for one, other in ((0, 1), (7, 20), (33, 2)):
        assert set(nearest(similarities(known[[one]] + known[[other]], known)[0], 2)) == {one, other}


def test_the_nearest_come_first_and_the_flag_itself_not_at_all() -> None:
    alike = np.array([0.2, 1.0, 0.7, 0.7, -0.1])
    assert nearest(alike, 3) == [1, 2, 3]
    assert nearest(alike, 4, without=1) == [2, 3, 0, 4]
    with pytest.raises(UsageError, match=r"count 5 is too many.* 4 other flags"):
        nearest(alike, 5, without=1)


def test_chad_and_romania_are_one_flag_to_the_model(flags: Dataset) -> None:
    codes = load_model(flags).encode(flags.flags)
    chad, romania = flags.name_table()["chad"], flags.name_table()["romania"]
    alike = similarities(codes[[chad]], codes)[0]
    assert nearest(alike, 1, without=chad) == [romania]
    assert alike[romania] > 0.99 > 0.9 > np.median(alike)


@pytest.mark.parametrize("method", ["tsne", "pca"])
def test_a_map_keeps_crowds_together(method: str) -> None:
    codes = three_crowds()
    points = project(directions(codes, codes), method)
    assert points.shape == (18, 2)
    away = np.linalg.norm(points[:, None] - points, axis=2) + np.where(np.eye(18) > 0, np.inf, 0)
    assert (away.argmin(1) % 3 == np.arange(18) % 3).all()


@pytest.mark.long
def test_a_seed_gives_its_map_again_and_another_seed_another() -> None:
    codes = three_crowds()
    first = project(codes, "tsne", seed=4)
    assert (project(codes, "tsne", seed=4) == first).all()
    assert not np.allclose(project(codes, "tsne", seed=5), first)


@pytest.mark.long
@pytest.mark.parametrize("method", ["tsne", "pca"])
def test_a_map_that_sets_out_from_another_can_be_compared_with_it(method: str) -> None:
    """Codes that have changed a little, as from one step of training to the next."""
    codes = three_crowds(20)
    turned = project(codes, method, seed=1) @ np.array([[0.0, -1], [1, 0]])
    later = codes + np.random.default_rng(3).normal(0, 0.02, codes.shape)
    alone, after = project(later, method), project(later, method, start=turned)

    def likeness(points: np.ndarray) -> float:
        return float(np.corrcoef(points.ravel(), turned.ravel())[0, 1])

    assert likeness(after) > 0.95 > likeness(alone)
    assert np.abs(after.mean(0)).max() < 1e-3 * after.std()


def test_pca_of_a_plane_is_the_plane() -> None:
    random = np.random.default_rng(2)
    plane = random.normal(size=(9, 2)) @ random.normal(size=(2, 7))
    points = project(plane, "pca")
    before, after = (np.linalg.norm(p[:, None] - p, axis=2) for p in (plane, points))
    assert after == pytest.approx(before)
    assert points[:, 0].std() >= points[:, 1].std()
    # Signs are arbitrary: the same plane the other way round has the same map.
    assert project(-plane, "pca") == pytest.approx(points)


@pytest.mark.parametrize("method", ["tsne", "pca"])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_few_flags_and_equal_ones_have_places_too(method: str, count: int) -> None:
    assert np.isfinite(project(three_crowds()[:count], method)).all()
    assert np.isfinite(project(np.ones((count, 4)), method)).all()


def test_what_cannot_be_mapped_is_said() -> None:
    codes = three_crowds()
    with pytest.raises(UsageError, match="perplexity 18 is too large for 18 flags: give less than 18"):
        project(codes, "tsne", perplexity=18)
    with pytest.raises(UsageError, match="tsne, pca, not 'umap'"):
        project(codes, "umap")
    with pytest.raises(UsageError, match="of t-SNE"):
        project(codes, "pca", perplexity=5)


def test_crowds_get_room_and_order_stays() -> None:
    points = np.array([[0.0, 0], [0.01, 0], [0.02, 0], [0.02, 0], [10, 0]])
    assert unit_square(points, even=0)[:, 0] == pytest.approx([0, 0.001, 0.002, 0.002, 1])
    x, y = unit_square(points).T
    assert x[0] < x[1] < x[2] == x[3] < x[4]
    assert x[1] > 0.1 and y == pytest.approx([0.5] * 5)


def overlaps(middles: np.ndarray, size: tuple[float, float]) -> int:
    over = (np.abs(middles[:, None] - middles) < np.array(size) * 0.97).all(2)
    return (int(over.sum()) - len(middles)) // 2


def test_pictures_move_apart_and_stay_on_the_sheet() -> None:
    random = np.random.default_rng(3)
    middles = np.concatenate([random.uniform(20, 80, (30, 2)), [[50.0, 50]] * 3])  # three at one place
    assert overlaps(middles, (9, 6)) > 20
    moved = spread(middles, (9, 6), (100, 100))
    assert overlaps(moved, (9, 6)) == 0
    assert (moved >= (4.5, 3)).all() and (moved <= (95.5, 97)).all()
    assert np.linalg.norm(moved - middles, axis=1).mean() < 9
    alone = np.array([[30.0, 40], [70, 40]])
    assert (spread(alone, (9, 6), (100, 100)) == alone).all()


def test_blocks_are_placed_without_one_over_another() -> None:
    points = np.random.default_rng(4).random((60, 2))
    sizes = [(4 + number % 5, 1 + number % 3) for number in range(60)]
    places = arrange(points, sizes, (60, 14), reach=10)
    cells = np.zeros((14, 60), int)
    for place, (wide, high), (x, y) in zip(places, sizes, points, strict=True):
        if place is not None:
            left, top = place
            cells[top : top + high, left : left + wide] += 1
            assert ((left - round(x * (60 - wide))) ** 2 + 4 * (top - round(y * (14 - high))) ** 2) ** 0.5 <= 10
    assert cells.max() == 1
    assert cells.sum() == sum(w * h for place, (w, h) in zip(places, sizes, strict=True) if place is not None)
    assert 20 < 60 - places.count(None) < 60  # 60 blocks of 12 cells don't fit into 840 of a greedy choice


def test_a_block_with_room_is_where_it_belongs_and_one_too_large_is_left_out() -> None:
    points = np.array([[0.0, 0], [1, 1], [0.5, 0.5]])
    assert arrange(points, [(4, 2), (4, 2), (90, 2)], (20, 10), reach=5) == [(0, 0), (16, 8), None]
