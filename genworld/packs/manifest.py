"""The two files that every pack has: a manifest for programs and a README for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import genworld
from genworld.content import Level
from genworld.library import Item
from genworld.packs.licences import credit_lines, may_i_sell_this, sources_of
from genworld.packs.pack import Contents, PackFormat
from genworld.provenance import DataSource, in_words

VERSION = 1


def manifest(items: Sequence[Item], contents: Contents, *, name: str, kind: PackFormat, created: str) -> bytes:
    """``manifest.json``: what is in the pack, where it comes from, and the digest of every other file.

    Args:
        items: what is in it.
        contents: the files, the README among them.
        name: of the pack.
        kind: its format.
        created: ISO 8601 in UTC.
    """
    sources = sources_of(items, contents.art)
    legends = {item.example.legend.digest: item.example.legend for item in items if isinstance(item.example, Level)}
    about = {
        "format": "genworld-pack",
        "version": VERSION,
        "kind": kind.name,
        "name": name,
        "created": created,
        "genworld": genworld.__version__,
        "may_i_sell_this": may_i_sell_this(sources),
        "credits": credit_lines(sources),
        "sources": [source.model_dump(mode="json") for source in sources],
        "items": [
            _entry(item, files, sources.index(item.source)) for item, files in zip(items, contents.of_item, strict=True)
        ],
        "legends": {digest: legend.to_dict() for digest, legend in legends.items()},
        "files": _digests(contents.files),
    }
    return (json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _entry(item: Item, files: Sequence[str], source: int) -> dict[str, Any]:
    legend = {"legend": item.example.legend.digest} if isinstance(item.example, Level) else {}
    return {
        "kind": item.kind,
        "name": item.name,
        "files": list(files),
        "height": item.example.height,
        "width": item.example.width,
        "digest": item.digest,
        **legend,
        "origin": item.origin.model_dump(mode="json"),
        "origin_in_words": in_words(item.origin),
        "model": item.model,
        "source": source,
        "kept": item.created,
    }


def _digests(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for path, data in sorted(files.items())
    ]


def readme(items: Sequence[Item], contents: Contents, *, name: str, kind: PackFormat) -> bytes:
    """``README.txt``: what this is, how to open it, whether it may be sold."""
    sources = sources_of(items, contents.art)
    counts = [_counted(sum(item.kind == each for item in items), each) for each in ("level", "sprite")]
    parts = [
        name,
        f"{' and '.join(filter(None, counts))}, made with genworld {genworld.__version__}.",
        "How to open it\n\nUnpack the zip. "
        + "\n".join(contents.opening or [kind.opening[each] for each in _kinds(items)]),
        f"May I sell this?\n\n{may_i_sell_this(sources)}",
        "Credits that must ship\n\n" + ("\n".join(credit_lines(sources)) or "None."),
        "Where it comes from\n\n" + "\n".join(_in_words(source) for source in sources),
        "What is in it\n\n"
        + "\n".join(
            f"{files[0]}: {item.name}. {in_words(item.origin)}."
            for item, files in zip(items, contents.of_item, strict=True)
        ),
        "manifest.json holds the digest (SHA-256) of every file and the full origin of every item.",
    ]
    return ("\n\n\n".join(parts) + "\n").encode()


def _kinds(items: Sequence[Item]) -> list[str]:
    """The kinds of what is there, levels first."""
    return sorted({item.kind for item in items})


def _counted(count: int, kind: str) -> str:
    return f"{count} {kind}{'s' if count > 1 else ''}" if count else ""


def _in_words(source: DataSource) -> str:
    facts = [f"licence {source.licence}", source.url, source.note]
    return f"- {source.name}: {'; '.join(fact for fact in facts if fact)}"
