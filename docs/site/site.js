// What scrolls sideways can be reached, and scrolled, by keyboard; what does not is no stop.
function markScrolling() {
  for (const one of document.querySelectorAll("article pre, article .table-wrapper")) {
    one.toggleAttribute("tabindex", false);
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
  }
}
addEventListener("load", markScrolling);
addEventListener("resize", markScrolling);
