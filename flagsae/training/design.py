"""The `design` objective: a TopK sparse autoencoder of the features of flags' designs.

Its inputs are few enough to be trained on as they are: 249 flags x 354 features. Atoms have no negative numbers, and
there is no bias in the output, so that a code is a list of what is there.

Shapes: N flags, K features of the dictionary, F design features.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from flagsae.design.feature_table import Table
from flagsae.design.vectors import subnational, vectors
from flagsae.errors import DatasetError, Parameter
from flagsae.flags.dataset import Dataset
from flagsae.sae.codes import Codes
from flagsae.sae.design import DesignModel, weighted
from flagsae.sae.metrics import fvu
from flagsae.training.config import TrainConfig
from flagsae.training.encoders import ENCODERS
from flagsae.training.resources import Needs
from flagsae.training.sparse import SparseTraining
from flagsae.training.splits import trained_and_scored

SHARED = 3  # flags that must have a feature: what one or two have alone becomes the portrait of one or two flags
MANY = 100  # flags; of fewer than these hardly three share a feature, and all features are kept
FEWEST = 2  # flags with a design to train on
MOST_FEATURES = 4000  # of designs, about, for the estimate of memory: there are some 700 in the bundled flags'


class DesignObjective(SparseTraining[DesignModel]):
    """The inputs of a run, and the model that its parameters are."""

    path = "direct"

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        self.config = config
        self.dataset = dataset
        told = vectors(dataset)
        chosen, parts = trained_and_scored(config, dataset)
        has = np.array([bool(features) for features in told])
        self.trained = chosen[has[chosen]]
        self.parts = {part: positions[has[positions]] for part, positions in parts.items()}
        self.table = Table.of([told[flag] for flag in self.trained], SHARED if len(self.trained) >= MANY else 1)
        raw = self.table.matrix(told)
        self.inputs = weighted(raw, self.table)
        if len(self.trained) < FEWEST or (self.inputs[self.trained] == self.inputs[self.trained[0]]).all():
            raise DatasetError(
                f"{len(self.trained)} of the {len(chosen)} pictures of dataset {dataset.name!r} that are trained on "
                "have a design, and no two differ in one: give the ",
                Parameter("preset"),
                " crisp, which needs none",
            )
        lengths = np.linalg.norm(raw[self.trained] * self.table.rarity, axis=1)
        self.length = float(np.sqrt((lengths**2).mean()))
        rows = torch.tensor(self.inputs[self.trained], device=config.device)
        others = torch.tensor(self._others(), device=config.device)
        super().__init__(config, rows, others, config.further, additive=True)

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work of a run, estimated from the sizes of its largest arrays."""
        known, encoder = len(dataset.flags), ENCODERS[config.encoder]
        seen = min(config.batch or known, known)
        floats = (
            2 * known * MOST_FEATURES
            + 6 * config.features * MOST_FEATURES * (2 if encoder.learned else 1)
            + encoder.squares * config.features**2
            + 6 * seen * config.features
        )
        return Needs(4 * floats, seen * MOST_FEATURES * config.features // 8)

    def _others(self) -> NDArray[np.float32]:
        """The inputs of sub-national flags, which the bundled flags are trained with: M x F."""
        if not self.config.further or self.dataset.name != "flags":
            return self.inputs[:0]
        found = weighted(self.table.matrix(subnational()), self.table)
        return found[found.any(1)]

    def codes(self, model: DesignModel, positions: NDArray[np.int64]) -> Codes:
        return model.activate(self.inputs[positions])

    def fvu(self, model: DesignModel, positions: NDArray[np.int64]) -> float | None:
        some = self.inputs[positions].astype(np.float64)
        mean = self.inputs[self.trained].mean(0, dtype=np.float64)
        if not ((some - mean) ** 2).sum():
            return None
        return fvu(some, self.codes(model, positions) @ model.decoder, mean)

    def model(self) -> DesignModel:
        """The model after the last step."""
        arrays = {name: tensor.detach().cpu().numpy().copy() for name, tensor in self.parameters.items()}
        atoms = arrays["W_dec"]
        return DesignModel(
            decoder=atoms,
            encoder_bias=arrays["b_enc"],
            ridge=self.config.ridge,
            own_encoder=atoms if self.config.encoder == "tied" else arrays.get("W_enc"),
            table=self.table,
            length=self.length,
            threshold=self.threshold(),
            active=self.config.active if self.config.activation == "topk" else 0,
            dataset=self.dataset,
        )
