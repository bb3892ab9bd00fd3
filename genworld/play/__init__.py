"""Whether a level can be played, along which path, and how to make it so. Without torch.

The rules of a style are one file and one line in `genworld.play.rules.RULES`, what may be changed to make its levels
playable one line in `genworld.play.repair.PLANS`.
"""

from genworld.play.cells import Cell
from genworld.play.leaps import Leap
from genworld.play.patterns import Patterns
from genworld.play.repair import Repaired, repair
from genworld.play.rules import RULES, Side, check, ends, exits
from genworld.play.verdict import Verdict

__all__ = ["RULES", "Cell", "Leap", "Patterns", "Repaired", "Side", "Verdict", "check", "ends", "exits", "repair"]
