/* More like these: sixteen children of a selection, again, further or nearer, and generation after generation. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const SIDE = 4;
  const COUNT = SIDE * SIDE;
  const GAP = 8;
  const GOOD = { sprite: 64, level: 160 };
  const PARENT_BOX = 56;
  const FAR_START = 0.4;
  const TILES_HELD = 24;

  const holder = el("div", { id: "breed-grid" });
  const grid = new gw.TileGrid(holder, { label: "Children", star: true, selected: () => actions?.update() });
  const actions = gw.actionBar(grid);
  const parentsHolder = el("div", { id: "breed-parents" });
  const parents = new gw.TileGrid(parentsHolder, { label: "Parents", star: false });
  const parentsTitle = el("span", { class: "gw-label" });
  const title = el("h2", {});
  const number = el("span", { id: "breed-generation", class: "gw-number gw-quiet", role: "status" });
  const back = gw.iconButton("left", "Back ([)", { id: "breed-back", onclick: () => go(-1) });
  const forth = gw.iconButton("right", "Forward (])", { id: "breed-forth", onclick: () => go(1) });
  const far = el("input", { type: "range", id: "breed-far", min: 0, max: 1, step: 0.05, "aria-describedby": "breed-far-ends", oninput: () => further(), onchange: () => { dragging = false; } });
  const again = el("button", { type: "button", id: "breed-again", class: "gw-button", title: "Another sixteen of the same parents (D)", onclick: () => anew() }, gw.icon("dice"), el("span", { text: "Again" }));
  const keepAll = el("button", { type: "button", id: "breed-keep-all", class: "gw-button", title: "All sixteen, onto the board", onclick: () => gw.board.keep(grid.tiles.filter(Boolean)) }, gw.icon("star"), el("span", { text: "Keep all" }));
  const progress = gw.progress("Making children", () => cancel());
  const fault = el("div", { class: "gw-empty", role: "alert", hidden: true });
  const scroller = el("div", { class: "gw-scroller" }, holder, fault);
  const painted = el("p", { class: "gw-quiet", id: "breed-painted", hidden: true });
  const hint = el("p", { class: "gw-quiet", text: "Select the ones you like: More like these makes the next generation of them." });
  const dialog = gw.dialog("More like these", "gw-breed");
  dialog.node.id = "breed";
  dialog.node.append(
    el("header", {}, el("div", { class: "gw-row" }, title, el("div", { class: "gw-row gw-generations", role: "group", "aria-label": "Generations" }, back, number, forth)), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })),
    el(
      "div",
      { class: "gw-breed-body" },
      el(
        "aside",
        { class: "gw-breed-side", "aria-label": "Parents and how far" },
        el("div", { class: "gw-field" }, parentsTitle, parentsHolder, painted),
        el("div", { class: "gw-field" }, el("label", { for: "breed-far", text: "How far" }), far, el("div", { class: "gw-row gw-between gw-far-ends gw-quiet", id: "breed-far-ends" }, el("span", { text: "nearly the same" }), el("span", { text: "quite different" }))),
        el("div", { class: "gw-row gw-breed-run" }, again, keepAll),
        hint,
      ),
      el("div", { class: "gw-area" }, scroller, el("div", { class: "gw-breed-foot" }, progress.node), actions.node),
    ),
  );

  const drawing = new gw.Drawing("bred", { put: (...batch) => put(...batch), busy: progress.show });
  /* Every litter so far, and which is shown. A litter is its parents, how far and a seed: all else follows from these. */
  let litters = [];
  let at = -1;
  let dragging = false;
  const now = () => litters[at];

  /* From a litter these parents are of, the next generation; from anywhere else, the first. */
  function open(tiles) {
    const within = dialog.node.open;
    const chosen = tiles.filter(Boolean).slice(0, gw.state.exploreBounds.parents);
    if (!chosen.length) return;
    gw.peek.off();
    dialog.show();
    if (!within) { litters = []; at = -1; }
    if (chosen.length < tiles.length) gw.toast(`The first ${chosen.length} of ${tiles.length} are the parents.`);
    push({ parents: chosen.map(gw.explore.own), far: now()?.far ?? gw.remembered("far", FAR_START), generation: (within ? now().generation : 0) + 1 });
  }

  function push(litter) {
    litters = [...litters.slice(0, at + 1), { seed: gw.explore.seed(), tiles: [], next: 0, ...litter }];
    at = litters.length - 1;
    const old = litters.at(-TILES_HELD - 1);
    if (old) Object.assign(old, { tiles: [], next: 0 }); // made again when somebody goes back that far
    show();
  }

  function go(step) {
    if (!litters[at + step]) return;
    at += step;
    show();
  }

  const anew = () => now() && push({ parents: now().parents, far: now().far, generation: now().generation });

  /* While one drags it is one litter, with one seed: the same sixteen move further away or come back. */
  function further() {
    const value = Number(far.value);
    gw.remember("far", value);
    if (!dragging) {
      dragging = true;
      litters = [...litters.slice(0, at + 1), { ...now() }];
      at = litters.length - 1;
    }
    Object.assign(now(), { far: value, tiles: [], next: 0 });
    tell();
    draw();
  }

  function show() {
    dragging = false;
    tell();
    tellParents();
    grid.clear();
    grid.show(Array.from({ length: COUNT }, (_, index) => index));
    grid.stale();
    layout();
    now().tiles.forEach((tile, index) => grid.put(index, tile));
    draw();
  }

  async function draw() {
    const litter = now();
    fault.hidden = true;
    holder.hidden = false;
    const { far: distance, seed } = litter;
    const parents = gw.explore.named(litter.parents);
    try {
      const all = await drawing.run(() => ({ parents, far: distance, seed, known: litter.tiles.map((tile) => tile.digest) }), COUNT, litter.next, gw.hasSliders(litter.parents[0]) ? undefined : 1); // parts made anew take longer
      if (all) trim();
    } catch (error) {
      failed(error, litter);
    }
  }

  /* Children come in order, each unlike those before it; where there is hardly anything else near by, fewer come. */
  function put(tiles, _, { next }) {
    const litter = now();
    tiles.forEach((tile, offset) => grid.put(litter.tiles.length + offset, tile));
    if (!litter.tiles.length && tiles.length) layout(tiles[0]);
    Object.assign(litter, { tiles: [...litter.tiles, ...tiles], next });
    keepAll.disabled = !litter.tiles.length;
  }

  /* Places that stay empty go. */
  function trim(said = "") {
    const { length } = now().tiles;
    grid.show(grid.entries.slice(0, length).map((entry) => entry.key));
    if (length < COUNT) number.textContent += ` · ${said || (length ? `only ${length} different: there is hardly anything else near by` : "nothing else near by; go further")}`;
  }

  function cancel() {
    drawing.stop();
    trim(`stopped at ${now().tiles.length}`);
  }

  function failed(error, litter) {
    if (litter.tiles.length) return gw.fault(error);
    holder.hidden = true;
    keepAll.disabled = true;
    fault.replaceChildren(...gw.explore.instead("Nothing like these", error.message, gw.explore.groups(litter.parents).length > 1 ? litter.parents : []));
    fault.hidden = false;
  }

  /* -- what is said */

  function tell() {
    const litter = now();
    const one = litter.parents.length === 1;
    title.textContent = one ? "More like this" : "More like these";
    const same = litters.slice(0, at + 1).filter((other) => other.generation === litter.generation && other.parents === litter.parents).length;
    number.textContent = `Generation ${litter.generation}${same > 1 ? ` · try ${same}` : ""}`;
    back.disabled = !litters[at - 1];
    forth.disabled = !litters[at + 1];
    far.value = litter.far;
    far.style.setProperty("--done", `${100 * litter.far}%`);
    far.setAttribute("aria-valuetext", `${Math.round(100 * litter.far)} of 100, from nearly the same to quite different`);
  }

  function tellParents() {
    const tiles = now().parents;
    parentsTitle.textContent = tiles.length === 1 ? "Parent" : `${tiles.length} parents`;
    const changed = tiles.filter((tile) => gw.isChanged(tile) && gw.hasSliders(tile)).length;
    painted.hidden = !changed;
    painted.textContent = `${tiles.length === 1 ? "This was" : changed === 1 ? "One was" : `${changed} were`} changed by hand: children come from the sample before, and do not have what was painted.`;
    parents.show([]);
    parents.show(tiles.map((_, index) => index));
    const scale = gw.largestScale(tiles[0].width, tiles[0].height, tiles.length > 2 ? PARENT_BOX : 2 * PARENT_BOX, tiles.length > 2 ? PARENT_BOX : 2 * PARENT_BOX);
    parents.fit(tiles[0].width * scale, tiles[0].height * scale);
    tiles.forEach((tile, index) => parents.put(index, tile));
  }

  /* Four by four: all are seen at once if that leaves them a good size, else one scrolls. */
  function layout(tile = now()?.tiles[0] ?? now()?.parents[0]) {
    if (!tile || !scroller.clientWidth) return;
    const style = getComputedStyle(scroller);
    const space = { width: scroller.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight), height: scroller.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) };
    const each = (length) => (length - (SIDE - 1) * GAP) / SIDE;
    const widest = gw.largestScale(tile.width, tile.height, each(space.width), Infinity);
    const all = gw.largestScale(tile.width, tile.height, each(space.width), Math.max(each(space.height), 1));
    const good = gw.scales.find((one) => tile.width * one >= GOOD[tile.kind]) ?? 1;
    const scale = Math.min(Math.max(all, good), widest);
    holder.style.gridTemplateColumns = `repeat(${SIDE}, ${tile.width * scale}px)`;
    grid.fit(tile.width * scale, tile.height * scale);
  }
  new ResizeObserver(() => dialog.node.open && layout()).observe(scroller);

  /* -- keys of the whole: those of the grids are their own */

  const KEYS = { d: anew, "[": () => go(-1), "]": () => go(1) };
  dialog.node.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || gw.isTyping()) return;
    const act = KEYS[event.key.toLowerCase()];
    if (act) { event.preventDefault(); return act(); }
    if (event.target.closest("input, button, .gw-grid")) return;
    grid.key(event);
  });
  dialog.node.addEventListener("close", () => !dialog.node.open && drawing.stop());

  gw.breed = { open, grid, get litters() { return litters; }, get at() { return at; } };
})();
