"""Evaluates a model.

The report says how well the model rebuilds flags, how it uses its features, how stable its atoms are between two
trainings, how well single features predict attributes of flags, how far labels can be trusted, and how three methods
of scikit-learn do at the same size.

Reconstruction is measured on the RGB canvas for all models. The reference of the variance is the mean picture of the
flags that the model was trained on. Flat models draw in the palette's colours here, as a flag's own tints are not in
its code.

Letters: n flags of a part, N flags, D numbers of a picture, K features, T attributes, r numbers of a vector in
`flag_vectors`.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError
from flagsae.features.atoms import Mask
from flagsae.features.attributes import Attributes
from flagsae.features.labelling import check_labels
from flagsae.features.labels import activity
from flagsae.flags.dataset import Dataset, Split
from flagsae.flags.prepare import designs
from flagsae.sae import metrics
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model, of_designs

# By eye, where no reason is given.
RARE = 2  # flags: a feature that fires for fewer is rare
DENSE = 0.5  # of the flags: a feature that fires for more is dense
ALIKE = 0.9  # cosine above which two atoms are duplicates
DENSITIES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # edges of the histogram of densities
FEWEST = 6  # flags with an attribute, and without it, that an attribute needs to be scored
NULLS = 5  # pairs of random dictionaries that stability is compared with
ROUNDS = 50  # of NMF and DictionaryLearning: with four times as many NMF's FVU falls from .107 to .100, in 30 s more
LASSO = 0.05  # weight of the L1 penalty in DictionaryLearning's fit, on pictures of mean squared norm 1
FIRES = 1e-3  # of the largest: a baseline's activation that is smaller counts as zero

Matrix: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """The flags of a dataset on which a model is scored."""

    split: str
    """The name of the split."""
    trained: NDArray[np.int64] | None
    """Positions of the flags that the model was trained on; None where that is not known."""
    parts: Split
    """The parts of the split: name -> positions of flags."""

    def seen(self, positions: NDArray[np.int64]) -> int | None:
        """How many of these flags the model was trained on; None where that is not known."""
        return None if self.trained is None else int(np.isin(positions, self.trained).sum())

    @property
    def held_out(self) -> bool:
        """Whether the model was not trained on some of the flags."""
        return self.trained is not None and any(
            len(positions) > (self.seen(positions) or 0) for positions in self.parts.values()
        )

    @property
    def known(self) -> NDArray[np.int64]:
        """Positions of the flags that give the mean picture and the usage of features: those that the model was
        trained on, or all that are scored where that is not known."""
        return self.trained if self.trained is not None else np.sort(np.concatenate(list(self.parts.values())))


def scored(model: Model, split: str = "") -> Scored:
    """The flags on which a model is scored: the parts of a split, by default of the split that it was trained on.

    By default they are one part, "all", if the model was trained on all of them. Raises `UsageError` for an unknown
    split.
    """
    own, dataset = model.info.split, model.dataset
    trained = None
    if own in dataset.splits and model.info.dataset == dataset.hash:
        parts = dataset.splits[own]
        chosen = list(parts.values()) if model.info.train_on == "all" else [parts["train"]]
        trained = np.sort(np.concatenate(chosen))
    name = split or (own if own in dataset.splits else next(iter(dataset.splits)))
    parts = {part: positions for part, positions in dataset.split(name).items() if len(positions)}
    everyone = np.sort(np.concatenate(list(parts.values())))
    if not split and trained is not None and np.isin(everyone, trained).all():
        parts = {"all": everyone}
    return Scored(name, trained, parts)


def report(model: Model, attributes: Attributes, what: Scored) -> dict[str, Any]:
    """All figures of a model except those that need another model or other methods, ready for JSON.

    attributes: name -> N; what: the flags to score.
    """
    codes = model.encode(model.dataset.flags)
    return {
        "model": model.hash,
        "preset": model.kind,
        "dataset": model.dataset.name,
        "features": len(model),
        "split": what.split,
        "train_on": model.info.train_on,
        "held_out": what.held_out,
        "parts": parts(model, codes, what),
        "dictionary": {
            **usage(activity(model, codes[what.known])),
            "duplicates": duplicates(directions(model)),
        },
        "alignment": alignment(model.dataset, codes, attributes),
        "labels": check_labels(model, attributes),
    }


# Reconstruction.


def parts(model: Model, codes: Codes, what: Scored) -> list[dict[str, Any]]:
    """Scores each part: FVU, R2, PSNR, L0 and, for flat models, pixel accuracy. codes: N x K.

    For flat models also "floor", the FVU of a perfect one: of the flags' own label maps in the palette's colours;
    "input_fvu", the FVU on the model's input, which it is trained to rebuild; "pursuit_fvu", the same with codes by
    pursuit over the same atoms. The difference of the last two is the amortisation gap.
    """
    of_input = model.input_fvu(codes, what.parts, what.known) if model.flat else {}
    flags, colours = model.dataset.flags, model.dataset.palette.rgb
    mean = flags.canvas[what.known].mean(0)
    rows = []
    for name, positions in what.parts.items():
        canvas, code = flags.canvas[positions], codes[positions]
        decoded = model.decode(code)
        # In the palette's colours: a flag's own tints are not in its code.
        pictures = colours[decoded] if model.flat else decoded
        fvu = metrics.fvu(canvas, pictures, mean)
        row: dict[str, Any] = {
            "part": name,
            "flags": len(positions),
            "seen": what.seen(positions),
            "fvu": fvu,
            "r2": 1 - fvu,
            "psnr": _decibels(canvas, pictures),
            "l0": float((activity(model, code) > 0).sum(1).mean()),
            "floor": None,
            "pixel_accuracy": None,
            "input_fvu": None,
            "pursuit_fvu": None,
            **of_input.get(name, {}),
        }
        if model.flat:
            labels = flags.labels[positions]
            row["floor"] = metrics.fvu(canvas, colours[labels], mean)
            row["pixel_accuracy"] = float(metrics.pixel_accuracy(labels, decoded).mean())
        rows.append(row)
    return rows


def _decibels(pictures: NDArray[np.uint8], copies: NDArray[np.uint8]) -> float | None:
    """PSNR of the mean squared error over all pictures; None for equal ones, as JSON has no infinity."""
    error = float(np.mean((pictures.astype(np.float64) - copies) ** 2))
    return float(10 * np.log10(255**2 / error)) if error else None


# The dictionary.


def usage(strength: Codes) -> dict[str, Any]:
    """How the features are used: how many are dead, rare or dense, and how evenly they are used.

    strength: n x K, 0 where a feature does not fire. "effective_rank": exp of the entropy of the features' shares of
    Σ z², which is K if all are used equally.
    """
    fires = (strength > 0).sum(0)
    energy = (strength.astype(np.float64) ** 2).sum(0)
    share = energy[energy > 0] / max(energy.sum(), 1e-300)
    counts, _ = np.histogram(fires / max(1, len(strength)), DENSITIES)
    return {
        "dead": int((fires == 0).sum()),
        "rare": int(((fires > 0) & (fires < RARE)).sum()),
        "dense": int((fires > DENSE * len(strength)).sum()),
        "densities": {"edges": list(DENSITIES), "counts": counts.tolist()},
        "effective_rank": float(np.exp(-(share * np.log(share)).sum())) if len(share) else 0.0,
    }


def directions(model: Model) -> Matrix:
    """Atoms as unit vectors whose cosines are those of the atoms' pictures: K x r."""
    return _unit(model.atom_vectors(model.flag_vectors()))


