"""The platformer: grassy ground, bricks, ladders, spikes, coins, over a far view."""

from __future__ import annotations

import numpy as np

from . import backdrop
from . import creatures as c
from . import nature as n
from . import platformer_pictures as p
from .book import Book
from .letters import add_letters
from .palette import COLOUR, RGBA
from .pen import art, blank, lit, noise, outlined, plain, put
from .terrain import BLOB, X, Y, open_names, spill

EARTH = ("f", "g", "h")
STONES = ("hh.\ngge\n.e.", "hhh\nhgge\n.ee", "h.\n.e", "gh\ngg")


def earth_texture(name: str) -> RGBA:
    """Dark earth with stones in it."""
    frame = plain("f")
    places = noise(f"stones {name}", 1, 9)[0]
    for k in range(3):
        text = STONES[int(places[k]) % len(STONES)]
        frame = put(frame, text, int(places[k + 3]) % 16, int(places[k + 6]) % 16)
    return frame


def ground(bits: int, name: str) -> RGBA:
    """One of the 47 frames of the ground: grass on top, lighter earth along its open sides."""
    frame = earth_texture(name)
    band = spill(bits, 4, "ground band") & (frame[..., :3] == COLOUR["f"]).all(axis=-1)
    frame[band, :3] = COLOUR["g"]
    north, east, south, west = (not bits >> k & 1 for k in (0, 2, 4, 6))
    for mask, char in (
        (south & (Y == 14), "e"), (west & (X == 1), "h"), (east & (X == 14), "f"),
        (south & (Y == 15), "1"), (west & (X == 0), "1"), (east & (X == 15), "1"),
    ):  # fmt: skip
        frame[mask, :3] = COLOUR[char]
    if north:
        _turf(frame, west, east)
    _inner_corners(frame, bits)
    _rounded(frame, north, east, south, west)
    return frame


def _turf(frame: RGBA, west: bool, east: bool) -> None:
    """Grass that hangs down the upper side."""
    hang = np.array((5, 6, 6, 5, 4, 5, 7, 7, 6, 5, 4, 5, 6, 7, 6, 5))
    for x in range(16):
        for y in range(int(hang[x]) + 1):
            char = "q" if y == 0 else "p" if y < 3 else "o" if y < hang[x] - 1 else "n" if y < hang[x] else "e"
            frame[y, x, :3] = COLOUR[char]
    for x in (2, 7, 13):
        frame[2:4, x, :3] = COLOUR["o"]
    for at, is_open in ((0, west), (15, east)):
        if is_open:
            frame[0:6, at, :3] = COLOUR["m"]


def _inner_corners(frame: RGBA, bits: int) -> None:
    """The end of the turf or of an edge that meets this cell at a corner."""
    for bit, one, two, dy, dx in (
        (1, 0, 2, Y, 15 - X),
        (3, 2, 4, 15 - Y, 15 - X),
        (5, 4, 6, 15 - Y, X),
        (7, 6, 0, Y, X),
    ):
        if not bits >> bit & 1 and bits >> one & 1 and bits >> two & 1:
            frame[(dy < 3) & (dx < 3) & (dy + dx < 4), :3] = COLOUR["g"]
            if bit in (1, 7):
                frame[(dy < 5) & (dx < 1), :3] = COLOUR["n"]
                frame[(dy < 3) & (dx < 2), :3] = COLOUR["o"]
            frame[(dy == 0) & (dx == 0), :3] = COLOUR["1"] if bit in (3, 5) else COLOUR["p"]


def _rounded(frame: RGBA, north: bool, east: bool, south: bool, west: bool) -> None:
    for one, two, dy, dx, char in (
        (north, west, Y, X, "m"), (north, east, Y, 15 - X, "m"), (south, west, 15 - Y, X, "1"), (south, east, 15 - Y, 15 - X, "1"),
    ):  # fmt: skip
        if one and two:
            frame[dy + dx == 2] = (*COLOUR[char], 255)
            frame[dy + dx < 2] = 0


ROPE = "jijijijijijijiji\ngfgfgfgfgfgfgfgf"


def _ladder() -> RGBA:
    return np.concatenate([art(p.LADDER)[:8]] * 2)


def _pool(top: bool, kind: int) -> RGBA:
    """Water, a little transparent; `top` for its surface."""
    frame = plain("w")
    frame = put(frame, "xxx", 4 + 5 * kind, 3 + 7 * kind)
    frame = put(frame, "vvvv", 11 - 2 * kind, 9 - 5 * kind)
    frame[..., 3] = 200
    if top:
        frame[:4] = 0
        crest = np.array((0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0))
        for x in range(16):
            frame[2 + crest[x], x] = (*COLOUR["Z"], 255)
            frame[3 + crest[x], x] = (*COLOUR["y"], 230)
    return frame


