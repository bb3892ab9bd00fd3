/* A grid of tiles: selection, keys, stars. The Sample tab and the board use the same one. */
"use strict";
(() => {
  const gw = window.genworld;
  /* Pixels of a tile below which its star is small, and below which there is no room for one: K keeps. */
  const TINY = 72;
  const STARLESS = 48;
  const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  gw.TileGrid = class {
    /*
     * root     the element that becomes the grid
     * label    what is read aloud
     * star     whether each tile has its own Keep button
     * selected told after each change of the selection
     * need     told which keys came into sight without a picture
     */
    constructor(root, { label, star = false, selected = () => {}, need = null }) {
      Object.assign(this, { root, star, told: selected, entries: [], chosen: new Set(), active: 0, anchor: 0, box: [96, 96] });
      root.classList.add("gw-grid");
      root.setAttribute("role", "listbox");
      root.setAttribute("aria-multiselectable", "true");
      root.setAttribute("aria-label", label);
      root.addEventListener("click", (event) => this.#click(event));
      root.addEventListener("dblclick", (event) => this.#open(event));
      root.addEventListener("keydown", (event) => this.key(event));
      root.addEventListener("focusin", (event) => this.#focused(event));
      root.addEventListener("pointerover", (event) => this.#hover(event));
      root.addEventListener("pointerleave", () => gw.peek.off());
      if (need) this.watcher = new IntersectionObserver((seen) => this.#seen(seen, need), { rootMargin: "200px" });
      gw.listen("kept", () => this.mark());
    }

    /* Show these keys, in this order; nodes of keys that stay are the same nodes. */
    show(keys) {
      const known = new Map(this.entries.map((entry) => [entry.key, entry]));
      this.entries = keys.map((key, index) => known.get(key) ?? this.#entry(key, index));
      this.entries.forEach((entry, index) => { entry.node.dataset.index = index; });
      const stay = new Set(keys);
      this.chosen = new Set([...this.chosen].filter((key) => stay.has(key)));
      this.active = Math.min(this.active, Math.max(0, keys.length - 1));
      this.#place();
      this.#paint();
    }

    /* The tiles are about to be replaced: they stay to be seen, but no longer count. */
    stale() {
      for (const entry of this.entries) {
        entry.tile = null;
        entry.node.classList.remove("gw-filled", "gw-kept", "gw-changed");
      }
    }

    put(key, tile) {
      const entry = this.entries.find((one) => one.key === key);
      if (!entry) return;
      entry.tile = tile;
      gw.fillTile(entry.node, tile, this.#scale(tile));
    }

    /* Width and height of a place, in pixels. */
    fit(width, height) {
      this.box = [width, height];
      this.root.style.setProperty("--box-w", `${width}px`);
      this.root.style.setProperty("--box-h", `${height}px`);
      this.root.classList.toggle("gw-tiny", Math.min(width, height) < TINY);
      this.root.classList.toggle("gw-starless", Math.min(width, height) < STARLESS);
      for (const { node, tile } of this.entries) if (tile) gw.fillTile(node, tile, this.#scale(tile));
    }

    mark() {
      for (const { node, tile } of this.entries) if (tile) gw.markTile(node, tile);
    }

    get tiles() { return this.entries.map((entry) => entry.tile); }
    get selection() { return this.entries.filter((entry) => this.chosen.has(entry.key) && entry.tile).map((entry) => entry.tile); }

    /* What a key or the action bar works on: the selection, or the one tile that has the focus. */
    get meant() {
      const chosen = this.selection;
      return chosen.length ? chosen : [this.entries[this.active]?.tile].filter(Boolean);
    }

    clear() { this.#choose(new Set()); }

    /* Select one tile, without the focus. */
    choose(index) {
      if (!this.entries[index]) return;
      this.active = index;
      this.#choose(new Set([this.entries[index].key]), index);
    }

    move(index, focus = true) {
      if (!this.entries.length) return;
      this.active = Math.min(Math.max(index, 0), this.entries.length - 1);
      this.#paint();
      if (!focus) return;
      const { node } = this.entries[this.active];
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: "nearest" });
    }

    key(event) {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const done = plain ? this.#plainKey(event) : this.#commandKey(event);
      if (done) { event.preventDefault(); event.stopPropagation(); }
    }

    #plainKey(event) {
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const step = MOVES[name] ?? (name === "ArrowUp" ? -this.#columns() : name === "ArrowDown" ? this.#columns() : 0);
      if (step) return this.#step(step, event.shiftKey);
      if (name === "Enter") return this.#view(this.active);
      if (name === " ") return this.#toggle(this.active);
      if (name === "k") return gw.board?.keep(this.meant), true;
      if (name === "m") return gw.breed?.open(this.meant), true;
      if (name === "l") return gw.showSliders(this.meant[0]), true;
      if (name === "x" || name === "Delete") return gw.board?.remove(this.meant), true;
      if (name === "Escape" && this.chosen.size) return this.clear(), true;
      return false;
    }

    #commandKey(event) {
      if (event.key.toLowerCase() !== "a" || event.altKey) return false;
      this.#choose(new Set(this.entries.map((entry) => entry.key)));
      return true;
    }

    #step(step, extend) {
      if (Math.abs(step) > 1 && Number.isFinite(step) && !this.entries[this.active + step]) return true;
      this.move(this.active + step);
      if (extend) this.#range();
      else this.#choose(new Set([this.entries[this.active]?.key]), this.active);
      return true;
    }

    #view(index) {
      if (this.entries[index]?.tile) gw.viewer.open(this, index);
      return true;
    }

    #toggle(index) {
      const { key } = this.entries[index] ?? {};
      if (key === undefined) return true;
      const next = new Set(this.chosen);
      if (!next.delete(key)) next.add(key);
      this.#choose(next, index);
      return true;
    }

    #range() {
      const [from, to] = [this.anchor, this.active].sort((a, b) => a - b);
      this.#choose(new Set(this.entries.slice(from, to + 1).map((entry) => entry.key)));
    }

    #choose(keys, anchor = this.anchor) {
      this.chosen = keys;
      this.anchor = anchor;
      this.#paint();
    }

    /* Only nodes that came, went or moved are touched: a board of thousands takes one more at once. */
    #place() {
      const here = new Set(this.entries.map((entry) => entry.node));
      for (const node of [...this.root.children]) if (!here.has(node)) node.remove();
      this.entries.forEach(({ node }, index) => {
        const there = this.root.children[index];
        if (there !== node) this.root.insertBefore(node, there ?? null);
      });
    }

    #paint() {
      this.entries.forEach(({ node, key }, index) => {
        node.setAttribute("aria-selected", String(this.chosen.has(key)));
        node.tabIndex = index === this.active ? 0 : -1;
      });
      this.told(this.selection);
    }

    #at(event) {
      const node = event.target.closest?.(".gw-tile");
      return node && this.root.contains(node) ? Number(node.dataset.index) : -1;
    }

    #click(event) {
      const index = this.#at(event);
      if (index < 0) return this.clear();
      const { tile } = this.entries[index];
      this.move(index);
      if (event.target.closest(".gw-star")) return tile && gw.board?.toggle(tile);
      if (event.shiftKey) return this.#range();
      if (event.ctrlKey || event.metaKey) return this.#toggle(index);
      this.#choose(new Set([this.entries[index].key]), index);
    }

    #open(event) {
      if (!event.target.closest(".gw-star") && this.#at(event) >= 0) this.#view(this.#at(event));
    }

    #focused(event) {
      gw.state.grid = this;
      const index = this.#at(event);
      if (index >= 0 && index !== this.active) this.move(index, false);
    }

    #hover(event) {
      if (event.pointerType === "touch") return;
      const index = this.#at(event);
      const entry = this.entries[index];
      if (!entry?.tile) return gw.peek.off();
      gw.peek.soon(entry.node, entry.tile, entry.tile.width * this.#scale(entry.tile));
    }

    #entry(key, index) {
      const entry = { key, tile: null, node: gw.tileNode(index, this.star) };
      entry.node.dataset.key = key;
      this.watcher?.observe(entry.node);
      return entry;
    }

    #seen(seen, need) {
      const inSight = new Set(seen.filter((one) => one.isIntersecting).map((one) => one.target));
      const keys = this.entries.filter((entry) => !entry.tile && inSight.has(entry.node)).map((entry) => entry.key);
      if (keys.length) need(keys);
    }

    #scale(tile) { return gw.largestScale(tile.width, tile.height, ...this.box); }
    #columns() { return getComputedStyle(this.root).gridTemplateColumns.split(" ").length; }
  };

  /* Keys reach the grid that was used last also when nothing has the focus. */
  document.addEventListener("keydown", (event) => {
    const grid = gw.state.grid;
    const idle = document.activeElement === document.body || document.activeElement === null;
    if (!grid?.root.isConnected || !idle || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    // Without a selection nothing is seen to be meant: an arrow shows where one is, other keys do nothing.
    if (grid.chosen.size) return grid.key(event);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    grid.move(grid.active);
  });
})();
