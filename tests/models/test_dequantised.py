"""Examples as numbers: what noise may do to them, and what is read back."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from worlds import LEGEND, levels, sprites

from genworld.content import Example, Legend, Sprite, Style, Tag, Tile
from genworld.models.codecs import Codec, codec_for
from genworld.models.dequantised import BLANK, TONES, Dequantised, LevelDigits, SpriteNumbers, dequantised_for, digits


def noise(kind: str, count: int, numbers: Dequantised, size: tuple[int, ...]) -> Tensor:
    shape = (count, numbers.channels, *size)
    return {"least": torch.zeros(shape), "middle": torch.full(shape, 0.5), "most": torch.full(shape, 1 - 1e-5)}[kind]


def back(codec: Codec, numbers: Dequantised, examples: tuple[Example, ...], kind: str) -> list[Example]:
    x = codec.stack(examples)
    return codec.decode(numbers.raw(numbers.blurred(x, noise(kind, len(x), numbers, x.shape[2:]), TONES)))


@pytest.mark.parametrize("kind", ["least", "middle", "most"])
@pytest.mark.parametrize("data", [levels(), sprites()], ids=["level", "sprite"])
def test_no_noise_makes_another_example_of_one(kind: str, data: object) -> None:
    spec, examples = data.spec, data.examples[:6]  # type: ignore[attr-defined]
    codec = codec_for(spec)
    assert back(codec, dequantised_for(spec, 2), examples, "middle") == list(examples)
    for one, other in zip(back(codec, dequantised_for(spec, 2), examples, kind), examples, strict=True):
        if isinstance(one, Sprite) and isinstance(other, Sprite):
            assert np.abs(one.pixels.astype(int) - other.pixels).max() <= 1  # half a step of 255, rounded
            assert np.array_equal(one.pixels[..., 3], other.pixels[..., 3])
        else:
            assert one == other


def test_every_colour_comes_back() -> None:
    pixels = np.full((16, 16, 4), 255, np.uint8)
    pixels[..., 0] = np.arange(256).reshape(16, 16)
    sprite = Sprite(pixels)
    codec = codec_for(sprites().spec)
    assert back(codec, SpriteNumbers(2), (sprite,), "middle") == [sprite]


def test_alpha_has_as_many_levels_as_asked_for() -> None:
    pixels = np.zeros((1, 256, 4), np.uint8)
    pixels[0, :, 3] = np.arange(256)
    codec = codec_for(sprites().spec)
    for alphas in (2, 3, 7):
        (found,) = back(codec, SpriteNumbers(alphas), (Sprite(pixels),), "most")
        assert isinstance(found, Sprite)
        assert len(np.unique(found.pixels[..., 3])) == alphas


def test_fewer_tones_blur_more() -> None:
    x = codec_for(sprites().spec).stack(sprites().examples[:1])
    numbers = SpriteNumbers(2)
    low, high = (numbers.blurred(x, noise(kind, 1, numbers, x.shape[2:]), 32)[:, :3] for kind in ("least", "most"))
    seen = (x[:, 3:] > 0).expand_as(low)
    assert (high - low)[seen].max().item() == pytest.approx(2 / 32, rel=1e-3)
    assert (high - low)[~seen].max().item() == pytest.approx(2 * BLANK, rel=1e-3)


def test_the_room_is_the_volume_of_the_noise() -> None:
    for data in (levels(), sprites()):
        x = codec_for(data.spec).stack(data.examples[:2])
        numbers = dequantised_for(data.spec, 2)
        low, high = (numbers.blurred(x, noise(kind, 2, numbers, x.shape[2:]), TONES) for kind in ("least", "most"))
        assert torch.allclose(numbers.room(x), (high - low).log().sum(dim=1), atol=0.05)


def test_the_first_digit_tells_what_is_solid() -> None:
    solid = [True, False, False, True, False, False, False]
    words = digits(solid)
    assert words.shape == (7, 4)
    assert (words[:, 0] > 0).tolist() == solid
    assert len({tuple(row) for row in words.tolist()}) == 7


@pytest.mark.parametrize("count", [1, 2, 3, 17])
def test_tiles_of_one_sort_have_as_many_digits_as_they_need(count: int) -> None:
    words = digits([False] * count)
    assert words.shape[1] == max(1, math.ceil(math.log2(count)))
    assert len({tuple(row) for row in words.tolist()}) == count


def test_digits_of_no_tile_are_read_as_the_nearest_one() -> None:
    tiles = (Tile("a", "a", frozenset({Tag.SOLID})), *(Tile(c, c, frozenset({Tag.PASSABLE})) for c in "bcd"))
    numbers = LevelDigits(Legend("four", Style.TOP_DOWN, tiles, "dungeon"))
    strange = torch.tensor([0.4, 1.0, 1.0]).reshape(1, 3, 1, 1)  # solid, but a number that only an open tile has
    assert int(numbers.raw(strange).argmax()) in range(4)
    assert numbers.channels == 3


def test_slopes_reach_the_numbers() -> None:
    for numbers in (LevelDigits(LEGEND), SpriteNumbers(2)):
        v = torch.full((1, numbers.channels, 2, 2), 0.4, requires_grad=True)
        numbers.raw(v).square().sum().backward()  # type: ignore[no-untyped-call]
        assert v.grad is not None
        assert bool((v.grad != 0).all())
