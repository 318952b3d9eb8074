/* What a page in the pseudo-language shows that was never put up for translation. */
window.pseudoCheck = (() => {
  "use strict";
  /* What people wrote, and what is the same in every language: marked so for readers and screen readers. */
  const WRITTEN = "bdi, [dir]:not(html), [lang]:not(html), [translate=no], code, pre, script, style, template, textarea, svg defs";
  const BLOCKS = "p, li, td, th, dt, dd, div, h1, h2, h3, h4, label, legend, option, button, a, summary, section, caption, title, text, span.px-status, figcaption";
  const few = (found) => found.slice(0, 12);

  /* Names (Proxeny, BibTeX), codes in capitals, addresses and names of files are the same everywhere. */
  const without = (text) => text
    .replace(/Proxeny|\w*[a-z][A-Z]\w*/g, "")
    .replace(/\S+@\S+|https?:\S+|\S*\/\S*\/\S*|\S+\.[a-z]{2,5}\b/gi, "")
    .replace(/\b[A-Z0-9][A-Z0-9.:+-]*\b/g, "");
  const isWord = (text) => /[a-z]{3,}/i.test(without(text)) && !/[\u0370-\u03ff]/.test(text);
  const named = (element) => `<${element.localName}${element.id ? "#" + element.id : ""}${[...element.classList].map((one) => "." + one).join("")}>`;
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  /* A text may stand in several elements between its brackets: they are counted through a block. */
  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    let block = null, depth = 0;
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement, own = parent.closest(BLOCKS);
      if (own !== block && !(block && block.contains(own) && depth)) { block = own; depth = 0; }
      let outside = "";
      for (const sign of node.data) {
        if (sign === "⟦") { depth += 1; } else if (sign === "⟧") { depth = Math.max(0, depth - 1); } else if (!depth) { outside += sign; }
      }
      if (!isWord(outside) || parent.closest(WRITTEN) || !visible(parent)) { continue; }
      if (parent.closest("option") && chosen(parent.closest("option"))) { continue; }
      found.push(`“${outside.trim().replace(/\s+/g, " ").slice(0, 70)}” in ${named(parent)}`);
    }
    return found;
  }
  /* Options that stand for what people entered have its number as value. */
  const chosen = (option) => /\d/.test(option.value);

  function attributes() {
    const found = [], written = [...document.querySelectorAll(WRITTEN)].map((one) => one.textContent.trim()).filter(Boolean);
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-label", "data-confirm"]) {
      for (const one of document.querySelectorAll(`[${name}]`)) {
        const text = one.getAttribute(name).replace(/⟦.*⟧/gs, "");
        if (isWord(text) && !one.matches(WRITTEN) && !written.some((known) => text.includes(known))) {
          found.push(`${name}=“${text.slice(0, 70)}” of ${named(one)}`);
        }
      }
    }
    return found;
  }

  const untranslated = () => few([...new Set([...texts(), ...attributes()])]).map((one) => `not translatable: ${one}`);
  return { untranslated };
})();
