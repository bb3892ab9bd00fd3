"""Dolls are dressed as their pattern says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genworld.datasets import open_dataset, paperdoll
from genworld.datasets.paperdoll import Pattern, label, read_table
from genworld.errors import GenworldError

PARTS = {
    "cloak": ("red",),
    "base": ("human", "draconian_green"),
    "body": ("robe_blue", "mail"),
    "head": ("hat",),
    "hair": ("long",),
    "hand1": ("sword", "fire_cyan"),
    "hand2": ("shield_round", "book_red"),
}


def dolls() -> list[dict[str, str]]:
    """120 dolls; half wear a hat, the others have hair; a third have a cloak."""
    found = []
    for index in range(120):
        doll = {slot: parts[index // 3 % len(parts)] for slot, parts in PARTS.items()}
        doll.pop("head" if index % 2 else "hair")
        if index % 3:
            doll.pop("cloak")
        found.append(doll)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [",".join(["x.png", *(doll.get(slot, "") for slot in PARTS)]) for doll in dolls()]
    (tmp_path / paperdoll.TABLE).write_text("\n".join([",".join(["file", *PARTS]), *rows]) + "\n")
    for row, (slot, parts) in enumerate(PARTS.items()):
        (tmp_path / paperdoll.PARTS / slot).mkdir(parents=True)
        for column, part in enumerate(parts):
            pixels = np.zeros((8, 8, 4), dtype=np.uint8)
            pixels[row, : 4 + column] = (30 * row + 10, 100 * column, 50, 255)
            Image.fromarray(pixels).save(tmp_path / paperdoll.PARTS / slot / f"{part}.png")
    return tmp_path


def test_the_pattern_is_learned_from_the_table(folder: Path) -> None:
    pattern = Pattern.learn(*read_table(folder / paperdoll.TABLE))
    assert pattern.slots == tuple(PARTS)
    assert pattern.excluded_by == {"hair": "head"} or pattern.excluded_by == {"head": "hair"}
    assert pattern.filled["base"] == 1
    assert pattern.filled["cloak"] == pytest.approx(1 / 3)


def test_dolls_follow_the_pattern(folder: Path) -> None:
    data = open_dataset(str(folder), count=400)
    share = dict(zip(data.spec.classes, data.labels.mean(axis=0), strict=True))
    assert share["cloak"] == pytest.approx(1 / 3, abs=0.08)
    assert share["headgear"] + share["hair"] == pytest.approx(1)
    assert not (
        data.labels[:, data.spec.classes.index("headgear")] & data.labels[:, data.spec.classes.index("hair")]
    ).any()
    assert not data.spec.exclusive


def test_a_doll_is_the_same_whatever_the_count_and_other_seeds_differ(folder: Path) -> None:
    few, many = (paperdoll.read(folder, count=count) for count in (5, 50))
    assert few.examples == many.examples[:5]
    other = paperdoll.read(folder, count=50, seed=1)
    assert other.examples != many.examples
    assert not set(other.groups) & set(many.groups)
    assert few.source.digest != many.source.digest


def test_layers_are_drawn_over_each_other_in_order(folder: Path) -> None:
    pixels = np.full((8, 8, 4), (9, 9, 9, 255), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / paperdoll.PARTS / "hand2" / "shield_round.png")
    data = paperdoll.read(folder, count=40)
    shield = data.spec.classes.index("shield")
    for sprite, labels in zip(data.sprites, data.labels, strict=True):
        assert bool((sprite.pixels == 9).all(axis=(0, 1))[0]) == bool(labels[shield])


def test_labels_say_what_is_worn() -> None:
    names = [rule.name for rule in paperdoll.LABELS]

    def worn(**doll: str) -> set[str]:
        return {name for name, fits in zip(names, label(doll), strict=True) if fits}

    assert worn(base="draconian_red", body="robe_red", hand1="sword") == {"dragonfolk", "robe", "weapon"}
    assert worn(base="human", hand1="fire_cyan", hand2="book_blue") == {"book"}
    assert worn(base="elf", cloak="gray", head="cap", hand2="buckler_green") == {"cloak", "headgear", "shield"}


@pytest.mark.parametrize("options", [{"count": 0}, {"count": "many"}, {"count": 10**9}, {"seed": -1}])
def test_numbers_out_of_range_are_refused(folder: Path, options: dict[str, object]) -> None:
    with pytest.raises(GenworldError, match="is a whole number"):
        open_dataset(str(folder), **options)


def test_folders_that_do_not_hold_together_are_refused(folder: Path) -> None:
    with pytest.raises(GenworldError, match="not both there"):
        paperdoll.read(folder / paperdoll.PARTS)
    table = folder / paperdoll.TABLE
    whole = table.read_text()
    table.write_text(whole.replace("mail", "../../secret"))
    with pytest.raises(GenworldError, match="plain file names"):
        paperdoll.read(folder)
    table.write_text(whole.replace("mail", "plate"))
    with pytest.raises(GenworldError, match=r"plate\.png"):
        paperdoll.read(folder)
    table.write_text(whole.splitlines()[0])
    with pytest.raises(GenworldError, match="one dressed doll on each line"):
        paperdoll.read(folder)
    table.write_text(whole)
    Image.new("RGBA", (9, 8)).save(folder / paperdoll.PARTS / "base" / "human.png")
    with pytest.raises(GenworldError, match="one size"):
        paperdoll.read(folder)
