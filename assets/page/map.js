/* The Map tab: lays samples out, shows what is pointed at, keeps what is chosen, makes what is missing. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const POLL_MS = 400;
  const PATIENCE_MS = 300;
  const REPAINT_MS = 900;
  const CACHED = 512;
  const AT_ONCE = 32;
  const KEPT_AT_ONCE = 256;
  const PARENTS = 16;
  const NEAR_ENOUGH = 1;
  const SETTLE_MS = 250;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const LOOK_AGAIN = new Set(["attribute", "playable"]);

  gw.parts.mapView = ({ root, props, server }) => {
    const controls = gw.mapControls(props.bounds, (what) => changed(what));
    const title = el("span", { class: "gw-strip-title" });
    const said = el("span", { id: "map-said", class: "gw-quiet gw-ellipsis", role: "status" });
    const bar = el("i", {});
    const done = el("span", { class: "gw-number" });
    const stop = el("button", { type: "button", id: "map-cancel", class: "gw-button gw-small", text: "Cancel", onclick: () => cancel() });
    const progress = el("div", { class: "gw-progress", role: "progressbar", "aria-label": "Laying the map out", "aria-valuemin": 0 }, el("span", { class: "gw-track" }, bar), done, stop);
    const tools = toolbar();
    const stage = el("div", { class: "gw-map-stage" });
    const note = el("div", { class: "gw-map-note", hidden: true });
    const legend = el("footer", { class: "gw-map-legend" });
    const chosenBar = selectionBar();
    const pictured = el("button", { type: "button", id: "map-pictures", class: "gw-button gw-small gw-map-toggle", title: "Small pictures over the dots, as many as have room (P)", "aria-label": "Pictures", onclick: () => showPictures(!plot.pictures.on) }, gw.icon("picture"), el("span", { text: "Pictures" }));
    const newer = el("button", { type: "button", id: "map-newer", class: "gw-link gw-newer", title: "This model has learned more since these samples were made", hidden: true, text: "Newer: lay out again", onclick: () => lay(true) });
    const strip = el("header", { class: "gw-strip" }, title, said, newer, progress, pictured, tools.node);
    const area = el("section", { class: "gw-area gw-map-area", "aria-label": "Map" }, strip, el("div", { class: "gw-map-plain" }, stage, note, chosenBar.node), legend);
    const plot = new gw.MapPlot(stage, { hover, pick: choose, empty: make, chosen, lost, pictures: small });
    pictured.setAttribute("aria-pressed", String(plot.pictures.on));
    const preview = new gw.MapPreview({ open: large });
    const peek = new gw.MapPeek();
    root.classList.add("gw-map");
    root.append(controls.node, area, preview.node);

    const nobodys = () => ({ stars: [], open: [], kept: new Set() });
    let model = null;
    let about = null;
    let wanted = null; // what is laid out: {wish, count, method, axes, key}
    let laid = null; // what `places` are of: `wanted` is ahead of it until it is laid out
    let places = null;
    let measures = null;
    let labels = null;
    let own = nobodys();
    let examples = { items: [] };
    let latest = 0;
    let run = 0; // of what is made at a place
    let lasso = [];
    let current = null; // the hit that is chosen
    const seen = new Map();

    gw.map = { plot, get preview() { return preview; }, get wanted() { return wanted; }, get measures() { return measures; }, choose, make };
    const say = (sentence) => { said.textContent = sentence; };
    const ask = (name, request = {}) => gw.ask(server, name, request);
    const asking = (extra = {}) => ({ ...wanted.wish, count: wanted.count, method: wanted.method, axes: wanted.axes, ...extra });

    function nothing() {
      latest += 1;
      model = places = null;
      tell("No model yet", "The map of the model that you choose will be here.");
    }

    function tell(heading, sentence, label = null, act = null) {
      note.replaceChildren(el("h2", { text: heading }), el("p", { text: sentence }), ...(label ? [el("button", { type: "button", class: "gw-button", text: label, onclick: act })] : []));
      note.hidden = false;
    }

    async function begin(next) {
      const mine = ++latest;
      run += 1;
      model = next;
      places = measures = labels = current = null;
      own = nobodys();
      examples = { items: [] };
      seen.clear();
      plot.clear();
      preview.show(null);
      peek.off();
      chosen([]);
      legend.replaceChildren();
      title.textContent = next.title;
      say("");
      area.classList.add("gw-map-fresh");
      tell("Opening the map", "What draws it is fetched once, and stays with your browser.");
      try {
        const [told] = await Promise.all([ask("map_about", { model: next.name }), gw.loadPlotly(props.plotly)]);
        if (mine !== latest) return;
        about = told;
        controls.serve(next, told);
        await lay(true);
      } catch (error) {
        if (mine === latest) tell("No map", error.message, "Try again", () => begin(next));
      }
    }

    function changed(what) {
      if (!about || !model) return;
      if (what === "layout") lay(true);
      else if (what === "colour") recolour();
      else overlays(what).catch(gw.fault);
    }

    /* Lay the samples out as the settings say; the last wish wins. */
    async function lay(fresh) {
      const mine = ++latest;
      run += 1;
      try {
        const next = controls.read();
        newer.hidden = true;
        const key = JSON.stringify([next.wish, next.count]);
        if (key !== wanted?.key) { measures = labels = null; own = nobodys(); seen.clear(); unchoose(); }
        wanted = { ...next, key };
        measures ??= new gw.mapData.Measures(next.count, about.attributes.map((one) => one.name));
        controls.say("");
        controls.tint(shipped(next) || next.method === "measured");
        chosen([]);
        busy(true);
        setTimeout(() => mine === latest && area.classList.contains("gw-busy") && next.method !== "measured" && area.classList.add("gw-map-stale"), PATIENCE_MS);
        const going = () => mine === latest;
        if (next.method === "measured") await measure(going, () => { placeMeasured(); paint(fresh); });
        else await Promise.all([project(going), shipped(next) ? measure(going) : null]);
        if (!going()) return;
        note.hidden = true;
        area.classList.remove("gw-map-fresh", "gw-map-stale");
        await paint(fresh);
        await overlays("all", going);
        if (going() && lacks()) await recolour();
      } catch (error) {
        if (mine === latest) places && laid?.key === wanted.key ? (gw.fault(error), cancel()) : tell("No map", error.message, "Try again", () => lay(true));
      } finally {
        if (mine === latest) { busy(false); summary(); }
      }
    }

    /* Whether these samples were measured before, so that their figures are there at once. */
    const shipped = ({ wish, count }) => measures.done >= count || (wish.seed === 0 && count <= about.measured);

    /* PCA at once; UMAP in a process of its own, which is asked how far it is. */
    async function project(going) {
      const grown = async () => {
        for (let now = { done: 0, total: 1 }; going() && now.done < now.total; ) {
          now = await ask("map_grow", asking());
          advance(now.done, now.total, `Drawing ${now.done.toLocaleString("en")} of ${now.total.toLocaleString("en")}`);
        }
      };
      await grown();
      if (going() && wanted.method === "umap") await umap(going);
      if (!going()) return;
      const answer = await ask("map_places", asking());
      if (going()) replace({ ...answer, xy: gw.mapData.floats(answer.xy), titles: answer.axes.map(principal) });
    }

    function showPictures(on) {
      plot.pictures.toggle(on);
      pictured.setAttribute("aria-pressed", String(on));
      if (places) paint();
    }

    async function small(indices, fine) {
      if (!wanted || wanted.key !== laid?.key) return null;
      return (await ask("map_pictures", asking({ indices, large: fine }))).pictures;
    }

    /* Other places for the same samples: what lay over the old ones waits until its new places are known. */
    function replace(next) {
      const same = places?.names && places.names === next.names;
      places = next;
      laid = wanted;
      plot.pictures.serve(JSON.stringify(wanted.wish), model.kind);
      own = { stars: starred(own.kept), open: same ? own.open : [], kept: own.kept };
      if (!same) examples = { items: [] };
      if (current?.kind === "sample") current = { ...current, x: places.xy[2 * current.id], y: places.xy[2 * current.id + 1] };
      else if (!same) current = null;
      plot.mark("hover", null);
      plot.mark("chosen", current?.kind === "sample" ? [current.x, current.y] : null);
      if (!current) plot.mark("made", null);
    }

    const starred = (kept) => [...kept].filter((index) => index < places.xy.length / 2).map((index) => ({ kind: "sample", id: index, x: places.xy[2 * index], y: places.xy[2 * index + 1] })).filter((hit) => Number.isFinite(hit.x + hit.y));

    async function umap(going) {
      let state = await ask("map_umap", asking());
      const { token } = state;
      while (state.state !== "succeeded") {
        if (!going() || state.state === "cancelled") return ask("map_umap_leave", { token }).catch(() => {});
        advance(state.step, state.total || 1, inWords(state));
        tell("Laying the map out", "A UMAP takes a minute the first time, and is there at once after that. You can work elsewhere meanwhile.");
        await new Promise((done) => setTimeout(done, POLL_MS));
        state = await ask("map_umap_state", { token });
      }
      if (token) ask("map_umap_leave", { token }).catch(() => {});
    }

    const inWords = ({ words, step, total }) => words || (total ? `Step ${step} of ${total}` : "Starting");

    /* What is measured of the samples, in pieces; `shown` now and then with what is there. */
    async function measure(going, shown = () => {}) {
      let painted = 0;
      while (going() && measures.done < measures.count) {
        const into = measures;
        const start = into.done;
        const answer = await ask("map_measures", asking({ start }));
        into.add(start, answer);
        advance(into.done, into.count, `Measured ${into.done.toLocaleString("en")} of ${into.count.toLocaleString("en")}`);
        if (performance.now() - painted > REPAINT_MS && going() && into === measures) {
          painted = performance.now();
          shown();
        }
      }
      if (going()) shown();
    }

    function placeMeasured() {
      const [x, y] = wanted.axes.map((name) => measures.column(name));
      const xy = new Float32Array(2 * measures.count);
      for (let index = 0; index < measures.count; index += 1) [xy[2 * index], xy[2 * index + 1]] = [x[index], y[index]];
      replace({ xy, titles: wanted.axes.map((name) => axisOf(controls.attribute(name))), boxes: gw.mapData.emptyBoxes(x, y), names: wanted.axes.join() });
      note.hidden = true;
      area.classList.remove("gw-map-fresh", "gw-map-stale");
    }

    const principal = ({ name, title: plain, share }) => ({ title: share ? `PC ${name}, ${Math.round(100 * share)}% of the variance` : plain, percent: false });
    const axisOf = ({ title: name, unit, more }) => ({ title: `${name}${unit && unit !== "share" ? ` (${unit})` : ""}${more ? `   ${more} →` : ""}`, percent: unit === "share" });

    const isKept = (index) => own.kept.has(index);

    function colouring() {
      const { count } = wanted;
      const [kind, name] = controls.colour.split(":");
      controls.describe(kind === "attribute" ? controls.attribute(name).about : "");
      if (kind === "attribute") return gw.mapColours.byNumber(count, measures.column(name), controls.attribute(name));
      if (kind === "playable") return gw.mapColours.byPlayable(count, measures.playable);
      if (kind === "kept") return gw.mapColours.byKept(count, isKept);
      if (kind === "class" && labels) return gw.mapColours.byClass(count, labels.of, model.classes);
      if (kind === "tag" && labels) return gw.mapColours.byTag(count, (index) => labels.has(index, Number(name)), model.classes[Number(name)]);
      return gw.mapColours.plain(count);
    }

    async function paint(fresh = false) {
      const { groups, legend: meaning } = colouring();
      await plot.draw({ xy: places.xy, axes: places.titles, boxes: places.boxes, groups, stars: own.stars, open: own.open, examples: examples.items }, fresh);
      showLegend(meaning);
      if (lasso.length) chosen([]);
    }

    function showLegend(meaning) {
      const key = (className, text) => el("span", { class: "gw-map-key" }, el("i", { class: className }), text);
      const kept = own.stars.length + own.open.length;
      const starred = kept ? [el("span", { class: "gw-map-key gw-map-starred" }, gw.icon("star"), `${kept} kept`)] : [];
      const learned = examples.items.length ? [key("gw-map-diamond", `${gw.plural(examples.items.length, "training example")}${examples.items.some((one) => one.how === "near") ? ", near" : ""}`)] : [];
      const empty = places.boxes?.length ? [key("gw-map-hatch", `no sample of ${measures.done.toLocaleString("en")} falls here`)] : [];
      legend.replaceChildren(...gw.mapColours.legendNodes(meaning), ...empty, ...starred, ...learned);
      legend.hidden = !legend.children.length;
    }

    /* Whether the colour needs what is not here yet. */
    function lacks() {
      const [kind] = controls.colour.split(":");
      return ((kind === "class" || kind === "tag") && !labels) || (LOOK_AGAIN.has(kind) && measures.done < measures.count);
    }

    /* Colours that need figures wait for them, and fill in while they come. */
    async function recolour() {
      const mine = latest;
      const still = () => mine === latest;
      const [kind] = controls.colour.split(":");
      try {
        if ((kind === "class" || kind === "tag") && !labels) labels = read(await ask("map_labels", asking()));
        if (!still() || !places) return;
        if (LOOK_AGAIN.has(kind) && measures.done < measures.count) {
          busy(true);
          await measure(() => still() && LOOK_AGAIN.has(controls.colour.split(":")[0]), () => paint());
          if (still()) { busy(false); summary(); }
        } else await paint();
      } catch (error) {
        if (still()) { busy(false); gw.fault(error); }
      }
    }

    function read(answer) {
      const bytes = gw.mapData.bytes(answer.labels);
      const wide = Math.ceil(model.classes.length / 8);
      return { of: bytes, has: (index, at) => (bytes[index * wide + (at >> 3)] >> (7 - (at & 7))) & 1 };
    }

    /* What lies over the samples, and why something does not. */
    async function overlays(which, going = () => true) {
      const mine = latest;
      const still = () => mine === latest && going();
      if (!places || !wanted) return;
      const before = [own, examples];
      if (which !== "training") {
        const answer = await ask("map_kept", asking({ secret: gw.board?.secret }));
        if (!still()) return;
        // What is kept wears its mark wherever it is seen; the rest of the board is laid over where that is wished.
        const open = answer.others.map(({ id, x, y, how }) => ({ kind: "item", id, x, y, how }));
        const kept = new Set(answer.samples.map(({ index }) => index));
        own = { stars: starred(kept), open: controls.own ? open : [], kept };
        const unplaced = answer.left ? `${gw.plural(answer.left, "item")} of the board cannot be placed. ${answer.why}` : "";
        controls.told("kept", controls.own ? unplaced : "");
      }
      if (which !== "kept") {
        examples = { items: [] };
        if (controls.examples) {
          const answer = await ask("map_training", asking());
          if (!still()) return;
          examples.items = answer.items.map((one) => ({ kind: "example", id: one.index, x: one.x, y: one.y, how: one.how }));
          const near = examples.items.some((one) => one.how === "near") ? "Marks are near: each is where the nearest that the model makes lies." : "";
          controls.told("training", [answer.why, near].filter(Boolean).join(" "));
        } else if (about.examples) controls.told("training", "");
      }
      const count = ([{ stars, open }, { items }]) => stars.length + open.length + items.length;
      if (count(before) || count([own, examples])) await paint();
    }

    function busy(on) {
      area.classList.toggle("gw-busy", on);
      if (!on) area.classList.remove("gw-map-stale");
    }

    function advance(now, all, words) {
      bar.style.width = `${(100 * now) / all}%`;
      done.textContent = words;
      progress.setAttribute("aria-valuemax", all);
      progress.setAttribute("aria-valuenow", now);
    }

    function summary() {
      if (!places || !wanted) return;
      const there = wanted.method === "measured" ? measures.done : wanted.count;
      const undefinedToo = plot.points ? there - plot.points.length : 0;
      const capped = there > plot.most ? ` Your browser has no WebGL, so only the first ${plot.most.toLocaleString("en")} are drawn.` : "";
      const unplaced = !capped && undefinedToo > 0 ? ` · ${undefinedToo.toLocaleString("en")} not drawn: not defined on these axes` : "";
      const part = there < wanted.count ? `Stopped at ${there.toLocaleString("en")} of ${wanted.count.toLocaleString("en")}` : `${there.toLocaleString("en")} samples`;
      say(`${part} · seed ${wanted.wish.seed}${unplaced}${capped}`);
    }

    function cancel() {
      latest += 1;
      busy(false);
      if (places && plot.drawn && laid.key === wanted.key) {
        wanted = laid; // the map that is seen is the one that clicks are about
        controls.back(laid.method);
        note.hidden = true;
        area.classList.remove("gw-map-fresh");
        summary();
      } else {
        area.classList.toggle("gw-map-stale", Boolean(places));
        tell("Stopped", "The map will be here.", "Lay it out", () => lay(true));
      }
    }

    function lost() {
      gw.toast("The graphics of this browser gave up, so the map is drawn without them.");
      if (places) paint();
    }

    /* What is under the pointer: one question at a time, and the last one is always asked. */
    let asked = null;
    let pending = null;
    let pointed = null;

    function hover(hit, event) {
      if (same(hit, pointed)) return;
      pointed = hit;
      plot.holder.classList.toggle("gw-map-hit", Boolean(hit));
      plot.mark("hover", hit && [hit.x, hit.y]);
      if (!hit) return peek.off();
      const known = seen.get(keyOf(hit));
      if (known) return look(hit, known);
      pending = hit;
      fetchPending();
    }

    async function fetchPending() {
      if (asked || !pending) return;
      asked = pending;
      pending = null;
      const wished = asked;
      try {
        const tile = await fetched(wished);
        if (same(pointed, wished)) look(wished, tile);
      } catch (error) {
        peek.off();
      }
      asked = null;
      fetchPending();
    }

    const same = (one, other) => one === other || (one && other && one.kind === other.kind && one.id === other.id);
    const keyOf = (hit) => `${hit.kind}/${hit.id}`;

    function look(hit, tile) {
      if (document.querySelector("dialog[open]")) return;
      const [wide] = plot.pictures.sizeOf([hit.x, hit.y]) ?? [0];
      peek.show(tile, plot.spot([hit.x, hit.y]), Math.max(16, wide / 2 + 8), [gw.caption(tile), ...figures(hit).map(([name, value]) => `${name} ${value}`)].filter(Boolean).join(" · "));
    }

    /* What the map tells of a sample: the axes and the colour, where they are measured. */
    function figures(hit) {
      if (hit.kind !== "sample" || !measures || hit.id >= measures.done) return [];
      const [kind, name] = controls.colour.split(":");
      const names = new Set([...(wanted.axes ?? []), ...(kind === "attribute" ? [name] : [])]);
      const told = [...names].map((one) => [controls.attribute(one).title, gw.mapColours.withUnit(measures.value(one, hit.id), controls.attribute(one)) || "not defined"]);
      if (model.kind === "level" && measures.playable[hit.id] >= 0) told.push(["Playable", measures.playable[hit.id] ? "yes" : "no"]);
      return told;
    }

    async function fetched(hit) {
      const key = keyOf(hit);
      const known = seen.get(key);
      if (known) return known;
      const { key: mine } = wanted;
      const tile = await question(hit);
      if (wanted.key !== mine) return tile;
      seen.set(key, tile);
      if (seen.size > CACHED) seen.delete(seen.keys().next().value);
      return tile;
    }

    async function question(hit) {
      if (hit.kind === "example") return (await ask("map_example", { model: wanted.wish.model, index: hit.id })).tile;
      if (hit.kind === "item") return (await ask("map_items", { ids: [hit.id], secret: gw.board.secret })).tiles[0];
      return (await tilesOf([hit.id]))[0];
    }

    async function tilesOf(indices) {
      const { wish } = wanted;
      const found = [];
      for (let at = 0; at < indices.length; at += AT_ONCE) found.push(...(await ask("map_tiles", asking({ indices: indices.slice(at, at + AT_ONCE) }))).tiles);
      return found.map((tile) => ({ ...tile, wish }));
    }

    /* A click on a dot. */
    async function choose(hit) {
      const mine = ++run;
      current = hit;
      plot.mark("made", null);
      plot.mark("chosen", [hit.x, hit.y]);
      peek.off();
      try {
        const tile = await fetched(hit);
        if (mine !== run) return;
        preview.show(tile, { latent: about.methods.length > 1, facts: figures(hit), said: nearness(hit) });
      } catch (error) {
        if (mine === run) gw.fault(error);
      }
    }

    function nearness({ kind, how }) {
      if (how !== "near") return "";
      return kind === "example" ? "It lies near this place, where the nearest that the model makes does." : "It lies near this place, as what it was made from does.";
    }

    /* A click where there is nothing: it is made. */
    async function make([x, y]) {
      if (wanted !== laid) return; // it is being laid out anew
      const mine = ++run;
      const latent = wanted.method !== "measured";
      current = { kind: "made", id: null, x, y };
      plot.mark("chosen", null);
      plot.mark("made", [x, y]);
      preview.wait(latent ? "Making one for this place…" : "Looking for one for this place…");
      try {
        const first = await ask("map_made", asking({ x, y }));
        if (mine !== run) return;
        if (latent || (first.missed ?? Infinity) < NEAR_ENOUGH) return showMade(first);
        showMade(first, "Looking for a better one for two seconds…");
        const best = await ask("map_made", asking({ x, y, thorough: true }));
        if (mine === run) showMade((best.missed ?? Infinity) <= (first.missed ?? Infinity) ? best : first);
      } catch (error) {
        if (mine !== run) return;
        plot.mark("made", null);
        preview.show(preview.tile);
        gw.fault(error);
      }
    }

    function showMade(found, instead = "") {
      if (found.x !== null && found.y !== null) {
        current = { kind: "made", id: null, x: found.x, y: found.y };
        plot.mark("made", [found.x, found.y]);
      }
      preview.show(found.tile, { latent: about.methods.length > 1, said: instead || found.words });
    }

    function unchoose() {
      run += 1;
      current = null;
      plot.mark("chosen", null);
      plot.mark("made", null);
      preview.show(null);
    }

    /* The large view goes through what a grid has: here there is one. */
    function large(tile) {
      const grid = { entries: [{ key: 0, tile, node: plot.holder }], move: () => plot.holder.focus({ preventScroll: true }), put: (_, next) => { grid.entries[0].tile = next; preview.show(next, { latent: preview.latent }); } };
      if (tile.origin) gw.viewer.open(grid, 0);
    }

    /* A lasso. */
    function chosen(indices) {
      lasso = indices;
      chosenBar.show(indices.length);
      plot.pictures.select(indices);
      if (!indices.length) plot.unselect();
    }

    function selectionBar() {
      const count = el("span", { class: "gw-actions-count" });
      const small = (icon, text, heading, act) => el("button", { type: "button", class: "gw-button gw-small", title: heading, onclick: act }, gw.icon(icon), el("span", { text }));
      const node = el("div", { class: "gw-actions", role: "toolbar", "aria-label": "Selected samples" }, count, small("star", "Keep", "Keep all of them on the board", () => keepMany()), small("breed", "More like these", "Sixteen more like these", () => breedMany()), gw.iconButton("close", "Clear the selection (Escape)", { onclick: () => chosen([]) }));
      const show = (number) => {
        node.classList.toggle("gw-on", number > 0);
        node.inert = !number;
        if (number) count.textContent = `${number.toLocaleString("en")} selected`;
      };
      show(0);
      return { node, show, count };
    }

    /* The board draws them again; what it has already stays as it is. */
    async function keepMany() {
      const { wish } = wanted;
      const many = lasso.filter((index) => !isKept(index)).map((index) => ({ origin: true, wish, index }));
      for (let at = 0; at < many.length && lasso.length; at += KEPT_AT_ONCE) {
        chosenBar.count.textContent = many.length > KEPT_AT_ONCE ? `Keeping ${at} of ${many.length}` : "Keeping…";
        await gw.board.keep(many.slice(at, at + KEPT_AT_ONCE));
      }
      chosen([]);
    }

    /* Parents from all over the selection: more than a few would mix to the same. */
    async function breedMany() {
      const step = Math.max(1, lasso.length / PARENTS);
      const some = Array.from({ length: Math.min(PARENTS, lasso.length) }, (_, at) => lasso[Math.floor(at * step)]);
      try {
        gw.breed.open(await tilesOf(some));
      } catch (error) {
        gw.fault(error);
      }
    }

    function toolbar() {
      const tool = (name, icon, heading) => gw.iconButton(icon, heading, { class: "gw-icon-button gw-tool", role: "radio", "data-tool": name, "aria-checked": String(name === "pan"), onclick: () => use(name) });
      const kinds = [tool("pan", "hand", "Move the map (V)"), tool("lasso", "lasso", "Lasso: select by drawing around (Q)"), tool("select", "select", "Box: select a rectangle (W)")];
      function use(name) {
        for (const one of kinds) one.setAttribute("aria-checked", String(one.dataset.tool === name));
        plot.use(name);
      }
      const node = el(
        "div",
        { class: "gw-map-tools" },
        el("div", { class: "gw-row", role: "radiogroup", "aria-label": "Tool" }, ...kinds),
        el("span", { class: "gw-rule" }),
        gw.iconButton("minus", "Farther (-)", { onclick: () => plot.drawn && plot.farther() }),
        gw.iconButton("plus", "Closer (+)", { onclick: () => plot.drawn && plot.closer() }),
        gw.iconButton("fit", "All of the map (0)", { onclick: () => plot.drawn && plot.fit() }),
      );
      return { node, use };
    }

    const KEYS = {
      v: () => tools.use("pan"),
      q: () => tools.use("lasso"),
      w: () => tools.use("select"),
      p: () => showPictures(!plot.pictures.on),
      "+": () => plot.closer(),
      "=": () => plot.closer(),
      "-": () => plot.farther(),
      0: () => plot.fit(),
    };

    function key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || gw.isTyping() || !plot.drawn) return false;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const button = event.target.closest?.("button, a, [role=radio]");
      if (ARROWS[name] && !button) return walk(ARROWS[name]);
      if (name === "Enter" && button) return false;
      if (name === "Escape") return lasso.length ? (chosen([]), true) : current ? (unchoose(), true) : false;
      if (KEYS[name]) return KEYS[name](), true;
      return preview.act(name);
    }

    function walk(direction) {
      const next = plot.towards(current ? [current.x, current.y] : plot.middle, direction);
      if (next) choose(next);
      return true;
    }

    /* The tab's keys work while it is seen, wherever nothing else has the focus. */
    document.addEventListener("keydown", (event) => {
      const here = root.contains(event.target) || event.target === document.body || event.target.matches?.("[role=tab]");
      if (event.defaultPrevented || !here || !root.offsetParent || document.querySelector("dialog[open]")) return;
      if (key(event)) { event.preventDefault(); event.stopPropagation(); }
    }, true);

    gw.listen("model", (next) => (next ? begin(next) : nothing()));
    gw.listen("newer", (next) => {
      if (next.name !== model?.name) return;
      model = next;
      controls.renew(next);
      newer.hidden = !wanted || wanted.wish.digest === next.digest;
    });
    gw.listen("look", () => places && paint());
    let settling = 0;
    gw.listen("kept", () => {
      clearTimeout(settling);
      settling = setTimeout(() => places && overlays("kept").catch(gw.fault), SETTLE_MS);
    });
  };
})();
