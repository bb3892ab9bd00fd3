"""The Models tab: cards of all models on the left, the chosen one in the rest."""

from __future__ import annotations

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.models import ModelsView
from genworld.ui.tabs.tab import Tab


def build(mode: Mode, library: Library) -> None:  # noqa: ARG001  models are no kept items
    """The tab's one part."""
    ModelsView(mode)


TAB = Tab("models", "Models", build)
