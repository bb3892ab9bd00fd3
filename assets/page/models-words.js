/* What the Models tab says of a model, in sentences and nodes. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const SELL = { true: "Yes", false: "No", null: "Nobody said; ask its makers" };

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /* How long a training took. */
  function lasted(seconds) {
    if (seconds < 1) return "less than a second";
    if (seconds < 90) return gw.plural(Math.round(seconds), "second");
    if (seconds < 5400) return gw.plural(Math.round(seconds / 60), "minute");
    return `${Number((seconds / 3600).toPrecision(2))} hours`;
  }

  const fact = (name, ...value) => [el("dt", { text: name }), el("dd", {}, ...value)];
  const some = (list) => (list.length ? list.join(", ") : null);

  /* Everything about data, licence and training; what nobody said is left out. */
  function facts({ makes, classes, exclusive, tiles, data, run }) {
    const source = data.link ? el("a", { href: data.url, target: "_blank", rel: "noopener noreferrer", text: data.url.replace("https://", "") }) : data.url;
    const sell = el("span", { class: data.sellable === true ? "gw-model-yes" : data.sellable === false ? "gw-model-no" : "", text: SELL[data.sellable] });
    const how = [run.steps ? `${gw.stepInWords(run.steps)} steps` : null, run.seconds ? `in ${lasted(run.seconds)}` : null].filter(Boolean).join(" ");
    const from = `${run.examples.toLocaleString("en")} examples${run.window ? `, windows of ${run.window} × ${run.window} tiles` : ""}${run.holdOut ? `; ${Math.round(100 * run.holdOut)}% held out` : ""}`;
    const rows = [
      ["May I sell what it makes?", sell],
      ["Licence", data.licence],
      ["Credit", data.credit],
      ["Learned from", data.name],
      ["", data.note],
      ["Source", source],
      ["Examples", from],
      ["Makes", capital(makes)],
      [exclusive ? "Classes, one of" : "Classes", some(classes)],
      ["Tiles", some(tiles)],
      ["Training", how],
      ["Seed", String(run.seed)],
      ["Made with", run.versions],
    ];
    return el("dl", { class: "gw-facts gw-model-facts" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => fact(name, value)));
  }

  /* Figures with what a perfect model would get; shares have a bar, where the ceiling is a mark. */
  function figures(list) {
    if (!list.length) return el("p", { class: "gw-quiet", text: "Nobody measured this model. A training measures its model when it ends." });
    const tip = (one) => `${one.about}.\n${one.name}${one.note ? `: ${one.note}` : ""}.\n${capital(one.counts)}.`;
    const row = (one) =>
      el("tr", { title: tip(one) },
        el("th", { scope: "row", text: one.title }),
        el("td", { class: "gw-number gw-model-value" }, el("span", { text: one.value })),
        el("td", {}, one.bar ? bar(one.bar) : null),
        el("td", { class: "gw-number" }, el("span", { text: one.ceiling || "–" })));
    const head = ["Figure", "This model", "", "Real data"].map((text, at) => el("th", { scope: "col", text, title: at === 3 ? "The same figure for real examples that it never saw: what a perfect model would get" : null }));
    return el("table", { class: "gw-model-figures" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...list.map(row)));
  }

  function bar({ value, ceiling }) {
    const fill = el("i", {});
    fill.style.width = `${100 * value}%`;
    const mark = ceiling === null ? null : el("b", {});
    if (mark) mark.style.left = `${100 * ceiling}%`;
    return el("span", { class: "gw-model-bar", "aria-hidden": "true" }, fill, mark);
  }

  gw.modelWords = { facts, figures, capital, kind: (model) => `${capital(model.kind)}s · ${model.family}` };
})();
