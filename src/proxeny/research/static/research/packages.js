/* Bringing files in pieces: several at once, with progress, paused, and gone on with after a reload.
   The page works without: then a plain form brings small files. */
(function () {
  "use strict";
  const box = document.querySelector("[data-uploads]");
  if (!box || !window.tus || !window.tus.isSupported) { return; }

  const form = box.querySelector("form");
  const input = form.querySelector("input[type=file]");
  const queue = box.querySelector("[data-queue]");
  const template = box.querySelector("template");
  const told = box.querySelector("[data-told]");
  const say = box.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token };
  const running = new Set();
  let brought = 0;
  box.classList.add("is-ready");

  function size(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
    let at = 0;
    while (bytes >= 1000 && at < units.length - 1) { bytes /= 1000; at += 1; }
    return new Intl.NumberFormat(document.documentElement.lang || "en", {
      style: "unit", unit: units[at], unitDisplay: "short", maximumFractionDigits: at ? 1 : 0,
    }).format(bytes);
  }

  function row(file) {
    const one = template.content.firstElementChild.cloneNode(true);
    one.querySelector("[data-name]").textContent = file.name;
    queue.append(one);
    return {
      node: one,
      bar: one.querySelector("progress"),
      state: one.querySelector("[data-state]"),
      act: (name) => one.querySelector('[data-act="' + name + '"]'),
      show: function (names) {
        one.querySelectorAll("[data-act]").forEach((button) => {
          button.hidden = !names.includes(button.dataset.act);
        });
      },
    };
  }

  function answer(error) {
    return error.originalResponse || null;
  }

  function explain(error) {
    try {
      return JSON.parse(answer(error).getBody()).detail || say.broken;
    } catch (unread) {
      return say.broken;
    }
  }

  function settle() {
    if (running.size) { return; }
    told.textContent = brought ? say.all : "";
    // With something left to decide, the page stays as it is.
    if (brought && !queue.querySelector(".is-open")) { window.location.reload(); }
  }

  function bring(file, replace) {
    const shown = row(file);
    const upload = new window.tus.Upload(file, {
      endpoint: box.dataset.uploads,
      chunkSize: Number(box.dataset.piece),
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      removeFingerprintOnSuccess: true,
      headers: headers,
      metadata: { filename: file.name, filetype: file.type, replace: replace ? "1" : "0" },
      onShouldRetry: (error) => {
        const found = answer(error);
        const status = found ? found.getStatus() : 0;
        const busy = status === 423 || (status === 409 && !found.getHeader("X-Exists"));
        return navigator.onLine !== false && (status === 0 || status >= 500 || busy);
      },
      onProgress: (sent, all) => {
        shown.bar.value = all ? (sent / all) * 100 : 0;
        shown.state.textContent = sent >= all ? say.looking
          : say.sending.replace("{sent}", size(sent)).replace("{all}", size(all));
      },
      onSuccess: () => {
        brought += 1;
        running.delete(upload);
        shown.node.classList.remove("is-open");
        shown.node.classList.add("is-done");
        shown.bar.value = 100;
        shown.state.textContent = say.done;
        shown.show([]);
        settle();
      },
      onError: (error) => {
        const found = answer(error);
        running.delete(upload);
        shown.node.classList.add("is-bad");
        shown.state.textContent = explain(error);
        shown.show(found && found.getHeader("X-Exists") ? ["replace", "leave"]
          : found && found.getStatus() >= 400 && found.getStatus() < 500 ? ["leave"]
            : ["resume", "leave"]);
        settle();
      },
    });

    function go() {
      running.add(upload);
      shown.node.classList.remove("is-bad");
      shown.show(["pause", "stop"]);
      shown.state.textContent = say.waiting;
      upload.start();
    }

    shown.act("pause").addEventListener("click", () => {
      upload.abort();
      running.delete(upload);
      shown.state.textContent = say.paused;
      shown.show(["resume", "stop"]);
      shown.act("resume").focus();
    });
    shown.act("resume").addEventListener("click", () => { go(); shown.act("pause").focus(); });
    shown.act("stop").addEventListener("click", () => {
      upload.abort(true).catch(() => undefined).then(() => {
        running.delete(upload);
        shown.node.remove();
        settle();
      });
    });
    shown.act("leave").addEventListener("click", () => { shown.node.remove(); settle(); });
    shown.act("replace").addEventListener("click", () => { shown.node.remove(); bring(file, true); });

    upload.findPreviousUploads().then((before) => {
      if (before.length && !replace) { upload.resumeFromPreviousUpload(before[0]); }
      go();
    });
  }

  function take() {
    const files = [...input.files];
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    files.forEach((file) => bring(file, false));
  }

  input.addEventListener("change", () => { if (input.files.length) { take(); } });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (input.files.length) { take(); } else { input.click(); }
  }, true);

  /* What was begun and never ended is given up by its own button. */
  document.querySelectorAll("[data-give-up]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      fetch(button.dataset.giveUp, {
        method: "DELETE", headers: { ...headers, "Tus-Resumable": "1.0.0" }, credentials: "same-origin",
      }).then(() => button.closest("li").remove(), () => { button.disabled = false; });
    });
  });

  window.addEventListener("beforeunload", (event) => {
    if (running.size) { event.preventDefault(); }
  });
}());
