/* What a level should be like: exits, start and goal, more or less of what, only playable ones. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const MOST = 4;
  const SIDES = [["north", "North"], ["west", "West"], ["east", "East"], ["south", "South"]];
  const WORDS = { "solid-top": "platforms", solid: "solid", hazard: "hazards", item: "items", enemy: "enemies", door: "doors", key: "keys", device: "devices", start: "starts", goal: "goals", void: "void", empty: "empty space", passable: "open ground", climbable: "ladders", breakable: "breakable", pushable: "boxes", liquid: "liquid" };
  const ENDS = new Set(["start", "goal"]);
  const STOPS = gw.STOPS = ["solid", "solid-top", "climbable", "void", "liquid", "hazard", "breakable", "pushable"];

  gw.shapeControls = (model) => {
    if (!model.shape) return { nodes: [absent("Shape", "Exits, paths and more or less of a kind of tile are wishes for levels; this model makes sprites.")], read: () => ({}) };
    const compass = compassOf();
    // Where nothing stops anybody, every level could be walked through: to check that says nothing.
    const checked = STOPS.some((tag) => model.shape.tags.includes(tag));
    const playable = !checked ? null : check("sample-playable", "Only playable", "Draws again until one gets from start to goal, by the rules of the style; repairs the level when that does not help.");
    const ends = model.shape.ends ? check("sample-ends", "Start and goal", "Every level has one start and a goal.") : null;
    const tags = model.shape.nudges ? model.shape.tags.filter((tag) => !ENDS.has(tag)) : [];
    const nudges = tags.map(nudgeOf);
    const more = nudges.length
      ? el("details", { class: "gw-more", id: "sample-nudges" }, el("summary", { text: "More or less of" }), el("div", { class: "gw-nudges" }, ...nudges.map((one) => one.node)))
      : model.shape.nudges ? null : absent("More or less of", "This model draws a level as a whole, so it cannot be told to use more or less of a tile. Models of the Markov family can.");
    if (nudges.length) {
      more.open = gw.remembered("moreOpen", false);
      more.addEventListener("toggle", () => gw.remember("moreOpen", more.open));
    }

    function read() {
      const shape = {};
      if (compass.read().length) shape.exits = compass.read();
      if (ends?.read()) shape.ends = true;
      if (playable?.read()) shape.playable = true;
      const amounts = Object.fromEntries(nudges.map((one) => [one.tag, one.read()]).filter(([, amount]) => amount));
      if (Object.keys(amounts).length) shape.nudges = amounts;
      return Object.keys(shape).length ? { shape } : {};
    }

    const head = el("div", { class: "gw-field gw-shape" }, el("span", { class: "gw-label", text: "Exits wanted" }), el("div", { class: "gw-shape-row" }, compass.node, el("div", { class: "gw-checks" }, playable?.node ?? null, ends?.node ?? null)));
    return { nodes: [head, checked ? null : unsaid(model), more].filter(Boolean), read };
  };

  const absent = (name, sentence) => el("div", { class: "gw-field gw-absent" }, el("span", { class: "gw-label", text: name }), el("p", { class: "gw-quiet", text: sentence }));

  /* Right after a map was learned its legend can still be corrected; later it is learned once more. */
  function unsaid(model) {
    const node = absent("Only playable", "Nothing says which tiles stop a player, so a way through cannot be checked, nor can there be more or less of anything.");
    node.id = "sample-unsaid";
    node.append(gw.intake?.corrects(model.name)
      ? el("button", { type: "button", class: "gw-button gw-small", text: "Say what tiles do", onclick: () => gw.intake.correct() })
      : el("p", { class: "gw-quiet", text: "Learn the map once more, and say in its legend what is solid." }));
    return node;
  }

  function check(id, text, title) {
    const input = el("input", { type: "checkbox", id: `${id}-input` });
    return { node: el("label", { class: "gw-check", id, title }, input, el("span", { text })), read: () => input.checked };
  }

  /* Four toggles around a little level. */
  function compassOf() {
    const chosen = new Set();
    const toggle = ([side, name]) =>
      el("button", {
        type: "button", class: `gw-exit gw-${side}`, "data-side": side, "aria-pressed": "false", "aria-label": `Exit ${side}`, title: `An exit on the ${side} side`, text: name[0],
        onclick: (event) => {
          if (!chosen.delete(side)) chosen.add(side);
          event.currentTarget.setAttribute("aria-pressed", String(chosen.has(side)));
        },
      });
    const node = el("div", { id: "sample-exits", class: "gw-compass", role: "group", "aria-label": "Exits wanted" }, ...SIDES.map(toggle), el("i", { "aria-hidden": "true" }));
    return { node, read: () => [...chosen] };
  }

  /* From less to more of a tag; in the middle the level has as much of it as the model learned. */
  function nudgeOf(tag) {
    const id = `sample-nudge-${tag}`;
    const name = WORDS[tag] ?? tag;
    const slider = el("input", { id: `${id}-input`, type: "range", min: -MOST, max: MOST, step: 0.5, value: 0, "aria-label": `More or less ${name}` });
    const shown = el("output", { class: "gw-number", for: `${id}-input` });
    const paint = () => {
      const amount = Number(slider.value);
      const [low, high] = [Math.min(0, amount), Math.max(0, amount)].map((each) => 50 + (50 * each) / MOST);
      shown.textContent = amount ? `${amount > 0 ? "+" : "−"}${Math.abs(amount)}` : "0";
      slider.style.setProperty("--low", `${low}%`);
      slider.style.setProperty("--high", `${high}%`);
      slider.setAttribute("aria-valuetext", amount ? `${Math.abs(amount)} ${amount > 0 ? "more" : "less"}` : "as learned");
    };
    const reset = () => { slider.value = 0; paint(); };
    slider.addEventListener("input", paint);
    slider.addEventListener("dblclick", reset);
    paint();
    const node = el("div", { id, class: "gw-nudge", title: `Less ${name} to the left, more to the right: what is added to the log-chance of these tiles. Double click: as learned.` }, el("label", { for: `${id}-input`, text: name, ondblclick: reset }), slider, shown);
    return { tag, node, read: () => Number(slider.value) };
  }
})();
