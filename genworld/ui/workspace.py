"""The one workspace: a bar that never leaves, the tabs, and the board beside all of them."""

from __future__ import annotations

import logging

import gradio as gr

from genworld.errors import GenworldError
from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.board_panel import BoardPanel
from genworld.ui.components.explore import Explore
from genworld.ui.components.intake import Intake
from genworld.ui.components.surface import Surface
from genworld.ui.components.top_bar import TopBar
from genworld.ui.components.train import JobList
from genworld.ui.components.wardrobe import Wardrobe
from genworld.ui.tabs import TABS

LOG = logging.getLogger("genworld.ui")
CACHE_SWEEP = (600, 3600)
"""Gradio's temporary files: seconds between sweeps, seconds that a file stays."""


def build(mode: Mode) -> gr.Blocks:
    """The page for a mode. What a mode does not allow is not built at all.

    Raises:
        GenworldError: the library cannot be opened.
    """
    library = Library.open(mode=mode)
    with gr.Blocks(
        title="genworld", analytics_enabled=False, fill_width=True, fill_height=True, delete_cache=CACHE_SWEEP
    ) as blocks:
        TopBar(mode)
        with gr.Row(elem_id="workspace", equal_height=True):
            with gr.Tabs(elem_id="tabs"):
                for tab in [one for one in TABS if one.serves(mode)]:
                    with gr.Tab(tab.title, id=tab.name, elem_id=f"tab-{tab.name}"):
                        tab.build(mode, library)
            BoardPanel(mode, library)
        Intake(mode)
        Surface(mode, library)
        Explore(mode, library)
        Wardrobe(mode)
        if mode is Mode.LOCAL:
            JobList(mode, library)
    # Nothing here goes through Gradio's named endpoints, and what they could reach stays shut.
    return blocks.queue(api_open=False, max_size=200, default_concurrency_limit=2)


def warm_up() -> None:
    """Load torch and the model that the page shows first, while the browser loads the page.

    Torch takes as long to import as all the rest; so the parts import what needs it only when they are asked.
    """
    from genworld.ui import shelf

    try:
        shelf.load_first()
    except GenworldError as error:
        LOG.warning("%s", error.sentence)
