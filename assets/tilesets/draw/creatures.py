"""Things and creatures that stand in more than one tileset."""

from __future__ import annotations

from .palette import RGBA
from .pen import art, grounded, lit, mirrored, outlined, thing

SLIME = mirrored("""
....TT
..TTSS
.TSSYS
TSSSSS
TSZ1SS
TSS1SS
TSSSS1
TTSSSS
.TTTTT
""")

IMP = mirrored("""
E......
EE..RRR
.E.RRPP
...RPPP
...RF1P
...RRPR
P...R6A
RP.RRRR
.RRRPPP
..RRPPP
....RPP
....RR.
....AA.
""")

GHOST = mirrored("""
...YYZ
..YZZZ
.YZZZZ
.YZ11Z
.YZ1bZ
.YZZZZ
YYZZZb
.YZZZZ
.YYZZZ
.YYYZZ
.Y.YY.
""")

EYE = mirrored("""
.V...V
..V.VV
...VVV
..V666
.V67cc
.V67cb
.V667c
.VV666
..VVVU
.V.U1Z
...V..
""")

BAT = mirrored("""
U......
UU...V.
UVU..VV
UVVUVVV
UVVVVF1
.VVVVVV
.U.VVVZ
....VVV
.....U.
""")

SKELETON = mirrored("""
...77Z
..7ZZZ
..7ZZZ
..711Z
..7Z1Z
...7ZZ
...61Z
.6..67
6.6677
6...66
.6.677
....6.
...66.
""")

CHEST = mirrored("""
.ghhhhh
ghiiiii
ghhhhhh
gghhhhh
DDDDDDE
ffffffE
fggggDF
fggggED
fgggggg
fffffff
""")

KEY = """
.EEE.......
EE.EE......
E...EEEEEEE
EE.EE...E.E
.EEE....E.E
"""

POTION = mirrored("""
...hh
...ii
...YY
..Y.P
.YPRR
YPRRR
YRRRR
YRRRA
.YYYY
""").replace(".P..P.", ".PRRP.")

COINS = """
.....EE....
....EFFE...
....DEED...
.EE..DD.EE.
EFFE...EFFE
DEEDEE.DEED
.DDEFFE.DD.
...DEED....
....DD.....
"""

SCROLL = """
.jjjjjjj..
jtttttttj.
.jhhhhtj..
..tttttt..
..thhhht..
..tttttt..
.jthhhtj..
jtttttttj.
.jjjjjjj..
"""

MEDKIT = """
...aaaa...
...a..a...
ZZZZZZZZZZ
ZZZZRRZZZZ
ZZZZRRZZZZ
ZZRRRRRRZZ
ZZRRRRRRZZ
ZZZZRRZZZZ
YYYYRRYYYY
"""

MUSHROOM = """
...RRRR.....
..RPPRRR....
.RPZPRRRR...
.RRPRRZRA...
RRRRRRRRRA..
AARRZRRRAA..
..AttsAA.RR.
...tts..RPZR
...tts..ARRA
..ttsss..ts.
"""

GEM = mirrored("""
..SSS
.SYZS
SYSSS
TSSSS
.TSSS
..TSS
...TS
....T
""")

BARREL = """
..RRRRRR..
.RPPRRRRR.
.RRRRRRRA.
4455dd5544
RPRRRRRRRA
RPREEEERRA
RPRE1E1RRA
RPREEEERRA
RRRRE1RRRA
4455dd5544
.RRRRRRAA.
..RRRAAA..
"""

KEG = mirrored("""
..ghh
.ghii
.fggg
4455d
.ghhh
.ghhh
.fggh
4455d
.fghh
..fgg
""")

CRATE = """
hiiiiiiiiiiiig
ihhhhhhhhhhhhf
ihgggggggggghf
ihhigggggghihf
ihghiggggihghf
ihgghiggihgghf
ihggghiihggghf
ihggghiihggghf
ihgghiggihgghf
ihghiggggihghf
ihhigggggghihf
ihhhhhhhhhhhhf
gfffffffffffff
ffffffffffffff
"""

HERO = mirrored("""
..eee.
.efggg
.eggff
.gKKKK
.gK1KK
..KKKK
.wvKKv
wxwwww
wxwxxw
K.vwwE
..vvvv
..b.b.
..bb..
""").replace("\n..b.bb.b..", "\n...bb..bb...")

PAD = """
.EE......EE.
E..........E
E..........E
............
....DDDD....
...D....D...
...D.EE.D...
...D.EE.D...
...D....D...
....DDDD....
............
E..........E
E..........E
.EE......EE.
"""

FLAG = """
bRRRR.....
dRPPRRRRR.
dRPPPPRRR.
dRRPPPPR..
dRRRRPPRR.
dARRRRRRRR
dAAAARRR..
d...AAA...
d.........
d.........
d.........
d.........
bb........
"""


START = """
...TTTTTT...
.TTSSSSSSTT.
.TS......ST.
TS..SSSS..ST
TS.S....S.ST
TS.S.ZZ.S.ST
TS.S.ZZ.S.ST
TS.S....S.ST
TS..SSSS..ST
.TS......ST.
.TTSSSSSSTT.
...TTTTTT...
"""

SIGN = """
hhhhhhhhhhh
hiiiiiiiiig
hiffffffiig
hiiiiiiiiig
hifffffiiig
hiiiiiiiiig
ggggggggggg
....hg.....
....hg.....
....hg.....
....hg.....
"""


def hero() -> RGBA:
    """The player."""
    return thing(HERO, 1, 2)


def monsters() -> list[RGBA]:
    """Little creatures with faces."""
    return [
        thing(SLIME, 4, 2),
        thing(IMP, 1, 1),
        thing(GHOST, 2, 2),
        thing(EYE, 2, 2),
        thing(SKELETON, 1, 2),
        thing(SLIME.replace("T", "U").replace("S", "V"), 4, 2),
    ]


def items() -> list[RGBA]:
    """Things to pick up."""
    potion = thing(POTION, 3, 3, light=False)
    blue = thing(POTION.replace("P", "x").replace("R", "w").replace("A", "v"), 3, 3, light=False)
    return [
        potion,
        blue,
        thing(COINS, 4, 2, light=False),
        thing(MEDKIT, 4, 3, light=False),
        thing(SCROLL, 4, 3, light=False),
        thing(GEM, 4, 3, light=False),
    ]


def bat() -> RGBA:
    """A bat in the air, its shadow below."""
    return grounded(outlined(lit(art(BAT, 2, 1))), 14)
