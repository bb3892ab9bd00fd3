/* The curves of a training, drawn by plotly: one plot for each group, all over the same steps. What the pointer is over
   is read off in the headings, for all groups at once. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const COLOURS = 6;
  const FEW = 24; // points that are shown as they are
  const REACH = 80; // smoothing reaches over this part of a curve
  const REDRAW_MS = 400;
  const MARGIN = { l: 48, r: 12, t: 6, b: 6 };
  const STEPS = 18; // pixels for the numbers of steps, below the last plot

  gw.TrainingCurves = class {
    /*
     * root    where the plots stand
     * plotly  address of the drawing library
     * pick    told the step that a person clicked at
     */
    constructor(root, { plotly, pick }) {
      Object.assign(this, { plotly, pick, groups: new Map(), shown: null, step: null, over: null, log: gw.remembered("curves", "linear") === "log" });
      this.root = el("div", { class: "gw-curve-groups" });
      this.said = el("p", { class: "gw-curves-said gw-quiet", role: "status", hidden: true });
      root.append(this.root, this.said);
      new ResizeObserver(() => this.#draw()).observe(this.root);
      gw.listen("look", () => this.#soon());
      this.#listen();
    }

    /* curves: {name: [[step, value]...]}; most: the last step of the axis. */
    show(curves, most) {
      this.shown = curves;
      this.most = Math.max(1, most);
      this.#arrange();
      this.#soon();
    }

    at(step) {
      this.step = step;
      this.#lines();
    }

    useLog(log) {
      this.log = log;
      gw.remember("curves", log ? "log" : "linear");
      this.#soon();
    }

    /* Groups stay the nodes that they are: only what is new is made. */
    #arrange() {
      const wanted = new Map();
      for (const name of Object.keys(this.shown)) {
        if (!this.shown[name].length) continue;
        const words = gw.curveWords(name);
        if (!wanted.has(words.group)) wanted.set(words.group, []);
        wanted.get(words.group).push({ name, ...words });
      }
      for (const [title, group] of this.groups) {
        if (wanted.has(title)) continue;
        if (group.drawn) window.Plotly.purge(group.plot);
        group.node.remove();
        this.groups.delete(title);
      }
      let place = 0;
      const inOrder = [...wanted].sort(([one], [other]) => gw.curvePlace(one) - gw.curvePlace(other)); // the sort is stable
      for (const [title, curves] of inOrder) {
        if (!this.groups.has(title)) this.groups.set(title, this.#group(title));
        const group = this.groups.get(title);
        this.groups.delete(title);
        this.groups.set(title, group); // in the order on the page: the last carries the numbers of steps
        if (this.root.children[place] !== group.node) this.root.insertBefore(group.node, this.root.children[place] ?? null);
        this.#keys(group, curves);
        place += 1;
      }
      this.said.hidden = place > 0;
      this.said.textContent = place ? "" : "The curves begin with the first steps.";
    }

    #group(title) {
      const plot = el("div", { class: "gw-curve-plot" });
      const lines = { now: el("i", { class: "gw-curve-line", hidden: true }), over: el("i", { class: "gw-curve-line gw-curve-over", hidden: true }) };
      const keys = el("span", { class: "gw-curve-keys" });
      const head = el("header", { class: "gw-curve-head" }, el("b", { text: title }), keys);
      const node = el("section", { class: "gw-curve", "aria-label": title }, head, el("div", { class: "gw-curve-stage" }, plot, lines.now, lines.over));
      return { title, node, plot, lines, keys, curves: [], drawn: false };
    }

    #keys(group, curves) {
      const same = curves.map((curve) => curve.name).join("\n") === group.curves.map((curve) => curve.name).join("\n");
      if (same && group.curves.length) return;
      group.curves = curves.map((curve, at) => ({ ...curve, colour: `--curve-${(at % COLOURS) + 1}`, value: el("span", { class: "gw-number" }) }));
      group.keys.replaceChildren(...group.curves.map(({ title, about, colour, value }) => {
        const swatch = el("i", { class: "gw-curve-swatch" });
        swatch.style.background = `var(${colour})`;
        return el("span", { class: "gw-curve-key", title: about }, swatch, group.curves.length > 1 || title !== group.title ? title : null, value);
      }));
    }

    #soon() {
      if (this.timer) return;
      const wait = Math.max(0, (this.last ?? -REDRAW_MS) + REDRAW_MS - performance.now());
      this.timer = setTimeout(() => { this.timer = 0; this.#draw(); }, wait);
    }

    async #draw() {
      if (!this.shown || !this.groups.size || !this.root.clientWidth) return;
      this.last = performance.now();
      try {
        await gw.loadPlotly(this.plotly);
      } catch {
        this.said.textContent = "What draws the curves could not be fetched from genworld. Is it still running?";
        this.said.hidden = false;
        return;
      }
      const groups = [...this.groups.values()];
      for (const group of groups) await this.#drawGroup(group, group === groups.at(-1));
      this.#lines();
    }

    async #drawGroup(group, last) {
      const curves = group.curves.map((curve) => ({ ...curve, points: this.shown[curve.name] ?? [] })).filter(({ points }) => points.length);
      const log = this.log && curves.every(({ points }) => points.every(([, value]) => value > 0));
      const smooth = curves.map(({ points }) => smoothed(points));
      group.smooth = new Map(curves.map(({ name }, at) => [name, smooth[at]]));
      const traces = curves.flatMap((curve, at) => drawnAs(curve, smooth[at], gw.mapToken(curve.colour)));
      const { clientWidth, clientHeight } = group.plot;
      if (!clientWidth || !clientHeight) return;
      group.node.classList.toggle("gw-curve-last", last);
      await window.Plotly.react(group.plot, traces, { ...layout(curves, smooth, log, this.most, last), width: clientWidth, height: clientHeight }, { staticPlot: true, displayModeBar: false });
      group.drawn = true;
    }

    /* The frame that is shown and what the pointer is over, as lines; the figures there in the headings. */
    #lines() {
      for (const group of this.groups.values()) {
        if (!group.drawn) continue;
        place(group, group.lines.now, this.step);
        place(group, group.lines.over, this.over);
        const step = this.over ?? this.step ?? this.most;
        for (const { name, value, share } of group.curves) value.textContent = figure(valueAt(group.smooth.get(name) ?? [], step), share);
      }
    }

    #listen() {
      const stepOf = (event) => {
        const group = [...this.groups.values()].find(({ node }) => node.contains(event.target));
        if (!group?.drawn) return null;
        const { xaxis } = group.plot._fullLayout;
        const x = event.clientX - group.plot.getBoundingClientRect().left - xaxis._offset;
        return x < -8 || x > xaxis._length + 8 ? null : Math.round(Math.min(Math.max(xaxis.p2l(x), 0), this.most));
      };
      this.root.addEventListener("pointermove", (event) => { this.over = event.target.closest(".gw-curve-stage") ? stepOf(event) : null; this.#lines(); });
      this.root.addEventListener("pointerleave", () => { this.over = null; this.#lines(); });
      this.root.addEventListener("click", (event) => {
        const step = event.target.closest(".gw-curve-stage") ? stepOf(event) : null;
        if (step !== null) this.pick(step);
      });
    }
  };

  function place({ plot }, line, step) {
    const { xaxis, yaxis } = plot._fullLayout;
    const x = step === null ? -1 : xaxis.l2p(step);
    line.hidden = x < -1 || step === null || x > xaxis._length + 1;
    line.style.transform = `translateX(${Math.round(xaxis._offset + x)}px)`;
    line.style.top = `${yaxis._offset}px`;
    line.style.height = `${yaxis._length}px`;
  }

  /* Means over a stretch, weighted by a bell: what a person sees by squinting. A few points stay as they are. */
  function smoothed(points) {
    if (points.length < FEW) return points;
    const width = points.length / REACH;
    const reach = Math.ceil(3 * width);
    const bell = Array.from({ length: reach + 1 }, (_, at) => Math.exp(-0.5 * (at / width) ** 2));
    return points.map(([step], at) => {
      let [sum, weight] = [0, 0];
      for (let by = Math.max(-reach, -at); by <= Math.min(reach, points.length - 1 - at); by += 1) {
        sum += bell[Math.abs(by)] * points[at + by][1];
        weight += bell[Math.abs(by)];
      }
      return [step, sum / weight];
    });
  }

  function drawnAs({ points }, smooth, colour) {
    const line = (rows, width, opacity) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", x: rows.map(([step]) => step), y: rows.map(([, value]) => value), line: { color: colour, width, shape: "linear" }, opacity, cliponaxis: true });
    if (smooth !== points) return [line(points, 1, 0.28), line(smooth, 2, 1)];
    return [{ ...line(points, 2, 1), mode: "lines+markers", marker: { color: colour, size: points.length === 1 ? 7 : 4 } }];
  }

  /* From the lowest to the highest of the smooth curves, and of nearly all that was measured: one spike hides nothing. */
  function bounds(curves, smooth, log) {
    const all = curves.flatMap(({ points }) => points.map(([, value]) => value)).sort((one, other) => one - other);
    const at = (share) => all[Math.round(share * (all.length - 1))];
    const means = smooth.flat().map(([, value]) => value);
    const rim = all.length > FEW ? 0.02 : 0;
    const low = Math.min(at(rim), ...means);
    const high = Math.max(at(1 - rim), ...means);
    const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
    const air = 0.06 * (to - from) || 0.06 * Math.abs(to) || 1;
    return [from >= 0 && !log ? Math.max(0, from - air) : from - air, to + air];
  }

  function layout(curves, smooth, log, most, last) {
    const token = gw.mapToken;
    const range = bounds(curves, smooth, log);
    const high = log ? 10 ** range[1] : range[1];
    const axis = { zeroline: false, gridcolor: token("--plot-grid"), linecolor: token("--line"), tickfont: { size: 11, color: token("--quiet") }, fixedrange: true, automargin: false };
    return {
      autosize: false,
      margin: { ...MARGIN, b: MARGIN.b + (last ? STEPS : 0) },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, sans-serif", size: 11, color: token("--text") },
      showlegend: false,
      hovermode: false,
      dragmode: false,
      xaxis: { ...axis, range: [0, most], nticks: 6, tickformat: "~s", showgrid: false, showline: true, showticklabels: last },
      yaxis: { ...axis, range, type: log ? "log" : "linear", nticks: 5, tickformat: curves.every(({ share }) => share) ? ",~%" : high < 1000 ? "~g" : "~s" },
    };
  }

  /* Straight between two points; the nearest end outside. */
  function valueAt(points, step) {
    if (!points.length) return null;
    const after = points.findIndex(([at]) => at >= step);
    if (after <= 0) return points[after === 0 ? 0 : points.length - 1][1];
    const [[x0, y0], [x1, y1]] = [points[after - 1], points[after]];
    return y0 + ((step - x0) / (x1 - x0)) * (y1 - y0);
  }

  function figure(value, share) {
    if (value === null || !Number.isFinite(value)) return "";
    if (share) return `${(100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0)}%`;
    const size = Math.abs(value);
    return size >= 1000 ? Math.round(value).toLocaleString("en") : size >= 100 ? value.toFixed(0) : size && size < 0.001 ? value.toExponential(1) : Number(value.toPrecision(3)).toString();
  }
})();
