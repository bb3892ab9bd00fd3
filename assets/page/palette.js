/* The tiles of a legend to paint with: pictures with names; many are found by name or tag. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const NAMED_UP_TO = 24;
  const SIDE = 32;

  gw.palette = (chosen) => {
    const filter = el("input", { type: "search", class: "gw-filter", placeholder: "Find a tile by name or tag", "aria-label": "Find a tile" });
    const box = el("div", { class: "gw-palette-tiles", role: "radiogroup", "aria-label": "Tiles" });
    const name = el("p", { class: "gw-palette-name gw-ellipsis", "aria-live": "polite" });
    const node = el("section", { class: "gw-palette", "aria-label": "Tiles to paint with" }, el("h3", { text: "Tiles" }), filter, box, name);
    let buttons = [];
    let now = -1;

    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const one of buttons) one.hidden = !one.dataset.words.includes(wanted);
    });
    filter.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());

    function show(legend) {
      const many = legend.length > NAMED_UP_TO;
      node.classList.toggle("gw-many", many);
      filter.hidden = !many;
      filter.value = "";
      now = -1;
      buttons = legend.map((tile) => button(tile));
      box.replaceChildren(...buttons);
    }

    function button(tile) {
      const title = tile.tags.length ? `${tile.name}: ${tile.tags.join(", ")}` : tile.name;
      const settings = { type: "button", class: "gw-swatch", role: "radio", "aria-checked": "false", "aria-label": tile.name, title, "data-tile": tile.id, "data-words": `${tile.name} ${tile.tags.join(" ")}`.toLowerCase(), onclick: () => pick(tile.id) };
      const image = el("img", { alt: "", src: tile.picture, draggable: "false" });
      image.addEventListener("load", () => {
        const scale = gw.largestScale(image.naturalWidth, image.naturalHeight, SIDE, SIDE);
        image.width = image.naturalWidth * scale;
      });
      return el("button", settings, el("span", { class: "gw-swatch-box" }, image), el("span", { class: "gw-swatch-name gw-ellipsis", text: tile.name }));
    }

    function pick(tile, quietly = false) {
      if (!buttons[tile]) return;
      now = tile;
      buttons.forEach((one, index) => one.setAttribute("aria-checked", String(index === tile)));
      buttons[tile].scrollIntoView({ block: "nearest" });
      name.textContent = buttons[tile].getAttribute("aria-label");
      chosen(tile, quietly);
    }

    const step = (by) => buttons.length && pick((now + by + buttons.length) % buttons.length, true);
    return { node, show, pick, step, image: () => buttons[now]?.querySelector("img"), imageOf: (tile) => buttons[tile]?.querySelector("img"), get tile() { return now; } };
  };
})();
