"""The overworld: seas and coasts, forests, mountains, villages; also woods seen from near."""

from __future__ import annotations

from . import creatures as c
from . import nature as n
from .book import Book, add_tall
from .dungeon import FALLBACK, bridge_frames
from .letters import add_letters
from .palette import RGBA
from .pen import art, grounded, outlined, put, thing
from .terrain import Fringe, foam_frames, fringe_frames
from .textures import earth, grass, speckled, water

LAND = "sand, desert, path, swamp, grass, snow"
GREEN = "grass, swamp, path, water, deep water"
WATERS = "deep water, water"


def sand(k: int) -> RGBA:
    return put(speckled("t", (("s", 7),), f"sand {k}"), "sss", 3 + 5 * k % 9, 2 + 7 * k % 11)


def dunes(k: int) -> RGBA:
    return put(
        put(speckled("s", (("i", 3), ("t", 3)), f"dune {k}"), "..ttt..\ntt...tt\n..iii..", 3 + 4 * k, 3),
        "tttt\n.iii",
        11,
        9 - k,
    )


def snow(k: int) -> RGBA:
    return put(speckled("Z", (("Y", 6),), f"snow {k}"), "YYYY\n..YYY", 4 + 5 * k % 9, 3 + 5 * k % 9)


def swamp(k: int) -> RGBA:
    frame = put(grass(f"swamp {k}", 2, "n", "m", "o"), ".mmmm.\nmTTTTm\nmTTSTm\n.mmmm.", 3 + 6 * k, 2 + 4 * k)
    return put(frame, "o.o\n.o.", 12 - 5 * k, 11)


def dirt(k: int) -> RGBA:
    return earth(f"path {k}", "i", "h", "j", 4)


def grounds(book: Book) -> None:
    """Land and sea, and the borders between them."""
    looks = {
        "deep water": [water(f"deep {k}", "v", "w", "v") for k in range(3)],
        "water": [water(f"shallow {k}", "x", "y", "w") for k in range(3)],
        "sand": [sand(k) for k in range(3)],
        "desert": [dunes(k) for k in range(2)],
        "path": [dirt(k) for k in range(3)],
        "swamp": [swamp(k) for k in range(2)],
        "grass": [grass(f"overworld {k}", k % 3) for k in range(4)],
        "snow": [snow(k) for k in range(3)],
    }
    for salt, (kind, frames) in enumerate(looks.items()):
        book.rule("ground", kind, "single", book.variants(kind, *frames), salt=salt)
    shoal = Fringe(looks["water"][0], "x", depth=4, drop=("v", 0, 0))
    book.rule("edges", "deep water", "edge", book.add("shoal", *fringe_frames("shoal", shoal)), against="water")
    foam = book.add("foam", *foam_frames("foam", 3, "Z", "y", 70))
    book.rule("edges", WATERS, "edge", foam, against=LAND)
    _borders(book, {kind: frames[0] for kind, frames in looks.items()})


def _borders(book: Book, texture: dict[str, RGBA]) -> None:
    rims = {"sand": "si", "desert": "ih", "path": "hg", "swamp": "ml", "grass": "nm", "snow": "YX"}
    below = ["deep water", "water"]
    for kind, (rim, fall) in rims.items():
        look = Fringe(texture[kind], rim, fall, drop=("1", 70, 1))
        name = book.add(f"{kind} edge", *fringe_frames(f"{kind} edge", look))
        book.rule("edges", ", ".join(below), "edge", name, against=kind)
        below.append(kind)


