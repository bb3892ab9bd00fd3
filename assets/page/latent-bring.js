/* A picture or level of one's own, found in the space of a model: sent, read, and searched for, with the picture so far. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  /*
   * server   what is asked
   * props    suffixes and bounds of uploads
   * taken    called with the point that was found, as a step is
   * busy     called with whether a search is shown
   */
  gw.bringing = ({ server, props, model, taken, busy }) => {
    const chooser = el("input", { type: "file", id: "latent-file", multiple: true, tabindex: "-1", hidden: true, accept: props.suffixes.join(), "aria-label": "A picture or level of your own", onchange: () => chosen() });
    const button = el("button", { type: "button", id: "latent-bring", class: "gw-button gw-small", title: "A picture or level of your own: the nearest one that this model can make is looked for. Dropping it on the picture does the same.", onclick: () => chooser.click() }, gw.icon("upload"), el("span", { text: "Bring your own" }));
    const fault = el("p", { id: "latent-bring-fault", class: "gw-latent-fault", role: "alert", hidden: true });
    const yours = el("div", { class: "gw-frame" });
    const found = el("div", { class: "gw-frame" });
    const bar = el("i", {});
    const said = el("p", { class: "gw-number", role: "status" });
    const take = el("button", { type: "button", class: "gw-button gw-small", text: "Take this one", hidden: true, onclick: () => settle() });
    const stop = el("button", { type: "button", class: "gw-button gw-small", text: "Cancel", onclick: () => cancel() });
    const panel = el(
      "div",
      { class: "gw-latent-search", hidden: true, role: "dialog", "aria-label": "Looking for your picture" },
      el("div", { class: "gw-latent-pair" }, el("figure", {}, yours, el("figcaption", { text: "Yours" })), el("figure", {}, found, el("figcaption", { text: "Nearest so far" }))),
      el("span", { class: "gw-track" }, bar),
      said,
      el("div", { class: "gw-row" }, take, stop),
    );
    let running = null;

    const tell = (sentence) => { fault.textContent = sentence; fault.hidden = !sentence; };

    function chosen() {
      const files = gw.filesOf.input(chooser);
      chooser.value = "";
      if (files.length) bring(files);
    }

    async function bring(coming) {
      cancel();
      const mine = (running = { token: null, upload: null, latest: null });
      const live = () => running === mine;
      tell("");
      show(true);
      for (const frame of [yours, found]) frame.replaceChildren();
      advance("Sending", 0);
      try {
        mine.upload = gw.upload(gw.fitting(await coming, props), (part) => live() && advance("Sending", part));
        const files = await mine.upload.done;
        if (!live()) return;
        advance("Reading it", 0);
        const begun = await gw.ask(server, "bring", { files, model: model() });
        mine.token = begun.token;
        if (!live()) return forget(mine);
        draw(yours, begun);
        await look(mine, live);
      } catch (error) {
        if (live()) { stopHere(); tell(error.message); }
      }
    }

    async function look(mine, live) {
      for (;;) {
        const answer = await gw.ask(server, "search", { token: mine.token });
        if (!live()) return;
        if (answer.picture) draw(found, answer);
        mine.latest = answer;
        take.hidden = answer.over || !answer.step;
        advance("Looking for it", answer.step / Math.max(1, answer.total), answer.words ?? "");
        if (answer.over) { stopHere(); taken(answer); return; }
      }
    }

    /* What is there so far will do. */
    async function settle() {
      const mine = running;
      if (!mine?.token) return;
      running = { token: null };
      try {
        const answer = await gw.ask(server, "search", { token: mine.token, enough: true });
        taken(answer);
      } catch (error) {
        tell(error.message);
      }
      stopHere();
    }

    function advance(what, part, words = "") {
      bar.style.width = `${Math.round(100 * part)}%`;
      said.textContent = `${what} ${Math.round(100 * part)}%${words ? ` · ${words}` : ""}`;
    }

    const draw = (frame, one) => frame.replaceChildren(gw.picture(one, gw.largestScale(one.width, one.height, 240, 240)));
    const forget = (mine) => mine?.token && gw.ask(server, "stop_search", { token: mine.token }).catch(() => {});

    function cancel() {
      if (!running) return;
      running.upload?.cancel();
      forget(running);
      stopHere();
    }

    function stopHere() {
      running = null;
      take.hidden = true;
      show(false);
    }

    function show(on) {
      panel.hidden = !on;
      busy(on);
    }

    return { button, fault, panel, chooser, bring, cancel, clear: () => tell("") };
  };
})();
