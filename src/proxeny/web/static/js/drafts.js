/* What was typed into a long form stays on this device until it is saved: the session may end, the browser close.
   A form that is posted and has a text area is kept, unless it saves itself (hx-trigger, data-autosave) or says data-draft="off". */
(function () {
  "use strict";
  const doc = document, PREFIX = "px-draft:", PENDING = "px-draft-sent", DAYS = 7;
  /* The form's own account of which version was shown: with it the server notices what others saved since. */
  const VERSION = ["version", "version-marks", "version-typed"];
  const NEVER = "[type=password], [type=file], [type=hidden], [type=submit], [type=button], [type=reset], [data-draft=off]";
  const notice = doc.getElementById("px-draft");
  const person = notice ? notice.dataset.person : "";
  /* The page answers a form that was just sent: what it shows is newer than what was kept before. */
  const isAnswer = Boolean(notice && notice.dataset.answers);
  let isOver = false;

  /* A browser may refuse to keep anything: the form then works as without this file. */
  const attempt = (deed) => { try { return deed(); } catch (error) { return null; } };
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const drop = (key) => attempt(() => localStorage.removeItem(key));
  const kept = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) || [];

  const keyOf = (form) => [PREFIX + person, location.pathname, form.getAttribute("action") || "",
    form.querySelector("textarea").name].join(":");
  const isKept = (form) => form.method === "post" && form.dataset.draft !== "off" && !form.matches("[hx-trigger], [data-autosave]")
    && form.querySelector("textarea") && !form.querySelector("[type=password]");
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name
    && (VERSION.includes(field.name) || (!field.matches(NEVER) && field.matches("input, textarea, select"))));

  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  function valueOf(field) {
    if (isTicked(field)) { return field.checked; }
    return field.multiple && field.options ? [...field.selectedOptions].map((option) => option.value) : field.value;
  }
  function setValue(field, value) {
    if (isTicked(field)) { field.checked = value; }
    else if (field.multiple && field.options) { for (const option of field.options) { option.selected = value.includes(option.value); } }
    else { field.value = value; }
  }
  /* A name may stand several times: the pairs are kept in the order of the form. */
  const typedIn = (form) => fieldsOf(form).map((field) => [isTicked(field) ? field.name + "=" + field.value : field.name, valueOf(field)]);
  const words = (pairs) => JSON.stringify(pairs.filter(([name]) => !VERSION.includes(name)));

  function put(form, pairs) {
    const left = new Map();
    for (const [name, value] of pairs) { left.set(name, [...(left.get(name) || []), value]); }
    for (const field of fieldsOf(form)) {
      const values = left.get(isTicked(field) ? field.name + "=" + field.value : field.name);
      const before = JSON.stringify(valueOf(field));
      if (values && values.length) { setValue(field, values.shift()); }
      if (JSON.stringify(valueOf(field)) !== before) { tell(field); }
    }
  }
  /* Counters and chosen names are drawn anew. */
  function tell(field) {
    if (field.closest("[data-autosubmit]")) { return; }
    for (const type of ["input", "change"]) { field.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: "draft" })); }
  }

  function when(at) {
    const lang = doc.documentElement.lang, moment = new Date(at), time = { hour: "2-digit", minute: "2-digit" };
    const isToday = moment.toDateString() === new Date().toDateString();
    return moment.toLocaleString(lang, isToday ? time : { day: "numeric", month: "long", ...time });
  }
  function offer(form, key, draft, shown) {
    const box = notice.content.firstElementChild.cloneNode(true), text = box.querySelector("[data-draft-text]");
    text.textContent = text.dataset.draftText.replace("%s", when(draft.at));
    box.querySelector("[data-draft-keep]").addEventListener("click", () => box.remove());
    box.querySelector("[data-draft-drop]").addEventListener("click", () => {
      put(form, shown);
      drop(key);
      box.remove();
    });
    form.prepend(box);
  }

  function wireForm(form) {
    if (form.dataset.drafted || !isKept(form)) { return; }
    form.dataset.drafted = "1";
    const key = keyOf(form), draft = read(key), shown = typedIn(form);
    /* What a refused form shows is typed, not saved. */
    const isSaved = !form.querySelector("[aria-invalid=true], .px-alert.is-bad");
    if (draft && isAnswer) { /* Kept anew with the next change. */ }
    else if (draft && words(draft.fields) !== words(shown)) {
      put(form, draft.fields);
      offer(form, key, draft, shown);
    } else if (draft && isSaved) { drop(key); }
    let timer = 0;
    const keep = () => {
      clearTimeout(timer);
      timer = 0;
      const fields = typedIn(form);
      if (isOver) { return; }
      if (isSaved && words(fields) === words(shown)) { drop(key); return; }
      attempt(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields })));
    };
    const later = (event) => {
      if (event.detail === "draft") { return; }
      clearTimeout(timer);
      timer = setTimeout(keep, 400);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", () => { if (timer) { keep(); } });
    form.addEventListener("submit", () => {
      keep();
      attempt(() => sessionStorage.setItem(PENDING, JSON.stringify({ key, path: location.pathname })));
    });
  }
  const wire = (root) => { if (person) { [...root.querySelectorAll("form"), ...(root.matches && root.matches("form") ? [root] : [])].forEach(wireForm); } };

  /* The page after a form: whoever saved was led on; errors and the sign-in page were not, and the draft stays. */
  function settle() {
    const sent = attempt(() => JSON.parse(sessionStorage.getItem(PENDING)));
    attempt(() => sessionStorage.removeItem(PENDING));
    const way = performance.getEntriesByType("navigation")[0] || {};
    const isRefused = !person || way.responseStatus >= 400 || way.type === "back_forward";
    if (sent && !isRefused && (way.redirectCount > 0 || location.pathname !== sent.path)) { drop(sent.key); }
  }
  /* What is old goes, whoever looks; what is another person's goes once somebody is signed in. */
  function tidy() {
    for (const key of kept()) {
      const draft = read(key), isOwn = key.startsWith(PREFIX + person + ":");
      if (!draft || draft.at < Date.now() - DAYS * 864e5 || (person && !isOwn)) { drop(key); }
    }
  }

  doc.addEventListener("submit", (event) => {
    const action = event.target.getAttribute("action") || "";
    if (action.includes("/logout/")) { isOver = true; kept().forEach(drop); }
  });
  doc.addEventListener("htmx:load", (event) => wire(event.detail.elt));
  doc.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    if (!person || !form || !form.dataset.drafted) { return; }
    attempt(() => sessionStorage.removeItem(PENDING));
    const isSaved = event.detail.successful && !(event.detail.xhr.responseURL || "").includes("/accounts/login/");
    if (isSaved && event.detail.xhr.status < 400) { drop(keyOf(form)); }
  });
  settle();
  tidy();
  wire(doc);
})();
