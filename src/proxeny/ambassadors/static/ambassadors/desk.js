/* The board by keyboard: J and K from card to card, H and L from column to column, N a new one. */
(function () {
  "use strict";
  const board = document.querySelector("[data-board]");

  function columns() {
    return [...board.querySelectorAll(".dk-column")]
      .map((column) => [...column.querySelectorAll("[data-card]")])
      .filter((cards) => cards.length > 0);
  }

  function place(all) {
    const now = document.activeElement;
    for (let column = 0; column < all.length; column += 1) {
      const row = all[column].indexOf(now);
      if (row >= 0) { return [column, row]; }
    }
    return null;
  }

  function step(key) {
    const all = columns();
    if (!all.length) { return null; }
    const here = place(all);
    if (!here) { return all[0][0]; }
    const [column, row] = here;
    if (key === "j") { return all[column][Math.min(row + 1, all[column].length - 1)]; }
    if (key === "k") { return all[column][Math.max(row - 1, 0)]; }
    const next = all[Math.max(0, Math.min(column + (key === "l" ? 1 : -1), all.length - 1))];
    return next[Math.min(row, next.length - 1)];
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) { return; }
    const key = event.key.toLowerCase();
    if (key === "n") {
      const link = document.querySelector("[data-key=n]");
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (!board || !"jkhl".includes(key) || key.length !== 1) { return; }
    const card = step(key);
    if (card) { event.preventDefault(); card.focus(); card.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });
})();
