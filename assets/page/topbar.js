/* The bar that never leaves. The model chosen here is the model of every tab. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  gw.parts.topBar = ({ root, props, trigger, server }) => {
    gw.applyLook();
    const picker = modelPicker(server, !props.public, (model) => { props.value = model?.name ?? ""; trigger("chosen"); });
    const undo = gw.iconButton("undo", "Undo (Ctrl+Z)", { onclick: () => gw.board?.undo(), disabled: true });
    const redo = gw.iconButton("redo", "Redo (Ctrl+Shift+Z)", { onclick: () => gw.board?.redo(), disabled: true });
    const look = gw.iconButton("sun", "Light or dark", { id: "look", onclick: gw.switchLook });
    const keys = gw.iconButton("keys", "Keys (?)", { onclick: gw.showKeys, class: "gw-icon-button gw-wide-only" });
    root.append(
      el("div", { class: "gw-wordmark", role: "heading", "aria-level": "1" }, mark(), el("span", { text: "genworld" })),
      picker.node,
      el("button", { type: "button", id: "learn-open", class: "gw-button gw-learn-open", title: "Learn from your own maps (O)", "aria-label": "Learn your own", onclick: () => gw.intake?.open() }, gw.icon("upload"), el("span", { text: "Learn your own" })),
      gw.jobIndicator(),
      el("div", { class: "gw-bar-end" }, undo, redo, el("span", { class: "gw-rule" }), keys, look),
    );
    gw.listen("board", ({ canUndo, canRedo }) => { undo.disabled = !canUndo; redo.disabled = !canRedo; });
    gw.listen("look", (now) => look.replaceChildren(gw.icon(now === "dark" ? "sun" : "moon")));
    gw.lookAgain = async (wanted = null) => {
      const mine = gw.remembered("mine", []);
      const answer = await gw.ask(server, "models", { mine });
      const there = new Set(answer.models.map((model) => model.name));
      if (mine.length) gw.remember("mine", mine.filter((name) => there.has(name))); // a public page may have let some go
      picker.take(answer, wanted);
    };
    gw.set("limits", props.bounds);
    picker.waiting();
    // Its picture can be there before anything is loaded.
    const last = gw.remembered("model", null);
    gw.set("likely", props.names.includes(last) ? last : props.names[0]);
    gw.lookAgain().catch(gw.fault);
  };

  /* Four tiles, one of them kept. */
  const mark = () => el("span", { class: "gw-mark", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i"));

  /* The first sample of a preview, or a corner of it: at half its size there, and in the list sprites at full. */
  function miniature(source, scale = 0.5) {
    const image = el("img", { alt: "" });
    image.addEventListener("load", () => { image.width = Math.round(image.naturalWidth * scale); });
    image.src = source;
    return image;
  }

  function modelPicker(server, removes, chosen) {
    const previews = new Map();
    let digests = new Map();
    const thumb = el("span", { class: "gw-thumb" });
    const title = el("span", { class: "gw-picker-title" });
    const kind = el("span", { class: "gw-tag" });
    const own = el("span", { class: "gw-yours", text: "yours", hidden: true });
    const line = el("span", { class: "gw-picker-line" });
    const button = el(
      "button",
      { type: "button", class: "gw-picker-button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": "Model", onclick: () => toggle() },
      thumb,
      el("span", { class: "gw-picker-text" }, el("span", { class: "gw-picker-top" }, title, kind, own), line),
      gw.icon("down"),
    );
    const list = el("div", { class: "gw-picker-list", role: "listbox", "aria-label": "Models", tabindex: "-1", hidden: true });
    const node = el("div", { id: "model-picker", class: "gw-picker" }, button, list);
    let shelf = { models: [] };
    let marked = 0;

    const preview = (name) => {
      if (!previews.has(name)) previews.set(name, gw.ask(server, "preview", { model: name }).then((answer) => answer.picture, () => null));
      return previews.get(name);
    };
    gw.preview = preview;

    const picture = (model) => {
      const box = el("span", { class: "gw-thumb" });
      preview(model.name).then((source) => source && box.append(miniature(source, model.kind === "sprite" ? 1 : 0.5)));
      return box;
    };

    const heading = (text) => el("p", { class: "gw-picker-heading", role: "presentation", text });

    const option = (model, index) =>
      el(
        "div",
        { class: "gw-option", role: "option", id: `model-option-${index}`, "aria-disabled": model.fault ? "true" : null, "aria-selected": String(model.name === gw.state.model?.name), onclick: () => pick(index), onpointermove: () => point(index) },
        model.fault ? el("span", { class: "gw-thumb gw-broken" }, gw.icon("close")) : picture(model),
        el(
          "span",
          { class: "gw-picker-text" },
          el("span", { class: "gw-picker-top" }, el("span", { class: "gw-picker-title", text: model.title }), el("span", { class: "gw-tag", text: model.fault ? "damaged" : kindOf(model) }), model.mine ? yours() : null),
          el("span", { class: "gw-picker-line", text: model.fault ?? model.summary }),
        ),
        removable(model) ? gw.iconButton("trash", `Move ${model.title} to the trash (Delete)`, { class: "gw-icon-button gw-discard", tabindex: "-1", onclick: (event) => { event.stopPropagation(); discard(index); } }) : null,
      );

    const removable = (model) => Boolean(removes && model?.mine);

    const learnOption = () =>
      el("div", { class: "gw-option gw-option-learn", role: "option", id: `model-option-${shelf.models.length}`, "aria-selected": "false", onclick: () => pick(shelf.models.length), onpointermove: () => point(shelf.models.length) }, gw.icon("upload"), el("span", { text: "Learn your own map…" }));

    const yours = () => el("span", { class: "gw-yours", text: "yours" });
    const kindOf = (model) => `${model.kind}s · ${model.family}`;

    function show(model) {
      title.textContent = model ? model.title : "No model yet";
      kind.textContent = model ? kindOf(model) : "";
      kind.hidden = !model;
      own.hidden = !model?.mine;
      line.textContent = model ? model.summary : "What to do is said below";
      button.setAttribute("aria-label", model ? `Model: ${model.title}` : "Model: none yet");
      thumb.replaceChildren();
      if (model) preview(model.name).then((source) => source && gw.state.model === model && thumb.replaceChildren(miniature(source)));
    }

    function waiting() {
      title.textContent = "Loading the models…";
      kind.hidden = true;
      line.textContent = "A first start takes a few seconds";
    }

    /* A person's own models stand first; but the first that a stranger sees is one that comes with genworld. */
    function take(next, asked) {
      const { models } = next;
      for (const one of models) if (digests.has(one.name) && digests.get(one.name) !== one.digest) previews.delete(one.name);
      digests = new Map(models.map((one) => [one.name, one.digest]));
      shelf = { models: [...models.filter((model) => model.mine), ...models.filter((model) => !model.mine)] };
      gw.set("models", shelf.models);
      const sound = models.filter((model) => !model.fault);
      const named = (name) => sound.find((one) => one.name === name);
      const model = named(asked) ?? named(gw.state.model?.name) ?? named(gw.remembered("model", null)) ?? sound[0] ?? null;
      if (asked && model) gw.remember("model", model.name);
      if (asked || !model || model.name !== gw.state.model?.name) choose(model);
      else if (model.digest !== gw.state.model.digest) learnedMore(model);
      else if (model.title !== gw.state.model.title) show((gw.state.model = model)); // it was renamed
      if (!list.hidden) open(); // it shows what is there now
    }

    /* It still learns: what is on the screen stays, and whoever shows something of it may offer the newer. */
    function learnedMore(model) {
      gw.state.model = model;
      show(model);
      gw.set("newer", model);
    }

    /* Into the trash, and out of the list at once; the model of the page changes only if it was this one. */
    async function discard(index) {
      const model = shelf.models[index];
      if (!removable(model)) return;
      const current = gw.state.model?.name === model.name;
      try {
        const { label } = await gw.ask(server, "discard", { model: model.name });
        await gw.lookAgain();
        if (!list.hidden) point(Math.min(index, shelf.models.length - 1));
        gw.toast(`${model.title} is in the trash.`, { action: { label: "Undo", run: () => restore(label, current) } });
      } catch (error) {
        gw.fault(error);
      }
    }

    async function restore(label, current) {
      try {
        const { model } = await gw.ask(server, "restore", { label });
        await gw.lookAgain(current ? model : null);
      } catch (error) {
        gw.fault(error);
      }
    }

    /* By another part of the page, such as a kept item whose sliders are opened. Whether it is another one now. */
    gw.chooseModel = (name) => {
      const model = shelf.models.find((one) => one.name === name && !one.fault);
      if (!model || name === gw.state.model?.name) return false;
      gw.remember("model", name);
      choose(model);
      return true;
    };

    function choose(model) {
      gw.state.model = model;
      show(model);
      chosen(model);
      gw.set("model", model);
    }

    function pick(index) {
      if (index === shelf.models.length) {
        close();
        gw.intake.open();
        return;
      }
      const model = shelf.models[index];
      if (!model || model.fault) return;
      close();
      button.focus();
      gw.remember("model", model.name);
      if (model.name !== gw.state.model?.name) choose(model);
    }

    function point(index) {
      const options = [...list.querySelectorAll(".gw-option")];
      marked = Math.min(Math.max(index, 0), options.length - 1);
      options.forEach((one, at) => one.classList.toggle("gw-marked", at === marked));
      list.setAttribute("aria-activedescendant", `model-option-${marked}`);
      options[marked]?.scrollIntoView({ block: "nearest" });
    }

    function open() {
      const mine = shelf.models.filter((model) => model.mine).length;
      const options = shelf.models.map(option);
      list.replaceChildren(...options, learnOption());
      if (mine) list.prepend(heading("Yours"));
      if (mine && mine < options.length) options[mine].before(heading("Come with genworld"));
      list.hidden = false;
      button.setAttribute("aria-expanded", "true");
      list.focus();
      point(shelf.models.findIndex((model) => model.name === gw.state.model?.name));
    }

    function close() {
      list.hidden = true;
      button.setAttribute("aria-expanded", "false");
    }

    const toggle = () => (list.hidden ? open() : close());

    const keys = {
      ArrowDown: () => point(marked + 1),
      ArrowUp: () => point(marked - 1),
      Home: () => point(0),
      End: () => point(shelf.models.length),
      Enter: () => pick(marked),
      Delete: () => discard(marked),
      " ": () => pick(marked),
      Escape: () => { close(); button.focus(); },
      Tab: () => { close(); button.focus(); },
    };
    list.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (!keys[event.key]) return;
      if (event.key !== "Tab") event.preventDefault();
      keys[event.key]();
    });
    button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); open(); }
    });
    document.addEventListener("pointerdown", (event) => { if (!list.hidden && !node.contains(event.target)) close(); });

    return { node, take, waiting };
  }
})();
