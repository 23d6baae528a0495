"""Trains the part dictionaries: TopK on region vectors, then a readout fitted to the drawn regions.

The recipe is `crisp`'s where it can be (unit atoms, tied start, AuxK, warm-up and decay), on the vectors' principal
components, so that a dictionary of a thousand-dimensional vectors takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from flagsae.anatomy import Anatomy, Figure, anatomy, areas
from flagsae.dataset import Flags
from flagsae.model import save_model
from flagsae.partcodes import (
    LAYOUTS,
    SHAPES,
    Dictionary,
    Floats,
    Mask,
    PartModel,
    layout_vector,
    shape_vector,
    stack,
    to_tensors,
)
from flagsae.training.generated import Drawn, draw_layouts, draw_shapes

FEATURES = 384
ACTIVE = 4
COMPONENTS = 192
STEPS = 2500
BATCH = 256
RATE = 2e-3
SILENT = 30  # steps without firing after which a feature is dead
REAL = 0.25  # of the weight of all vectors, what the flags' own regions have


def train_parts(flags: Flags, seed: int = 0, progress: Callable[[str], None] = lambda text: None) -> PartModel:
    """Both dictionaries of a collection of flags. Takes a minute or two."""
    random = np.random.default_rng(seed)
    trees = [anatomy(labels, flags.fine) for labels in flags.fine]
    progress("drawing grounds and shapes")
    layouts = list(draw_layouts(3500, random))
    shapes = list(draw_shapes(450, random))
    aspects = [pixel_aspect(flags, position) for position in range(len(flags))]
    own_layouts = stack((layout_vector(mask) for tree in trees for mask in ground_masks(tree)), 0)
    own_shapes = stack(
        (
            shape_vector(mask, aspect)
            for tree, aspect in zip(trees, aspects, strict=True)
            for mask in figure_masks(tree)
        ),
        0,
    )
    progress(f"{len(layouts)} drawn and {len(own_layouts)} real regions of grounds")
    layout = train_dictionary(LAYOUTS, stack((layout_vector(d.mask) for d in layouts), 0), layouts, own_layouts, seed)
    progress(f"{len(shapes)} drawn and {len(own_shapes)} real figures")
    shape = train_dictionary(
        SHAPES, stack((shape_vector(d.mask, d.aspect) for d in shapes), 0), shapes, own_shapes, seed
    )
    return PartModel(layout, shape)


def pixel_aspect(flags: Flags, position: int) -> float:
    """Width of a fine pixel over its height, as the flag is meant to be seen."""
    height, width = flags.fine.shape[1:]
    return float(flags.aspect[position]) * height / width


def ground_masks(tree: Anatomy) -> Iterator[Mask]:
    for area in areas(tree.ground):
        yield area.mask
    if tree.canton:
        yield from ground_masks(tree.canton)


def figure_masks(tree: Anatomy) -> Iterator[Mask]:
    for forest in (*tree.charges, *(tree.canton.charges if tree.canton else ())):
        for figure in forest:
            yield from _masks(figure)


def _masks(figure: Figure) -> Iterator[Mask]:
    yield figure.skin
    if (figure.skin != figure.whole).any():
        yield figure.whole
    for inner in figure.inside:
        yield from _masks(inner)


def train_dictionary(
    classes: tuple[str, ...], drawn: Floats, regions: list[Drawn], own: Floats, seed: int
) -> Dictionary:
    """A dictionary of drawn (n x D) and own (m x D) vectors."""
    labels = np.array([region.label for region in regions])
    counts = np.bincount(labels, minlength=len(classes))
    weight = np.concatenate([counts[labels] ** -0.5, np.full(len(own), 1.0)])
    weight[: len(drawn)] *= (1 - REAL) / weight[: len(drawn)].sum()
    weight[len(drawn) :] *= REAL / max(1, len(own))
    everything = np.vstack([drawn, own])
    mean = (weight[:, None] * everything).sum(0) / weight.sum()
    basis = principal_axes((everything - mean) * np.sqrt(weight)[:, None], COMPONENTS)
    scale = float(np.sqrt(np.square((everything - mean) @ basis.T).sum(1) @ weight))
    basis = basis / scale
    x = torch.tensor((everything - mean) @ basis.T, dtype=torch.float32)
    parameters = _fit_topk(x, torch.tensor(weight, dtype=torch.float32), seed)
    untrained = Dictionary(
        classes,
        ACTIVE,
        mean.astype(np.float32),
        basis.astype(np.float32),
        parameters["W_enc"].numpy(),
        parameters["b_enc"].numpy(),
        parameters["W_dec"].numpy(),
        parameters["b_dec"].numpy(),
        readout=np.zeros((len(classes), FEATURES + 1), np.float32),
        purity=np.zeros((FEATURES, len(classes)), np.float32),
    )
    codes = untrained.encode(drawn)
    strength = np.stack([codes[labels == label].mean(0) for label in range(len(classes))], axis=1)
    purity = strength / np.maximum(strength.sum(1, keepdims=True), 1e-9)
    readout = fit_readout(codes, labels, len(classes))
    return replace(untrained, readout=readout, purity=purity.astype(np.float32))


def principal_axes(x: NDArray[np.floating], count: int) -> Floats:
    """The first principal axes of centred rows, as rows."""
    _, vectors = np.linalg.eigh(x.T @ x)
    return vectors[:, ::-1][:, :count].T.astype(np.float32)


def _fit_topk(x: torch.Tensor, weight: torch.Tensor, seed: int) -> dict[str, torch.Tensor]:
    """x: n x P, of mean squared norm 1; weight: n, how often each row is drawn."""
    random = torch.Generator().manual_seed(seed)
    start = x[torch.multinomial(weight, FEATURES, generator=random)]
    start = start + 0.05 * x.std() * torch.randn(start.shape, generator=random)
    atoms = start / start.norm(dim=1, keepdim=True).clamp(min=1e-6)
    p = {
        "W_enc": atoms.clone(),
        "b_enc": torch.zeros(FEATURES),
        "W_dec": atoms.clone(),
        "b_dec": torch.zeros(x.shape[1]),
    }
    for parameter in p.values():
        parameter.requires_grad_(True)
    optimiser = torch.optim.Adam(p.values(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 50, (STEPS - step) / (0.3 * STEPS))
    )
    silent = torch.zeros(FEATURES)
    for _ in range(STEPS):
        batch = x[torch.multinomial(weight, BATCH, replacement=True, generator=random)]
        positive = torch.relu((batch - p["b_dec"]) @ p["W_enc"].T + p["b_enc"])
        values, places = positive.topk(ACTIVE, dim=1)
        codes = torch.zeros_like(positive).scatter(1, places, values)
        rebuilt = codes @ p["W_dec"] + p["b_dec"]
        loss = (batch - rebuilt).square().sum(1).mean()
        dead = silent > SILENT
        if bool(dead.any()):
            strongest, where = positive.masked_fill(~dead, 0).topk(min(32, int(dead.sum())), dim=1)
            revived = torch.zeros_like(positive).scatter(1, where, strongest)
            loss = loss + ((batch - rebuilt).detach() - revived @ p["W_dec"]).square().sum(1).mean() / 6
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1.0)
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            p["W_dec"] /= p["W_dec"].norm(dim=1, keepdim=True)
            silent = torch.where((codes > 0).any(0), torch.zeros_like(silent), silent + 1)
    return {name: parameter.detach() for name, parameter in p.items()}


def fit_readout(codes: Floats, labels: NDArray[np.integer], classes: int, penalty: float = 1e-5) -> Floats:
    """Multinomial logistic regression with classes of equal weight: Q x (K + 1)."""
    x = torch.tensor(np.hstack([codes, np.ones((len(codes), 1))]), dtype=torch.float32)
    y = torch.tensor(labels, dtype=torch.long)
    balance = torch.tensor(1 / np.maximum(np.bincount(labels, minlength=classes), 1), dtype=torch.float32)
    weights = torch.zeros(classes, x.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights.T, y, weight=balance) + penalty * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach().numpy().astype(np.float32)


def save_parts(model: PartModel, path: Path, seed: int, dataset_hash: str) -> str:
    """Writes the part dictionaries and returns their hash."""
    header: dict[str, Any] = {
        "kind": "parts",
        "layouts": list(LAYOUTS),
        "shapes": list(SHAPES),
        "active": ACTIVE,
        "seed": seed,
        "dataset": dataset_hash,
    }
    return save_model(path, to_tensors(model), json.loads(json.dumps(header)))
