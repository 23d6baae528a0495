"""Makes what is shipped and not drawn by hand: `flags.npz`, and `crisp.safetensors` trained on it with seed 0."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from flagsae.dataset import load_dataset, prepare, save_dataset
from flagsae.training.config import make_config
from flagsae.training.trainer import Run

HERE = Path(__file__).parent


def main() -> None:
    save_dataset(prepare(), HERE / "flags.npz")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), make_config("crisp", seed=0), load_dataset(str(HERE / "flags.npz")))
        for _ in run.train():
            pass
        print(run.save()["figures"])
        shutil.copy(run.folder / "model.safetensors", HERE / "crisp.safetensors")


if __name__ == "__main__":
    main()
