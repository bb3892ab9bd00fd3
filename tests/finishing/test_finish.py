"""Finishes: clean edges, no stray pixels, few colours, the colours of a palette; and origins that tell of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from genworld import sampling
from genworld.content import Sprite
from genworld.errors import GenworldError
from genworld.finishing import finished, read_palette, suited
from genworld.finishing.palette import MOST, parse_palette
from genworld.provenance import ORIGIN, Finish, FinishOrigin, ImportOrigin, first, in_words
from genworld.sampling import Sampled
from genworld.seeding import numpy_stream

FILE = ImportOrigin(file="a.png", digest="0" * 64)


def picture(*places: tuple[int, int], alpha: int = 255, side: int = 8) -> Sprite:
    pixels = np.zeros((side, side, 4), dtype=np.uint8)
    for row, column in places:
        pixels[row, column] = (10 * row, 10 * column, 90, alpha)
    return Sprite(pixels)


def seen(sprite: Sprite) -> set[tuple[int, int]]:
    return {(int(row), int(column)) for row, column in np.argwhere(sprite.pixels[..., 3] > 0)}


def test_a_pixel_that_touches_no_other_goes() -> None:
    body = [(1, 1), (1, 2), (2, 3)]  # the last touches with a corner
    assert seen(finished(picture(*body, (6, 6), (4, 0)), Finish(strays=True))) == set(body)
    assert seen(finished(picture(*body, (6, 6)), Finish())) == {*body, (6, 6)}


def test_of_a_figure_that_is_one_pixel_all_stays() -> None:
    assert seen(finished(picture((3, 3)), Finish(strays=True))) == {(3, 3)}
    assert seen(finished(picture(), Finish(strays=True, hard=True, colours=3))) == set()


@pytest.mark.parametrize(("alpha", "then"), [(127, 0), (128, 255), (1, 0), (254, 255)])
def test_hard_edges(alpha: int, then: int) -> None:
    found = finished(picture((3, 3), alpha=alpha), Finish(hard=True)).pixels[3, 3, 3]
    assert int(found) == then
    assert int(finished(picture((3, 3), alpha=alpha), Finish()).pixels[3, 3, 3]) == alpha


def test_a_palette_has_the_last_word() -> None:
    sprite = Sprite(numpy_stream(0, "noise").integers(0, 256, (16, 16, 4), dtype=np.uint8))
    made = finished(sprite, Finish(palette=("000000", "ff0000", "ffffff"), colours=2, hard=True))
    visible = made.pixels[made.pixels[..., 3] > 0][:, :3]
    assert {tuple(colour) for colour in visible.tolist()} == {(0, 0, 0), (255, 0, 0), (255, 255, 255)}


def test_what_suits_is_what_real_sprites_have() -> None:
    hard = [picture((1, 1), (1, 2), (1, 3)), picture((2, 1), (2, 2), (2, 4)), picture((0, 0))]
    assert suited(hard) == Finish(colours=3, hard=True, strays=True)
    assert not suited([picture((1, 1), alpha=100)]).hard
    with pytest.raises(GenworldError, match="there are none"):
        suited([picture()])


@given(st.integers(1, 9), st.booleans(), st.booleans(), st.integers(0, 2**16))
def test_a_finish_is_final(colours: int, hard: bool, strays: bool, seed: int) -> None:
    noise = numpy_stream(seed, "noise").integers(0, 256, (9, 7, 4), dtype=np.uint8)
    noise[..., 3] *= numpy_stream(seed, "holes").random((9, 7)) < 0.5
    finish = Finish(colours=colours, hard=hard, strays=strays)
    once = finished(Sprite(noise), finish)
    assert finished(once, finish) == once


def test_the_origin_tells_and_makes_it_again() -> None:
    finish = Finish(colours=4, hard=True)
    made = sampling.with_finish(Sampled(picture((1, 1)), FILE), finish)
    assert made.origin == FinishOrigin(parent=FILE, finish=finish)
    assert ORIGIN.validate_json(ORIGIN.dump_json(made.origin)) == made.origin
    assert first(made.origin) == FILE
    assert in_words(made.origin) == "Imported from a.png, finished in 4 colours at most"
    assert in_words(FinishOrigin(parent=FILE, finish=Finish(palette=("aabbcc",)))).endswith("in 1 colour of a palette")


GIMP = b"GIMP Palette\nName: two\nColumns: 2\n# said\n  0   0   0\tblack\n255 128   0 orange\n255 128   0\n"


def test_palettes_are_read(tmp_path: Path) -> None:
    (tmp_path / "two.gpl").write_bytes(GIMP)
    (tmp_path / "two.hex").write_bytes(b"\xef\xbb\xbf000000\r\n\r\n#FF8000\r\n")
    for name in ("two.gpl", "two.hex"):
        palette = read_palette(tmp_path / name)
        assert (palette.name, palette.colours) == ("two", ("000000", "ff8000"))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "has 0"),
        (b"GIMP Palette\n", "has 0"),
        (b"GIMP Palette\n1 2\n", "Line 2 .* red, green and blue"),
        (b"GIMP Palette\n1 2 256\n", "0 to 255"),
        (b"\x89PNG\r\n", "line 1"),
        (b"12345\n", r"\.hex file"),
        (b"\n".join(b"%06x" % index for index in range(MOST + 1)), f"1 to {MOST} colours"),
    ],
)
def test_what_is_no_palette_is_told(raw: bytes, told: str) -> None:
    with pytest.raises(GenworldError, match=told):
        parse_palette("mine", raw)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_palette_or_refused(raw: bytes) -> None:
    with suppress(GenworldError):
        assert 1 <= len(parse_palette("mine", raw).colours) <= MOST


def test_a_finish_is_checked_on_the_way_in() -> None:
    for wrong in ({"colours": 0}, {"colours": 257}, {"palette": ("red",)}, {"more": 1}):
        with pytest.raises(ValidationError):
            Finish.model_validate(wrong)
