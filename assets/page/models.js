/* The Models tab: cards on the left; of the chosen model its samples beside real data, its figures, where it comes from,
   and how it learned. On a person's own machine models are renamed, exported, brought in and put away here. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const FRAMES_AT_ONCE = 4;
  const SHEET_HEIGHT = 620;
  const CAPTION = 20;
  const PATIENCE_MS = 300;
  const TAIL = 2 ** 17; // of a zip: its table of contents stands at its end

  gw.parts.modelsTab = ({ root, props, server }) => {
    const ask = (name, request = {}) => gw.ask(server, name, request);
    const list = new gw.ModelList({ told: (model) => open(model, true), brief: (names) => ask("model_cards", { models: names }) });
    const chooser = el("input", { type: "file", id: "models-file", accept: ".zip", tabindex: "-1", "aria-label": "Choose a model's zip", onchange: () => { const files = gw.filesOf.input(chooser); chooser.value = ""; bringIn(Promise.resolve(files)); } });
    const bring = el("button", { type: "button", id: "models-import", class: "gw-button", title: "A model that was exported as a zip, from this machine or another; dropping it on this tab does the same", onclick: () => chooser.click() }, gw.icon("upload"), el("span", { text: "Import a model" }));
    const aside = el("aside", { class: "gw-settings gw-model-aside", "aria-label": "All models" }, list.node, props.public ? null : el("div", { class: "gw-run-row" }, bring, el("div", { hidden: true }, chooser)));
    const detail = el("section", { id: "models-detail", class: "gw-model-detail", "aria-label": "Model" });
    root.classList.add("gw-models");
    root.append(aside, detail);

    const back = el("button", { type: "button", class: "gw-button gw-small gw-phone-only gw-model-back", onclick: () => root.classList.remove("gw-models-open") }, gw.icon("left"), el("span", { text: "All models" }));
    const title = el("input", { id: "models-title", class: "gw-model-title", maxlength: 80, spellcheck: "false", autocomplete: "off", "aria-label": "Name of the model", onchange: () => rename() });
    const heading = el("h2", { class: "gw-model-title" });
    const kind = el("span", { class: "gw-tag" });
    const own = el("span", { class: "gw-yours", text: "yours" });
    const summary = el("p", { class: "gw-model-lead" });
    const use = el("button", { type: "button", id: "models-use", class: "gw-button gw-accent", title: "Choose it for all tabs, and sample from it", onclick: () => useIt() }, gw.icon("dice"), el("span", { text: "Use" }));
    const save = el("button", { type: "button", id: "models-export", class: "gw-button", title: "The whole model as a zip: for another machine, or to keep", onclick: () => exportIt() }, gw.icon("download"), el("span", { text: "Export" }));
    const remove = gw.iconButton("trash", "Move to the trash", { id: "models-remove", onclick: () => discard() });
    const sheet = el("section", { class: "gw-model-sheet", "aria-label": "Samples beside training data" });
    const replay = el("section", { id: "models-replay", class: "gw-model-replay", "aria-label": "Its training" }, el("h3", { text: "How it learned" }));
    const view = new gw.TrainingView(replay, { plotly: props.plotly, name: "models" });
    const earlier = el("section", { id: "models-earlier", class: "gw-model-earlier", "aria-label": "Earlier steps", hidden: true });
    const figures = el("section", { class: "gw-model-quality", "aria-label": "Figures" });
    const about = el("section", { class: "gw-model-about", "aria-label": "About" });
    const body = el("div", { class: "gw-model-body" },
      back,
      el("header", { class: "gw-model-head" },
        el("div", { class: "gw-model-names" }, el("div", { class: "gw-row" }, heading, title, own), el("div", {}, kind), summary),
        el("div", { class: "gw-row gw-model-does" }, use, ...(props.public ? [] : [save, remove]))),
      sheet, figures, replay, earlier, about);
    const fault = el("div", { class: "gw-empty gw-model-fault", hidden: true });
    detail.append(body, fault);
    body.hidden = true;

    let chosen = null; // the model that is shown, as the bar knows it
    let shown = null; // what the server told of it
    let latest = 0;
    let byHand = false;

    gw.models = { open: (name) => { const model = find(name); if (model) open(model, true); }, view };
    const find = (name) => (gw.state.models ?? []).find((model) => model.name === name);

    gw.listen("models", (models) => {
      list.show(models);
      const now = chosen && find(chosen.name);
      if (now) return refresh(now);
      byHand = false;
      if (chosen) open(gw.state.model ?? models[0] ?? null);
    });
    gw.listen("model", (model) => { if (model && !byHand) open(find(model.name) ?? model); });
    new ResizeObserver(() => seen()).observe(root);
    new ResizeObserver(() => fitSheet()).observe(sheet);

    /* Nothing is fetched before somebody looks. */
    function seen() {
      if (!root.clientWidth || !chosen || shown !== null) return;
      list.reveal();
      load();
    }

    function open(model, hand = false) {
      byHand ||= hand;
      if (hand) root.classList.add("gw-models-open");
      if (!model || model.name === chosen?.name) return;
      chosen = model;
      shown = null;
      list.choose(model.name);
      list.reveal();
      detail.scrollTop = 0;
      if (root.clientWidth) load();
    }

    /* It was renamed, or has learned more: what is shown stays until the new is there. */
    function refresh(model) {
      const same = model.digest === chosen.digest && model.title === chosen.title && model.fault === chosen.fault;
      chosen = model;
      if (!same && root.clientWidth) load();
    }

    async function load() {
      const mine = ++latest;
      const model = chosen;
      if (model.fault) return broken(model, model.fault);
      setTimeout(() => mine === latest && shown?.name !== model.name && wait(model), PATIENCE_MS);
      try {
        const told = await ask("model_told", { model: model.name });
        if (mine !== latest) return;
        const again = shown?.name === told.name && !body.hidden;
        show(model, told, again);
        await loadReplay(model, mine, again);
      } catch (error) {
        if (mine === latest) broken(model, error.message);
      }
    }

    /* What was shown before is dimmed; where nothing was, what will be here is said. */
    function wait(model) {
      body.classList.add("gw-model-waiting");
      if (!body.hidden) return;
      fault.hidden = false;
      fault.replaceChildren(el("p", { role: "status", text: `Reading what is known of ${model.title}…` }));
    }

    function broken(model, sentence) {
      shown = {};
      body.hidden = true;
      fault.hidden = false;
      const away = props.public || !model.mine ? null : el("button", { type: "button", class: "gw-button", onclick: () => discard() }, gw.icon("trash"), el("span", { text: "Move to the trash" }));
      fault.replaceChildren(el("h2", { text: `${model.title} cannot be shown` }), el("p", { text: sentence }), ...(away ? [away] : []));
    }

    function show(model, told, again) {
      shown = told;
      body.hidden = false;
      body.classList.remove("gw-model-waiting");
      fault.hidden = true;
      const mine = Boolean(model.mine) && !props.public;
      title.hidden = !mine;
      heading.hidden = mine;
      heading.textContent = told.title;
      if (document.activeElement !== title) title.value = told.title;
      own.hidden = !model.mine;
      kind.textContent = gw.modelWords.kind(model);
      summary.textContent = told.summary;
      remove.hidden = !mine;
      showSheet(told, again);
      figures.replaceChildren(el("h3", { text: "Figures", title: "Measured when the training ended. Point at a figure to see what it says." }), gw.modelWords.figures(told.figures));
      about.replaceChildren(
        el("h3", { text: "Where it comes from" }),
        gw.modelWords.facts(told),
        el("h3", { text: "Its limits" }),
        el("ul", { class: "gw-model-limits" }, ...told.limits.map((text) => el("li", { text }))),
        ...command(told.run.command),
      );
      showEarlier(told.earlier ?? []);
    }

    function command(text) {
      if (!text) return [];
      const code = el("code", { id: "models-command", text });
      const copy = el("button", { type: "button", id: "models-copy", class: "gw-button gw-small", onclick: () => copyText(text, code) }, el("span", { text: "Copy" }));
      return [el("h3", { text: "The command that makes it again" }), el("div", { class: "gw-model-command" }, code, copy)];
    }

    async function copyText(text, node) {
      try {
        await navigator.clipboard.writeText(text);
        gw.toast("The command is copied.");
      } catch {
        getSelection().selectAllChildren(node);
        gw.toast("This browser does not let the page copy; the command is selected, press Ctrl C.");
      }
    }

    /* -- the sheet: its place is kept while the picture comes */

    let sheetOf = "";
    async function showSheet(told, again) {
      const key = `${told.name} ${told.digest}`;
      if (again && key === sheetOf) return;
      sheetOf = key;
      if (!again) keepPlace(told.sheet);
      const image = el("img", { class: "gw-picture", alt: "Samples on the left, training data on the right", draggable: "false" });
      const frame = el("button", { type: "button", class: "gw-model-frame", title: "Larger", onclick: () => enlarge(image, told) }, image);
      const { picture } = told.sheet ? await ask("model_sheet", { model: told.name }).catch(() => ({})) : { picture: await gw.preview(told.name) };
      if (sheetOf !== key) return;
      if (!picture) return sheet.replaceChildren(el("p", { class: "gw-quiet gw-model-none", text: "No picture yet: samples beside real data are drawn when its training ends." }));
      image.addEventListener("load", () => {
        if (sheetOf !== key) return;
        sheet.replaceChildren(frame, el("p", { class: "gw-quiet", text: told.sheet ? "Samples beside what it learned from, at one scale. Click to enlarge." : "Samples. Beside real data they are shown when its training has ended." }));
        fitSheet();
      }, { once: true });
      image.src = picture;
    }

    /* What belongs to another model goes at once; the new one is as high as it will be. */
    function keepPlace(size) {
      const scale = size ? gw.wholeScale(size.width, size.height, sheet.clientWidth || 1, SHEET_HEIGHT) : 0;
      sheet.replaceChildren();
      sheet.style.minHeight = size ? `${Math.round(size.height * scale) + CAPTION}px` : "";
    }

    function fitSheet() {
      const image = sheet.querySelector("img");
      if (!image?.naturalWidth || !sheet.clientWidth) return;
      const scale = gw.wholeScale(image.naturalWidth, image.naturalHeight, sheet.clientWidth, SHEET_HEIGHT);
      image.width = Math.round(image.naturalWidth * scale);
      image.height = Math.round(image.naturalHeight * scale);
      image.classList.toggle("gw-overview", scale < 1 && chosen?.kind === "level");
      sheet.style.minHeight = "";
    }

    const large = gw.dialog("Samples beside training data", "gw-model-large");
    function enlarge(image, told) {
      const [width, height] = [image.naturalWidth, image.naturalHeight];
      const scale = Math.max(1, gw.wholeScale(width, height, innerWidth - 48, innerHeight - 96));
      large.node.replaceChildren(el("header", {}, el("h2", { text: told.title }), gw.iconButton("close", "Close (Escape)", { onclick: () => large.node.close() })), el("div", { class: "gw-model-large-stage" }, gw.picture({ picture: image.src, width, height }, scale)));
      large.show();
    }

    /* -- the replay: the last frame at once, the others as they come */

    async function loadReplay(model, mine, again) {
      if (!again) view.waiting();
      try {
        const { replay: found, counted } = await ask("model_replay", { model: model.name });
        if (mine !== latest) return;
        if (!found) return view.empty(counted ? "Learned in one go" : "No replay", counted ? "This model counts what stands beside what, or follows what. It is done in a moment, so there is nothing to watch." : "How it learned was not recorded. Models that are trained from now on have their replay here.");
        if (again) view.update(found);
        else view.show(found, { kind: model.kind });
        await loadFrames(model, mine);
      } catch (error) {
        if (mine === latest) view.failed(error.message, () => loadReplay(model, mine, false));
      }
    }

    async function loadFrames(model, mine) {
      const steps = view.waits;
      for (let at = 0; at < steps.length && mine === latest; at += FRAMES_AT_ONCE) {
        const { frames } = await ask("model_frames", { model: model.name, steps: steps.slice(at, at + FRAMES_AT_ONCE) });
        if (mine === latest) view.update({ frames });
      }
    }

    function showEarlier(steps) {
      earlier.hidden = props.public || !steps.length;
      if (earlier.hidden) return;
      const row = (one) => el("li", {},
        el("button", { type: "button", class: "gw-link gw-number", title: "To the samples of this step", text: `Step ${gw.stepInWords(one.step)}`, onclick: () => view.seek(one.step) }),
        el("button", { type: "button", class: "gw-button gw-small", title: "From now on this is the model; the present one stays among the earlier steps", onclick: () => goBack(one) }, el("span", { text: "Use this step" })));
      earlier.replaceChildren(el("h3", { text: "Earlier steps" }), el("p", { class: "gw-quiet", text: `It stands at step ${gw.stepInWords(shown.run.steps)}. An earlier one may be better, where it began to learn by heart.` }), el("ul", {}, ...steps.map(row)));
    }

    /* -- what can be done with it */

    function useIt() {
      if (!chosen) return;
      gw.chooseModel(chosen.name);
      gw.openTab("sample");
    }

    /* One change at a time; a fault is told, and what is there is shown again. */
    async function change(act) {
      try {
        await act();
      } catch (error) {
        gw.fault(error);
      }
    }

    const rename = () => change(async () => {
      const [name, before, wanted] = [chosen.name, shown.title, title.value.trim()];
      if (!wanted || wanted === before) { title.value = before; return; }
      await retitle(name, wanted);
      gw.toast(`${before} is called ${wanted} now.`, { action: { label: "Undo", run: () => change(() => retitle(name, before)) } });
    });
    async function retitle(name, wanted) {
      try {
        await ask("model_rename", { model: name, title: wanted });
      } catch (error) {
        title.value = shown.title;
        throw error;
      }
      await gw.lookAgain();
    }
    title.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") title.blur();
      if (event.key === "Escape") { title.value = shown.title; title.blur(); }
    });

    const exportIt = () => change(async () => {
      save.disabled = true;
      save.lastChild.textContent = "Exporting…";
      try {
        const file = await ask("model_export", { model: chosen.name });
        gw.download(file);
        gw.toast(`${file.name}, ${gw.bytesInWords(file.bytes)}, is in your downloads.`);
      } finally {
        save.disabled = false;
        save.lastChild.textContent = "Export";
      }
    });

    const discard = () => change(async () => {
      const gone = chosen;
      const used = gw.state.model?.name === gone.name;
      const { label } = await ask("model_discard", { model: gone.name });
      root.classList.remove("gw-models-open");
      await gw.lookAgain();
      gw.toast(`${gone.title} is in the trash.`, { action: { label: "Undo", run: () => change(async () => {
        const { model } = await ask("model_restore", { label });
        await gw.lookAgain(used ? model : null);
        gw.models.open(model);
      }) } });
    });

    const goBack = (one) => change(async () => {
      const [name, before, was] = [chosen.name, shown.digest, shown.run.steps];
      await ask("model_back", { model: name, digest: one.digest });
      await gw.lookAgain(gw.state.model?.name === name ? name : null);
      gw.toast(`${shown.title} is at step ${gw.stepInWords(one.step)} now.`, { action: { label: `Back to step ${gw.stepInWords(was)}`, run: () => change(async () => {
        await ask("model_back", { model: name, digest: before });
        await gw.lookAgain(gw.state.model?.name === name ? name : null);
      }) } });
    });

    /* -- a model that comes as a zip */

    const bringIn = (coming) => change(async () => {
      const files = await coming;
      if (files.length !== 1 || !(await isModel(files[0].file))) return notAModel(files);
      bring.disabled = true;
      const say = (text) => { bring.lastChild.textContent = text; };
      try {
        const upload = gw.upload([{ name: files[0].name.split("/").at(-1), file: files[0].file }], (share) => say(`Sending ${Math.floor(100 * share)}%`));
        const sent = await upload.done;
        say("Reading…");
        const { model, title: called, new: fresh } = await ask("model_import", { files: sent });
        await gw.lookAgain();
        gw.models.open(model);
        gw.toast(fresh ? `${called} is here, and in all tabs.` : `${called} was here already; nothing was added.`);
      } finally {
        bring.disabled = false;
        say("Import a model");
      }
    });

    /* Maps and sprites may be dropped here too: they are for learning, as anywhere on the page. */
    function notAModel(files) {
      if (gw.intake?.bring && files.length) return gw.intake.bring(Promise.resolve(files));
      throw new Error("A model comes as the one zip that Export made, but something else came; choose that zip.");
    }

    async function isModel(file) {
      if (!file.name.toLowerCase().endsWith(".zip")) return false;
      const tail = new TextDecoder("latin1").decode(await file.slice(Math.max(0, file.size - TAIL)).arrayBuffer());
      return tail.includes("manifest.json") && tail.includes(".safetensors");
    }

    if (!props.public) gw.dropPlaces.push({ node: root, words: () => "Drop a model's zip to import it; maps and sprites to learn from them", dropped: bringIn });
  };
})();
