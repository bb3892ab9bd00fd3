/* The keys: one list, shown by "?" and worked here where they belong to the whole page. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  const HELP = [
    ["Sampling", [["S", "Sample"], ["D", "Sample with a new seed"], ["Enter", "Sample, in a field of the settings"], ["O", "Open a map of your own to learn from"]]],
    ["Tiles", [["Arrows", "Move"], ["Click", "Select; with Shift a range, with Ctrl one more"], ["Space", "Select or not"], ["Ctrl A", "Select all"], ["Enter", "Large view; so does a double click"], ["M", "More like these"], ["L", "Sliders of a tile"], ["Esc", "Close, or clear the selection"]]],
    ["A level, opened large", [["V", "Select a box"], ["B", "Paint"], ["F", "Fill the box"], ["I", "Pick a tile; Alt click while painting"], ["[ ]", "Tile before, tile after"], ["P", "Pin the box, or free it"], ["R", "Redo the box"], ["Shift R", "Redo the rest: all that is not pinned"], ["T", "Show the path"], ["S", "Show what surprises the model"], ["E", "Repair"], ["Arrows", "Move over the cells; with Shift select"], ["Space", "Use the tool"], ["+ - 0", "Zoom, fit"], ["PgUp PgDn", "Previous and next"]]],
    ["More like these", [["D", "Again: another sixteen"], ["M", "More like the selected: the next generation"], ["[ ]", "Generation before, generation after"]]],
    ["Sliders (Latent tab)", [["Arrows", "Turn the slider; with Shift finely"], ["Space", "Lock it, or free it"], ["Backspace", "Back to where it began"], ["H", "What it changes, over the picture"], ["R", "Randomise what is not locked"], ["D", "A new seed"], ["K", "Keep"], ["Ctrl Z", "Undo a slider, once something in the tab was touched"], ["Ctrl Shift Z", "Redo"]]],
    ["Map", [["Arrows", "To the nearest sample that way"], ["Enter", "Large view"], ["V", "Move the map"], ["Q", "Lasso"], ["W", "Select a box"], ["P", "Pictures, or dots only"], ["+ - 0", "Closer, farther, all of it"], ["Esc", "Clear the selection, or what is chosen"]]],
    ["A training, or its replay", [["Arrows", "Frame before, frame after"], ["Space", "Play, pause"], ["Home", "The first frame"], ["End", "The newest; goes on following"]]],
    ["Train, in the list of jobs", [["Arrows", "Another job"], ["Enter", "Samples of its model"], ["Space", "Pause, resume"], ["F", "Finish now"], ["X", "Cancel"], ["R", "Retry"], ["Delete", "Off the list; the model stays"]]],
    ["A blend", [["Space", "Play, pause"], ["Arrows", "Frame before, frame after"], ["K", "Keep the frame"]]],
    ["Board", [["K", "Keep"], ["X", "Remove from the board"], ["Ctrl Z", "Undo"], ["Ctrl Shift Z", "Redo"], ["B", "Open the board, and close it"]]],
  ];

  const dialog = gw.dialog("Keys", "gw-keys");
  const rows = ([key, does]) => [el("dt", {}, ...key.split(" ").map((one) => el("kbd", { text: one }))), el("dd", { text: does })];
  dialog.node.append(
    el("header", {}, el("h2", { text: "Keys" }), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })),
    el("div", { class: "gw-keys-all" }, ...HELP.map(([title, keys]) => el("section", {}, el("h3", { text: title }), el("dl", {}, ...keys.flatMap(rows))))),
  );
  gw.showKeys = () => dialog.show();

  const PAGE = {
    "?": () => dialog.show(),
    s: () => gw.sampler?.run(),
    d: () => gw.sampler?.roll(),
    b: () => gw.board?.toggleFull(),
    o: () => gw.intake?.open(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || gw.isTyping()) return;
    if (event.ctrlKey || event.metaKey) return command(event);
    if (event.altKey || document.querySelector("dialog[open]")) return;
    const act = PAGE[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  function command(event) {
    const key = event.key.toLowerCase();
    const redo = key === "y" || (key === "z" && event.shiftKey);
    if (!redo && key !== "z") return;
    event.preventDefault();
    if (redo) gw.board?.redo();
    else gw.board?.undo();
  }
})();
