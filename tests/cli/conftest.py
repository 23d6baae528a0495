"""A command run in this process, and six flags with a model that is quick."""

from __future__ import annotations

import numpy as np
import pytest
from shell import Flagsae, Stopped, run

from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.model import save_model


@pytest.fixture(scope="session")
def little(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options for six flags and a model of them that is quick: a feature is likeness to a flag, four are active."""
    folder = tmp_path_factory.mktemp("little")
    save_dataset(toy, folder / "toy.npz")
    likeness = np.eye(6, dtype=np.float32) / 96  # 8 x 12 pixels of mean square weight 1
    nothing = np.zeros(6, np.float32)
    tensors = {"encoder": likeness, "encoder_bias": nothing - 0.1, "decoder": 96 * likeness, "decoder_bias": nothing}
    header = {"kind": "crisp", "dataset": toy.hash, "dataset_name": "toy"}
    save_model(folder / "model.safetensors", tensors, {**header, "threshold": 0, "active": 4, "salience": 0.25})
    return ["--data", f"{folder}/toy.npz", "--model", f"{folder}/model.safetensors"]


@pytest.fixture
def flagsae() -> Flagsae:
    """Runs a command in this process; returns stdout, and keeps stderr as `.said`."""

    def typed(*words: str, stdin: str = "", terminal: bool = False, **environment: str) -> str:
        result = run(*words, stdin=stdin, terminal=terminal, **environment)
        typed.said = result.stderr  # type: ignore[attr-defined]
        if result.returncode:
            raise Stopped(result.returncode, result.stderr, result.stdout)
        return result.stdout

    return typed
