/* A level as large as one likes: drawn at whole multiples, moved and zoomed, with what is marked on it. It knows cells
   and pixels, and nothing of tools. */
"use strict";
(() => {
  const gw = window.genworld;
  const MARGIN = 8;
  const WHEEL_STEP = 60;
  const THREAD = 1 / 4;

  gw.LevelCanvas = class {
    /*
     * told  {press, drag, release, hover}: each with (cell, event); the cell is [row, column], within the level.
     *       hover comes with null when the pointer leaves.
     */
    constructor(label, told) {
      this.node = gw.el("canvas", { class: "gw-canvas", tabindex: "0", role: "application", "aria-label": label });
      this.told = told;
      this.sheet = document.createElement("canvas");
      this.view = { scale: 1, x: 0, y: 0 };
      this.marks = { pins: new Set(), changed: [], path: [], ends: [], box: null, cursor: null, brush: null, veil: null };
      this.panning = false; // the next drag moves the level
      this.pointers = new Map();
      this.loaded = 0;
      this.#listen();
    }

    /* A level: its size in cells and in pixels. The view stays where it is unless the size is another. */
    async show({ rows, columns, tile }, fit) {
      const other = fit || rows !== this.rows || columns !== this.columns || tile.width !== this.sheet.width;
      Object.assign(this, { rows, columns });
      const mine = ++this.loaded;
      const picture = new Image();
      picture.src = tile.picture;
      await picture.decode().catch(() => {});
      if (mine !== this.loaded) return;
      if (other) Object.assign(this.sheet, { width: tile.width, height: tile.height });
      const pen = this.sheet.getContext("2d");
      pen.clearRect(0, 0, this.sheet.width, this.sheet.height);
      pen.drawImage(picture, 0, 0);
      if (other) this.#begin();
      this.paint();
    }

    get cell() { return [this.sheet.width / this.columns, this.sheet.height / this.rows]; }
    get scale() { return this.view.scale; }

    /* One tile put on the picture at once; the picture of the server, which knows the edges, comes after. */
    stamp(row, column, image) {
      const [width, height] = this.cell;
      const pen = this.sheet.getContext("2d");
      pen.clearRect(column * width, row * height, width, height);
      if (image) pen.drawImage(image, column * width, row * height);
      this.paint();
    }

    mark(marks) {
      Object.assign(this.marks, marks);
      this.paint();
    }

    paint() {
      if (this.asked) return;
      this.asked = requestAnimationFrame(() => { this.asked = 0; this.#draw(); });
    }

    fit() {
      const room = this.node.getBoundingClientRect();
      if (!room.width || !this.sheet.width) return;
      this.view.scale = gw.largestScale(this.sheet.width, this.sheet.height, room.width, room.height);
      Object.assign(this.view, { x: 0, y: 0 });
      this.#settle();
    }

    /* All of it; but a long level, of which that would be a thread, at its own size from its start. */
    #begin() {
      this.fit();
      const room = this.node.getBoundingClientRect();
      const along = this.sheet.width <= room.width || this.sheet.height <= room.height;
      if (this.view.scale > THREAD || !along) return;
      this.view.scale = 1;
      this.#settle();
    }

    /* The next whole multiple; the place under `at` stays where it is. */
    zoom(step, at = null) {
      const room = this.node.getBoundingClientRect();
      const [x, y] = at ? [at.clientX - room.left, at.clientY - room.top] : [room.width / 2, room.height / 2];
      const before = this.view.scale;
      const scale = gw.nextScale(before, step);
      this.view.x = x - ((x - this.view.x) * scale) / before;
      this.view.y = y - ((y - this.view.y) * scale) / before;
      this.view.scale = scale;
      this.#settle();
    }

    move(x, y) {
      this.view.x += x;
      this.view.y += y;
      this.#settle();
    }

    /* So that a cell is in sight. */
    reveal([row, column]) {
      const room = this.node.getBoundingClientRect();
      const [width, height] = this.cell.map((side) => side * this.view.scale);
      const [left, top] = [this.view.x + column * width, this.view.y + row * height];
      const by = (low, size, most) => (low < MARGIN ? MARGIN - low : Math.min(0, most - MARGIN - low - size));
      this.move(by(left, width, room.width), by(top, height, room.height));
    }

    /* The middle of a cell in the window. */
    centre([row, column]) {
      const room = this.node.getBoundingClientRect();
      const [width, height] = this.cell.map((side) => side * this.view.scale);
      return [room.left + this.view.x + (column + 0.5) * width, room.top + this.view.y + (row + 0.5) * height];
    }

    cellAt(event) {
      const room = this.node.getBoundingClientRect();
      const [width, height] = this.cell.map((side) => side * this.view.scale);
      const row = Math.floor((event.clientY - room.top - this.view.y) / height);
      const column = Math.floor((event.clientX - room.left - this.view.x) / width);
      const inside = row >= 0 && column >= 0 && row < this.rows && column < this.columns;
      const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
      return { inside, cell: [within(row, this.rows), within(column, this.columns)] };
    }

    /* A level smaller than the window stands in its middle; a larger one is never lost outside. */
    #settle() {
      const room = this.node.getBoundingClientRect();
      const within = (value, size, most) => {
        if (size <= most) return Math.round((most - size) / 2);
        return Math.round(Math.min(MARGIN, Math.max(most - MARGIN - size, value)));
      };
      this.view.x = within(this.view.x, this.sheet.width * this.view.scale, room.width);
      this.view.y = within(this.view.y, this.sheet.height * this.view.scale, room.height);
      this.zoomed?.(this.view.scale);
      this.paint();
    }

    #draw() {
      const { node, view, sheet } = this;
      const room = node.getBoundingClientRect();
      const dots = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(room.width * dots), Math.round(room.height * dots)];
      if (node.width !== width || node.height !== height) Object.assign(node, { width, height });
      const pen = node.getContext("2d");
      pen.setTransform(dots, 0, 0, dots, 0, 0);
      pen.clearRect(0, 0, room.width, room.height);
      if (!sheet.width || !this.rows) return;
      pen.imageSmoothingEnabled = view.scale < 1;
      pen.drawImage(sheet, view.x, view.y, sheet.width * view.scale, sheet.height * view.scale);
      pen.translate(view.x, view.y);
      gw.drawMarks(pen, this.marks, this.cell.map((side) => side * view.scale), this.columns);
    }

    #listen() {
      const { node } = this;
      node.addEventListener("pointerdown", (event) => this.#down(event));
      node.addEventListener("pointermove", (event) => this.#moved(event));
      for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, (event) => this.#up(event));
      node.addEventListener("pointerleave", () => !this.pointers.size && this.told.hover(null));
      node.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
      node.addEventListener("contextmenu", (event) => event.preventDefault());
      new ResizeObserver(() => this.#settle()).observe(node);
    }

    #down(event) {
      if (!this.rows) return;
      this.pointers.set(event.pointerId, event);
      capture(this.node, event);
      const { inside, cell } = this.cellAt(event);
      const moves = this.panning || event.button === 1 || this.pointers.size > 1;
      if (moves || event.button > 1 || !inside) {
        if (this.drawing) this.told.release(null, event); // a second finger: what was begun is not meant
        this.drawing = false;
        this.pan = moves;
        return;
      }
      this.drawing = true;
      this.told.press(cell, event);
    }

    #moved(event) {
      if (!this.rows) return;
      const before = this.pointers.get(event.pointerId);
      if (before) this.pointers.set(event.pointerId, event);
      if (this.pan && before) return this.#pan(before, event);
      const { inside, cell } = this.cellAt(event);
      if (this.drawing) return this.told.drag(cell, event);
      this.told.hover(inside ? cell : null, event);
    }

    #pan(before, event) {
      const share = 1 / this.pointers.size;
      this.move((event.clientX - before.clientX) * share, (event.clientY - before.clientY) * share);
      if (this.pointers.size === 2) this.#pinch();
    }

    #pinch() {
      const [one, two] = [...this.pointers.values()];
      const apart = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      this.apart ??= apart;
      const middle = { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 };
      if (apart > this.apart * 1.3) this.zoom(1, middle);
      else if (apart < this.apart / 1.3) this.zoom(-1, middle);
      else return;
      this.apart = apart;
    }

    #up(event) {
      this.pointers.delete(event.pointerId);
      this.apart = null;
      if (!this.pointers.size) this.pan = false;
      if (!this.drawing) return;
      this.drawing = false;
      this.told.release(event.type === "pointercancel" ? null : this.cellAt(event).cell, event);
    }

    #wheel(event) {
      event.preventDefault();
      if (!event.ctrlKey && !event.metaKey) return this.move(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
      this.turned = (this.turned ?? 0) + event.deltaY;
      if (Math.abs(this.turned) < WHEEL_STEP) return;
      this.zoom(this.turned < 0 ? 1 : -1, event);
      this.turned = 0;
    }
  };

  function capture(node, event) {
    try { node.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
  }
})();
