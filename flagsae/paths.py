"""Where things are: what the package ships, and what the user's datasets and models are called.

`FLAGSAE_HOME` overrides the platform's folder. Asking for a path creates nothing.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def shipped(name: str) -> Path:
    """A file of `data/`: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data" / name
    return installed if installed.exists() else package.parent / "data" / name


def home() -> Path:
    """The folder of the user's own datasets and models."""
    if override := os.environ.get("FLAGSAE_HOME"):
        return Path(override).expanduser()
    from platformdirs import user_data_path

    return user_data_path("flagsae", appauthor=False)


def dataset_file(name: str) -> Path:
    return home() / "datasets" / f"{name}.npz"


def models_folder() -> Path:
    return home() / "models"


def log_file() -> Path:
    """Where the terminal application writes what must not show on its screen."""
    return home() / "tui.log"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when whole: written beside it, synced, then renamed.

    Whoever reads `path` sees the old content or the new, also after a crash in the middle.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    except OSError as error:  # which names the temporary file: the user asked for another
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        # A temporary file is private to its owner; the finished one follows the user's umask.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(handle.name, 0o666 & ~umask)
        os.replace(handle.name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(handle.name)
        raise
