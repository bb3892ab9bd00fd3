"""Whether a level can be played, along which path, and how to make it so. Without torch.

The rules of a style are one file and one line in `genworld.play.rules.RULES`.
"""

from genworld.play.cells import Cell
from genworld.play.leaps import Leap
from genworld.play.rules import RULES, Side, check, ends, exits
from genworld.play.verdict import Verdict

__all__ = ["RULES", "Cell", "Leap", "Side", "Verdict", "check", "ends", "exits"]
