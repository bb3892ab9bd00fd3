/* Small pictures of samples over the plot: as many as have room, always the same ones for the same view. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const AT_ONCE = 24;
  const MOST = 400;
  const CACHED = 2000;
  const GAP = { sprite: 0, level: 3 }; // sprites have clear pixels around them
  const NEAR = 2; // from here on, seen from near: pictures are larger
  const FEW = 300;
  const SIDE = { sprite: [32, 64], level: [48, 96] };
  const AGAIN_MS = 4000;
  const CORNER = 5; // where the star of a picture is, so that it hides no face
  const OFFSET = 2 ** 20;

  gw.MapPictures = class {
    /*
     * plot   a MapPlot: its points, and where they are drawn
     * ask    (indices, large) => some of them as [{index, picture, width, height}], or null where nobody waits any more
     */
    constructor(plot, ask) {
      this.plot = plot;
      this.ask = ask;
      this.on = gw.remembered("mapPictures", true) !== false;
      this.kind = "sprite";
      this.only = null;
      this.large = false;
      this.spots = [];
      this.known = new Map();
      this.node = el("canvas", { class: "gw-map-pictures", "aria-hidden": "true" });
      document.addEventListener("visibilitychange", () => document.hidden || this.#fetch());
    }

    /* Which samples: pictures of others are forgotten. */
    serve(key, kind) {
      this.kind = kind;
      if (key === this.key) return;
      this.key = key;
      this.size = null;
      this.only = null;
      this.known.clear();
      this.clear();
    }

    clear() {
      this.spots = [];
      this.#paint();
    }

    toggle(on = !this.on) {
      this.on = on;
      gw.remember("mapPictures", on);
      this.choose();
    }

    /* Those that are selected; null where nothing is. */
    select(indices) {
      this.only = indices.length ? new Set(indices) : null;
      this.draw();
    }

    /* Choose anew: after the map was moved to its place. */
    choose() {
      const there = this.on && this.plot.drawn;
      this.large = there && this.#isLarge();
      this.spots = there ? this.#chosen() : [];
      this.draw();
      this.#fetch();
    }

    /* Paint at the end of this frame; moving a map calls it more often than a screen shows. */
    draw() {
      this.frame ??= requestAnimationFrame(() => { this.frame = null; this.#paint(); });
    }

    /* The sample whose picture is at a place of the plot in pixels. */
    at([x, y]) {
      const { x: [x0, kx], y: [y0, ky] } = this.plot.frame;
      const { xy } = this.plot.view ?? {};
      const found = this.spots.find(({ index, width, height }) => this.#image(index) && Math.abs(x0 + kx * xy[2 * index] - x) <= width / 2 && Math.abs(y0 + ky * xy[2 * index + 1] - y) <= height / 2);
      return found ? { kind: "sample", id: found.index, x: xy[2 * found.index], y: xy[2 * found.index + 1] } : null;
    }

    /* How large the picture at a place of the axes is drawn; null where there is none. */
    sizeOf([x, y]) {
      const { xy } = this.plot.view ?? {};
      const found = this.spots.find(({ index }) => xy[2 * index] === x && xy[2 * index + 1] === y && this.#image(index));
      return found ? [found.width, found.height] : null;
    }

    /* From near there are fewer to choose from, so there is room for larger ones. How near depends on the zoom alone:
       moving the map never changes the size. */
    #isLarge() { return this.plot.nearness >= NEAR || this.plot.points.length <= FEW; }

    #side() { return SIDE[this.kind][Number(this.large)]; }

    /* How large a picture of these is drawn: a whole multiple of its pixels, or smaller where it is larger than its room. */
    #drawn({ width, height }) {
      const room = this.#side();
      const longest = this.kind === "level" ? Math.sqrt(width * height) : Math.max(width, height);
      const scale = longest > room ? room / longest : Math.floor(room / longest + 0.01);
      return [Math.round(width * scale), Math.round(height * scale)];
    }

    /* Samples in their order, each that leaves room for those before it: over the whole map, not what is seen of it, so
       that the same ones stay while it is moved. */
    #chosen() {
      const { x: [x0, kx], y: [y0, ky], box } = this.plot.frame;
      const { xy } = this.plot.view;
      const [width, height] = this.#drawn(this.size ?? { width: this.#side(), height: this.#side() });
      const gap = GAP[this.kind];
      const [wide, high] = [width + gap, height + gap];
      const taken = new Map(); // cells of the size of a picture: no two pictures begin in one
      const spots = [];
      const most = Math.min(this.plot.most, xy.length / 2);
      for (let index = 0; index < most; index += 1) {
        const [x, y] = [kx * xy[2 * index], ky * xy[2 * index + 1]];
        if (!Number.isFinite(x + y)) continue;
        const [column, row] = [Math.floor(x / wide), Math.floor(y / high)];
        if (crowded(taken, column, row, x, y, wide, high)) continue;
        taken.set(cell(column, row), [x, y]);
        const inside = x + x0 >= box.left && x + x0 <= box.left + box.width && y + y0 >= box.top && y + y0 <= box.top + box.height;
        if (inside) spots.push({ index, width, height });
        if (spots.length === MOST) break;
      }
      return spots;
    }

    #image(index) {
      return this.known.get(`${Number(this.#fine())}/${index}`) ?? this.known.get(`${Number(!this.#fine())}/${index}`);
    }

    /* Sprites have one size, which is drawn at whole scales. */
    #fine() { return this.kind === "sprite" || this.large; }

    #paint() {
      const { node } = this;
      const ready = this.on && this.spots.length && this.plot.drawn;
      node.hidden = !ready;
      if (!ready) return;
      const { box, x: [x0, kx], y: [y0, ky] } = this.plot.frame;
      const density = devicePixelRatio || 1;
      this.#fit(box, density);
      const context = node.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, node.width, node.height);
      const { xy } = this.plot.view;
      // Levels are dark at their rims, and so may the ground be.
      context.fillStyle = this.kind === "level" ? gw.mapToken("--edge") : "transparent";
      for (const { index, width, height } of this.spots) {
        const image = this.#image(index);
        if (!image?.naturalWidth) continue;
        const [left, top] = [x0 + kx * xy[2 * index] - box.left - width / 2, y0 + ky * xy[2 * index + 1] - box.top - height / 2];
        const [x, y, wide, high] = [left, top, width, height].map((length) => Math.round(length * density));
        context.globalAlpha = !this.only || this.only.has(index) ? 1 : 0.2;
        context.imageSmoothingEnabled = image.naturalWidth > width;
        context.fillRect(x - 1, y - 1, wide + 2, high + 2);
        context.drawImage(image, x, y, wide, high);
      }
      context.globalAlpha = 1;
      context.setTransform(density, 0, 0, density, (x0 - box.left) * density, (y0 - box.top) * density);
      for (const hit of this.plot.hits) {
        const [wide, high] = (hit.kind === "sample" && this.sizeOf([hit.x, hit.y])) || [0, 0];
        signs[hit.kind](context, kx * hit.x + Math.max(0, wide / 2 - CORNER), ky * hit.y - Math.max(0, high / 2 - CORNER));
      }
    }

    #fit({ left, top, width, height }, density) {
      const { node } = this;
      Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
      const [wide, high] = [Math.round(width * density), Math.round(height * density)];
      if (node.width !== wide || node.height !== high) [node.width, node.height] = [wide, high];
    }

    /* One question at a time: others look at this map too. */
    async #fetch() {
      if (this.asking) return;
      this.asking = true;
      try {
        for (;;) {
          const fine = this.#fine();
          const wanted = this.spots.filter(({ index }) => !this.known.has(`${Number(fine)}/${index}`)).slice(0, AT_ONCE);
          if (!wanted.length || !this.on || document.hidden || !this.plot.holder.offsetParent) break;
          const { key } = this;
          const found = await this.ask(wanted.map(({ index }) => index), fine);
          if (!found?.length) break;
          if (key === this.key) await this.#take(found, fine);
        }
      } catch {
        // Pictures are an extra: nobody is told that they are late. They are asked for once more.
        clearTimeout(this.again);
        this.again = setTimeout(() => this.#fetch(), AGAIN_MS);
      }
      this.asking = false;
    }

    async #take(found, fine) {
      const { key } = this;
      await Promise.all(found.map(async ({ index, picture, width, height }) => {
        const image = new Image(width, height);
        image.src = picture;
        await image.decode().catch(() => {});
        if (key === this.key) this.known.set(`${Number(fine)}/${index}`, image);
      }));
      if (key !== this.key) return;
      for (const old of this.known.keys()) {
        if (this.known.size <= CACHED) break;
        this.known.delete(old);
      }
      const first = !this.size;
      this.size = { width: found[0].width, height: found[0].height };
      if (first) this.spots = this.#chosen();
      this.draw();
      this.plot.place();
    }
  };

  const cell = (column, row) => (column + OFFSET) * 2 * OFFSET + row + OFFSET;

  function crowded(taken, column, row, x, y, wide, high) {
    for (let down = -1; down <= 1; down += 1) {
      for (let across = -1; across <= 1; across += 1) {
        const other = taken.get(cell(column + across, row + down));
        if (other && Math.abs(other[0] - x) < wide && Math.abs(other[1] - y) < high) return true;
      }
    }
    return false;
  }

  /* What lies over the samples lies over their pictures too. */
  const star = (full) => (context, x, y) => {
    context.beginPath();
    for (let corner = 0; corner < 10; corner += 1) {
      const [angle, far] = [(Math.PI * (corner - 2.5)) / 5, corner % 2 ? 3.2 : 7.5];
      context.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    context.closePath();
    context.fillStyle = gw.mapToken(full ? "--select" : "--map-ground");
    context.strokeStyle = gw.mapToken(full ? "--map-edge" : "--select");
    context.lineWidth = full ? 1 : 1.5;
    context.fill();
    context.stroke();
  };

  function diamond(context, x, y) {
    context.beginPath();
    for (const [across, down] of [[0, -5.5], [5.5, 0], [0, 5.5], [-5.5, 0]]) context.lineTo(x + across, y + down);
    context.closePath();
    context.fillStyle = gw.mapToken("--map-ground");
    context.strokeStyle = gw.mapToken("--map-example");
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }

  const signs = { sample: star(true), item: star(false), example: diamond };
})();
