"""The report on a model: what it rebuilds, how it uses its dictionary, whether another training finds the same atoms,
how well single features tell the attributes of flags, how far labels can be trusted, and what three methods of
scikit-learn do at the same size.

Figures of reconstruction are taken on the RGB canvas for every model, and against the mean picture of the flags that
it was trained on. A flat model draws in the colours of the palette here: a flag's own tints are not in its code.

Letters: n flags of a part, N flags, D numbers a picture, K features, T attributes.
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
from flagsae.features.labels import activity, check_labels
from flagsae.flags.dataset import Dataset, Split
from flagsae.flags.prepare import designs
from flagsae.sae import metrics
from flagsae.sae.codes import Codes
from flagsae.sae.kind import Model

RARE = 2  # flags: a feature that fires for fewer
DENSE = 0.5  # of the flags: a feature that fires for more
ALIKE = 0.9  # cosine over which two atoms are duplicates
DENSITIES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # edges of the histogram of densities
FEWEST = 6  # flags that have an attribute, and that have not, for it to be scored
NULLS = 5  # random dictionaries for the null of stability
ROUNDS = 50  # of NMF and DictionaryLearning: four times as many take NMF from .107 to .100, in half a minute more
LASSO = 0.05  # weight of the L1 penalty of DictionaryLearning's fit, on pictures of mean squared norm 1

Matrix: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """What of the flags of a dataset is scored. trained: positions of the flags that the model was trained on, None
    where that is not known; parts: the parts to score, by name; held_out: whether any of them was not seen."""

    split: str
    trained: NDArray[np.int64] | None
    parts: Split

    def seen(self, positions: NDArray[np.int64]) -> int | None:
        return None if self.trained is None else int(np.isin(positions, self.trained).sum())

    @property
    def held_out(self) -> bool:
        return self.trained is not None and any(
            len(positions) > (self.seen(positions) or 0) for positions in self.parts.values()
        )

    @property
    def known(self) -> NDArray[np.int64]:
        """The flags whose mean and usage are the reference: those trained on, or all that are scored."""
        return self.trained if self.trained is not None else np.sort(np.concatenate(list(self.parts.values())))


def scored(model: Model, split: str = "") -> Scored:
    """The parts of a split: of the model's own by default, as one part where it was trained on all of it."""
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
    """All figures of a model but those that need other models or other methods, ready for JSON."""
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
    """FVU, R2, PSNR, L0 and, of flat models, the pixels in the right colour, a part at a time. codes: N x K.

    floor: the FVU of the flags' own label maps in the palette's colours, which is where a perfect flat model ends;
    input_fvu: the FVU on what such a model sees and is trained to rebuild; pursuit_fvu: the same with codes by pursuit
    over the same atoms. The difference of the two is the amortisation gap.
    """
    of_input = model.input_fvu(codes, what.parts, what.known) if model.flat else {}
    flags, colours = model.dataset.flags, model.dataset.palette.rgb
    mean = flags.canvas[what.known].mean(0)
    rows = []
    for name, positions in what.parts.items():
        canvas, code = flags.canvas[positions], codes[positions]
        decoded = model.decode(code)
        # From the code alone: a flag's own tints are not in it.
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
    """PSNR of the mean squared error over all pictures; None where nothing differs: JSON has no infinity."""
    error = float(np.mean((pictures.astype(np.float64) - copies) ** 2))
    return float(10 * np.log10(255**2 / error)) if error else None


# The dictionary.


def usage(strength: Codes) -> dict[str, Any]:
    """How a dictionary is used. strength: n x K, 0 where a feature does not fire.

    effective_rank: exp of the entropy of the features' shares of Σ z²; K where all are used alike.
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
    """Atoms as unit vectors, with the angles of what the model learns to rebuild: K x r."""
    return _unit(model.atom_vectors(model.flag_vectors()))


def _unit(rows: Matrix) -> Matrix:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def duplicates(atoms: Matrix) -> int:
    """How many atoms have another that is nearly the same. atoms: K x r, unit."""
    cosines = atoms @ atoms.T
    np.fill_diagonal(cosines, -1)
    return int((cosines.max(1) > ALIKE).sum())


def stability(model: Model, other: Model, seed: int = 0) -> dict[str, Any]:
    """Mean cosine of the atoms of two models in their best pairing, beside what dictionaries of chance reach.

    Pictures of flags are like each other, so that the figure alone says nothing. null_flags: of flags drawn at random
    as atoms, twice; null_mixtures: of random mixtures of flags.
    """
    if model.kind != other.kind:
        reason = "compares models of one preset: their atoms must be pictures of one kind"
        raise UsageError(reason, parameter="against")
    vectors = model.flag_vectors()
    one, two = (_unit(each.atom_vectors(vectors)) for each in (model, other))
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
    """Mean cosine of the pairs that have the largest sum (the Hungarian method). K x r and K' x r, unit rows."""
    from scipy.optimize import linear_sum_assignment

    cosines = one @ two.T
    return float(cosines[linear_sum_assignment(-cosines)].mean())


# Alignment with attributes.


def auroc(scores: NDArray[np.floating], has: Mask) -> Matrix:
    """Area under the ROC curve of each score for each attribute: n x K and n x T to K x T. Ties count a half."""
    ranks = np.stack([_ranks(column) for column in scores.T], axis=1)  # (n, K)
    positive = has.sum(0)
    above = ranks.T @ has - positive * (positive + 1) / 2
    return np.asarray(above / np.maximum(positive * (len(has) - positive), 1), np.float64)


def _ranks(values: NDArray[np.floating]) -> Matrix:
    """Ranks from 1, and of equal values their mean."""
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right") + 1) / 2


def alignment(
    dataset: Dataset, codes: Codes, attributes: Attributes, *, repeats: int = 10, seed: int = 0
) -> dict[str, Any]:
    """How well the best single feature tells an attribute: chosen on one half of the flags, scored on the other.

    Mean AUROC over the attributes that enough flags have, and the same of K random projections of the pictures, which
    are no worse than many a dictionary. Near-duplicates are in one half.
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
    """Of those that are known; None where there is none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def best_single(scores: NDArray[np.floating], has: Mask, sides: Sequence[Mask]) -> Matrix:
    """For each attribute the AUROC on one half of the flags of the score that is best on the other. T.

    Means over all halves in which the attribute is both had and not had; NaN where there is none. scores: n x K;
    has: n x T; sides: of each halving, which flags are on one side.
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


# Peers.


def baselines(dataset: Dataset, what: Scored, features: int, active: int) -> list[dict[str, Any]]:
    """PCA, NMF and DictionaryLearning of scikit-learn at the same size, fitted on the same flags' RGB pictures.

    features: K; active: the L0 that DictionaryLearning's codes have. Returns the FVU of each part, L0 and seconds.
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
    # In the basis of the training pictures' span: the same distances, far fewer numbers.
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
            # So few rounds are not meant to converge, and OMP warns of atoms that are no use to it.
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            codes, pictures = method()
        seconds = time.perf_counter() - start
        copies = np.round(255 * np.clip(pictures, 0, 1)).astype(np.uint8).reshape(-1, *shape)
        fires = np.abs(codes) > 1e-3 * np.abs(codes).max()
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
