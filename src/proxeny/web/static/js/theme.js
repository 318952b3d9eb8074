/* Runs before the first paint: the chosen theme, without a flash. */
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function stored() {
    try { return localStorage.getItem("proxeny-theme") || "auto"; } catch (error) { return "auto"; }
  }
  function apply() {
    var choice = stored();
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    root.dataset.themeChoice = choice;
  }
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
  window.proxenyTheme = function (choice) {
    try { localStorage.setItem("proxeny-theme", choice); } catch (error) { /* private mode: this page only */ }
    apply();
    root.dataset.themeChoice = choice;
    if (choice !== "auto") { root.dataset.bsTheme = choice; }
  };
})();
