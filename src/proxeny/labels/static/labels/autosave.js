/* Saves each field of a draft as it is typed. What could not be saved is kept on this device until it
   is; a colleague's newer text is shown beside one's own. Without this file, the save button does all. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) { return; }
  const state = document.getElementById("save-state");
  const standing = document.getElementById("standing");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const PAUSE = 900;
  const waiting = new Map();
  let timer = 0, isSending = false, wait = 2000, isClosed = false;

  const fields = () => [...form.elements].filter((one) => one.dataset && one.dataset.field);
  const named = (name) => fields().filter((one) => one.dataset.field === name);
  const mark = (name) => form.elements.namedItem(`seen-${name}`);
  const line = (name) => document.querySelector(`[data-line="${name}"]`);
  const place = (name) => `proxeny-application:${form.dataset.keep}:${name}`;

  function read(name) {
    const [one] = named(name);
    if (one.type === "checkbox") { return one.checked ? "yes" : ""; }
    if (one.type === "radio") { const on = named(name).find((each) => each.checked); return on ? on.value : ""; }
    return one.value;
  }

  function write(name, value) {
    for (const one of named(name)) {
      if (one.type === "checkbox") { one.checked = value !== ""; }
      else if (one.type === "radio") { one.checked = one.value === value; }
      else { one.value = value; }
    }
  }

  /* A full or forbidden store must not stop anybody from typing */
  function keep(name, kept) {
    try {
      if (kept === null) { localStorage.removeItem(place(name)); }
      else { localStorage.setItem(place(name), JSON.stringify(kept)); }
    } catch (error) { /* what is on the page is still sent */ }
  }
  function kept(name) {
    try { return JSON.parse(localStorage.getItem(place(name))); } catch (error) { return null; }
  }

  function say(text, isBad) {
    state.textContent = text;
    state.classList.toggle("is-bad", Boolean(isBad));
  }

  function clear(name) {
    for (const one of line(name).querySelectorAll(".ap-clash, .ap-refused")) { one.remove(); }
  }

  function note(name, pause) {
    if (isClosed) { return; }
    keep(name, { value: read(name), seen: mark(name).value });
    waiting.set(name, true);
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  async function send() {
    if (isSending || isClosed || !waiting.size) { return; }
    const [name] = waiting.keys();
    const value = read(name);
    isSending = true;
    say(state.dataset.saving);
    let isDone = false;
    try {
      const body = new URLSearchParams({ field: name, value, seen: mark(name).value });
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "manual",
      });
      const isTold = (answer.headers.get("Content-Type") || "").includes("json");
      if (isTold) { isDone = true; take(name, value, await answer.json()); }
      else { say(answer.status < 500 ? state.dataset.out : state.dataset.offline, true); }
    } catch (error) {
      say(state.dataset.offline, true);
    }
    isSending = false;
    if (isDone) { wait = 2000; }
    else { wait = Math.min(wait * 1.5, 30000); }
    if (waiting.size) { clearTimeout(timer); timer = setTimeout(send, isDone ? 0 : wait); }
  }

  function take(name, value, told) {
    if (told.closed) { isClosed = true; waiting.clear(); say(told.closed, true); return; }
    clear(name);
    const isSame = read(name) === value;
    if (isSame) { waiting.delete(name); }
    if (told.standing) { standing.innerHTML = told.standing; }
    if (name in told.kept) {
      mark(name).value = told.kept[name];
      if (isSame) { keep(name, null); } else { keep(name, { value: read(name), seen: mark(name).value }); }
      say(told.said);
    } else if (name in told.clashes) {
      waiting.delete(name);
      showClash(name, told.clashes[name]);
      say(state.dataset.refused, true);
    } else if (name in told.refused) {
      if (isSame) { waiting.delete(name); }
      const shown = document.getElementById("refused").content.cloneNode(true);
      shown.querySelector("span").textContent = told.refused[name];
      line(name).append(shown);
      say(state.dataset.refused, true);
    }
  }

  function showClash(name, theirs) {
    const shown = document.getElementById("clash").content.cloneNode(true);
    shown.querySelector("[data-theirs]").textContent = theirs.theirs || "–";
    const settle = (value) => {
      mark(name).value = theirs.seen;
      clear(name);
      if (value !== null) { write(name, value); }
      note(name, 0);
      named(name)[0].focus();
    };
    shown.querySelector("[data-mine]").addEventListener("click", () => settle(null));
    shown.querySelector("[data-take]").addEventListener("click", () => settle(theirs.theirs));
    line(name).append(shown);
  }

  /* What was typed and not saved when the page was left comes back; a newer text of a colleague is
     told by the server, since the mark is the one of then */
  for (const name of new Set(fields().map((one) => one.dataset.field))) {
    const found = kept(name);
    if (!found) { continue; }
    if (found.value === read(name)) { keep(name, null); continue; }
    write(name, found.value);
    mark(name).value = found.seen;
    waiting.set(name, true);
    say(state.dataset.restored);
  }
  if (waiting.size) { timer = setTimeout(send, 0); }

  document.addEventListener("input", (event) => {
    const name = event.target.dataset && event.target.dataset.field;
    if (name && event.target.form === form) { note(name, event.target.type === "radio" || event.target.type === "checkbox" ? 0 : PAUSE); }
  });
  document.addEventListener("change", (event) => {
    const name = event.target.dataset && event.target.dataset.field;
    if (name && waiting.has(name)) { clearTimeout(timer); timer = setTimeout(send, 0); }
  });
  addEventListener("online", () => { wait = 2000; send(); });

  /* Handing in waits for what is still being saved, and sends nothing while something is not */
  const handIn = document.querySelector("form[data-hand-in]");
  if (handIn) {
    handIn.addEventListener("submit", async (event) => {
      const open = document.querySelector(".ap-clash, .ap-refused");
      if (!waiting.size && !open) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (open) { open.scrollIntoView({ block: "center" }); say(state.dataset.refused, true); return; }
      for (let turn = 0; turn < 50 && waiting.size; turn += 1) {
        if (!isSending) { send(); }
        await new Promise((done) => { setTimeout(done, 100); });
      }
      if (!waiting.size) { handIn.requestSubmit(); }
    });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });
}());
