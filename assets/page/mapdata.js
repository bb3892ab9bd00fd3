/* The numbers of a map: how they travel, which places no sample falls on, what is near a pointer. */
"use strict";
(() => {
  const gw = window.genworld;
  const FEWEST_CELLS = 8;
  const MOST_CELLS = 32;

  const bytes = (packed) => Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const floats = (packed) => new Float32Array(bytes(packed).buffer);

  /* What is measured of the samples, a row for each; it fills while it comes. */
  class Measures {
    constructor(count, names) {
      Object.assign(this, { count, names, done: 0, rows: new Float32Array(count * names.length).fill(NaN), playable: new Int8Array(count).fill(-1) });
    }

    /* An answer from row `start` on; others may have asked for some of the same rows meanwhile. */
    add(start, answer) {
      this.rows.set(floats(answer.attributes), start * this.names.length);
      this.playable.set(new Int8Array(bytes(answer.playable).buffer), start);
      this.done = Math.max(this.done, Math.min(answer.done, this.count));
    }

    column(name) {
      const at = this.names.indexOf(name);
      const wide = this.names.length;
      return Float32Array.from({ length: this.count }, (_, row) => this.rows[row * wide + at]);
    }

    value(name, row) { return this.rows[row * this.names.length + this.names.indexOf(name)]; }
  }

  /* Smallest and largest number, without those that are undefined. */
  function range(numbers) {
    let [low, high, whole] = [Infinity, -Infinity, true];
    for (const number of numbers) {
      if (Number.isNaN(number)) continue;
      if (number < low) low = number;
      if (number > high) high = number;
      if (whole && !Number.isInteger(number)) whole = false;
    }
    return { low, high, whole };
  }

  /* Where the cells of an axis begin and end. Counted things have cells of whole width, or some would be empty by
     arithmetic alone. */
  function edges(numbers, cells) {
    const { low, high, whole } = range(numbers);
    if (!(high >= low)) return [];
    const wide = whole ? Math.ceil((high - low + 1) / cells) : (high - low) / cells || 1;
    const first = whole ? low - 0.5 : low;
    const count = whole ? Math.ceil((high - low + 1) / wide) : cells;
    return Array.from({ length: count + 1 }, (_, index) => first + index * wide);
  }

  const cellOf = (value, all) => Math.min(all.length - 2, Math.max(0, Math.floor(((value - all[0]) / (all.at(-1) - all[0])) * (all.length - 1))));

  /* The cells of the expressive range (Smith and Whitehead 2010) that no sample falls on, as boxes [x0, y0, x1, y1];
     neighbours in a row are one box. */
  function emptyBoxes(x, y) {
    const cells = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.round(Math.sqrt(x.length) / 2)));
    const [across, up] = [edges(x, cells), edges(y, cells)];
    if (!across.length || !up.length) return [];
    const full = new Uint8Array((across.length - 1) * (up.length - 1));
    x.forEach((value, index) => {
      if (!Number.isNaN(value) && !Number.isNaN(y[index])) full[cellOf(y[index], up) * (across.length - 1) + cellOf(value, across)] = 1;
    });
    const boxes = [];
    for (let row = 0; row < up.length - 1; row += 1) {
      for (let from = 0, at = 0; at < across.length; at += 1) {
        if (at < across.length - 1 && !full[row * (across.length - 1) + at]) continue;
        if (at > from) boxes.push([across[from], up[row], across[at], up[row + 1]]);
        from = at + 1;
      }
    }
    return boxes;
  }

  gw.mapData = { bytes, floats, Measures, range, emptyBoxes };
})();
