/* The plot of a map: plotly draws, moves and zooms it and knows lassos; what the pointer means is told from here, since
   the nearest point counts and not the one that was drawn last. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const REACH = 10;
  const STILL = 5;
  const SVG_MOST = 4000;
  const STEP = 1.4;
  const AIR = 0.04;
  const DIM = 0.65; // dots, beneath pictures
  const MARGIN = { l: 52, r: 12, t: 8, b: 44 };
  let library = null;

  /* The drawing library, fetched when a map is opened first. */
  gw.loadPlotly = (address) => {
    library ??= new Promise((done, fail) => {
      const script = el("script", { src: address });
      script.addEventListener("load", () => done(window.Plotly));
      script.addEventListener("error", () => { library = null; script.remove(); fail(new Error("What draws the map could not be fetched from genworld. Is it still running? Then open the map again.")); });
      document.head.append(script);
    });
    return library;
  };

  const hasWebGL = () => {
    try { return Boolean(document.createElement("canvas").getContext("webgl")); } catch { return false; }
  };

  gw.MapPlot = class {
    /*
     * root   where the plot stands
     * told   {hover(hit, event), pick(hit), empty([x, y]), chosen(indices), lost(), pictures(indices, large)}: a hit is
     *        {kind, id, x, y}
     */
    constructor(root, told) {
      this.told = told;
      this.holder = el("div", { id: "map-plot", class: "gw-map-plot", tabindex: "0", role: "application", "aria-label": "Map of samples. Arrows move to the nearest sample, Enter opens it, K keeps it.", "aria-describedby": "map-said" });
      this.rings = { hover: ring("hover"), chosen: ring("chosen"), made: ring("made") };
      this.over = el("div", { class: "gw-map-over", "aria-hidden": "true" }, ...Object.values(this.rings).map((one) => one.node));
      this.pictures = new gw.MapPictures(this, told.pictures);
      root.append(this.holder, this.pictures.node, this.over);
      this.smooth = hasWebGL();
      this.tool = "pan";
      this.hits = [];
      this.members = [];
      this.#listen();
      new ResizeObserver(() => this.drawn && this.holder.clientWidth && window.Plotly.Plots.resize(this.holder)).observe(this.holder);
    }

    /* How many points can be shown: without WebGL a browser draws them one by one. */
    get most() { return this.smooth ? Infinity : SVG_MOST; }
    get busy() { return this.drawing; }

    /*
     * xy      Float32Array of 2 numbers for each sample
     * groups  of `gw.mapColours`
     * axes    two of {title, percent}
     * boxes   places that no sample falls on
     * stars, open, examples   hits that lie over the samples
     * fresh   whether the view starts anew
     */
    async draw(view, fresh) {
      this.view = view;
      this.drawing = true;
      const type = this.smooth ? "scattergl" : "scatter";
      const few = view.xy.length / 2;
      const size = few > 8000 ? 3.5 : few > 3000 ? 5 : 6;
      const traces = [hatch(view.boxes ?? [])];
      this.members = [null];
      for (const group of view.groups) {
        const members = group.members.filter((index) => index < this.most && Number.isFinite(view.xy[2 * index]) && Number.isFinite(view.xy[2 * index + 1]));
        const kept = group.values && group.members.length !== members.length ? pick(group, members) : group.values;
        traces.push({ type, mode: "markers", hoverinfo: "none", x: Float32Array.from(members, (index) => view.xy[2 * index]), y: Float32Array.from(members, (index) => view.xy[2 * index + 1]), marker: { ...marker(group, kept, size), opacity: (few > 8000 ? 0.55 : 0.82) * (this.pictures.on ? DIM : 1) }, selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 0.12 } } });
        this.members.push(members);
      }
      for (const [symbol, hits] of [["diamond-open", view.examples], ["star-open", view.open], ["star", view.stars]]) traces.push(marks(type, symbol, hits ?? []));
      this.hits = [...(view.stars ?? []), ...(view.open ?? []), ...(view.examples ?? [])];
      this.#collect();
      const before = this.drawn && !fresh;
      await window.Plotly.react(this.holder, traces, this.#layout(view, before ? this.#ranges() : this.#whole()), { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: false, displaylogo: false });
      if (!this.drawn) this.#bind();
      this.drawn = true;
      this.drawing = false;
      this.place();
      this.pictures.choose();
    }

    clear() {
      if (!this.drawn) return;
      this.points = [];
      this.pictures.clear();
      for (const name of Object.keys(this.rings)) this.mark(name, null);
    }

    /* All that lies on the map, and a little ground around it. */
    fit() {
      const { x, y } = this.#whole();
      return window.Plotly.relayout(this.holder, { "xaxis.range": x, "yaxis.range": y });
    }

    zoom(by) {
      const { x, y } = this.#ranges();
      const around = ([low, high]) => { const [middle, half] = [(low + high) / 2, (high - low) / 2 / by]; return [middle - half, middle + half]; };
      return window.Plotly.relayout(this.holder, { "xaxis.range": around(x), "yaxis.range": around(y) });
    }
    closer() { return this.zoom(STEP); }
    farther() { return this.zoom(1 / STEP); }

    use(tool) {
      this.tool = tool;
      this.holder.dataset.tool = tool;
      if (this.drawn) window.Plotly.relayout(this.holder, { dragmode: tool });
    }

    unselect() {
      if (!this.drawn) return;
      const traces = this.holder.data.map((_, at) => at);
      window.Plotly.update(this.holder, { selectedpoints: [null] }, { selections: [] }, traces);
    }

    /* A ring around a place: "hover", "chosen" or "made". */
    mark(name, at) {
      this.rings[name].at = at && Number.isFinite(at[0] + at[1]) ? at : null;
      this.place();
    }

    place() {
      if (!this.drawn) return;
      const box = this.#box();
      for (const { node, at } of Object.values(this.rings)) {
        const [x, y] = at ? this.#toPixels(at) : [0, 0];
        node.hidden = !at || x < box.left - 4 || x > box.left + box.width + 4 || y < box.top - 4 || y > box.top + box.height + 4;
        node.style.transform = `translate(${x}px, ${y}px)`;
        this.#frame(node, at && this.pictures.sizeOf(at));
      }
      this.pictures.draw();
    }

    /* A ring around a dot, a frame around a picture. */
    #frame(node, size) {
      node.classList.toggle("gw-map-framed", Boolean(size));
      if (!size) return;
      node.style.setProperty("--wide", `${size[0]}px`);
      node.style.setProperty("--high", `${size[1]}px`);
    }

    /* Where the axes are, in pixels of the plot: pixels are first + factor * value. */
    get frame() { return { box: this.#box(), ...this.#scales() }; }

    /* How many times nearer than all of the map one is. */
    get nearness() {
      const [whole, now] = [this.#whole(), this.#ranges()];
      const times = (axis) => Math.abs((whole[axis][1] - whole[axis][0]) / (now[axis][1] - now[axis][0]));
      return Math.sqrt(times("x") * times("y"));
    }

    /* Where a place is, in pixels of the window. */
    spot(at) {
      const [x, y] = this.#toPixels(at);
      const { left, top } = this.holder.getBoundingClientRect();
      return [left + x, top + y];
    }

    /* What is nearest to a place of the plot in pixels, within reach. What lies above comes first: marks, then pictures,
       each for its point. */
    nearest([x, y], reach = REACH) {
      const over = this.#closest(this.hits, x, y, reach);
      return over ?? this.pictures.at([x, y]) ?? this.#closest(this.points, x, y, reach);
    }

    /* The nearest sample in a direction from a place: within 45 degrees of it. */
    towards(at, [right, down]) {
      const [x, y] = this.#toPixels(at);
      let [best, least] = [null, Infinity];
      for (const hit of this.points) {
        const [px, py] = this.#toPixels([hit.x, hit.y]);
        const along = (px - x) * right + (py - y) * down;
        const aside = Math.abs((px - x) * down) + Math.abs((py - y) * right);
        if (along <= 0.5 || aside > along) continue;
        const distance = along + 2 * aside;
        if (distance < least) [best, least] = [hit, distance];
      }
      return best;
    }

    get middle() {
      const { x, y } = this.#ranges();
      return [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
    }

    #closest(hits, x, y, reach) {
      let [best, least] = [null, reach * reach];
      const { x: [x0, kx], y: [y0, ky] } = this.#scales();
      for (const hit of hits) {
        const dx = x0 + kx * hit.x - x;
        const dy = y0 + ky * hit.y - y;
        const distance = dx * dx + dy * dy;
        if (distance >= least) continue;
        best = hit;
        least = distance;
      }
      return best;
    }

    /* Pixels are first + factor * value: axes are linear. */
    #scales() {
      const { xaxis, yaxis } = this.holder._fullLayout;
      const line = (axis) => { const factor = axis.l2p(1) - axis.l2p(0); return [axis._offset + axis.l2p(0), factor]; };
      return { x: line(xaxis), y: line(yaxis) };
    }

    #toPixels([x, y]) {
      const { x: [x0, kx], y: [y0, ky] } = this.#scales();
      return [x0 + kx * x, y0 + ky * y];
    }

    #toPlace([x, y]) {
      const { x: [x0, kx], y: [y0, ky] } = this.#scales();
      return [(x - x0) / kx, (y - y0) / ky];
    }

    #box() {
      const { xaxis, yaxis } = this.holder._fullLayout;
      return { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
    }

    #ranges() {
      const { xaxis, yaxis } = this.holder._fullLayout;
      return { x: [...xaxis.range], y: [...yaxis.range] };
    }

    #whole() {
      const all = [...this.points, ...this.hits];
      const around = (of) => {
        const { low, high } = gw.mapData.range(all.map(of));
        if (!(high >= low)) return [0, 1];
        const rim = AIR * (high - low) || 1;
        return [low - rim, high + rim];
      };
      return { x: around((hit) => hit.x), y: around((hit) => hit.y) };
    }

    #collect() {
      this.points = [];
      for (const members of this.members) for (const index of members ?? []) this.points.push({ kind: "sample", id: index, x: this.view.xy[2 * index], y: this.view.xy[2 * index + 1] });
    }

    #layout(view, ranges) {
      const token = gw.mapToken;
      const axis = ({ title, percent }, range) => ({ title: { text: title, standoff: 8, font: { size: 12, color: token("--text") } }, tickformat: percent ? ",.0%" : "", zeroline: false, gridcolor: token("--map-grid"), gridwidth: 1, linecolor: token("--line"), tickcolor: token("--line"), tickfont: { size: 11, color: token("--quiet") }, nticks: 8, automargin: false, fixedrange: false, range, autorange: false });
      return {
        autosize: true,
        margin: MARGIN,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { family: "system-ui, sans-serif", size: 12, color: token("--text") },
        showlegend: false,
        hovermode: false,
        dragmode: this.tool,
        newselection: { line: { color: token("--select"), width: 1.5, dash: "solid" } },
        activeselection: { fillcolor: token("--select"), opacity: 0.06 },
        selections: [],
        xaxis: axis(view.axes[0], ranges.x),
        yaxis: axis(view.axes[1], ranges.y),
      };
    }

    #bind() {
      for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) this.holder.on(event, () => this.place());
      this.holder.on("plotly_relayout", () => this.pictures.choose());
      this.holder.on("plotly_selected", (event) => {
        if (!event) return;
        const chosen = event.points.filter((point) => this.members[point.curveNumber]).map((point) => this.members[point.curveNumber][point.pointIndex ?? point.pointNumber]);
        this.told.chosen(chosen.sort((one, other) => one - other));
      });
      this.holder.on("plotly_deselect", () => this.told.chosen([]));
      this.holder.on("plotly_webglcontextlost", () => { this.smooth = false; this.told.lost(); });
    }

    #listen() {
      let down = null;
      const within = (event) => {
        if (!this.drawn || !event.target.closest?.(".nsewdrag, .gw-map-plot .drag")) return null;
        const { left, top } = this.holder.getBoundingClientRect();
        return [event.clientX - left, event.clientY - top];
      };
      this.holder.addEventListener("pointermove", (event) => {
        if (event.pointerType === "touch" || event.buttons) return this.told.hover(null);
        const at = within(event);
        this.told.hover(at && this.nearest(at), event);
      }, true);
      this.holder.addEventListener("pointerleave", () => this.told.hover(null));
      this.holder.addEventListener("pointerdown", (event) => {
        const at = event.button === 0 ? within(event) : null;
        down = at && { at, x: event.clientX, y: event.clientY, still: true };
        if (at) this.holder.focus({ preventScroll: true });
      }, true);
      addEventListener("pointermove", (event) => {
        if (down && Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL) down.still = false;
      }, true);
      // While a button is down plotly lays a cover over the page, so the release is heard by the window.
      addEventListener("pointerup", (event) => {
        const from = down;
        down = null;
        if (!from?.still) return;
        const hit = this.nearest(from.at, event.pointerType === "touch" ? 2 * REACH : REACH);
        if (hit) this.told.pick(hit);
        else this.told.empty(this.#toPlace(from.at));
      }, true);
      this.holder.addEventListener("wheel", () => this.told.hover(null), { passive: true });
    }
  };

  const ring = (name) => ({ node: el("i", { class: `gw-map-ring gw-map-${name}`, hidden: true }), at: null });

  function pick(group, members) {
    const at = new Map(Array.from(group.members, (index, row) => [index, row]));
    return Float32Array.from(members, (index) => group.values[at.get(index)]);
  }

  function marker(group, values, size) {
    const base = { size, line: { width: 0 } };
    if (!values) return { ...base, color: group.colour };
    const steps = group.scale.map((colour, at) => [at / (group.scale.length - 1), colour]);
    return { ...base, color: values, cmin: group.low, cmax: group.high > group.low ? group.high : group.low + 1, colorscale: steps, showscale: false };
  }

  function marks(type, symbol, hits) {
    const star = symbol.startsWith("star");
    const colour = gw.mapToken(star ? "--select" : "--map-example");
    return { type, mode: "markers", hoverinfo: "none", x: hits.map((hit) => hit.x), y: hits.map((hit) => hit.y), marker: { symbol, size: star ? 13 : 8, color: colour, line: { width: symbol === "star" ? 1 : 1.5, color: symbol === "star" ? gw.mapToken("--map-edge") : colour } }, selected: { marker: { opacity: 1 } }, unselected: { marker: { opacity: 0.6 } } };
  }

  /* Hatching that keeps its size on the screen, however near one is. */
  function hatch(boxes) {
    const [x, y] = [[], []];
    for (const [x0, y0, x1, y1] of boxes) {
      x.push(x0, x1, x1, x0, x0, null);
      y.push(y0, y0, y1, y1, y0, null);
    }
    return { type: "scatter", mode: "lines", hoverinfo: "skip", x, y, fill: "toself", line: { width: 0, color: "rgba(0,0,0,0)" }, fillcolor: "rgba(0,0,0,0)", fillpattern: { shape: "/", size: 7, solidity: 0.14, fgcolor: gw.mapToken("--map-hatch"), bgcolor: "rgba(0,0,0,0)" }, selectedpoints: null, visible: boxes.length > 0 };
  }
})();
