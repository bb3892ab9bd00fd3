/* What is chosen on the map, large, with what can be done with it; and what is under the pointer, beside it. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const LARGEST = { sprite: 256, level: 272 };
  const PEEK = { sprite: 128, level: 192 };

  gw.MapPreview = class {
    /* done  {open(tile)}: the large view */
    constructor(done) {
      this.tile = null;
      this.frame = el("div", { class: "gw-map-frame" });
      this.name = el("h2", {});
      this.said = el("p", { class: "gw-map-sentence", role: "status" });
      this.facts = el("dl", { class: "gw-facts" });
      this.keep = button("star", "Keep", "map-keep", "Keep on the board (K)", () => this.act("k"));
      this.keep.classList.add("gw-accent");
      this.sliders = button("sliders", "Open sliders", "map-sliders", "Sliders of what it is made of (L)", () => this.act("l"));
      this.breed = button("breed", "More like this", "map-breed", "Sixteen more like this (M)", () => this.act("m"));
      this.why = el("p", { class: "gw-quiet", hidden: true });
      this.buttons = el("div", { class: "gw-map-buttons" }, this.keep, this.sliders, this.breed);
      this.hint = el("div", { class: "gw-map-hint" }, el("h2", { text: "Point at a dot or a picture" }), el("p", { text: "You see what it is. Click, and it stays here. Click between the dots, and something is made for that very place." }));
      this.node = el("aside", { id: "map-preview", class: "gw-map-preview gw-map-none", "aria-label": "Chosen sample" }, this.hint, this.frame, el("div", { class: "gw-map-told" }, this.name, this.said, this.buttons, this.why, this.facts));
      this.done = done;
      this.frame.addEventListener("dblclick", () => this.act("Enter"));
      gw.listen("kept", () => this.#mark());
    }

    /* A tile, and a sentence about where it lies; none for nothing chosen. */
    show(tile, { said = "", latent = true, facts = [] } = {}) {
      this.tile = tile;
      this.latent = latent;
      this.node.classList.toggle("gw-map-none", !tile);
      this.node.classList.remove("gw-map-waiting");
      if (!tile) return;
      const most = gw.isPhone() ? 120 : LARGEST[tile.kind];
      this.frame.replaceChildren(gw.picture(tile, gw.largestScale(tile.width, tile.height, most, most)));
      this.frame.title = "Double click: large view (Enter)";
      this.name.textContent = tile.name;
      this.say(said);
      this.facts.replaceChildren(...[...facts, ...tile.facts].flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]));
      this.#mark();
    }

    say(sentence) {
      this.said.textContent = sentence;
      this.said.hidden = !sentence;
    }

    /* Something is being made: what was there stays, dimmed. */
    wait(sentence) {
      this.node.classList.remove("gw-map-none");
      this.node.classList.add("gw-map-waiting");
      this.say(sentence);
    }

    /* One of the keys, or its button. Tells whether it meant anything. */
    act(key) {
      const { tile } = this;
      if (!tile) return false;
      if (key === "Enter") return this.done.open(tile), true;
      if (!tile.origin) return false;
      if (key === "k") return gw.board.toggle && (gw.keptId(tile) === undefined ? gw.board.keep([tile]) : this.keep.matches(":focus, :active") && gw.board.remove([tile])), true;
      if (key === "x") return gw.board.remove([tile]), true;
      if (key === "l" && this.latent) return (gw.showSliders ?? gw.openLatent)(tile), true;
      if (key === "m") return gw.breed?.open([tile]), true;
      return false;
    }

    #mark() {
      const { tile } = this;
      if (!tile) return;
      const kept = gw.keptId(tile) !== undefined && gw.state.kept?.has(tile.digest);
      this.keep.classList.toggle("gw-accent", !kept);
      this.keep.classList.toggle("gw-is-kept", Boolean(kept));
      this.keep.lastChild.textContent = kept ? "Remove" : "Keep";
      this.keep.title = kept ? "Remove from the board (X)" : "Keep on the board (K)";
      this.buttons.hidden = !tile.origin;
      this.sliders.hidden = !this.latent;
    }
  };

  const button = (icon, text, id, title, run) =>
    el("button", { type: "button", id, class: "gw-button", title, onclick: run }, gw.icon(icon), el("span", { text }));

  /* The picture under the pointer: at once, and never in its way. */
  gw.MapPeek = class {
    constructor() {
      this.node = el("div", { class: "gw-peek gw-map-peek", "aria-hidden": "true" });
    }

    /* `spot` is where the dot is, in pixels of the window; the picture begins `aside` pixels beside it. */
    show(tile, spot, aside, words) {
      if (!this.node.isConnected) document.body.append(this.node);
      if (this.shown !== tile) {
        const scale = gw.largestScale(tile.width, tile.height, PEEK[tile.kind], PEEK[tile.kind]);
        this.node.replaceChildren(gw.picture(tile, scale), el("p", { text: words }));
        this.shown = tile;
      }
      const { width, height } = this.node.getBoundingClientRect();
      const left = spot[0] + aside + width < innerWidth - 8 ? spot[0] + aside : spot[0] - aside - width;
      const top = Math.min(Math.max(56, spot[1] - height / 2), innerHeight - height - 8);
      this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
      this.node.classList.add("gw-on");
    }

    off() { this.node.classList.remove("gw-on"); }
  };
})();
