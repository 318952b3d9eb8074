/* Small behaviours on top of pages that also work without them. Each is named by its data attribute. */
(function () {
  "use strict";
  const doc = document;
  const within = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  /* data-theme-choice on a button: light, dark or auto */
  function showTheme() {
    const choice = doc.documentElement.dataset.themeChoice || "auto";
    for (const button of doc.querySelectorAll("button[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  /* data-search: "/" brings the cursor there, and so does Ctrl+K, from a field too */
  function focusSearch(event) {
    const typing = within(event, "input, textarea, select, [contenteditable]");
    const called = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!called && (event.key !== "/" || typing || !plain)) { return; }
    const fields = [...doc.querySelectorAll("[data-search]")];
    const field = fields.find((candidate) => candidate.offsetParent !== null);
    const link = doc.querySelector("[data-search-link]");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
    else if (link) { event.preventDefault(); link.click(); }
  }

  /* data-finds on a search form: the arrows go through what was found below its field */
  function walkFound(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    const form = within(event, "[data-finds]");
    if (!form) { return; }
    const stops = [form.querySelector("[data-search]"), ...form.querySelectorAll(".px-found a")];
    const at = stops.indexOf(doc.activeElement);
    if (at < 0 || stops.length < 2) { return; }
    event.preventDefault();
    stops[(at + (event.key === "ArrowDown" ? 1 : -1) + stops.length) % stops.length].focus();
  }

  /* Menus are <details>: close on Escape and on a click elsewhere */
  function closeMenus(except) {
    for (const menu of doc.querySelectorAll("details.px-menu[open]")) {
      if (menu !== except) { menu.open = false; }
    }
  }

  /* data-busy on a form: its button waits while the form posts */
  function markBusy(form, submitter) {
    const button = submitter || form.querySelector("button[type=submit], button:not([type])");
    if (!button) { return; }
    button.setAttribute("aria-busy", "true");
    setTimeout(() => { button.disabled = true; }, 0);
  }
  function unmarkBusy(root) {
    for (const button of root.querySelectorAll("form[data-busy] button[aria-busy=true]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }

  /* Without HTTPS a browser has no clipboard to write to: the older way is taken */
  async function write(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch (error) { /* below */ }
    const area = doc.createElement("textarea");
    area.value = text;
    doc.body.append(area);
    area.select();
    const done = doc.execCommand("copy");
    area.remove();
    return done;
  }

  /* data-copy="text" or data-copy-from="#id": to the clipboard, and say so on the button */
  async function copy(button) {
    const source = button.dataset.copyFrom && doc.querySelector(button.dataset.copyFrom);
    const text = source ? source.value || source.textContent.trim() : button.dataset.copy;
    if (!await write(text)) { return; }
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    label.textContent = button.dataset.copied || "✓";
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  /* data-dropzone: a file may be dropped on it; the chosen name is shown in data-dropzone-name */
  function wireDropzone(zone) {
    if (zone.dataset.wired) { return; }
    zone.dataset.wired = "1";
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-dropzone-name]");
    if (!input) { return; }
    const show = () => {
      const files = [...input.files].map((file) => file.name).join(", ");
      if (name) { name.textContent = files; }
      zone.classList.toggle("has-file", files !== "");
    };
    for (const type of ["dragenter", "dragover"]) {
      zone.addEventListener(type, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
    }
    for (const type of ["dragleave", "drop"]) {
      zone.addEventListener(type, (event) => { event.preventDefault(); zone.classList.remove("is-over"); });
    }
    zone.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) { return; }
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", show);
    show();
  }

  /* Toasts: data-toast, closed by data-toast-close, or after data-toast-seconds unless someone is on it */
  function wireToast(toast) {
    const seconds = Number(toast.dataset.toastSeconds || 0);
    if (toast.dataset.wired || !seconds) { return; }
    toast.dataset.wired = "1";
    let timer = 0;
    const start = () => { timer = setTimeout(() => toast.remove(), seconds * 1000); };
    const stop = () => clearTimeout(timer);
    for (const type of ["mouseenter", "focusin"]) { toast.addEventListener(type, stop); }
    for (const type of ["mouseleave", "focusout"]) { toast.addEventListener(type, start); }
    start();
  }
  /* The server sends HX-Trigger: {"toast": {"text", "tone", "undoUrl"}}; an undo toast stays until it is closed */
  function addToast(detail) {
    const region = doc.getElementById("toasts");
    const pattern = doc.getElementById(detail.undoUrl ? "toast-undo" : "toast-plain");
    if (!region || !pattern) { return; }
    const toast = pattern.content.firstElementChild.cloneNode(true);
    if (detail.tone) { toast.classList.add("is-" + detail.tone); }
    toast.querySelector("[data-toast-text]").textContent = detail.text;
    const form = toast.querySelector("form");
    if (form && detail.undoUrl) { form.action = detail.undoUrl; form.setAttribute("hx-post", detail.undoUrl); }
    region.append(toast);
    if (window.htmx) { window.htmx.process(toast); }
    wire(region);
  }

  /* Where tabs do not fit, the one that is open is shown */
  function showTab(tab) {
    const list = tab.closest("ul"), seen = list.getBoundingClientRect(), own = tab.getBoundingClientRect();
    if (own.left < seen.left || own.right > seen.right) {
      list.scrollLeft += (own.left + own.right - seen.left - seen.right) / 2;
    }
  }

  /* data-count="500" on a field: how many characters are left; the limit itself holds without */
  function wireCount(field) {
    if (field.dataset.wired) { return; }
    field.dataset.wired = "1";
    const left = doc.createElement("div");
    left.className = "px-help px-num";
    left.setAttribute("aria-hidden", "true");
    const show = () => {
      // As the server counts: a line break is one, a sign beyond the basic plane is one.
      const rest = Number(field.dataset.count) - [...field.value].length;
      left.textContent = (field.dataset.countText || "%s").replace("%s", rest.toLocaleString(doc.documentElement.lang));
      left.hidden = field.value === "";
    };
    field.after(left);
    field.addEventListener("input", show);
    show();
  }

  /* data-choose on a select of several: one types a name, and what is chosen stands above */
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  function wireChoose(select) {
    if (select.dataset.wired) { return; }
    select.dataset.wired = "1";
    const make = (tag, className) => Object.assign(doc.createElement(tag), { className });
    const chips = make("ul", "px-chips"), field = make("input", ""), names = make("datalist", ""), said = make("div", "px-help");
    names.id = select.id + "-names";
    said.setAttribute("role", "status");
    Object.assign(field, { type: "text", autocomplete: "off", dir: "auto", placeholder: select.dataset.choose });
    field.setAttribute("list", names.id);
    // The label and the help speak of what one types into.
    for (const name of ["id", "aria-describedby", "aria-invalid"].filter((one) => select.hasAttribute(one))) {
      field.setAttribute(name, select.getAttribute(name));
      select.removeAttribute(name);
    }
    const of = (isChosen) => [...select.options].filter((option) => option.selected === isChosen);
    const set = (option, isChosen) => {
      option.selected = isChosen;
      said.textContent = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const chip = (option) => {
      const item = make("li", ""), name = make("bdi", ""), button = make("button", "");
      name.textContent = option.text;
      Object.assign(button, { type: "button", textContent: "×" });
      button.setAttribute("aria-label", select.dataset.chooseRemove.replace("%s", option.text));
      button.addEventListener("click", () => { set(option, false); field.focus(); });
      item.append(name, button);
      return item;
    };
    const draw = () => {
      chips.replaceChildren(...of(true).map(chip));
      chips.hidden = !chips.children.length;
      names.replaceChildren(...of(false).map((option) => new Option(option.text, option.text)));
    };
    const take = (isSure) => {
      const typed = folded(field.value), isThere = of(true).some((option) => folded(option.text) === typed);
      if (isSure && isThere) { field.value = ""; return; }
      const found = of(false).filter((option) => folded(option.text).startsWith(typed));
      const exact = found.find((option) => folded(option.text) === typed);
      const meant = found.length === 1 || isSure ? exact || (found.length === 1 ? found[0] : null) : null;
      said.textContent = typed && !found.length ? select.dataset.chooseNone.replace("%s", field.value) : "";
      if (typed && meant && (isSure || meant === exact)) { set(meant, true); field.value = ""; }
    };
    // What is picked from the proposals comes without a way of typing.
    field.addEventListener("input", (event) => take(!event.inputType || event.inputType === "insertReplacementText"));
    field.addEventListener("change", () => take(true));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && field.value) { event.preventDefault(); take(true); }
    });
    select.addEventListener("change", draw);
    select.hidden = true;
    select.after(chips, field, names, said);
    draw();
  }

  /* data-own-zone on a select of time zones: the one of this device is among the first */
  function wireOwnZone(select) {
    // Browsers call some zones by an older name: the value says which one is meant.
    const told = Intl.DateTimeFormat().resolvedOptions().timeZone, own = JSON.parse(select.dataset.ownZone)[told] || told;
    const option = [...select.options].find((one) => one.value === own), first = select.querySelector("optgroup");
    if (option && first && option.parentElement !== first) { first.append(option); }
  }

  /* data-find on a select of many: what one types chooses the first that fits, and hides the others */
  function wireFind(select) {
    if (select.dataset.wired) { return; }
    select.dataset.wired = "1";
    const field = doc.createElement("input"), said = doc.createElement("div"), before = select.value;
    Object.assign(field, { type: "search", autocomplete: "off", dir: "auto", placeholder: select.dataset.find, className: "px-find-in" });
    field.setAttribute("aria-label", select.dataset.find);
    field.setAttribute("aria-controls", select.id);
    said.setAttribute("role", "status");
    field.addEventListener("input", () => {
      const typed = folded(field.value);
      const fits = (option) => folded(option.text + " " + option.value).split(/[\s·(/_-]+/).some((_, at, words) => words.slice(at).join(" ").startsWith(typed));
      const found = [...select.options].filter((option) => !(option.hidden = typed !== "" && !fits(option)));
      for (const group of select.querySelectorAll("optgroup")) { group.hidden = !group.querySelector("option:not([hidden])"); }
      select.value = typed && found.length ? found[0].value : before;
      said.className = found.length ? "visually-hidden" : "px-help";
      said.textContent = typed ? (found.length ? found[0].text : select.dataset.findNone) : "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); select.focus(); } });
    select.before(field);
    select.after(said);
  }

  /* A table that is wider than its place can be moved from the keyboard too */
  const widths = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth) { target.tabIndex = 0; } else { target.removeAttribute("tabindex"); }
    }
  });

  /* A form that came back with something wrong: the focus goes to its first marked field, else to what is said */
  function showWrong(root) {
    if (root.querySelector("[autofocus]")) { return; }
    const field = root.querySelector("form:not([data-still] form) [aria-invalid=true]:not([type=hidden], [hidden])");
    const said = field || root.querySelector("form:not([data-still] form) .px-alert.is-bad[role=alert]");
    if (!said) { return; }
    for (let fold = said.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) { fold.open = true; }
    if (!field) { said.tabIndex = -1; }
    said.focus();
  }

  /* What folds on a phone lies open on a desk, where the stylesheet has shown it since it came: here it is said to be
     open too, and may be shut. What somebody opened stays so when its part of the page comes anew. */
  const desk = matchMedia("(min-width: 768px)"), unfolded = new Set();
  function wireFold(fold) {
    if (fold.open) { unfolded.add(fold.id); }
    if (desk.matches || unfolded.has(fold.id)) { fold.open = true; }
    fold.classList.add("is-live");
    fold.addEventListener("toggle", () => { if (!desk.matches) { unfolded[fold.open ? "add" : "delete"](fold.id); } });
  }
  desk.addEventListener("change", () => doc.querySelectorAll("details.px-fold").forEach((fold) => { fold.open = desk.matches || unfolded.has(fold.id); }));

  function wire(root) {
    root.querySelectorAll("details.px-fold:not(.is-live)").forEach(wireFold);
    root.querySelectorAll("select[multiple][data-choose]").forEach(wireChoose);
    root.querySelectorAll("select[data-own-zone]").forEach(wireOwnZone);
    root.querySelectorAll("select[data-find]").forEach(wireFind);
    root.querySelectorAll("[data-count]").forEach(wireCount);
    root.querySelectorAll(".px-tabs a[aria-current]").forEach(showTab);
    root.querySelectorAll("[data-dropzone]").forEach(wireDropzone);
    root.querySelectorAll("[data-toast]").forEach(wireToast);
    root.querySelectorAll(".px-table-wrap:not([tabindex])").forEach((one) => widths.observe(one));
    showTheme();
  }

  function csrfToken() {
    const meta = doc.querySelector("meta[name=csrf-token]");
    return meta ? meta.content : "";
  }

  doc.addEventListener("keydown", (event) => {
    focusSearch(event);
    walkFound(event);
    if (event.key !== "Escape") { return; }
    const menu = within(event, "details.px-menu[open]");
    closeMenus();
    if (menu) { menu.querySelector("summary").focus(); }
    if (within(event, "[data-finds]")) { doc.activeElement.blur(); }
  });
  doc.addEventListener("click", (event) => {
    closeMenus(within(event, "details.px-menu"));
    const theme = within(event, "button[data-theme-choice]");
    if (theme) { window.proxenyTheme(theme.dataset.themeChoice); showTheme(); }
    const close = within(event, "[data-toast-close]");
    if (close) { close.closest("[data-toast]").remove(); }
    const button = within(event, "[data-copy], [data-copy-from]");
    if (button) { copy(button); }
    if (within(event, "[data-print]")) { window.print(); }
  });
  /* data-autosubmit on a select, radio or checkbox: its form goes at once */
  doc.addEventListener("change", (event) => {
    const field = within(event, "[data-autosubmit]");
    if (field && event.target.form) { event.target.form.requestSubmit(); }
  });
  /* data-shown="id" on a slider: its number stands there, in hundredths */
  doc.addEventListener("input", (event) => {
    const slider = within(event, "[data-shown]");
    const shown = slider && doc.getElementById(slider.dataset.shown);
    if (shown) { shown.textContent = slider.value + "\u00a0%"; }
  });
  /* data-terms: a box that is ticked answers what was typed to find it */
  doc.addEventListener("change", (event) => {
    const terms = within(event, "[data-terms]");
    if (terms && event.target.checked) { terms.querySelector("input[type=text]").value = ""; }
  });
  doc.addEventListener("submit", (event) => {
    if (event.target.matches("[data-busy]")) { markBusy(event.target, event.submitter); }
  });
  window.addEventListener("pageshow", () => unmarkBusy(doc));

  doc.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = csrfToken(); }
  });
  doc.addEventListener("htmx:load", (event) => wire(event.detail.elt));
  doc.addEventListener("htmx:afterSettle", (event) => {
    const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (cause && cause.type === "submit") { showWrong(event.detail.elt); }
  });
  doc.addEventListener("htmx:afterRequest", (event) => {
    unmarkBusy(doc);
    const toast = within(event, "[data-toast]");
    if (toast && event.detail.successful) { toast.remove(); }
  });
  doc.addEventListener("toast", (event) => addToast(event.detail));
  for (const [type, key] of [["htmx:responseError", "textError"], ["htmx:sendError", "textOffline"]]) {
    doc.addEventListener(type, () => {
      const region = doc.getElementById("toasts");
      if (region && region.dataset[key]) { addToast({ text: region.dataset[key], tone: "bad" }); }
    });
  }
  wire(doc);
  showWrong(doc);
})();
