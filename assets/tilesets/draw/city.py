"""The city from above: streets with their markings, pavements, houses with roofs and windows, parks."""

from __future__ import annotations

from . import city_pictures as p
from . import creatures as c
from . import nature as n
from .book import Book, add_tall
from .dungeon import FALLBACK, bridge_frames
from .letters import add_letters
from .palette import COLOUR, RGBA
from .pen import SIZE, art, blank, grounded, outlined, plain, put, scattered, speckled, thing
from .terrain import (
    BLOB,
    Fringe,
    WallLook,
    X,
    Y,
    foam_frames,
    fringe_frames,
    open_names,
    shadow_frames,
    spill,
    wall_frames,
)
from .textures import grass, slabs, water, worn

ROADS = "road, crossing"
QUARTERS = ((0, 0, 8, 8), (0, 8, 8, 8), (8, 0, 8, 8), (8, 8, 8, 8))
OFFSET = ((0, 0, 8, 16), (8, 0, 8, 8), (8, 8, 8, 8))


def asphalt(k: int) -> RGBA:
    return speckled("3", (("4", 6), ("2", 5)), f"asphalt {k}")


def paving(k: int) -> RGBA:
    return worn(slabs(QUARTERS, "567"), f"paving {k}", "7", "6", 200)


def plaza(k: int) -> RGBA:
    return worn(slabs(OFFSET if k else QUARTERS, "ijs"), f"plaza {k}", "s", "j", 120)


def _marks() -> list[tuple[str, RGBA]]:
    """The 16 markings of a road by the sides on which it goes on: north 1, east 2, south 4, west 8."""
    frames = []
    for sides in range(16):
        frame = blank()
        dash, across = (Y >= 4) & (Y < 12), (X >= 4) & (X < 12)
        line = {
            5: dash & ((X == 7) | (X == 8)), 10: across & ((Y == 7) | (Y == 8)), 7: dash & (X == 15), 13: dash & (X == 0),
            14: across & (Y == 15), 11: across & (Y == 0),
        }.get(sides)  # fmt: skip
        if line is not None:
            frame[line] = (*COLOUR["Y"], 255)
        name = " ".join(side for bit, side in enumerate("NESW") if sides >> bit & 1)
        frames.append((f"road marking {name}".strip(), frame))
    return frames


def _zebra() -> list[tuple[str, RGBA]]:
    bars = blank()
    bars[(X % 4 >= 1) & (X % 4 <= 2) & (Y > 0) & (Y < 15)] = (*COLOUR["Z"], 255)
    bars[(X % 4 == 2) & (Y > 0) & (Y < 15)] = (*COLOUR["Y"], 255)
    level = bars.swapaxes(0, 1).copy()
    return [("zebra east", level), ("zebra north", bars), ("zebra", bars)]


def _kerb(bits: int) -> RGBA:
    frame = blank()
    frame[spill(bits, 3, "kerb", 0)] = (*COLOUR["7"], 255)
    frame[spill(bits, 3, "kerb", 0) & ~spill(bits, 2, "kerb", 0)] = (*COLOUR["5"], 255)
    frame[spill(bits, 1, "kerb", 0)] = (*COLOUR["2"], 255)
    return frame


ROOFS = {
    "red": ("ABR", "jst"),
    "slate": ("bcd", "67Z"),
    "brown": ("fgh", "ijs"),
    "green": ("lTS", "jst"),
    "flat": ("456", "cdX"),
}
"""Colours of a roof (dark, body, light) and of the walls below it, by name."""


