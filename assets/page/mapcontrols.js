/* The settings of the map. What a model cannot serve is absent, with one quiet line that says why. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const METHODS = {
    pca: ["PCA", "Laid out at once: the two directions in which what the model makes differs most"],
    umap: ["UMAP", "Laid out so that what is alike lies together; takes a while the first time"],
    measured: ["Measured axes", "Laid out by what is measured: any two attributes, also called an expressive range map"],
  };

  const field = (id, name, input, ...beside) =>
    el("div", { id, class: "gw-field" }, el("label", { for: `${id}-input`, text: name }), el("div", { class: "gw-row" }, input, ...beside));

  /* changed(name) is called with "layout" when the map is another, with "colour", "kept" or "training" when its looks are. */
  gw.mapControls = (bounds, changed) => {
    const number = (id, name, low, high, value) =>
      el("input", { id: `${id}-input`, type: "number", inputmode: "numeric", min: low, max: high, step: 1, value, "aria-label": name, autocomplete: "off", onchange: () => settle() });
    const method = el("div", { class: "gw-map-choice", role: "radiogroup", "aria-label": "Method" });
    const why = el("p", { class: "gw-quiet gw-map-why" });
    const axisX = el("select", { id: "map-x-input", "aria-label": "Across", onchange: () => apart(axisY, axisX) });
    const axisY = el("select", { id: "map-y-input", "aria-label": "Up", onchange: () => apart(axisX, axisY) });
    const swap = gw.iconButton("swap", "Swap the axes", { onclick: () => { [axisX.value, axisY.value] = [axisY.value, axisX.value]; settle(); } });
    const axes = el("div", { class: "gw-map-axes" }, field("map-x", "Across", axisX), swap, field("map-y", "Up", axisY));
    const colour = el("select", { id: "map-colour-input", "aria-label": "Colour", onchange: () => { state.chosen = colour.value; changed("colour"); } });
    const about = el("p", { class: "gw-quiet" });
    const count = number("map-count", "Samples", bounds.fewest, bounds.most, bounds.usual);
    const seed = number("map-seed", "Seed", 0, bounds.seed, 0);
    const dice = gw.iconButton("dice", "Other samples: a new seed", { onclick: () => { seed.value = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000; settle(); } });
    const overlay = (name, title) => {
      const box = el("input", { type: "checkbox", id: `map-${name}-input`, onchange: () => changed(name) });
      const said = el("p", { class: "gw-quiet gw-map-said", id: `map-${name}-said` });
      return { box, said, node: el("div", { id: `map-${name}` }, el("label", { class: "gw-check" }, box, el("span", { text: title })), said) };
    };
    const own = overlay("kept", "My kept items");
    const examples = overlay("training", "Training examples");
    own.box.checked = true;
    const fault = el("p", { class: "gw-field-fault", role: "alert", hidden: true });
    const body = el(
      "div",
      { class: "gw-settings-body" },
      el("div", { id: "map-method", class: "gw-field" }, el("span", { class: "gw-label", text: "Method" }), method, why),
      axes,
      el("div", { id: "map-colour", class: "gw-field" }, el("label", { for: "map-colour-input", text: "Colour" }), colour, about),
      el("div", { class: "gw-pair" }, field("map-count", "Samples", count), field("map-seed", "Seed", seed, dice)),
      el("div", { id: "map-overlays", class: "gw-field" }, el("span", { class: "gw-label", text: "Also shown" }), own.node, examples.node),
    );
    const more = el("button", { type: "button", class: "gw-button gw-phone-only", "aria-expanded": "false", onclick: () => fold() }, el("span", { text: "Settings of the map" }), gw.icon("down"));
    const node = el("aside", { class: "gw-settings gw-map-settings", "aria-label": "Settings of the map" }, more, body, fault);
    const state = { method: null, chosen: null, usual: "none", attributes: [] };

    function fold() {
      const open = node.classList.toggle("gw-open");
      more.setAttribute("aria-expanded", String(open));
    }

    node.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));

    /* The same on both axes would be a line: the other axis takes what this one had. */
    function apart(other, chosen) {
      if (other.value === chosen.value) other.value = chosen.before;
      settle();
    }

    function settle() {
      paint();
      try {
        read();
        say("");
        changed("layout");
      } catch (error) {
        say(error.message);
      }
    }

    const say = (sentence) => {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    };

    const option = (value, text) => el("option", { value, text });

    /* A model, and what was told about its maps. */
    function serve(model, told) {
      Object.assign(state, { model, attributes: told.attributes, axes: told.axes, usual: "none" });
      if (!told.methods.includes(state.method)) state.method = told.methods[0];
      why.textContent = told.why;
      method.replaceChildren(...told.methods.map((name) => el("button", { type: "button", role: "radio", class: "gw-map-segment", "data-method": name, title: METHODS[name][1], text: METHODS[name][0], onclick: () => { state.method = name; settle(); } })));
      for (const [select, name] of [[axisX, told.axes[0]], [axisY, told.axes[1]]]) {
        const before = select.value;
        select.replaceChildren(...told.attributes.map((one) => option(one.name, one.title)));
        select.value = told.attributes.some((one) => one.name === before) ? before : name;
      }
      colours(model, told);
      examples.box.disabled = !told.examples;
      if (!told.examples) examples.box.checked = false;
      examples.said.textContent = told.examples ? "" : `${model.title} was stored without examples of what it learned from.`;
      own.said.textContent = "";
      paint();
    }

    /* The same model, which has learned more since. */
    function renew(model) {
      if (state.model?.name === model.name) state.model = model;
    }

    function colours(model, told) {
      const classes = !told.labelled ? [] : model.exclusive ? [option("class", "Class")] : model.classes.map((name, at) => option(`tag:${at}`, name));
      const group = (label, options) => (options.length ? [el("optgroup", { label }, ...options)] : []);
      colour.replaceChildren(
        option("none", "None"),
        ...(model.exclusive ? classes : group("With", classes)),
        ...(model.kind === "level" ? [option("playable", "Playable")] : []),
        option("kept", "Kept"),
        ...group("Measured", told.attributes.map((one) => option(`attribute:${one.name}`, one.title))),
      );
      colour.value = state.chosen;
      if (colour.selectedIndex < 0) state.chosen = null;
      tint(false);
    }

    /* The colour until a person chooses one: what tells most, where it is measured already; nothing is measured unasked. */
    function tint(measured) {
      const across = state.method === "measured";
      const other = state.attributes.find((one) => !state.axes.includes(one.name)) ?? state.attributes[0];
      const telling = !across ? `attribute:${state.axes[0]}` : state.model.kind === "level" ? "playable" : `attribute:${other.name}`;
      state.usual = measured ? telling : "none";
      colour.value = state.chosen ?? state.usual;
    }

    function paint() {
      for (const one of method.children) {
        const on = one.dataset.method === state.method;
        one.setAttribute("aria-checked", String(on));
        one.tabIndex = on ? 0 : -1;
      }
      axes.hidden = state.method !== "measured";
      for (const axis of [axisX, axisY]) axis.before = axis.value;
    }

    method.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = [...method.children].indexOf(event.target);
      if (!step || at < 0) return;
      event.preventDefault();
      const next = method.children[(at + step + method.children.length) % method.children.length];
      next.focus();
      next.click();
    });

    function whole(input, name) {
      const value = Number(input.value);
      const [low, high] = [Number(input.min), Number(input.max)];
      if (input.value.trim() !== "" && Number.isInteger(value) && value >= low && value <= high) return value;
      input.setAttribute("aria-invalid", "true");
      throw new Error(`${name} is a whole number from ${low} to ${high}, but ${input.value.trim() === "" ? "nothing" : input.value} came.`);
    }

    const read = () => ({
      wish: { model: state.model.name, digest: state.model.digest, seed: whole(seed, "The seed"), condition: [], variety: null },
      count: whole(count, "The number of samples"),
      method: state.method,
      axes: state.method === "measured" ? [axisX.value, axisY.value] : null,
    });

    const attribute = (name) => state.attributes.find((one) => one.name === name);
    const told = (name, sentence) => { (name === "kept" ? own : examples).said.textContent = sentence; };
    const describe = (sentence) => { about.textContent = sentence; };

    const back = (name) => { state.method = name; paint(); };

    return {
      node, serve, renew, read, say, attribute, told, describe, back, tint,
      get colour() { return state.chosen ?? state.usual; },
      get own() { return own.box.checked; },
      get examples() { return examples.box.checked; },
    };
  };
})();
