"""The dungeon: flagstones, caves, brick walls; also rooms for pushing boxes."""

from __future__ import annotations

from . import creatures as c
from . import dungeon_pictures as p
from .book import Book, add_tall
from .letters import add_letters
from .palette import COLOUR, RGBA
from .pen import SIZE, art, blank, grounded, outlined, over, plain, put, scattered, thing
from .terrain import CAP, Fringe, WallLook, X, Y, foam_frames, fringe_frames, shadow_frames, wall_frames
from .textures import bricks, dotted, earth, grass, lava, slabs, water, worn

FLAG = "GHI"
WHOLE = ((0, 0, 16, 16),)
QUARTERS = ((0, 0, 8, 8), (0, 8, 8, 8), (8, 0, 8, 8), (8, 8, 8, 8))
BEDS = ((0, 0, 8, 16), (8, 0, 8, 16))
MIXED = ((0, 0, 16, 8), (0, 8, 8, 8), (8, 8, 8, 8))
CORNERED = ((0, 0, 8, 16), (8, 0, 8, 10), (8, 10, 8, 6))
COBBLES = ((0, 0, 5, 8), (0, 8, 5, 8), (5, 0, 6, 4), (5, 4, 6, 8), (5, 12, 6, 4), (11, 0, 5, 8), (11, 8, 5, 8))

CRACK = "G......\n.G.....\n.GG....\n...GG.G\n....GG.\n....G..\n...G...\n...GG.."
MOSS = ".nn.n\nnnonn\n.nonn\nnnn..\n.n..."


def floors() -> list[RGBA]:
    """Flagstones; the last two are rare."""
    plain_ones = [
        worn(slabs(p, FLAG), f"flag {k}", "I", "H") for k, p in enumerate((WHOLE, QUARTERS, BEDS, MIXED, CORNERED))
    ]
    return [*plain_ones, put(plain_ones[0], CRACK, 4, 4), scattered(plain_ones[1], ((MOSS, 8, 1), ("n.n\n.nn", 3, 11)))]


def rubble() -> list[RGBA]:
    """Cave floors with stones lying on them."""
    base = earth("cave 1", "f", "e", "g")
    return [
        scattered(base, ((".66.\n6655\n1554\n.11.", 9, 3), ("65\n11", 5, 11))),
        scattered(base, (("665\n154\n.11", 4, 9), ("65\n11", 10, 4), ("6\n1", 12, 11))),
    ]


def void() -> RGBA:
    """The dark inside of walls."""
    return plain("1")


def brick_wall() -> WallLook:
    return WallLook(void(), bricks("bbcd"), ("c", "d", "X"), depth="a")


