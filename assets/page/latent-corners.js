/* The corners of an interpolation: pictures that were set as A to D, of each model its own, and what lies between them. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const NAMES = ["A", "B", "C", "D"];
  const SMALL = 20;

  /*
   * session  what stands now, and what the server is asked with
   * between  shows what lies between
   */
  gw.latentCorners = ({ session, between }) => {
    const all = new Map(); // by the digest of their model, the tiles by name
    const node = el("div", { class: "gw-latent-setters", role: "group", "aria-label": "Corners of an interpolation" });
    const place = el("div", { id: "latent-blend", class: "gw-latent-blend", hidden: true });
    let blend = null;
    let marked = null;

    const button = (name) => el("button", { type: "button", class: "gw-button gw-small", id: `latent-set-${name.toLowerCase()}`, "data-corner": name, "aria-label": `Set as ${name}`, title: `This picture as corner ${name} of an interpolation`, onclick: () => set(name) });
    const buttons = NAMES.map(button);
    const none = gw.iconButton("close", "Clear the corners", { id: "latent-set-none", onclick: () => clear() });
    node.append(...buttons, none);
    place.addEventListener("keydown", (event) => blend?.key(event));
    paint();
    marked = null;

    function mine() {
      const digest = session.state?.model?.digest;
      if (!all.has(digest)) all.set(digest, new Map());
      return all.get(digest);
    }

    function set(name) {
      const { tile } = session.state ?? {};
      if (!tile) return;
      mine().set(name, tile);
      paint();
      if (!place.hidden) return show();
      const ends = mine().has("A") && mine().has("B");
      gw.toast(`${name} is set.${ends ? "" : ` Move on, and set ${mine().has("A") ? "B" : "A"}.`}`, ends ? { action: { label: "Interpolate", run: between } } : {});
    }

    function clear() {
      const digest = session.state?.model?.digest;
      const before = mine();
      put(digest, new Map());
      gw.toast("The corners are cleared.", { action: { label: "Undo", run: () => put(digest, before) } });
    }

    function put(digest, corners) {
      all.set(digest, corners);
      paint();
      if (!place.hidden) show();
    }

    /* The buttons: those of another model have other pictures. */
    function paint() {
      const corners = mine();
      marked = session.state?.model?.digest;
      for (const one of buttons) {
        const name = one.dataset.corner;
        const tile = corners.get(name);
        one.classList.toggle("gw-latent-set", Boolean(tile));
        const words = name === "A" && !tile ? [el("span", { class: "gw-set-words", text: "Set as" })] : [];
        one.replaceChildren(...(tile ? [gw.picture(tile, gw.largestScale(tile.width, tile.height, SMALL, SMALL))] : words), name);
      }
      none.hidden = !corners.size;
    }

    /* From what stands now to a sample by chance: something to look at before anybody knows what to set. */
    async function chance() {
      const { tile } = session.state;
      try {
        const answer = await session.ask("randomised", { seed: gw.explore.seed(), locked: [] });
        const corners = mine();
        if (!corners.has("A")) corners.set("A", tile);
        corners.set("B", answer.tile);
        paint();
        show();
      } catch (error) {
        gw.fault(error);
      }
    }

    /* Two corners, or all four. */
    function show() {
      const [a, b, c, d] = NAMES.map((name) => mine().get(name));
      if (!a || !b) return nothing();
      if (!blend) {
        const root = el("div", { class: "gw-latent-blend-root" });
        place.replaceChildren(root);
        blend = new gw.Blend(root, { name: "between" });
      }
      blend.show(c && d ? [a, b, c, d] : [a, b]);
    }

    function nothing() {
      blend?.stop();
      blend = null;
      place.replaceChildren(
        el(
          "div",
          { class: "gw-empty" },
          el("h2", { text: "Between two pictures" }),
          el("p", { text: "Set this picture as A below, move to another and set it as B: the way between them will be here. With C and D as well it is the square between four." }),
          el("button", { type: "button", class: "gw-button", text: "From this one to another by chance", onclick: () => chance() }),
        ),
      );
    }

    return {
      node,
      place,
      /* Whether what lies between is seen. */
      open(on) {
        place.hidden = !on;
        if (on) show();
        else blend?.stop();
      },
      /* After a step: another model has corners of its own. */
      step() {
        if (marked === session.state?.model?.digest && marked !== null) return;
        paint();
        if (!place.hidden) show();
      },
      get blend() { return blend; },
    };
  };
})();
