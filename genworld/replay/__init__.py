"""How a training went, to be looked at later: curves, frames of samples from fixed noise, and notes.

>>> recorder = Recorder(total=2)
>>> recorder.add(1, {"loss": 3.0})
>>> recorder.add(2, {"loss": 1.0})
>>> recorder.replay().curves
{'loss': ((1, 3.0), (2, 1.0))}
"""

from genworld.replay.files import read, write
from genworld.replay.packing import SHOWN, corner, pack, unpack
from genworld.replay.record import KINDS, Frame, Kind, Note, Recorder, Replay
from genworld.replay.thinning import FRAMES, POINTS, Point, coarser, spread, thinned

__all__ = [
    "FRAMES",
    "KINDS",
    "POINTS",
    "SHOWN",
    "Frame",
    "Kind",
    "Note",
    "Point",
    "Recorder",
    "Replay",
    "coarser",
    "corner",
    "pack",
    "read",
    "spread",
    "thinned",
    "unpack",
    "write",
]
