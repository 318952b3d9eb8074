/* A juror's page without a network: what is typed is kept on the device at once, and sent in batches
   when the server can be reached. Of two states of one score the server keeps the later one. */
(function () {
  "use strict";
  const doc = document;

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  const closed = doc.querySelector("[data-scoring-closed]");
  if (closed) {
    const left = closed.querySelector("[data-left]");
    left.hidden = Object.keys(read(closed.dataset.scoringClosed)).length === 0;
  }

  const form = doc.querySelector("form[data-scoring]");
  if (!form) { return; }
  const told = form.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const parts = [...form.querySelectorAll("[data-indicator]")];
  const state = form.querySelector("[data-state]");
  const bar = state.closest(".lb-bar-state");
  const progress = form.querySelector("[data-progress]");
  const next = form.querySelector("[data-next]");
  /* The clock of a device may be wrong: the server's counts */
  const ahead = Date.parse(told.now) - Date.now();
  const now = () => new Date(Date.now() + ahead).toISOString();
  /* What is not saved yet, by indicator; the comment in all by an empty key */
  let waiting = read(told.key);
  let timer = 0, sending = false, stopped = "", full = false;

  const partOf = (key) => parts.find((one) => one.dataset.indicator === key);
  const commentOf = (key) => form.elements.namedItem(key ? `comment-${key}` : "overall");

  /* "3.5", "none" for "cannot judge", "" for nothing yet */
  function pointsOf(key) {
    const cannot = form.elements.namedItem(`cannot-${key}`);
    if (cannot && cannot.checked) { return "none"; }
    return form.elements.namedItem(`points-${key}`).value.trim();
  }

  function fill(key, typed) {
    commentOf(key).value = typed.text;
    if (!key || typed.points === "") { return; }
    const cannot = form.elements.namedItem(`cannot-${key}`);
    if (cannot) { cannot.checked = typed.points === "none"; }
    form.elements.namedItem(`points-${key}`).value = cannot && typed.points === "none" ? "" : typed.points;
  }

  function keep() {
    try {
      if (Object.keys(waiting).length) { localStorage.setItem(told.key, JSON.stringify(waiting)); }
      else { localStorage.removeItem(told.key); }
      full = false;
    } catch (error) { full = true; }
  }

  function tell(text, tone) {
    if (state.textContent !== text) { state.textContent = text; }
    bar.classList.toggle("is-warn", tone === "warn");
    bar.classList.toggle("is-bad", tone === "bad");
  }

  const ready = () => Object.entries(waiting).filter(([key, one]) => (!key || one.points !== "") && !one.refused);

  function show() {
    const open = parts.filter((one) => pointsOf(one.dataset.indicator) === "");
    for (const one of parts) { one.classList.toggle("is-open", open.includes(one)); }
    progress.textContent = progress.dataset.text
      .replace("%(done)s", parts.length - open.length).replace("%(all)s", parts.length);
    next.hidden = open.length === 0;
    if (stopped) { tell(stopped, "bad"); }
    else if (Object.values(waiting).some((one) => one.refused)) { tell(told.refused, "bad"); }
    else if (full && Object.keys(waiting).length) { tell(told.full, "bad"); }
    else if (ready().length) { tell(sending ? told.saving : told.kept, sending ? "" : "warn"); }
    else if (Object.keys(waiting).length) { tell(told.points, "warn"); }
    else { tell(open.length === parts.length && !commentOf("").value ? "" : told.saved, ""); }
  }

  function complain(key, why) {
    const part = partOf(key);
    const place = part && part.querySelector("[data-error]");
    if (!place) { return; }
    place.textContent = why;
    place.hidden = !why;
    place.closest("fieldset").classList.toggle("has-error", Boolean(why));
  }

  function typed(event) {
    const part = event.target.closest("[data-indicator], [data-overall]");
    if (!part) { return; }
    const key = part.dataset.indicator || "";
    if (key && event.target.name === `points-${key}` && event.target.value) {
      const cannot = form.elements.namedItem(`cannot-${key}`);
      if (cannot) { cannot.checked = false; }
    }
    waiting[key] = { points: key ? pointsOf(key) : "", text: commentOf(key).value, at: now() };
    complain(key, "");
    keep();
    show();
    clearTimeout(timer);
    timer = setTimeout(send, 700);
  }

  function settle(sent, answer) {
    for (const [key, one] of sent) {
      const same = waiting[key] && waiting[key].at === one.at;
      if (key in answer.refused) {
        complain(key, answer.refused[key]);
        if (same) { waiting[key].refused = true; }
      } else if (same) {
        delete waiting[key];
        if (key in answer.later) { fill(key, answer.later[key]); complain(key, told.later); }
      }
    }
    keep();
  }

  /* Whether all that can be sent is saved */
  async function send() {
    const sent = ready();
    if (sending) { return false; }
    if (!sent.length) { show(); return true; }
    sending = true;
    show();
    const body = { scores: sent.filter(([key]) => key).map(([key, one]) => ({
      indicator: key, points: one.points === "none" ? null : one.points, comment: one.text, saved_at: one.at,
    })) };
    const overall = sent.find(([key]) => !key);
    if (overall) { body.comment = { text: overall[1].text, saved_at: overall[1].at }; }
    let done = false;
    try {
      const answer = await fetch(told.url, {
        method: "POST", body: JSON.stringify(body), credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      });
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      if (answer.ok && isJson) { stopped = ""; settle(sent, await answer.json()); done = true; }
      else if (isJson && answer.status < 500) { stopped = (await answer.json()).why; }
      else if (answer.redirected || answer.status === 401) { stopped = told.signIn; }
      else if (answer.status === 403) { stopped = told.reload; }
      else if (answer.status === 404) { stopped = told.gone; }
    } catch (error) { /* no network: it stays on the device, and is tried again */ }
    sending = false;
    show();
    return done && ready().length === 0;
  }

  let passes = false;
  form.addEventListener("submit", async (event) => {
    if (passes) { return; }
    event.preventDefault();
    event.stopPropagation();
    const submitter = event.submitter;
    clearTimeout(timer);
    if (await send() || stopped) {
      passes = true;
      /* Not within this event: a form that is being submitted refuses */
      setTimeout(() => form.requestSubmit(submitter), 0);
    } else { tell(told.offline, "warn"); }
  });

  next.addEventListener("click", () => {
    const open = parts.find((one) => pointsOf(one.dataset.indicator) === "");
    if (!open) { return; }
    open.scrollIntoView({ block: "start" });
    const first = open.querySelector("fieldset input");
    if (first) { first.focus({ preventScroll: true }); }
  });

  for (const [key, one] of Object.entries(waiting)) {
    if (key && !partOf(key)) { delete waiting[key]; } else { delete one.refused; fill(key, one); }
  }
  form.addEventListener("input", typed);
  window.addEventListener("online", send);
  doc.addEventListener("visibilitychange", () => { if (!doc.hidden) { send(); } });
  setInterval(() => { if (ready().length) { send(); } }, 10000);
  show();
  send();
})();