def _unit(rows: Matrix) -> Matrix:
    """Rows scaled to length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def duplicates(atoms: Matrix) -> int:
    """The number of atoms that are nearly the same as another one. atoms: K x r, of length 1."""
    cosines = atoms @ atoms.T
    np.fill_diagonal(cosines, -1)
    return int((cosines.max(1) > ALIKE).sum())


def stability(model: Model, other: Model, seed: int = 0) -> dict[str, Any]:
    """The mean cosine of the atoms of two models in their best pairing, with that of random dictionaries beside it.

    The figure alone says little, as pictures of flags are similar to each other. "null_flags": two dictionaries of
    random flags; "null_mixtures": two of random mixtures of flags. Raises `UsageError` for models of two kinds.
    """
    if model.kind != other.kind:
        reason = "compares models of one preset: their atoms must be pictures of one kind"
        raise UsageError(reason, parameter="against")
    vectors = model.flag_vectors()
    one, two = (_unit(each.atom_vectors(vectors)) for each in (model, other))
    if of_designs(model) and of_designs(other):  # each knows the features of the designs that it was trained on
        known = [dict(zip(other.table.names, atom, strict=True)) for atom in two]
        two = model.table.matrix(known).astype(np.float64)
    centred = vectors - vectors.mean(0)
    random = np.random.default_rng(seed)
    flags = len(centred)

    def null(draw: Callable[[int], Matrix]) -> float:
        return float(np.mean([matching(_unit(draw(len(one))), _unit(draw(len(two)))) for _ in range(NULLS)]))

    return {
        "model": other.hash,
        "matched": matching(one, two),
        "null_flags": null(lambda count: centred[random.choice(flags, count, count > flags)]),
        "null_mixtures": null(lambda count: random.standard_normal((count, flags)) @ centred),
    }


def matching(one: Matrix, two: Matrix) -> float:
    """The mean cosine of the pairing with the largest sum (Hungarian method). K x r and K' x r, rows of length 1."""
    from scipy.optimize import linear_sum_assignment

    cosines = one @ two.T
    return float(cosines[linear_sum_assignment(-cosines)].mean())


