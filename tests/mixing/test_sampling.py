"""Samples are new, clean, and the same for the same seed."""

import numpy as np
import pytest

from flagsae import paths
from flagsae.errors import UsageError
from flagsae.flags.dataset import Dataset
from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.mixing import sampling
from flagsae.mixing.choices import PRIORS
from flagsae.mixing.compose import draw, read
from flagsae.mixing.sampling import nearest_flag, sample
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Model:
    return load_model(flags, str(paths.shipped("crisp.safetensors")))


@pytest.mark.long
@pytest.mark.parametrize("prior", PRIORS)
def test_every_prior_gives_flags_that_do_not_exist(flags: Dataset, model: Model, prior: str) -> None:
    for one in sample(model, 2, prior=prior, seed=5):
        assert one.distance >= NEAR_DUPLICATE
        assert one.distance == pytest.approx(nearest_flag(one.composite.picture(), flags))
        assert one.composite.design is not None
        assert 2 <= len(np.unique(one.composite.design.flat())) <= 12


@pytest.mark.long
def test_a_seed_decides(flags: Dataset, model: Model) -> None:
    def drawn(seed: int) -> list[str]:
        return [one.expression for one in sample(model, 2, prior="mix", seed=seed, decode="sum")]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.long
def test_a_mixtures_expression_draws_it_again(flags: Dataset, model: Model) -> None:
    (one,) = sample(model, 1, prior="mix", seed=11)
    (again,) = draw(model, read(one.expression, model))
    assert again.code == pytest.approx(one.composite.code, abs=1e-4)
    assert (again.picture() == one.composite.picture()).all()


@pytest.mark.long
def test_real_flags_can_be_avoided_only_so_far(flags: Dataset, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "TRIES", 3)
    with pytest.raises(UsageError, match="smaller avoid_real"):
        list(sample(model, 1, prior="mix", seed=0, avoid_real=254, decode="sum"))


def test_an_unknown_prior_is_named(flags: Dataset, model: Model) -> None:
    with pytest.raises(UsageError, match="grammar, mix, empirical, gaussian, uniform"):
        next(sample(model, 1, prior="magic"))
