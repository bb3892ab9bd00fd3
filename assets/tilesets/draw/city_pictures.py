"""Typed pictures of the city. Each character is a colour of `draw.palette`."""

from __future__ import annotations

from .pen import mirrored

WINDOW = """
1111
1yy1
1xw1
1xw1
1111
"""

SHOP_DOOR = """
.111111.
.1gffg1.
.1gxxg1.
.1gxxg1.
.1ggEg1.
.1gffg1.
.1gffg1.
.1gffg1.
"""

SHOP = """
RZRZRZRZRZRZRZ
RZRZRZRZRZRZRZ
1A1A1A1A1A1A11
1xyyxxxxxxwww1
1xyxxxxxxwwww1
1xxxxxxxwwwww1
11111111111111
"""

CHIMNEY = """
.6666.
666655
651155
655555
BBBBBA
BCBBCA
BBBBBA
"""

SKYLIGHT = """
ZZZZZZZZZ
ZyyxZyxxc
ZyxxZxxxc
ZxxwZxxwc
Zccccbbbc
"""

FAN = """
7777777776
7666666655
76b1b16655
761b1b6655
76b1b16655
7666666655
5555555554
"""

CAR = mirrored("""
..PPP
.RPRR
.RRRR
ERRRR
RRbbb
1Rbxx
1Rxww
RRRRR
RRPRR
RRPRR
1Rxww
1Rbbb
RRRRR
ARRRR
.AAAA
""")

CAR_SIDE = """
....RRRRRR....
...RxxbxxwR...
..RxxxbxwwwR..
RRPPPPRPPPPRRE
RPRRRRRRRRRRRE
RRRRRRRRRRRRRR
ARRRRRRRRRRRRA
.A111RRRR111A.
..1d1AAAA1d1..
...1......1...
"""

LIGHT = """
.1111.
.1RR1.
.1PR1.
.1EE1.
.1ED1.
.1SS1.
.1ST1.
.1111.
...bc.
...bc.
...bc.
...bc.
...bc.
...bc.
...bc.
..bbcc
"""

LAMP = """
..bbbbb..
.bFFFFFb.
.bEFFFEb.
..bEEEb..
...bcb...
...bc....
...bc....
...bc....
...bc....
...bc....
...bc....
...bc....
...bc....
..bbcc...
"""

FOUNTAIN = mirrored("""
.....y.
....yY.
...y.yZ
..667yZ
.66yyyZ
66ywwyY
66wwwwy
566xxxx
5566666
.555666
...5555
""")

BENCH = """
hiiiiiiiiiiiih
ffffffffffffff
hiiiiiiiiiiiih
ffffffffffffff
hiiiiiiiiiiiih
gggggggggggggg
.bb........bb.
.bb........bb.
"""

PIN = """
...RRRR...
..RPPRRR..
.RPZZZZRR.
.RPZRRZRA.
.RRZRRZRA.
.RRZZZZRA.
..RRRRRA..
...RRRA...
....RA....
....RA....
"""
