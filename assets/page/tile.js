/* A tile: one sample or kept item, the same in grid and board. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  /* Enlarged, every pixel stays a square. Made smaller than it is (an overview of a level), pixels are averaged, since
     leaving some out would leave out walls and doors. */
  gw.picture = (tile, scale) =>
    el("img", {
      class: scale < 1 ? "gw-picture gw-overview" : "gw-picture",
      src: tile.picture,
      alt: "",
      draggable: "false",
      width: Math.round(tile.width * scale),
      height: Math.round(tile.height * scale),
    });

  /* One line for the pointer: seed, index, class. */
  gw.caption = (tile) => {
    const parts = [];
    if (tile.seed !== null && tile.seed !== undefined) parts.push(`Seed ${tile.seed}`);
    if (tile.index !== null && tile.index !== undefined) parts.push(`sample ${tile.index}`);
    if (tile.classes?.length) parts.push(tile.classes.join(" + "));
    if (tile.changed) parts.push("changed");
    return parts.join(" · ") || tile.name;
  };

  /* Where a tile begins: the sample or point that was changed, filled and painted since. */
  const roots = new WeakMap();
  gw.rootOf = (tile) => {
    if (!roots.has(tile)) {
      let origin = JSON.parse(tile.origin);
      while (origin.parent) origin = origin.parent;
      roots.set(tile, { kind: origin.kind, checkpoint: origin.checkpoint });
    }
    return roots.get(tile);
  };

  /* Whether it was painted, or made anew in part, since it was sampled. */
  gw.isChanged = (tile) => {
    let origin = JSON.parse(tile.origin);
    while (origin.kind === "finish") origin = origin.parent;
    return Boolean(origin.parent);
  };

  /* The model that a tile comes from; undefined when it is not on the shelf. */
  gw.modelOf = (tile) => {
    const made = gw.rootOf(tile).checkpoint;
    return (gw.state.models ?? []).find((model) => model.digest && (model.digest === made || model.earlier.includes(made)));
  };
  gw.hasSliders = (tile) => Boolean(gw.modelOf(tile)?.latent);

  gw.keptId = (tile) => (tile ? tile.id ?? gw.state.kept?.get(tile.digest) : undefined);

  /* The node of a tile. Until its picture is here it is an empty place of the same size, so that nothing jumps. */
  gw.tileNode = (index, star) => {
    const node = el("div", { class: "gw-tile", role: "option", tabindex: "-1", "aria-selected": "false", "data-index": index });
    node.append(el("div", { class: "gw-frame" }));
    if (star) node.append(el("button", { type: "button", class: "gw-star", tabindex: "-1", title: "Keep (K)" }, gw.icon("star")));
    return node;
  };

  gw.fillTile = (node, tile, scale) => {
    node.classList.add("gw-filled");
    node.firstChild.replaceChildren(gw.picture(tile, scale));
    gw.markTile(node, tile);
  };

  gw.markTile = (node, tile) => {
    const kept = gw.keptId(tile) !== undefined;
    node.classList.toggle("gw-kept", kept);
    node.classList.toggle("gw-changed", Boolean(tile.changed));
    node.classList.toggle("gw-playable", tile.playable === true);
    node.classList.toggle("gw-unplayable", tile.playable === false);
    const playable = { true: "playable", false: "not playable" }[tile.playable];
    node.setAttribute("aria-label", [tile.name, ...(tile.classes ?? []), tile.changed ? "changed" : "", playable, kept ? "kept" : ""].filter(Boolean).join(", "));
    const star = node.querySelector(".gw-star");
    if (!star) return;
    const does = kept ? "Remove from the board (X)" : "Keep (K)";
    star.title = does;
    star.setAttribute("aria-label", does);
    star.setAttribute("aria-pressed", String(kept));
  };
})();
