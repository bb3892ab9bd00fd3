/* The keys of the Latent tab: its own while it is seen and the board has not the focus. */
"use strict";
(() => {
  const gw = window.genworld;

  /*
   * root   the tab
   * ready  whether it is seen and something stands in it
   * plain  what letters do
   * back   undo, and `forth` redo
   */
  gw.latentKeys = ({ root, ready, plain, back, forth }) => {
    let inside = false;
    document.addEventListener("pointerdown", (event) => { inside = root.contains(event.target); }, { capture: true, passive: true });
    document.addEventListener("focusin", (event) => { if (event.target !== document.body) inside = root.contains(event.target); });

    const within = () => root.contains(document.activeElement);
    const overlaid = () => document.querySelector("dialog[open]") || document.documentElement.dataset.board === "full";
    const mine = () => within() || document.activeElement === document.body;

    /* Ctrl Z is the board's everywhere, but for this tab once something in it was touched. */
    function command(name, shift) {
      if (!inside && !within()) return null;
      if (name === "y" || (name === "z" && shift)) return forth;
      return name === "z" ? back : null;
    }

    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.altKey || gw.isTyping() || !ready() || overlaid() || !mine()) return;
      const name = event.key.toLowerCase();
      const act = event.ctrlKey || event.metaKey ? command(name, event.shiftKey) : plain(name);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }, { capture: true });
  };
})();
