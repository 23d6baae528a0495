"""What a second thread is worth, in milliseconds an epoch: `python benchmarks/threads.py`.

Trust the ratios within one call, and those only on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

EPOCHS = {"crisp": 200, "seed": 40}
BUSY = "while True: pass"


def epochs(preset: str, threads: int) -> None:
    """In a process of its own: prints the median and the mean."""
    import time

    from flagsae.training.config import make_config
    from flagsae.training.start import trainer

    trainer()
    from flagsae.flags.dataset import load_dataset
    from flagsae.training.resources import threads as computing_in
    from flagsae.training.trainer import OBJECTIVES

    with computing_in(threads):
        objective = OBJECTIVES[preset](make_config(preset), load_dataset())
        times = []
        for _ in range(EPOCHS[preset]):
            start = time.perf_counter()
            objective.epoch()
            times.append(1000 * (time.perf_counter() - start))
    print(f"{median(times):10.1f}{sum(times) / len(times):10.1f}", end="", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--busy", type=int, default=1, help="how many busy processes")
    asked = parser.parse_args()
    print(f"{'':<34}{'alone: median, mean':>20}{f'beside {asked.busy} busy':>20}")
    for preset in EPOCHS:
        for threads, policy in ((1, "PASSIVE"), (2, "PASSIVE"), (2, "ACTIVE")):
            print(f"{preset}, {threads} threads, waiting {policy.lower():<9}", end="", flush=True)
            for busy in (0, asked.busy):
                others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(busy)]
                try:
                    code = f"import threads; threads.epochs({preset!r}, {threads})"
                    environment = {**os.environ, "OMP_WAIT_POLICY": policy}
                    subprocess.run(
                        [sys.executable, "-c", code],
                        check=True,
                        env=environment,
                        cwd=Path(__file__).parent,
                    )
                finally:
                    for other in others:
                        other.kill()
                        other.wait()
            print()


if __name__ == "__main__":
    main()
