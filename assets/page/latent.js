/* The Latent tab: where a person stands in what a model knows, and every way on from there. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const SLOW_MS = 300;

  const newSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;

  gw.parts.latent = ({ root, props, server }) => {
    const session = new gw.PointSession(server, { stepped, shown, failed });
    let heat = null;
    let mode = "explore";
    let waiting = null; // what to begin with once the tab is seen
    let chosen = null; // in the bar
    let passing = null; // a state that passes while somebody drags, and is to be painted with the next frame
    const corners = gw.latentCorners({ session, between: () => look("interpolate") });

    /* -- left: where to start, and the sliders */

    const seed = el("input", { id: "latent-seed-input", type: "number", inputmode: "numeric", min: 0, max: gw.state.limits?.seed ?? 2 ** 53, step: 1, value: newSeed(), autocomplete: "off" });
    const dice = gw.iconButton("dice", "A new seed (D)", { id: "latent-dice", onclick: () => roll() });
    const bring = gw.bringing({ server, props, model: () => session.state?.model?.name ?? gw.state.model?.name, taken: found, busy: (on) => area.classList.toggle("gw-searching", on) });
    const start = el("div", { id: "latent-seed", class: "gw-field" }, el("label", { for: "latent-seed-input", text: "Start from a seed" }), el("div", { class: "gw-row" }, seed, dice, bring.button));
    const randomise = el("button", { type: "button", id: "latent-randomise", class: "gw-button gw-small", title: "Another one: what is locked stays, all else is drawn anew (R)", onclick: () => session.randomise() }, gw.icon("dice"), el("span", { text: "Randomise" }));
    const reset = el("button", { type: "button", id: "latent-reset", class: "gw-button gw-small", title: "All sliders back to where they began", onclick: () => session.reset() }, el("span", { text: "Reset all" }));
    const undo = gw.iconButton("undo", "Undo (Ctrl Z, while this tab has the focus)", { id: "latent-undo", disabled: true, onclick: () => back() });
    const redo = gw.iconButton("redo", "Redo (Ctrl Shift Z)", { id: "latent-redo", disabled: true, onclick: () => forth() });
    const tools = el("div", { class: "gw-latent-tools", role: "toolbar", "aria-label": "Sliders" }, randomise, reset, el("span", { class: "gw-latent-travel" }, undo, redo));
    const sliders = el("div", { id: "latent-sliders", class: "gw-bank", role: "group", "aria-label": "Sliders" });
    const fault = el("p", { id: "latent-fault", class: "gw-field-fault", role: "alert", hidden: true });
    const fold = el("button", { type: "button", class: "gw-button gw-phone-only", "aria-expanded": "false", onclick: () => unfold() }, el("span", { text: "Sliders" }), gw.icon("down"));
    const bank = new gw.SliderBank(sliders, { drag, release: () => session.release(), heat: (id) => glow(heat === id ? null : id), advanced: (open) => { session.numbers = open; if (open) session.refresh(); } });
    const fitting = gw.latentFitting({ session, bank, other: () => glow(null), ready: () => anew() });
    const settings = el("aside", { class: "gw-settings gw-latent-settings", "aria-label": "Sliders" }, el("div", { class: "gw-latent-start" }, start, bring.fault, bring.chooser), el("div", { class: "gw-run-row gw-latent-head" }, fold, tools), el("div", { class: "gw-settings-body" }, fitting.node, sliders), fault);
    session.locked = (moves = []) => [...bank.locked].filter((id) => !moves.some(([moved]) => moved === id));

    /* -- right: the picture and its neighbours, or the way between two */

    const ring = new gw.NeighbourRing((request) => session.ask("around", request), (one) => { const { side, title, ...answer } = one; session.go(answer); });
    const title = el("span", { class: "gw-strip-title" });
    const status = el("span", { class: "gw-quiet gw-ellipsis", role: "status" });
    const choice = (name, text, about) => el("button", { type: "button", role: "radio", class: "gw-latent-choice", "data-mode": name, "aria-checked": "false", title: about, text, onclick: () => look(name) });
    const modes = el("div", { id: "latent-mode", class: "gw-latent-modes", role: "radiogroup", "aria-label": "Mode" }, choice("explore", "Explore", "The picture and its neighbours"), choice("interpolate", "Interpolate", "The way between two, or the square between four"));
    const strip = el("header", { class: "gw-strip" }, title, status, modes);
    const keep = el("button", { type: "button", id: "latent-keep", class: "gw-button gw-accent", title: "Keep on the board (K)", onclick: () => keepThis() }, gw.icon("star"), el("span", { text: "Keep" }));
    const more = el("button", { type: "button", id: "latent-more", class: "gw-button", title: "Sixteen like this one (M)", text: "More like this", onclick: () => breed() });
    const facts = el("p", { class: "gw-latent-facts" });
    const legend = el("p", { class: "gw-latent-legend", hidden: true });
    const thumb = el("span", { class: "gw-thumb", hidden: true, title: "The picture that the sliders turn" });
    const foot = el("footer", { class: "gw-latent-foot" }, thumb, el("div", { class: "gw-latent-words" }, facts), el("div", { class: "gw-row gw-latent-does" }, corners.node, more, keep));
    const empty = el("div", { class: "gw-empty gw-latent-empty", hidden: true });
    const area = el("section", { class: "gw-area", "aria-label": "Picture" }, strip, ring.node, corners.place, empty, bring.panel, foot);

    root.classList.add("gw-sampler", "gw-latent");
    root.append(settings, area);
    ring.node.append(legend);
    look("explore");
    gw.dropPlaces.push({ node: area, words: () => "Drop a picture or level: the nearest one this model can make is looked for", dropped: bring.bring });

    /* -- beginning */

    seed.addEventListener("change", () => begin());
    seed.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); seed.blur(); } });
    const visible = () => root.offsetParent !== null;

    /* What is asked of a tab that nobody sees waits until somebody does. */
    function soon(act) {
      waiting = act;
      seen();
    }

    function seen() {
      if (!waiting || !visible()) return;
      const act = waiting;
      waiting = null;
      act();
    }

    /* At the seed, in the model that is shown; `name` is another that was just chosen. */
    function begin(name = session.state?.model?.name ?? gw.state.model?.name) {
      const value = Number(seed.value);
      if (!name) return;
      if (seed.value.trim() === "" || !Number.isInteger(value) || value < 0 || value > Number(seed.max)) return say(`The seed is a whole number from 0 to ${seed.max}, but ${seed.value.trim() || "nothing"} came.`);
      enter({ model: name, seed: value, art: gw.wearing?.()?.digest });
    }

    function roll() {
      seed.value = newSeed();
      begin();
    }

    async function openTile(tile) {
      gw.state.latentStart = null;
      look("explore");
      const item = tile.item ?? tile.id;
      const before = gw.state.model;
      await enter({ origin: tile.origin, art: tile.art ?? undefined, ...(item === undefined ? {} : { item, secret: gw.board.secret }) }, tile);
      if (gw.state.model === before && follow() && before) gw.toast(`${gw.state.model.title} is the model of the page now: this comes from it.`, { action: { label: `Back to ${before.title}`, run: () => leave(before) } });
    }

    /* The model of the page is the one whose point stands here. Whether it was another. */
    function follow() {
      const model = gw.state.models?.find((one) => one.digest === session.state?.model?.digest);
      if (!model || model.name === gw.state.model?.name) return false;
      chosen = model.name;
      return gw.chooseModel(model.name);
    }

    /* To the model before, where one stood in it. */
    function leave(model) {
      if (session.past.at(-1)?.model.digest === model.digest) back();
      else gw.chooseModel(model.name);
    }

    async function back() {
      await session.back();
      follow();
    }

    async function forth() {
      await session.forth();
      follow();
    }

    async function enter(request, tile = null) {
      say("");
      bring.cancel();
      bring.clear();
      const timer = setTimeout(() => { status.textContent = "Opening…"; }, SLOW_MS);
      await session.enter(request);
      clearTimeout(timer);
      if (tile?.seed !== null && tile?.seed !== undefined) seed.value = tile.seed;
      if (status.textContent === "Opening…") status.textContent = "";
    }

    function found(answer) {
      bring.clear();
      session.take(answer);
    }

    /* -- while somebody drags: the picture at once, the sliders with the next frame */

    function shown(answer) {
      if (mode === "explore") ring.flash(answer);
      else thumb.firstChild?.setAttribute("src", answer.picture);
      if (!passing) requestAnimationFrame(() => { if (passing) bank.paint(passing, true); passing = null; });
      passing = { ...session.state, ...answer };
    }

    /* -- after each step */

    function stepped(state, moved) {
      const { model } = state;
      undo.disabled = !session.canUndo;
      redo.disabled = !session.canRedo;
      title.textContent = model.title;
      root.classList.toggle("gw-pointless", Boolean(model.none));
      if (model.none) return without(model);
      empty.hidden = true;
      if (bank.model !== model.digest) fitting.serve(model);
      passing = null;
      bank.paint(state);
      corners.step();
      reset.disabled = state.origin === state.begun.origin;
      for (const one of [randomise, keep, more]) one.disabled = false;
      if (moved) {
        say("");
        thumb.replaceChildren(gw.picture(state.tile, gw.largestScale(state.tile.width, state.tile.height, 40, 40)));
        if (mode === "explore") ring.show(state);
        tell(state);
        if (heat) glow(heat);
      }
      mark();
      if (fitting.lacking(state)) session.refresh();
    }

    /* With sliders there are other neighbours, and more to be said. */
    async function anew() {
      await session.refresh();
      const { state } = session;
      state.neighbours = null;
      ring.show(state);
      tell(state);
    }

    function tell(state) {
      status.textContent = status.title = state.said || begunAt(state);
      status.classList.toggle("gw-latent-said", Boolean(state.said));
      const words = bank.words(state.positions);
      const way = state.playable;
      facts.replaceChildren(
        el("span", { text: [sizeOf(state.tile), ...words].filter(Boolean).join(" · ") }),
        ...(way ? [el("span", { class: `gw-latent-way gw-way-${way.reachable === null ? "unknown" : way.reachable ? "yes" : "no"}`, title: way.why, text: way.why })] : []),
      );
      facts.title = state.tile.facts.map(([name, value]) => `${name}: ${value}`).join("\n");
    }

    /* Where it comes from: of a point that was moved, where that began. */
    function begunAt({ tile, origin, begun }) {
      const from = ({ facts }) => facts[0]?.[1] ?? "";
      if (origin === begun.origin || !begun.tile) return from(tile);
      return `Moved on from ${from(begun.tile).replace(/^./, (letter) => letter.toLowerCase())}`;
    }

    const sizeOf = (tile) => tile.facts.find(([name]) => name === "Size")?.[1] ?? "";

    function mark() {
      const { state } = session;
      if (!state?.tile) return;
      const kept = gw.keptId(state.tile) !== undefined;
      keep.classList.toggle("gw-accent", !kept);
      keep.classList.toggle("gw-is-kept", kept);
      keep.lastChild.textContent = kept ? "Kept" : "Keep";
      keep.title = kept ? "It is on the board (X removes it)" : "Keep on the board (K)";
    }

    /* -- nothing here to turn */

    function nothing() {
      root.classList.add("gw-pointless");
      offer("No model yet", "Choose a model in the bar above, and its sliders will be here.", []);
    }

    function without(model) {
      status.textContent = "";
      const button = (text, run) => el("button", { type: "button", class: "gw-button", text, onclick: run });
      const sample = gw.sampler?.grid?.tiles.find(Boolean);
      offer("No sliders for this model", `${model.none} What serves instead: its map, by what can be measured, and more like a level that you choose.`, [
        gw.openTab && document.getElementById("tab-map-button") ? button("Open its map", () => gw.openTab("map")) : null,
        gw.breed && sample ? button("More like a sample", () => gw.breed.open([sample])) : null,
        button("Back to its samples", () => document.getElementById("tab-sample-button")?.click()),
      ]);
    }

    function offer(heading, sentence, buttons) {
      empty.replaceChildren(el("h2", { text: heading }), el("p", { text: sentence }), el("div", { class: "gw-row gw-latent-ways" }, ...buttons.filter(Boolean)));
      empty.hidden = false;
    }

    /* -- what is done */

    function drag(id, to) {
      ring.glow(null);
      session.drag(id, to);
    }

    function failed(error) {
      say(error.message);
      status.textContent = session.state?.tile ? session.state.said || begunAt(session.state) : "";
      if (session.state?.positions) { bank.paint(session.state); ring.show(session.state); } else if (!session.state) offer("Nothing to show", error.message, [el("button", { type: "button", class: "gw-button", text: "Start from a seed", onclick: () => begin() })]);
    }

    function say(sentence) {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    }

    async function keepThis() {
      if (session.gesture) await session.release();
      else await session.steps;
      const { tile } = session.state ?? {};
      if (tile) gw.board.keep([tile]);
    }

    function breed() {
      const { tile } = session.state ?? {};
      if (tile && gw.breed) gw.breed.open([tile]);
    }

    /* What a slider changes, laid over the picture; again after each step, until it is put away. */
    async function glow(id) {
      heat = id;
      bank.heat(id);
      legend.hidden = !id;
      if (!id) return ring.glow(null);
      legend.replaceChildren(el("span", { text: `What “${bank.title(id)}” changes here:` }), el("span", { class: "gw-quiet", text: "hardly" }), el("i", { class: "gw-latent-ramp", "aria-hidden": "true" }), el("span", { class: "gw-quiet", text: "most" }), el("button", { type: "button", class: "gw-link", text: "Hide", onclick: () => glow(null) }));
      const { origin } = session.state;
      try {
        const answer = await session.ask("answers_where", { slider: id });
        if (heat === id && session.state.origin === origin && !session.gesture) ring.glow(answer);
      } catch (error) {
        if (heat === id) { heat = null; bank.heat(null); legend.hidden = true; say(error.message); }
      }
    }

    /* -- the other mode */

    function look(name) {
      mode = name;
      for (const one of modes.children) one.setAttribute("aria-checked", String(one.dataset.mode === name));
      ring.node.hidden = name !== "explore";
      thumb.hidden = name === "explore";
      corners.open(name === "interpolate");
      if (name === "explore" && session.state?.tile) ring.show(session.state);
    }

    function unfold() {
      const open = settings.classList.toggle("gw-open");
      fold.setAttribute("aria-expanded", String(open));
    }

    const PLAIN = {
      k: () => keepThis(),
      x: () => { const { tile } = session.state; if (gw.keptId(tile) !== undefined) gw.board.remove([tile]); },
      r: () => session.randomise(),
      d: () => roll(),
      m: () => breed(),
    };
    const OF_TILES = "kxm"; // in the strip of an interpolation they mean its frames
    const plain = (name) => (session.state.model.none || (OF_TILES.includes(name) && corners.place.contains(document.activeElement)) ? null : PLAIN[name]);
    gw.latentKeys({ root, ready: () => visible() && Boolean(session.state), plain, back, forth });

    gw.latent = { session, bank, ring, corners, openTile, look };

    if (gw.state.latentStart && gw.state.model) chosen = gw.state.model.name; // what was clicked comes before the bar
    gw.listen("latentStart", (tile) => tile && soon(() => openTile(tile)));
    gw.listen("model", (model) => {
      if (!model) return nothing();
      if (chosen === model.name) return;
      chosen = model.name;
      bring.cancel();
      if (session.state?.model?.name !== model.name) soon(() => begin(model.name));
    });
    gw.listen("kept", () => mark());
    new IntersectionObserver(() => seen()).observe(root);
  };
})();
