/* The action bar of a grid. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  /* The small bar over a selection: the same actions as the keys. */
  gw.actionBar = (grid) => {
    const count = el("span", { class: "gw-actions-count" });
    const button = (icon, text, run, title) =>
      el("button", { type: "button", class: "gw-button gw-small", title, "aria-label": text, onclick: run }, gw.icon(icon), el("span", { text }));
    const keep = button("star", "Keep", () => gw.board.keep(grid.meant), "Keep on the board (K)");
    const remove = button("trash", "Remove", () => gw.board.remove(grid.meant), "Remove from the board (X)");
    const open = button("expand", "Open", () => gw.viewer.open(grid, grid.active), "Large view (Enter)");
    const clear = gw.iconButton("close", "Clear the selection (Escape)", { onclick: () => grid.clear() });
    const bar = el("div", { class: "gw-actions", role: "toolbar", "aria-label": "Selected tiles" }, count, keep, remove, open, clear);
    const update = () => {
      const tiles = grid.selection;
      const kept = tiles.filter((tile) => gw.keptId(tile) !== undefined).length;
      bar.classList.toggle("gw-on", tiles.length > 0);
      bar.inert = !tiles.length;
      if (!tiles.length) return; // it fades out as it was
      count.textContent = `${tiles.length} selected`;
      keep.hidden = kept === tiles.length;
      remove.hidden = kept === 0;
      open.hidden = tiles.length !== 1;
    };
    gw.listen("kept", update);
    return { node: bar, update };
  };
})();
