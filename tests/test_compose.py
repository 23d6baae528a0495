"""Composites of real flags are flat, sharp and whole."""

import numpy as np
import pytest

from flagsae import paths
from flagsae.compose import draw, vote
from flagsae.dataset import Dataset
from flagsae.errors import UsageError
from flagsae.model import Crisp, load_model
from flagsae.regions import connected_regions, region_areas


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Crisp:
    loaded = load_model(flags, str(paths.shipped("crisp.safetensors")))
    assert isinstance(loaded, Crisp)
    return loaded


@pytest.mark.parametrize("names", ["morocco colombia malaysia", "japan france", "south-korea mexico", "cuba iceland"])
def test_a_vote_has_few_colours_and_no_speckle(flags: Dataset, model: Crisp, names: str) -> None:
    parents = flags.find(names.split())
    composite = draw(model, model.encode(parents), [1] * len(parents), parents)
    assert composite.labels is not None
    areas = region_areas(connected_regions(composite.labels))
    assert areas.min() >= 0.0006 * composite.labels.size
    assert len(np.unique(composite.labels)) <= 6
    plain = draw(model, model.encode(parents), [1] * len(parents), parents, "sum")
    assert plain.labels is not None
    assert len(areas) < len(region_areas(connected_regions(plain.labels))) / 4


def test_japan_and_france_keep_the_disc_and_the_blue(flags: Dataset, model: Crisp) -> None:
    parents = flags.find(["japan", "france"])
    composite = draw(model, model.encode(parents), [1, 1], parents)
    assert composite.labels is not None
    red = flags.palette.names.index("red")
    assert (composite.labels[102, 153] == red) and (composite.labels == red).sum() > 3000
    hoist = np.bincount(composite.labels[:, :40].ravel()).argmax()
    assert flags.palette.names[hoist] == "dark blue"


def test_a_flag_alone_is_that_flag(flags: Dataset, model: Crisp) -> None:
    parents = flags.find(["sweden"])
    composite = draw(model, model.encode(parents), [1], parents)
    assert (composite.labels == parents.fine[0]).mean() > 0.99
    assert composite.tints is not None
    assert (composite.tints == parents.tints[0]).all()


def test_weights_lean_to_the_heavier_parent(flags: Dataset, model: Crisp) -> None:
    parents = flags.find(["japan", "brazil"])
    codes = model.encode(parents)
    to_brazil = draw(model, codes, [0.2, 0.8], parents).labels
    to_japan = draw(model, codes, [0.8, 0.2], parents).labels
    assert to_brazil is not None and to_japan is not None
    assert (to_brazil == parents.fine[1]).mean() > (to_japan == parents.fine[1]).mean()
    assert (to_japan == parents.fine[0]).mean() > (to_brazil == parents.fine[0]).mean()


def test_a_charge_is_never_cut_by_another_flags_stripes() -> None:
    star = np.zeros((40, 60), np.uint8)
    star[15:25, 25:35] = 1
    stripes = np.zeros((40, 60), np.uint8)
    stripes[20:] = 2
    scores = np.zeros((3, 40, 60), np.float32)
    scores[0], scores[2, 20:] = 0.1, 0.5
    scores[1, 15:25, 25:35] = 0.4  # outvotes the field above, and all in all the stripe below
    labels = vote(np.stack([star, stripes]), scores)
    assert (labels[15:25, 25:35] == 1).all()
    assert (labels[20:, :25] == 2).all()


def test_codes_alone_can_be_drawn(flags: Dataset, model: Crisp) -> None:
    composite = draw(model, model.encode(flags.find(["japan", "france"])), [1, 1])
    assert composite.tints is not None
    assert (composite.tints == flags.palette.rgb).all()


def test_an_unknown_method_is_a_usage_error(flags: Dataset, model: Crisp) -> None:
    with pytest.raises(UsageError, match="vote, sum"):
        draw(model, model.encode(flags.find(["japan"])), [1], None, "blur")
