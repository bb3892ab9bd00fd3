/* What to learn from: data that was kept before and what comes with genworld, and a closer look at the chosen one. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const THUMB = 32;
  const PICTURE = { width: 268, height: 132 };
  const AT_ONCE = 2;

  /*
   * ask            asks the server
   * chosen(data)   is told of the data chosen, with what is known of it once it was looked at; null for none
   */
  gw.trainData = ({ ask, chosen }) => {
    const list = el("div", { id: "train-data", class: "gw-sets", role: "listbox", "aria-label": "Data", tabindex: "0" });
    const bring = el("button", { type: "button", id: "train-bring", class: "gw-button gw-train-bring", title: "Sprites, tilesheets or maps of your own (O); dropping them anywhere does the same", onclick: () => gw.intake.open() }, gw.icon("upload"), el("span", { text: "Drop or choose files" }));
    const stage = el("div", { class: "gw-set-stage" });
    const facts = el("p", { class: "gw-set-facts" });
    const notes = el("ul", { class: "gw-notes gw-set-notes", hidden: true });
    const preview = el("div", { id: "train-preview", class: "gw-set-preview", "aria-live": "polite" }, stage, facts, notes);
    const node = el("div", { class: "gw-field gw-train-data" }, el("span", { class: "gw-label", text: "Learn from" }), bring, list, preview);
    const thumbs = new Map();
    let sets = [];
    let name = null;
    let latest = 0;

    list.addEventListener("keydown", (event) => {
      const at = sets.findIndex((set) => set.name === name);
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: sets.length - 1 }[event.key];
      if (event.key === "Delete" && sets[at]?.own) { event.preventDefault(); discard(sets[at]); }
      if (next === undefined) return;
      event.preventDefault();
      if (sets[next]) choose(sets[next].name);
    });

    /* The sets as they are now; `wanted` is chosen, else the one that was, else the first. */
    async function load(wanted = null) {
      const answer = await ask("train_data");
      sets = answer.sets;
      const before = name;
      name = null;
      list.replaceChildren(...rows());
      const there = (one) => sets.some((set) => set.name === one);
      choose([wanted, before, gw.remembered("trainData", null), sets[0]?.name].find(there) ?? null);
      fill();
    }

    function rows() {
      const own = sets.filter((set) => set.own);
      const rest = sets.filter((set) => !set.own);
      const heading = (text) => el("p", { class: "gw-set-heading", role: "presentation", text });
      return [...(own.length ? [heading("Yours"), ...own.map(row)] : []), ...(rest.length ? [heading("Come with genworld"), ...rest.map(row)] : [])];
    }

    const row = (set) =>
      el(
        "div",
        { class: "gw-set", role: "option", id: idOf(set.name), "data-name": set.name, "aria-selected": "false", onclick: () => choose(set.name) },
        thumbOf(set),
        el("span", { class: "gw-set-words" }, el("span", { class: "gw-set-title gw-ellipsis", text: set.title }), el("span", { class: "gw-set-line gw-ellipsis", text: [set.amount, set.licence].filter(Boolean).join(" · "), title: set.licence })),
        set.own ? gw.iconButton("trash", `Move ${set.title} to the trash (Delete)`, { tabindex: "-1", class: "gw-icon-button gw-discard", onclick: (event) => { event.stopPropagation(); discard(set); } }) : null,
      );

    const idOf = (one) => `set-${one.replace(/[^a-z0-9]+/gi, "-")}`;

    function thumbOf(set) {
      const place = el("span", { class: "gw-thumb" });
      if (thumbs.has(set.name)) place.append(thumbs.get(set.name).cloneNode());
      return place;
    }

    /* Pictures of the list, a few at a time: a set is opened for each. */
    async function fill() {
      const waiting = sets.filter((set) => !thumbs.has(set.name)).map((set) => set.name);
      const work = async () => {
        for (let one = waiting.shift(); one; one = waiting.shift()) {
          const { picture } = await ask("train_picture", { data: one }).catch(() => ({}));
          if (!picture) continue;
          thumbs.set(one, gw.picture(picture, gw.largestScale(picture.width, picture.height, THUMB, THUMB)));
          list.querySelector(`#${idOf(one)} .gw-thumb`)?.replaceChildren(thumbs.get(one).cloneNode());
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }

    async function choose(next) {
      if (next === name) return;
      name = next;
      for (const one of list.querySelectorAll(".gw-set")) one.setAttribute("aria-selected", String(one.dataset.name === next));
      const set = sets.find((one) => one.name === next);
      if (!set) { preview.hidden = true; return chosen(null); }
      gw.remember("trainData", next);
      list.setAttribute("aria-activedescendant", idOf(next));
      list.querySelector(`#${idOf(next)}`)?.scrollIntoView({ block: "nearest" });
      const mine = ++latest;
      chosen(set, null);
      preview.hidden = false;
      preview.classList.add("gw-set-waiting");
      facts.textContent = set.amount || "Opening…";
      try {
        const told = await ask("train_preview", { data: next });
        if (mine !== latest) return;
        show(told);
        chosen(set, told);
      } catch (error) {
        if (mine !== latest) return;
        stage.replaceChildren();
        facts.textContent = error.message;
        notes.hidden = true;
        chosen(set, { fault: error.message });
      }
      preview.classList.remove("gw-set-waiting");
    }

    function show(told) {
      const { picture } = told;
      stage.replaceChildren(picture ? gw.picture(picture, gw.largestScale(picture.width, picture.height, PICTURE.width, PICTURE.height)) : "");
      facts.textContent = [told.sizes, told.classes].filter(Boolean).join(" · ");
      facts.title = told.licence;
      notes.replaceChildren(...told.notes.map((note) => el("li", { text: note })));
      notes.hidden = !told.notes.length;
    }

    async function discard(set) {
      try {
        const { label } = await ask("train_discard", { data: set.name });
        if (name === set.name) gw.remember("trainData", null);
        await load();
        gw.toast(`${set.title} is in the trash; models that learned from it stay.`, { action: { label: "Undo", run: () => restore(label) } });
      } catch (error) {
        gw.fault(error);
      }
    }

    async function restore(label) {
      try {
        const { data } = await ask("train_restore", { label });
        await load(data);
      } catch (error) {
        gw.fault(error);
      }
    }

    return { node, load, choose, get sets() { return sets; } };
  };
})();
