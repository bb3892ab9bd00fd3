/* The film of a training: the same codes, sampled again and again while the model learns. One frame large, all of them in
   a strip, each shown by the one sample that is followed. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const GAP = 4;
  const THUMB = 64;
  const PLAY_MS = 180;

  gw.TrainingFilm = class {
    /*
     * large   where the frame stands; reel: where the strip stands
     * told    hears the step of the frame that is shown
     */
    constructor(large, reel, told) {
      Object.assign(this, { told, frames: [], at: -1, followed: 0, live: false, following: true, kind: "sprite", playing: 0 });
      this.grid = el("div", { class: "gw-film-grid" });
      this.frame = el("div", { class: "gw-film-large", tabindex: "0", role: "group", "aria-label": "Samples of one frame. Arrows go through the frames, Space plays." }, this.grid);
      this.count = el("span", { class: "gw-quiet gw-number" });
      this.newest = el("button", { type: "button", class: "gw-link gw-film-newest", text: "Newest", title: "Follow the newest samples again (End)", onclick: () => this.go(this.frames.length - 1) });
      this.said = el("span", { class: "gw-number gw-film-step", role: "status" });
      large.append(el("header", { class: "gw-training-head" }, el("b", { text: "Samples" }), this.said, this.newest), this.frame);
      this.button = gw.iconButton("play", "Play (Space)", { onclick: () => this.toggle() });
      this.range = el("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Frame", oninput: () => { this.pause(); this.go(Number(this.range.value)); } });
      this.strip = el("div", { class: "gw-film-strip", role: "listbox", "aria-label": "Frames" });
      reel.append(el("div", { class: "gw-film-bar gw-field" }, this.button, this.range, this.count), this.strip);
      for (const node of [this.frame, this.strip]) node.addEventListener("keydown", (event) => this.#key(event));
      new ResizeObserver(() => this.#fit()).observe(this.frame);
      this.nodes = new Map();
    }

    get step() { return this.frames[this.at]?.step ?? null; }

    /* Frames anew; starts at the last. */
    show(frames, { live, kind }) {
      this.pause();
      Object.assign(this, { live, kind, frames: [], at: -1, followed: 0, following: true });
      this.nodes = new Map();
      this.strip.replaceChildren();
      this.grid.replaceChildren();
      this.shape = "";
      this.take(frames, live);
    }

    /* More frames, or better ones in the place of those of the same step. */
    take(frames, live = this.live) {
      const step = this.step;
      this.live = live;
      const all = new Map(this.frames.map((frame) => [frame.step, frame]));
      for (const frame of frames) if (frame.tiles.length || !all.has(frame.step)) all.set(frame.step, frame);
      this.frames = [...all.values()].sort((one, other) => one.step - other.step);
      this.#reel(new Set(frames.map((frame) => frame.step)));
      const stay = this.frames.findIndex((frame) => frame.step === step);
      this.at = this.following && !this.playing ? this.frames.length - 1 : Math.max(stay, 0);
      this.#show();
    }

    go(at) {
      if (!this.frames.length) return;
      this.at = Math.min(Math.max(at, 0), this.frames.length - 1);
      this.following = this.at === this.frames.length - 1;
      this.#show();
    }

    /* The frame nearest to a step. */
    seek(step) {
      this.pause();
      const far = (frame) => Math.abs(frame.step - step);
      this.go(this.frames.reduce((best, frame, at) => (far(frame) < far(this.frames[best]) ? at : best), 0));
    }

    toggle() { (this.playing ? this.pause : this.play).call(this); }

    play() {
      if (this.frames.length < 2) return;
      if (this.at === this.frames.length - 1) this.go(0);
      this.playing = setInterval(() => {
        this.go(this.at + 1);
        if (this.at === this.frames.length - 1) this.pause();
      }, PLAY_MS);
      this.#mark();
    }

    pause() {
      clearInterval(this.playing);
      this.playing = 0;
      this.#mark();
    }

    #mark() {
      this.button.replaceChildren(gw.icon(this.playing ? "pause" : "play"));
      const does = this.playing ? "Pause (Space)" : "Play (Space)";
      this.button.title = does;
      this.button.setAttribute("aria-label", does);
    }

    #key(event) {
      const does = {
        ArrowRight: () => this.go(this.at + 1),
        ArrowLeft: () => this.go(this.at - 1),
        Home: () => this.go(0),
        End: () => this.go(this.frames.length - 1),
        " ": () => this.toggle(),
      }[event.key];
      if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== " ") this.pause();
      does();
    }

    #show() {
      const frame = this.frames[this.at];
      this.newest.hidden = !(this.live && this.frames.length && !this.following);
      this.range.max = Math.max(0, this.frames.length - 1);
      this.range.value = this.at;
      this.range.disabled = this.button.disabled = this.frames.length < 2;
      this.range.style.setProperty("--done", `${this.frames.length < 2 ? 100 : (100 * this.at) / (this.frames.length - 1)}%`);
      this.count.textContent = this.frames.length ? `${this.at + 1} / ${this.frames.length}` : "";
      this.said.textContent = frame ? `step ${gw.stepInWords(frame.step)}` : "";
      this.range.setAttribute("aria-valuetext", this.said.textContent);
      if (!frame) return this.told(null);
      this.#large(frame);
      for (const { node, step } of this.nodes.values()) node.setAttribute("aria-selected", String(step === frame.step));
      this.#inSight(this.nodes.get(frame.step)?.node);
      this.told(frame.step);
    }

    /* The nodes of the pictures stay: only what they show changes, so that nothing flickers. */
    #large(frame) {
      if (!frame.tiles.length) return this.grid.classList.add("gw-film-waiting");
      this.grid.classList.remove("gw-film-waiting");
      const [first] = frame.tiles;
      const shape = `${frame.tiles.length} ${first.width} ${first.height}`;
      if (shape !== this.shape) {
        this.shape = shape;
        this.grid.replaceChildren(...frame.tiles.map((_, index) => this.#tile(index)));
        this.#fit();
      }
      frame.tiles.forEach((tile, index) => {
        const image = this.grid.children[index].firstChild;
        if (image.src !== tile.picture) image.src = tile.picture;
      });
      this.#follow();
    }

    #tile(index) {
      const image = el("img", { class: "gw-picture", alt: "", draggable: "false" });
      const node = el("button", { type: "button", class: "gw-film-tile", tabindex: "-1", title: "Follow this sample in the strip", "aria-label": `Sample ${index + 1}`, onclick: () => { this.followed = index; this.#follow(); this.#reel(new Set(this.frames.map((frame) => frame.step))); } }, image);
      node.addEventListener("pointerenter", (event) => {
        const tile = this.frames[this.at]?.tiles[index];
        if (tile && event.pointerType !== "touch") gw.peek.soon(node, { ...tile, kind: this.kind, name: `Sample ${index + 1} at step ${gw.stepInWords(this.step)}` }, node.clientWidth);
      });
      node.addEventListener("pointerleave", () => gw.peek.off());
      return node;
    }

    #follow() {
      [...this.grid.children].forEach((node, index) => node.setAttribute("aria-pressed", String(index === this.followed)));
    }

    /* As many columns as let the pictures be largest. */
    #fit() {
      const tile = this.frames[this.at]?.tiles[0];
      const [width, height, count] = [this.frame.clientWidth, this.frame.clientHeight, this.grid.children.length];
      if (!tile || !width || !count) return;
      let best = null;
      for (let columns = 1; columns <= count; columns += 1) {
        const rows = Math.ceil(count / columns);
        const scale = gw.wholeScale(tile.width, tile.height, (width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows);
        const uneven = rows * columns - count;
        if (!best || scale > best.scale || (scale === best.scale && uneven < best.uneven) || (scale === best.scale && uneven === best.uneven && Math.abs(columns - rows) < Math.abs(best.columns - best.rows))) best = { scale, columns, rows, uneven };
      }
      this.grid.style.gridTemplateColumns = `repeat(${best.columns}, max-content)`;
      for (const { firstChild: image } of this.grid.children) {
        image.width = Math.round(tile.width * best.scale);
        image.height = Math.round(tile.height * best.scale);
        image.classList.toggle("gw-overview", best.scale < 1);
      }
    }

    /* The strip: nodes of known steps stay where they are. */
    #reel(changed) {
      const left = this.strip.scrollLeft;
      const steps = new Set(this.frames.map((frame) => frame.step));
      for (const [step, { node }] of this.nodes) if (!steps.has(step)) { node.remove(); this.nodes.delete(step); }
      this.frames.forEach((frame, at) => {
        if (!this.nodes.has(frame.step)) this.nodes.set(frame.step, this.#thumb(frame.step));
        const { node, image } = this.nodes.get(frame.step);
        if (this.strip.children[at] !== node) this.strip.insertBefore(node, this.strip.children[at] ?? null);
        const tile = frame.tiles[Math.min(this.followed, frame.tiles.length - 1)];
        if (!tile || (!changed.has(frame.step) && image.src)) return;
        const scale = gw.wholeScale(tile.width, tile.height, THUMB, THUMB);
        image.width = Math.round(tile.width * scale);
        image.height = Math.round(tile.height * scale);
        image.classList.toggle("gw-overview", scale < 1);
        if (image.src !== tile.picture) image.src = tile.picture;
      });
      this.strip.scrollLeft = left;
    }

    #thumb(step) {
      const image = el("img", { class: "gw-picture", alt: "", draggable: "false" });
      const go = () => { this.pause(); this.go(this.frames.findIndex((frame) => frame.step === step)); };
      const node = el("button", { type: "button", class: "gw-film-frame", role: "option", tabindex: "-1", "aria-selected": "false", "aria-label": `Step ${gw.stepInWords(step)}`, "data-step": step, onclick: go }, el("span", { class: "gw-film-thumb" }, image), el("span", { class: "gw-number", text: gw.shortStep(step) }));
      return { node, image, step };
    }

    /* Within the strip alone: the page does not move. */
    #inSight(node) {
      if (!node) return;
      const [left, right] = [node.offsetLeft - 8, node.offsetLeft + node.offsetWidth + 8]; // the strip is what it is placed in
      if (left < this.strip.scrollLeft) this.strip.scrollLeft = left;
      else if (right > this.strip.scrollLeft + this.strip.clientWidth) this.strip.scrollLeft = right - this.strip.clientWidth;
    }
  };
})();
