"""What errors say: the core names its parameters, and the command line writes them as its options."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from shell import run

from flagsae import errors, paths
from flagsae.errors import ModelError, Parameter, UnknownName, UsageError, nearest
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.sae.model import load_model


def test_examples_of_errors_are_true() -> None:
    assert doctest.testmod(errors).failed == 0


def test_a_parameter_is_named_wherever_it_stands_in_a_message() -> None:
    error = ModelError("epoch 3 prior: a smaller ", Parameter("learning_rate"), ", or another ", Parameter("prior"))
    assert str(error) == "epoch 3 prior: a smaller learning_rate, or another prior"
    assert error.message(str.upper) == "epoch 3 prior: a smaller LEARNING_RATE, or another PRIOR"
    assert error.parameter == "learning_rate"
    assert UsageError("nothing is left").parameter == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("neighbors japan -n 6", "-n 6 is too many: this dataset has 5 other flags"),
        ("sample --prior nothing", "--prior is one of grammar, mix, empirical, gaussian, uniform, not 'nothing'"),
        ("sample --prior grammar", "--prior grammar is learned from 50 designs or more, which are not here"),
        ("sample -n 1 --decode sum --avoid-real 255", "give a smaller --avoid-real, or another --prior"),
        ("compose japan --decode nothing", "--decode is one of design, weave, vote, sum, not 'nothing'"),
        ("compose japan france --steps 100 --size 10000 -o a.gif", "would not fit into memory: give a smaller --size"),
        ("embed --method pca --perplexity 3", "--perplexity is of t-SNE: leave it out, or give --method tsne"),
    ],
)
def test_a_command_writes_parameters_as_its_options(little: list[str], words: str, said: str) -> None:
    refused = run(*words.split(), *little)
    assert (refused.returncode, refused.stdout) == (2, "") and said in refused.stderr
    assert refused.stderr.startswith("flagsae: ") and refused.stderr.count("\n") == 1


def test_names_that_may_be_meant_come_by_their_nearness(toy: Dataset, home: Path) -> None:
    for name in ("ab", "ac", "ad", "mine-2", "mone"):
        (home / "models" / name).mkdir(parents=True)
        (home / "models" / name / "model.safetensors").touch()
        (home / "models" / name / "checkpoint.safetensors").touch()
        paths.dataset_file(name).parent.mkdir(exist_ok=True)
        paths.dataset_file(name).touch()
    assert nearest("mine", ["ab", "ac", "ad", "mone", "mine-2", "mone"]) == ["mine-2", "mone"]
    for load in (lambda: load_dataset("mine"), lambda: load_model(toy, "mine")):
        with pytest.raises(UnknownName, match="Did you mean one of: mine-2, mone, "):
            load()
    refused = run("train", "--resume", "--name", "mine")
    assert "no run named 'mine'. Did you mean one of: mine-2, mone, " in refused.stderr
