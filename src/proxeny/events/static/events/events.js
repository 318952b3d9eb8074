/* data-check-group: the box data-check-all ticks and unticks all data-check-one in it, and follows them. */
(function () {
  "use strict";
  const boxes = (group) => [...group.querySelectorAll("[data-check-one]")];
  function follow(group) {
    const all = group.querySelector("[data-check-all]");
    const ticked = boxes(group).filter((box) => box.checked).length;
    /* The half-day is sent along: it must stay ticked while one slot of it is. */
    all.checked = ticked > 0 && (all.name !== "" || ticked === boxes(group).length);
    all.indeterminate = ticked > 0 && ticked < boxes(group).length;
  }
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-check-group]");
    if (!group) { return; }
    if (event.target.matches("[data-check-all]")) {
      for (const box of boxes(group)) { box.checked = event.target.checked; }
    }
    follow(group);
  });
  document.querySelectorAll("[data-check-group]").forEach(follow);
})();
