/* The Sample tab: asks for samples in small batches, so that it can show progress, stop, and let the last wish win. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const GAP = 8;
  const TILE_PIXELS = 16;
  const PATIENCE_MS = 300;
  const ALIKE = 4;
  const BATCH = { first: 4, most: 32, aim_ms: 160 };

  gw.parts.sampler = ({ root, server }) => {
    const title = el("span", { class: "gw-strip-title" });
    const status = el("span", { class: "gw-quiet gw-ellipsis", role: "status" });
    const bar = el("i", {});
    const done = el("span", { class: "gw-number" });
    const stop = el("button", { type: "button", class: "gw-button gw-small", text: "Cancel", onclick: () => cancel() });
    const progress = el("div", { class: "gw-progress", role: "progressbar", "aria-label": "Sampling", "aria-valuemin": 0 }, el("span", { class: "gw-track" }, bar), done, stop);
    const zoom = zoomer((step) => zoomBy(step));
    const holder = el("div", { id: "sample-grid" });
    const preview = el("div", { class: "gw-preview" });
    const empty = el("div", { class: "gw-empty", hidden: true });
    const scroller = el("div", { class: "gw-scroller" }, holder, preview, empty);
    const grid = new gw.TileGrid(holder, { label: "Samples", star: true, selected: () => actions?.update() });
    const actions = gw.actionBar(grid);
    const newer = el("button", { type: "button", id: "sample-newer", class: "gw-link gw-newer", title: "This model has learned more since these samples were made (S)", hidden: true, text: "Newer: sample again", onclick: () => run() });
    const strip = el("header", { class: "gw-strip" }, title, status, newer, progress, zoom.node);
    const area = el("section", { class: "gw-area", "aria-label": "Samples" }, strip, scroller, actions.node);
    let controls = null;
    let latest = 0;
    let picture = [32, 32];
    let told = "";
    let chosenScale = null;
    let last = null;

    root.classList.add("gw-sampler");
    root.append(area);
    gw.set("strip", strip);
    gw.state.grid = grid;
    gw.sampler = { run: () => controls && gw.state.model && run(), roll: () => controls && gw.state.model && controls.roll(), again: () => last && run(last), wish: () => last?.wish ?? null, grid };

    gw.listen("limits", () => {
      if (controls) return;
      controls = gw.controls(() => run());
      root.prepend(controls.node);
    });
    gw.listen("likely", (name) => name && showPreview(name));
    gw.listen("model", (model) => (model ? begin(model) : nothing()));
    gw.listen("newer", (model) => {
      controls?.renew(model);
      newer.hidden = last?.wish.model !== model.name || last.wish.digest === model.digest;
    });
    new ResizeObserver(() => layout()).observe(scroller);

    function begin(model) {
      controls.serve(model);
      root.classList.remove("gw-bare");
      empty.hidden = true;
      chosenScale = gw.remembered(`scale.${model.kind}`, null);
      title.textContent = model.title;
      grid.show([]);
      last = null;
      showPreview(model.name);
      run();
    }

    /* The sheet of the model's card is there at once; real samples take its place. */
    async function showPreview(name) {
      const source = await gw.preview(name);
      const late = grid.tiles.some(Boolean) || !empty.hidden || (gw.state.model ?? { name }).name !== name;
      if (late) return;
      preview.replaceChildren();
      if (!source) return;
      preview.replaceChildren(el("img", { src: source, alt: `Samples of ${name}, from the model's card` }), el("p", { class: "gw-quiet", text: "From the model's card. Fresh samples are on their way." }));
    }

    function nothing() {
      root.classList.add("gw-bare");
      title.textContent = "";
      status.textContent = "";
      grid.show([]);
      say("No model yet", "Samples of the model that you choose will be here. A model is a folder in checkpoints/ of genworld, or one that you train: genworld train --help says how.", "Look again", () => gw.lookAgain().catch(gw.fault));
    }

    function say(heading, sentence, label, act) {
      preview.replaceChildren();
      empty.replaceChildren(el("h2", { text: heading }), el("p", { text: sentence }), el("button", { type: "button", class: "gw-button", text: label, onclick: act }));
      empty.hidden = false;
    }

    /* `before` is a wish to be served once more: the same samples, in another art. */
    async function run(before = null) {
      const mine = ++latest;
      let wanted;
      try {
        const { wish, count } = before ?? controls.read();
        wanted = last = { wish: { ...wish, art: gw.wearing()?.digest }, count };
        controls.say("");
      } catch (error) {
        finish();
        return controls.say(error.message);
      }
      newer.hidden = wanted.wish.digest === gw.state.model.digest;
      prepare(wanted);
      const patience = setTimeout(() => mine === latest && area.classList.add("gw-busy"), PATIENCE_MS);
      try {
        await draw(wanted, mine);
        if (mine === latest) tell(wanted, wanted.count);
      } catch (error) {
        if (mine === latest) failed(error);
      } finally {
        clearTimeout(patience);
        if (mine === latest) finish();
      }
    }

    /* Tiles that are there stay until the first answer comes: if none comes, nothing is lost. */
    function prepare(wanted) {
      empty.hidden = true;
      advance(0, wanted.count);
      status.textContent = "Sampling…";
      if (grid.tiles.some(Boolean)) holder.classList.add("gw-waiting");
      else renew(wanted);
    }

    /* Places for what was wished; the old pictures stay in them, dimmed, so that nothing jumps. */
    function renew({ wish, count }, first = null) {
      offer(grid.tiles.filter((tile) => tile?.changed && gw.keptId(tile) === undefined));
      const { model } = gw.state;
      const unit = model.kind === "level" ? TILE_PIXELS : 1;
      picture = first ? [first.width, first.height] : [(wish.columns ?? model.columns) * unit, (wish.rows ?? model.rows) * unit];
      holder.classList.remove("gw-waiting");
      grid.clear();
      grid.show(Array.from({ length: count }, (_, index) => index));
      grid.stale();
      scroller.scrollTop = 0;
      layout();
    }

    /* Levels that somebody worked on leave the grid with the rest: they can still be kept. */
    function offer(tiles) {
      if (!tiles.length) return;
      const them = tiles.length === 1 ? "A level that you changed" : `${tiles.length} levels that you changed`;
      gw.toast(`${them} left the grid.`, { action: { label: "Keep", run: () => gw.board.keep(tiles) } });
    }

    async function draw({ wish, count }, mine) {
      let size = BATCH.first;
      for (let start = 0; start < count && mine === latest; ) {
        const began = performance.now();
        const { tiles } = await gw.ask(server, "samples", { ...wish, start, count: Math.min(size, count - start) });
        if (mine !== latest) return;
        preview.replaceChildren();
        if (!start) renew({ wish, count }, tiles[0]);
        tiles.forEach((tile, offset) => grid.put(start + offset, { ...tile, wish }));
        start += tiles.length;
        advance(start, count);
        size = Math.round(Math.min(BATCH.most, Math.max(1, (size * BATCH.aim_ms) / (performance.now() - began))));
      }
    }

    function advance(now, all) {
      bar.style.width = `${(100 * now) / all}%`;
      done.textContent = `${now} of ${all}`;
      progress.setAttribute("aria-valuemax", all);
      progress.setAttribute("aria-valuenow", now);
    }

    function tell({ wish }, count) {
      const classes = wish.condition.length ? ` · ${wish.condition.join(" + ")}` : "";
      const playable = wish.shape?.playable ? " · playable" : "";
      told = `${gw.plural(count, "sample")}${alike(wish, count)} · seed ${wish.seed}${classes}${playable}`;
      status.textContent = told;
    }

    /* Small maps of many tiles fit together in few ways, and nobody should wonder why. */
    function alike(wish, count) {
      const { kind, variety } = gw.state.model;
      const different = new Set(grid.tiles.map((tile) => tile?.digest)).size;
      if (kind !== "level" || count < ALIKE || different > count / ALIKE || wish.variety < variety.default) return "";
      return `, ${different === 1 ? "all the same" : `only ${different} different`}: the map fits together in few ways; learn several together`;
    }

    /* What is there when sampling ended early. Before the first answer that is all that was there before. */
    function remain(said) {
      const waited = holder.classList.contains("gw-waiting");
      holder.classList.remove("gw-waiting");
      const there = grid.entries.filter((entry) => entry.tile);
      status.textContent = waited ? told : said(there.length, grid.entries.length);
      grid.show(there.map((entry) => entry.key));
      return there.length;
    }

    function cancel() {
      latest += 1;
      finish();
      if (!remain((there, all) => `Stopped at ${there} of ${all}`)) say("Stopped", "Samples will be here.", "Sample", () => run());
    }

    function failed(error) {
      if (remain(() => "")) gw.fault(error);
      else say("No samples", error.message, "Try again", () => run());
    }

    const finish = () => area.classList.remove("gw-busy");

    function layout() {
      const [width, height] = picture;
      const style = getComputedStyle(scroller);
      const space = {
        width: scroller.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
        height: scroller.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
      };
      if (space.width <= 0 || !gw.state.model) return;
      const fitting = gw.gridScale(gw.state.model.kind, grid.entries.length, width, height, space, GAP);
      const widest = gw.largestScale(width, height, space.width, Infinity);
      const scale = Math.min(chosenScale ?? fitting, widest);
      if (grid.scale !== scale || grid.picture !== picture) grid.fit(width * scale, height * scale);
      Object.assign(grid, { scale, picture });
      zoom.show(scale);
    }

    function zoomBy(step) {
      chosenScale = step ? gw.nextScale(grid.scale, step) : null;
      gw.remember(`scale.${gw.state.model.kind}`, chosenScale);
      layout();
    }
  };

  function zoomer(by) {
    const shown = gw.el("button", { type: "button", class: "gw-link gw-number", title: "Fit to the window", onclick: () => by(0) });
    const node = gw.el(
      "div",
      { class: "gw-zoom", role: "group", "aria-label": "Size of the tiles", hidden: true },
      gw.iconButton("minus", "Smaller tiles", { onclick: () => by(-1) }),
      shown,
      gw.iconButton("plus", "Larger tiles", { onclick: () => by(1) }),
    );
    return { node, show: (scale) => { node.hidden = false; shown.textContent = gw.scaleInWords(scale); } };
  }
})();
