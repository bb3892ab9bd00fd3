/* What trains: one list for the whole page, kept fresh by one poll that never asks more than it must. */
"use strict";
(() => {
  const gw = window.genworld;
  const { el } = gw;
  const PACE_MS = { lively: 1000, idle: 15_000, hidden: 10_000 };
  const ENDED = new Set(["succeeded", "failed", "cancelled"]);
  const POINTS = 2000; // of a curve, until it is asked for anew as a whole

  gw.isLively = (job) => job.state === "running" || job.state === "queued";
  gw.hasEnded = (job) => ENDED.has(job.state);

  /* How long something takes, as one says it: "40 s", "3 min", "1 h 20 min". */
  gw.duration = (seconds) => {
    if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    const rest = Math.round((minutes % 60) / 10) * 10;
    const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
    return hours >= 10 || rest % 60 === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  };

  const share = (job) => (job.total ? Math.min(1, job.step / job.total) : 0);
  gw.jobShare = share;
  gw.jobLeft = (job) => (job.left === null ? "" : `${gw.duration(job.left)} left`);

  gw.parts.jobs = ({ server }) => {
    let jobs = null;
    let watched = null; // {id, step, frame, told, points, fresh, more}
    let timer = 0;
    let asking = null;

    const lively = () => Boolean(jobs?.some(gw.isLively));
    const pace = () => (document.hidden ? (lively() ? PACE_MS.hidden : null) : lively() ? PACE_MS.lively : PACE_MS.idle);

    function later() {
      clearTimeout(timer);
      const wait = watched?.more ? 0 : pace();
      if (wait !== null) timer = setTimeout(() => look().catch(() => {}), wait);
    }

    /* One question at a time; whoever asks meanwhile is answered by the next. */
    function look() {
      asking ??= once().finally(() => { asking = null; later(); });
      return asking;
    }

    async function once() {
      const mine = watched;
      const since = mine ? { id: mine.id, step: mine.step, frame: mine.frame } : null;
      const answer = await gw.ask(server, "jobs", { watch: since });
      if (mine && mine === watched && answer.watched) tell(mine, answer.watched);
      take(answer.jobs);
    }

    /* Only what is new comes, and all notes: it is added to what is there. */
    function tell(watch, more) {
      const { fresh } = watch;
      Object.assign(watch, { fresh: false, more: more.more });
      for (const points of Object.values(more.curves)) if (points.length) watch.step = Math.max(watch.step, points.at(-1)[0]);
      for (const frame of more.frames) watch.frame = Math.max(watch.frame, frame.step);
      watch.points += Math.max(0, ...Object.values(more.curves).map((points) => points.length));
      watch.told(more, fresh);
      if (watch.points > POINTS) Object.assign(watch, { step: -1, points: 0, fresh: true });
    }

    function take(next) {
      const before = new Map((jobs ?? []).map((job) => [job.id, job]));
      const known = jobs !== null;
      jobs = next;
      const now = jobs.find((job) => job.id === watched?.id);
      if (now && before.get(now.id)?.step > now.step) Object.assign(watched, { step: -1, frame: -1, points: 0, fresh: true }); // steps are done again
      gw.set("jobs", jobs);
      if (!known) return;
      if (jobs.some((job) => job.ready && job.ready !== before.get(job.id)?.ready)) gw.lookAgain().catch(() => {});
      for (const job of jobs) if (before.has(job.id) && before.get(job.id).state !== job.state) ended(job);
    }

    function ended(job) {
      const show = { label: "Show", run: () => gw.jobs.show(job.id) };
      if (job.state === "succeeded") gw.toast(`${job.title} is trained.`, { action: show });
      if (job.state === "failed") gw.toast(`${job.title}: ${job.error}`, { action: show, fault: true });
    }

    /* What is done is in the list at once, before anybody asks again. */
    async function turn(job, name) {
      const answer = await gw.ask(server, "turn_job", { id: job.id, turn: name });
      await asking?.catch(() => {});
      if (answer.job) gw.set("jobs", (jobs = jobs.map((one) => (one.id === job.id ? answer.job : one))));
      await look();
    }

    async function remove(job) {
      try {
        await turn(job, "delete");
        gw.toast(`${job.title} is off the list; its model stays.`, { action: { label: "Undo", run: () => turn(job, "restore").catch(gw.fault) } });
      } catch (error) {
        gw.fault(error);
      }
    }

    document.addEventListener("visibilitychange", () => (document.hidden ? later() : look().catch(() => {})));
    gw.jobs = {
      look,
      remove,
      turn: (job, name) => turn(job, name).catch(gw.fault),
      /* `told(more, fresh)` hears of one job what is new and all notes, the curves from their beginning where that is so; null when nobody looks. */
      watch(id, told) {
        watched = id === null ? null : { id, told, step: -1, frame: -1, points: 0, fresh: true };
        if (watched) asking ? asking.finally(() => look().catch(() => {})) : look().catch(() => {});
      },
      show(id) {
        gw.set("jobChosen", id);
        gw.openTab("train");
      },
    };
    look().catch(() => later());
  };

  /* In the bar, on every tab, while something runs or waits: what it is, how far, how long still. */
  gw.jobIndicator = () => {
    const words = el("span", { class: "gw-number gw-ellipsis" });
    const ring = el("span", { class: "gw-job-ring", "aria-hidden": "true" });
    const node = el("button", { type: "button", id: "train-indicator", class: "gw-button gw-job-indicator", hidden: true, onclick: () => gw.jobs.show(Number(node.dataset.job)) }, ring, words);
    gw.listen("jobs", (jobs) => {
      const active = jobs.filter(gw.isLively);
      const job = active.find((one) => one.state === "running") ?? active.at(-1);
      node.hidden = !job;
      if (!job) return;
      node.dataset.job = job.id;
      words.textContent = inShort(job, active.length - 1);
      node.title = `${words.textContent}. Open the Train tab`;
      node.setAttribute("aria-label", node.title);
      ring.style.setProperty("--share", `${Math.round(100 * share(job))}%`);
      ring.classList.toggle("gw-job-waiting", job.state === "queued");
    });
    return node;
  };

  function inShort(job, others) {
    const more = others ? `, ${others} more` : "";
    if (job.state === "queued") return `${job.title} waits${more}`;
    const left = gw.jobLeft(job);
    return `Training ${job.title} ${Math.floor(100 * share(job))}%${left && `, ${left}`}${more}`;
  }
})();
