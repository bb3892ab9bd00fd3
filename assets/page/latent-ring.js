/* The picture at a whole multiple, and its neighbours around it: a click goes there. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const SIDES = ["north-west", "north", "north-east", "west", "east", "south-west", "south", "south-east"];
  const GAP = 16;
  const CAPTION = 18;
  const REST_MS = 220;
  const AT_ONCE = 2;
  const MOST = 2.4;
  const LEAST = [4, 8];
  const LARGE = 0.45;

  gw.NeighbourRing = class {
    /*
     * ask   asks for neighbours: ({sides}) -> {tiles}
     * gone  called with the neighbour that was clicked
     */
    constructor(ask, gone) {
      Object.assign(this, { ask, gone, state: null, latest: 0, size: null });
      this.frame = el("div", { class: "gw-ring-frame" });
      this.heat = el("div", { class: "gw-ring-heat", hidden: true });
      this.scale = el("span", { class: "gw-scale" });
      this.main = el("div", { id: "latent-preview", class: "gw-ring-main", tabindex: "0", role: "img", "aria-label": "The picture" }, this.frame, this.heat, this.scale);
      this.places = new Map(SIDES.map((side) => [side, this.#place(side)]));
      const cells = [...SIDES.slice(0, 4), null, ...SIDES.slice(4)].map((side) => (side ? this.places.get(side).node : this.main));
      this.ring = el("div", { class: "gw-ring" }, ...cells);
      this.node = el("div", { class: "gw-ring-stage" }, this.ring);
      new ResizeObserver(() => this.layout()).observe(this.node);
    }

    #place(side) {
      const frame = el("span", { class: "gw-frame" });
      const words = el("span", { class: "gw-ring-words" });
      const node = el("button", { type: "button", class: `gw-ring-place gw-${side}`, "data-side": side, disabled: true, onclick: () => this.#go(side) }, frame, words);
      return { node, frame, words, found: null };
    }

    #go(side) {
      const { found } = this.places.get(side);
      if (found) this.gone(found);
    }

    /* A picture that is there for a moment, while somebody drags. */
    flash({ picture, width, height }) {
      this.latest += 1;
      this.#picture({ picture, width, height });
      this.node.classList.add("gw-moving");
    }

    /* A state that stays: its neighbours come when there is nothing else to do. */
    show(state) {
      this.state = state;
      this.latest += 1;
      const { tile } = state;
      this.size = [tile.width, tile.height];
      this.layout();
      this.#picture(tile);
      this.main.setAttribute("aria-label", `${tile.name}. ${tile.facts[0]?.[1] ?? ""}`);
      this.node.classList.remove("gw-moving");
      this.#stale();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#load(this.latest), REST_MS);
    }

    /* An answer of the server laid over the picture; null takes it away. */
    glow(heat) {
      this.heat.hidden = !heat;
      if (heat) this.heat.style.backgroundImage = `url("${heat.picture}")`;
    }

    #stale() {
      for (const place of this.places.values()) {
        place.found = null;
        place.node.disabled = true;
      }
    }

    async #load(mine) {
      const sides = this.state.neighbours ? [] : ["west", "east", "north", "south", "north-west", "north-east", "south-west", "south-east"];
      const found = this.state.neighbours ?? [];
      const of = this.state;
      for (const one of found) this.#fill(one);
      try {
        while (sides.length && mine === this.latest && this.node.offsetParent) {
          const { tiles } = await this.ask({ sides: sides.splice(0, AT_ONCE) });
          if (mine !== this.latest) return;
          found.push(...tiles);
          tiles.forEach((one) => this.#fill(one));
        }
        if (!sides.length) of.neighbours = found;
      } catch { /* neighbours are an offer: without them the picture is whole */ }
    }

    #fill(found) {
      const place = this.places.get(found.side);
      place.found = found;
      place.node.disabled = false;
      place.node.title = `${found.title[0].toUpperCase()}${found.title.slice(1)}: click to go there`;
      place.node.setAttribute("aria-label", `Go to the neighbour: ${found.title}`);
      place.words.textContent = found.title === "a variation" ? "" : found.title;
      place.frame.replaceChildren(gw.picture(found.tile, this.small));
    }

    #picture({ picture, width, height }) {
      const image = this.frame.firstChild;
      if (!this.size || image?.dataset.size !== `${width} ${height} ${this.large}`) {
        this.size = [width, height];
        this.layout();
        const fresh = gw.picture({ picture, width, height }, this.large);
        fresh.dataset.size = `${width} ${height} ${this.large}`;
        this.frame.replaceChildren(fresh);
      } else if (image.src !== picture) image.src = picture;
    }

    layout() {
      if (!this.size || !this.node.clientWidth) return;
      const [width, height] = this.size;
      const room = [this.node.clientWidth - 2 * GAP, this.node.clientHeight - 2 * GAP];
      const alone = getComputedStyle(this.places.get("north").node).display === "none"; // a phone with its sliders open
      const [large, small] = alone ? [gw.largestScale(width, height, ...room), this.small ?? 1] : scales(width, height, ...room);
      if (large === this.large && small === this.small) return;
      Object.assign(this, { large, small });
      this.ring.style.setProperty("--big-w", `${width * large}px`);
      this.ring.style.setProperty("--big-h", `${height * large}px`);
      this.ring.style.setProperty("--small-w", `${width * small}px`);
      this.ring.style.setProperty("--small-h", `${height * small}px`);
      this.scale.textContent = gw.scaleInWords(large);
      const image = this.frame.firstChild;
      if (image) Object.assign(image, { width: width * large, height: height * large });
      if (image) image.dataset.size = `${width} ${height} ${large}`;
      for (const { found, frame } of this.places.values()) if (found) frame.replaceChildren(gw.picture(found.tile, small));
    }
  };

  /* The largest picture that leaves its neighbours a quarter of its size, and those as large as fits then; where that
     makes it small for its room, an eighth must do. */
  function scales(width, height, roomWidth, roomHeight) {
    const [quarter, eighth] = LEAST.map((least) => largest(width, height, roomWidth, roomHeight, least));
    const small = !quarter || Math.max((width * quarter[0]) / roomWidth, (height * quarter[0]) / roomHeight) < LARGE;
    return (small ? eighth : quarter) ?? [gw.scales[0], gw.scales[0]];
  }

  function largest(width, height, roomWidth, roomHeight, least) {
    const all = [...gw.scales].reverse();
    const fits = (large, small) => width * (large + 2 * small) + 2 * GAP <= roomWidth && height * (large + 2 * small) + 2 * (GAP + CAPTION) <= roomHeight;
    for (const large of all) {
      const small = all.find((one) => one <= large / MOST && one >= large / least && fits(large, one));
      if (small) return [large, small];
    }
    return null;
  }
})();