# Alignment with attributes.


def auroc(scores: NDArray[np.floating], has: Mask) -> Matrix:
    """The area under the ROC curve of each score for each attribute: K x T. Ties count a half.

    scores: n x K; has: n x T.
    """
    ranks = np.stack([_ranks(column) for column in scores.T], axis=1)  # (n, K)
    positive = has.sum(0)
    above = ranks.T @ has - positive * (positive + 1) / 2
    return np.asarray(above / np.maximum(positive * (len(has) - positive), 1), np.float64)


def _ranks(values: NDArray[np.floating]) -> Matrix:
    """Ranks from 1; equal values get the mean of their ranks."""
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right") + 1) / 2


def alignment(
    dataset: Dataset, codes: Codes, attributes: Attributes, *, repeats: int = 10, seed: int = 0
) -> dict[str, Any]:
    """How well single features predict attributes: the best feature on one half of the flags, scored on the other.

    codes: N x K; attributes: name -> N. "auroc" is the mean over all attributes that enough flags have;
    "random_projection" is the same for K random projections of the pictures, which do no worse than many dictionaries.
    Near-duplicates are always in the same half. repeats: random halvings.
    """
    names = [name for name, has in attributes.items() if FEWEST <= has.sum() <= len(has) - FEWEST]
    if not names:
        return {"attributes": 0, "auroc": None, "random_projection": None, "by_attribute": {}}
    table = np.stack([attributes[name] for name in names], axis=1)
    random = np.random.default_rng(seed)
    pixels = dataset.flags.canvas.reshape(len(codes), -1) / 255.0
    projected = (pixels - pixels.mean(0)) @ random.standard_normal((pixels.shape[1], codes.shape[1]))
    group = designs(dataset.flags.canvas)
    sides = [(random.permutation(len(group)) % 2).astype(bool)[group] for _ in range(repeats)]
    found = best_single(codes, table, sides)
    return {
        "attributes": len(names),
        "auroc": _mean(found),
        "random_projection": _mean(best_single(projected, table, sides)),
        "by_attribute": {
            name: round(float(value), 4)
            for value, name in sorted(zip(found, names, strict=True), reverse=True)
            if np.isfinite(value)
        },
    }


