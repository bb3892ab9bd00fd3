"""What a data set's licence lets a designer do, as far as anybody said."""

from __future__ import annotations

from typing import Any

from genworld.provenance import DataSource

UNKNOWN = "unknown"

SELLABLE = {
    "CC0-1.0": True,
    "0BSD": True,
    "Apache-2.0": True,
    "BSD-2-Clause": True,
    "BSD-3-Clause": True,
    "CC-BY-3.0": True,
    "CC-BY-4.0": True,
    "ISC": True,
    "MIT": True,
    "MIT-0": True,
    "Unlicense": True,
    "CC-BY-NC-4.0": False,
    "CC-BY-NC-SA-4.0": False,
    "CC-BY-NC-ND-4.0": False,
}
"""By SPDX identifier: may results be sold. Share-alike licences are left to the designer: None."""

CLASSES = {"clean": True, "credit": True, "restricted": False}
"""By licence class of a ``tiles.json``: may results be sold."""

KNOWN = {
    "boxoban": ("Apache-2.0", "Boxoban levels, Google DeepMind", "https://github.com/google-deepmind/boxoban-levels"),
    "freedoom": (
        "BSD-3-Clause",
        "Copyright © 2001-2024 Contributors to the Freedoom project",
        "https://github.com/freedoom/freedoom",
    ),
    "overcooked": (
        "MIT",
        "Copyright (c) 2019 Center for Human-Compatible AI",
        "https://github.com/HumanCompatibleAI/overcooked_ai",
    ),
    "overworld_etopo": (
        "MIT",
        "ETOPO20 relief as packed by matplotlib basemap, Copyright (c) 2011-2014 Jeffrey Whitaker",
        "https://github.com/matplotlib/basemap",
    ),
    "replica_island": (
        "Apache-2.0",
        "Replica Island by Chris Pruett and Genki Mine",
        "https://github.com/evgenyvinnik/ReplicaIslandReborn",
    ),
}
"""By game of a ``tiles.json``: SPDX identifier, credit and address of the public sets that we know."""

VGLC = ("MIT", "The Video Game Level Corpus by Summerville et al.", "https://github.com/TheVGLC/TheVGLC")


def source_of(name: str, licence: str = UNKNOWN, credit: str = "", note: str = "") -> DataSource:
    """The source of data whose licence its owner named, or did not."""
    return DataSource(name=name, licence=licence, credit=credit, sellable=SELLABLE.get(licence), note=note)


def source_of_legend(game: str, about: dict[str, Any]) -> DataSource:
    """The source of text levels, from what their ``tiles.json`` says and what is known of public sets.

    Args:
        game: name of the set.
        about: the parsed file; ``licence``, ``credit``, ``licence_class`` and ``notes`` count, each a text or absent.
    """
    named, credited, url = VGLC if game.startswith("vglc_") else KNOWN.get(game, (UNKNOWN, "", ""))
    licence = about.get("licence", named)
    said = about.get("licence_class", "")
    kind = said.split(":")[0].strip().lower()
    return DataSource(
        name=game,
        licence=licence,
        credit=about.get("credit", credited),
        url=url,
        sellable=CLASSES.get(kind, SELLABLE.get(licence)),
        note=". ".join(filter(None, (said, about.get("notes", "")))),
    )
