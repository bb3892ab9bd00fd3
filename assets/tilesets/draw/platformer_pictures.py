"""Typed pictures of the platformer. Each character is a colour of `draw.palette`."""

from __future__ import annotations

from .pen import mirrored

BRICK = """
4444444444444444
4jiiiiii4jiiiii4
4ihhhhhg4ihhhhg4
4ihhhhhg4ihhhhg4
4hgggggf4hggggf4
4444444444444444
iii4jiiiiiii4jii
hhg4ihhhhhhg4ihh
hhg4ihhhhhhg4ihh
ggf4hggggggf4hgg
4444444444444444
4jiiiiii4jiiiii4
4ihhhhhg4ihhhhg4
4ihhhhhg4ihhhhg4
4hgggggf4hggggf4
4444444444444444
"""

SOLID = """
bbbbbbbbbbbbbbbb
bXXXXXXXXXXXXXXb
bXddddddddddddcb
bXdXddddddddXdcb
bXddddddddddddcb
bXdddccccccdddcb
bXddcXXXXXXbddcb
bXddcXddddcbddcb
bXddcXddddcbddcb
bXddcXccccbbddcb
bXdddbbbbbbdddcb
bXddddddddddddcb
bXdXddddddddXdcb
bXddddddddddddcb
bccccccccccccccb
bbbbbbbbbbbbbbbb
"""

QUESTION = """
BDDDDDDDDDDDDDDB
DFFFFFFFFFFFFFED
DFEEEEEEEEEEEEDD
DFE1EEEEEEEE1EDD
DFEEEEggggEEEEDD
DFEEEggEEggEEEDD
DFEEEEEEEggEEEDD
DFEEEEEEggEEEEDD
DFEEEEEggEEEEEDD
DFEEEEEEEEEEEEDD
DFEEEEEggEEEEEDD
DFEEEEEggEEEEEDD
DFE1EEEEEEEE1EDD
DFEEEEEEEEEEEEDD
DEDDDDDDDDDDDDDD
BDDDDDDDDDDDDDDB
"""

BROKEN = """
.5555555555555..
566665666666654.
566665666666654.
5666556666555543
5555566665566643
5666655555666643
5666666556666643
5666665466666543
5566654466665443
4455444556554663
5644466655446663
5664666666456663
5666566666566663
5566656665556654
.5555544444455..
..443333333344..
"""

PLATFORM = """
1111111111111111
jjjjjjjjjjjjjjjj
iiiiiihiiiiiiihi
hhhhhhghhhhhhhgh
gggggggggggggggg
1111111111111111
"""

LADDER = """
.1jg1......1jg1.
.1ih1......1ih1.
.1ih11111111ih1.
.1iijjjjjjjjih1.
.1ihhhhhhhhhih1.
.1ih11111111ih1.
.1ih1......1ih1.
.1ih1......1ih1.
"""

SPIKES = """
...Z.......Z....
...Z.......Z....
..dZ6.....dZ6...
..dZ6.....dZ6...
..dZ6..Z..dZ6..Z
.cdZ65.Z.cdZ65.Z
.cdZ65dZ6cdZ65dZ
.cdZ65dZ6cdZ65dZ
bcdZ65dZ6cdZ65dZ
bbbbbbbbbbbbbbbb
"""

COIN = mirrored("""
..DEE
.DEFF
DEEEE
DEFED
DEFED
DEFED
DEEEE
.DEED
..DDD
""")

RUBY = mirrored("""
..RRR
.RPPP
RPZPP
RRPPP
ARRPP
.ARRP
..ARR
...AR
""")

BOOK = """
.RRRRRRRR.
RRPPPPPPRA
RPRRRRRRRA
RPREEEERRA
RPRRRRRRRA
RPREEEERRA
RPRRRRRRRA
RRRRRRRRRA
AZZZZZZZZA
AYYYYYYYYA
.AAAAAAAA.
"""

CANNON = """
......bbbb..
..bbbbcdddb.
bbcdddcccdb1
bcddddccccb1
bccccccccc11
bbccccccbb1.
.bbbbbbbb...
..ghhhhg....
.ghiffihg...
.gif11fig...
.ghiffihg...
..gggggg....
"""

BUTTON = """
...PPPPPP...
..PRRRRRRA..
..RRRRRRRA..
cdddddddddcb
bccccccccccb
"""

DOOR = """
.bbbbbbbbbb.
bdddddddddcb
bdcccccccccb
bdcxyyxccccb
bdcxwwxccccb
bdcccccccccb
bdccccccEccb
bdcccccccccb
bdcbbbbbbccb
bdcccccccccb
bdcbbbbbbccb
bdcccccccccb
bdcccccccccb
bbbbbbbbbbbb
"""

CRAB = mirrored("""
.RR....
RPPR...
RR.R..Z
R.....1
.R..RRR
..RRPPP
.RRPPPP
RRRPRRR
R.RRRRR
R.ARAAR
""")

BEETLE = mirrored("""
.....UU
...UVVV
..UVVPV
.UVVVVV
.UVVVVV
UVVVVVV
KKZ1KKK
KKZZKKK
.KKKKK1
..gg...
.ggg...
""")

PORTAL = mirrored("""
..cccc
.cTTTT
cTSSSS
cTSYYY
cTSYZZ
cTSYZZ
cTSYZZ
cTSYZZ
cTSYZZ
cTSYYY
cTSSSS
cTTTTT
bbbbbb
""")
