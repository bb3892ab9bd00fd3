/* The large view: one tile as large as it goes, with everything there is to say about it. A level opens on the surface,
   to be worked on. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  const stage = el("div", { class: "gw-stage" });
  const title = el("h2", {});
  const facts = el("dl", { class: "gw-facts" });
  const nearest = gw.nearestRow(facts);
  const about = el("details", { class: "gw-about" }, el("summary", { text: "About this level" }));
  const extra = el("div", { class: "gw-row gw-extra" });
  const place = el("span", { class: "gw-quiet" });
  const keep = el("button", { type: "button", class: "gw-button gw-accent", onclick: () => toggle() }, gw.icon("star"), el("span", {}));
  const save = el("a", { class: "gw-button" }, gw.icon("download"), el("span", { text: "PNG" }));
  const before = gw.iconButton("left", "Previous (arrow left)", { onclick: () => go(-1) });
  const after = gw.iconButton("right", "Next (arrow right)", { onclick: () => go(1) });
  const close = gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() });
  const dialog = gw.dialog("Large view", "gw-viewer");
  dialog.node.append(
    stage,
    el(
      "div",
      { class: "gw-side" },
      el("header", {}, title, close),
      facts,
      about,
      extra,
      el("div", { class: "gw-row" }, keep, save),
      el("footer", { class: "gw-row" }, before, after, place),
    ),
  );

  let grid = null;
  let index = 0;
  let shown = null;
  let left = () => {};

  const toggle = () => shown && gw.board.toggle(shown);

  function go(step) {
    const next = grid.entries.findIndex((entry, at) => entry.tile && (step > 0 ? at > index : false));
    const last = grid.entries.findLastIndex((entry, at) => entry.tile && at < index);
    const to = step > 0 ? next : last;
    if (to >= 0) show(to);
  }

  function show(to) {
    left();
    index = to;
    grid.move(to, false);
    place.textContent = `${to + 1} of ${grid.entries.length}`;
    const { tile, key } = grid.entries[to];
    const level = tile.kind === "level" && Boolean(gw.surface);
    dialog.node.classList.toggle("gw-level", level);
    offer([...gw.tileActions.filter((one) => one.when(tile)), ...(level ? gw.surfaceActions : [])]);
    tell(tile);
    if (level) about.append(facts);
    else about.before(facts); // where no fold hides them
    if (level) work(tile, key);
    else size();
  }

  /* Where one can go on from here. */
  function offer(actions) {
    const button = ({ icon, text, title, run }) => el("button", { type: "button", class: "gw-button", title: title ?? text, onclick: () => goOn(run) }, gw.icon(icon), el("span", { text }));
    extra.replaceChildren(...actions.map(button));
  }

  /* The large view makes room for what comes. */
  function goOn(act) {
    const tile = shown;
    dialog.node.close();
    act(tile);
  }

  /* What is said about a tile; again after each change of a level. */
  function tell(tile) {
    shown = tile;
    title.replaceChildren(tile.name, ...(tile.changed ? [el("span", { class: "gw-tag", text: "changed" })] : []));
    facts.replaceChildren(...tile.facts.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]));
    nearest.show(tile);
    save.href = tile.picture;
    save.download = `${tile.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "sample"}.png`;
    mark();
  }

  /* A sample is replaced in its grid as it changes. What is on the board stays, and a changed one is kept beside it. */
  function work(tile, key) {
    const from = grid;
    if (!gw.surface.node.isConnected) {
      stage.before(gw.surface.node);
      about.before(gw.surface.side);
    }
    const own = tile.id === undefined;
    gw.surface.open(tile, (now) => {
      if (own) from.put(key, now);
      tell(now);
    });
    left = () => {
      left = () => {};
      const last = shown;
      gw.surface.close();
      if (!own && last?.changed && gw.keptId(last) === undefined) keepBeside(last);
    };
  }

  async function keepBeside(tile) {
    await gw.board.keep([tile]);
    gw.toast(`${tile.name} was changed: the changed level is kept beside it.`, { action: { label: "Undo", run: () => gw.board.undo() } });
  }

  function size() {
    const room = stage.getBoundingClientRect();
    const scale = gw.largestScale(shown.width, shown.height, room.width - 48, room.height - 48);
    stage.replaceChildren(gw.picture(shown, scale), el("span", { class: "gw-scale", text: gw.scaleInWords(scale) }));
  }

  function mark() {
    if (!shown) return;
    const kept = gw.keptId(shown) !== undefined && (gw.state.kept?.has(shown.digest) ?? false);
    keep.classList.toggle("gw-accent", !kept);
    keep.classList.toggle("gw-is-kept", kept);
    keep.lastChild.textContent = kept ? "Remove" : "Keep";
    keep.title = kept ? "Remove from the board (X)" : "Keep on the board (K)";
  }

  const KEYS = {
    ArrowLeft: () => go(-1),
    ArrowUp: () => go(-1),
    ArrowRight: () => go(1),
    ArrowDown: () => go(1),
    PageUp: () => go(-1),
    PageDown: () => go(1),
    k: () => gw.board.keep([shown]),
    x: () => gw.board.remove([shown]),
    d: () => save.click(),
    m: () => goOn((tile) => gw.breed.open([tile])),
    l: () => (gw.hasSliders(shown) ? goOn(gw.showSliders) : gw.showSliders(shown)),
  };

  /* A button that was pressed may be disabled now, and then the page has the focus: its keys are meant for the view too. */
  document.addEventListener("keydown", (event) => {
    if (!dialog.node.open || event.defaultPrevented || !(event.target === document.body || dialog.node.contains(event.target))) return;
    if (dialog.node.classList.contains("gw-level") && (gw.isTyping() || gw.surface.key(event))) {
      if (!gw.isTyping()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  dialog.node.addEventListener("close", () => { left(); nearest.stop(); grid?.move(index); shown = null; });
  addEventListener("resize", () => dialog.node.open && shown && !dialog.node.classList.contains("gw-level") && size());

  gw.listen("kept", () => {
    if (!dialog.node.open || !shown) return;
    // On the board a removed item leaves the grid: go on with the one that took its place.
    if (shown.id !== undefined && !gw.state.kept.has(shown.digest)) {
      const left = grid.entries.filter((entry) => entry.tile).length;
      if (!left) return dialog.node.close();
      return show(Math.min(index, grid.entries.length - 1));
    }
    mark();
  });

  gw.viewer = {
    open(from, at) {
      if (!from.entries[at]?.tile) return;
      grid = from;
      gw.peek.off();
      dialog.show();
      show(at);
    },
  };
})();
