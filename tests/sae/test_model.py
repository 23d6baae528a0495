"""Flags to codes and back, with the shipped model; model files that are damaged or of another dataset."""

import json
from dataclasses import replace

import numpy as np
import pytest
from models import read_tensors

from flagsae import paths
from flagsae.errors import ModelError, UnknownName, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae import metrics
from flagsae.sae.codes import compose, sample_codes
from flagsae.sae.crisp import Crisp, likeness, mix, weights
from flagsae.sae.model import halved, load_model, save_model, widened


@pytest.fixture(scope="session")
def model(flags: Dataset) -> Crisp:
    loaded = load_model(flags, str(paths.shipped("crisp.safetensors")))
    assert isinstance(loaded, Crisp)
    return loaded


@pytest.mark.long
def test_the_shipped_model_rebuilds_every_flag(flags: Dataset, model: Crisp) -> None:
    codes = model.encode(flags.flags)
    accuracy = metrics.pixel_accuracy(flags.flags.labels, model.decode(codes))
    assert accuracy.mean() > 0.994
    assert accuracy.min() > 0.85
    assert (codes > 0).sum(1).max() <= model.active
    assert (codes >= 0).all()


def test_small_parts_survive_the_fine_grid(flags: Dataset, model: Crisp) -> None:
    morocco = flags.find(["morocco"])
    green = flags.palette.names.index("green")
    rebuilt = model.decode(model.encode(morocco), fine=True)[0]
    star = morocco.fine[0] == green
    assert (rebuilt[star] == green).mean() > 0.95
    assert (rebuilt == green).sum() < 1.3 * star.sum()


def test_a_code_is_a_mixture_of_flags_and_of_nothing_else(flags: Dataset, model: Crisp) -> None:
    mixture = model.mixture(model.encode(flags.find(["japan", "france"])))
    assert mixture.sum(1) == pytest.approx(1, abs=1e-3)


@pytest.mark.long
def test_decoding_is_linear_until_the_argmax(flags: Dataset, model: Crisp) -> None:
    codes = model.encode(flags.find(["japan", "france"]))
    nothing = model.scores(np.zeros_like(codes[:1]))
    apart, together = model.scores(codes), model.scores(codes.sum(0, keepdims=True))
    assert together[0] == pytest.approx(apart[0] + apart[1] - nothing[0], abs=5e-3)


def test_a_models_likeness_is_that_of_all_flags_before_any_dictionary(flags: Dataset, model: Crisp) -> None:
    some, known = flags.flags[[0, 7]], flags.flags
    like = model.likeness(some)
    weight, known_weight = weights(some.areas, 0.25), weights(known.areas, 0.25)
    assert (like == likeness(some.labels, weight, known.labels, known_weight)).all()
    assert (model.activate(like) == model.encode(some)).all()
    assert like.argmax(1).tolist() == [0, 7]


def test_half_as_large_a_model_has_the_same_features(flags: Dataset, model: Crisp) -> None:
    tensors = {"encoder": model.encoder, "decoder": model.decoder, "encoder_bias": model.encoder_bias}
    small, exponents = halved(tensors)
    assert sum(tensor.nbytes for tensor in small.values()) < 0.51 * sum(tensor.nbytes for tensor in tensors.values())
    wide = replace(model, **widened(small, exponents))
    assert wide.encoder.dtype == wide.decoder.dtype == np.float32
    like = model.likeness(flags.flags)
    codes, again = model.activate(like), wide.activate(like)
    assert ((codes > 0) == (again > 0)).all(1).mean() > 0.995
    assert again == pytest.approx(codes, abs=2e-3)
    assert (wide.encoder_bias == model.encoder_bias).all()


@pytest.mark.long
def test_likeness_is_the_product_of_weighted_one_hots(toy: Dataset) -> None:
    flags, colours = toy.flags, len(toy.palette)
    weight = weights(flags.areas, 0.25)
    hot = (flags.labels[:, None] == np.arange(colours)[:, None, None]) * weight[:, None]
    flat = hot.reshape(len(flags), -1)
    assert likeness(flags.labels, weight, flags.labels, weight) == pytest.approx(flat @ flat.T, rel=1e-4)
    shares = np.array([[0.5, 0.25, 0, -0.5, 1, 0]], np.float32)
    mixed = mix(shares, flags.labels, flags.areas, 0.25, colours)
    assert mixed[0] == pytest.approx(np.tensordot(shares[0], hot, 1), abs=1e-5)


