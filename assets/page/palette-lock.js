/* A palette that sprites are locked to on their way out: a .gpl or .hex file, read here and understood by the server. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const MOST = 64 * 1024;

  gw.paletteChoice = () => {
    let chosen = null;
    const input = el("input", { id: "pack-palette-file", type: "file", hidden: true, tabindex: "-1", accept: ".gpl,.hex", "aria-label": "Choose a palette", onchange: () => take() });
    const words = el("span", {});
    const open = el("button", { type: "button", id: "pack-palette", class: "gw-link", title: "A .gpl or .hex file: sprites of the pack are drawn in its colours and no others. What is kept stays as it is.", onclick: () => input.click() }, gw.icon("palette"), words);
    const none = gw.iconButton("close", "Sprites as they were kept", { id: "pack-palette-none", onclick: () => set(null) });
    const node = el("div", { class: "gw-palette-lock", hidden: true }, input, open, none);

    function set(next) {
      chosen = next;
      input.value = "";
      words.textContent = chosen ? `In the colours of ${chosen.name}` : "Lock sprites to a palette…";
      none.hidden = !chosen;
      open.focus({ preventScroll: true });
    }

    async function take() {
      const [file] = input.files;
      if (!file) return;
      if (file.size > MOST) return set(null), gw.fault(new Error(`A palette is a file of at most 64 kB, but ${file.name} has ${gw.bytesInWords(file.size)}; choose a .gpl or .hex file.`));
      set({ name: file.name, text: await file.text() });
    }

    set(null);
    return { node, read: () => (chosen ? { palette: chosen } : {}) };
  };
})();