def things(book: Book) -> None:
    """What stands on the land."""
    oaks = [n.oak(ramp, f"oak {k}") for k, ramp in enumerate(n.LEAVES)]
    pines = [n.pine("lmno"), n.pine("llmn")]
    book.rule("structure", "tree", "blob", book.add("wood", *n.under("wood", "m", "l", "n")), on=GREEN)
    book.rule("structure", "mountains", "blob", book.add("scree", *n.under("scree", "4", "3", "3")))
    add_tall(book, "tree", "tree", [*oaks, *pines], 31, [4, 4, 3, 2, 2], on=GREEN)
    add_tall(book, "tree", "snowy tree", [n.snowy(pine) for pine in pines], 31, on="snow")
    add_tall(book, "mountains", "mountain", [n.mountain(k) for k in range(3)], 32, [3, 2, 2])
    add_tall(book, "village", "village", [n.village()], 33)
    add_tall(book, "goal", "castle", [n.castle()], 34)
    book.rule("structure", "bridge", "way", book.add("bridge", *bridge_frames()), against=f"{WATERS}, bridge")
    hills = book.add("hills", *n.plateau_frames(grass("hills", 2, "o", "n", "p")))
    book.rule("structure", "hills", "blob", hills, alike="hills, mountains")
    mounds = book.variants("knoll", n.mound(0), n.mound(1))
    book.rule("things", "hills", "inside", [("", 2), (mounds[0], 1), (mounds[1], 1)], salt=35)
    book.rule("things", "bush", "single", book.variants("bush", n.bush(False), n.bush(True)), salt=36)
    book.rule("things", "flowers", "single", book.variants("flowers", n.flowers(0), n.flowers(1)), salt=37)
    singles = {
        "rock": n.rock(),
        "mushroom": grounded(outlined(art(c.MUSHROOM, 4, 2)), 14),
        "start": art(c.START, 2, 2),
        "player": c.hero(),
        "treasure": thing(c.CHEST, 3, 1),
        "key": thing(c.KEY, 5, 2, light=False),
        "box": grounded(outlined(art(c.CRATE, 1, 1)), 15, 110),
        "sign": thing(c.SIGN, 2, 2),
    }
    book.singles("things", singles)
    book.rule("things", "item", "single", book.variants("item", *c.items()), salt=38)
    book.rule("things", "monster", "single", book.variants("monster", *c.monsters()), salt=39)


def stamps(book: Book) -> None:
    """Which tiles turn into what."""
    for names, ground in (
        ("deep water; ocean; sea", "deep water"),
        ("shallow water; water; pond; river; lake; water or harmless liquid; liquid and floor; lava or water", "water"),
        ("beach; sand; shore", "sand"),
        ("desert; dunes", "desert"),
        ("path; dirt; road; corridor; plaza; pavement; floor; cave floor; indoor floor; ground", "path"),
        ("swamp; marsh; slime", "swamp"),
        ("grassland; grass; park; plains; meadow; outdoor floor; outdoor floor (open sky); air; sky", "grass"),
        ("snow; ice; snow and ice; tundra", "snow"),
    ):
        book.stamp(names, ground)
    book.stamp("bridge; crossing", "water", "bridge")
    for names, kind in (
        ("forest; tree; trees; wood; woods", "tree"),
        ("mountains; mountain; wall; cliff; wall / void", "mountains"),
        ("hills; hill", "hills"),
        ("village; town; house; building; city", "village"),
        ("castle; goal; exit; level end", "goal"),
        ("bush; bushes; shrub", "bush"),
        ("flowers; flower", "flowers"),
        ("rock; boulder; stone; block", "rock"),
        ("mushroom; mushrooms", "mushroom"),
        ("start; player start", "start"),
        ("player; hero; character", "player"),
        ("treasure; chest", "treasure"),
        ("key", "key"),
        ("item; coin", "item"),
        ("monster; enemy", "monster"),
        ("box; crate", "box"),
        ("sign; door; locked door; target", "sign"),
    ):
        book.stamp(names, GROUNDS.get(kind, "near"), kind)


GROUNDS = {
    "tree": "wild",
    "hills": "wild",
    "bush": "wild",
    "flowers": "wild",
    "mushroom": "wild",
    "mountains": "high",
    "rock": "high",
    "start": "street",
    "goal": "street",
    "village": "street",
}
RENAMED = {
    "wall": "mountains",
    "lava": "swamp",
    "void": "deep water",
    "torch": "sign",
    "barrel": "rock",
    "explosive barrel": "rock",
}


def draw() -> Book:
    """The whole tileset."""
    near = {
        "wild": (("grass", "snow"), "grass"),
        "street": (("path",), ""),
        "high": (("grass", "snow", "desert"), "grass"),
        "near": (("path", "grass", "sand", "desert", "snow", "swamp"), ""),
    }
    book = Book(("ground", "edges", "structure", "tall", "tops", "things"), "grass", near, ("mountains",))
    grounds(book)
    things(book)
    stamps(book)
    add_letters(book)
    book.fallback = [(tags, RENAMED.get(name, name)) for tags, name in FALLBACK]
    return book
