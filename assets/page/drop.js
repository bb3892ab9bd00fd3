/* Files on their way in: what was dropped or chosen, by relative names, and the upload with its progress. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const BATCH = { files: 200, bytes: 16 * 2 ** 20 };
  const LEFT = new Set(["node_modules", "__MACOSX"]);

  const hidden = (name) => name.split("/").some((part) => part.startsWith(".") || LEFT.has(part));
  const suffix = (name) => (name.match(/\.[a-z0-9]+$/i)?.[0] ?? "").toLowerCase();

  /* Files of a choice, or of what was dropped with all that lies in its folders: [{file, name}]. */
  gw.filesOf = {
    input: (input) => [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })),
    async drop(transfer) {
      // The list is empty as soon as the event is over, so everything is taken from it at once.
      const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
      const loose = [...transfer.files].map((file) => ({ file, name: file.name }));
      if (entries.some((entry) => !entry)) return loose;
      return (await Promise.all(entries.map(below))).flat();
    },
  };

  async function below(entry) {
    const name = entry.fullPath.replace(/^\/+/, "");
    if (hidden(name)) return [];
    if (entry.isFile) return [{ name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
    const found = [];
    const reader = entry.createReader();
    // A reader gives a hundred at a time, and nothing when it is done.
    for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) {
      for (const one of some) found.push(...(await below(one)));
    }
    return found;
  }

  /* What a reader may want of it. Raises an error in the words of a person when that is nothing or too much. */
  gw.fitting = (files, { suffixes, bounds }) => {
    const fit = files.filter(({ name }) => !hidden(name) && suffixes.includes(suffix(name)));
    const bytes = fit.reduce((total, { file }) => total + file.size, 0);
    const most = (size) => `${Math.floor(size / 2 ** 20).toLocaleString("en")} MB`;
    if (!files.length) throw new Error("There was no file in what was dropped; drop maps, tilesets, pictures or a zip of them.");
    if (!fit.length) throw new Error(`Maps, tilesets, pictures and zips are read, but ${files[0].name} is none of them; drop a Tiled or LDtk map, a picture or a zip.`);
    if (fit.length > bounds.files) throw new Error(`At most ${bounds.files.toLocaleString("en")} files are taken at once, but ${fit.length.toLocaleString("en")} came; drop fewer, or a zip.`);
    if (bytes > bounds.bytes) throw new Error(`At most ${most(bounds.bytes)} are taken at once, but ${most(bytes)} came; drop fewer or smaller files.`);
    return fit;
  };

  /* Sends them, a batch after the other. Gives {done, cancel}; `told` hears the share sent, 0 to 1. */
  gw.upload = (files, told) => {
    const all = Math.max(1, files.reduce((total, { file }) => total + file.size, 0));
    let request = null;
    let stopped = false;
    const batches = inBatches(files);

    const send = (batch, before) =>
      new Promise((resolve, reject) => {
        const form = new FormData();
        // The server knows them by content; what they are called is said afterwards.
        for (const { file, name } of batch) form.append("files", file, `dropped${suffix(name)}`);
        request = new XMLHttpRequest();
        request.open("POST", "gradio_api/upload");
        request.upload.onprogress = (event) => told(Math.min(1, (before + event.loaded) / all));
        request.onload = () => (request.status === 200 ? resolve(JSON.parse(request.responseText)) : reject(new Error(refusal(request.status))));
        request.onerror = () => reject(new Error(stopped ? "Stopped." : "The upload broke off. Is genworld still running? Drop the files again."));
        request.onabort = request.onerror;
        request.send(form);
      });

    const run = async () => {
      const sent = [];
      let before = 0;
      for (const batch of batches) {
        if (stopped) throw new Error("Stopped.");
        const paths = await send(batch, before);
        sent.push(...batch.map(({ name }, index) => ({ name, path: paths[index] })));
        before += batch.reduce((total, { file }) => total + file.size, 0);
        told(Math.min(1, before / all));
      }
      return sent;
    };
    return { done: run(), cancel: () => { stopped = true; request?.abort(); } };
  };

  const refusal = (status) =>
    ({
      413: "A file is larger than what is taken here; drop smaller ones.",
      429: "Many people sent files within this hour; please try again later.",
    })[status] ?? `The upload was refused (${status}); reload the page and drop the files again.`;

  function inBatches(files) {
    const batches = [];
    let bytes = Infinity;
    for (const one of files) {
      const last = batches.at(-1);
      if (bytes + one.file.size > BATCH.bytes || last.length === BATCH.files) batches.push([one]), (bytes = one.file.size);
      else last.push(one), (bytes += one.file.size);
    }
    return batches;
  }

  /* Places that take files for themselves: {node, words, dropped}; the rest of the page belongs to the drop zone. */
  gw.dropPlaces = [];
  const placeOf = (event) => gw.dropPlaces.find(({ node }) => node.contains(event.target));

  /* Over the whole page, also over an open dialog, while files are dragged. `dropped` gets what came. */
  gw.dropZone = (words, dropped) => {
    const sentence = el("p", {});
    const veil = el("div", { id: "drop-veil", class: "gw-veil", popover: "manual", "aria-hidden": "true" }, el("div", {}, gw.icon("upload"), sentence));
    let own = false;
    const carries = (event) => !own && [...(event.dataTransfer?.types ?? [])].includes("Files");
    const lift = () => { if (veil.isConnected && veil.matches(":popover-open")) veil.hidePopover(); };

    document.addEventListener("dragstart", () => { own = true; });
    document.addEventListener("dragend", () => { own = false; });
    document.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      if (!veil.isConnected) document.body.append(veil);
      sentence.textContent = (placeOf(event)?.words ?? words)();
      if (!veil.matches(":popover-open")) veil.showPopover();
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) lift(); });
    document.addEventListener("drop", (event) => {
      lift();
      if (!carries(event)) return;
      event.preventDefault();
      (placeOf(event)?.dropped ?? dropped)(gw.filesOf.drop(event.dataTransfer));
    });
  };
})();