def _fluid(hot: bool) -> list[tuple[str, RGBA]]:
    """Frames for the shape ``column``: alone, surface, middle, bottom."""
    frames = [_pool(top, k) for k, top in enumerate((True, True, False, False))]
    if hot:
        for frame in frames:
            for old, new in (("w", "C"), ("x", "D"), ("v", "B"), ("y", "E"), ("Z", "F")):
                hit = (frame[..., :3] == COLOUR[old]).all(axis=-1) & (frame[..., 3] > 0)
                frame[hit] = (*COLOUR[new], 255)
    name = "lava" if hot else "water"
    return [
        (f"{name} {label}", frame) for label, frame in zip(("alone", "surface", "deep", "bottom"), frames, strict=True)
    ]


def _pipe(left: bool, top: bool) -> RGBA:
    """A quarter of a wide green pipe."""
    colours = "1mnopqpoonnnnmml" if left else "oonnnnmmmmmmlll1"
    frame = blank()
    for x, char in enumerate(colours):
        frame[:, x] = (*COLOUR[char], 255)
    if not top:
        frame = np.roll(frame, 2 if left else -2, axis=1)
        frame[:, : 2 if left else 0] = 0
        if not left:
            frame[:, 14:] = 0
        return frame
    frame[0] = frame[15] = (*COLOUR["1"], 255)
    frame[1, 1:15] = (*COLOUR["p"], 255)
    frame[14, :] = (*COLOUR["l"], 255)
    return frame


def grounds(book: Book) -> None:
    """The far view and the ground."""
    solid = "ground, brick, block, question, used"
    view = book.add("backdrop", *backdrop.frames())
    book.rule("backdrop", "*", "scene", view, columns=backdrop.COLUMNS, when="open")
    caves = book.variants("cave", *[backdrop.cave(k) for k in range(5)])
    book.rule("backdrop", "*", "single", caves, salt=1, when="roofed")
    book.rule("backdrop", "void", "single", book.add("void", plain("1")))
    sets = [
        book.add(f"ground {k + 1}", *[(f"ground {open_names(bits)}", ground(bits, f"{k}")) for bits in BLOB])
        for k in range(3)
    ]
    book.rule("ground", "ground", "blob", list(sets), salt=2, alike=solid)
    for name, text in (("brick", p.BRICK), ("block", p.SOLID), ("question", p.QUESTION)):
        book.rule("ground", name, "single", book.add(name, art(text)))
    book.rule(
        "ground",
        "used",
        "single",
        book.add("used block", art(p.SOLID.replace("X", "h").replace("d", "g").replace("c", "f").replace("b", "e"))),
    )
    book.rule("ground", "breakable", "single", book.add("breakable block", art(p.BROKEN)))
    for name, hot in (("water", False), ("lava", True)):
        book.rule("front", name, "column", book.add(name, *_fluid(hot)))
    tufts = book.variants(
        "tuft",
        art("..p...\n.op.q.\n.opop.\nnopopn", 12, 5),
        art(".E..\nEDE.\n.E..\n.n.P\n.noP\n.no.", 10, 6),
        art("p..\np.q\noop", 13, 7),
    )
    book.rule(
        "decor",
        "ground",
        "turf",
        [("", 5), *((name, 1) for name in tufts)],
        salt=3,
        up=1,
        against=f"{solid}, breakable, void",
    )


