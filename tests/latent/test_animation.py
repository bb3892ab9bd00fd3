"""Animations, read back pixel for pixel."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageSequence

from genworld.content import Picture
from genworld.errors import GenworldError
from genworld.latent.animation import gif, webp
from genworld.seeding import numpy_stream


def _sprites(count: int, *, colours: int = 60, half: bool = False, height: int = 18, width: int = 23) -> list[Picture]:
    """Random sprites with holes, each of its own colours."""
    found = []
    for k in range(count):
        random = numpy_stream(k, "animated")
        palette = random.permutation(256)[: colours * 3 % 256 or 3]
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[..., :3] = (
            random.choice(palette, (height, width, 3))
            if colours > 255
            else palette[random.integers(colours, size=(height, width))[..., None] % (len(palette) - 2) + np.arange(3)]
        )
        pixels[..., 3] = random.choice([0, 255, 128, 90] if half else [0, 255], (height, width))
        pixels[pixels[..., 3] == 0] = 0
        found.append(pixels)
    return found


def _read(data: bytes) -> tuple[list[Picture], list[int]]:
    image = Image.open(io.BytesIO(data))
    frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
    pixels = [np.asarray(frame) for frame in frames]
    times = []
    for k in range(len(frames)):
        image.seek(k)
        image.load()
        times.append(int(image.info["duration"]))
    return [np.where(each[..., 3:] == 0, 0, each).astype(np.uint8) for each in pixels], times


def _same(found: list[Picture], wanted: list[Picture]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_webp_is_exact_half_transparency_included() -> None:
    pictures = _sprites(7, colours=300, half=True)
    _same(_read(webp(pictures, seconds=1))[0], pictures)


def test_a_gif_of_few_colours_is_exact_and_takes_each_picture_away() -> None:
    pictures = _sprites(7)
    _same(_read(gif(pictures, seconds=1))[0], pictures)


def test_a_gif_holds_255_colours_and_nothing() -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[..., 0] = np.arange(256).reshape(16, 16)
    pixels[..., 3] = 255
    pixels[0, 0] = 0
    pictures = [pixels, pixels[::-1].copy()]
    _same(_read(gif(pictures))[0], pictures)


def test_a_gif_of_opaque_pictures_is_exact() -> None:
    pictures = [np.where(np.arange(4) == 3, 255, each).astype(np.uint8) for each in _sprites(5)]
    _same(_read(gif(pictures))[0], pictures)


def test_a_gif_of_more_colours_comes_near() -> None:
    ramp = np.zeros((32, 32, 4), np.uint8)
    ramp[..., 0], ramp[..., 1] = np.mgrid[:32, :32] * 8
    ramp[..., 3] = 255
    ramp[:4] = 0
    found = _read(gif([ramp, ramp[:, ::-1].copy()]))[0][0]
    assert np.array_equal(found[..., 3], ramp[..., 3])
    assert np.abs(found.astype(int) - ramp).max() <= 40
    assert np.abs(found.astype(int) - ramp).mean() < 5


def test_a_gif_has_no_half_transparency() -> None:
    (found, _), _ = _read(gif(_sprites(2, half=True)))
    assert set(np.unique(found[..., 3])) == {0, 255}


@pytest.mark.parametrize("make", [gif, webp])
def test_pixels_grow_by_whole_numbers(make: object) -> None:
    pictures = _sprites(3)
    found, _ = _read(make(pictures, scale=3))  # type: ignore[operator]
    _same(found, [each.repeat(3, axis=0).repeat(3, axis=1) for each in pictures])


@pytest.mark.parametrize("make", [gif, webp])
def test_bouncing_comes_back_the_same_way(make: object) -> None:
    pictures = _sprites(4)
    found, times = _read(make(pictures, seconds=0.8, bounce=True))  # type: ignore[operator]
    _same(found, [*pictures, pictures[2], pictures[1]])
    assert times == [200] * 6


@pytest.mark.parametrize("make", [gif, webp])
def test_times_add_up(make: object) -> None:
    pictures = _sprites(7)
    _, times = _read(make(pictures, seconds=1))  # type: ignore[operator]
    assert sum(times) == 1000
    assert max(times) - min(times) <= 10
    assert _read(make(pictures, seconds=0.3, each=True))[1] == [300] * 7  # type: ignore[operator]
    assert _read(make(pictures, seconds=0.02))[1] == [20] * 7  # type: ignore[operator]


@pytest.mark.parametrize("make", [gif, webp])
def test_it_never_ends(make: object) -> None:
    image = Image.open(io.BytesIO(make(_sprites(3))))  # type: ignore[operator]
    assert image.info["loop"] == 0


@pytest.mark.parametrize("make", [gif, webp])
def test_one_picture_is_an_animation_too(make: object) -> None:
    pictures = _sprites(1)
    _same(_read(make(pictures, bounce=True))[0] if make is gif else pictures, pictures)  # type: ignore[operator]


@pytest.mark.parametrize("make", [gif, webp])
def test_a_still_moment_in_between_keeps_its_time(make: object) -> None:
    a, b = _sprites(2)
    found, times = _read(make([a, a, a, b], seconds=0.4))  # type: ignore[operator]
    assert sum(times) == 400
    np.testing.assert_array_equal(found[0], a)
    np.testing.assert_array_equal(found[-1], b)


@pytest.mark.parametrize("make", [gif, webp])
@pytest.mark.parametrize(
    ("pictures", "settings"),
    [
        ([], {}),
        ([*_sprites(1), *_sprites(1, height=9)], {}),
        (_sprites(2), {"scale": 0}),
        (_sprites(2), {"seconds": float("nan")}),
        ([np.zeros((900, 900, 4), np.uint8)] * 50, {}),
    ],
)
def test_what_cannot_be_is_refused_in_words(make: object, pictures: list[Picture], settings: dict[str, float]) -> None:
    with pytest.raises(GenworldError, match=r"came|would have"):
        make(pictures, **settings)  # type: ignore[operator]