def _mean(values: Matrix) -> float | None:
    """The mean of the finite values; None if there are none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def best_single(scores: NDArray[np.floating], has: Mask, sides: Sequence[Mask]) -> Matrix:
    """For each attribute the AUROC, on one half of the flags, of the score that is best on the other half: T.

    scores: n x K; has: n x T; sides: for each halving, n, whether a flag is in its first half. Returns means over the
    halvings in which both halves have flags with the attribute and flags without it; NaN if there are none.
    """
    total, count = np.zeros(has.shape[1]), np.zeros(has.shape[1])
    for side in sides:
        areas = [auroc(scores[half], has[half]) for half in (side, ~side)]
        mixed = [(has[half].any(0) & ~has[half].all(0)) for half in (side, ~side)]
        usable = mixed[0] & mixed[1]
        for choose, score in (areas, areas[::-1]):
            total += np.where(usable, score[choose.argmax(0), np.arange(has.shape[1])], 0)
            count += usable
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


# Baselines.


def baselines(dataset: Dataset, what: Scored, features: int, active: int) -> list[dict[str, Any]]:
    """Scores PCA, NMF and DictionaryLearning of scikit-learn, fitted on the same flags' RGB pictures.

    features: K; active: the L0 of DictionaryLearning's codes. Returns for each method its FVU of each part, its L0 and
    how many seconds it took.
    """
    from sklearn.decomposition import NMF, PCA, DictionaryLearning
    from sklearn.exceptions import ConvergenceWarning

    shape = dataset.flags.canvas.shape[1:]
    canvas = dataset.flags.canvas.reshape(len(dataset.flags), -1) / 255.0
    train = canvas[what.known]
    mean = dataset.flags.canvas[what.known].mean(0)
    used = np.unique(np.concatenate([what.known, *what.parts.values()]))
    wanted = canvas[used]
    size = min(features, min(train.shape))
    # Pictures in a basis of the span of the training pictures: the same distances, far fewer numbers.
    span = PCA(min(len(train) - 1, train.shape[1])).fit(train)
    scale = 1 / max(float(np.sqrt((span.transform(train) ** 2).sum(1).mean())), 1e-9)

    def pca() -> tuple[Any, Any]:
        fitted = PCA(size).fit(train)
        codes = fitted.transform(wanted)
        return codes, fitted.inverse_transform(codes)

    def nmf() -> tuple[Any, Any]:
        start = "nndsvda" if features <= min(train.shape) else "random"
        fitted = NMF(features, init=start, max_iter=ROUNDS, random_state=0)
        codes = fitted.fit(train.astype(np.float32)).transform(wanted.astype(np.float32))
        return codes * np.linalg.norm(fitted.components_, axis=1), codes @ fitted.components_

    def dictionary_learning() -> tuple[Any, Any]:
        fitted = DictionaryLearning(
            features,
            alpha=LASSO,
            fit_algorithm="cd",
            transform_algorithm="omp",
            transform_n_nonzero_coefs=max(1, min(active, features)),
            max_iter=ROUNDS,
            random_state=0,
        ).fit(span.transform(train) * scale)
        codes = fitted.transform(span.transform(wanted) * scale)
        return codes, span.inverse_transform(codes @ fitted.components_ / scale)

    rows = []
    for name, method in (("PCA", pca), ("NMF", nmf), ("DictionaryLearning", dictionary_learning)):
        start = time.perf_counter()
        with warnings.catch_warnings():
            # Without convergence, as there are few rounds on purpose; OMP also warns of atoms that it cannot use.
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            codes, pictures = method()
        seconds = time.perf_counter() - start
        copies = np.round(255 * np.clip(pictures, 0, 1)).astype(np.uint8).reshape(-1, *shape)
        fires = np.abs(codes) > FIRES * np.abs(codes).max()
        rows.append(
            {
                "method": name,
                "l0": float(fires[np.isin(used, what.known)].sum(1).mean()),
                "seconds": round(seconds, 2),
                "fvu": {
                    part: metrics.fvu(dataset.flags.canvas[positions], copies[np.searchsorted(used, positions)], mean)
                    for part, positions in what.parts.items()
                },
            }
        )
    return rows
