/* The action bar of a grid. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const BLENDS = [2, 4];

  /* The small bar over a selection: the same actions as the keys. */
  gw.actionBar = (grid) => {
    const number = el("span", {});
    const count = el("span", { class: "gw-actions-count" }, number, el("span", { class: "gw-actions-word", text: " selected" }));
    const button = (icon, text, run, title) =>
      el("button", { type: "button", class: "gw-button gw-small", title, "aria-label": text, onclick: run }, gw.icon(icon), el("span", { text }));
    const keep = button("star", "Keep", () => gw.board.keep(grid.meant), "Keep on the board (K)");
    const remove = button("trash", "Remove", () => gw.board.remove(grid.meant), "Remove from the board (X)");
    const open = button("expand", "Open", () => gw.viewer.open(grid, grid.active), "Large view (Enter)");
    const sliders = button("sliders", "Sliders", () => gw.showSliders(grid.meant[0]), "Sliders of what it is made of (L)");
    const more = button("breed", "More like these", () => gw.breed.open(grid.meant), "Sixteen more like these (M)");
    const blend = button("blend", "Blend", () => gw.blend.open(grid.selection), "The way from one to the other; four make a square");
    const clear = gw.iconButton("close", "Clear the selection (Escape)", { onclick: () => grid.clear() });
    const bar = el("div", { class: "gw-actions", role: "toolbar", "aria-label": "Selected tiles" }, count, keep, remove, open, sliders, more, blend, clear);
    // After a dialog the focus is back on its button: the keys of the tiles go on working there.
    bar.addEventListener("keydown", (event) => { if (!["Enter", " ", "Escape"].includes(event.key)) grid.key(event); });
    const update = () => {
      const tiles = grid.selection;
      const kept = tiles.filter((tile) => gw.keptId(tile) !== undefined).length;
      bar.classList.toggle("gw-on", tiles.length > 0);
      bar.inert = !tiles.length;
      if (!tiles.length) return; // it fades out as it was
      const one = tiles.length === 1;
      number.textContent = tiles.length;
      keep.hidden = kept === tiles.length;
      remove.hidden = kept === 0;
      open.hidden = !one;
      sliders.hidden = !one || !gw.hasSliders(tiles[0]);
      blend.hidden = !BLENDS.includes(tiles.length);
      more.lastChild.textContent = one ? "More like this" : "More like these";
      more.setAttribute("aria-label", more.lastChild.textContent);
    };
    gw.listen("kept", update);
    gw.listen("models", update);
    return { node: bar, update };
  };
})();
