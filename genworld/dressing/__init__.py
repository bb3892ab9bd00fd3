"""In my art: levels of any legend in a person's own tileset.

`read_sheets` cuts what a person brought into tiles, `suggest` proposes which of them draws each tile of a legend,
`dress` makes the art of what was chosen, and `kept` finds it again for the next model with that legend.
"""

from genworld.dressing.kept import keep, kept_for, meaning
from genworld.dressing.sheets import read_sheets
from genworld.dressing.suggest import Choice, suggest
from genworld.dressing.wear import Pick, default, dress, picks_of

__all__ = [
    "Choice",
    "Pick",
    "default",
    "dress",
    "keep",
    "kept_for",
    "meaning",
    "picks_of",
    "read_sheets",
    "suggest",
]
