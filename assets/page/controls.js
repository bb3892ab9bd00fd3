/* The settings of the Sample tab. A control that the model cannot serve is absent, with one quiet line that says why. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const FILTER_FROM = 18;
  const COUNT = { sprite: 36, level: 12 };

  /* A labelled field; the wrapper carries the id, the input its own. */
  const field = (id, name, input, ...beside) =>
    el("div", { id, class: "gw-field" }, el("label", { for: `${id}-input`, text: name }), el("div", { class: "gw-row" }, input, ...beside));

  const number = (id, name, low, high, value) =>
    el("input", { id: `${id}-input`, type: "number", inputmode: "numeric", min: low, max: high, step: 1, value, "aria-label": name, autocomplete: "off" });

  /* A whole number within the bounds, or an error in the words of the field. */
  const whole = (input, name) => {
    const value = Number(input.value);
    const [low, high] = [Number(input.min), Number(input.max)];
    if (input.value.trim() !== "" && Number.isInteger(value) && value >= low && value <= high) return value;
    input.setAttribute("aria-invalid", "true");
    input.focus();
    throw new Error(`${name} is a whole number from ${low} to ${high}, but ${input.value.trim() === "" ? "nothing" : input.value} came.`);
  };

  gw.controls = (run) => {
    const limits = gw.state.limits;
    const seedMost = limits.seed;
    const newSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;

    const seed = number("sample-seed", "Seed", 0, seedMost, newSeed());
    const dice = gw.iconButton("dice", "Sample with a new seed (D)", { onclick: () => roll() });
    const pin = el("label", { class: "gw-check", title: "Off: every Sample takes a new seed. On: the same seed, and so the same samples." }, el("input", { type: "checkbox" }), el("span", { text: "Stay with this seed" }));
    const pinned = pin.firstChild;
    const count = number("sample-count", "Count", 1, limits.count, COUNT.sprite);
    const button = el("button", { type: "button", id: "sample-run", class: "gw-button gw-accent gw-run", title: "Sample (S)", disabled: true, onclick: () => run() }, el("span", { text: "Sample" }));
    const fault = el("p", { class: "gw-field-fault", role: "alert", hidden: true });
    const settings = el("div", { class: "gw-settings-body" });
    const more = el("button", { type: "button", class: "gw-button gw-phone-only", "aria-expanded": "false", onclick: () => fold() }, el("span", { text: "Settings" }), gw.icon("down"));
    const node = el("aside", { class: "gw-settings", "aria-label": "Settings" }, settings, fault, el("div", { class: "gw-run-row" }, more, button));
    let model = null;
    let variety = null;
    let size = null;
    let shape = null;
    let chips = null;
    let finish = null;
    let used = null;

    seed.addEventListener("input", () => { pinned.checked = true; });
    node.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); run(); }
    });

    function fold() {
      const open = node.classList.toggle("gw-open");
      more.setAttribute("aria-expanded", String(open));
    }

    function roll() {
      seed.value = newSeed();
      used = null;
      run();
    }

    function serve(next) {
      if (next.kind !== model?.kind) count.value = Math.min(COUNT[next.kind], limits.count);
      model = next;
      button.disabled = false;
      used = null;
      variety = varietyOf(next);
      chips = next.classes.length ? chipsOf(next) : null;
      size = next.resizable ? sizeOf(next, limits.side) : null;
      shape = gw.shapeControls(next);
      finish = next.kind === "sprite" ? finishOf() : null;
      settings.replaceChildren(
        field("sample-seed", "Seed", seed, dice),
        pin,
        field("sample-count", "Count", count, el("span", { class: "gw-quiet", text: `of at most ${limits.count}` })),
        variety.node,
        chips?.node ?? quiet("Classes", "This model learned without classes, so there is none to choose."),
        size?.node ?? quiet("Size", `Always ${next.columns} × ${next.rows} ${next.kind === "level" ? "tiles. Models of the Markov family make any size." : "pixels, the size that it learned."}`),
        finish?.node ?? "",
        ...shape.nodes,
      );
    }

    /* The same model, which has learned more since: what is set stays. */
    function renew(next) {
      if (model?.name === next.name) model = next;
    }

    /* What is asked for now. A second Sample takes a new seed, unless a person stays with one. */
    function read() {
      if (!pinned.checked && used === seed.value) seed.value = newSeed();
      const wish = {
        model: model.name,
        digest: model.digest,
        seed: whole(seed, "The seed"),
        condition: chips?.read() ?? [],
        variety: variety.read(),
        ...(size?.read(whole) ?? {}),
        ...shape.read(),
        ...(finish?.read() ?? {}),
      };
      used = seed.value;
      return { wish, count: whole(count, "The count") };
    }

    const say = (sentence) => {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    };

    return { node, button, serve, renew, read, roll, say };
  };

  const quiet = (name, sentence) =>
    el("div", { class: "gw-field gw-absent" }, el("span", { class: "gw-label", text: name }), el("p", { class: "gw-quiet", text: sentence }));

  /* From the safe to the unusual: truncation of a GAN, temperature of the others. */
  function varietyOf(model) {
    const { name, low, high, default: usual } = model.variety;
    const slider = el("input", { id: "sample-variety-input", type: "range", min: low, max: high, step: 0.01, value: usual, "aria-label": "Variety" });
    const shown = el("output", { class: "gw-number", for: "sample-variety-input" });
    const tip = `From the usual to the unusual: the ${name} of this model, ${low} to ${high}. Double click: back to ${usual}.`;
    const paint = () => {
      shown.textContent = Number(slider.value).toFixed(2);
      slider.style.setProperty("--done", `${(100 * (slider.value - low)) / (high - low)}%`);
    };
    slider.addEventListener("input", paint);
    slider.addEventListener("dblclick", () => { slider.value = usual; paint(); });
    paint();
    const node = el(
      "div",
      { id: "sample-variety", class: "gw-field", title: tip },
      el("div", { class: "gw-row gw-between" }, el("label", { for: "sample-variety-input", text: "Variety" }), shown),
      slider,
      el("div", { class: "gw-row gw-between gw-quiet" }, el("span", { text: "usual" }), el("span", { text: "unusual" })),
    );
    return { node, read: () => Number(slider.value) };
  }

  /* One class where they exclude each other, several where they are tags. */
  function chipsOf(model) {
    const chosen = new Set();
    const box = el("div", { class: "gw-chips", role: model.exclusive ? "radiogroup" : "group", "aria-label": "Class" });
    const chip = (name, label) =>
      el("button", { type: "button", class: "gw-chip", role: model.exclusive ? "radio" : "checkbox", "data-class": name ?? "", text: label, onclick: () => choose(name) });
    const all = [chip(null, "any"), ...model.classes.map((name) => chip(name, name))];

    function choose(name) {
      const had = chosen.has(name);
      if (name === null || model.exclusive) chosen.clear();
      if (name !== null && had) chosen.delete(name);
      else if (name !== null) chosen.add(name);
      paint();
    }

    function paint() {
      for (const one of all) {
        const on = one.dataset.class ? chosen.has(one.dataset.class) : !chosen.size;
        one.setAttribute("aria-checked", String(on));
      }
    }

    const filter = el("input", { type: "search", class: "gw-filter", placeholder: "Find a class", "aria-label": "Find a class" });
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const one of all.slice(1)) one.hidden = !one.dataset.class.toLowerCase().includes(wanted) && !chosen.has(one.dataset.class);
    });

    box.append(...all);
    paint();
    const name = model.exclusive ? "Class" : "Classes";
    const node = el("div", { id: "sample-class", class: "gw-field" }, el("span", { class: "gw-label", text: name }), model.classes.length > FILTER_FROM ? filter : null, box);
    return { node, read: () => [...chosen] };
  }

  /* The last hand at sprites; asked for once, it is asked for of every model of sprites. */
  function finishOf() {
    const box = el("input", { type: "checkbox", id: "sample-finish" });
    box.checked = gw.remembered("finish", false);
    box.addEventListener("change", () => gw.remember("finish", box.checked));
    const node = el("label", { class: "gw-check", title: "Clean edges, no pixels that touch no other, and no more colours than sprites of its data usually have. Kept and exported like that; the sample before can be made again." }, box, el("span", { text: "Finish: few colours, clean edges" }));
    return { node, read: () => (box.checked ? { finish: true } : {}) };
  }

  function sizeOf(model, most) {
    const width = number("sample-width", "Width", 4, most, model.columns ?? 32);
    const height = number("sample-height", "Height", 4, most, model.rows ?? 24);
    const tiles = () => el("span", { class: "gw-quiet", text: "tiles" });
    const node = el(
      "div",
      { class: "gw-pair" },
      model.free.columns ? field("sample-width", "Width", width, tiles()) : quiet("Width", `Always ${model.columns} tiles`),
      model.free.rows ? field("sample-height", "Height", height, tiles()) : quiet("Height", `Always ${model.rows} tiles`),
    );
    return { node, read: (whole) => ({ columns: whole(width, "The width"), rows: whole(height, "The height") }) };
  }
})();
