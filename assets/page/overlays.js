/* What lies over the page: short messages with a way back, dialogs, the bigger picture under the pointer. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const STAY_MS = 6000;

  /* A message at the foot of the page. `action` is {label, run}: an Undo, most often. */
  const shelf = el("div", { class: "gw-toasts", role: "status", "aria-live": "polite" });
  gw.toast = (sentence, { action = null, fault = false } = {}) => {
    if (shelf.parentNode !== gw.top()) gw.top().append(shelf);
    const close = () => note.remove();
    const note = el("div", { class: `gw-toast${fault ? " gw-fault" : ""}` }, el("span", { text: sentence }));
    if (action) note.append(el("button", { type: "button", class: "gw-link", text: action.label, onclick: () => { close(); action.run(); } }));
    note.append(gw.iconButton("close", "Close this message", { onclick: close }));
    shelf.replaceChildren(...[...shelf.children].slice(-2), note);
    setTimeout(close, fault ? 2 * STAY_MS : STAY_MS);
  };
  gw.fault = (error) => gw.toast(error.message, { fault: true });

  /* Dialogs lie over each other, and over everything else: what floats must stand in the topmost. */
  let open = [];
  gw.top = () => open.findLast((one) => one.node.open)?.node ?? document.body;

  /* A dialog that Escape and a click beside it close; the focus goes back to where it was. */
  gw.dialog = (name, className) => {
    // The dialog itself takes the focus: its keys work at once, and no button looks as if it were chosen.
    const node = el("dialog", { class: `gw-dialog ${className}`, "aria-label": name, tabindex: "-1" });
    let before = null;
    let grid = null;
    const dialog = {
      node,
      /* One that is open already comes to the front: those above it close. */
      show() {
        if (!node.isConnected) document.body.append(node);
        if (node.open) return open.slice(open.indexOf(dialog) + 1).reverse().forEach((one) => one.node.close());
        before = document.activeElement;
        grid = gw.state.grid;
        open = [...open.filter((one) => one.node.open), dialog];
        node.showModal();
        node.focus();
      },
    };
    node.addEventListener("click", (event) => { if (event.target === node) node.close(); });
    node.addEventListener("close", () => {
      if (node.open) return; // opened again since
      if (node.contains(shelf)) gw.top().append(shelf);
      if (node.contains(gw.state.grid?.root ?? null)) gw.state.grid = grid; // keys go to what is in sight
      if (before?.isConnected) before.focus({ preventScroll: true });
    });
    return dialog;
  };

  /* A button that is switched off while it has the focus leaves it to the page beneath: the keys are still the dialog's. */
  document.addEventListener("keydown", (event) => {
    const top = gw.top();
    if (event.target !== document.body || top === document.body) return;
    event.stopImmediatePropagation();
    top.focus({ preventScroll: true });
    if (!top.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault();
  }, { capture: true });

  /* The bigger picture beside a tile. One node serves all tiles. */
  const LARGEST = { sprite: 224, level: 384 };
  const DELAY_MS = 280;
  const peek = el("div", { class: "gw-peek", "aria-hidden": "true" });
  let timer = 0;

  gw.peek = {
    soon(node, tile, shown) {
      clearTimeout(timer);
      timer = setTimeout(() => place(node, tile, shown), peek.classList.contains("gw-on") ? 0 : DELAY_MS);
    },
    off() {
      clearTimeout(timer);
      peek.classList.remove("gw-on");
    },
  };

  for (const name of ["keydown", "pointerdown", "wheel"]) document.addEventListener(name, () => gw.peek.off(), { capture: true, passive: true });

  function place(node, tile, shown) {
    const scale = gw.largestScale(tile.width, tile.height, LARGEST[tile.kind], LARGEST[tile.kind]);
    if (!node.isConnected || scale * tile.width < shown * 1.4) return gw.peek.off();
    peek.replaceChildren(gw.picture(tile, scale), el("p", { text: gw.caption(tile) }));
    if (peek.parentNode !== gw.top()) gw.top().append(peek);
    const spot = node.getBoundingClientRect();
    const box = peek.getBoundingClientRect();
    const right = spot.right + 8 + box.width < innerWidth;
    const left = right ? spot.right + 8 : Math.max(8, spot.left - 8 - box.width);
    const top = Math.min(Math.max(56, spot.top + spot.height / 2 - box.height / 2), innerHeight - box.height - 8);
    peek.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    peek.classList.add("gw-on");
  }
})();