def test_weights_have_mean_square_one_and_favour_small_parts(flags: Dataset) -> None:
    weight = weights(flags.flags.areas, 0.25)
    assert (weight**2).mean((1, 2)) == pytest.approx(1, abs=1e-4)
    morocco = flags.name_table()["morocco"]
    star = flags.flags.labels[morocco] == flags.palette.names.index("green")
    assert weight[morocco][star].min() > 2 * weight[morocco][0, 0]


def test_compose_sums_and_stays_at_least_zero() -> None:
    codes = np.array([[1, 0, 2], [0, 3, 1]], np.float32)
    assert compose(codes, [1, 1]).tolist() == [[1, 3, 3]]
    assert compose(codes, [1, -1]).tolist() == [[1, 0, 1]]


@pytest.mark.parametrize("prior", ["uniform", "gaussian", "empirical"])
def test_sampled_codes_are_reproducible_and_new(flags: Dataset, model: Crisp, prior: str) -> None:
    real = model.encode(flags.flags)

    def drawn(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        return np.stack([sample_codes(real, prior, random) for _ in range(5)])

    assert drawn(7).shape == (5, len(model)) and (drawn(7) >= 0).all()
    assert (drawn(7) == drawn(7)).all()
    assert (drawn(7) != drawn(8)).any()
    assert not any((real == one).all(1).any() for one in drawn(7))


def test_a_gaussian_sample_is_as_sparse_as_real_flags(flags: Dataset, model: Crisp) -> None:
    real = model.encode(flags.flags)
    random = np.random.default_rng(0)
    active = np.mean([(sample_codes(real, "gaussian", random) > 0).sum() for _ in range(200)])
    assert active == pytest.approx((real > 0).sum(1).mean(), rel=0.2)


def test_an_unknown_prior_is_named() -> None:
    with pytest.raises(UsageError, match="uniform, gaussian or empirical"):
        sample_codes(np.ones((2, 3), np.float32), "magic", np.random.default_rng(0))


def test_a_model_of_another_dataset_is_refused(toy: Dataset) -> None:
    with pytest.raises(ModelError, match="was trained on dataset 'flags'"):
        load_model(toy, str(paths.shipped("crisp.safetensors")))


def test_a_dataset_without_a_model_says_how_to_train_one(toy: Dataset) -> None:
    with pytest.raises(ModelError, match="flagsae train --data toy"):
        load_model(toy)


def test_an_unknown_model_is_a_usage_error(flags: Dataset) -> None:
    with pytest.raises(UnknownName, match="no model named 'crips'"):
        load_model(flags, "crips")


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "no header", "missing tensor", "other format"])
def test_a_damaged_model_file_ends_in_one_line(flags: Dataset, tmp_path, damage: str) -> None:
    path = tmp_path / "model.safetensors"
    whole = paths.shipped("crisp.safetensors").read_bytes()
    tensors, header = read_tensors(paths.shipped("crisp.safetensors"))
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "text":
        path.write_text("not a model")
    elif damage == "no header":
        from safetensors.numpy import save_file

        save_file(tensors, path)
    elif damage == "missing tensor":
        del tensors["decoder"]
        save_model(path, tensors, header)
    else:
        save_model(path, tensors, {**header, "format": 99})
    with pytest.raises(ModelError) as error:
        load_model(flags, str(path))
    assert "\n" not in str(error.value)
    assert "train" in str(error.value)


def test_the_shipped_model_says_how_it_was_made() -> None:
    _, header = read_tensors(paths.shipped("crisp.safetensors"))
    assert header["config"]["preset"] == "crisp"
    assert header["config"]["seed"] == 0
    assert json.dumps(header["figures"])
    assert paths.shipped("crisp.safetensors").stat().st_size < 600_000


def test_a_dataset_of_an_older_version_without_designs_has_the_model_of_pictures(flags: Dataset) -> None:
    assert load_model(flags).kind == "design"
    assert load_model(replace(flags, designs=b"", features=b"")).kind == "crisp"
