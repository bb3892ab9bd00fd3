/* Pixel art is shown at whole multiples of its size, or at a whole fraction where even once is too large. */
"use strict";
(() => {
  const gw = window.genworld;
  const SCALES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24];
  const COMFORTABLE = { sprite: 96, level: 192 };

  gw.scales = SCALES;

  /* The largest scale at which a picture stays within a box. */
  gw.largestScale = (width, height, boxWidth, boxHeight) =>
    SCALES.findLast((scale) => width * scale <= boxWidth && height * scale <= boxHeight) ?? SCALES[0];

  /* The same, and where even once is too large any whole fraction: for pictures that are looked at and not compared. */
  gw.wholeScale = (width, height, boxWidth, boxHeight) => {
    const scale = gw.largestScale(width, height, boxWidth, boxHeight);
    return scale >= 1 ? scale : 1 / Math.ceil(Math.max(width / boxWidth, height / boxHeight));
  };

  /* How many columns of `width` pixels stand beside each other. */
  gw.columns = (space, width, gap) => Math.max(1, Math.floor((space + gap) / (width + gap)));

  /* The scale of a grid of `count` pictures: all are seen at once if that leaves them a good size, else one scrolls. */
  gw.gridScale = (kind, count, width, height, space, gap) => {
    const fits = (scale) => {
      if (width * scale > space.width) return false;
      const rows = Math.ceil(count / gw.columns(space.width, width * scale, gap));
      return rows * (height * scale + gap) - gap <= space.height;
    };
    const all = SCALES.findLast(fits) ?? SCALES[0];
    const good = SCALES.find((scale) => width * scale >= COMFORTABLE[kind] && height * scale >= COMFORTABLE[kind] / 4) ?? 1;
    const widest = SCALES.findLast((scale) => width * scale <= space.width) ?? SCALES[0];
    return Math.min(Math.max(all, good), widest);
  };

  gw.nextScale = (scale, step) => {
    const at = SCALES.indexOf(scale) + step;
    return SCALES[Math.min(Math.max(at, 0), SCALES.length - 1)];
  };

  gw.scaleInWords = (scale) => (scale >= 1 ? `${scale}×` : `1/${1 / scale}`);
})();
