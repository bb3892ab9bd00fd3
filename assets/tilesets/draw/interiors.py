"""Rooms: homes, kitchens, classrooms and laboratories with their furniture."""

from __future__ import annotations

from . import creatures as c
from . import interiors_pictures as p
from .book import Book, add_tall
from .dungeon import FALLBACK
from .letters import add_letters
from .palette import COLOUR, RGBA
from .pen import SIZE, art, blank, grounded, outlined, plain, thing
from .terrain import BLOB, CAP, WallLook, X, Y, open_names, shadow_frames, spill, wall_frames
from .textures import planks, slabs, water, worn

FLOORS = "wood, tiles, carpet"


def checker(k: int) -> RGBA:
    """Tiles in two pale colours."""
    frame = slabs(((0, 0, 8, 8), (8, 8, 8, 8)), "67Z")
    other = slabs(((0, 8, 8, 8), (8, 0, 8, 8)), "XYZ")
    pale = (X // 8 + Y // 8) % 2 == 1
    frame[pale] = other[pale]
    return worn(frame, f"checker {k}", "Z", "Y", 200)


def boards(k: int) -> RGBA:
    return planks("ghi", f"boards {k}")


def _carpet(bits: int) -> RGBA:
    """A red carpet with a golden border."""
    frame = plain("R")
    frame[((X + Y) % 8 == 0) & ((X - Y) % 8 == 0)] = (*COLOUR["P"], 255)
    frame[((X + Y) % 8 == 4) & ((X - Y) % 8 == 4)] = (*COLOUR["A"], 255)
    for depth, char in ((5, "A"), (4, "E"), (3, "D"), (2, "R"), (1, "A")):
        frame[spill(bits, depth, "carpet", 0)] = (*COLOUR[char], 255)
    return frame


def room_face() -> RGBA:
    """A papered wall over a wooden panel."""
    frame = plain("t")
    frame[X % 4 == 1] = (*COLOUR["s"], 255)
    frame[Y == CAP] = (*COLOUR["i"], 255)
    frame[Y >= 12] = (*COLOUR["h"], 255)
    frame[Y == 12] = (*COLOUR["j"], 255)
    frame[Y == 15] = (*COLOUR["f"], 255)
    return frame


def furniture(top: str, front: str, edge: str) -> WallLook:
    """A table-like thing: `top` dark, body, light; `front` dark, body."""
    dark, body, light = top
    surface = plain(body)
    face = plain(front[1])
    face[Y == 10] = (*COLOUR[front[0]], 255)
    face[Y == 15] = (*COLOUR["1"], 255)
    face[(X % 8 == 7) & (Y > 10) & (Y < 15)] = (*COLOUR[front[0]], 255)
    face[(X % 8 == 3) & (Y == 12)] = (*COLOUR[edge], 255)
    return WallLook(surface, face, (dark, body, light), width=2, joint=0, cap=10)


def _door_front() -> RGBA:
    frame = room_face()
    frame[:CAP] = (*COLOUR["c"], 255)
    frame[0] = (*COLOUR["d"], 255)
    frame[CAP - 1] = (*COLOUR["b"], 255)
    leaf = (X >= 3) & (X <= 12) & (Y >= 5)
    frame[(X >= 2) & (X <= 13) & (Y >= 5)] = (*COLOUR["1"], 255)
    frame[leaf & (Y > 5)] = (*COLOUR["g"], 255)
    frame[(X == 3) & (Y > 5)] = (*COLOUR["h"], 255)
    for top in (7, 11):
        frame[top : top + 3, 5:7] = frame[top : top + 3, 9:11] = (*COLOUR["f"], 255)
    frame[11, 11] = (*COLOUR["E"], 255)
    return frame


def _door_side() -> RGBA:
    frame = blank()
    for x, char in ((5, "1"), (6, "i"), (7, "h"), (8, "g"), (9, "f"), (10, "1")):
        frame[:, x] = (*COLOUR[char], 255)
    frame[7:9, 7:9] = (*COLOUR["E"], 255)
    return frame


def _slit(level: bool) -> RGBA:
    """A window seen from above, in a wall that runs north or (`level`) east."""
    frame = blank()
    frame[1:15, 5:11] = (*COLOUR["1"], 255)
    frame[2:14, 6:10] = (*COLOUR["y"], 255)
    frame[2:14, 8:10] = (*COLOUR["x"], 255)
    frame[7:9, 6:10] = (*COLOUR["Z"], 255)
    return frame.swapaxes(0, 1).copy() if level else frame


def _mat() -> RGBA:
    frame = blank()
    frame[3:13, 2:14] = (*COLOUR["g"], 255)
    frame[4:12, 3:13] = (*COLOUR["h"], 255)
    frame[5:11:2, 4:12] = (*COLOUR["i"], 255)
    return outlined(frame, "f")


def _beds() -> list[tuple[str, RGBA]]:
    head, middle, foot = art(p.BED_HEAD, 1, 1), art(p.BED_MIDDLE, 0, 1), art(p.BED_FOOT, 0, 1)
    ends = [outlined(frame) for frame in (art(p.BED_ALONE, 1, 1), head, middle, foot)]
    return [(f"bed {label}", frame) for label, frame in zip(("alone", "head", "middle", "foot"), ends, strict=True)]


def _sofas() -> list[tuple[str, RGBA]]:
    """Frames of the shape ``row``: alone, left end, middle, right end."""
    whole = art(p.SOFA, 2, 0)
    middle = whole.copy()
    middle[2:14, :3] = whole[2:14, 5:8]
    middle[2:14, 13:] = whole[2:14, 5:8]
    left, right = whole.copy(), whole.copy()
    left[2:14, 8:] = middle[2:14, 8:]
    right[2:14, :8] = middle[2:14, :8]
    frames = [grounded(outlined(frame), 14) for frame in (whole, left, middle, right)]
    return [(f"sofa {label}", frame) for label, frame in zip(("alone", "left", "middle", "right"), frames, strict=True)]


def grounds(book: Book) -> None:
    """Floors."""
    book.rule("ground", "wood", "single", book.variants("wooden floor", *[boards(k) for k in range(4)]), salt=1)
    book.rule("ground", "tiles", "single", book.variants("tile floor", *[checker(k) for k in range(2)]), salt=2)
    book.rule("ground", "carpet", "blob", book.add("carpet", *[(f"carpet {open_names(b)}", _carpet(b)) for b in BLOB]))
    book.rule("ground", "water", "single", book.variants("water", water("room 1"), water("room 2")), salt=3)
    book.rule("ground", "void", "single", book.add("void", plain("1")))


def walls(book: Book) -> None:
    """Walls with windows and doors, and shadows."""
    shadow = book.add("shadow", *shadow_frames("shadow", 4, 90))
    walls = "wall, window, blackboard"
    solid = f"{walls}, door"
    book.rule("shadow", f"{FLOORS}, water", "shadow", shadow, alike=walls)
    look = WallLook(plain("b"), room_face(), ("b", "c", "d"), width=3, joint=0)
    book.rule("structure", walls, "wall", book.add("wall", *wall_frames("wall", look)), alike=solid)
    panes = [
        ("window to the south", art(p.WINDOW, 5, 2)),
        ("window to the side", _slit(False)),
        ("window from above", _slit(True)),
    ]
    book.rule("things", "window", "pane", book.add("window", *panes), alike=walls)
    book.rule("things", "blackboard", "front", book.add("blackboard", art(p.BOARD, 4, 0)), alike=walls)
    doors = [("door to the south", _door_front()), ("door to the side", _door_side()), ("door mat", _mat())]
    book.rule("structure", "door", "way", book.add("door", *doors), alike=solid)


def furnish(book: Book) -> None:
    """Furniture and what stands on it."""
    kitchen = "counter, pot, onion, tomato, dishes, bell"
    for name, where, look in (
        ("table", "table", furniture("hij", "fg", "f")),
        ("desk", "desk, computer", furniture("fgh", "ef", "E")),
        ("bench", "lab bench, glassware, sink", furniture("XYZ", "bc", "d")),
        ("counter", kitchen, furniture("ijt", "gh", "E")),
    ):
        book.rule("structure", where, "wall", book.add(name, *wall_frames(name, look)))
    for name, text, top, left in (
        ("computer", p.COMPUTER, 0, 3), ("glassware", p.GLASS, 1, 1), ("sink", p.SINK, 1, 1), ("pot", p.POT, 2, 3), ("onion", p.ONION, 2, 3),
        ("tomato", p.TOMATO, 2, 3), ("dishes", p.DISHES, 2, 3), ("bell", p.BELL, 3, 3),
    ):  # fmt: skip
        frame = outlined(art(text, top, left)) if name not in ("sink", "glassware") else art(text, top, left)
        book.rule("things", name, "single", book.add(name, frame))
    book.rule("things", "bed", "column", book.add("bed", *_beds()))
    book.rule("things", "sofa", "row", book.add("sofa", *_sofas()))
    for name, text, left in (("bookshelf", p.SHELF, 0), ("fridge", p.FRIDGE, 2)):
        rows = len(text.strip().split("\n"))
        frame = art(text, 2 * SIZE - 2 - rows, left, 2 * SIZE)
        add_tall(book, name, name, [grounded(outlined(frame), 30, 90)], 21)
    singles = {
        "chair": grounded(outlined(art(p.CHAIR, 3, 3)), 14),
        "stove": grounded(outlined(art(p.STOVE, 1, 1)), 15, 90),
        "plant": grounded(outlined(art(p.PLANT, 0, 2)), 14),
        "start": art(c.START, 2, 2),
        "exit": _mat(),
        "player": c.hero(),
        "cook": thing(c.HERO.replace("e", "Z").replace("w", "Y").replace("x", "Z"), 1, 2),
        "sign": thing(c.SIGN, 2, 2),
        "key": thing(c.KEY, 5, 2, light=False),
        "treasure": thing(c.CHEST, 3, 1),
        "box": grounded(outlined(art(c.CRATE, 1, 1)), 15, 110),
        "target": art(c.PAD, 1, 2),
        "barrel": thing(c.KEG, 3, 3),
    }
    book.singles("things", singles)
    book.rule("things", "item", "single", book.variants("item", *c.items()), salt=36)
    book.rule("things", "monster", "single", book.variants("monster", *c.monsters()), salt=37)


def stamps(book: Book) -> None:
    """Which tiles turn into what."""
    for names, ground in (
        ("wooden floor; wood; indoor floor; room; cave floor; dirt; path", "wood"),
        (
            "tile floor; tiles; floor; corridor; pavement; ground; road; outdoor floor; outdoor floor (open sky); grass; air",
            "tiles",
        ),
        ("carpet; rug", "carpet"),
        ("water; pond; pool; water or harmless liquid", "water"),
        ("void; nothing; outside", "void"),
    ):
        book.stamp(names, ground)
    book.stamp("wall; wall / void; block; brick; rock; building", "void", "wall")
    book.stamp("window", "void", "window")
    book.stamp("blackboard; whiteboard", "void", "blackboard")
    for names, kind in (
        ("door; locked door", "door"), ("table", "table"), ("chair; stool", "chair"), ("bed", "bed"), ("sofa; couch", "sofa"),
        ("desk", "desk"), ("computer; terminal", "computer"), ("bookshelf; shelf", "bookshelf"),
        ("bench; lab bench", "lab bench"), ("glassware", "glassware"), ("sink", "sink"), ("stove; oven", "stove"), ("fridge", "fridge"),
        ("plant; tree; bush", "plant"), ("counter", "counter"), ("pot", "pot"), ("onion dispenser", "onion"), ("tomato dispenser", "tomato"),
        ("dish dispenser", "dishes"), ("serving window", "bell"), ("start of player 1; start of player 2; start of player 3; start of player 4", "cook"),
        ("start; player start", "start"), ("exit; goal; level end", "exit"), ("player; hero; character", "player"), ("sign", "sign"),
        ("key", "key"), ("treasure; chest", "treasure"), ("box; crate", "box"), ("target", "target"), ("barrel", "barrel"),
        ("item; coin", "item"), ("monster; enemy", "monster"),
    ):  # fmt: skip
        book.stamp(names, "near", kind)


RENAMED = {"lava": "water", "explosive barrel": "barrel", "torch": "computer"}


def draw() -> Book:
    """The whole tileset."""
    near = {"near": (("tiles", "wood", "carpet"), "")}
    book = Book(("ground", "shadow", "structure", "tall", "tops", "things"), "tiles", near, ("wall",))
    grounds(book)
    walls(book)
    furnish(book)
    stamps(book)
    add_letters(book)
    book.fallback = [(tags, RENAMED.get(name, name)) for tags, name in FALLBACK]
    return book
