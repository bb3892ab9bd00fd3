/* The ground that every script of the page stands on: making nodes, asking the server, one shared state. */
"use strict";
window.genworld = { parts: {} };

(() => {
  const gw = window.genworld;
  const SVG = "http://www.w3.org/2000/svg";

  /* A node. Texts are always text, never markup: what a person wrote cannot become part of the page. */
  gw.el = (tag, settings = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "text") node.textContent = value;
      else if (name === "value") node.value = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };

  /* Icons are drawn on a 16-pixel grid with strokes, so that they take the colour of the text around them. */
  const ICONS = {
    undo: "M6 3 2.5 6.5 6 10 M2.5 6.5H9.5a4 4 0 0 1 0 8H7",
    redo: "M10 3 13.5 6.5 10 10 M13.5 6.5H6.5a4 4 0 0 0 0 8H9",
    sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z M8 1v1.5 M8 13.5V15 M1 8h1.5 M13.5 8H15 M3 3l1 1 M12 12l1 1 M13 3l-1 1 M4 12l-1 1",
    moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
    dice: "M2.5 2.5h11v11h-11Z M5.5 5.5h.01 M10.5 5.5h.01 M8 8h.01 M5.5 10.5h.01 M10.5 10.5h.01",
    star: "M8 1.8l1.9 4 4.3.5-3.2 3 .9 4.3L8 11.4l-3.9 2.2.9-4.3-3.2-3 4.3-.5Z",
    close: "M3.5 3.5l9 9 M12.5 3.5l-9 9",
    down: "M3.5 6 8 10.5 12.5 6",
    left: "M10 3.5 5.5 8 10 12.5",
    right: "M6 3.5 10.5 8 6 12.5",
    expand: "M9.5 2.5h4v4 M13.5 2.5 9 7 M6.5 13.5h-4v-4 M2.5 13.5 7 9",
    shrink: "M13.5 6.5h-4v-4 M9.5 6.5 14 2 M2.5 9.5h4v4 M6.5 9.5 2 14",
    fold: "M13.5 2.5v11 M2.5 8h8 M7.5 5l3 3-3 3",
    unfold: "M2.5 2.5v11 M13.5 8h-8 M8.5 5l-3 3 3 3",
    plus: "M8 3v10 M3 8h10",
    minus: "M3 8h10",
    download: "M8 2v8 M4.5 6.5 8 10l3.5-3.5 M2.5 13.5h11",
    palette: "M8 2a6 6 0 1 0 0 12c1.2 0 1.6-.8 1.3-1.7-.4-1.1.2-2 1.4-2h1.8A1.6 1.6 0 0 0 14 8.5C14 4.9 11.3 2 8 2Z M5 8h.01 M6.5 5h.01 M10 5h.01",
    folder: "M1.5 3.5h4.5l1.5 2h7v7.5h-13Z",
    upload: "M8 10V2.5 M4.5 5.5 8 2l3.5 3.5 M2.5 13.5h11",
    trash: "M2.5 4.5h11 M6 4.5v-2h4v2 M4 4.5l.7 9h6.6l.7-9 M6.7 7v4 M9.3 7v4",
    keys: "M1.5 4.5h13v7h-13Z M4 7h.01 M6.7 7h.01 M9.3 7h.01 M12 7h.01 M5 9.5h6",
    select: "M2.5 5V2.5H5 M7 2.5h2 M11 2.5h2.5V5 M13.5 7v2 M13.5 11v2.5H11 M9 13.5H7 M5 13.5H2.5V11 M2.5 9V7",
    paint: "M13.5 2.5 7.5 9 M6 8.5l1.5 1.5c0 2-1.5 3.5-5 3.5C4 12 3.5 8.5 6 8.5Z",
    fill: "M2.5 2.5h11v11h-11Z M5 5h6v6H5Z M5 8h6 M8 5v6",
    pick: "M9 4.5 11.5 7 M10.2 5.8 4 12l-1.5 1.5 M10 3.5l1-1a1.7 1.7 0 0 1 2.5 2.5l-1 1Z M4 12v-2.2l4.8-4.8 M4 12h2.2L11 7.2",
    pin: "M6 2.5h4 M7 2.5v4L5 9h6L9 6.5v-4 M8 9v5",
    hand: "M5 8.5V4.2a1 1 0 0 1 2 0V7.5 3a1 1 0 0 1 2 0v4.5-3.3a1 1 0 0 1 2 0V8 6a1 1 0 0 1 2 0v4a4 4 0 0 1-4 4c-2 0-3-1-4-2.5L3 8.7a1 1 0 0 1 1.6-1.2Z",
    redobox: "M2.5 5V2.5H5 M11 2.5h2.5V5 M13.5 11v2.5H11 M5 13.5H2.5V11 M10.5 6.2A3 3 0 1 0 11 8.5 M11 4.5v2.2H8.8",
    path: "M3 13.5a1.2 1.2 0 1 0 0-.1 M13 2.6a1.2 1.2 0 1 0 0 .1 M4.3 13.5H9a2.7 2.7 0 0 0 0-5.4H7a2.7 2.7 0 0 1 0-5.4h4.7",
    repair: "M9.5 6.5 3 13l-.5-.5a1 1 0 0 1 0-1.5L9 4.5a3 3 0 0 1 4-2.5L11 4l1 1 2-2a3 3 0 0 1-4.5 3.5Z",
    lock: "M4 7.5h8v6H4Z M5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    eye: "M1.5 8C3 5.2 5.3 3.8 8 3.8S13 5.2 14.5 8C13 10.8 10.7 12.2 8 12.2S3 10.8 1.5 8Z M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
    lasso: "M8 2.5c3.3 0 6 1.7 6 3.9S11.3 10.3 8 10.3c-1 0-2-.2-2.8-.5 M8 2.5c-3.3 0-6 1.7-6 3.9 0 1.2.9 2.3 2.2 3 M5.2 9.8a1.3 1.3 0 1 0-1.9-1.2c0 1.6 2.2 1.4 2.2 3 0 1.1-.9 1.9-2.2 1.9",
    fit: "M2.5 5.5v-3h3 M10.5 2.5h3v3 M13.5 10.5v3h-3 M5.5 13.5h-3v-3 M6 6h4v4H6Z",
    picture: "M2.5 3.5h11v9h-11Z M2.5 11 6 7.5l3 3 1.5-1.5 3 2.5 M10.5 6.2h.01",
    check: "M3 8.5 6.5 12 13 4.5",
    sliders: "M2.5 4.5h5.5 M12 4.5h1.5 M10 2.8v3.4 M2.5 11.5h1.5 M8 11.5h5.5 M6 9.8v3.4",
    breed: "M2.5 8h2.5c2.5 0 2-4 4.5-4H13 M5 8c2.5 0 2 4 4.5 4H13 M5 8h8 M11.3 2.3 13 4l-1.7 1.7 M11.3 10.3 13 12l-1.7 1.7",
    blend: "M6 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
    play: "M5 3v10l8-5Z",
    pause: "M5.5 3v10 M10.5 3v10",
    swap: "M2.5 5h10.5 M10.5 2.5 13 5l-2.5 2.5 M13.5 11H3 M5.5 8.5 3 11l2.5 2.5",
  };

  gw.icon = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", `gw-icon gw-icon-${name}`);
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  /* A button that is an icon: its name is read aloud and shown as a tooltip. */
  gw.iconButton = (icon, name, settings = {}) =>
    gw.el("button", { type: "button", class: "gw-icon-button", title: name, "aria-label": name, ...settings }, gw.icon(icon));

  /* Ask the server. A fault comes back as the one sentence that a person is to read. */
  gw.ask = async (server, name, request = {}) => {
    // Gradio gives nothing at all when the server cannot be reached.
    const answer = await server[name](request).catch(() => null);
    if (!answer) throw new Error("The page cannot reach genworld. Is it still running? Start it again, and the page goes on.");
    if (answer.error) throw new Error(answer.error);
    return answer;
  };

  /* State that parts share: set one value, and whoever listens to it is told. */
  const listeners = {};
  gw.state = {};
  gw.listen = (name, told) => {
    (listeners[name] ??= []).push(told);
    if (name in gw.state) told(gw.state[name]);
  };
  gw.set = (name, value) => {
    gw.state[name] = value;
    for (const told of listeners[name] ?? []) told(value);
  };

  /* Small settings of this browser. Private windows may refuse to remember; then the page simply forgets. */
  gw.remember = (name, value) => {
    try { localStorage.setItem(`genworld.${name}`, JSON.stringify(value)); } catch { /* forgets */ }
  };
  gw.remembered = (name, otherwise) => {
    try { return JSON.parse(localStorage.getItem(`genworld.${name}`)) ?? otherwise; } catch { return otherwise; }
  };

  /* A file that the server made ready, saved where this browser saves downloads. */
  gw.download = ({ path, name }) => {
    const link = gw.el("a", { href: `gradio_api/file=${encodeURI(path)}`, download: name });
    gw.top().append(link); // beneath an open dialog nothing can be clicked
    link.click();
    link.remove();
  };
  gw.bytesInWords = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  gw.isTyping = () => {
    const node = document.activeElement;
    return !!node && (node.isContentEditable || node.matches("textarea, select, input:not([type=range]):not([type=checkbox])"));
  };
  gw.isPhone = () => matchMedia("(max-width: 760px)").matches;
  gw.plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

  /* Gradio calls this once for each part, when its empty element is there. */
  gw.mount = (name, place) => gw.parts[name]({ ...place, root: place.element.querySelector(".gw-part") });
})();
