/* From tiles to tabs: showing a tab of the page, and opening a tile's sliders. */
"use strict";
(() => {
  const gw = window.genworld;

  /* Show a tab. What it is to show is set as state before: a tab that was never open finds it there when it starts. */
  gw.openTab = (name) => {
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    if (document.documentElement.dataset.board === "full") gw.board?.toggleFull();
    document.getElementById(`tab-${name}-button`)?.click();
  };

  /* The Latent tab may have its own way of opening; it takes this one's place. */
  gw.openLatent ??= (tile) => {
    gw.set("latentStart", tile);
    gw.openTab("latent");
  };

  /* Opens the sliders, or says why there are none. */
  gw.showSliders = (tile) => {
    if (!tile) return;
    if (gw.hasSliders(tile)) return gw.openLatent(tile);
    const model = gw.modelOf(tile);
    const why = model ? `${model.title} draws piece by piece, so it has no sliders.` : "The model that this comes from is not here any more, so it has no sliders.";
    gw.toast(why, { action: model ? { label: "More like this", run: () => gw.breed.open([tile]) } : null });
  };

  /* What can be done with a tile in the large view, beside keeping it: {icon, text, title, when(tile), run(tile)}. */
  gw.tileActions = [
    { icon: "sliders", text: "Sliders", title: "Sliders of what it is made of (L)", when: gw.hasSliders, run: (tile) => gw.showSliders(tile) },
    { icon: "breed", text: "More like this", title: "Sixteen more like this (M)", when: (tile) => Boolean(gw.modelOf(tile)), run: (tile) => gw.breed.open([tile]) },
  ];
})();
