/* The sliders of a model: at once where they are known, else as soon as they are fitted, with progress meanwhile. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const POLL_MS = 250;

  /*
   * session  what the server is asked with
   * bank     where they are shown
   * other    called when the bank is about to show another model
   * ready    called when sliders came that were not there before
   */
  gw.latentFitting = ({ session, bank, other, ready }) => {
    const node = el("div", { id: "latent-fitting", class: "gw-latent-fitting", role: "status", hidden: true });
    const known = new Map(); // sliders by the digest of their model
    let asking = null; // the model whose sliders are being fitted

    function serve(model) {
      const found = known.get(model.digest) ?? null;
      if (bank.model !== model.digest) other();
      bank.model = model.digest;
      bank.show(model, found);
      if (found) node.hidden = true;
      else learn(model);
    }

    async function learn(model) {
      if (asking === model.digest) return;
      asking = model.digest;
      try {
        if (await fitted(model)) {
          serve(model);
          if (session.state.model.digest === model.digest) await ready();
        }
      } catch (error) {
        node.hidden = false;
        node.replaceChildren(el("p", { class: "gw-quiet", text: error.message }), el("button", { type: "button", class: "gw-button gw-small", text: "Try again", onclick: () => { node.hidden = true; learn(model); } }));
      } finally {
        asking = null;
        const { model: now } = session.state ?? {};
        if (bank.model !== model.digest && now && !now.none && !known.has(bank.model)) learn(now);
      }
    }

    /* Ask until they are there: false when meanwhile another model is shown. */
    async function fitted(model) {
      for (;;) {
        const answer = await session.ask("sliders");
        if (bank.model !== model.digest) return false;
        if (answer.ready) { known.set(model.digest, answer); return true; }
        progress(answer);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }

    function progress({ done, total }) {
      const part = Math.round(total ? (100 * done) / total : 0);
      node.hidden = false;
      node.replaceChildren(
        el("p", { text: `Finding out what can be turned in this model: ${part}%` }),
        el("span", { class: "gw-track" }, el("i", { style: `width: ${part}%` })),
        el("p", { class: "gw-quiet", text: `${done.toLocaleString("en")} of ${total ? total.toLocaleString("en") : "some thousand"} steps. Once for this model. Meanwhile: the neighbours, and the numbers under Advanced.` }),
      );
    }

    /* Whether a state was told before the sliders of its model were there. */
    const lacking = ({ model, positions }) => {
      const [first] = known.get(model.digest)?.sliders ?? [];
      return Boolean(first) && !(first.id in positions);
    };

    return { node, serve, lacking };
  };
})();
