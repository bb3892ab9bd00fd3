/* Into a project folder: levels of own maps as new files beside the original. Local mode only. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PAUSE_MS = 300;
  const NAMED = 3;

  /* ask(name, request) asks the board's part. */
  gw.projectDialog = (ask) => {
    const dialog = gw.dialog("Into a project folder", "gw-project");
    const lead = el("p", {});
    const input = el("input", { type: "text", id: "project-folder-input", maxlength: 4096, autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "~/games/meadow", oninput: () => typed() });
    const hint = el("p", { class: "gw-quiet" });
    const names = el("ul", { id: "project-files", "aria-label": "Files that will be written" });
    const files = el("div", { class: "gw-field", hidden: true }, el("span", { class: "gw-label", text: "Will be written" }), names);
    const left = el("p", { class: "gw-quiet", hidden: true });
    const fault = el("p", { id: "project-fault", class: "gw-field-fault", role: "alert", hidden: true });
    const write = el("button", { type: "button", id: "project-write", class: "gw-button gw-accent", disabled: true, onclick: () => writeAll() }, el("span", { text: "Write" }));
    dialog.node.id = "project";
    dialog.node.append(
      el("header", {}, el("h2", { text: "Into a project folder" }), gw.iconButton("close", "Close (Escape)", { onclick: () => dialog.node.close() })),
      el("div", { class: "gw-project-body" }, lead, el("div", { id: "project-folder", class: "gw-field" }, el("label", { for: "project-folder-input", text: "Project folder" }), input, hint), files, left),
      fault,
      el("footer", {}, el("p", { class: "gw-quiet", text: "New files only; nothing that is there is changed." }), write),
    );
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      if (write.disabled) look();
      else writeAll();
    });

    let ids = [];
    let timer = 0;
    let last = 0;

    async function open(chosen) {
      ids = chosen;
      input.value = gw.remembered("project", "");
      show({ files: [], left: [] });
      lead.textContent = hint.textContent = "";
      tell("");
      dialog.show();
      input.focus();
      input.select();
      try {
        const { levels, maps } = await ask("project", { ids });
        lead.textContent = levels ? `${gw.plural(levels, ids.length ? "selected level" : "level")} of ${named(maps)}, each as a map of its own beside the one it was learned from.` : "No selected level was learned from a map of yours. Select others, or none to write all.";
        hint.textContent = levels ? `The folder that holds ${named(maps)}, or that of the whole project.` : "";
        input.disabled = !levels;
        if (levels && input.value) await look();
      } catch (error) {
        tell(error.message);
      }
    }

    const named = (maps) => (maps.length > NAMED ? `${maps.slice(0, NAMED).join(", ")} and ${maps.length - NAMED} more` : maps.join(", "));

    function tell(sentence) {
      fault.textContent = sentence;
      fault.hidden = !sentence;
      input.setAttribute("aria-invalid", String(Boolean(sentence)));
    }

    function show(answer) {
      names.replaceChildren(...answer.files.map((name) => el("li", { text: name })));
      files.hidden = write.disabled = !answer.files.length;
      left.textContent = answer.left.length ? `Levels of ${named(answer.left)} stay here: that is not in this folder.` : "";
      left.hidden = !answer.left.length;
    }

    function typed() {
      clearTimeout(timer);
      write.disabled = true;
      timer = setTimeout(look, PAUSE_MS);
    }

    /* What would be written into the folder as it is typed now; only the last answer counts. */
    async function look() {
      clearTimeout(timer);
      const mine = ++last;
      const folder = input.value.trim();
      const answer = folder ? await ask("project", { ids, folder }).catch((error) => ({ files: [], left: [], fault: error.message })) : { files: [], left: [] };
      if (mine !== last) return;
      show(answer);
      tell(answer.fault ?? "");
    }

    async function writeAll() {
      const folder = input.value.trim();
      last += 1;
      write.disabled = true;
      write.lastChild.textContent = "Writing…";
      try {
        const answer = await ask("write_into", { ids, folder });
        gw.remember("project", folder);
        dialog.node.close();
        gw.toast(`Written to ${folder}: ${named(answer.files)}.`);
      } catch (error) {
        write.disabled = false;
        tell(error.message);
      }
      write.lastChild.textContent = "Write";
    }

    return { open };
  };
})();
