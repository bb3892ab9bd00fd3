"""Typed pictures of furniture and kitchens. Each character is a colour of `draw.palette`."""

from __future__ import annotations

WINDOW = """
.11111111111.
1ZZZZZZZZZZZ1
1ZyyxZyyxxwZ1
1ZyxxZyxxwwZ1
1ZZZZZZZZZZZ1
1ZxxwZxxwwwZ1
1ZZZZZZZZZZZ1
.11111111111.
"""

CHAIR = """
.ihhhhhhg.
.ihgggghg.
.ihgggghg.
.ihhhhhhg.
.ig.gg.fg.
.iRRRRRRg.
.iRPPPPRg.
.hRRRRRRf.
.hggggggf.
.hf....gf.
.hf....gf.
"""

BED_HEAD = """
.gggggggggggg.
gihhhhhhhhhhhg
ghggggggggggfg
gZZZZZZZZZZZXg
gZZYYYYYYYZZXg
gZYYYYYYYYYZXg
gZZZZZZZZZZXXg
gxxxxxxxxxxxwg
gxyyyyyyyyyxwg
gwwwwwwwwwwwvg
gwwwwwwwwwwwvg
gwwwwwwwwwwwvg
gwwwwwwwwwwwvg
gwwwwwwwwwwwvg
gwwwwwwwwwwwvg
"""

BED_MIDDLE = "\n".join(["gwwwwwwwwwwwvg"] * 16)

BED_FOOT = "\n".join(
    [*["gwwwwwwwwwwwvg"] * 9, "gvvvvvvvvvvvvg", "ghhhhhhhhhhhfg", "ghggggggggggfg", "gfffffffffffff", "gf..........ff"]
)

BED_ALONE = "\n".join([*BED_HEAD.strip().split("\n")[:11], "gvvvvvvvvvvvvg", "ghhhhhhhhhhhfg", "gfffffffffffff"])

SOFA = """
.TTTTTTTTTTTTTT.
TSYYYYYYYYYYYYST
TSSSSSSSSSSSSSST
TSSSSSSSSSSSSSST
TTTTTTTTTTTTTTTT
SSTSSSSSSSSSSTST
SYTSYYYYYYYSSTYT
SSTSSSSSSSSSSTST
SSTTTTTTTTTTTTST
TTTTTTTTTTTTTTTT
lTTTTTTTTTTTTTTl
.gg..........gg.
"""

SHELF = """
hiiiiiiiiiiiiiih
iffffffffffffffg
hfRwTEgRPVwRTEfg
hfRwTEgRPVwRTEfg
hfRwTEgRPVwRTEfg
hffffffffffffffg
hiiiiiiiiiiiiiig
hfEETwwRgV.TTRfg
hfEETwwRgVVTTRfg
hfEETwwRgVVTTRfg
hffffffffffffffg
hiiiiiiiiiiiiiig
hfwVRRE.TTgwRVfg
hfwVRREETTgwRVfg
hfwVRREETTgwRVfg
hffffffffffffffg
ggggggggggggggge
ffffffffffffffff
""".replace(".", "f")

BOARD = """
gggggggggggggggg
hlllllllllllllll
hmZmmZZZmmmmmmmm
hmmZmZmmmmYYYmmm
hmZmmZZmmmmmmmmm
hmYYYYYmmmZmZmmm
hmmmmmmmmmmZmmmm
hmYYYmmmmmmmmmmm
hjjjjjZZjjjRRjjj
ffffffffffffffff
"""

FRIDGE = """
XZZZZZZZZZX
ZYYYYYYYYYd
ZYYYYYYYYYd
ZYYYYYYYbYd
ZYYYYYYYbYd
ZYYYYYYYYYd
Zdddddddddd
ZZZZZZZZZZd
ZYYYYYYYbYd
ZYYYYYYYbYd
ZYYYYYYYbYd
ZYYYYYYYYYd
ZYYYYYYYYYd
ZYYYYYYYYYd
ZYYYYYYYYYd
ZYYYYYYYYYd
XXXXXXXXXXd
bbbbbbbbbbb
"""

STOVE = """
XZZZZZZZZZZZZX
Zbb2bbYYbb2bbd
Z2bcb2YY2bcb2d
Zbb2bbYYbb2bbd
ZYYYYYYYYYYYYd
Zbb2bbYYbb2bbd
Z2bcb2YY2bcb2d
Zbb2bbYYbb2bbd
XddddddddddddX
Zd1R1YYYY1R1dd
Z6bbbbbbbbbb6d
Z6b2DD2DD22b6d
Z6bbbbbbbbbb6d
XXXXXXXXXXXXXd
"""

COMPUTER = """
bbbbbbbbbb
bdddddddcb
bdvvwwwvcb
bdvSwwwvcb
bdvwSSwvcb
bdvwwwwvcb
bccccccccb
....bb....
..6666666.
.777777775
"""

GLASS = """
..YY.....ZY...
..YY..Y..ZY...
..ZY..Y..YY...
.ZYYX.P.Z..X..
.ZSSX.P.ZEEX..
ZSSSSXPZEEEEX.
ZTSSTX.XDEEDX.
.XXXX...XXXX..
"""

SINK = """
.....bdd......
.....d..b.....
.cccccdcccccc.
.cXXXXdXXXXXd.
.cXyyyyyyyyXd.
.cXyxxxxxxyXd.
.cXXXXXXXXXXd.
.dddddddddddd.
"""

PLANT = """
...n....n...
..non..non..
.noo.noo.on.
noo.noo.noon
.n.oopoo..n.
..noopooon..
.noo.oo.oon.
noo..no..on.
.n..hiih.n..
...hiiihg...
...DEEEDC...
....CDDC....
....CDDC....
....BCCB....
"""

POT = """
...bccb...
bbcddddcbb
b.cdddcc.b
.ccccccccb
.bcddcccb.
.bcdcccbb.
..bbbbbb..
"""

ONION = """
....oo....
....on....
...jtti...
..jttjii..
..jtjjih..
...jiih...
"""

TOMATO = """
....no....
..RRnRRA..
.RPPRRRRA.
.RPRRRRRA.
..RRRRRA..
...AAAA...
"""

DISHES = """
..ZZZZZZ..
.ZYYYYYYX.
.XZZZZZZX.
.XXYYYYXX.
.XZZZZZZX.
..XXXXXX..
"""

BELL = """
....EE....
...EFFD...
..EFEEDD..
..EEEEDD..
.DDDDDDDD.
bbbbbbbbbb
"""
