"""The gradients that are written by hand are autograd's, for every encoder, with noise, and with dead features."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from flagsae.training.config import TrainConfig, make_config
from flagsae.training.encoders import ENCODERS, Parameters
from flagsae.training.gradient import REVIVED, gradients
from flagsae.training.seed import kl_gradient, kl_sparsity

FLAGS, FEATURES, RANK = 9, 7, 11


def made(encoder: str, *, biased: bool) -> Parameters:
    random = torch.Generator().manual_seed(1)
    atoms = torch.randn(FEATURES, RANK, generator=random, dtype=torch.float64)
    parameters = {
        "W_enc": torch.randn(FEATURES, RANK, generator=random, dtype=torch.float64),
        "b_enc": 0.3 * torch.randn(FEATURES, generator=random, dtype=torch.float64),
        "W_dec": atoms / atoms.norm(dim=1, keepdim=True),
        "b_dec": torch.randn(RANK, generator=random, dtype=torch.float64),
    }
    if not ENCODERS[encoder].learned:
        del parameters["W_enc"]
    if not biased:
        del parameters["b_dec"]
    return parameters


def kept_largest(values: Tensor, count: int) -> Tensor:
    chosen, places = values.topk(count, dim=1)
    return torch.zeros_like(values).scatter(1, places, chosen)


def plain_loss(p: Parameters, config: TrainConfig, inputs: Tensor, targets: Tensor, dead: Tensor) -> Tensor:
    """The loss as it is defined, for autograd."""
    bias = p.get("b_dec", torch.zeros(()))
    positive = torch.relu((inputs - bias) @ ENCODERS[config.encoder].directions(p, config.ridge).T + p["b_enc"])
    if config.activation == "topk":
        codes = kept_largest(positive, config.active)
    else:
        codes = kept_largest(positive.reshape(1, -1), config.active * len(inputs)).view_as(positive)
    rebuilt = codes @ p["W_dec"] + bias
    loss = (targets - rebuilt).square().sum(1).mean()
    if dead.any():
        revived = kept_largest(positive * dead, min(REVIVED, int(dead.sum())))
        left = (targets - rebuilt).detach()
        loss = loss + config.auxiliary * (left - revived @ p["W_dec"]).square().sum(1).mean()
    return loss


@pytest.mark.parametrize("encoder", list(ENCODERS))
@pytest.mark.parametrize("activation", ["topk", "batchtopk"])
@pytest.mark.parametrize("noise", [False, True], ids=["clean", "noisy"])
@pytest.mark.parametrize("dead", [0, 3], ids=["all alive", "some dead"])
@pytest.mark.parametrize("biased", [False, True], ids=["no bias", "bias"])
def test_the_gradient_of_a_sparse_autoencoder_is_autograds(
    encoder: str, activation: str, noise: bool, dead: int, biased: bool
) -> None:
    config = make_config("crisp", encoder=encoder, activation=activation, active=2, auxiliary=0.4)
    random = torch.Generator().manual_seed(0)
    targets = torch.randn(FLAGS, RANK, generator=random, dtype=torch.float64)
    inputs = targets + torch.randn(FLAGS, RANK, generator=random, dtype=torch.float64) if noise else targets
    silent = torch.arange(FEATURES) < dead
    parameters = made(encoder, biased=biased)
    loss, _, ours = gradients(parameters, config, inputs, targets, silent)
    leaves = {name: tensor.clone().requires_grad_() for name, tensor in parameters.items()}
    wanted = plain_loss(leaves, config, inputs, targets, silent)
    autograds = torch.autograd.grad(wanted, list(leaves.values()))
    assert loss == pytest.approx(float(wanted.detach()))
    assert set(ours) == set(leaves)
    for name, gradient in zip(leaves, autograds, strict=True):
        assert torch.allclose(ours[name], gradient, atol=1e-12), name


def test_the_gradient_of_the_sparsity_penalty_is_autograds_and_finite() -> None:
    pre = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
    (wanted,) = torch.autograd.grad(kl_sparsity(pre, 0.25), pre)
    assert torch.allclose(kl_gradient(pre.detach(), 0.25), wanted)
    assert torch.isfinite(kl_gradient(torch.full((4, 2), -500.0), 0.25)).all()
