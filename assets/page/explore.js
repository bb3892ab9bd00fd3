/* What blends and children share: naming tiles to the server, and asking in small batches of which the last wish wins. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const BATCH = { first: 4, most: 16, aim_ms: 160 };
  const PATIENCE_MS = 300;

  gw.parts.explore = ({ props, server }) => {
    gw.explore.ask = (name, request) => gw.ask(server, name, { ...request, secret: gw.board.secret });
    gw.set("exploreBounds", props.bounds);
  };

  gw.explore = {
    /* What the server needs to know of a tile: where it comes from, and which kept item it is. */
    named: (tiles) => tiles.map((tile) => ({ origin: tile.origin, item: tile.item ?? tile.id, art: tile.art ?? undefined })),

    /* A tile as it stands in another grid: kept by its origin, whatever wish it came from. */
    own: (tile) => ({ ...tile, id: undefined, item: tile.item ?? tile.id, wish: undefined, session: undefined }),

    seed: () => crypto.getRandomValues(new Uint32Array(1))[0] % 2 ** 31,

    /* Tiles by the model that they come from. */
    groups(tiles) {
      const groups = new Map();
      for (const tile of tiles) groups.set(gw.rootOf(tile).checkpoint, [...(groups.get(gw.rootOf(tile).checkpoint) ?? []), tile]);
      return [...groups.values()];
    },
  };

  /* Asks for tiles `start` to `total - 1` in batches. A new wish, or `stop`, ends the one before: its answers count for nothing. */
  gw.Drawing = class {
    /*
     * name   what the server is asked
     * put    told of each batch: (tiles, index of the first, answer)
     * busy   told whether one waits for long enough to be told so, and how far it is: (done, total), or null when it is over
     */
    constructor(name, { put, busy }) {
      Object.assign(this, { name, put, busy, latest: 0 });
    }

    /* Whether all came: false when it was stopped or overtaken. Raises what the server said. */
    async run(request, total, start = 0, first = BATCH.first) {
      const mine = ++this.latest;
      let shown = false;
      let done = start;
      const patience = setTimeout(() => { shown = true; if (mine === this.latest) this.busy(done, total); }, PATIENCE_MS);
      try {
        for (let size = first; done < total; ) {
          const began = performance.now();
          const answer = await gw.explore.ask(this.name, { ...(request.call ? request() : request), start: done, count: Math.min(size, total - done) });
          if (mine !== this.latest) return false;
          this.put(answer.tiles, done, answer);
          done = answer.next;
          if (shown) this.busy(done, total);
          size = Math.round(Math.min(BATCH.most, Math.max(1, (size * BATCH.aim_ms) / (performance.now() - began))));
        }
        return true;
      } catch (error) {
        if (mine !== this.latest) return false;
        throw error;
      } finally {
        clearTimeout(patience);
        if (mine === this.latest) this.busy(null);
      }
    }

    stop() {
      this.latest += 1;
      this.busy(null);
    }
  };

  /* A bar with a number and a way out. */
  gw.progress = (label, cancel) => {
    const bar = el("i", {});
    const number = el("span", { class: "gw-number" });
    const node = el("div", { class: "gw-progress", role: "progressbar", "aria-label": label, "aria-valuemin": 0 }, el("span", { class: "gw-track" }, bar), number, el("button", { type: "button", class: "gw-button gw-small", text: "Cancel", onclick: cancel }));
    const show = (done, total, words = `${done} of ${total}`) => {
      node.classList.toggle("gw-on", done !== null);
      if (done === null) return;
      bar.style.width = `${(100 * done) / total}%`;
      number.textContent = words;
      node.setAttribute("aria-valuemax", total);
      node.setAttribute("aria-valuenow", done);
    };
    return { node, show };
  };

  /* Why there is nothing, and what serves instead: more like those of one model. */
  gw.explore.instead = (heading, sentence, tiles) => {
    const groups = gw.explore.groups(tiles);
    const label = (group) => (groups.length === 1 ? (group.length === 1 ? "More like this" : "More like these") : `More like ${group[0].name}${group.length > 1 ? ` and ${group.length - 1} more` : ""}`);
    const buttons = groups.filter((group) => gw.modelOf(group[0])).map((group) => el("button", { type: "button", class: "gw-button", onclick: () => gw.breed.open(group) }, gw.icon("breed"), el("span", { text: label(group) })));
    return [el("h2", { text: heading }), el("p", { text: sentence }), el("div", { class: "gw-row gw-instead" }, ...buttons)];
  };
})();
