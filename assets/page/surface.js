/* The surface: a level opened large, to be painted, pinned, redone and repaired. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PATIENCE_MS = 300;
  const TOOLS = [
    ["select", "v", "Select a box", "Drag a box; then R redoes it, P pins it, F fills it."],
    ["paint", "b", "Paint", "Paint with the tile chosen on the right. With Alt a click picks a tile."],
    ["fill", "f", "Fill a box", "Drag a box: it is filled with the chosen tile."],
    ["pick", "i", "Pick a tile", "Click a cell: its tile is chosen to paint with."],
    ["pin", "p", "Pin", "Click a cell or drag a box: what is pinned stays as it is. Again: it is free."],
    ["hand", "h", "Move the view", "Drag to move; Ctrl and the wheel zoom."],
  ];

  /* Actions of other parts: {icon, text, title, run(tile)}. */
  gw.surfaceActions = [];

  gw.parts.surface = ({ server }) => {
    const tools = new Map(TOOLS.map(([name, key, text, tip]) => [name, el("button", { type: "button", id: `surface-tool-${name}`, class: "gw-icon-button gw-tool", role: "radio", "aria-checked": "false", "aria-label": text, title: `${text} (${key.toUpperCase()}). ${tip}`, onclick: () => use(name) }, gw.icon(name))]));
    const column = el("div", { class: "gw-tools", role: "radiogroup", "aria-label": "Tools" }, ...tools.values());
    const button = (id, icon, text, title, run) => el("button", { type: "button", id: `surface-${id}`, class: "gw-button gw-small", title, onclick: run }, gw.icon(icon), el("span", { text }));
    const redoRest = button("redo-rest", "dice", "Redo the rest", "Make everything anew that is not pinned (Shift R); each press gives another", () => redoTheRest());
    const redoBox = button("redo-box", "redobox", "Redo this box", "Make the selected box anew (R); what is pinned in it stays", () => redoTheBox());
    const path = button("path", "path", "Path", "Show the way from start to goal (T)", () => togglePath());
    const glow = button("surprise", "eye", "Surprise", "How unlikely each tile is to this model, given those that it reads before it, in bits: dark is what it expects, bright what it would hardly ever put there (S). Point at a tile for its figure", () => toggleGlow());
    const repair = button("repair", "repair", "Repair", "Change as few cells as it takes to get from start to goal (E)", () => mend());
    const undo = gw.iconButton("undo", "Undo (Ctrl Z)", { id: "surface-undo", onclick: () => travel("back") });
    const redo = gw.iconButton("redo", "Redo (Ctrl Shift Z)", { id: "surface-redo", onclick: () => travel("forth") });
    const scale = el("button", { type: "button", class: "gw-link gw-number", title: "Fit to the window (0)", onclick: () => canvas.fit() });
    const zoom = el("div", { class: "gw-zoom", role: "group", "aria-label": "Zoom" }, gw.iconButton("minus", "Smaller (-)", { onclick: () => canvas.zoom(-1) }), scale, gw.iconButton("plus", "Larger (+)", { onclick: () => canvas.zoom(1) }));
    const locked = el("p", { class: "gw-locked gw-quiet", hidden: true });
    const strip = el("header", { class: "gw-desk-strip", role: "toolbar", "aria-label": "Level" }, redoRest, redoBox, locked, el("span", { class: "gw-rule" }), path, glow, repair, el("span", { class: "gw-rule" }), undo, redo, zoom);
    const where = el("span", { class: "gw-number gw-ellipsis" });
    const said = el("span", { class: "gw-desk-said gw-ellipsis", role: "status" });
    const verdict = el("span", { class: "gw-desk-verdict gw-ellipsis", id: "surface-verdict", "aria-live": "polite" });
    const cancel = el("button", { type: "button", class: "gw-button gw-small", text: "Cancel", hidden: true, onclick: () => session.cancel() });
    const canvas = new gw.LevelCanvas("Level: arrows move, Space uses the tool, Shift and arrows select a box", { press, drag, release, hover });
    const node = el("div", { class: "gw-surface", id: "level-surface" }, column, el("div", { class: "gw-desk" }, strip, canvas.node, el("footer", { class: "gw-desk-foot" }, where, said, cancel, verdict)));
    const palette = gw.palette((tile, quietly) => { preview(); if (!quietly && !["paint", "fill"].includes(tool)) use("paint"); });
    canvas.zoomed = (now) => { scale.textContent = gw.scaleInWords(now); };

    let session = null;
    let told = () => {};
    let tool = "paint";
    let cursor = null;
    let anchor = null;
    let box = null;
    let stroke = null;
    let unsaved = [];
    let showsPath = false;
    let way = 0;
    let showsGlow = false;
    let glowing = 0;
    let tenths = null;
    let spoken = { way: "", glow: "" };

    async function open(tile, changed) {
      const mine = tile.session ?? new gw.LevelSession(server, tile);
      close();
      session = mine;
      told = changed;
      for (const one of strip.querySelectorAll("button")) one.disabled = true;
      try {
        await busy("Opening", mine.open());
      } catch (error) {
        if (session === mine) { session = null; tell(error.message, true); }
        return;
      }
      if (session !== mine) return;
      mine.told = () => session === mine && told(mine.state.tile);
      palette.show(mine.legend);
      palette.pick(gw.remembered(`tile.${mine.legend.length}`, Math.min(1, mine.legend.length - 1)), true);
      for (const one of strip.querySelectorAll("button")) one.disabled = false;
      redoRest.hidden = redoBox.hidden = !mine.canFill;
      glow.hidden = !mine.canSurprise;
      locked.hidden = mine.canFill;
      locked.textContent = locked.title = mine.why;
      await canvas.show(mine.state, true);
      refresh();
    }

    /* The state is whole at any time; closing only stops to look at it. */
    function close() {
      if (session) session.told = () => {};
      if (session?.legend) gw.remember(`tile.${session.legend.length}`, palette.tile);
      session = null;
      stroke = box = cursor = anchor = null;
      unsaved = [];
      showsPath = false;
      path.setAttribute("aria-pressed", "false");
      leaveWay();
      showsGlow = false;
      glow.setAttribute("aria-pressed", "false");
      leaveGlow();
      canvas.mark({ pins: new Set(), changed: [], path: [], ends: [], box: null, cursor: null, brush: null });
      tell("");
      where.textContent = "";
    }

    function use(name) {
      tool = name;
      for (const [each, one] of tools) one.setAttribute("aria-checked", String(each === name));
      canvas.panning = name === "hand";
      canvas.node.dataset.tool = name;
      preview();
    }

    const preview = () => canvas.mark({ brush: ["paint", "fill"].includes(tool) && !stroke ? palette.image() ?? null : null, cursor, box });

    function tell(sentence, fault = false) {
      said.textContent = said.title = sentence;
      said.classList.toggle("gw-said-fault", fault);
    }

    /* After a moment, what is under way is said with the seconds it takes so far, and can be stopped. */
    async function busy(what, work) {
      const began = performance.now();
      const tick = () => {
        tell(`${what}… ${((performance.now() - began) / 1000).toFixed(1)} s`);
        cancel.hidden = false;
      };
      let timer = setTimeout(() => { tick(); timer = setInterval(tick, 100); }, PATIENCE_MS);
      try {
        return await work;
      } finally {
        clearTimeout(timer);
        clearInterval(timer);
        if (!cancel.hidden) tell("");
        cancel.hidden = true;
      }
    }

    /* One step of the session, from the wish to the picture. */
    async function step(what, work) {
      const mine = session;
      canvas.mark({ changed: [] });
      let answer = null;
      try {
        answer = await busy(what, work);
      } catch (error) {
        if (error instanceof gw.Stopped) tell("Stopped; the level is as it was.");
        else gw.fault(error);
      }
      if (session === mine) await refresh();
      return answer;
    }

    async function refresh() {
      const { state } = session;
      const mine = session;
      undo.disabled = !session.canUndo;
      redo.disabled = !session.canRedo;
      redoBox.disabled = !box;
      canvas.mark({ pins: state.pins, box });
      await canvas.show(state);
      for (const edits of unsaved) stampAll(edits);
      if (showsPath && session === mine) walk();
      if (showsGlow && session === mine) shine();
    }

    const stampAll = (edits) => { for (const [row, column, tile] of edits) canvas.stamp(row, column, palette.imageOf(tile)); };

    function tileAt([row, column]) {
      const mine = unsaved.flat().findLast(([one, other]) => one === row && other === column);
      return mine ? mine[2] : session.state.grid[row * session.state.columns + column];
    }

    /* -- the pointer and what it does with each tool */

    function press(cell, event) {
      if (!session?.state) return;
      const now = event.altKey ? "pick" : tool;
      cursor = anchor = cell;
      if (now === "pick") return pick(cell);
      if (now === "hand") return;
      stroke = { tool: now, edits: new Map(), last: cell };
      if (now === "paint") brush(cell);
      else setBox(boxOf(cell, cell));
      preview();
    }

    function drag(cell) {
      cursor = cell;
      if (!stroke) return hover(cell);
      if (stroke.tool === "paint") line(stroke.last, cell).forEach(brush);
      else setBox(boxOf(anchor, cell));
      stroke.last = cell;
      hover(cell);
    }

    function release(cell) {
      const done = stroke;
      stroke = null;
      if (!done) return;
      if (!cell) { setBox(null); return refresh(); }
      if (done.tool === "paint") return commit([...done.edits.values()]);
      const one = box.rows * box.columns === 1;
      const wanted = box;
      if (done.tool !== "select" || one) setBox(null);
      if (done.tool === "fill") fill(wanted);
      if (done.tool === "pin") pin(wanted);
    }

    function hover(cell) {
      if (!session?.state) return;
      cursor = cell ?? (document.activeElement === canvas.node ? cursor : null);
      place();
      preview();
    }

    function place() {
      if (!cursor) { where.textContent = ""; return; }
      const [row, column] = cursor;
      const cost = tenths?.[row * session.state.columns + column];
      where.textContent = `${column}, ${row} · ${session.legend[tileAt(cursor)]?.name ?? ""}${cost === undefined ? "" : ` · ${bits(cost)}`}`;
    }

    function brush([row, column]) {
      stroke.edits.set(`${row} ${column}`, [row, column, palette.tile]);
      canvas.stamp(row, column, palette.image());
    }

    function pick(cell) {
      palette.pick(tileAt(cell), true);
      if (tool === "pick") use("paint");
    }

    function setBox(next) {
      box = next;
      redoBox.disabled = !box;
      canvas.mark({ box });
      if (box && box.rows * box.columns > 1) tell(`${box.columns} × ${box.rows} cells`);
    }

    /* -- steps */

    async function commit(edits) {
      if (!edits.length) return;
      unsaved.push(edits);
      const mine = session;
      const saved = session.paint(edits).finally(() => { if (session === mine) unsaved = unsaved.filter((one) => one !== edits); });
      await step("Painting", saved);
      if (session === mine) place();
    }

    function fill(wanted) {
      const edits = cellsOf(wanted).map(([row, column]) => [row, column, palette.tile]);
      stampAll(edits);
      return commit(edits);
    }

    function pin(wanted) {
      const cells = cellsOf(wanted).map(([row, column]) => row * session.state.columns + column);
      const pins = new Set(session.state.pins);
      const free = cells.every((cell) => pins.has(cell));
      for (const cell of cells) if (free) pins.delete(cell); else pins.add(cell);
      return step("Pinning", session.pin(pins)).then(() => tell(pins.size ? `${gw.plural(pins.size, "cell")} pinned` : "Nothing is pinned"));
    }

    async function remake(cells, what) {
      const free = cells.filter((cell) => !session.state.pins.has(cell));
      if (!free.length) return tell("All of it is pinned, so nothing can change. Click pinned cells with Pin (P) to free them.", true);
      const answer = await step(`Redoing ${gw.plural(free.length, "cell")}`, session.redo(runsOf(free)));
      if (answer) tell(answer.changed.length ? `${gw.plural(free.length, "cell")} made anew${what}` : "Made anew, and it came out as it was. Once more gives another.");
    }

    function redoTheRest() {
      if (!session?.canFill) return;
      const all = Array.from(session.state.grid, (_, cell) => cell);
      const { size } = session.state.pins;
      return remake(all, size ? `, ${size} pinned` : ". Pin (P) what should stay.");
    }

    function redoTheBox() {
      if (!session?.canFill) return;
      if (!box) { use("select"); return tell("Drag the box that is to be made anew, then press R."); }
      return remake(cellsOf(box).map(([row, column]) => row * session.state.columns + column), "");
    }

    async function mend() {
      const pinned = [...session.state.pins].sort((one, other) => one - other);
      const answer = await step("Repairing", session.repair(runsOf(pinned)));
      if (!answer) return;
      canvas.mark({ changed: answer.changed });
      const count = answer.changed.length;
      if (answer.said) tell(pinned.length ? `${answer.said} What is pinned was left alone.` : answer.said, true);
      else if (!count) tell("Nothing to repair: start and goal are connected.");
      else tell(`Repaired: ${gw.plural(count, "cell")} changed${pinned.length ? ", none of them pinned" : ""}.`);
      if (!showsPath) togglePath();
    }

    function togglePath() {
      showsPath = !showsPath;
      path.setAttribute("aria-pressed", String(showsPath));
      if (showsPath) walk();
      else leaveWay();
    }

    function leaveWay() {
      canvas.mark({ path: [], ends: [] });
      pronounce("way", "");
      verdict.classList.remove("gw-said-fault");
    }

    /* What is said of the way and of the surprise stands side by side. */
    function pronounce(of, sentence) {
      spoken[of] = sentence;
      verdict.textContent = verdict.title = Object.values(spoken).filter(Boolean).join(" ");
    }

    function toggleGlow() {
      if (!session?.canSurprise) return;
      showsGlow = !showsGlow;
      glow.setAttribute("aria-pressed", String(showsGlow));
      if (showsGlow) shine();
      else leaveGlow();
    }

    function leaveGlow() {
      glowing += 1;
      tenths = null;
      canvas.mark({ veil: null });
      pronounce("glow", "");
    }

    async function shine() {
      const mine = ++glowing;
      const of = session;
      try {
        const answer = await busy("Reading the level", session.surprise());
        const veil = await picture(answer.veil);
        if (mine !== glowing || session !== of || !showsGlow) return;
        tenths = Uint8Array.from(atob(answer.tenths), (char) => char.charCodeAt(0));
        canvas.mark({ veil });
        const [row, column] = answer.strongest;
        const odd = answer.impossible ? ` ${gw.plural(answer.impossible, "tile")} impossible to it.` : "";
        pronounce("glow", `${answer.mean.toFixed(2)} bits per tile, most at ${column}, ${row}.${odd}`);
        place();
      } catch (error) {
        if (!(error instanceof gw.Stopped)) gw.fault(error);
      }
    }

    async function walk() {
      const mine = ++way;
      const of = session;
      try {
        const answer = await session.walk();
        if (mine !== way || session !== of || !showsPath || !answer) return;
        canvas.mark({ path: answer.path, ends: [answer.start, answer.goal].filter(Boolean) });
        pronounce("way", anywhere(session.legend) ? "Nothing says which tiles stop a player, so every way is open; say it in the legend when learning." : answer.why);
        verdict.classList.toggle("gw-said-fault", answer.reachable === false);
      } catch (error) {
        if (!(error instanceof gw.Stopped)) gw.fault(error);
      }
    }

    async function travel(way) {
      if (!session?.state) return;
      await step(way === "back" ? "Undoing" : "Redoing", session[way]());
      tell("");
    }

    /* -- keys */

    const onBox = (act, name) => () => { if (box && session?.state) { const wanted = box; setBox(null); act(wanted); } else focusOn(name); };
    const focusOn = (name) => { use(name); canvas.node.focus({ preventScroll: true }); cursor ??= middle(); place(); preview(); };
    const middle = () => session?.state && [Math.floor(session.state.rows / 2), Math.floor(session.state.columns / 2)];
    const KEYS = {
      v: () => focusOn("select"),
      b: () => focusOn("paint"),
      f: onBox(fill, "fill"),
      i: () => (cursor && document.activeElement === canvas.node ? pick(cursor) : focusOn("pick")),
      p: onBox(pin, "pin"),
      h: () => focusOn("hand"),
      r: () => redoTheBox(),
      R: () => redoTheRest(),
      t: () => togglePath(),
      s: () => toggleGlow(),
      e: () => mend(),
      "+": () => canvas.zoom(1),
      "=": () => canvas.zoom(1),
      "-": () => canvas.zoom(-1),
      0: () => canvas.fit(),
      "[": () => palette.step(-1),
      "]": () => palette.step(1),
    };
    const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

    /* Whether the key was one of the surface's. */
    function key(event) {
      if (!session?.state || gw.isTyping()) return false;
      if (event.ctrlKey || event.metaKey) return command(event);
      if (event.altKey) return false;
      if (event.key === "Escape" && (box || stroke)) { stroke = null; setBox(null); tell(""); refresh(); return true; }
      if (document.activeElement === canvas.node && cellKey(event)) return true;
      const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
      if (act) act();
      return Boolean(act);
    }

    function command(event) {
      const name = event.key.toLowerCase();
      if (name === "a") return setBox({ top: 0, left: 0, rows: session.state.rows, columns: session.state.columns }), true;
      if (name !== "z" && name !== "y") return false;
      travel(name === "y" || event.shiftKey ? "forth" : "back");
      return true;
    }

    function cellKey(event) {
      const move = MOVES[event.key];
      if (move) return moveCursor(move, event.shiftKey), true;
      if (event.key !== " " && event.key !== "Enter") return false;
      if (!cursor) return false;
      press(cursor, event);
      release(cursor);
      return true;
    }

    function moveCursor([down, right], extend) {
      const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
      const from = cursor ?? middle();
      if (extend && !box) anchor = from;
      cursor = [within(from[0] + down, session.state.rows), within(from[1] + right, session.state.columns)];
      if (extend) setBox(boxOf(anchor, cursor));
      canvas.reveal(cursor);
      place();
      preview();
    }

    use(tool);
    gw.surface = { node, canvas, side: palette.node, open, close, key, focusOn, get session() { return session; } };
  };

  /* The most that is told stands for all beyond. */
  const bits = (tenths) => (tenths === 255 ? "25 bits or more" : `${(tenths / 10).toFixed(1)} bits`);

  async function picture({ picture: source }) {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image;
  }

  const anywhere = (legend) => !legend.some((tile) => tile.tags.some((tag) => gw.STOPS.includes(tag)));

  const boxOf = (one, other) => {
    const [top, bottom] = [one[0], other[0]].sort((a, b) => a - b);
    const [left, right] = [one[1], other[1]].sort((a, b) => a - b);
    return { top, left, rows: bottom - top + 1, columns: right - left + 1 };
  };

  const cellsOf = ({ top, left, rows, columns }) => Array.from({ length: rows * columns }, (_, at) => [top + Math.floor(at / columns), left + (at % columns)]);

  /* Cells in reading order as (first, length). */
  function runsOf(cells) {
    const runs = [];
    for (const cell of cells) {
      const last = runs.at(-1);
      if (last && last[0] + last[1] === cell) last[1] += 1;
      else runs.push([cell, 1]);
    }
    return runs;
  }

  /* All cells between two, so that a quick stroke has no holes. */
  function line([row, column], [toRow, toColumn]) {
    const steps = Math.max(Math.abs(toRow - row), Math.abs(toColumn - column), 1);
    return Array.from({ length: steps + 1 }, (_, at) => [Math.round(row + ((toRow - row) * at) / steps), Math.round(column + ((toColumn - column) * at) / steps)]);
  }
})();
