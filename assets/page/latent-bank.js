/* The slider bank: what can be turned, in groups. Every position that it shows comes from the server. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const FAR = 3;
  const FAR_Z = 4;
  const STEPS = { plain: 0.1, fine: 0.02, page: 0.5 };
  const SHARE_STEPS = { plain: 0.05, fine: 0.01, page: 0.25 };
  const PAUSE_MS = 350;
  const PIXEL = 1 / 200; // of the length of a slider

  const signed = (value) => `${value <= -0.05 ? "−" : value >= 0.05 ? "+" : ""}${Math.abs(value).toFixed(1)}`;
  const share = (value) => value.toFixed(2);

  /* Groups of sliders for what the server said of a model; `found` is null while its directions are being fitted. */
  gw.sliderGroups = (model, found) => {
    const of = (group) => (found?.sliders ?? []).filter((one) => one.group === group);
    const known = new Set(["attribute", "part", "principal"]);
    const others = [...new Set((found?.sliders ?? []).map((one) => one.group))].filter((name) => !known.has(name));
    const { name, low, high } = model.variety;
    return [
      { id: "attribute", title: "Attributes", sliders: of("attribute").map(direction) },
      { id: "part", title: "Parts", sliders: of("part").map(direction) },
      ...others.map((id) => ({ id, title: id, sliders: of(id).map(direction) })),
      { id: "principal", title: "Principal directions", about: "The ways in which this model's pictures differ most, found in the model itself. Nobody named them: turn one and see.", sliders: of("principal").map(principal) },
      { id: "class", title: "Classes", about: model.exclusive ? "How much of each class. The others give way." : "How much of each class, from none to all of it.", sliders: model.classes.map((one) => ({ id: `class:${one}`, label: one, low: 0, high: 1, steps: SHARE_STEPS, shown: share, about: `How much of the class ${one}` })) },
      { id: "variety", title: "Variety", sliders: [{ id: "variety", less: "usual", more: "unusual", low, high, steps: SHARE_STEPS, shown: share, about: `From the usual to the unusual: the ${name} of this model, ${low} to ${high}` }] },
    ].filter((group) => group.sliders.length);
  };

  const direction = (one) => ({ ...one, low: -FAR, high: FAR, steps: STEPS, shown: signed, heat: true, about: `${one.about}${/[.!?]$/.test(one.about) ? "" : "."} In standard deviations from the middle of this model's samples.${one.score === null ? "" : ` Foretells samples that it has not seen with R² ${one.score.toFixed(2)}.`}` });
  const principal = (one, index) => ({ ...one, label: one.title || `Direction ${index + 1}`, less: "", more: "", low: -FAR, high: FAR, steps: STEPS, shown: signed, heat: true, note: one.score === null ? "" : `${(100 * one.score).toFixed(one.score < 0.1 ? 1 : 0)}%`, about: `${one.about}${one.score === null ? "" : ` ${(100 * one.score).toFixed(1)}% of all variance.`} In standard deviations.` });

  gw.SliderBank = class {
    /*
     * root  the element that is filled; its id is `latent-sliders`
     * told  {drag(id, to), release(), heat(id), advanced(open)}
     */
    constructor(root, told) {
      Object.assign(this, { root, told, rows: new Map(), locked: new Set(), held: null, timer: 0 });
      root.addEventListener("pointerup", () => this.#let());
      root.addEventListener("pointercancel", () => this.#let());
    }

    /* Other sliders. Locks stay with those that are still there. */
    show(model, found) {
      this.rows.clear();
      this.numbers = null;
      const groups = gw.sliderGroups(model, found).map((group) => this.#group(group));
      this.root.replaceChildren(...groups, this.#advanced(model), ...(found?.hidden?.length ? [hidden(found.hidden)] : []));
      this.locked = new Set([...this.locked].filter((id) => this.rows.has(id)));
      for (const id of this.locked) this.#paintLock(id);
      this.full = found !== null;
    }

    /* Where they stand, and where they began. What is held under the pointer stays there; `live` is for states that pass. */
    paint(state, live = false) {
      this.state = state;
      for (const [id, row] of this.rows) {
        const value = row.number === undefined ? state.positions[id] : state.z?.[row.number];
        if (value === undefined) continue;
        if (state.begun && !live) row.begin(row.number === undefined ? state.begun.positions?.[id] : state.begun.z?.[row.number]);
        row.put(value, this.held === id, live);
      }
    }

    heat(id) { for (const [each, row] of this.rows) row.hot?.setAttribute("aria-pressed", String(each === id)); }

    /* In words, what stands out of a state: the sliders that are farthest from the middle. */
    words(positions, most = 3) {
      const far = [...this.rows.values()].filter(({ one }) => one.less && one.group && Math.abs(positions[one.id] ?? 0) >= 1.2);
      far.sort((a, b) => Math.abs(positions[b.one.id]) - Math.abs(positions[a.one.id]));
      return far.slice(0, most).map(({ one }) => (positions[one.id] > 0 ? one.more : one.less));
    }

    title(id) {
      const one = this.rows.get(id)?.one;
      return one ? (one.less ? `${one.less} – ${one.more}` : one.label) : "";
    }

    #group({ id, title, about, sliders }) {
      const node = el("details", { class: "gw-bank-group", "data-group": id, open: gw.remembered(`bank.${id}`, true) }, el("summary", { title: about, text: title }), ...sliders.map((one) => this.#row(one)));
      node.addEventListener("toggle", () => gw.remember(`bank.${id}`, node.open));
      return node;
    }

    #row(one) {
      const input = this.#input(one);
      const output = el("output", { class: "gw-number" });
      const lock = el("button", { type: "button", class: "gw-bank-button gw-bank-lock", "aria-pressed": "false", title: "Lock: it stays as it is while others move (Space)", "aria-label": `Lock ${named(one)}`, onclick: () => this.lock(one.id) }, gw.icon("lock"));
      const hot = one.heat ? el("button", { type: "button", class: "gw-bank-button gw-bank-heat", "aria-pressed": "false", title: "What does this slider change? Shown over the picture (H)", "aria-label": `Show what ${named(one)} changes`, onclick: () => this.told.heat(one.id) }, gw.icon("eye")) : null;
      const back = el("button", { type: "button", class: "gw-bank-button gw-bank-back", title: "Back to where it began (double click, Backspace)", "aria-label": `Reset ${named(one)}`, onclick: () => this.reset(one.id) }, gw.icon("undo"));
      const words = one.label
        ? [el("span", { class: "gw-ellipsis", text: one.label }), one.note ? el("span", { class: "gw-quiet gw-number", text: one.note }) : null]
        : [el("span", { class: "gw-ellipsis", text: one.less }), el("span", { class: "gw-ellipsis gw-bank-more", text: one.more })];
      const node = el("div", { class: `gw-slider${one.label ? " gw-slider-named" : ""}`, "data-slider": one.id, title: one.about }, el("div", { class: "gw-slider-words" }, ...words), output, el("div", { class: "gw-slider-track" }, input), el("div", { class: "gw-slider-does" }, hot, back, lock));
      node.querySelector(".gw-slider-words").addEventListener("dblclick", () => this.reset(one.id));
      this.rows.set(one.id, { one, node, input, lock, hot, ...painter(one, input, output, node, back) });
      return node;
    }

    #input(one) {
      const input = el("input", { type: "range", min: one.low, max: one.high, step: "any", value: 0, "aria-label": named(one) });
      input.addEventListener("input", () => this.#move(one.id, Number(input.value)));
      input.addEventListener("change", () => this.#let());
      input.addEventListener("pointerdown", () => { this.#settle(); this.held = one.id; });
      input.addEventListener("dblclick", (event) => { event.preventDefault(); this.reset(one.id); });
      input.addEventListener("keydown", (event) => this.#key(event, one, input));
      input.addEventListener("blur", () => this.#settle());
      return input;
    }

    #move(id, to) {
      this.held = id;
      this.told.drag(id, to);
    }

    #let() {
      if (this.timer) return; // keys: the step is done when they rest
      this.held = null;
      this.told.release();
    }

    #settle() {
      if (!this.timer) return;
      clearTimeout(this.timer);
      this.timer = 0;
      this.held = null;
      this.told.release();
    }

    #key(event, one, input) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { plain, fine, page } = one.steps;
      const step = event.shiftKey ? fine : plain;
      const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: page, PageDown: -page, Home: -Infinity, End: Infinity }[event.key];
      if (by !== undefined) this.#nudge(one, input, by);
      else if (event.key === " ") this.lock(one.id);
      else if (event.key === "Backspace") this.reset(one.id);
      else if (event.key.toLowerCase() === "h" && one.heat) this.told.heat(one.id);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    #nudge(one, input, by) {
      const from = Number(input.value);
      const to = Math.min(Math.max(Number.isFinite(by) ? Math.round((from + by) / STEPS.fine) * STEPS.fine : by, one.low), one.high);
      input.value = to;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#settle(), PAUSE_MS);
      this.#move(one.id, to);
    }

    lock(id) {
      if (!this.locked.delete(id)) this.locked.add(id);
      this.#paintLock(id);
    }

    #paintLock(id) {
      const row = this.rows.get(id);
      row.lock?.setAttribute("aria-pressed", String(this.locked.has(id)));
      row.node.classList.toggle("gw-locked-slider", this.locked.has(id));
    }

    /* Back to where it began, with the others where they are. */
    reset(id) {
      const row = this.rows.get(id);
      const to = row.number === undefined ? this.state?.begun?.positions?.[id] : this.state?.begun?.z?.[row.number];
      if (to === undefined) return;
      this.#settle();
      this.told.drag(id, to);
      this.told.release();
    }

    /* The latent itself, number by number: built when somebody looks. */
    #advanced(model) {
      const grid = el("div", { class: "gw-bank-numbers" });
      const node = el("details", { class: "gw-bank-group", "data-group": "advanced" }, el("summary", { text: "Advanced", title: "The latent itself, number by number" }), el("p", { class: "gw-quiet", text: `${model.numbers < model.all ? `The first ${model.numbers} of the ${model.all} numbers of the latent, as the model draws them; the rest is detail.` : `The ${model.numbers} numbers of the latent, as the model draws them.`} No single one means anything; together they are ${model.numbers < model.all ? "the whole at a glance" : "everything"}.` }), grid);
      node.addEventListener("toggle", () => {
        if (node.open && !grid.children.length) grid.append(...Array.from({ length: model.numbers }, (_, index) => this.#number(index)));
        this.told.advanced(node.open);
      });
      return node;
    }

    #number(number) {
      const one = { id: `z:${number}`, label: String(number), low: -FAR_Z, high: FAR_Z, steps: STEPS, shown: signed, about: `Number ${number} of the latent` };
      const input = this.#input(one);
      const output = el("output", { class: "gw-number" });
      const node = el("label", { class: "gw-slider-number", "data-slider": one.id, title: `${one.about}. Double click: back to where it began.` }, el("span", { class: "gw-quiet gw-number", text: number }), input, output);
      this.rows.set(one.id, { one, node, input, number, ...painter(one, input, output, node) });
      return node;
    }
  };

  const named = (one) => (one.less ? `${one.less} to ${one.more}` : one.label);

  const hidden = (all) =>
    el("p", { class: "gw-quiet gw-bank-hidden", title: all.map(({ title, why }) => `${title}: ${why}`).join("\n"), text: `Not shown, since this model does not follow them well enough: ${all.map(({ title }) => title.toLowerCase()).join(", ")}.` });

  /* How a slider shows its position, and where it began. Only what changes is written: a bank is painted at every step of
     a drag, and what a state that passes would change by less than a pixel is left alone. */
  function painter(one, input, output, node, back = null) {
    const { low, high } = one;
    const percent = (value) => (100 * (Math.min(Math.max(value, low), high) - low)) / (high - low);
    const written = {};
    const write = (name, value, put) => { if (written[name] !== value) { written[name] = value; put(value); } };
    const style = (name, value) => write(name, value, () => node.style.setProperty(name, value));
    let begun = null;
    let last = null;
    const tell = (value) => {
      const ends = [percent(begun ?? (low < 0 ? 0 : low)), percent(value)];
      const moved = begun !== null && Math.abs(value - begun) > 0.004 * (high - low);
      write("text", one.shown(value), (text) => { output.textContent = text; input.setAttribute("aria-valuetext", text); });
      style("--low", `${Math.min(...ends).toFixed(1)}%`);
      style("--high", `${Math.max(...ends).toFixed(1)}%`);
      write("moved", moved, () => { node.classList.toggle("gw-moved", moved); if (back) back.disabled = !moved; });
    };
    return {
      put(value, held, live) {
        if (live && last !== null && Math.abs(value - last) < PIXEL * (high - low)) return;
        last = value;
        if (!held) input.value = value;
        tell(value);
      },
      begin(value) {
        begun = value ?? null;
        style("--begun-share", (percent(value ?? 0) / 100).toFixed(4));
      },
    };
  }
})();
