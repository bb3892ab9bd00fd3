/* What is marked on a level: pins, a box, the way from start to goal, cells that were changed, the cell meant. */
"use strict";
(() => {
  const gw = window.genworld;
  const LIGHT = "#fff";
  const DARK = "rgb(12 12 14 / 85%)";
  const WAY = "#ffb62e";
  const CHANGED = "#ff5fd2";
  const PINNED = "#6fd3ff";
  let hatch = null;

  /* pen stands at the level's corner; a cell is `width` x `height` pixels of the screen. */
  gw.drawMarks = (pen, marks, [width, height], columns) => {
    const at = ([row, column]) => [column * width, row * height];
    if (marks.veil) drawVeil(pen, marks.veil, [width, height]);
    drawPins(pen, marks.pins, [width, height], columns);
    for (const cell of marks.changed) outline(pen, ...at(cell), width, height, CHANGED, 2);
    drawWay(pen, marks.path, marks.ends, [width, height]);
    if (marks.brush && marks.cursor) preview(pen, marks.brush, ...at(marks.cursor), width, height);
    if (marks.box) dashed(pen, ...at([marks.box.top, marks.box.left]), marks.box.columns * width, marks.box.rows * height);
    if (marks.cursor) outline(pen, ...at(marks.cursor), width, height, LIGHT);
  };

  /* One pixel of the veil is one cell of the level. */
  function drawVeil(pen, veil, [width, height]) {
    const smooth = pen.imageSmoothingEnabled;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(veil, 0, 0, veil.width * width, veil.height * height);
    pen.imageSmoothingEnabled = smooth;
  }

  function outline(pen, x, y, width, height, colour, thick = 1) {
    pen.lineWidth = thick + 2;
    pen.strokeStyle = DARK;
    pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    pen.lineWidth = thick;
    pen.strokeStyle = colour;
    pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }

  function dashed(pen, x, y, width, height) {
    pen.lineWidth = 2;
    pen.strokeStyle = DARK;
    pen.strokeRect(x, y, width, height);
    pen.strokeStyle = LIGHT;
    pen.setLineDash([6, 4]);
    pen.strokeRect(x, y, width, height);
    pen.setLineDash([]);
  }

  function preview(pen, image, x, y, width, height) {
    pen.globalAlpha = 0.7;
    pen.drawImage(image, x, y, width, height);
    pen.globalAlpha = 1;
  }

  /* A quiet hatch over pinned cells, and a line around them. */
  function drawPins(pen, pins, [width, height], columns) {
    if (!pins.size) return;
    pen.fillStyle = hatch ??= pen.createPattern(hatching(), "repeat");
    const edges = new Path2D();
    for (const cell of pins) {
      const [row, column] = [Math.floor(cell / columns), cell % columns];
      const [x, y] = [column * width, row * height];
      pen.fillRect(x, y, width, height);
      const line = (from, to) => { edges.moveTo(...from); edges.lineTo(...to); };
      if (!pins.has(cell - columns)) line([x, y], [x + width, y]);
      if (!pins.has(cell + columns)) line([x, y + height], [x + width, y + height]);
      if (!column || !pins.has(cell - 1)) line([x, y], [x, y + height]);
      if (column === columns - 1 || !pins.has(cell + 1)) line([x + width, y], [x + width, y + height]);
    }
    stroke(pen, edges, PINNED, 1.5);
  }

  function hatching() {
    const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const pen = tile.getContext("2d");
    pen.strokeStyle = "rgb(111 211 255 / 55%)";
    pen.lineWidth = 1;
    for (const offset of [-8, 0, 8]) { pen.moveTo(offset, 8); pen.lineTo(offset + 8, 0); }
    pen.stroke();
    return tile;
  }

  function drawWay(pen, path, ends, [width, height]) {
    const middle = ([row, column]) => [(column + 0.5) * width, (row + 0.5) * height];
    if (path.length > 1) {
      const way = new Path2D();
      path.forEach((cell, index) => (index ? way.lineTo(...middle(cell)) : way.moveTo(...middle(cell))));
      pen.lineJoin = pen.lineCap = "round";
      stroke(pen, way, WAY, Math.max(2, Math.min(width, height) / 8));
    }
    for (const cell of ends) {
      const ring = new Path2D();
      ring.arc(...middle(cell), Math.max(3, Math.min(width, height) * 0.36), 0, 7);
      stroke(pen, ring, WAY, 2);
    }
  }

  function stroke(pen, path, colour, width) {
    pen.lineWidth = width + 2;
    pen.strokeStyle = DARK;
    pen.stroke(path);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke(path);
  }
})();
