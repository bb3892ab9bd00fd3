/* A form made from what the server tells of the settings of a family: what was changed is marked, and goes back. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const CHOICES = { none: "None", mirror: "Left and right", turns: "All turns", "non-saturating": "Non-saturating", relativistic: "Relativistic" };

  /* changed() is told when a value is another. */
  gw.SettingsForm = class {
    constructor(changed) {
      this.told = changed;
      this.fields = [];
      this.grid = el("div", { class: "gw-form" });
      this.reset = el("button", { type: "button", class: "gw-link gw-form-reset", text: "All as suggested", hidden: true, onclick: () => this.#resetAll() });
      this.node = el("div", { class: "gw-form-box" }, this.grid, this.reset);
    }

    /* Other fields; what a person changed stays changed where the new ones have it too. */
    serve(fields, kept = {}) {
      this.fields = fields.map((field) => control(field, () => this.#mark()));
      this.grid.replaceChildren(...this.fields.map((field) => field.node));
      for (const field of this.fields) if (field.name in kept) field.set(kept[field.name]);
      this.#paint();
    }

    /* What differs from what was suggested, by name. Raises an error in words for what cannot be. */
    read() {
      return Object.fromEntries(this.fields.filter((field) => field.isChanged()).map((field) => [field.name, field.read()]));
    }

    /* The same, without what cannot be: for keeping over a change of preset. */
    get changes() {
      return Object.fromEntries(this.fields.filter((field) => field.isChanged() && field.fits()).map((field) => [field.name, field.read()]));
    }

    #resetAll() {
      for (const field of this.fields) field.reset();
      this.#mark();
    }

    #mark() {
      this.#paint();
      this.told();
    }

    #paint() {
      for (const field of this.fields) field.paint();
      this.reset.hidden = !this.fields.some((field) => field.isChanged());
    }
  };

  function control(field, changed) {
    const id = `train-set-${field.name.replaceAll("_", "-")}`;
    const input = made(field, `${id}-input`);
    const back = gw.iconButton("undo", `Back to ${shown(field, field.value)}`, { class: "gw-icon-button gw-form-back", onclick: () => { reset(); changed(); } });
    const about = [field.about, rangeOf(field), `Suggested: ${shown(field, field.value)}`].filter(Boolean).join("\n");
    const node = el("div", { id, class: "gw-field gw-form-field", title: about }, el("label", { for: input.id, text: field.title }), el("div", { class: "gw-row" }, input, back));

    const raw = () => (field.kind === "switch" ? input.checked : field.kind === "choice" ? input.value : input.value.trim() === "" ? null : Number(input.value));
    const isChanged = () => raw() !== field.value;
    function fits() {
      const value = raw();
      if (field.kind === "switch" || field.kind === "choice") return true;
      if (value === null) return field.optional;
      const low = field.low === null || (field.above ? value > field.low : value >= field.low);
      return Number.isFinite(value) && low && (field.high === null || value <= field.high) && (field.kind === "real" || Number.isInteger(value));
    }
    function set(value) {
      if (field.kind === "switch") input.checked = value;
      else input.value = value ?? "";
    }
    function reset() { set(field.value); }
    function paint() {
      node.classList.toggle("gw-form-changed", isChanged());
      if (fits()) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    }
    function read() {
      if (fits()) return raw();
      input.focus();
      throw new Error(`${field.title} is a ${field.kind === "whole" ? "whole number" : "number"} ${rangeOf(field)}, but ${input.value.trim() || "nothing"} came.`);
    }
    input.addEventListener("input", changed);
    set(field.value);
    return { name: field.name, node, isChanged, fits, set, reset, paint, read };
  }

  function made(field, id) {
    if (field.kind === "choice") return el("select", { id }, ...field.choices.map((one) => el("option", { value: one, text: CHOICES[one] ?? one })));
    if (field.kind === "switch") return el("input", { id, type: "checkbox" });
    return el("input", { id, type: "number", inputmode: "decimal", step: "any", min: field.low, max: field.high, autocomplete: "off", placeholder: field.optional ? "automatic" : null });
  }

  const rangeOf = ({ low, high, above }) => {
    if (low === null && high === null) return "";
    if (high === null) return `${above ? "above" : "from"} ${low}`;
    return above ? `above ${low}, up to ${high.toLocaleString("en")}` : `from ${low} to ${high.toLocaleString("en")}`;
  };
  const shown = (field, value) => (value === null ? "automatic" : value === true ? "on" : value === false ? "off" : CHOICES[value] ?? String(value));
})();
