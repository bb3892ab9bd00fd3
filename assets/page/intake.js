/* Learn your own: drop maps anywhere, see what was understood, and have a model of them in seconds. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PICTURE = { width: 336, height: 256 };
  const LOW = 64;
  const SMALL = { width: 80, height: 64 };
  const STYLES = { "top-down": "Seen from above", platformer: "Platformer, with gravity", "box-pushing": "Box pushing" };
  const READ = "Tiled (TMX, TMJ with TSX and pictures), LDtk, text levels, tilesheets, sprites, or a zip or folder of them.";

  gw.parts.intake = ({ props, server }) => {
    const dialog = gw.dialog("Learn your own", "gw-intake");
    const body = el("div", { class: "gw-intake-body" });
    const fault = el("p", { id: "intake-fault", class: "gw-field-fault", role: "alert", hidden: true });
    const doing = el("span", { class: "gw-number", role: "status" });
    const bar = el("i", {});
    const stop = el("button", { type: "button", id: "intake-cancel", class: "gw-button gw-small", text: "Cancel", onclick: () => cancel() });
    const progress = el("div", { class: "gw-intake-progress", hidden: true }, doing, el("span", { class: "gw-track" }, bar), stop);
    const over = el("button", { type: "button", class: "gw-button", text: "Start over", onclick: () => startOver() });
    const add = el("button", { type: "button", class: "gw-button", title: "A tileset or picture that is missing, or more maps; dropping them does the same", onclick: () => chooser.click() }, gw.icon("plus"), el("span", { text: "Add files" }));
    const learn = el("button", { type: "button", id: "intake-learn", class: "gw-button gw-accent", onclick: () => learnThis() }, el("span", { text: "Learn this" }));
    const deepen = props.public ? null : el("button", { type: "button", id: "intake-train", class: "gw-button", title: "Keep these files and open the Train tab with them", onclick: () => trainThis() }, el("span", { text: "Train a deeper model" }));
    const chooser = el("input", { id: "intake-files", type: "file", multiple: true, accept: props.suffixes.join(), tabindex: "-1", "aria-label": "Choose files", onchange: () => chosen(chooser) });
    const folders = el("input", { id: "intake-folder", type: "file", multiple: true, webkitdirectory: true, tabindex: "-1", "aria-label": "Choose a folder", onchange: () => chosen(folders) });
    const foot = el("footer", { class: "gw-intake-foot" }, over, add, progress, deepen ?? "", learn);
    dialog.node.id = "intake";
    dialog.node.append(
      el("header", {}, el("h2", { text: "Learn your own" }), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })),
      body,
      fault,
      foot,
      el("div", { hidden: true }, chooser, folders),
    );

    let token = null;
    let preview = null;
    let running = null;
    let done = null; // the model that was learned from what is open: its legend can still be corrected

    /* One thing at a time: what was begun before is let go, and its answer is not waited for. */
    async function work(what, run) {
      running?.cancel?.();
      const mine = (running = { cancel: null });
      const began = performance.now();
      const say = (share = null) => {
        const seconds = Math.floor((performance.now() - began) / 1000);
        doing.textContent = share === null ? `${what} ${seconds} s` : `${what} ${Math.floor(100 * share)}%`;
        bar.style.width = share === null ? "100%" : `${100 * share}%`;
        progress.classList.toggle("gw-unknown", share === null);
      };
      const clock = setInterval(() => mine === running && progress.classList.contains("gw-unknown") && say(), 500);
      tell("");
      say();
      show();
      try {
        return await run({ say: (share) => mine === running && say(share), until: (stopper) => { mine.cancel = stopper; }, live: () => mine === running });
      } catch (error) {
        if (mine === running) tell(error.message);
        return null;
      } finally {
        clearInterval(clock);
        if (mine === running) running = null;
        show();
      }
    }

    function cancel() {
      running?.cancel?.();
      running = null;
      show();
    }

    function tell(sentence) {
      fault.textContent = sentence;
      fault.hidden = !sentence;
    }

    /* The dialog as it is now: a place to drop, or what was understood; at work or not. */
    function show() {
      const busy = running !== null;
      progress.hidden = !busy;
      over.hidden = add.hidden = busy || !token;
      learn.hidden = !preview?.learnable;
      learn.disabled = busy;
      if (deepen) {
        deepen.hidden = !preview;
        deepen.disabled = busy;
        deepen.classList.toggle("gw-accent", Boolean(preview) && !preview.learnable); // what sprites are dropped for
      }
      foot.hidden = !busy && !token;
      body.inert = busy && preview !== null;
      dialog.node.classList.toggle("gw-intake-empty", !preview);
      if (!preview && !body.querySelector(".gw-intake-drop")) body.replaceChildren(dropArea());
    }

    const dropArea = () =>
      el(
        "div",
        { class: "gw-intake-drop" },
        gw.icon("upload"),
        el("p", { class: "gw-intake-lead", text: "Drop maps, tilesets or sprites here, or anywhere on the page" }),
        el("p", { class: "gw-quiet", text: READ }),
        el("div", { class: "gw-row" }, el("button", { type: "button", class: "gw-button", text: "Choose files", onclick: () => chooser.click() }), el("button", { type: "button", class: "gw-button", text: "Choose a folder", onclick: () => folders.click() })),
        el("p", { class: "gw-quiet", text: props.public ? `Up to ${Math.floor(props.bounds.bytes / 2 ** 20)} MB. Your files are removed within an hour or two; the model is known to this browser alone, and goes when this page needs the room.` : "Nothing leaves this machine." }),
      );

    function chosen(input) {
      const files = gw.filesOf.input(input);
      input.value = "";
      if (files.length) bring(files);
    }

    /* Files that came, in whichever way: sent, laid down, and read. Those of an open preview are added to it. */
    async function bring(coming) {
      if (done) startOver();
      dialog.show();
      await work("Uploading…", async ({ say, until, live }) => {
        const files = gw.fitting(await coming, props);
        const upload = gw.upload(files, say);
        until(upload.cancel);
        const sent = await upload.done;
        if (!live()) return;
        const answer = await gw.ask(server, "take", { token, files: sent });
        if (!live()) return token === null && gw.ask(server, "forget", { token: answer.token }).catch(() => {});
        const broken = token && !preview;
        token = answer.token;
        await read();
        if (broken && !preview && !running) await anew(sent); // what came before may be what cannot be read
      });
    }

    async function anew(sent) {
      gw.ask(server, "forget", { token }).catch(() => {});
      token = (await gw.ask(server, "take", { token: null, files: sent })).token;
      await read();
    }

    async function read() {
      await work("Reading…", async ({ live }) => {
        const before = preview ? { title: preview.title(), options: preview.options() } : { title: "", options: {} };
        const told = await gw.ask(server, "understand", { token, options: before.options });
        if (!live()) return;
        preview = previewOf(told, props, before, read);
        body.replaceChildren(preview.node);
        body.scrollTop = 0;
      });
      if (preview && dialog.node.open) (preview.learnable ? learn : deepen)?.focus({ preventScroll: true });
    }

    function startOver() {
      if (token) gw.ask(server, "forget", { token }).catch(() => {});
      token = preview = done = null;
      tell("");
      show();
    }

    async function learnThis() {
      const before = gw.state.model?.name;
      const began = performance.now();
      await work("Learning…", async ({ live }) => {
        const { model } = await gw.ask(server, "learn", { token, title: preview.title(), options: preview.options() });
        if (!live()) return takeBack(model, null); // cancelled meanwhile
        if (props.public) gw.remember("mine", [...gw.remembered("mine", []), model.name].slice(-64));
        done = model.name;
        await gw.lookAgain(model.name);
        dialog.node.close();
        document.getElementById("tab-sample-button")?.click();
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        gw.toast(`Learned ${model.title} in ${seconds} s.`, { action: { label: "Undo", run: () => takeBack(model, before) } });
      });
    }

    /* The files are kept for as long as the person wants them, and the Train tab opens with them chosen. */
    async function trainThis() {
      await work("Keeping the files…", async ({ live }) => {
        const { data } = await gw.ask(server, "keep_data", { token, title: preview.title(), options: preview.options() });
        if (!live()) return;
        dialog.node.close();
        gw.openTab("train");
        gw.set("trainWith", data);
      });
    }

    async function takeBack(model, before) {
      try {
        await gw.ask(server, "unlearn", { model: model.name });
        gw.remember("mine", gw.remembered("mine", []).filter((name) => name !== model.name));
        if (gw.state.model?.name === model.name || before) await gw.lookAgain(before);
      } catch (error) {
        gw.fault(error);
      }
    }

    gw.dropZone(() => (token && !done ? "Drop to add to what is here" : "Drop maps, tilesets or sprites"), bring);
    gw.intake = {
      bring, // a promise of files, as `gw.filesOf` gives them
      open() {
        if (done) startOver();
        show();
        dialog.show();
        body.querySelector(".gw-intake-drop button")?.focus();
      },
      /* Whether the legend of a model that was just learned is still here; and opens it. */
      corrects: (name) => done !== null && done === name,
      correct() {
        show();
        dialog.show();
        body.querySelector(".gw-legend-tile")?.focus();
      },
    };
    show();
  };

  /* What was understood: pictures and facts on the left; name, style, warnings and legend on the right.
     `before` is what a person said already, of the files that were there before more came; `again` reads anew. */
  function previewOf(told, props, before, again) {
    const title = el("input", { id: "intake-title-input", type: "text", maxlength: 80, autocomplete: "off", spellcheck: "false", value: before.title || told.title.slice(0, 80) });
    const style = el("select", { id: "intake-style-input" }, ...props.styles.map((name) => el("option", { value: name, text: STYLES[name] ?? name, selected: name === told.style })));
    const legend = told.legend.length ? gw.legendEditor(told.legend, props.tags) : null;
    const grid = told.adjustable.includes("margin") ? gridFields(before.options, again) : null;
    const field = (id, name, input) => el("div", { id, class: "gw-field" }, el("label", { for: `${id}-input`, text: name }), input);
    const facts = [
      ["Read as", told.reader],
      ["Size", told.sizes],
      ["Classes", told.classes.map(([name, count]) => `${name} (${count})`).join(", ")],
      ["Licence", told.licence],
    ].filter(([, value]) => value);

    const node = el(
      "div",
      { class: "gw-intake-preview" },
      el("div", { class: "gw-intake-left" }, pictures(told), el("dl", { class: "gw-facts" }, ...facts.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]))),
      el(
        "div",
        { class: "gw-intake-right" },
        told.instead ? el("p", { class: "gw-intake-instead", text: told.instead }) : null,
        told.learnable ? el("div", { class: "gw-pair" }, field("intake-title", "Name", title), field("intake-style", "How it is played", style)) : props.public ? null : field("intake-title", "Name", title),
        grid?.node,
        told.notes.length ? el("ul", { class: "gw-notes", "aria-label": "What to know" }, ...told.notes.map((note) => el("li", { text: note }))) : null,
        legend ? el("div", { class: "gw-field" }, el("div", { class: "gw-row gw-between" }, el("span", { class: "gw-label", text: gw.plural(told.legend.length, "tile") }), el("span", { class: "gw-quiet gw-hint", text: "Click a tile, or drag over several, to say what they do" })), legend.node) : null,
      ),
    );
    return {
      node,
      learnable: told.learnable,
      title: () => title.value.trim() || told.title,
      options: () => ({
        style: style.value && style.value !== told.style ? style.value : before.options.style ?? null,
        tags: { ...stillThere(before.options.tags ?? {}, told.legend), ...legend?.read() },
        ...grid?.read(),
      }),
    };
  }

  /* A tileset that came later may give tiles other names; what was said of those is gone. */
  const stillThere = (tags, legend) => Object.fromEntries(legend.filter(({ name }) => Object.hasOwn(tags, name)).map(({ name }) => [name, tags[name]]));

  /* How a sheet is cut; what is left empty is guessed. */
  function gridFields(given, again) {
    const fields = [["columns", "Tile width", 1, 128], ["rows", "Tile height", 1, 128], ["margin", "Margin", 0, 64], ["spacing", "Spacing", 0, 64]].map(([name, label, low, high]) => {
      const input = el("input", { id: `intake-${name}-input`, type: "number", min: low, max: high, step: 1, value: given[name] ?? "", placeholder: "guessed", autocomplete: "off", onchange: again });
      return { name, input, node: el("div", { id: `intake-${name}`, class: "gw-field" }, el("label", { for: `intake-${name}-input`, text: label }), input) };
    });
    const node = el("div", { class: "gw-pair gw-intake-grid" }, ...fields.map((one) => one.node));
    return { node, read: () => Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim() === "" ? null : Number(input.value)])) };
  }

  /* One large, the others beside each other below it; a click makes one the large one. */
  function pictures(told) {
    const stage = el("div", { class: "gw-intake-stage" });
    const place = (picture) => {
      const fitting = gw.largestScale(picture.width, picture.height, PICTURE.width, PICTURE.height);
      const wide = picture.height * fitting < LOW; // a long level is scrolled along, or it would be a thread
      stage.classList.toggle("gw-wide", wide);
      stage.replaceChildren(gw.picture(picture, wide ? gw.largestScale(0, picture.height, 1, PICTURE.height / 2) : fitting));
    };
    const small = (picture, index) => el("button", { type: "button", class: "gw-intake-small", "aria-label": `Example ${index + 1}`, onclick: () => place(picture) }, gw.picture(picture, gw.largestScale(picture.width, picture.height, SMALL.width, SMALL.height)));
    if (told.pictures.length) place(told.pictures[0]);
    const others = told.pictures.length > 1 ? el("div", { class: "gw-intake-others" }, ...told.pictures.map(small)) : null;
    return el("div", {}, told.pictures.length ? stage : null, others);
  }
})();
