/* The Train tab: choose data and how well on the left; on the right what trains, and how the chosen one learns. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;

  gw.parts.train = ({ root, props, server }) => {
    const ask = (name, request = {}) => gw.ask(server, name, request);
    const order = gw.trainOrder({ ask, bounds: props.bounds, started });
    const data = gw.trainData({ ask, chosen: (set, told) => order.serve(set, told) });

    /* -- left: what to learn from, how well, under which name */

    const more = el("button", { type: "button", class: "gw-button gw-phone-only", "aria-expanded": "false", onclick: () => fold() }, el("span", { text: "New training" }), gw.icon("down"));
    const body = el("div", { class: "gw-settings-body" }, data.node, order.node, order.advanced);
    const settings = el("aside", { class: "gw-settings gw-train-settings", "aria-label": "New training" }, body, order.foot, order.fault, el("div", { class: "gw-run-row" }, more, order.start));

    function fold(open = !settings.classList.contains("gw-open")) {
      settings.classList.toggle("gw-open", open);
      more.setAttribute("aria-expanded", String(open));
    }

    /* -- right: the jobs, and the chosen one */

    const list = new gw.JobList({ chosen: (job, fresh) => show(job, fresh), opened: (job) => job && openModel(job) });
    const title = el("span", { class: "gw-strip-title gw-ellipsis" });
    const status = el("span", { class: "gw-quiet gw-ellipsis gw-number", role: "status" });
    const does = el("div", { class: "gw-row gw-train-does" });
    const strip = el("header", { class: "gw-strip gw-train-strip" }, title, status, does);
    const place = el("div", { class: "gw-train-view" });
    const empty = el("div", { class: "gw-empty gw-train-empty", hidden: true });
    const fault = el("p", { class: "gw-field-fault gw-train-error", hidden: true });
    const area = el("section", { class: "gw-area gw-train-area", "aria-label": "Jobs" }, list.node, strip, fault, place, empty);
    const view = new gw.TrainingView(place, { plotly: props.plotly, name: "train" });
    let seen = null; // what is known of the chosen job: {id, total, curves, frames, notes}
    let painted = "";

    root.classList.add("gw-sampler", "gw-train");
    root.append(settings, area);
    gw.listen("jobs", (jobs) => takeJobs(jobs));
    gw.listen("trainWith", (name) => { if (name) { gw.state.trainWith = null; fold(true); load(name); } });
    if (!data.sets.length) load();
    new ResizeObserver(() => watch()).observe(root);

    async function load(wanted = null) {
      try {
        await data.load(wanted);
      } catch (error) {
        gw.fault(error);
      }
    }

    function visible() {
      return root.offsetParent !== null;
    }

    /* Series and frames are asked for while somebody can see them. */
    function watch() {
      const id = visible() ? list.id : null;
      if (id === (seen?.watching ?? null)) return;
      if (seen) seen.watching = id;
      gw.jobs.watch(id, (more, fresh) => tell(id, more, fresh));
    }

    function takeJobs(jobs) {
      const none = !jobs.length;
      list.node.hidden = strip.hidden = place.hidden = none;
      empty.hidden = !none;
      if (none) showEmpty();
      list.show(jobs);
      if (none) show(null, true);
    }

    function showEmpty() {
      if (empty.childElementCount) return;
      empty.replaceChildren(
        el("h2", { text: "Nothing trains yet" }),
        el("p", { text: "Here you watch models learn: how the samples sharpen, how the curves fall, and what to know about them. A model is in every tab from its first save on." }),
        el("div", { class: "gw-row gw-instead" }, el("button", { type: "button", id: "train-try", class: "gw-button gw-accent", onclick: () => tryBuiltin() }, gw.icon("play"), el("span", { text: "Try it with built-in levels" })), el("button", { type: "button", class: "gw-button", onclick: () => gw.intake.open() }, gw.icon("upload"), el("span", { text: "Drop or choose files" }))),
      );
    }

    async function tryBuiltin() {
      try {
        const { job } = await ask("train_try");
        started(job);
      } catch (error) {
        gw.fault(error);
      }
    }

    async function started(job) {
      gw.state.jobChosen = job.id;
      fold(false);
      await gw.jobs.look().catch(gw.fault);
      await gw.jobs.look().catch(gw.fault); // the first may have been under way before it was there
      list.node.focus({ preventScroll: true });
    }

    /* The chosen job: its head with every look, its curves and film from the beginning when it is another. */
    function show(job, fresh) {
      if (!job) {
        seen = null;
        gw.jobs.watch(null);
        return;
      }
      if (fresh || seen?.id !== job.id) {
        seen = { id: job.id, total: job.total, curves: {}, frames: [], notes: [], watching: null, told: false };
        view.waiting(job.state === "queued" ? "It waits for its turn. Curves and samples come as soon as it learns." : "Opening…");
        watch();
      }
      head(job);
      if (seen.told && job.total !== seen.total) Object.assign(seen, { total: job.total });
    }

    function head(job) {
      title.textContent = job.title;
      const left = job.state === "running" ? [gw.isUsable(job) ? "it can be used already" : gw.jobLeft(job)].filter(Boolean) : [];
      status.textContent = [job.state === "failed" ? "Failed" : gw.jobInWords(job), ...left].join(" · ");
      fault.textContent = job.state === "failed" ? job.error : "";
      fault.hidden = job.state !== "failed";
      const now = [job.id, job.state, job.wish, Boolean(job.ready)].join();
      if (now === painted) return; // the buttons stay under the pointer
      painted = now;
      const turns = gw.jobTurns(job).map((one) => el("button", { type: "button", id: `train-${one.name}`, class: "gw-button gw-small", title: one.title, onclick: one.run }, gw.icon(one.icon), el("span", { text: one.text })));
      const open = el("button", { type: "button", id: "train-open", class: "gw-button gw-small gw-accent", title: "Samples of what it knows so far (Enter)", hidden: !job.ready, onclick: () => openModel(list.job) }, gw.icon("picture"), el("span", { text: "Open in Sample" }));
      does.replaceChildren(...turns, open);
    }

    /* Only what is new came, and all notes; it is added to what is known. After many points the curves come anew as a whole. */
    function tell(id, more, fresh) {
      if (seen?.id !== id) return;
      if (fresh) seen.curves = {};
      for (const [name, points] of Object.entries(more.curves)) seen.curves[name] = [...(seen.curves[name] ?? []), ...points];
      const known = new Set(seen.frames.map((frame) => frame.step));
      const frames = more.frames.filter((frame) => !known.has(frame.step));
      seen.frames.push(...frames);
      seen.notes = more.notes;
      const job = list.job;
      const live = gw.isLively(job) || job.state === "paused";
      const training = { total: job.total, curves: seen.curves, notes: seen.notes };
      const anything = seen.frames.length || seen.notes.length || Object.keys(seen.curves).length;
      if (!anything) return nothingYet(job);
      if (seen.told) view.update({ ...training, frames }, { live });
      else view.show({ ...training, frames: seen.frames }, { live, kind: job.kind });
      seen.told = true;
    }

    function nothingYet(job) {
      if (job.state === "queued") view.waiting("It waits for its turn. Curves and samples come as soon as it learns.");
      else if (gw.isLively(job)) view.waiting("Getting ready: the first samples are a moment away.");
      else view.empty("Nothing was learned", job.state === "paused" ? "It was paused before its first step." : "It ended before its first step.");
    }

    async function openModel(job) {
      if (!job?.ready) return gw.toast(`${job.title} was not saved yet; its first save comes after some seconds of learning.`);
      try {
        await gw.lookAgain(job.model);
        gw.openTab("sample");
      } catch (error) {
        gw.fault(error);
      }
    }
  };
})();
