/* The cards of all models: those that come with genworld, then a person's own. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const MANY = 6; // from here on they can be filtered
  const STRIP = { width: 292, height: 98 };
  const SORTS = { shelf: ["In order", null], newest: ["Newest first", (one, other) => other.changed - one.changed], name: ["By name", (one, other) => one.title.localeCompare(other.title)] };

  gw.ModelList = class {
    /* told(model) hears what a person chooses; brief(names) gives what the cards say beyond what the bar knows. */
    constructor({ told, brief }) {
      Object.assign(this, { told, brief, models: [], known: {}, chosen: null, nodes: new Map() });
      this.filter = el("input", { type: "search", id: "models-filter", class: "gw-filter", placeholder: "Filter", "aria-label": "Filter models", oninput: () => this.#draw() });
      this.sort = el("select", { id: "models-sort", "aria-label": "Order", onchange: () => { gw.remember("models", this.sort.value); this.#draw(); } }, ...Object.entries(SORTS).map(([name, [text]]) => el("option", { value: name, text })));
      this.sort.value = gw.remembered("models", "shelf") in SORTS ? gw.remembered("models", "shelf") : "shelf";
      this.tools = el("div", { class: "gw-model-tools gw-field", hidden: true }, this.filter, this.sort);
      this.list = el("div", { id: "models-list", class: "gw-model-list", role: "listbox", "aria-label": "Models", tabindex: "0", onkeydown: (event) => this.#key(event) });
      this.node = el("div", { class: "gw-model-shelf" }, this.tools, this.list);
    }

    async show(models) {
      const fresh = !this.models.length;
      this.models = models;
      this.#draw();
      const { cards } = await this.brief(models.map((model) => model.name)).catch(() => ({ cards: {} }));
      this.known = cards;
      this.#draw();
      if (fresh) this.reveal();
    }

    choose(name) {
      this.chosen = name;
      for (const [other, node] of this.nodes) node.setAttribute("aria-selected", String(other === name));
      this.list.setAttribute("aria-activedescendant", `model-card-${name}`);
    }

    /* The chosen card, wherever in the list it stands. */
    reveal() {
      if (this.list.clientHeight) this.nodes.get(this.chosen)?.scrollIntoView({ block: "nearest" });
    }

    #wanted() {
      const words = this.filter.value.trim().toLowerCase().split(/\s+/);
      const text = (model) => [model.title, model.summary, model.kind, model.family, model.licence, this.known[model.name]?.data].join(" ").toLowerCase();
      const kept = this.models.filter((model) => words.every((word) => text(model).includes(word)));
      const order = SORTS[this.sort.value][1];
      const full = (model) => ({ ...model, changed: this.known[model.name]?.changed ?? 0 });
      return order ? kept.map(full).sort(order) : [...kept.filter((model) => !model.mine), ...kept.filter((model) => model.mine)];
    }

    #draw() {
      const wanted = this.#wanted();
      this.tools.hidden = this.models.length < MANY;
      const headed = this.sort.value === "shelf";
      const cards = new Map(wanted.map((model) => [model.name, this.#card(model)]));
      const heading = (text) => el("p", { class: "gw-picker-heading", role: "presentation", text });
      const groups = headed ? [["Come with genworld", wanted.filter((model) => !model.mine)], ["Yours", wanted.filter((model) => model.mine)]] : [["", wanted]];
      const top = this.list.scrollTop;
      this.list.replaceChildren(...groups.flatMap(([text, models]) => (models.length ? [...(text ? [heading(text)] : []), ...models.map((model) => cards.get(model.name))] : [])));
      if (!wanted.length) this.list.append(el("p", { class: "gw-quiet gw-model-none", text: this.models.length ? "No model fits. Clear the filter to see all." : "The models will be here." }));
      this.list.scrollTop = top;
      this.nodes = cards;
      this.choose(this.chosen);
    }

    /* A card stays the node that it is while nothing of its model changes: its picture does not flicker. */
    #card(model) {
      const known = this.known[model.name];
      const key = JSON.stringify([model.title, model.summary, model.digest, model.fault, model.mine, known?.steps, known?.sellable]);
      const old = this.nodes.get(model.name);
      if (old?.dataset.key === key) return old;
      const node = el("div", { class: "gw-model-card", role: "option", id: `model-card-${model.name}`, "aria-selected": "false", "data-key": key, "data-model": model.name, onclick: () => this.#pick(model.name) },
        model.fault ? null : this.#strip(model),
        el("div", { class: "gw-model-said" },
          el("span", { class: "gw-picker-top" }, el("span", { class: "gw-picker-title", text: model.title }), model.mine ? el("span", { class: "gw-yours", text: "yours" }) : null),
          el("span", { class: "gw-tag", text: model.fault ? "Damaged" : this.#line(model, known) }),
          el("span", { class: "gw-model-summary", text: model.fault ?? model.summary })));
      return node;
    }

    #line(model, known) {
      const sell = { true: "may be sold", false: "not for sale" }[known?.sellable];
      return [gw.modelWords.kind(model), sell].filter(Boolean).join(" · ");
    }

    /* The first rows of its preview, at a whole scale. */
    #strip(model) {
      const box = el("div", { class: "gw-model-strip" });
      gw.preview(model.name).then((source) => {
        if (!source) return;
        const image = el("img", { alt: "", draggable: "false" });
        image.addEventListener("load", () => {
          const scale = gw.wholeScale(image.naturalWidth, 1, STRIP.width, STRIP.height);
          image.width = Math.round(image.naturalWidth * scale);
          image.classList.toggle("gw-picture", scale >= 1);
          box.append(image);
        });
        image.src = source;
      });
      return box;
    }

    #pick(name) {
      this.choose(name);
      this.told(this.models.find((model) => model.name === name));
    }

    #key(event) {
      const names = [...this.list.querySelectorAll(".gw-model-card")].map((node) => node.dataset.model);
      const at = names.indexOf(this.chosen);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
      if (to === undefined || !names.length) return;
      event.preventDefault();
      this.#pick(names[Math.min(Math.max(to, 0), names.length - 1)]);
      this.reveal();
    }
  };
})();
