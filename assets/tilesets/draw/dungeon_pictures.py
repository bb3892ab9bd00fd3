"""Typed pictures of the dungeon. Each character is a colour of `draw.palette`."""

from __future__ import annotations

STAIRS = """
XXXXXXXXXXXXXX
XddddddddddddX
X111111111111X
X1111111aaaaaX
X1111111abbbbX
X11111aaabbbbX
X11111abbccccX
X111aaabbccccX
X111abbccddddX
X1aaabbccddddX
X1abbccddXXXXX
X1abbccddXXXXX
c1111111111111
bbbbbbbbbbbbbb
"""

PILLAR = """
.bXXXXXXXXdb.
bXXddddddddcb
bXdXXXXXXdccb
bddXddddccccb
bbddddddcccbb
.abbbbbbbbba.
..bXdddccbb..
..bXddccdcb..
..bXdddccbb..
..bXddccdcb..
..bXdddccbb..
..bXddccdcb..
..bXdddccbb..
..bXddccdcb..
..bXdddccbb..
..bXddccdcb..
..bXdddccbb..
.bXddddccccb.
bXddddddccccb
bccccccccbbbb
abbbbbbbbbbba
"""

TORCH = """
...C....
..CDC...
.CDED...
.CDEDC..
CDEFEDC.
CDEFFDC.
.CEFEC..
..gggg..
...ih...
...ih...
...hg...
....f...
"""

CRYSTAL = """
.....Y......
....YZx.....
....YZx.Y...
.Y..YZxYZx..
YZx.YZxYZx..
YZxwYZxYZxw.
YZxwYZxYZxw.
.YxwYZxwYxw.
.xwwxZxwxxw.
..wvxxwvwwv.
...vvwvvvv..
"""
