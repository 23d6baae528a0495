"""How much flagsae stands: `python benchmarks/robustness.py pictures --count 20000 --seed 0`.

Each attack prints how many tries there were and what went wrong, and ends with 1 where anything did. The tests run a
short form of each; this is the long one.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

ATTACKS = {
    "pictures": "mutated picture files, folders and zips through `prepare`",
    "files": "damaged models, checkpoints, runs and datasets",
    "commands": "command lines and records that nobody means",
    "interrupts": "Ctrl-C while modules are loaded",
    "kills": "trainings that are killed and resumed, bit for bit",
    "edits": "edits that nobody means, of flags that sentences say",
    "words": "words and minuses that nobody means, on flags that sentences say",
    "robot": "random actions in the terminal application, with its keyboard and memory watched",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    attacks = parser.add_subparsers(dest="attack", required=True)
    for name, summary in ATTACKS.items():
        attack = attacks.add_parser(name, help=summary, description=summary)
        attack.add_argument("--count", type=int, default=0, help="how many tries; 0 takes what the docs report")
        attack.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    failures = import_module(f"hostile.{asked.attack}").attack(asked.count, asked.seed)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
