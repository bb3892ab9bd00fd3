/* Dark or light: as the system says, until a person chooses; the choice is remembered. */
"use strict";
(() => {
  const gw = window.genworld;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const apply = () => {
    const look = gw.remembered("look", null) ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.look = look;
    // Gradio's own components read this class.
    document.body?.classList.toggle("dark", look === "dark");
    gw.set("look", look);
  };

  gw.switchLook = () => {
    gw.remember("look", gw.state.look === "dark" ? "light" : "dark");
    apply();
  };
  gw.applyLook = apply;
  system.addEventListener("change", apply);
  apply();
})();
