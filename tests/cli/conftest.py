"""A command run in this process, and six flags with a model that is quick."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from shell import Flagsae, Stopped

from flagsae.cli import main
from flagsae.dataset import Dataset, save_dataset
from flagsae.model import save_model


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
def flagsae(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Flagsae:
    """Runs a command in this process, as the console script does; returns stdout, and keeps stderr as `.said`."""

    def run(*words: str, stdin: str = "", **environment: str) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["flagsae", *words])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        out = capsys.readouterr()
        run.said = out.err  # type: ignore[attr-defined]
        if end.value.code:
            raise Stopped(end.value.code, out.err, out.out)
        return out.out

    return run
