/* A blend of two as an animated file: how large, in which form, and how far it is while it is made. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const USUAL_SIDE = 512;
  const MOST_SIDE = 1024;
  const PATIENCE_MS = 250;
  const ASK_MS = 150;
  const FORMS = [
    ["gif", "GIF", "Plays everywhere; at most 256 colours in a frame"],
    ["webp", "WebP", "Lossless: every pixel as it is"],
  ];

  gw.AnimationFile = class {
    /*
     * name   what the ids of its elements begin with
     * asked  tells what is to be animated: {ends, steps, way, seconds, bounce}
     */
    constructor(name, asked) {
      Object.assign(this, { asked, run: null, size: null });
      this.sizes = el("select", { id: `${name}-size`, "aria-label": "Size of the file", onchange: () => { this.size = Number(this.sizes.value); } });
      this.buttons = FORMS.map(([format, text, title]) => el("button", { type: "button", id: `${name}-${format}`, class: "gw-button", title, onclick: () => this.#make(format) }, gw.icon("download"), el("span", { text })));
      this.progress = gw.progress("Making the file", () => this.#cancel());
      this.row = el("div", { class: "gw-row gw-files" }, ...this.buttons, this.progress.node);
      this.node = el("div", { class: "gw-field gw-two-only" }, el("span", { class: "gw-label", text: "Animation as a file" }), this.sizes, this.row);
    }

    /* The sizes that a file of so many frames may have; as large as suits a screen unless somebody chose. */
    fit({ width, height }, total) {
      const side = Math.max(width, height);
      const frames = this.asked().bounce ? 2 * total : total;
      const fits = (scale) => scale * side <= MOST_SIDE && frames * width * height * scale ** 2 <= gw.state.exploreBounds.pixels;
      const scales = gw.scales.filter((scale) => scale === 1 || (scale > 1 && fits(scale)));
      const chosen = scales.includes(this.size) ? this.size : scales.findLast((scale) => scale * side <= USUAL_SIDE) ?? 1;
      this.sizes.replaceChildren(...scales.map((scale) => el("option", { value: scale, text: `${scale}×: ${width * scale} × ${height * scale} pixels` })));
      this.sizes.value = chosen;
    }

    async #make(format) {
      const { ends, steps, way, seconds, bounce } = this.asked();
      const run = token();
      this.run = run;
      this.buttons.forEach((button) => { button.disabled = true; });
      this.#tell(run);
      try {
        const answer = await gw.explore.ask("animated", { ends: gw.explore.named(ends), steps, way, format, seconds, bounce, scale: Number(this.sizes.value), run });
        if (this.run !== run) return;
        gw.download(answer);
        gw.toast(`${answer.name}: ${gw.plural(steps, "frame")}, ${gw.bytesInWords(answer.bytes)}.`);
      } catch (error) {
        if (this.run === run) gw.fault(error);
      } finally {
        if (this.run === run) this.#over();
      }
    }

    /* How far it is, in the place of the buttons that asked for it. */
    async #tell(run) {
      await pause(PATIENCE_MS);
      while (this.run === run) {
        const { done, total } = await gw.explore.ask("animating", { run }).catch(() => ({ done: 0, total: 1 }));
        if (this.run !== run) return;
        this.row.classList.add("gw-waiting-file");
        this.progress.show(done, total, done < total ? `${Math.round((100 * done) / total)}%` : "Writing");
        await pause(ASK_MS);
      }
    }

    #cancel() {
      gw.explore.ask("animating", { run: this.run, stop: true }).catch(() => {});
      this.#over();
    }

    #over() {
      this.run = null;
      this.progress.show(null);
      this.row.classList.remove("gw-waiting-file");
      this.buttons.forEach((button) => { button.disabled = false; });
    }
  };

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const token = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
})();
