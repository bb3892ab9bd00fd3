/* The list of jobs: what trains, what waits, what is done; and what can be done with each. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const NAMES = { quick: "Quick", good: "Good", best: "Best" };
  const isLearned = (job) => job.total > 0 && job.step >= job.total;
  const phaseOf = (job) => (job.phase === "preparing" && job.step ? (isLearned(job) ? "Learned; fitting its sliders" : "Getting it ready") : PHASES[job.phase]);
  const STATES = { queued: "Waits", running: "Trains", paused: "Paused", succeeded: "Finished", failed: "Failed", cancelled: "Cancelled" };
  const WISHES = { cancel: "Stopping…", pause: "Pausing…", finish: "Finishing…" };
  const PHASES = { preparing: "Preparing", measuring: "Measuring what it learned", saving: "Saving" };

  /* What can be done with a job in its state: {icon, text, title, key, run, id}, the most wanted first. */
  gw.jobTurns = (job) => {
    const turn = (name) => () => gw.jobs.turn(job, name);
    const going = job.state === "running" && !job.wish;
    const all = {
      pause: { icon: "pause", text: "Pause", title: "Pause: it goes on where it stopped (Space)", run: turn("pause") },
      resume: { icon: "play", text: "Resume", title: "Go on (Space)", run: turn("resume") },
      finish: { icon: "check", text: "Finish now", title: "Stop learning here and finish the model: measure it, write its card (F)", run: turn("finish") },
      cancel: { icon: "close", text: "Cancel", title: "Stop; what was saved stays (X)", run: turn("cancel") },
      retry: { icon: "redo", text: "Retry", title: "Try again, from its last save (R)", run: turn("retry") },
      delete: { icon: "trash", text: "Delete", title: "Off the list; the model stays (Delete)", run: () => gw.jobs.remove(job) },
    };
    const names = {
      queued: ["pause", "cancel"],
      running: going ? ["finish", "pause", "cancel"] : job.wish === "cancel" ? [] : ["cancel"],
      paused: ["resume", "cancel"],
      succeeded: ["delete"],
      failed: ["retry", "delete"],
      cancelled: ["retry", "delete"],
    }[job.state];
    return names.map((name) => ({ name, ...all[name] }));
  };

  /* Whether what is still being done keeps nobody from using the model. */
  gw.isUsable = (job) => job.state === "running" && !job.wish && Boolean(job.ready) && isLearned(job);

  const KEYS = { " ": ["pause", "resume"], f: ["finish"], x: ["cancel"], r: ["retry"], Delete: ["delete"], Backspace: ["delete"] };

  /* One sentence: where a job stands. */
  gw.jobInWords = (job) => {
    const steps = `${job.step.toLocaleString("en")} of ${job.total.toLocaleString("en")}`;
    if (job.state === "queued") return job.position === null || job.position <= 1 ? "Next in the queue" : `Number ${job.position} in the queue`;
    if (job.state === "running") return job.wish ? WISHES[job.wish] : phaseOf(job) ?? (job.total ? `Step ${steps}` : "Starting");
    if (job.state === "failed") return job.error || "Failed";
    if (job.state === "succeeded") return `Finished${job.seconds ? ` in ${gw.duration(job.seconds)}` : ""}`;
    return job.total ? `${STATES[job.state]} at step ${steps}` : STATES[job.state];
  };

  /* chosen(job) is told of the one that is shown; opened(job) of one whose samples are wanted. */
  gw.JobList = class {
    constructor({ chosen, opened }) {
      Object.assign(this, { told: chosen, opened, jobs: [], id: null, rows: new Map() });
      this.node = el("div", { id: "train-jobs", class: "gw-jobs", role: "listbox", "aria-label": "Jobs", tabindex: "0" });
      this.node.addEventListener("keydown", (event) => this.#key(event));
    }

    get job() { return this.jobs.find((one) => one.id === this.id) ?? null; }

    /* What is chosen stays chosen; a job that was just begun comes to the front. */
    show(jobs) {
      const known = new Set(this.jobs.map((job) => job.id));
      this.jobs = jobs;
      const wanted = gw.state.jobChosen;
      gw.state.jobChosen = null;
      for (const [id, row] of this.rows) if (!jobs.some((job) => job.id === id)) { row.node.remove(); this.rows.delete(id); }
      jobs.forEach((job, at) => this.#place(job, at));
      if (jobs.some((job) => job.id === wanted)) this.choose(wanted);
      else if (!this.job) this.choose((jobs.find((job) => job.state === "running") ?? jobs[0])?.id ?? null);
      else if (known.size) this.told(this.job, false);
      this.#mark();
    }

    choose(id) {
      const fresh = id !== this.id;
      this.id = id;
      this.#mark();
      this.told(this.job, fresh);
      this.rows.get(id)?.node.scrollIntoView({ block: "nearest" });
    }

    #place(job, at) {
      if (!this.rows.has(job.id)) this.rows.set(job.id, jobRow(() => this.choose(job.id), () => this.opened(this.job)));
      const row = this.rows.get(job.id);
      row.paint(job);
      if (this.node.children[at] !== row.node) this.node.insertBefore(row.node, this.node.children[at] ?? null);
    }

    #mark() {
      for (const [id, row] of this.rows) row.node.setAttribute("aria-selected", String(id === this.id));
      this.node.setAttribute("aria-activedescendant", this.id === null ? "" : `job-${this.id}`);
    }

    #key(event) {
      if (event.target !== this.node || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = this.jobs.findIndex((job) => job.id === this.id);
      const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.jobs.length - 1 };
      const act = gw.jobTurns(this.job ?? { state: "succeeded" }).find(({ name }) => (KEYS[event.key] ?? KEYS[event.key.toLowerCase()] ?? []).includes(name));
      if (!(event.key in steps) && !act && event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      if (act && this.job) act.run();
      else if (event.key === "Enter") this.opened(this.job);
      else if (this.jobs[steps[event.key]]) this.choose(this.jobs[steps[event.key]].id);
    }
  };

  function jobRow(choose, open) {
    const lamp = el("span", { class: "gw-job-lamp", "aria-hidden": "true" });
    const title = el("span", { class: "gw-job-title gw-ellipsis" });
    const about = el("span", { class: "gw-job-about gw-ellipsis" });
    const bar = el("i", {});
    const words = el("span", { class: "gw-job-words gw-ellipsis gw-number" });
    const left = el("span", { class: "gw-job-left gw-number" });
    const rate = el("span", { class: "gw-job-rate gw-number" });
    const does = el("span", { class: "gw-job-does" });
    let state = null;
    const node = el(
      "div",
      { class: "gw-job", role: "option", "aria-selected": "false", onclick: choose, ondblclick: open },
      lamp,
      el("span", { class: "gw-job-names" }, title, about),
      el("span", { class: "gw-job-progress" }, el("span", { class: "gw-track" }, bar), words),
      el("span", { class: "gw-job-figures" }, left, rate),
      does,
    );

    function paint(job) {
      node.id = `job-${job.id}`;
      node.dataset.state = job.state;
      node.dataset.model = job.model;
      title.textContent = job.title;
      about.textContent = [job.data, NAMES[job.preset] ?? "Own settings", job.family].filter(Boolean).join(" · ");
      words.textContent = words.title = gw.jobInWords(job);
      bar.style.width = `${100 * gw.jobShare(job)}%`;
      left.textContent = job.state === "running" ? gw.jobLeft(job) : "";
      rate.textContent = job.state === "running" && job.rate ? `${Math.round(job.rate).toLocaleString("en")}/s · ${deviceOf(job)}` : job.state === "succeeded" ? deviceOf(job) : "";
      rate.title = rate.textContent ? "Examples learned from in a second, and what computes" : "";
      node.setAttribute("aria-label", `${job.title}, ${gw.jobInWords(job)}`);
      const now = `${job.state} ${job.wish}`;
      if (now === state) return; // the buttons stay under the pointer
      state = now;
      does.replaceChildren(...gw.jobTurns(job).filter(({ name }) => name !== "finish").map((one) => gw.iconButton(one.icon, one.title, { tabindex: "-1", onclick: (event) => { event.stopPropagation(); one.run(); } })));
    }
    return { node, paint };
  }

  const deviceOf = ({ device }) => (device.startsWith("cuda") ? "GPU" : device ? "CPU" : "");
})();
