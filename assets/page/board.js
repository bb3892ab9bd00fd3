/* The board: what was kept. A click counts as done only when the server says that it is on disk. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const BOX = { tray: 68, full: 128 };
  const ROOMY = 1000;
  const PICTURES_AT_ONCE = 32;
  const KEPT_AT_ONCE = 256;
  const MADE_AT_ONCE = 64;

  gw.parts.boardPanel = ({ root, props, server }) => {
    const name = el("input", { id: "pack-name-input", type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false", "aria-label": "Pack name", title: "The name of this board and of its pack" });
    const count = el("span", { class: "gw-count", "aria-live": "polite" });
    const full = gw.iconButton("expand", "Open the board (B)", { onclick: () => toggleFull() });
    const fold = gw.iconButton("fold", "Fold the board away", { onclick: () => show(place() === "folded" ? "tray" : "folded") });
    const holder = el("div", { id: "board-grid" });
    const empty = el("div", { class: "gw-empty" });
    const grid = new gw.TileGrid(holder, { label: "Board", selected: () => actions?.update(), need: (keys) => need(keys) });
    const actions = gw.actionBar(grid);
    const format = el("select", { id: "pack-format-input", "aria-label": "Pack format" }, ...props.formats.map((one) => el("option", { value: one.name, text: one.title, title: one.summary })));
    const pack = el("button", { type: "button", id: "pack-export", class: "gw-button gw-accent", disabled: true, onclick: () => exportPack() }, gw.icon("download"), el("span", { text: "Export pack" }));
    const palette = gw.paletteChoice();
    const project = props.public ? null : el("button", { type: "button", id: "project-open", class: "gw-button", hidden: true, title: "Levels of your own maps as new files beside the original", onclick: () => intoProject() }, gw.icon("folder"), el("span", { text: "Into a project folder…" }));
    const dialog = props.public ? null : gw.projectDialog((name, request) => gw.ask(server, name, { ...request, secret }));
    const panel = el(
      "section",
      { class: "gw-board", "aria-label": "Board" },
      el("header", { class: "gw-board-head" }, fold, el("div", { id: "pack-name", class: "gw-pack-name" }, name), count, full),
      el("div", { class: "gw-scroller" }, holder, empty),
      el("div", { class: "gw-board-over" }, actions.node),
      props.public ? el("p", { class: "gw-board-note gw-quiet", text: "This board belongs to this browser alone. Export the pack to have it elsewhere." }) : null,
      el("footer", { class: "gw-board-foot" }, el("div", { id: "pack-format", class: "gw-field" }, el("label", { for: "pack-format-input", text: "Format" }), format), pack, palette.node, project),
    );
    const tab = el("button", { type: "button", class: "gw-board-tab", onclick: () => show(gw.isPhone() ? "full" : "tray") }, gw.icon("star"), el("span", { text: "Board" }), el("span", { class: "gw-count" }));
    root.append(panel, tab);

    let secret = gw.remembered("board", null);
    let changes = Promise.resolve();
    let items = [];
    const asked = new Set();

    /* One after the other, so that answers come in order and no click is lost. */
    function change(what, request = {}) {
      const made = changes.then(async () => {
        const answer = await gw.ask(server, what, { ...request, secret });
        take(answer);
        return answer;
      });
      changes = made.catch(() => {});
      return made.catch((error) => { gw.fault(error); return null; });
    }

    function take(answer) {
      if (answer.secret) gw.remember("board", (secret = answer.secret));
      items = answer.items;
      if (document.activeElement !== name) name.value = answer.name;
      // Newest first: what was just kept is seen without scrolling.
      grid.show(items.map((item) => item.id).reverse());
      for (const node of [count, tab.lastChild]) node.textContent = items.length;
      count.title = gw.plural(items.length, "kept item");
      pack.disabled = !items.length;
      palette.node.hidden = !answer.sprites;
      if (project) project.hidden = !answer.own;
      showEmpty();
      gw.set("board", answer);
      gw.set("kept", new Map(items.map((item) => [item.digest, item.id])));
    }

    function showEmpty() {
      empty.hidden = items.length > 0;
      if (items.length) return;
      const start = el("button", { type: "button", class: "gw-button", text: "Keep three to start", onclick: () => keepThree() });
      empty.replaceChildren(el("h2", { text: "Nothing kept yet" }), el("p", { text: "Click the star of a sample or press K. What you keep stays here, also after a restart, until you remove it." }), start);
    }

    function keepThree() {
      const three = gw.sampler.grid.tiles.filter(Boolean).slice(0, 3);
      if (three.length) keep(three);
      else gw.toast("There is nothing to keep yet: sample first.");
    }

    /* Pictures are fetched only for what is in sight. */
    async function need(keys) {
      const missing = keys.filter((key) => !asked.has(key));
      missing.forEach((key) => asked.add(key));
      for (let at = 0; at < missing.length; at += PICTURES_AT_ONCE) await fetchPictures(missing.slice(at, at + PICTURES_AT_ONCE));
    }

    async function fetchPictures(ids) {
      try {
        const { tiles } = await gw.ask(server, "pictures", { ids, secret });
        for (const tile of tiles) grid.put(tile.id, tile);
      } catch (error) {
        gw.fault(error);
      }
      ids.forEach((id) => asked.delete(id));
    }

    const pending = (tiles, on) => {
      const digests = new Set(tiles.map((tile) => tile.digest));
      for (const { node, tile } of gw.sampler?.grid.entries ?? []) if (tile && digests.has(tile.digest)) node.classList.toggle("gw-pending", on);
    };

    async function keep(tiles) {
      const fresh = tiles.filter((tile) => tile.origin && gw.keptId(tile) === undefined).slice(0, KEPT_AT_ONCE);
      if (!fresh.length) return;
      pending(fresh, true);
      // The server draws them again: it keeps no tiles or pixels that a browser sent.
      if (fresh.some((tile) => tile.changed || !tile.wish || tile.wish.shape)) await keepMade(fresh);
      else await change("keep", { ...fresh[0].wish, indices: fresh.map((tile) => tile.index) }); // tiles of one grid have one wish
      pending(fresh, false);
    }

    /* Each is made again from its origin: a few at a time, so that other people's turns come between. */
    async function keepMade(tiles) {
      const made = tiles.map(({ origin, name, item, art }) => ({ origin, name, item, art }));
      for (let at = 0; at < made.length; at += MADE_AT_ONCE) await change("keep_made", { made: made.slice(at, at + MADE_AT_ONCE) });
    }

    async function remove(tiles) {
      const ids = tiles.map(gw.keptId).filter((id) => id !== undefined);
      if (!ids.length) return;
      const answer = await change("remove", { ids });
      if (answer) gw.toast(`Removed ${gw.plural(ids.length, "item")}.`, { action: { label: "Undo", run: undo } });
    }

    async function back(what) {
      const answer = await change(what);
      if (answer?.said) gw.toast(answer.said);
    }
    const undo = () => back("undo");

    async function rename() {
      const wanted = name.value.trim();
      if (!wanted) name.value = gw.state.board?.name ?? "";
      else if (wanted !== gw.state.board?.name) await change("rename", { name: wanted });
      if (gw.state.board && document.activeElement !== name) name.value = gw.state.board.name;
    }
    name.addEventListener("change", rename);
    name.addEventListener("keydown", (event) => {
      if (event.key === "Enter") name.blur();
      if (event.key === "Escape") { name.value = gw.state.board?.name ?? ""; name.blur(); }
    });

    async function exportPack() {
      const working = (on) => {
        pack.disabled = on || !items.length;
        pack.lastChild.textContent = on ? "Packing…" : "Export pack";
      };
      working(true);
      try {
        await changes;
        const answer = await gw.ask(server, "export_pack", { format: format.value, secret, ...palette.read() });
        gw.download(answer);
        gw.toast(`${answer.name}: ${gw.plural(items.length, "item")}, ${gw.bytesInWords(answer.bytes)}.`);
      } catch (error) {
        gw.fault(error);
      }
      working(false);
    }

    /* What is selected, else the whole board. */
    async function intoProject() {
      await changes;
      dialog.open(grid.selection.map((tile) => tile.id));
    }

    const place = () => document.documentElement.dataset.board;
    const toggleFull = () => show(place() === "full" ? (gw.isPhone() ? "folded" : "tray") : "full");

    /* Folded, a tray beside the tab, or over the whole workspace for curating. */
    function show(where) {
      document.documentElement.dataset.board = where;
      if (where !== "full" && !gw.isPhone()) gw.remember("boardPlace", where);
      full.replaceChildren(gw.icon(where === "full" ? "shrink" : "expand"));
      full.title = where === "full" ? "Back to the tab (B)" : "Open the board (B)";
      full.setAttribute("aria-label", full.title);
      full.setAttribute("aria-pressed", String(where === "full"));
      const box = where === "full" && !gw.isPhone() ? BOX.full : BOX.tray;
      grid.fit(box, box);
    }

    document.addEventListener("keydown", (event) => {
      const busy = event.defaultPrevented || gw.isTyping() || document.querySelector("dialog[open]");
      if (event.key === "Escape" && place() === "full" && !busy) toggleFull();
    });

    gw.board = { get secret() { return secret; }, keep, remove, undo, redo: () => back("redo"), toggleFull, toggle: (tile) => (gw.keptId(tile) === undefined ? keep([tile]) : remove([tile])) };
    show(gw.isPhone() ? "folded" : gw.remembered("boardPlace", innerWidth < ROOMY ? "folded" : "tray"));
    if (props.notice) gw.toast(props.notice, { fault: true });
    change("board");
  };
})();
