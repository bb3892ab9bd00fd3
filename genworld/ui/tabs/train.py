"""The Train tab: a new training on the left, what trains in the rest."""

from __future__ import annotations

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.train import Train
from genworld.ui.tabs.tab import Tab


def build(mode: Mode, library: Library) -> None:
    """The tab's one part."""
    Train(mode, library)


TAB = Tab("train", "Train", build, public=False)
