"""Parts of a flow: undone exactly, and their stretch is that of the Jacobian."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from genworld.errors import GenworldError
from genworld.models.bijections import (
    MOST,
    ActNorm,
    Bijection,
    Coupling,
    Mix,
    Prior,
    Step,
    bounded,
    squeeze,
    unsqueeze,
)
from genworld.seeding import stream

SIZE = (2, 3)
CHANNELS, CLASSES = 4, 2


def roughened(part: Bijection) -> Bijection:
    """The part with no number left as it began."""
    random = stream(3, "rough")
    for module in part.modules():
        if isinstance(module, Mix):
            module.draw(random)
    with torch.no_grad():
        for each in part.parameters():
            each.add_(0.3 * torch.randn(each.shape, generator=random))
    return part.double()


PARTS: dict[str, Callable[[], Bijection]] = {
    "actnorm": lambda: ActNorm(CHANNELS),
    "mix": lambda: Mix(CHANNELS),
    "coupling": lambda: Coupling(CHANNELS, 6, SIZE, CLASSES),
    "step": lambda: Step(CHANNELS, 6, SIZE, CLASSES),
    "step without classes": lambda: Step(CHANNELS, 6, SIZE, 0),
    "prior of a half": lambda: Prior(2, 2, 6, SIZE, CLASSES),
    "prior of the rest": lambda: Prior(CHANNELS, 0, 6, SIZE, CLASSES),
}


@pytest.fixture(params=PARTS)
def part(request: pytest.FixtureRequest) -> Bijection:
    return roughened(PARTS[request.param]())


def given(count: int, classes: int = CLASSES) -> tuple[Tensor, Tensor]:
    random = stream(4, "given")
    x = torch.randn(count, CHANNELS, *SIZE, generator=random, dtype=torch.float64)
    return x, torch.rand(count, classes, generator=random, dtype=torch.float64)


def test_what_was_done_is_undone(part: Bijection) -> None:
    x, condition = given(5)
    y, _ = part(x, condition)
    assert not torch.allclose(y, x)
    assert torch.allclose(part.inverse(y, condition), x, atol=1e-9)


def test_the_stretch_is_that_of_the_jacobian(part: Bijection) -> None:
    x, condition = given(1)
    _, stretch = part(x, condition)
    jacobian = torch.autograd.functional.jacobian(lambda at: part(at, condition)[0], x).reshape(x.numel(), x.numel())  # type: ignore[no-untyped-call]
    assert float(stretch.detach().expand(1, *SIZE).sum()) == pytest.approx(
        float(torch.linalg.slogdet(jacobian)[1]), abs=1e-9
    )


def test_classes_are_heeded() -> None:
    x, condition = given(1)
    for name in ("coupling", "prior of a half", "prior of the rest"):
        part = roughened(PARTS[name]())
        assert not torch.allclose(part(x, condition)[0], part(x, 1 - condition)[0])


def test_the_first_batch_sets_the_scale() -> None:
    norm = ActNorm(CHANNELS)
    x = torch.randn(64, CHANNELS, *SIZE, generator=stream(0, "x")) * 7 + 3
    x[:, 1] = 2.5
    norm.adapt(x)
    y, _ = norm(x, x)
    assert torch.allclose(y.mean(dim=(0, 2, 3)), torch.zeros(CHANNELS), atol=1e-4)
    spread = y.std(dim=(0, 2, 3), correction=0)
    assert torch.allclose(spread[[0, 2, 3]], torch.ones(3), atol=1e-4)
    assert float(spread[1].detach()) == 0  # a constant is left to the noise, not blown up


def test_a_mix_begins_as_a_rotation() -> None:
    mix = Mix(CHANNELS)
    mix.draw(stream(0, "mix"))
    x, condition = given(3)
    y, stretch = mix.double()(x, condition)
    assert torch.allclose(y.square().sum(dim=1), x.square().sum(dim=1))
    assert float(stretch) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("name", "value"), [("permutation", 0.5), ("signs", 2.0)])
def test_a_mix_that_cannot_be_undone_is_refused(name: str, value: float) -> None:
    mix = Mix(CHANNELS)
    mix.check()
    getattr(mix, name)[0] = value
    with pytest.raises(GenworldError, match="of this flow"):
        mix.check()


def test_scales_are_bounded() -> None:
    far = bounded(torch.tensor([-1e6, 0.01, 1e6]))
    assert far.tolist() == pytest.approx([-MOST, 0.01, MOST], abs=1e-4)


def test_squeezes_keep_positions() -> None:
    x = torch.arange(32.0).reshape(1, 2, 4, 4)
    assert torch.equal(unsqueeze(squeeze(x)), x)
    assert set(squeeze(x)[0, :, 0, 0].tolist()) == set(x[0, :, :2, :2].flatten().tolist())