def _roof_top(colours: str, is_flat: bool) -> RGBA:
    dark, body, light = colours
    frame = plain(body)
    if is_flat:
        return speckled(body, ((dark, 8),), f"roof {colours}")
    shift = (Y // 4 % 2) * 2
    frame[(Y % 4 == 3) | (((X + shift) % 4 == 3) & (Y % 4 == 2))] = (*COLOUR[dark], 255)
    frame[(Y % 4 == 0) & ((X + shift) % 4 == 1)] = (*COLOUR[light], 255)
    return frame


def _facade(colours: str) -> RGBA:
    dark, body, light = colours
    frame = plain(body)
    frame[Y == 5] = (*COLOUR[dark], 255)
    frame[Y == 6] = (*COLOUR[light], 255)
    frame[Y >= 14] = (*COLOUR[dark], 255)
    frame[Y == 15] = (*COLOUR["2"], 255)
    return scattered(frame, ((p.WINDOW, 8, 2), (p.WINDOW, 8, 10)))


def grounds(book: Book) -> None:
    """Streets, pavements, parks and water."""
    looks = {
        "road": [asphalt(k) for k in range(3)],
        "pavement": [paving(k) for k in range(3)],
        "plaza": [plaza(k) for k in range(2)],
        "park": [grass(f"park {k}", k % 3) for k in range(3)],
        "water": [water(f"city {k}", "x", "y", "w") for k in range(2)],
    }
    for salt, (kind, frames) in enumerate(looks.items()):
        where = ROADS if kind == "road" else kind
        book.rule("ground", where, "single", book.variants(kind, *frames), salt=salt)
    book.rule("ground", "void", "single", book.add("void", plain("1")))
    foam = book.add("foam", *foam_frames("foam", 3, "Z", "y", 90))
    book.rule("edges", "water", "edge", foam, against="pavement, plaza, park, road, crossing")
    below = "water"
    for kind, look in (
        ("road", Fringe(looks["road"][0], "2", rough=0)),
        ("pavement", Fringe(looks["pavement"][0], "7", "4", rough=0, drop=("1", 110, 2))),
        ("plaza", Fringe(looks["plaza"][0], "s", "h", rough=0, drop=("1", 110, 2))),
    ):
        name = book.add(f"{kind} edge", *fringe_frames(f"{kind} edge", look))
        book.rule("edges", below, "edge", name, against=kind)
    lawn = book.add(
        "lawn edge", *fringe_frames("lawn edge", Fringe(looks["park"][0], "n", "m", depth=2, drop=("1", 70, 1)))
    )
    book.rule("edges", "water, pavement, plaza", "edge", lawn, against="park")
    kerb = book.add("kerb", *[(f"kerb {open_names(bits)}", _kerb(bits)) for bits in BLOB[:-1]])
    book.rule("edges", "pavement, plaza, park", "edge", kerb, against=ROADS)
    book.rule("edges", "road", "cross", book.add("road marking", *_marks()), alike=ROADS)
    book.rule("edges", "crossing", "way", book.add("zebra", *_zebra()), alike="road")


def houses(book: Book) -> None:
    """Buildings, one roof colour each, and their shadows."""
    everywhere = "road, crossing, pavement, plaza, park, water"
    book.rule("shadow", everywhere, "shadow", book.add("shadow", *shadow_frames("shadow", 5)), alike="building")
    roofs = []
    for name, (roof, wall) in ROOFS.items():
        look = WallLook(_roof_top(roof, name == "flat"), _facade(wall), (roof[0], roof[1], roof[2]), width=3, joint=0)
        roofs.append(book.add(f"{name} house", *wall_frames(f"{name} house", look)))
    shares = list(zip(roofs, (3, 3, 3, 2, 2), strict=True))
    book.rule("structure", "building", "wall", shares, pick="group", salt=11)
    extras = [
        book.add("house door", put(blank(), p.SHOP_DOOR, 8, 4)),
        book.add("shop window", put(blank(), p.SHOP, 7, 1)),
    ]
    book.rule("structure", "building", "front", [("", 7), (extras[0], 3), (extras[1], 2)], salt=12)
    tops = book.variants("roof", *[grounded(outlined(art(text, 4, 3)), 13) for text in (p.CHIMNEY, p.SKYLIGHT, p.FAN)])
    book.rule("structure", "building", "inside", [("", 12), *((name, 1) for name in tops)], salt=13)


PAINTS = (
    {},
    {"R": "w", "P": "x", "A": "v"},
    {"R": "E", "P": "F", "A": "D", "E": "Z"},
    {"R": "Y", "P": "Z", "A": "X"},
    {"R": "T", "P": "S", "A": "l"},
)
"""Colours exchanged in the picture of a car."""


def _painted(text: str, paint: dict[str, str]) -> str:
    return "".join(paint.get(char, char) for char in text)


def _cars(paint: dict[str, str]) -> list[tuple[str, RGBA]]:
    above = grounded(outlined(art(_painted(p.CAR, paint), 0, 3)), 14, 100)
    side = grounded(outlined(art(_painted(p.CAR_SIDE, paint), 3, 1)), 13, 100)
    return [("car beside others", above), ("car between others", side), ("car", above)]


def things(book: Book) -> None:
    """What stands in the streets and the parks."""
    book.rule("structure", "bridge", "way", book.add("bridge", *bridge_frames()), against="water, bridge")
    oaks = [n.oak(ramp, f"city oak {k}") for k, ramp in enumerate(n.LEAVES)]
    add_tall(book, "tree", "tree", oaks, 31)
    for name, text, left in (("traffic light", p.LIGHT, 5), ("lamp", p.LAMP, 3)):
        frame = art(text, SIZE * 2 - 2 - len(text.strip().split("\n")), left, SIZE * 2)
        add_tall(book, name, name, [grounded(outlined(frame), 29)], 32)
    book.rule(
        "things",
        "car",
        "way",
        [book.add(f"car {k + 1}", *_cars(paint)) for k, paint in enumerate(PAINTS)],
        salt=33,
        alike="car",
    )
    book.rule("things", "bush", "single", book.variants("bush", n.bush(False), n.bush(True)), salt=34)
    book.rule("things", "flowers", "single", book.variants("flowers", n.flowers(0), n.flowers(1)), salt=35)
    singles = {
        "fountain": grounded(outlined(art(p.FOUNTAIN, 2, 1)), 14),
        "bench": grounded(outlined(art(p.BENCH, 4, 1)), 14),
        "start": art(c.START, 2, 2),
        "goal": grounded(outlined(art(p.PIN, 3, 3)), 14),
        "player": c.hero(),
        "rock": n.rock(),
        "sign": thing(c.SIGN, 2, 2),
        "key": thing(c.KEY, 5, 2, light=False),
        "treasure": thing(c.CHEST, 3, 1),
        "box": grounded(outlined(art(c.CRATE, 1, 1)), 15, 110),
    }
    book.singles("things", singles)
    book.rule("things", "item", "single", book.variants("item", *c.items()), salt=36)
    book.rule("things", "monster", "single", book.variants("monster", *c.monsters()), salt=37)


def stamps(book: Book) -> None:
    """Which tiles turn into what."""
    for names, ground in (
        ("road; street; lane", "road"),
        ("crossing; zebra crossing", "crossing"),
        ("pavement; sidewalk; path; corridor; floor; indoor floor; ground", "pavement"),
        ("plaza; square; beach; desert; sand; dirt", "plaza"),
        ("park; grass; lawn; grassland; meadow; outdoor floor; outdoor floor (open sky); air; sky", "park"),
        ("water; pond; river; lake; shallow water; deep water; water or harmless liquid", "water"),
        ("void; nothing", "void"),
    ):
        book.stamp(names, ground)
    book.stamp("building; house; wall; wall / void; brick; shop", "void", "building")
    book.stamp("bridge", "water", "bridge")
    for names, kind in (
        ("tree; trees; forest", "tree"),
        ("parked car; car", "car"),
        ("traffic light", "traffic light"),
        ("lamp; street lamp; torch", "lamp"),
        ("fountain; water fountain", "fountain"),
        ("bush; hedge", "bush"),
        ("flowers; flower", "flowers"),
        ("bench", "bench"),
        ("rock; boulder; block", "rock"),
        ("start; player start", "start"),
        ("goal; exit; level end", "goal"),
        ("player; hero; character", "player"),
        ("sign; door; locked door; target", "sign"),
        ("key", "key"),
        ("treasure; chest", "treasure"),
        ("box; crate", "box"),
        ("item; coin", "item"),
        ("monster; enemy", "monster"),
    ):
        book.stamp(names, GROUNDS.get(kind, "near"), kind)


GROUNDS = {"start": "street", "goal": "street", "tree": "green", "bush": "green", "flowers": "green"}
RENAMED = {"lava": "water", "barrel": "rock", "explosive barrel": "rock", "exit": "goal"}


def draw() -> Book:
    """The whole tileset."""
    near = {
        "street": (("road",), ""),
        "green": (("park", "plaza"), ""),
        "near": (("road", "pavement", "plaza", "park"), ""),
    }
    book = Book(("ground", "edges", "shadow", "structure", "tall", "tops", "things"), "pavement", near, ("building",))
    grounds(book)
    houses(book)
    things(book)
    stamps(book)
    add_letters(book)
    book.fallback = [(tags, RENAMED.get(name, name)) for tags, name in FALLBACK]
    return book
