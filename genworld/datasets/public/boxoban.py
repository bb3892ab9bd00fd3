"""Boxoban: rooms in which boxes are pushed onto targets (Guez et al. 2018), 1,000 in each text file."""

from __future__ import annotations

import json

from genworld.datasets.public.sets import Part, PublicSet, Taken

DIGESTS = {
    "hard/000.txt": "c320e8b1f5a26be7a85dff18147a7decae3c5e765c38ff56e30ebf8551d331f4",
    "medium/train/000.txt": "b44e6dac95d03c0f29158252eafe7b1d97a3f3b447743a23617efa66e735167b",
    "medium/train/112.txt": "ade6a14209b487499898b599f9c5ae4ef2ee288bcffee6bfcac078b48981e55e",
    "medium/train/224.txt": "ff460e53647983bd2cd454c631d37629688c4d47398efbff533237310b6d531a",
    "medium/train/336.txt": "003ad7f5719fdeecd7360f12f64b040a4626b1a9c7d6f2893eb0e12b87d29279",
    "medium/train/448.txt": "2d2e6e1fa8e4a0160976ec35bd147292616de7361f1c180f3bdf4546992d4629",
    "unfiltered/train/000.txt": "674dda499261deface252c90077ae67181b5c7704c235baf0dd0bd2d16bf072e",
    "unfiltered/train/060.txt": "f9f5192ab740758a3fe2b3cd53617139714385bfe750d393b6496403be237bfc",
    "unfiltered/train/120.txt": "9638a371cf8fa1804c1c55e3e5c91bfb294287bff94bae9ef51315743e67b4d7",
    "unfiltered/train/180.txt": "9369422ec8d03aeb981c7b330e86ae0edb883b1426e7c3cb8d2e8bb77fca48b2",
    "unfiltered/train/240.txt": "d40766f44e088d2c273e3200ac80eefb1a4cf8b7f18b94ac6d1dbd8a490bc1fb",
    "unfiltered/train/300.txt": "c0377e1f20b15fa72c774457746ffce69d2e42b9df5f950b61ff821f73348d8b",
    "unfiltered/train/360.txt": "1499d568fd0e67c175eda2d7c26165f9d3a1a1bed283a19986fe6cdfa73c9621",
    "unfiltered/train/420.txt": "380bec63d3318d2b762db1640d85633962f9e1e11e800bf8503459f8d6f5c6e3",
    "unfiltered/train/480.txt": "dc2cd6dac7b3f4396e45a97125d44c4cb4cc162a3a1e43a4862e3d54bd23a626",
    "unfiltered/train/540.txt": "6eaaff686c89552db5704ff5f6aaebc5620bb36682c52c93be0ef1a879663aaa",
    "unfiltered/train/600.txt": "f417b61cb0be27fc1cffb0a61a62d67ba9f9e027cc14cd624b3838bfb4d1eacb",
    "unfiltered/train/660.txt": "75cc5402f8ab1fabb19d9a45d496d00e1e7cf020bc2c7de4659215df002ff74b",
    "unfiltered/train/720.txt": "610f8fad92db9d900c3e0e0abdf42eeb9a7c07c961ab8558d0047fa24eac89e6",
    "unfiltered/train/780.txt": "61ed4871d55e6b023191267770fb81f3ed3dfb75f179cebf534b73b3b9b5d184",
    "unfiltered/train/840.txt": "0fbbefe29c2176a65b8f70487307fd38f28647d27d0627c0724537c6fbfeab85",
}
"""SHA-256 of the files that are taken, a sample of all 1,500."""
LICENCE = "LICENSE"

LEGEND = {
    "game": "boxoban",
    "style": "top-down puzzle rooms",
    "licence": "Apache-2.0",
    "licence_class": "clean",
    "notes": "4 boxes and 4 targets in each room",
    "tiles": {
        "#": {"meaning": "wall", "tags": ["solid"]},
        " ": {"meaning": "floor", "tags": ["passable"]},
        "@": {"meaning": "player", "tags": ["passable", "start"]},
        "$": {"meaning": "box", "tags": ["solid", "pushable"]},
        ".": {"meaning": "target", "tags": ["passable", "goal"]},
    },
}


def convert(taken: Taken) -> list[Part]:
    """The files as they are, with a legend. ``medium/train/000.txt`` becomes ``medium_train_000.txt``."""
    levels = {path.replace("/", "_"): raw for path, raw in taken.items() if path.endswith(".txt")}
    legend = json.dumps(LEGEND, indent=1).encode()
    files = {**levels, "tiles.json": legend, LICENCE: taken[LICENCE]}
    return [Part("boxoban", "Boxoban", "text", {f"boxoban/{name}": raw for name, raw in files.items()})]


SET = PublicSet(
    name="boxoban",
    title="Boxoban",
    holds="21,000 rooms of 10 x 10 in which boxes are pushed; about 1 MB",
    url="https://github.com/google-deepmind/boxoban-levels",
    commit="HEAD",
    wanted=lambda path: path == LICENCE or path in DIGESTS,
    convert=convert,
    parts=("boxoban",),
    licence="Apache-2.0",
    credit="Boxoban levels, Google DeepMind",
    page="https://github.com/google-deepmind/boxoban-levels",
    digests=DIGESTS,
)
