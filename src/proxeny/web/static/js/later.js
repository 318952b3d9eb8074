/* Brings what a picture is drawn with when the picture comes near the window, after the page itself
   has been shown. data-later: the scripts, in their order; data-near: which figures they draw. */
(function () {
  "use strict";
  const { later, near } = document.currentScript.dataset;
  let isAsked = false;

  function bring() {
    if (isAsked) { return; }
    isAsked = true;
    for (const address of later.split(" ")) {
      const script = document.createElement("script");
      script.src = address;
      script.async = false;
      script.addEventListener("error", () => { document.documentElement.dataset.pictures = "none"; });
      document.body.append(script);
    }
  }

  const watch = new IntersectionObserver((entries) => {
    if (entries.some((one) => one.isIntersecting)) { watch.disconnect(); bring(); }
  }, { rootMargin: "400px" });
  const look = () => document.querySelectorAll(near).forEach((one) => watch.observe(one));

  if (document.readyState === "complete") { look(); } else { window.addEventListener("load", look, { once: true }); }
  document.addEventListener("htmx:load", () => { if (!isAsked && document.readyState === "complete") { look(); } });
})();
