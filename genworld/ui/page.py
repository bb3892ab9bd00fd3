"""What the browser gets once: styles, scripts and the neutral theme, all from ``assets/page``."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from genworld import paths

TOKENS = "tokens.css"
STYLES = (
    "frame.css",
    "controls.css",
    "tiles.css",
    "board.css",
    "overlays.css",
    "intake.css",
    "surface.css",
    "dress.css",
    "latent.css",
    "explore.css",
    "blend.css",
    "breed.css",
    "map.css",
    "training.css",
    "models.css",
    "train.css",
)
SCRIPTS = (
    "ground.js",
    "look.js",
    "overlays.js",
    "scale.js",
    "tile.js",
    "tilegrid.js",
    "actions.js",
    "marks.js",
    "canvas.js",
    "palette.js",
    "session.js",
    "surface.js",
    "tabs.js",
    "explore.js",
    "breed.js",
    "blend-file.js",
    "blend.js",
    "nearest.js",
    "viewer.js",
    "drop.js",
    "legend.js",
    "intake.js",
    "sheets.js",
    "dress.js",
    "latent-session.js",
    "latent-bank.js",
    "latent-ring.js",
    "latent-bring.js",
    "latent-fitting.js",
    "latent-corners.js",
    "latent-keys.js",
    "latent.js",
    "keys.js",
    "jobs.js",
    "topbar.js",
    "shape.js",
    "controls.js",
    "sample.js",
    "mapdata.js",
    "mapcolours.js",
    "mapplot.js",
    "mappictures.js",
    "mapcontrols.js",
    "mappreview.js",
    "map.js",
    "training-words.js",
    "training-curves.js",
    "training-film.js",
    "training.js",
    "models-words.js",
    "models-list.js",
    "models.js",
    "train-data.js",
    "train-form.js",
    "train-order.js",
    "train-jobs.js",
    "train.js",
    "project.js",
    "palette-lock.js",
    "board.js",
)
"""In the order they need each other."""


def folder() -> Path:
    """``assets/page`` of the checkout."""
    return paths.shipped("assets") / "page"


def head() -> str:
    """Styles and scripts as elements of the page's head: nothing is fetched, no folder is served.

    Gradio's own ``css`` argument would add every rule a second time, under its container, where dialogs are not.
    """
    return f"<style>{styles()}</style><script>{_read(*SCRIPTS)}</script>"


def styles() -> str:
    """All CSS in one text; nested in a selector that outranks Gradio's own rules without changing what it matches."""
    return f"{_read(TOKENS)}\n:root:not(#gw) {{\n{_read(*STYLES)}\n}}"


def theme() -> gr.themes.Base:
    """Gradio's plainest theme on system fonts; `tokens.css` says the rest."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    ).set(
        body_background_fill="#e6e6e8",
        body_background_fill_dark="#1b1b1d",
        body_text_color="#1b1b1e",
        body_text_color_dark="#e8e8ea",
    )


def _read(*names: str) -> str:
    return "\n".join((folder() / name).read_text(encoding="utf-8") for name in names)
