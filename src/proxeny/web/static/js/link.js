/* The device knows by which clocks its owner lives: the page offers to show times by them. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-zone]");
  const select = form && form.querySelector("select[name=zone]");
  const offer = form && form.querySelector("[data-device]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!select || !offer || !own || own === form.dataset.zone) { return; }
  // Who has chosen already is not asked again; a name that the server does not offer is none.
  if (new URLSearchParams(location.search).has("zone")) { return; }
  if (![...select.options].some((option) => option.value === own)) { return; }
  const button = offer.querySelector("button");
  button.textContent = offer.dataset.text.replace("%s", own.split("/").pop().replaceAll("_", " "));
  button.addEventListener("click", () => { select.value = own; });
  offer.hidden = false;
})();
