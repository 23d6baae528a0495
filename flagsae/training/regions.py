"""Trains the part dictionaries: TopK autoencoders of region vectors, each with a classifier (readout) of its codes.

The recipe is that of `crisp` where possible (atoms of norm 1, encoder equal to the decoder at the start, AuxK, warm-up
and decay). It trains on principal components of the vectors, so that a dictionary of vectors with a thousand
dimensions takes seconds. Features that fire for no flag are left out at the end. `python data/make.py parts` trains the
shipped dictionaries; it takes two minutes, most of them for computing the vectors.

All random numbers come from a numpy and a torch generator with the same seed: on one machine, with the same number of
threads, the result is equal to the last bit. With another number of threads numpy sums in another order, and after
thousands of steps the dictionary is another one, of the same quality.

Shapes: n drawn regions and m of the flags' own, D numbers in a vector, P principal components, K features, Q classes,
N flags.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from flagsae.design.dictionaries import TOP_FLAGS, Dictionary
from flagsae.design.kinds import LAYOUTS, SHAPES
from flagsae.design.part_model import HALVES, PartModel, to_tensors
from flagsae.design.part_regions import KINDS, Region, pixel_aspect, regions_of
from flagsae.design.part_vectors import Floats, stack
from flagsae.design.tree import tree_of
from flagsae.flags.dataset import Flags
from flagsae.sae.model import save_model
from flagsae.tensors import rounded
from flagsae.training.drawn_grounds import draw_layouts
from flagsae.training.drawn_shapes import Drawn, draw_shapes

Classes: TypeAlias = NDArray[np.int64]  # n, indices of `LAYOUTS` or `SHAPES`


# The fit of a dictionary, by eye.
JITTER = 0.05  # standard deviation of the noise added to the regions that atoms start as, in those of the inputs
WARM_UP = 50  # steps in which the learning rate rises linearly
DECAY = 0.3  # share of all steps, the last ones, in which it falls linearly
CLIP = 1.0  # largest norm of the gradient
REVIVAL = 6  # divides the loss that revives dead features
SHORTEST = 1e-6  # norm of an atom at least, where it is divided by
WEAKEST = 1e-9  # sum of a feature's mean activations at least, where it is divided by
# The fit of a readout.
PENALTY = 1e-5  # weight of the squared weights: they stay finite where a feature tells a class for certain
ITERATIONS = 300  # of L-BFGS at most


@dataclass(frozen=True)
class PartConfig:
    """Sizes and rates of a training; they are saved in the header of the file."""

    grounds: int = 3500  # drawn grounds
    shapes: int = 450  # drawn shapes of each class, times `ChargeKind.drawn` for classes that are easily confused
    own: float = 0.25  # share of the weight of all regions that the flags' own regions have
    components: int = 192  # P
    features: int = 384  # K of the training; of these, the ones that fire for no flag are left out of the model
    active: int = 4  # features that fire for a region
    steps: int = 2500  # of the optimiser
    batch: int = 256  # regions a step
    rate: float = 2e-3  # Adam's learning rate after the warm-up
    silent: int = 30  # steps without firing after which a feature is dead
    revived: int = 32  # dead features, at most, that the auxiliary loss uses for a region
    seed: int = 0  # of all random numbers


@dataclass(frozen=True, eq=False)
class Owned:
    """The regions of real flags, in contrast to drawn ones."""

    vectors: Floats  # m x D
    flags: NDArray[np.int64]  # m, the position of each region's flag


def train_parts(
    flags: Flags, config: PartConfig | None = None, progress: Callable[[str], None] = lambda text: None
) -> PartModel:
    """Trains both dictionaries, of layouts and of shapes. progress: called with a line of text for each step."""
    config = config or PartConfig()
    random = np.random.default_rng(config.seed)
    progress("taking flags apart, drawing grounds and shapes")
    own = own_regions(flags)
    drawn = {"layout": list(draw_layouts(config.grounds, random)), "shape": list(draw_shapes(config.shapes, random))}

    def train(kind: str, classes: Sequence[str]) -> Dictionary:
        progress(f"{kind}: {len(drawn[kind])} drawn regions and {len(own[kind].flags)} of the flags")
        vectors, labels = drawn_regions(kind, drawn[kind])
        dictionary = train_dictionary(kind, classes, vectors, labels, own[kind].vectors, config)
        return living(with_flags(halved(dictionary), own[kind]))

    return PartModel(train("layout", LAYOUTS), train("shape", SHAPES))


def own_regions(flags: Flags) -> dict[str, Owned]:
    """The regions of N flags as vectors, for each kind of region ("layout" and "shape")."""
    vectors: dict[str, list[Floats]] = {kind: [] for kind in KINDS}
    owners: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for position, labels in enumerate(flags.fine):
        for region in regions_of(tree_of(labels, flags.fine)):
            vectors[region.kind].append(region.vector(pixel_aspect(flags, position)))
            owners[region.kind].append(position)
    return {kind: Owned(stack(vectors[kind], 0), np.array(owners[kind], np.int64)) for kind in KINDS}


def drawn_regions(kind: str, drawn: Sequence[Drawn]) -> tuple[Floats, Classes]:
    """(vectors n x D, classes n) of drawn regions of a kind."""
    vectors = stack((Region(kind, one.mask).vector(one.aspect) for one in drawn), 0)
    return vectors, np.array([one.label for one in drawn], np.int64)


def train_dictionary(
    kind: str, classes: Sequence[str], drawn: Floats, labels: Classes, own: Floats, config: PartConfig
) -> Dictionary:
    """A dictionary trained on drawn regions (n x D, of classes `labels`: n) and the flags' own (m x D).

    It does not contain yet which flags its features fire for: see `with_flags`.
    """
    vectors = np.vstack([drawn, own])
    weight = _weights(labels, len(classes), len(own), config.own)
    mean, basis = _principal_components(vectors, weight, config.components)
    x = torch.tensor((vectors - mean) @ basis.T, dtype=torch.float32)
    fitted = _fit_topk(x, torch.tensor(weight, dtype=torch.float32), config)
    features = config.features
    dictionary = Dictionary(
        kind,
        tuple(classes),
        config.active,
        mean=mean.astype(np.float32),
        basis=basis,
        **{name: parameter.numpy() for name, parameter in fitted.items()},
        readout=np.zeros((len(classes), features + 1), np.float32),
        purity=np.zeros((features, len(classes)), np.float32),
        flags_count=np.zeros(features, np.int32),
        top_flags=np.full((features, TOP_FLAGS), -1, np.int32),
        top_strength=np.zeros((features, TOP_FLAGS), np.float32),
    )
    codes = dictionary.encode(drawn)
    return replace(
        dictionary, readout=fit_readout(codes, labels, len(classes)), purity=_purity(codes, labels, len(classes))
    )


def _weights(labels: Classes, classes: int, own: int, share: float) -> NDArray[np.float64]:
    """How often each region is drawn for a batch, n + m, drawn regions first; they sum to 1.

    A class weighs as the square root of its size. The `own` regions of flags weigh `share` in all.
    """
    counts = np.bincount(labels, minlength=classes)
    drawn = counts[labels] ** -0.5
    return np.concatenate([drawn * ((1 - share) / drawn.sum()), np.full(own, share / max(1, own))])


def _principal_components(
    vectors: Floats, weight: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], Floats]:
    """(mean D, basis P x D) of weighted vectors; in this basis their mean squared norm is 1. weight: n + m."""
    mean = (weight[:, None] * vectors).sum(0) / weight.sum()
    centred = vectors - mean
    weighted = centred * np.sqrt(weight)[:, None]
    _, axes = np.linalg.eigh(weighted.T @ weighted)
    basis = axes[:, ::-1][:, :count].T.astype(np.float32)
    scale = float(np.sqrt(np.square(centred @ basis.T).sum(1) @ weight))
    return mean, basis / scale


def _fit_topk(x: torch.Tensor, weight: torch.Tensor, config: PartConfig) -> dict[str, torch.Tensor]:
    """Trains a TopK autoencoder: {"encoder": K x P, "encoder_bias": K, "decoder": K x P, "bias": P}.

    x: (n + m) x P, of mean squared norm 1; weight: n + m, how often each row is drawn for a batch.
    """
    random = torch.Generator().manual_seed(config.seed)
    start = x[torch.multinomial(weight, config.features, generator=random)]
    start = start + JITTER * x.std() * torch.randn(start.shape, generator=random)
    atoms = start / start.norm(dim=1, keepdim=True).clamp(min=SHORTEST)
    encoder, decoder = atoms.clone().requires_grad_(), atoms.clone().requires_grad_()
    encoder_bias = torch.zeros(config.features, requires_grad=True)
    bias = torch.zeros(x.shape[1], requires_grad=True)
    parameters = [encoder, encoder_bias, decoder, bias]
    optimiser = torch.optim.Adam(parameters, lr=config.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP, (config.steps - step) / (DECAY * config.steps))
    )
    silent = torch.zeros(config.features)
    for _ in range(config.steps):
        batch = x[torch.multinomial(weight, config.batch, replacement=True, generator=random)]  # (batch, P)
        positive = torch.relu((batch - bias) @ encoder.T + encoder_bias)  # (batch, K)
        codes = _top(positive, config.active)
        rest = batch - (codes @ decoder + bias)
        loss = rest.square().sum(1).mean()
        dead = silent > config.silent
        if bool(dead.any()):
            revived = _top(positive.masked_fill(~dead, 0), min(config.revived, int(dead.sum())))
            loss = loss + (rest.detach() - revived @ decoder).square().sum(1).mean() / REVIVAL
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            decoder /= decoder.norm(dim=1, keepdim=True)
            silent = torch.where((codes > 0).any(0), torch.zeros_like(silent), silent + 1)
    fitted = {"encoder": encoder, "encoder_bias": encoder_bias, "decoder": decoder, "bias": bias}
    return {name: parameter.detach() for name, parameter in fitted.items()}


def _top(activations: torch.Tensor, active: int) -> torch.Tensor:
    """Activations (batch x K) of which all but the `active` strongest of each row are 0."""
    values, places = activations.topk(active, dim=1)
    return torch.zeros_like(activations).scatter(1, places, values)


def _purity(codes: Floats, labels: Classes, classes: int) -> Floats:
    """The share of each class in the sum of a feature's mean activations over the classes: K x Q.

    codes: n x K, of drawn regions; labels: n.
    """
    none = np.zeros(codes.shape[1], np.float32)
    means = [codes[labels == label].mean(0) if (labels == label).any() else none for label in range(classes)]
    strength = np.stack(means, axis=1)  # (K, Q)
    return (strength / np.maximum(strength.sum(1, keepdims=True), WEAKEST)).astype(np.float32)


def fit_readout(codes: Floats, labels: Classes, classes: int, penalty: float = PENALTY) -> Floats:
    """Multinomial logistic regression of classes on codes, all classes with equal weight.

    codes: n x K; labels: n, below `classes`. Returns Q x (K + 1): weights and, in the last column, biases.
    """
    x = torch.tensor(np.hstack([codes, np.ones((len(codes), 1))]), dtype=torch.float32)
    y = torch.tensor(labels, dtype=torch.long)
    balance = torch.tensor(1 / np.maximum(np.bincount(labels, minlength=classes), 1), dtype=torch.float32)
    weights = torch.zeros(classes, x.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights.T, y, weight=balance) + penalty * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach().numpy().astype(np.float32)


# What the largest matrices are rounded to, in standard deviations. Packed, the file is half as large, and it describes
# all flags as before, the 215 sub-national ones too; with twice as much three or four of these are described otherwise.
GRAINS = {"basis": 0.12, "encoder": 0.015, "decoder": 0.015}


def halved(dictionary: Dictionary) -> Dictionary:
    """The dictionary rounded to half precision or less, exactly as it will be read from its file."""

    def small(name: str) -> Any:
        values = getattr(dictionary, name)
        half = rounded(values, GRAINS[name]) if name in GRAINS else values.astype(np.float16)
        return half.astype(np.float32)

    return replace(dictionary, **{name: small(name) for name in HALVES})


def with_flags(dictionary: Dictionary, own: Owned) -> Dictionary:
    """The dictionary with the number of flags that each feature fires for, and the flags that it fires for most.

    The activation of a flag is that of its strongest region.
    """
    activations = np.zeros((int(own.flags.max(initial=-1)) + 1, len(dictionary)), np.float32)  # (N, K)
    if len(own.flags):
        np.maximum.at(activations, own.flags, dictionary.encode(own.vectors))
    order = np.argsort(-activations, axis=0, kind="stable")[:TOP_FLAGS].T  # (K, TOP_FLAGS or N)
    strength = np.take_along_axis(activations.T, order, axis=1)
    missing = [(0, 0), (0, TOP_FLAGS - order.shape[1])]
    strength = np.pad(strength, missing)
    return replace(
        dictionary,
        flags_count=(activations > 0).sum(0).astype(np.int32),
        top_flags=np.where(strength > 0, np.pad(order, missing), -1).astype(np.int32),
        top_strength=strength,
    )


# The arrays of a dictionary with a row for each feature.
BY_FEATURE = ("encoder", "encoder_bias", "decoder", "purity", "flags_count", "top_flags", "top_strength")


def living(dictionary: Dictionary) -> Dictionary:
    """The dictionary without dead features, which fire for no region of the flags; the others get new numbers.

    Features that fire only for drawn regions are dead too: they have no flag to show. The readout and the purity of the
    others stay as they were measured with all features.
    """
    fires = dictionary.flags_count > 0
    return replace(
        dictionary,
        readout=dictionary.readout[:, np.append(fires, True)],  # (Q, K + 1)
        **{name: getattr(dictionary, name)[fires] for name in BY_FEATURE},
    )


def save_parts(model: PartModel, path: Path, dataset_hash: str, config: PartConfig | None = None) -> str:
    """Writes the part dictionaries to a file; returns their hash. dataset_hash: of the flags they were trained on."""
    header = {
        "kind": "parts",
        "classes": {kind: list(model[kind].classes) for kind in KINDS},
        "active": model.layout.active,
        "config": asdict(config or PartConfig()),
        "dataset": dataset_hash,
    }
    return save_model(path, to_tensors(model), header)
