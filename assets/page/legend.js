/* The legend of a map as it was understood: what each tile looks like and does, and a way to correct that. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const BOX = 32;
  const SWEEP_PIXELS = 6;
  /* What a tile is called by when it does several things: the rarest first. */
  const FIRST = ["start", "goal", "key", "door", "item", "enemy", "hazard", "device", "pushable", "breakable", "climbable", "liquid", "solid-top", "solid", "passable", "empty", "void"];
  const WALKING = ["passable", "solid", "solid-top"];

  /* `tags` are the words of the page. Gives the node, and `read`: corrected tags by tile name. */
  gw.legendEditor = (legend, tags) => {
    const words = Object.fromEntries(tags.map((tag) => [tag.name, tag.title]));
    const entries = legend.map((entry) => ({ ...entry, now: new Set(entry.tags), was: [...entry.tags].sort().join() }));
    const changed = (entry) => [...entry.now].sort().join() !== entry.was;
    const chosen = new Set();
    let last = 0;

    const cells = entries.map((entry, index) => cell(entry, (event) => choose(index, event)));
    const grid = el("div", { class: "gw-legend", role: "group", "aria-label": "Legend" }, ...cells);
    const name = el("span", { class: "gw-legend-name gw-ellipsis" });
    const back = el("button", { type: "button", class: "gw-link", text: "As it was", onclick: () => reset() });
    const others = el("button", { type: "button", class: "gw-link", title: "Choose the tiles of which nothing is said yet", onclick: () => take(unsaid()) });
    const chips = tags.map((tag) => el("button", { type: "button", class: "gw-chip", role: "checkbox", "data-tag": tag.name, title: tag.summary, text: tag.title, onclick: () => toggle(tag.name) }));
    const editor = el("div", { class: "gw-legend-edit", role: "group", "aria-label": "What the chosen tiles do", hidden: true }, el("div", { class: "gw-row" }, name, others, back, gw.iconButton("close", "Done", { onclick: () => clear() })), el("div", { class: "gw-chips" }, ...chips));
    const node = el("div", { class: "gw-legend-box" }, grid, editor);
    entries.forEach((_, index) => paint(index));
    gw.sweep(grid, cells, (swept, event) => take(event.ctrlKey || event.metaKey || event.shiftKey ? [...chosen, ...swept] : swept));
    node.addEventListener("keydown", (event) => {
      const all = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
      if (!all && !(event.key === "Escape" && chosen.size)) return;
      event.preventDefault(); // or the text of the dialog is selected, or the dialog closed
      event.stopPropagation();
      take(all ? entries.keys() : []);
    });

    const unsaid = () => [...entries.keys()].filter((index) => !entries[index].now.size && !chosen.has(index));

    function take(indices) {
      const next = [...indices];
      chosen.clear();
      next.forEach((index) => chosen.add(index));
      show();
    }

    function choose(index, event) {
      const range = event.shiftKey ? Array.from({ length: Math.abs(index - last) + 1 }, (_, at) => Math.min(index, last) + at) : [index];
      const more = event.shiftKey || event.ctrlKey || event.metaKey;
      const alone = chosen.size === 1 && chosen.has(index);
      if (!more) chosen.clear();
      for (const one of range) {
        if ((more && !event.shiftKey && chosen.has(one)) || alone) chosen.delete(one);
        else chosen.add(one);
      }
      last = index;
      show();
      cells[index].scrollIntoView({ block: "nearest" }); // what opened below may lie over it
    }

    function clear() {
      chosen.clear();
      show();
    }

    const has = (tag) => [...chosen].every((index) => entries[index].now.has(tag));

    function toggle(tag) {
      const off = has(tag);
      for (const index of chosen) {
        const { now } = entries[index];
        // A tile cannot be both walked through and a wall.
        if (!off && WALKING.includes(tag)) WALKING.forEach((other) => now.delete(other));
        if (off) now.delete(tag);
        else now.add(tag);
        paint(index);
      }
      show();
    }

    function reset() {
      for (const index of chosen) {
        entries[index].now = new Set(entries[index].tags);
        paint(index);
      }
      show();
    }

    function show() {
      cells.forEach((one, index) => one.setAttribute("aria-pressed", String(chosen.has(index))));
      editor.hidden = !chosen.size;
      if (!chosen.size) return;
      const [first] = chosen;
      name.textContent = chosen.size === 1 ? entries[first].name : `${chosen.size} tiles`;
      name.title = name.textContent;
      const silent = unsaid().length;
      others.hidden = !silent;
      others.textContent = silent === 1 ? "The other one" : `The other ${silent}`;
      back.hidden = ![...chosen].some((index) => changed(entries[index]));
      for (const chip of chips) chip.setAttribute("aria-checked", String(has(chip.dataset.tag)));
    }

    function paint(index) {
      const { now, count, name: called } = entries[index];
      const role = FIRST.find((tag) => now.has(tag));
      const does = FIRST.filter((tag) => now.has(tag)).map((tag) => words[tag]).join(", ") || "nothing said";
      const node = cells[index];
      node.dataset.role = role ?? "";
      node.classList.toggle("gw-legend-changed", changed(entries[index]));
      node.querySelector(".gw-legend-role").textContent = role ? words[role] : "–";
      const told = `${called}: ${does}; ${gw.plural(count, "cell")}`;
      node.title = told;
      node.setAttribute("aria-label", told);
    }

    const read = () => Object.fromEntries(entries.filter(changed).map((entry) => [entry.name, [...entry.now]]));
    return { node, read };
  };

  /* A drag with the mouse over nodes: those under its box are told while it goes on. A click stays a click. */
  gw.sweep = (area, nodes, told) => {
    let from = null;
    let swept = false;
    const within = (node, event) => {
      const box = node.getBoundingClientRect();
      const [left, right] = [from.clientX, event.clientX].sort((a, b) => a - b);
      const [top, bottom] = [from.clientY, event.clientY].sort((a, b) => a - b);
      return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
    };
    area.addEventListener("dragstart", (event) => event.preventDefault());
    area.addEventListener("pointerdown", (event) => {
      swept = false;
      from = event.pointerType === "mouse" && event.button === 0 && event.target.closest("button") ? event : null;
    });
    area.addEventListener("pointermove", (event) => {
      if (!from || !(event.buttons & 1)) return;
      if (!swept && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < SWEEP_PIXELS) return;
      swept = true;
      const under = [...nodes.keys()].filter((index) => within(nodes[index], event));
      for (const [index, node] of nodes.entries()) node.classList.toggle("gw-swept", under.includes(index));
    });
    const end = (event) => {
      if (swept && from) {
        const under = [...nodes.keys()].filter((index) => nodes[index].classList.contains("gw-swept"));
        for (const node of nodes) node.classList.remove("gw-swept");
        told(under, event);
      }
      from = null;
    };
    for (const name of ["pointerup", "pointerleave", "pointercancel"]) area.addEventListener(name, end);
    area.addEventListener("click", (event) => { if (swept) event.stopPropagation(); swept = false; }, { capture: true });
  };

  const cell = (entry, onclick) => {
    const { width, height } = entry.picture;
    const scale = gw.largestScale(width, height, BOX, BOX);
    return el(
      "button",
      { type: "button", class: "gw-legend-tile", "aria-pressed": "false", onclick },
      el("span", { class: "gw-legend-picture" }, gw.picture(entry.picture, scale)),
      el("span", { class: "gw-legend-role" }),
      el("span", { class: "gw-legend-count gw-number", text: shortly(entry.count) }),
    );
  };

  const shortly = (count) => (count < 10_000 ? count.toLocaleString("en") : `${Math.round(count / 1000)}k`);
})();