def rock_face() -> RGBA:
    """The front of living rock: upright facets."""
    frame = plain("4")
    lean = (X + (Y // 5) * 3) % 8
    frame[lean < 2, :3] = COLOUR["5"]
    frame[lean > 5, :3] = COLOUR["3"]
    frame[(lean == 7) & (Y > 6), :3] = COLOUR["2"]
    frame[(Y == CAP) | (Y == 15), :3] = COLOUR["2"]
    return dotted(frame, "3", 22, "rock")


def rock_wall() -> WallLook:
    return WallLook(void(), rock_face(), ("4", "5", "6"), joint=0, depth="2", rough=2)


FRONT_DECOR = {
    "chain": "5\n3\n5\n3\n5\n4",
    "moss": "nn.nnn.n\nn..no..n\n...n....\n...n....",
    "crack": "a...\n.a..\n.aa.\n...a\n..a.",
    "ring": ".5.\n5.5\n5.5\n.5.",
}


def _door_front(body: str, light: str, dark: str, lock: bool) -> RGBA:
    """A door in the front of a wall, under the wall's cap."""
    frame = bricks("bbcd")
    frame[: CAP - 1, :, :3] = COLOUR["d"]
    frame[0, :, :3] = COLOUR["X"]
    frame[CAP - 1, :, :3] = COLOUR["c"]
    inside = (Y >= 5) & (X >= 2) & (X <= 13) & ~((Y == 5) & ((X < 4) | (X > 11)))
    frame[inside, :3] = COLOUR["1"]
    leaf = (Y >= 6) & (X >= 3) & (X <= 12) & ~((Y == 6) & ((X < 5) | (X > 10)))
    frame[leaf, :3] = COLOUR[body]
    frame[leaf & ((X == 3) | (X == 8)), :3] = COLOUR[light]
    frame[leaf & ((X == 7) | (X == 12)), :3] = COLOUR[dark]
    frame[leaf & ((Y == 8) | (Y == 13)), :3] = COLOUR["5"]
    for y, x in ((11, 6), (11, 9)):
        frame[y, x, :3] = COLOUR["E"]
    return put(frame, ".EE.\nE..E\nEEEE\nED1E\nEEEE", 8, 6) if lock else frame


def _door_side(body: str, light: str, dark: str, lock: bool) -> RGBA:
    """A door in a wall that runs north, seen on its edge."""
    frame = blank()
    for x, char in ((5, "1"), (6, light), (7, body), (8, body), (9, dark), (10, "1")):
        frame[:, x] = (*COLOUR[char], 255)
    for y in (2, 12):
        frame[y, 6:10, :3] = COLOUR["5"]
    return put(frame, "EE\nEE", 7, 7) if lock else frame


def _plate(lock: bool) -> RGBA:
    """A steel plate: a lift, or a gate that lies open."""
    frame = slabs(((0, 0, 16, 16),), "bcd")
    frame = scattered(frame, (("dd\nda", 2, 2), ("dd\nda", 2, 12), ("dd\nda", 12, 2), ("dd\nda", 12, 12)))
    for k in range(4, 12, 3):
        frame[k, 5:11, :3] = COLOUR["b"]
        frame[k + 1, 5:11, :3] = COLOUR["d"]
    return put(frame, ".EE.\nE..E\nEEEE\nED1E\nEEEE", 6, 6) if lock else frame


def _doors(name: str, colours: str, lock: bool) -> list[tuple[str, RGBA]]:
    return [
        (f"{name} to the south", _door_front(*colours, lock)),
        (f"{name} to the side", _door_side(*colours, lock)),
        (f"{name} plate", _plate(lock)),
    ]


def _bridge(along: bool) -> RGBA:
    """Boards across the water; `along` for a bridge that runs north."""
    frame = blank()
    frame[1:15] = (*COLOUR["h"], 255)
    frame[:, :, :3][(X % 4 == 3) & (Y > 0) & (Y < 15)] = COLOUR["f"]
    frame[:, :, :3][(X % 4 == 0) & (Y > 2) & (Y < 13)] = COLOUR["i"]
    for y, char in ((0, "1"), (1, "i"), (2, "g"), (3, "f"), (12, "1"), (13, "i"), (14, "g"), (15, "1")):
        frame[y] = (*COLOUR[char], 255)
    frame[[1, 2, 13, 14], 3, :3] = COLOUR["f"]
    frame[[1, 2, 13, 14], 11, :3] = COLOUR["f"]
    return frame.swapaxes(0, 1).copy() if along else frame


def bridge_frames() -> list[tuple[str, RGBA]]:
    """The frames of a bridge for the shape ``way``."""
    return [("bridge east", _bridge(False)), ("bridge north", _bridge(True)), ("bridge", _bridge(False))]


def grounds(book: Book) -> None:
    """Floors and liquids, and what lies over their borders."""
    floor = book.variants("flagstones", *floors())
    book.rule("ground", "floor", "single", list(zip(floor, (9, 9, 8, 8, 8, 2, 2), strict=True)), salt=1)
    corridor = book.variants("cobbles", *[worn(slabs(COBBLES, "345"), f"cobble {k}", "5", "4", 150) for k in range(3)])
    book.rule("ground", "corridor", "single", corridor, salt=2)
    lawn = book.variants(
        "grass", *[grass(f"dungeon {k}", k) for k in (1, 2, 3)], put(grass("f", 1), ".Z.\nZEZ\n.Z.", 5, 8)
    )
    book.rule("ground", "grass", "single", list(zip(lawn, (6, 5, 3, 1), strict=True)), salt=3)
    cave = book.variants("cave floor", *[earth(f"cave {k}", "f", "e", "g") for k in range(4)], *rubble())
    book.rule("ground", "cave floor", "single", list(zip(cave, (8, 8, 8, 8, 1, 1), strict=True)), salt=4)
    pools = book.variants("water", *[water(f"dungeon {k}") for k in range(3)])
    book.rule("ground", "water", "single", pools, salt=5)
    glow = book.variants("lava", *[lava(k) for k in range(4)])
    book.rule("ground", "lava", "single", glow, salt=6)
    book.rule("ground", "void", "single", book.add("void", void()))
    _borders(book)


def _borders(book: Book) -> None:
    dry = "floor, corridor, grass, cave floor"
    book.rule("edges", "water", "edge", book.add("foam", *foam_frames("foam", 3, "y", "x")), against=dry)
    heat = foam_frames("heat", 3, "F", "E", 90)
    book.rule("edges", "lava", "edge", book.add("heat", *heat), against=f"{dry}, water")
    looks = {
        "corridor": ("floor", Fringe(worn(slabs(COBBLES, "345"), "cobble 0", "5", "4", 150), "3", "2", rough=0)),
        "floor": ("", Fringe(floors()[1], "G", "3", rough=0, drop=("1", 110, 2))),
        "cave floor": ("floor, corridor", Fringe(earth("cave 0", "f", "e", "g"), "e", "1", drop=("1", 90, 2))),
        "grass": ("floor, corridor, cave floor", Fringe(grass("dungeon 1", 1), "n", "m", drop=("1", 90, 2))),
    }
    for kind, (below, look) in looks.items():
        name = book.add(f"{kind} edge", *fringe_frames(f"{kind} edge", look))
        book.rule("edges", f"water, lava, {below}", "edge", name, against=kind)


def walls(book: Book) -> None:
    """Masonry and rock, their shadows, and what hangs on them."""
    solid = "wall, torch, rock, door, locked door"
    shadow = book.add("shadow", *shadow_frames("shadow"))
    book.rule("shadow", "floor, corridor, grass, cave floor, water, lava", "shadow", shadow, alike="wall, rock, torch")
    for kind, look in (("wall", brick_wall()), ("rock", rock_wall())):
        where = "wall, torch" if kind == "wall" else kind
        book.rule("structure", where, "wall", book.add(kind, *wall_frames(kind, look)), alike=solid)
    decor = [book.add(f"wall {name}", put(blank(), text, 6, 6)) for name, text in FRONT_DECOR.items()]
    book.rule("structure", "wall", "front", [("", 40), *((name, 1) for name in decor)], salt=11)
    specks = [
        book.add(f"rock speck {k}", put(blank(), text, 5, 4))
        for k, text in enumerate(("22222\n2...2\n2....", ".222.\n2...2\n....2", "22.\n..2\n..22"), 1)
    ]
    book.rule("structure", "wall, rock", "inside", [("", 5), *((name, 1) for name in specks)], salt=12)
    for kind, colours, lock in (("door", "ghf", False), ("locked door", "BCA", True)):
        book.rule("structure", kind, "way", book.add(kind, *_doors(kind, colours, lock)), alike=solid)
    book.rule("structure", "bridge", "way", book.add("bridge", *bridge_frames()), against="water, lava, bridge")


def _torch() -> RGBA:
    """A burning torch with its glow on the wall."""
    glow = blank()
    away = (2 * Y - 11) ** 2 + (2 * X - 15) ** 2
    for reach, alpha in ((15, 28), (11, 56)):
        glow[away < reach * reach] = (*COLOUR["F"], alpha)
    return over(outlined(art(p.TORCH, 1, 4)), glow)


def things(book: Book) -> None:
    """Everything that lies or stands on the floor."""
    flat = {
        "start": grounded(art(c.START, 2, 2), 20),
        "exit": art(p.STAIRS, 1, 1),
        "target": art(c.PAD, 1, 2),
    }
    standing = {
        "key": thing(c.KEY, 5, 2, light=False),
        "treasure": thing(c.CHEST, 3, 1),
        "explosive": thing(c.BARREL, 3, 3),
        "barrel": thing(c.KEG, 3, 3),
        "crystal": grounded(outlined(art(p.CRYSTAL, 3, 2)), 14),
        "mushroom": grounded(outlined(art(c.MUSHROOM, 4, 2)), 14),
        "box": grounded(outlined(art(c.CRATE, 1, 1)), 15, 110),
        "player": c.hero(),
    }
    for name, frame in {**flat, **standing}.items():
        book.rule("things", name, "single", book.add(name, frame))
    add_tall(book, "pillar", "pillar", [grounded(outlined(art(p.PILLAR, 9, 1, 2 * SIZE)), 30, 110)], 23)
    book.rule("things", "torch", "single", book.add("torch", _torch()))
    book.rule("things", "item", "single", book.variants("item", *c.items()), salt=21)
    book.rule("things", "monster", "single", book.variants("monster", *c.monsters(), c.bat()), salt=22)


def stamps(book: Book) -> None:
    """Which tiles turn into what."""
    for names, ground in (
        ("floor; indoor floor; ground; wooden floor; tile floor; room", "floor"),
        ("corridor; path; road; pavement", "corridor"),
        ("outdoor floor (open sky); grass; grassland; outdoor floor", "grass"),
        ("cave floor; dirt; earth; sand", "cave floor"),
        ("water or harmless liquid; water; shallow water; deep water; pond; liquid and floor", "water"),
        ("damaging floor (lava, slime); lava; slime; lava or water", "lava"),
    ):
        book.stamp(names, ground)
    book.stamp("wall / void; wall; block; brick; void; void outside the level; nothing", "void", "wall")
    book.stamp("rock; cave wall; boulder", "void", "rock")
    book.stamp("torch; lamp; fire", "void", "torch")
    book.stamp("bridge", "water", "bridge")
    book.stamp("liquid and block", "water", "pillar")
    for names, kind in (
        ("door; door, lift or other moving sector", "door"),
        ("locked door; gate", "locked door"),
        ("key", "key"),
        ("treasure; chest; gold", "treasure"),
        ("item; coin; potion", "item"),
        ("monster; enemy", "monster"),
        ("start; player start", "start"),
        ("exit; goal; stair; stairs; level end", "exit"),
        ("pillar; column; statue", "pillar"),
        ("barrel", "barrel"),
        ("explosive barrel", "explosive"),
        ("crystal; gem", "crystal"),
        ("mushroom", "mushroom"),
        ("box; crate", "box"),
        ("target; pad", "target"),
        ("player; hero", "player"),
    ):
        book.stamp(names, "near", kind)


FALLBACK = [
    (["start"], "player"), (["goal"], "exit"), (["enemy"], "monster"), (["key"], "key"), (["door"], "door"),
    (["pushable"], "box"), (["item"], "item"), (["hazard", "liquid"], "lava"), (["liquid"], "water"),
    (["hazard", "solid"], "explosive barrel"), (["hazard"], "lava"), (["breakable"], "barrel"), (["void"], "void"),
    (["device"], "torch"), (["climbable"], "exit"), (["solid"], "wall"), (["solid-top"], "wall"), (["empty"], "floor"), (["passable"], "floor"),
]  # fmt: skip


def draw() -> Book:
    """The whole tileset."""
    layers = ("ground", "edges", "shadow", "structure", "tall", "tops", "things")
    book = Book(layers, "floor", {"near": (("floor", "corridor", "grass", "cave floor"), "")}, ("wall", "rock"))
    grounds(book)
    walls(book)
    things(book)
    stamps(book)
    add_letters(book)
    book.fallback = FALLBACK
    return book