def things(book: Book) -> None:
    """What stands and hangs in the air."""
    boards = art(p.PLATFORM, 0, 0)
    ends = []
    for label, west, east in (("alone", 1, 1), ("left", 1, 0), ("middle", 0, 0), ("right", 0, 1)):
        frame = boards.copy()
        frame[1:5, 0 if west else 20 : 1] = (*COLOUR["1"], 255)
        if east:
            frame[1:5, 15] = (*COLOUR["1"], 255)
        ends.append((f"platform {label}", frame))
    book.rule("things", "platform", "row", book.add("platform", *ends), alike="platform, ground, brick, block")
    singles = {
        "ladder": _ladder(),
        "rope": art(ROPE, 3, 0),
        "spikes": outlined(art(p.SPIKES, 6, 0)),
        "coin": outlined(art(p.COIN, 3, 3)),
        "ruby": outlined(art(p.RUBY, 4, 3)),
        "diary": outlined(art(p.BOOK, 3, 3)),
        "person": outlined(lit(art(c.HERO.replace("w", "o").replace("x", "p").replace("v", "n"), 2, 2))),
        "player": outlined(lit(art(c.HERO, 2, 2))),
        "door": outlined(art(p.DOOR, 2, 2)),
        "button": outlined(art(p.BUTTON, 11, 2)),
        "cannon": outlined(art(p.CANNON, 4, 2)),
        "flag": outlined(art(c.FLAG, 3, 3)),
        "portal": outlined(art(p.PORTAL, 3, 2)),
        "box": outlined(art(c.CRATE, 1, 1)),
        "key": outlined(art(c.KEY, 5, 2)),
        "treasure": outlined(lit(art(c.CHEST, 5, 1))),
        "medkit": outlined(art(c.MEDKIT, 6, 3)),
        "mushroom": outlined(art(c.MUSHROOM, 5, 2)),
        "bush": n.bush(True),
    }
    book.singles("things", singles)
    enemies = [outlined(lit(art(p.CRAB, 5, 1))), outlined(lit(art(p.BEETLE, 4, 1))), outlined(lit(art(c.SLIME, 6, 2)))]
    book.rule("things", "enemy", "single", book.variants("enemy", *enemies, outlined(lit(art(c.BAT, 3, 1)))), salt=11)
    items = [outlined(art(c.POTION, 5, 3)), outlined(art(c.GEM, 5, 3)), outlined(art(p.COIN, 3, 3))]
    book.rule("things", "item", "single", book.variants("item", *items), salt=12)
    for side, left in (("left", True), ("right", False)):
        for part, top in (("top ", True), ("", False)):
            name = f"pipe {part}{side}"
            book.rule("ground", name, "single", book.add(name, _pipe(left, top)))


def stamps(book: Book) -> None:
    """Which tiles turn into what."""
    book.stamp("air; sky; empty; background; path; floor; passable", "air")
    book.stamp("void; void outside the level", "air", "void")
    for names, kind in (
        (
            "ground; solid ground; solid ground (includes slopes and unreachable inside); ground or goal tile; wall; earth; dirt; grass; fake solid; rock; wall / void",
            "ground",
        ),
        ("brick; breakable brick; diggable brick; bricks", "brick"),
        ("solid; solid brick; block; stone; cannon base", "block"),
        ("full question block; question block", "question"),
        ("empty question block", "used"),
        ("breakable block; breakable", "breakable"),
        ("platform; one way platform; moving platform; bridge", "platform"),
        ("ladder; vine", "ladder"),
        ("rope", "rope"),
        ("spikes; hazard; deadly spot (pit, spikes)", "spikes"),
        ("coin; gold", "coin"),
        ("ruby; gem; crystal", "ruby"),
        ("diary; book", "diary"),
        ("character (not an enemy); character; villager", "person"),
        ("player start; start; player", "player"),
        ("goal; exit; flag", "flag"),
        ("level end or terminal; level end; terminal; portal", "portal"),
        ("enemy; enemy or enemy spawner; monster", "enemy"),
        ("door; locked door", "door"),
        ("button; switch", "button"),
        ("cannon; cannon top", "cannon"),
        ("water; lava or water; pond; water or harmless liquid", "water"),
        ("lava; slime", "lava"),
        ("box; crate", "box"),
        ("key", "key"),
        ("treasure; chest; special item; upgrade", "treasure"),
        ("large health; small health", "medkit"),
        ("mushroom; extra life", "mushroom"),
        ("item; large ammo; small ammo; potion", "item"),
        ("bush; tree", "bush"),
        ("pipe left", "pipe left"),
        ("pipe right", "pipe right"),
        ("pipe top left", "pipe top left"),
        ("pipe top right", "pipe top right"),
    ):
        book.stamp(names, "air", kind)


FALLBACK = [
    (["start"], "player"), (["goal"], "flag"), (["enemy"], "enemy"), (["key"], "key"), (["door"], "door"), (["pushable"], "box"),
    (["device"], "button"), (["item"], "item"), (["hazard", "liquid"], "lava"), (["liquid"], "water"), (["hazard"], "spikes"),
    (["climbable"], "ladder"), (["breakable"], "breakable block"), (["solid-top"], "platform"), (["solid"], "ground"),
    (["empty"], "air"), (["void"], "void"), (["passable"], "air"),
]  # fmt: skip


def draw() -> Book:
    """The whole tileset."""
    layers = ("backdrop", "ground", "decor", "things", "front")
    closed = ("ground", "brick", "block")
    book = Book(layers, "air", {"near": (("air",), "air")}, closed)
    grounds(book)
    things(book)
    stamps(book)
    add_letters(book)
    book.fallback = FALLBACK
    return book
