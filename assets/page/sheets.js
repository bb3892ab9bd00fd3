/* The sheets of a tileset: cut into frames, shown with their grid, and a frame chosen by click or by arrows. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  /* A tile is shown at least this large, in pixels, so that it can be told from its neighbours. */
  const SEEN = 28;

  /* Frames are numbered over all sheets: those of the first, then those of the second, and so on. */
  gw.Sheets = class {
    /* `sheets` as the server tells them; resolves when their pictures can be drawn. */
    static async of(sheets) {
      const made = new gw.Sheets();
      let first = 0;
      for (const sheet of sheets) {
        const image = new Image();
        image.src = sheet.picture;
        await image.decode();
        made.all.push({ ...sheet, image, first });
        first += sheet.rows * sheet.columns;
      }
      made.count = first;
      return made;
    }

    constructor() {
      this.all = [];
      this.count = 0;
    }

    sheetOf(frame) { return this.all.findLast((sheet) => sheet.first <= frame); }

    /* Left and top of a frame in its sheet. */
    corner(frame) {
      const sheet = this.sheetOf(frame);
      const { width, height, margin, spacing } = sheet.cut;
      const local = frame - sheet.first;
      return [margin + (local % sheet.columns) * (width + spacing), margin + Math.floor(local / sheet.columns) * (height + spacing)];
    }

    /* A picture of a stack of frames, the first below; numbers under 0 draw nothing. */
    picture(frames, side = 32) {
      const { width, height } = this.all[0].cut;
      const canvas = el("canvas", { width, height, class: "gw-picture gw-worn" });
      const scale = Math.min(side / width, side / height);
      canvas.style.width = `${Math.round(width * (scale >= 1 ? Math.floor(scale) : scale))}px`;
      const context = canvas.getContext("2d");
      for (const frame of frames) {
        if (frame < 0 || frame >= this.count) continue;
        const [left, top] = this.corner(frame);
        context.drawImage(this.sheetOf(frame).image, left, top, width, height, 0, 0, width, height);
      }
      return canvas;
    }
  };

  /* One sheet with its grid. `picked` gets the number of the frame that was chosen. */
  gw.sheetView = (sheet, picked) => {
    const scale = Math.max(1, Math.ceil(SEEN / sheet.cut.width));
    const canvas = el("canvas", { class: "gw-sheet", tabindex: "0", role: "grid", "aria-label": `${sheet.name}: arrows move, Enter chooses a tile`, width: sheet.width * scale, height: sheet.height * scale });
    const context = canvas.getContext("2d");
    let cut = sheet.cut;
    let chosen = -1;
    let at = 0;

    const shape = () => ({
      columns: Math.max(0, Math.floor((sheet.width - cut.margin + cut.spacing) / (cut.width + cut.spacing))),
      rows: Math.max(0, Math.floor((sheet.height - cut.margin + cut.spacing) / (cut.height + cut.spacing))),
    });

    const place = (local) => {
      const { columns } = shape();
      return [cut.margin + (local % columns) * (cut.width + cut.spacing), cut.margin + Math.floor(local / columns) * (cut.height + cut.spacing)];
    };

    function draw() {
      const { rows, columns } = shape();
      context.imageSmoothingEnabled = false;
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(sheet.image, 0, 0, canvas.width, canvas.height);
      context.lineWidth = 1;
      context.strokeStyle = "rgb(128 128 136 / 55%)";
      for (let local = 0; local < rows * columns; local += 1) {
        const [left, top] = place(local);
        context.strokeRect(left * scale + 0.5, top * scale + 0.5, cut.width * scale - 1, cut.height * scale - 1);
      }
      if (document.activeElement === canvas && at !== chosen - sheet.first) outline(at, "#ffffff", 1);
      if (chosen >= sheet.first && chosen < sheet.first + rows * columns) outline(chosen - sheet.first, "#f0a92e", 3);
    }

    function outline(local, colour, width) {
      const [left, top] = place(local);
      context.strokeStyle = "#000000";
      context.lineWidth = width + 2;
      context.strokeRect(left * scale, top * scale, cut.width * scale, cut.height * scale);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(left * scale, top * scale, cut.width * scale, cut.height * scale);
    }

    canvas.addEventListener("click", (event) => {
      const { rows, columns } = shape();
      const box = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width * sheet.width - cut.margin) / (cut.width + cut.spacing));
      const row = Math.floor(((event.clientY - box.top) / box.height * sheet.height - cut.margin) / (cut.height + cut.spacing));
      if (row < 0 || column < 0 || row >= rows || column >= columns) return;
      at = row * columns + column;
      picked(sheet.first + at);
    });
    canvas.addEventListener("keydown", (event) => {
      const { rows, columns } = shape();
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
      if (step && at + step >= 0 && at + step < rows * columns) at += step;
      else if (event.key === "Enter" || event.key === " ") picked(sheet.first + at);
      else if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      draw();
    });
    canvas.addEventListener("focus", draw);
    canvas.addEventListener("blur", draw);
    draw();

    return {
      node: el("figure", { class: "gw-sheet-figure" }, el("figcaption", { class: "gw-quiet gw-ellipsis", text: sheet.terrains.length ? `${sheet.name} · terrains: ${sheet.terrains.join(", ")}` : sheet.name }), el("div", { class: "gw-sheet-scroll" }, canvas)),
      mark(frame) {
        chosen = frame;
        if (frame >= sheet.first) at = Math.min(frame - sheet.first, Math.max(0, shape().rows * shape().columns - 1));
        draw();
      },
      cutAs(next) {
        cut = next;
        draw();
      },
    };
  };
})();
