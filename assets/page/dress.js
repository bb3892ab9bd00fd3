/* In my art: a person's own tileset is put on the tiles of a model, and its samples are drawn in it. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PAUSE_MS = 250;
  const PREVIEW = { width: 336, height: 336 };
  const CUT = [["width", "Tile width", 2, 256], ["height", "Tile height", 2, 256], ["margin", "Margin", 0, 256], ["spacing", "Spacing", 0, 256]];

  /* The art that the chosen model is drawn in: {digest, name}, or null for its own. */
  gw.wearing = () => (gw.state.model?.kind === "level" ? gw.remembered(`art.${gw.state.model.name}`, {}).on ?? null : null);

  gw.parts.wardrobe = ({ props, server }) => {
    const ask = (name, request = {}) => gw.ask(server, name, { model: gw.state.model.name, ...request });
    const strip = artSwitch(ask, props, () => open(), (art) => open(art));
    const form = dressForm(ask, props, (art) => strip.wear(art));
    const open = (art = null) => gw.state.model?.kind === "level" && form.open(art, strip.arts);
    gw.dress = { open };
    (gw.surfaceActions ??= []).push({ icon: "palette", text: "In my art", title: "Draw these levels in your own tileset", run: () => { document.querySelector(".gw-viewer[open]")?.close(); open(gw.wearing()); } });
  };

  /* The switch in the strip of the Sample tab. */
  function artSwitch(ask, props, open, change) {
    const button = el("button", { type: "button", id: "dress-open", class: "gw-button gw-small", title: "Draw and export these levels in your own tileset", onclick: () => (gw.wearing() ? change(gw.wearing()) : open()) }, gw.icon("palette"), el("span", { text: "In my art" }));
    const own = el("button", { type: "button", role: "radio", id: "dress-off", onclick: () => put(null) });
    const mine = el("button", { type: "button", role: "radio", id: "dress-on", onclick: () => put(here[0]) });
    const toggle = el("div", { class: "gw-segments", role: "radiogroup", "aria-label": "Whose art", hidden: true }, own, mine);
    const node = el("div", { class: "gw-strip-own", hidden: true }, toggle, button);
    let here = [];

    function show() {
      const wearing = gw.wearing();
      node.hidden = gw.state.model?.kind !== "level";
      toggle.hidden = !here.length;
      own.textContent = gw.state.model?.mine ? "As learned" : "Genworld's art";
      mine.textContent = here[0]?.name ?? "";
      mine.title = here[0] ? `Drawn in ${here[0].name}` : "";
      own.setAttribute("aria-checked", String(!wearing));
      mine.setAttribute("aria-checked", String(Boolean(wearing)));
    }

    function put(art) {
      const { name } = gw.state.model;
      gw.remember(`art.${name}`, { on: art, last: art ?? gw.remembered(`art.${name}`, {}).last ?? null });
      show();
      gw.sampler?.again();
    }

    /* What was made for these tiles before is offered again; what is gone is forgotten. */
    async function meet(model) {
      here = [];
      show();
      if (model?.kind !== "level") return;
      try {
        const { arts } = await ask("arts", props.public ? { arts: gw.remembered("arts", []) } : {});
        if (gw.state.model !== model) return;
        const last = gw.remembered(`art.${model.name}`, {}).last;
        here = [...arts].sort((one, other) => (other.digest === last?.digest) - (one.digest === last?.digest));
        if (gw.wearing() && !here.some((art) => art.digest === gw.wearing().digest)) put(null);
      } catch (error) {
        gw.fault(error);
      }
      show();
    }
    gw.listen("strip", (bar) => bar.querySelector(".gw-zoom").before(node));
    gw.listen("model", meet);

    return {
      get arts() { return here; },
      wear(art) {
        if (props.public) gw.remember("arts", [art.digest, ...gw.remembered("arts", []).filter((one) => one !== art.digest)].slice(0, 64));
        here = [art, ...here.filter((one) => one.digest !== art.digest)];
        put(art);
      },
    };
  }

  /* The dialog: a place to drop a tileset, then the sheet, the form and the level that is tried on. */
  function dressForm(ask, props, use) {
    const dialog = gw.dialog("In my art", "gw-dress");
    const body = el("div", { class: "gw-dress-body" });
    const fault = el("p", { class: "gw-field-fault", role: "alert", hidden: true });
    const doing = el("span", { class: "gw-quiet", role: "status" });
    const name = el("input", { id: "dress-name-input", type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false" });
    const done = el("button", { type: "button", id: "dress-use", class: "gw-button gw-accent gw-run", onclick: () => wear() }, el("span", { text: "Use" }));
    const other = el("button", { type: "button", class: "gw-button", text: "Another tileset", onclick: () => begin() });
    const add = el("button", { type: "button", class: "gw-button", title: "More pictures of the same tileset; dropping them does the same", onclick: () => chooser.click() }, gw.icon("plus"), el("span", { text: "Add pictures" }));
    const chooser = el("input", { id: "dress-files", type: "file", multiple: true, accept: props.suffixes.join(), tabindex: "-1", "aria-label": "Choose a tileset", onchange: () => chosen() });
    const foot = el("footer", { class: "gw-intake-foot" }, other, add, doing, done);
    dialog.node.id = "dress";
    dialog.node.append(el("header", {}, el("h2", { text: "In my art" }), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })), body, fault, foot, el("div", { hidden: true }, chooser));

    let source = null; // {token, cuts} of an upload, or {art}
    let desk = null;
    let kept = [];
    let latest = 0;

    /* One thing at a time; the answer of what was begun before does not count any more. */
    async function work(what, run) {
      const mine = ++latest;
      tell("");
      doing.textContent = what;
      try {
        return await run(() => mine === latest);
      } catch (error) {
        if (mine === latest) tell(error.message);
        return null;
      } finally {
        if (mine === latest) doing.textContent = "";
      }
    }

    function tell(sentence) {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    }

    function open(art, arts) {
      kept = arts;
      dialog.show();
      if (art) return dressIn({ art: art.digest }, art.name);
      return begin();
    }

    function begin() {
      latest += 1;
      source = desk = null;
      tell("");
      doing.textContent = "";
      shape();
      const before = kept.map((art) =>
        el("li", {}, el("span", { class: "gw-ellipsis", text: art.name }), el("button", { type: "button", class: "gw-button gw-small", text: "Use", onclick: () => { dialog.node.close(); use(art); } }), el("button", { type: "button", class: "gw-button gw-small", text: "Change", onclick: () => dressIn({ art: art.digest }, art.name) })),
      );
      body.replaceChildren(
        el(
          "div",
          { class: "gw-intake-drop" },
          gw.icon("upload"),
          el("p", { class: "gw-intake-lead", text: "Drop your tileset here: its picture, or several" }),
          el("p", { class: "gw-quiet", text: "With Tiled's TSX or TSJ, its names help to find the tiles and its terrains draw the edges." }),
          el("button", { type: "button", class: "gw-button", text: "Choose files", onclick: () => chooser.click() }),
          before.length ? el("div", { class: "gw-dress-kept" }, el("h3", { text: "Made for these tiles before" }), el("ul", {}, ...before)) : null,
        ),
      );
    }

    /* The dialog is as large as what is in it needs. */
    function shape() {
      dialog.node.classList.toggle("gw-dress-empty", !desk);
      foot.hidden = !desk;
      add.hidden = !source?.token;
    }

    function chosen() {
      const files = gw.filesOf.input(chooser);
      chooser.value = "";
      if (files.length) bring(files);
    }

    async function bring(coming) {
      await work("Uploading…", async (live) => {
        const files = gw.fitting(await coming, props);
        const sent = await gw.upload(files, (share) => { if (live()) doing.textContent = `Uploading… ${Math.floor(100 * share)}%`; }).done;
        if (!live()) return;
        const answer = await ask("lay", { token: source?.token ?? null, files: sent });
        if (!live()) return;
        await dressIn({ token: answer.token, cuts: null }, desk ? name.value : answer.name);
      });
    }

    /* Ask what could be worn, and lay the desk. */
    async function dressIn(next, title) {
      await work("Looking for tiles that fit…", async (live) => {
        const answer = await ask("proposals", { ...next, wish: wish() });
        const sheets = await gw.Sheets.of(answer.sheets);
        if (!live()) return;
        source = next;
        desk = dressDesk(answer.legend, sheets, { props, name, changed: () => tryOn(), cut: (cuts) => recut(cuts) });
        name.value = title;
        body.replaceChildren(desk.node);
        shape();
        tryOn(0);
      });
    }

    function recut(cuts) {
      const again = setTimeout(() => again === recut.timer && dressIn({ ...source, cuts }, name.value), 2 * PAUSE_MS);
      clearTimeout(recut.timer);
      recut.timer = again;
    }

    const wish = () => ({ ...(gw.sampler.wish() ?? { model: gw.state.model.name, seed: 1 }), model: gw.state.model.name, art: undefined });
    const request = () => ({ ...source, picks: desk.picks(), name: name.value.trim() || "My art" });

    /* After a short pause, so that a quick row of choices asks once. */
    function tryOn(pause = PAUSE_MS) {
      const mine = (tryOn.turn = (tryOn.turn ?? 0) + 1);
      const of = desk;
      setTimeout(async () => {
        if (mine !== tryOn.turn || desk !== of) return;
        try {
          const answer = await ask("try_on", { ...request(), wish: wish(), index: of.index() });
          if (mine === tryOn.turn && desk === of) of.show(answer);
          tell("");
        } catch (error) {
          if (desk === of) tell(error.message);
        }
      }, pause);
    }

    async function wear() {
      done.disabled = true;
      await work("Keeping your art…", async (live) => {
        const { art } = await ask("wear", request());
        if (!live()) return;
        dialog.node.close();
        use(art);
        gw.toast(`Levels are drawn in ${art.name}. What you keep is exported in it too.`);
      });
      done.disabled = false;
    }

    /* While this dialog is open, what is dropped is a tileset and no map to learn from. */
    const carries = (event) => dialog.node.open && [...(event.dataTransfer?.types ?? [])].includes("Files");
    const mine = (act) => (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act(event);
    };
    document.addEventListener("dragover", mine(() => dialog.node.classList.add("gw-dropping")), { capture: true });
    document.addEventListener("drop", mine((event) => { dialog.node.classList.remove("gw-dropping"); bring(gw.filesOf.drop(event.dataTransfer)); }), { capture: true });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) dialog.node.classList.remove("gw-dropping"); });
    return { open };
  }

  /* What is worked with: the sheets on the left, a row for each tile of the legend, the level on the right. */
  function dressDesk(legend, sheets, { props, name, changed, cut }) {
    const picks = legend.map((entry) => ({ ...entry.pick }));
    const stage = el("div", { class: "gw-dress-stage" });
    const hint = el("p", { class: "gw-dress-hint" });
    const special = el("div", { class: "gw-row" });
    const views = sheets.all.map((sheet) => gw.sheetView(sheet, (frame) => put(frame)));
    let active = { tile: 0, slot: "ground" };
    let index = 0;

    const rows = legend.map((entry, tile) => {
      const slots = Object.fromEntries(["ground", "thing"].map((slot) => [slot, el("button", { type: "button", class: "gw-slot", "data-slot": slot, onclick: () => use(tile, slot) })]));
      const quick = entry.choices.map((choice) => {
        const shown = choice.thing >= 0 ? choice.thing : choice.ground;
        return el("button", { type: "button", class: "gw-quick", title: `Because of ${choice.why}`.replace("Because of similar", "Similar"), "aria-label": `Suggestion for ${entry.name}: ${choice.why}`, onclick: () => take(tile, choice) }, shown >= 0 ? sheets.picture([shown], 24) : el("span", { text: "–" }));
      });
      const node = el(
        "div",
        { class: "gw-dress-row", role: "row", "data-tile": tile },
        el("img", { class: "gw-picture", src: entry.picture, alt: "", width: 32, height: 32 }),
        el("div", { class: "gw-dress-name" }, el("span", { class: "gw-ellipsis", text: entry.name, title: entry.name }), el("span", { class: "gw-quiet", text: entry.count ? `${entry.count} in this sample` : "not in this sample" })),
        slots.ground,
        slots.thing,
        el("div", { class: "gw-quicks", role: "group", "aria-label": `Suggestions for ${entry.name}` }, ...quick),
      );
      return { node, slots, quick };
    });

    function paint(tile) {
      const pick = picks[tile];
      for (const [slot, button] of Object.entries(rows[tile].slots)) {
        const frame = pick[slot];
        const words = frame === props.around ? "around" : "none";
        button.replaceChildren(frame >= 0 ? sheets.picture([frame]) : el("span", { text: words }));
        const on = active.tile === tile && active.slot === slot;
        button.setAttribute("aria-pressed", String(on));
        const told = frame >= 0 ? `tile ${frame}` : frame === props.around ? "what lies around" : "nothing";
        button.setAttribute("aria-label", `${slot === "ground" ? "Ground" : "Thing"} of ${legend[tile].name}: ${told}`);
        button.title = `${slot === "ground" ? "What lies below" : "What stands on it"}: ${told}. Click, then choose in the sheet.`;
      }
      rows[tile].node.classList.toggle("gw-active", active.tile === tile);
      rows[tile].quick.forEach((button, at) => {
        const choice = legend[tile].choices[at];
        button.setAttribute("aria-pressed", String(choice.ground === pick.ground && choice.thing === pick.thing));
      });
    }

    /* The slot that the next click in the sheet fills. */
    function use(tile, slot) {
      const before = active.tile;
      active = { tile, slot };
      paint(before);
      paint(tile);
      const own = legend[tile].name;
      hint.textContent = slot === "ground" ? `Click the tile that is the ground of ${own}` : `Click the tile that stands on the ground as ${own}`;
      special.replaceChildren(
        ...(slot === "ground" ? [el("button", { type: "button", class: "gw-button gw-small", text: "What lies around", title: "It stands on the floor that is nearest", onclick: () => put(props.around) })] : []),
        el("button", { type: "button", class: "gw-button gw-small", text: "Nothing", onclick: () => put(props.nothing) }),
      );
      for (const view of views) view.mark(picks[tile][slot]);
    }

    function put(frame) {
      picks[active.tile][active.slot] = frame;
      paint(active.tile);
      for (const view of views) view.mark(frame);
      changed();
    }

    function take(tile, { ground, thing }) {
      picks[tile] = { ground, thing };
      use(tile, thing >= 0 ? "thing" : "ground");
      changed();
    }

    function another() {
      index += 1;
      changed();
    }

    const node = el(
      "div",
      { class: "gw-dress-desk" },
      el("section", { class: "gw-dress-sheets", "aria-label": "Your tileset" }, slicing(sheets, views, cut), hint, special, ...views.map((view) => view.node)),
      el("section", { class: "gw-dress-rows", role: "grid", "aria-label": "What each tile wears" }, el("div", { class: "gw-dress-row gw-dress-head", role: "row" }, el("span", {}), el("span", { text: "Tile" }), el("span", { text: "Ground" }), el("span", { text: "Thing" }), el("span", { text: "Suggestions" })), ...rows.map((row) => row.node)),
      el(
        "section",
        { class: "gw-dress-side", "aria-label": "Tried on" },
        stage,
        el("button", { type: "button", class: "gw-button gw-small", onclick: another }, gw.icon("dice"), el("span", { text: "Another level" })),
        el("div", { class: "gw-field" }, el("label", { for: "dress-name-input", text: "Name of this art" }), name),
      ),
    );
    legend.forEach((_, tile) => paint(tile));
    use(0, "ground");

    return {
      node,
      picks: () => picks,
      index: () => index,
      show(answer) {
        const scale = gw.largestScale(answer.width, answer.height, PREVIEW.width, PREVIEW.height);
        stage.replaceChildren(gw.picture(answer, scale));
      },
    };
  }

  /* How pictures that came alone are cut; what Tiled described is cut as it says. */
  function slicing(sheets, views, cut) {
    const alone = sheets.all.map((sheet, at) => ({ sheet, view: views[at] })).filter(({ sheet }) => !sheet.described);
    if (!alone.length) return el("p", { class: "gw-quiet", text: "Cut as the tileset says." });
    const inputs = CUT.map(([key, label, low, high]) => el("input", { type: "number", id: `dress-${key}-input`, min: low, max: high, step: 1, value: alone[0].sheet.cut[key], "aria-label": label, "data-key": key, oninput: () => change() }));

    function change() {
      const sound = inputs.every((input) => input.value !== "" && input.checkValidity());
      for (const input of inputs) input.setAttribute("aria-invalid", String(input.value === "" || !input.checkValidity()));
      if (!sound) return;
      const next = Object.fromEntries(inputs.map((input) => [input.dataset.key, Number(input.value)]));
      for (const { view } of alone) view.cutAs(next);
      cut(alone.map(({ sheet }) => ({ file: sheet.file, ...next })));
    }

    return el("div", { class: "gw-dress-cut" }, ...CUT.map(([key, label], at) => el("div", { class: "gw-field" }, el("label", { for: `dress-${key}-input`, text: label }), inputs[at])));
  }
})();
