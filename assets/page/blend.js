/* A blend: the way between two tiles, frame by frame, or the square between four. In a dialog, and in the Latent tab. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const GAP = 8;
  const MARGIN = 16;
  const SMALLEST = 48;
  const STRIP_SHARE = 0.32;
  const BESIDE = 288;
  const SQUARE_SHARE = 0.66;
  const SIDE_START = 5;
  const STEPS_START = 9;
  const WAYS = [
    ["spherical", "Spherical", "Along an arc: every frame is as likely as the samples are"],
    ["linear", "Linear", "Straight across: frames in the middle come closer to the average"],
  ];
  const OWN_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]); // of a range
  const CORNERS = ["top left", "top right", "bottom left", "bottom right"];

  gw.Blend = class {
    /*
     * root   the element that it fills
     * tiles  two or four; `show` takes others later
     * name   what the ids of its elements begin with
     */
    constructor(root, { tiles = null, name = "blend" } = {}) {
      this.name = name;
      this.wish = { way: "spherical", steps: STEPS_START, side: SIDE_START, seconds: 2, bounce: true, ...gw.remembered("blend", {}) };
      this.at = 0;
      this.playing = 0;
      this.drawing = new gw.Drawing("blended", { put: (...batch) => this.#put(...batch), busy: (...now) => this.progress.show(...now) });
      this.#build(root);
      new ResizeObserver(() => this.#layout()).observe(this.view);
      if (tiles) this.show(tiles);
    }

    get square() { return this.ends.length === 4; }
    get steps() { return this.square ? this.wish.side : this.wish.steps; }
    get total() { return this.square ? this.steps ** 2 : this.steps; }

    /* Blend these two or four. */
    show(tiles) {
      this.ends = tiles.map(gw.explore.own);
      this.at = 0;
      this.node.classList.toggle("gw-square", this.square);
      const { min, max } = this.#range();
      this.frames.input.min = min;
      this.frames.input.max = max;
      this.frames.label.textContent = this.square ? "Frames along each side" : "Frames";
      this.#tellEnds();
      this.#draw();
    }

    /* Nothing is asked for and nothing moves any more. */
    stop() {
      this.pause();
      this.drawing.stop();
    }

    /* -- frames */

    async #draw() {
      if (!this.ends) return;
      this.pause();
      this.fault.hidden = true;
      this.node.classList.remove("gw-no-blend");
      this.#tellWish();
      this.said.textContent = "";
      this.grid.clear();
      this.grid.show(Array.from({ length: this.total }, (_, index) => index));
      this.grid.stale();
      this.at = Math.min(this.at, this.total - 1);
      this.#layout();
      this.#ends().forEach(([index, tile]) => this.grid.put(index, tile));
      this.look(this.at);
      try {
        const { way } = this.wish;
        if (await this.drawing.run({ ends: gw.explore.named(this.ends), way, steps: this.steps }, this.total)) this.look(this.at, this.grid.chosen.size > 0);
      } catch (error) {
        this.#failed(error);
      }
    }

    /* The ends are the tiles themselves, not copies: what is kept stays marked, what was painted stays painted. */
    #ends() {
      const last = this.steps - 1;
      const places = this.square ? [0, last, last * this.steps, this.total - 1] : [0, last];
      return places.map((place, index) => [place, this.ends[index]]);
    }

    #put(tiles, start, { said }) {
      const ends = new Map(this.#ends());
      tiles.forEach((tile, offset) => {
        const end = ends.get(start + offset);
        this.grid.put(start + offset, end ? { ...end, playable: tile.playable, verdict: tile.verdict } : { ...tile, name: this.#nameOf(start + offset) });
      });
      this.said.textContent = said;
      if (this.at >= start && this.at < start + tiles.length) this.look(this.at, this.grid.chosen.size > 0);
      this.#sum();
    }

    #nameOf(index) {
      const [one, other] = this.ends;
      return this.square ? `Between four, ${Math.floor(index / this.steps) + 1}.${(index % this.steps) + 1}` : `${one.name} to ${other.name}, ${this.#share(index)}%`.slice(0, 80);
    }

    #share(index) { return Math.round((100 * index) / (this.total - 1)); }

    #failed(error) {
      const there = this.grid.tiles.filter(Boolean).length;
      if (there > this.ends.length) return gw.fault(error);
      this.node.classList.add("gw-no-blend");
      this.fault.replaceChildren(...gw.explore.instead("No blend of these", error.message, this.ends));
      this.fault.hidden = false;
    }

    #cancel() {
      this.drawing.stop();
      this.summary.textContent = `Stopped at ${this.grid.tiles.filter(Boolean).length} of ${this.total}`;
    }

    /* How many can be played, when that is known of any. */
    #sum() {
      const tiles = this.grid.tiles.filter(Boolean);
      const judged = tiles.filter((tile) => typeof tile.playable === "boolean");
      const playable = judged.filter((tile) => tile.playable).length;
      this.summary.textContent = `${gw.plural(tiles.length, "frame")}${judged.length ? ` · ${playable} playable` : ""}`;
    }

    /* -- the large picture */

    /* Show a frame large; `choose` selects it, so that keys and actions mean it. */
    look(index, choose = false) {
      this.at = index;
      this.scrubber.value = index;
      this.scrubber.style.setProperty("--done", `${this.#share(index)}%`);
      if (choose) this.grid.choose(index);
      else this.grid.move(index, false);
      this.#picture();
    }

    #picture() {
      const tile = this.grid.tiles[this.at];
      this.place.textContent = this.square ? "" : `${this.at + 1} of ${this.total} · ${this.#share(this.at)}%`;
      if (!tile) return;
      const { clientWidth: width, clientHeight: height } = this.stage;
      const scale = gw.largestScale(tile.width, tile.height, width - MARGIN, height - MARGIN);
      this.large.className = scale < 1 ? "gw-picture gw-overview" : "gw-picture";
      if (this.large.getAttribute("src") !== tile.picture) this.large.src = tile.picture;
      this.large.width = Math.round(tile.width * scale);
      this.large.height = Math.round(tile.height * scale);
      this.large.alt = tile.name;
      this.scale.textContent = gw.scaleInWords(scale);
      this.verdict.textContent = { true: "Playable", false: "Not playable" }[tile.playable] ?? "";
      this.verdict.title = tile.verdict ?? "";
      this.verdict.classList.toggle("gw-said-fault", tile.playable === false);
    }

    /* -- animation */

    play() {
      if (this.square || this.playing) return;
      const reach = this.total - 1;
      const began = performance.now() - (this.at === reach ? 0 : (1000 * this.wish.seconds * this.at) / reach);
      this.grid.clear();
      const step = (now) => {
        const gone = Math.max(0, ((now - began) / 1000 / this.wish.seconds) * reach);
        const lap = Math.floor(gone) % (this.wish.bounce ? 2 * reach : reach + 1);
        const index = lap > reach ? 2 * reach - lap : lap;
        if (index !== this.at) this.look(index);
        this.playing = requestAnimationFrame(step);
      };
      this.playing = requestAnimationFrame(step);
      this.#tellPlaying();
    }

    pause(choose = false) {
      cancelAnimationFrame(this.playing);
      this.playing = 0;
      this.#tellPlaying();
      if (choose) this.look(this.at, true);
    }

    toggle() { return this.playing ? this.pause(true) : this.play(); }

    #tellPlaying() {
      const name = this.playing ? "Pause (Space)" : "Play (Space)";
      this.player.replaceChildren(gw.icon(this.playing ? "pause" : "play"));
      this.player.title = name;
      this.player.setAttribute("aria-label", name);
    }

    /* -- controls */

    #range() {
      const { steps, side } = gw.state.exploreBounds;
      const [min, max] = this.square ? side : steps;
      return { min, max };
    }

    #set(change, draw = true) {
      Object.assign(this.wish, change);
      gw.remember("blend", this.wish);
      this.#tellWish();
      if (draw) this.#draw();
    }

    #tellWish() {
      const { way, seconds, bounce } = this.wish;
      const { min, max } = this.#range();
      paint(this.frames, this.steps, `${this.steps}${this.square ? ` × ${this.steps}` : ""}`, (this.steps - min) / (max - min));
      paint(this.length, seconds, `${seconds} s`, (seconds - 0.5) / 7.5);
      this.bounce.checked = bounce;
      for (const [name, button] of this.ways) button.setAttribute("aria-checked", String(name === way));
      this.scrubber.max = this.total - 1;
      this.file.fit(this.ends[0], this.total);
    }

    #tellEnds() {
      const end = (tile, index) => {
        const box = el("div", { class: "gw-end-box" }, gw.picture(tile, gw.largestScale(tile.width, tile.height, 64, 64)));
        return el("figure", { class: "gw-end", title: tile.name }, box, el("figcaption", { text: this.square ? CORNERS[index] : tile.name }));
      };
      const name = this.square ? "Turn the corners" : "Swap the two";
      const swap = gw.iconButton("swap", name, { onclick: () => this.#swap() });
      const nodes = this.ends.map(end);
      if (this.square) this.both.replaceChildren(...nodes, swap);
      else this.both.replaceChildren(nodes[0], swap, nodes[1]);
    }

    #swap() {
      const [a, b, c, d] = this.ends;
      const at = this.at;
      this.ends = this.square ? [c, a, d, b] : [b, a];
      if (!this.square) this.at = this.total - 1 - at;
      this.#tellEnds();
      this.#draw();
    }

    #keepAll() { gw.board.keep(this.grid.tiles.filter(Boolean)); }

    /* -- keys of the whole: those of the strip are the strip's own */
    key(event) {
      const input = event.target.closest?.("input, select, button, textarea");
      const scrubbing = input === this.scrubber && !OWN_KEYS.has(event.key); // frames are kept while one scrubs
      if (event.defaultPrevented || (input && !scrubbing) || event.ctrlKey || event.metaKey || event.altKey || !this.ends) return;
      if (event.key === " " && !this.square) this.toggle();
      else return this.grid.key(event);
      event.preventDefault();
    }

    #build(root) {
      const holder = el("div", { id: `${this.name}-strip` });
      this.grid = new gw.TileGrid(holder, { label: "Frames", star: true, selected: () => this.#selected() });
      this.actions = gw.actionBar(this.grid);
      this.large = el("img", { class: "gw-picture", alt: "", draggable: "false" });
      this.scale = el("span", { class: "gw-scale" });
      this.verdict = el("span", { class: "gw-scale gw-blend-verdict" });
      this.stage = el("div", { class: "gw-stage", id: `${this.name}-stage` }, this.large, this.scale, this.verdict);
      this.player = el("button", { type: "button", id: `${this.name}-play`, class: "gw-icon-button", onclick: () => this.toggle() });
      this.scrubber = el("input", { type: "range", id: `${this.name}-scrubber`, min: 0, step: 1, "aria-label": "Frame", oninput: () => { this.pause(); this.look(Number(this.scrubber.value), true); } });
      this.place = el("span", { class: "gw-number gw-blend-place" });
      this.fault = el("div", { class: "gw-empty", role: "alert", hidden: true });
      this.progress = gw.progress("Blending", () => this.#cancel());
      this.summary = el("span", { class: "gw-quiet gw-ellipsis", role: "status" });
      this.strip = el("div", { class: "gw-scroller" }, holder);
      this.view = el(
        "div",
        { class: "gw-blend-view" },
        this.stage,
        el("div", { class: "gw-field gw-blend-player" }, this.player, this.scrubber, this.place),
        this.strip,
        el("div", { class: "gw-blend-foot" }, this.summary, this.progress.node, this.actions.node),
        this.fault,
      );
      this.node = el("div", { class: "gw-blend" }, this.view, this.#side());
      root.append(this.node);
      this.#tellPlaying();
    }

    #side() {
      this.both = el("div", { class: "gw-ends" });
      this.frames = slider(`${this.name}-steps`, "Frames", { step: 1 }, (value) => this.#set(this.square ? { side: value } : { steps: value }));
      this.length = slider(`${this.name}-seconds`, "From one to the other", { min: 0.5, max: 8, step: 0.5 }, (value) => this.#set({ seconds: value }, false));
      this.bounce = el("input", { type: "checkbox", id: `${this.name}-bounce`, onchange: () => this.#set({ bounce: this.bounce.checked }, false) });
      this.ways = WAYS.map(([name, text, title]) => [name, el("button", { type: "button", role: "radio", id: `${this.name}-${name}`, title, text, onclick: () => this.#set({ way: name }) })]);
      this.file = new gw.AnimationFile(this.name, () => ({ ends: this.ends, ...this.wish }));
      this.said = el("p", { class: "gw-quiet gw-blend-said", role: "status" });
      return el(
        "aside",
        { class: "gw-blend-side", "aria-label": "Blend" },
        this.both,
        this.said,
        this.frames.node,
        el("div", { class: "gw-field" }, el("span", { class: "gw-label", text: "Way" }), el("div", { class: "gw-segments", role: "radiogroup", "aria-label": "Way" }, ...this.ways.map(([, button]) => button))),
        el("div", { class: "gw-field gw-two-only" }, this.length.node, el("label", { class: "gw-check" }, this.bounce, el("span", { text: "There and back" }))),
        this.file.node,
        el("button", { type: "button", id: `${this.name}-keep-all`, class: "gw-button", title: "Every frame, onto the board", onclick: () => this.#keepAll() }, gw.icon("star"), el("span", { text: "Keep all frames" })),
      );
    }

    #selected() {
      this.actions?.update();
      this.view?.classList.toggle("gw-chosen", this.grid.chosen.size > 0);
      // A click or an arrow in the strip shows the frame that it went to.
      if (!this.ends || !this.grid.chosen.size || this.grid.active === this.at) return;
      if (this.playing) this.pause();
      this.look(this.grid.active, this.grid.chosen.size === 1);
    }

    /* The strip takes as much height as it needs, the large picture the rest; a square has its own place. */
    #layout() {
      if (!this.ends || !this.view.clientWidth) return;
      const { width, height } = this.ends[0];
      const scale = this.square ? this.#squareScale(width, height) : this.#stripScale(width, height);
      this.grid.root.style.gridTemplateColumns = this.square ? `repeat(${this.steps}, ${width * scale}px)` : "";
      this.view.style.setProperty("--square", `${lengthOf(this.steps, width * scale) + 2 * MARGIN}px`);
      if (this.scaled !== scale * width) this.grid.fit(width * scale, height * scale);
      this.scaled = scale * width;
      this.#picture();
    }

    /* One line where that leaves frames large enough, else some lines. */
    #stripScale(width, height) {
      const room = this.view.clientWidth - 2 * MARGIN;
      const most = this.view.clientHeight * STRIP_SHARE;
      const least = gw.scales.find((scale) => Math.max(width, height) * scale >= SMALLEST) ?? 1;
      const line = (scale) => lengthOf(this.total, width * scale) <= room && height * scale <= most;
      const lines = (scale) => lengthOf(Math.ceil(this.total / gw.columns(room, width * scale, GAP)), height * scale) <= most;
      const one = gw.scales.findLast(line) ?? 0;
      return one >= least ? one : Math.max(least, gw.scales.findLast(lines) ?? 0);
    }

    /* All of the square at once, and room for the large picture beside it. On a phone that is above, and the square scrolls. */
    #squareScale(width, height) {
      const phone = gw.isPhone();
      const { clientWidth } = this.view;
      const across = (phone ? clientWidth : Math.max(clientWidth - BESIDE, SQUARE_SHARE * clientWidth)) - 2 * MARGIN;
      const down = phone ? Infinity : this.strip.clientHeight - 2 * MARGIN; // it scrolls there
      const fits = (scale) => lengthOf(this.steps, width * scale) <= across && lengthOf(this.steps, height * scale) <= down;
      return gw.scales.findLast(fits) ?? gw.scales[0];
    }
  };

  const lengthOf = (count, each) => count * (each + GAP) - GAP;

  function slider(id, text, settings, change) {
    const label = el("label", { for: id, text });
    const shown = el("output", { class: "gw-number gw-quiet", for: id });
    const input = el("input", { type: "range", id, ...settings, oninput: () => change(Number(input.value)) });
    return { node: el("div", { class: "gw-field" }, el("div", { class: "gw-row gw-between" }, label, shown), input), input, label, shown };
  }

  function paint({ input, shown }, value, text, share) {
    input.value = value;
    input.style.setProperty("--done", `${100 * share}%`);
    shown.textContent = text;
  }

  /* -- the dialog */

  const title = el("h2", { text: "Blend" });
  const back = gw.iconButton("left", "Back to the blend before", { hidden: true, onclick: () => leave() });
  const place = el("div", { class: "gw-blend-place" });
  const dialog = gw.dialog("Blend", "gw-blend-dialog");
  dialog.node.append(el("header", {}, el("div", { class: "gw-row" }, back, title), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })), place);
  dialog.node.id = "blend";
  dialog.node.addEventListener("keydown", (event) => blend?.key(event));
  dialog.node.addEventListener("close", () => { if (!dialog.node.open) { blend?.stop(); past = []; } });
  let blend = null;
  let past = [];

  function show(tiles) {
    blend ??= new gw.Blend(place);
    back.hidden = !past.length;
    blend.show(tiles);
  }

  function leave() {
    show(past.pop());
  }

  gw.blend = {
    /* Two or four tiles; from within a blend, with a way back. */
    open(tiles) {
      const before = dialog.node.open ? blend.ends : null;
      gw.peek.off();
      dialog.show();
      if (before) past.push(before);
      show(tiles);
    },
    get shown() { return blend; },
  };
})();
