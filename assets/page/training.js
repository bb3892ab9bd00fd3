/* How a training looks, while it runs and afterwards: curves, the film of samples, and what was noticed. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const QUIET = new Set(["resumed", "stopped", "info"]);
  const REACHES = [64, 32, 16, 8, 4, 2, 1]; // the axis of a training that runs grows by doubling, not with each step

  gw.TrainingView = class {
    /*
     * root     where it stands: it fills the width, and is as high as it needs to be
     * plotly   address of the drawing library (`fetched.plotly_address()`, a prop of the part)
     * name     how the ids of its places begin: "train" gives #train-curves, #train-samples, #train-notes
     *
     * One view serves all trainings of a tab: make it once, then
     *   waiting(sentence)              something is being fetched
     *   empty(heading, sentence, act)  nothing is to be seen; act: {label, run} or null
     *   failed(sentence, again)        it could not be fetched; again: called by "Try again"
     *   show(training, {live, kind})   a training from its beginning
     *   update(more, {live})           what came since: curves and notes in whole, frames as far as they are new
     *   seek(step)                     the frame nearest to a step
     *   waits                          steps of the frames whose pictures have not come yet
     * training: {total, curves: {name: [[step, value]...]}, frames: [{step, tiles: [{picture, width, height}]}],
     *            notes: [{step, kind, text}]}; tiles may come later, by an update with the same step.
     */
    constructor(root, { plotly, name = "training" }) {
      this.training = null;
      const films = el("section", { class: "gw-film", id: `${name}-samples`, "aria-label": "Samples" });
      const reel = el("section", { class: "gw-film-reel", "aria-label": "Frames" });
      const plots = el("section", { class: "gw-curves", id: `${name}-curves`, "aria-label": "Curves" });
      this.list = el("ul", { class: "gw-noticed-list" });
      this.noticed = el("section", { class: "gw-noticed", id: `${name}-notes`, "aria-label": "Noticed", hidden: true }, el("b", { text: "Noticed" }), this.list);
      this.body = el("div", { class: "gw-training-body", hidden: true }, films, plots, reel, this.noticed);
      this.note = el("div", { class: "gw-training-state gw-empty", role: "status" });
      this.root = el("div", { class: "gw-training" }, this.body, this.note);
      root.append(this.root);
      plots.append(el("header", { class: "gw-training-head" }, el("b", { text: "Curves" }), this.#scales()));
      this.curves = new gw.TrainingCurves(plots, { plotly, pick: (step) => this.film.seek(step) });
      this.film = new gw.TrainingFilm(films, reel, (step) => this.#went(step));
    }

    waiting(sentence = "Fetching the training…") { this.#say(el("p", { text: sentence })); }

    empty(heading, sentence, act = null) {
      this.#say(el("h2", { text: heading }), el("p", { text: sentence }), act && el("button", { type: "button", class: "gw-button", text: act.label, onclick: act.run }));
    }

    failed(sentence, again = null) {
      this.#say(el("h2", { text: "The training cannot be shown" }), el("p", { text: sentence }), again && el("button", { type: "button", class: "gw-button", text: "Try again", onclick: again }));
    }

    show(training, { live = false, kind = "sprite" } = {}) {
      this.training = { total: 0, curves: {}, notes: [], ...training };
      this.live = live;
      this.note.hidden = true;
      this.body.hidden = false;
      this.film.show(training.frames ?? [], { live, kind });
      this.#draw();
    }

    update(more, { live = this.live } = {}) {
      if (!this.training || this.body.hidden) return this.show(more, { live });
      const { frames = [], ...rest } = more;
      Object.assign(this.training, rest);
      this.live = live;
      if (frames.length || live !== this.film.live) this.film.take(frames, live);
      this.#draw();
    }

    seek(step) { this.film.seek(step); }

    /* Steps of the frames whose pictures have not come yet. */
    get waits() { return this.film.frames.filter((frame) => !frame.tiles.length).map((frame) => frame.step); }

    #say(...nodes) {
      this.film.pause();
      this.training = null;
      this.body.hidden = true;
      this.note.hidden = false;
      this.note.replaceChildren(...nodes.filter(Boolean));
    }

    #draw() {
      this.curves.show(this.training.curves, this.#most());
      this.#notes();
    }

    #most() {
      const { curves, total } = this.training;
      const last = Math.max(1, this.film.frames.at(-1)?.step ?? 0, ...Object.values(curves).map((points) => points.at(-1)?.[0] ?? 0));
      return this.live && total > last ? total / REACHES.find((part) => total / part >= last) : last;
    }

    #went(step) {
      this.curves?.at(step);
      for (const node of this.list.querySelectorAll("button")) node.classList.toggle("gw-noticed-now", Number(node.dataset.step) === step);
    }

    #notes() {
      const told = JSON.stringify(this.training.notes);
      if (told === this.told) return;
      this.told = told;
      this.noticed.hidden = !this.training.notes.length;
      this.list.replaceChildren(...this.training.notes.map((note) => el("li", {}, this.#line(note))));
    }

    #line({ step, kind, text }) {
      const quiet = QUIET.has(kind);
      return el("button", { type: "button", class: quiet ? "gw-noticed-line" : "gw-noticed-line gw-noticed-warns", "data-step": step, "data-kind": kind, title: "To the samples of this step", onclick: () => this.film.seek(step) }, el("span", { class: "gw-number gw-quiet", text: gw.stepInWords(step) }), el("span", { text }));
    }

    #scales() {
      const choice = (log, text, title) => el("button", { type: "button", class: "gw-map-segment", role: "radio", title, "aria-checked": String(log === (gw.remembered("curves", "linear") === "log")), "data-log": String(log), text, onclick: () => use(log) });
      const node = el("div", { class: "gw-map-choice gw-curves-scale", role: "radiogroup", "aria-label": "Scale" }, choice(false, "Linear", "Equal steps upwards"), choice(true, "Log", "Equal factors upwards; figures that fall below 0 stay linear"));
      const use = (log) => {
        for (const one of node.children) one.setAttribute("aria-checked", String(one.dataset.log === String(log)));
        this.curves.useLog(log);
      };
      return node;
    }
  };
})();
