/* What is asked for: how well, with which family and settings, under which name; and what that takes on this machine. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PRESETS = { quick: ["Quick", "A first look"], good: ["Good", "Fit to choose from"], best: ["Best", "The finest of these data"] };
  const POLL_MS = 400;
  const SETTLE_MS = 500;

  const inGiga = (bytes) => (bytes < 1e8 ? "under 0.1 GB" : `${(bytes / 1e9).toFixed(1)} GB`);

  /*
   * ask         asks the server
   * bounds      of seed, window and hold-out
   * started(job)  is told of a job that was queued
   */
  gw.trainOrder = ({ ask, bounds, started }) => {
    const cards = Object.fromEntries(Object.keys(PRESETS).map((name) => [name, presetCard(name, () => choosePreset(name))]));
    const box = el("div", { id: "train-preset", class: "gw-presets", role: "radiogroup", "aria-label": "How well" }, ...Object.values(cards).map((card) => card.node));
    const family = el("select", { id: "train-family-input", onchange: () => suggest() });
    const familyAbout = el("p", { class: "gw-quiet" });
    const form = new gw.SettingsForm(() => edited());
    const flips = el("p", { id: "train-flips-why", class: "gw-quiet" });
    const seed = number("train-seed", 0, bounds.seed, "0");
    const dice = gw.iconButton("dice", "Another seed", { onclick: () => { seed.value = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000; edited(); } });
    const window_ = number("train-window", ...bounds.window, "whole");
    const holdOut = number("train-hold-out", 0, bounds.holdOut, "0");
    const device = el("select", { id: "train-device-input", onchange: () => edited(true) }, el("option", { value: "auto", text: "Automatic" }), el("option", { value: "cpu", text: "CPU" }), el("option", { value: "cuda", text: "GPU" }));
    const windowField = field("train-window", "Window, tiles", window_, "Levels are cut into windows of this many tiles on a side; empty takes what suits the family");
    const deviceField = field("train-device", "Computed by", device, "What computes: the graphics card where there is one");
    const own = el("div", { class: "gw-form" }, field("train-seed", "Seed", el("div", { class: "gw-row" }, seed, dice), "Of everything random: the same seed and data make the same model"), windowField, field("train-hold-out", "Held out, %", holdOut, "Share of the data that the model never sees: what it learned is measured with it, and learning stops when it gets worse there"), deviceField);
    const advanced = el(
      "details",
      { class: "gw-more gw-train-advanced" },
      el("summary", { text: "Advanced" }),
      el("div", { id: "train-family", class: "gw-field" }, el("label", { for: "train-family-input", text: "Family" }), family, familyAbout),
      own,
      form.node,
      flips,
    );
    const changedMark = el("span", { class: "gw-form-count", hidden: true });
    advanced.firstChild.append(changedMark);
    advanced.addEventListener("toggle", () => { if (advanced.open) advanced.scrollIntoView({ block: "start" }); }); // it opens below the fold
    const name = el("input", { id: "train-name-input", type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false", oninput: () => { named = name.value.trim() !== ""; } });
    const takes = el("p", { id: "train-cost", class: "gw-quiet gw-train-cost", role: "status" });
    const startWords = el("span", { text: "Train" });
    const start = el("button", { type: "button", id: "train-start", class: "gw-button gw-accent gw-run", disabled: true, onclick: () => begin() }, startWords);
    const fault = el("p", { id: "train-fault", class: "gw-field-fault", role: "alert", hidden: true });
    const node = el("div", { class: "gw-field" }, el("span", { class: "gw-label", text: "How well" }), box);
    const foot = el("div", { class: "gw-train-foot" }, el("div", { id: "train-name", class: "gw-field" }, el("label", { for: "train-name-input", text: "Name of the model" }), name), takes);

    let set = null; // the data
    let told = null; // what the server suggests for them
    let preset = gw.remembered("trainPreset", "quick");
    let named = false;
    let latest = 0;
    let settling = 0;

    box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const names = Object.keys(PRESETS);
      choosePreset(names[(names.indexOf(preset) + step + names.length) % names.length]);
      cards[preset].node.focus();
    });
    for (const input of [seed, window_, holdOut]) input.addEventListener("input", () => edited());
    name.addEventListener("keydown", (event) => { if (event.key === "Enter" && !start.disabled) { event.preventDefault(); begin(); } });

    const say = (sentence) => {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    };

    function paintCards() {
      for (const [one, card] of Object.entries(cards)) card.choose(one === preset);
    }

    /* Other data: what is suggested for them is asked, and what it costs is measured. */
    async function serve(next, looked) {
      const other = next?.name !== set?.name;
      set = next;
      say("");
      if (other) {
        latest += 1;
        told = null;
        start.disabled = true;
        takes.textContent = "";
        if (!named) name.value = set ? set.title.slice(0, 80) : "";
        for (const card of Object.values(cards)) card.wait();
        paintCards();
      }
      if (set && looked && !looked.fault) await suggest(other);
      if (looked?.fault) for (const card of Object.values(cards)) card.show(null);
    }

    async function suggest(fresh = false) {
      const mine = ++latest;
      const kept = fresh ? {} : form.changes;
      try {
        const answer = await ask("train_presets", { data: set.name, family: fresh || !told ? null : family.value });
        if (mine !== latest) return;
        told = answer;
        family.replaceChildren(...answer.families.map((one) => el("option", { value: one.name, text: one.title })));
        windowField.hidden = answer.kind !== "level";
        deviceField.hidden = !answer.gpu; // with one there is no choice
        flips.textContent = answer.why;
        flips.hidden = !answer.why;
        if (fresh) for (const input of [seed, window_, holdOut]) input.value = "";
        suited(kept);
        start.disabled = false;
        await estimateAll(mine);
      } catch (error) {
        if (mine === latest) say(error.message);
      }
    }

    /* The fields show what the chosen preset suggests. */
    function suited(kept = form.changes) {
      const one = told.presets[preset];
      family.value = one.family;
      familyAbout.textContent = told.families.find(({ name: each }) => each === one.family)?.summary ?? "";
      window_.placeholder = one.window ?? "whole";
      holdOut.placeholder = Math.round(100 * one.hold_out);
      form.serve(one.fields, kept);
      mark();
    }

    function choosePreset(next) {
      preset = next;
      gw.remember("trainPreset", next);
      paintCards();
      if (!told) return;
      const { family: before } = told.presets[preset];
      if (family.value !== before) form.serve([]); // settings of another family mean something else
      suited();
      edited(true);
    }

    /* What was changed by hand counts for the chosen card: its cost is measured again once the typing is over. */
    function edited(now = false) {
      mark();
      say("");
      clearTimeout(settling);
      settling = setTimeout(() => estimate(preset, latest), now ? 0 : SETTLE_MS);
    }

    function mark() {
      const count = Object.keys(form.changes).length + [seed, window_, holdOut].filter((input) => input.value.trim() !== "").length;
      changedMark.hidden = !count;
      changedMark.textContent = `${count} changed`;
    }

    const estimateAll = (mine) => Promise.all(Object.keys(PRESETS).sort((one) => (one === preset ? -1 : 1)).map((one) => estimate(one, mine)));

    /* Asked until it is measured; what nobody waits for any more is let go. */
    async function estimate(one, mine) {
      const card = cards[one];
      let order;
      try {
        order = read(one);
      } catch {
        return; // it is said when somebody starts
      }
      const wanted = (card.wanted = JSON.stringify(order));
      const current = () => mine === latest && card.wanted === wanted;
      card.wait();
      try {
        for (;;) {
          const cost = await ask("train_cost", { order });
          if (!current()) return;
          if (cost.state !== "measuring") return show(one, cost);
          await new Promise((done) => setTimeout(done, POLL_MS));
        }
      } catch (error) {
        if (current()) show(one, { state: "failed", why: error.message });
      }
    }

    function show(one, cost) {
      cards[one].show(cost);
      if (one !== preset) return;
      takes.textContent = cost.why ?? "";
      takes.classList.toggle("gw-train-refused", Boolean(cost.why));
    }

    /* The order as it stands. Raises an error in the words of a field. */
    function read(one = preset) {
      const mine = one === preset;
      return {
        data: set.name,
        preset: one,
        family: told.presets[one].family,
        settings: mine ? form.read() : {},
        window: mine ? whole(window_, "The window") : null,
        hold_out: mine ? (whole(holdOut, "The share held out") ?? null) : null,
        seed: whole(seed, "The seed") ?? 0,
        device: device.value,
      };
    }

    async function begin() {
      if (start.disabled) return;
      say("");
      start.disabled = true;
      const waits = setTimeout(() => { startWords.textContent = "Measuring memory…"; }, 300); // what was not measured yet is, first
      try {
        const { job } = await ask("train_start", { order: { ...read(), title: name.value.trim() || set.title } });
        named = false;
        name.value = set.title.slice(0, 80);
        started(job);
      } catch (error) {
        say(error.message);
      }
      clearTimeout(waits);
      startWords.textContent = "Train";
      start.disabled = !told;
    }

    paintCards();
    return { node, advanced, foot, start, fault, serve, begin, preset: choosePreset };
  };

  function presetCard(name, choose) {
    const [title, about] = PRESETS[name];
    const time = el("span", { class: "gw-preset-time gw-number" });
    const line = el("span", { class: "gw-preset-line gw-ellipsis", text: about });
    const room = el("span", { class: "gw-preset-room gw-number" });
    const node = el("button", { type: "button", id: `train-preset-${name}`, class: "gw-preset", role: "radio", "aria-checked": "false", onclick: choose }, el("span", { class: "gw-preset-title", text: title }), time, line, room);
    return {
      node,
      wanted: "",
      choose(on) {
        node.setAttribute("aria-checked", String(on));
        node.tabIndex = on ? 0 : -1;
      },
      wait() {
        node.classList.remove("gw-preset-refused");
        node.classList.add("gw-preset-waiting");
        time.textContent = "measuring…";
        room.textContent = "";
      },
      show(cost) {
        node.classList.remove("gw-preset-waiting");
        node.classList.toggle("gw-preset-refused", cost?.fits === false);
        time.textContent = cost?.seconds === undefined ? "" : `about ${gw.duration(cost.seconds)}`;
        room.textContent = cost?.bytes === undefined ? "" : inGiga(cost.bytes);
        node.title = cost?.told ?? cost?.why ?? "";
      },
    };
  }

  const field = (id, title, input, about) => el("div", { id, class: "gw-field gw-form-field", title: about }, el("label", { for: `${id}-input`, text: title }), input);
  const number = (id, low, high, placeholder) => el("input", { id: `${id}-input`, type: "number", inputmode: "numeric", min: low, max: high, step: 1, placeholder, autocomplete: "off" });

  /* A whole number of a field, null where nothing is said. */
  function whole(input, name) {
    const text = input.value.trim();
    if (text === "" && !input.validity.badInput) return null;
    const value = Number(text);
    if (text !== "" && Number.isInteger(value) && value >= Number(input.min) && value <= Number(input.max)) return value;
    input.focus();
    throw new Error(`${name} is a whole number from ${input.min} to ${input.max}, but ${text || "something else"} came.`);
  }
})();
