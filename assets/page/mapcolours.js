/* The colours of a map: scales that everybody can tell apart, in the dark and in the light, and what they mean. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const MOST_GROUPS = 8;

  /* Numbers: viridis without the end that would be lost in the ground (van der Walt and Smith 2015).
     Groups: the colours of Okabe and Ito (2008), the light ones darkened for a light ground. */
  const LOOKS = {
    dark: {
      plain: "#86aee0",
      none: "#5d5d66",
      scale: ["#4d74b8", "#3a8fa6", "#2fae8b", "#65cb5e", "#b3dd3b", "#fde725"],
      groups: ["#56b4e9", "#e69f00", "#1bb58a", "#f0e442", "#d991b8", "#ee7733", "#9a8cf0", "#c9c9d0"],
      yes: "#3fb8d8",
      no: "#ee7733",
    },
    light: {
      plain: "#3a6ea8",
      none: "#a3a3ab",
      scale: ["#440154", "#46327e", "#365c8d", "#277f8e", "#1b9478", "#4aa84f"],
      groups: ["#0072b2", "#c05000", "#00805c", "#a8418a", "#8a6d00", "#3f8fd0", "#5b3fa0", "#55555c"],
      yes: "#006f96",
      no: "#c05000",
    },
  };

  const look = () => LOOKS[gw.state.look] ?? LOOKS.light;

  /*
   * Each colouring gives groups {name, colour | values, members} and a legend.
   * members   indices of samples
   * values    numbers on the scale, for a group of many colours
   */
  const all = (count) => Uint32Array.from({ length: count }, (_, index) => index);
  const where = (count, holds) => all(count).filter(holds);

  function plain(count) {
    return { groups: [{ name: "samples", colour: look().plain, members: all(count) }], legend: null };
  }

  function byNumber(count, column, attribute) {
    const known = where(count, (index) => !Number.isNaN(column[index]));
    const { low, high } = gw.mapData.range(column);
    const scale = look().scale;
    const groups = [
      { name: "undefined", colour: look().none, members: where(count, (index) => Number.isNaN(column[index])) },
      { name: attribute.title, values: Float32Array.from(known, (index) => column[index]), scale, low, high, members: known },
    ];
    return { groups, legend: { title: attribute.title, about: attribute.about, scale, ends: [withUnit(low, attribute), withUnit(high, attribute)], words: [attribute.less, attribute.more] } };
  }

  function byGroup(count, groupOf, names, colours, title) {
    const groups = names.map((name, at) => ({ name, colour: colours[at], members: where(count, (index) => groupOf(index) === at) }));
    // The rarest are drawn last: they would not be found under the others.
    groups.sort((one, other) => other.members.length - one.members.length);
    return { groups, legend: { title, entries: names.map((name, at) => ({ name, colour: colours[at], count: groups.find((group) => group.name === name).members.length })) } };
  }

  function byPlayable(count, playable) {
    const { yes, no, none } = look();
    return byGroup(count, (index) => (playable[index] === 1 ? 0 : playable[index] === 0 ? 1 : 2), ["playable", "not playable", "not known"], [yes, no, none], "Playable");
  }

  function byKept(count, isKept) {
    return byGroup(count, (index) => (isKept(index) ? 0 : 1), ["kept", "not kept"], [gw.mapToken("--accent"), look().none], "Kept");
  }

  /* The most frequent classes have colours of their own; the rest share one. */
  function byClass(count, labels, names) {
    const sizes = names.map(() => 0);
    for (let index = 0; index < count; index += 1) sizes[labels[index]] += 1;
    const order = names.map((_, at) => at).sort((one, other) => sizes[other] - sizes[one]);
    const own = order.slice(0, names.length > MOST_GROUPS ? MOST_GROUPS - 1 : MOST_GROUPS);
    const place = new Map(own.map((label, at) => [label, at]));
    const told = own.map((label) => names[label]);
    if (own.length < names.length) told.push(`${names.length - own.length} others`);
    return byGroup(count, (index) => place.get(labels[index]) ?? own.length, told, look().groups, "Class");
  }

  function byTag(count, has, name) {
    return byGroup(count, (index) => (has(index) ? 0 : 1), [name, `no ${name}`], [look().yes, look().none], `With ${name}`);
  }

  const short = (number) => (Number.isInteger(number) ? number.toLocaleString("en") : Math.abs(number) >= 100 ? number.toFixed(0) : Number(number.toPrecision(2)).toString());
  const withUnit = (number, { unit }) => (!Number.isFinite(number) ? "" : unit === "share" ? `${Math.round(100 * number)}%` : `${short(number)}${unit && unit.length < 12 ? ` ${unit}` : ""}`);

  /* What the colours mean, as nodes. */
  function legendNodes(legend) {
    if (!legend) return [];
    const title = el("b", { text: legend.title, title: legend.about });
    if (legend.entries) return [title, ...legend.entries.filter((one) => one.count).map((one) => el("span", { class: "gw-map-key" }, swatch(one.colour), `${one.name} `, el("span", { class: "gw-quiet gw-number", text: one.count.toLocaleString("en") })))];
    const bar = el("i", { class: "gw-map-scale" });
    bar.style.background = `linear-gradient(90deg, ${legend.scale.join(", ")})`;
    return [title, el("span", { class: "gw-map-key" }, el("span", { class: "gw-number", text: legend.ends[0] }), bar, el("span", { class: "gw-number", text: legend.ends[1] }))];
  }

  function swatch(colour) {
    const dot = el("i", { class: "gw-map-dot" });
    dot.style.background = colour;
    return dot;
  }

  gw.mapToken = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  gw.mapColours = { plain, byNumber, byPlayable, byKept, byClass, byTag, legendNodes, withUnit };
})();
