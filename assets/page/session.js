/* Work on one level: its present state, every state before, and the steps that are on their way to the server.
   Steps go one after the other, each from the state that the last one left: none is lost, none overtakes another. */
"use strict";
(() => {
  const gw = window.genworld;
  const PICTURES_HELD = 64;

  /* Somebody stopped it: not a fault. */
  gw.Stopped = class extends Error {};

  gw.LevelSession = class {
    /*
     * server  what the steps are asked of
     * tile    the sample or kept item that is opened
     * told    called after each change
     */
    constructor(server, tile) {
      Object.assign(this, { server, first: tile, item: tile.item ?? tile.id, past: [], future: [], state: null, told: () => {}, legend: null });
      this.steps = Promise.resolve();
      this.waiting = new Set();
    }

    async open() {
      if (this.state) return;
      const answer = await this.#ask("opened", this.first);
      Object.assign(this, { legend: answer.legend, canFill: answer.canFill, why: answer.why, canSurprise: answer.canSurprise });
      this.state = { ...this.#read(answer), tile: { ...this.first, origin: answer.tile.origin }, pins: new Set() };
    }

    get changed() { return this.state !== null && this.state.tile.digest !== this.first.digest; }
    get canUndo() { return this.past.length > 0; }
    get canRedo() { return this.future.length > 0; }

    paint(edits) { return this.#step("painted", { edits }); }
    redo(cells) { return this.#step("redone", { cells, seed: crypto.getRandomValues(new Uint32Array(1))[0] % 2 ** 31 }); }
    repair(pins) { return this.#step("repaired", { pins }); }
    walk() { return this.#queue(() => this.#ask("walked", this.state.tile)); }

    surprise() { return this.#queue(() => this.#ask("surprised", this.state.tile)); }

    /* Pins stand in the browser only: they say what a redo and a repair leave alone. */
    pin(pins) { return this.#queue(() => this.#go({ ...this.state, pins, changed: [] })); }
    back() { return this.#queue((wish) => this.#travel(this.past, this.future, wish)); }
    forth() { return this.#queue((wish) => this.#travel(this.future, this.past, wish)); }

    /* What is under way is not waited for any more; its answer, should it come, counts for nothing. */
    cancel() { for (const wish of [...this.waiting]) wish.stop(); }

    async #travel(from, to, wish) {
      if (!from.length) return;
      const next = from.at(-1);
      if (!next.tile.picture) next.tile = { ...next.tile, picture: (await this.#ask("opened", next.tile)).tile.picture };
      if (wish.stopped) return;
      to.push(this.state);
      from.pop();
      this.state = { ...next, changed: [] };
      this.told();
    }

    #step(name, request) {
      return this.#queue(async (wish) => {
        const answer = await this.#ask(name, this.state.tile, request);
        if (wish.stopped) return null;
        const read = this.#read(answer);
        if (read.tile.digest !== this.state.tile.digest) this.#go({ ...read, pins: this.state.pins });
        return answer;
      });
    }

    #go(state) {
      this.past.push(this.state);
      const old = this.past.at(-PICTURES_HELD - 1);
      if (old) old.tile = { ...old.tile, picture: null }; // made again when somebody goes back that far
      this.future = [];
      this.state = state;
      this.told();
    }

    #queue(act) {
      const wish = { stopped: false };
      const stopped = new Promise((_, refuse) => { wish.stop = () => { wish.stopped = true; refuse(new gw.Stopped()); }; });
      this.waiting.add(wish);
      const run = async () => (wish.stopped ? null : act(wish));
      const done = this.steps.then(() => Promise.race([run(), stopped])).finally(() => this.waiting.delete(wish));
      this.steps = done.catch(() => {});
      return done;
    }

    #read({ tile, grid, rows, columns, changed }) {
      const { wish, name, digest } = this.first;
      const known = tile.digest === digest ? this.first : { ...tile, wish, name, item: this.item, changed: true };
      return { tile: { ...known, origin: tile.origin, session: this }, grid: Uint8Array.from(atob(grid), (char) => char.charCodeAt(0)), rows, columns, changed };
    }

    #ask(name, tile, request = {}) {
      const kept = this.item === undefined ? {} : { item: this.item, secret: gw.board.secret };
      return gw.ask(this.server, name, { origin: tile.origin, art: this.first.art, ...kept, ...request });
    }
  };
})();
