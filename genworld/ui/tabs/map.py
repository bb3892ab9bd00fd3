"""The Map tab: settings on the left, the map in the rest, what is pointed at on the right."""

from __future__ import annotations

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.map import MapView
from genworld.ui.tabs.tab import Tab


def build(mode: Mode, library: Library) -> None:
    """The tab's one part."""
    MapView(mode, library)


TAB = Tab("map", "Map", build)
