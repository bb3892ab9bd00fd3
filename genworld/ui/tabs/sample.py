"""The Sample tab: settings on the left, the grid of samples in the rest."""

from __future__ import annotations

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.sampler import Sampler
from genworld.ui.tabs.tab import Tab


def build(mode: Mode, library: Library) -> None:  # noqa: ARG001  samples are not kept items
    """The tab's one part."""
    Sampler(mode)


TAB = Tab("sample", "Sample", build)
