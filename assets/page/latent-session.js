/* Work on one point of a latent space: where it stands, every step before, and the steps that are on their way to the
   server. While somebody drags, one request is under way and the newest position is next: the last is never lost. */
"use strict";
(() => {
  const gw = window.genworld;
  const PICTURES_HELD = 256;

  gw.PointSession = class {
    /*
     * server   what the steps are asked of
     * stepped  called with the state after each step
     * shown    called with {picture, positions} while somebody drags
     * failed   called with the error of a step that failed; the state is as it was
     */
    constructor(server, { stepped, shown, failed }) {
      Object.assign(this, { server, stepped, shown, failed, past: [], future: [], state: null, gesture: null, numbers: false, locked: () => [] });
      this.steps = Promise.resolve();
      this.updates = 0;
    }

    get canUndo() { return this.past.length > 0; }
    get canRedo() { return this.future.length > 0; }

    /* A tile, or {model, seed, index}: the first step, or one more. `make` may add to what the server told. */
    enter(request) {
      return this.#step(async () => {
        const answer = await this.#ask("entered", request);
        return answer.model.none ? { model: answer.model } : this.#begun({ ...answer, art: request.art });
      });
    }

    /* A point that another part found. */
    take(answer) { return this.#step(async () => this.#begun({ ...answer, model: answer.model ?? this.state.model, art: this.state?.art })); }

    /* To a neighbour, whose tile is here already. */
    go(answer) { return this.#step(async () => this.#next(answer)); }

    randomise() {
      const seed = crypto.getRandomValues(new Uint32Array(1))[0] % 2 ** 31;
      return this.#step(async () => this.#next(await this.#ask("randomised", { ...this.#here(), seed, locked: this.locked() })));
    }

    reset() {
      return this.#step(async () => {
        const { begun, origin } = this.state;
        if (!begun || origin === begun.origin) return null;
        await this.#seen(begun);
        return { ...begun, begun };
      });
    }

    /* One slider is moved: shown as soon as the server can, and a step when `release` says so. */
    drag(name, to) {
      this.gesture ??= { moves: new Map(), flying: false, dirty: false };
      this.gesture.moves.set(name, to);
      this.gesture.dirty = true;
      this.#pump(this.gesture);
    }

    release() {
      const { gesture } = this;
      this.gesture = null;
      if (!gesture) return this.steps;
      const moves = [...gesture.moves];
      return this.#step(async () => this.#next(await this.#ask("settled", { ...this.#here(), moves, locked: this.locked(moves) })));
    }

    back() { return this.#travel("past", "future"); }
    forth() { return this.#travel("future", "past"); }

    /* Positions anew, when sliders came that were not there before. */
    refresh() {
      return this.#queue(async () => {
        if (!this.state?.origin) return;
        const answer = await this.#ask("settled", this.#here());
        Object.assign(this.state, { positions: answer.positions, z: answer.z });
        if (this.state.begun.origin !== this.state.origin) {
          const first = await this.#ask("settled", { ...this.#here(), origin: this.state.begun.origin });
          Object.assign(this.state.begun, { positions: first.positions, z: first.z });
        }
        this.stepped(this.state, false);
      });
    }

    ask(name, request = {}) { return this.#ask(name, { ...this.#here(), ...request }); }

    #here() { return { origin: this.state.origin, art: this.state.art ?? undefined, numbers: this.numbers }; }

    #ask(name, request) { return gw.ask(this.server, name, request); }

    async #pump(gesture) {
      if (gesture.flying) return;
      gesture.flying = true;
      try {
        await this.steps;
        while (gesture.dirty && gesture === this.gesture) {
          gesture.dirty = false;
          const moves = [...gesture.moves];
          const answer = await this.#ask("live", { ...this.#here(), moves, locked: this.locked(moves) });
          if (gesture !== this.gesture) return;
          this.updates += 1;
          this.shown(answer);
        }
      } catch (error) {
        if (gesture === this.gesture) { this.gesture = null; this.failed(error); }
      } finally {
        gesture.flying = false;
      }
    }

    #read({ tile, positions, playable, z, said }) { return { tile, origin: tile.origin, positions, playable, z, said: said ?? "" }; }

    #begun(answer) {
      const state = { ...this.#read(answer), model: answer.model, art: answer.art };
      return Object.assign(state, { begun: state });
    }

    #next(answer) {
      const { model, art, begun, origin } = this.state;
      const state = { ...this.#read(answer), model, art, begun };
      return state.origin === origin ? null : state;
    }

    /* Its picture, where that was let go. */
    async #seen(state) {
      if (state.tile && !state.tile.picture) state.tile = (await this.#ask("settled", { origin: state.origin, art: state.art ?? undefined })).tile;
    }

    /* Steps go one after the other, each from the state that the last one left. */
    #queue(act) {
      const done = this.steps.then(act);
      this.steps = done.catch(() => {});
      return done.catch((error) => this.failed(error));
    }

    #step(make) {
      if (this.gesture) this.release();
      return this.#queue(async () => {
        const next = await make();
        if (next) this.#push(next);
        if (this.state) this.stepped(this.state, true);
      });
    }

    #push(next) {
      if (this.state) this.past.push(this.state);
      const old = this.past.at(-PICTURES_HELD - 1);
      if (old?.tile) old.tile = { ...old.tile, picture: null }; // made again, byte for byte, when somebody goes back that far
      this.future = [];
      this.state = next;
    }

    #travel(from, to) {
      if (this.gesture) this.release();
      return this.#queue(async () => {
        const next = this[from].at(-1);
        if (!next) return;
        await this.#seen(next);
        this[to].push(this.state);
        this[from].pop();
        this.state = next;
        this.stepped(next, true);
      });
    }
  };
})();
