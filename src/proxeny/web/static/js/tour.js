/* The tour: who arrives at a station hears its panel first; the page stays where it is. */
(function () {
  "use strict";
  const title = document.querySelector("[data-tour-here] #tour-title");
  if (!title) { return; }
  // Going to the part of the page that is spoken of takes the focus away, and does so after loading.
  const arrive = () => title.focus({ preventScroll: true });
  if (document.readyState === "complete") { arrive(); }
  window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(arrive, 0)));
})();
