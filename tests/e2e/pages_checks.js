/* What is looked at in every page, in the browser. Each function returns sentences; none is good. */
window.pagesCheck = (() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element) => {
    const classes = [...element.classList].map((one) => "." + one).join("");
    return `<${element.localName}${element.id ? "#" + element.id : ""}${classes}> “${element.textContent.trim().replace(/\s+/g, " ").slice(0, 50)}”`;
  };
  const few = (found) => found.slice(0, 4);

  /* Texts that a person reads, without what is only in the page for scripts. */
  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      if (node.data.trim() && !parent.closest("script, style, template, pre, code, textarea")) { yield [node.data.trim(), parent]; }
    }
  }

  /* The way around inside a thing is one row of at most six; filters of a list are none. */
  function tabs() {
    const rows = all("main nav > ul.px-tabs:not(.px-sections):not(.px-filters)").filter(visible);
    const long = rows.filter((one) => one.children.length > 6);
    return [...rows.length > 1 ? [`${rows.length} rows of tabs`] : [], ...long.map((one) => `${one.children.length} tabs in ${named(one)}`)];
  }

  function written({ lang, dir }) {
    const root = document.documentElement, found = [];
    if (root.lang !== lang || root.dir !== dir) { found.push(`lang is ${root.lang}, dir is ${root.dir}`); }
    const heads = all("h1").filter(visible);
    if (heads.length !== 1) { found.push(`${heads.length} first headings`); }
    if (heads.length && !heads[0].textContent.trim()) { found.push("the first heading is empty"); }
    if (!/^.+ · Proxeny$/.test(document.title)) { found.push(`the title is “${document.title}”`); }
    for (const [text, parent] of texts()) {
      if (/^(NaN|undefined|null)$/.test(text) || /\{\{|\{%|%\(\w+\)|\[object /.test(text)) { found.push(`says “${text.slice(0, 60)}” in ${named(parent)}`); }
      // In English “None” is a word that people read, too.
      if (lang === "ar" && /\b(None|True|False)\b/.test(text)) { found.push(`says “${text.slice(0, 60)}” in ${named(parent)}`); }
    }
    return found;
  }

  function pictures() {
    return all("img").flatMap((one) => {
      const found = [];
      if (!one.hasAttribute("width") || !one.hasAttribute("height")) { found.push(`a picture without its size: ${one.src}`); }
      if (one.loading !== "lazy" && !one.src.startsWith("data:") && one.getBoundingClientRect().top + scrollY > innerHeight) { found.push(`a picture below the fold that is not lazy: ${one.src}`); }
      if (one.complete && !one.naturalWidth && visible(one)) { found.push(`a picture that did not come: ${one.src}`); }
      return found;
    });
  }

  /* Sums what moved without anybody's doing since the page began. */
  const moved = [];
  new PerformanceObserver((list) => moved.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
  function shifts() {
    const own = moved.filter((one) => !one.hadRecentInput);
    const sum = own.reduce((before, one) => before + one.value, 0);
    if (sum <= 0.05) { return []; }
    const what = own.flatMap((one) => one.sources.map((source) => source.node && source.node.nodeType === 1 ? named(source.node) : "?"));
    return [`moves while it loads: ${sum.toFixed(3)} ${few(what).join(", ")}`];
  }

  /* A page answers one question: on a phone it is not higher than a few screens; lists page, parts fold. */
  function high({ most }) {
    const height = document.documentElement.scrollHeight;
    return height > most ? [`is ${height} px high at ${innerWidth}`] : [];
  }

  function sideways() {
    const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
    if (over <= 0) { return []; }
    const wide = all("body *").filter((one) => visible(one) && !scrolls(one)
      && (one.getBoundingClientRect().right > root.clientWidth + 1 || one.getBoundingClientRect().left < -1));
    /* One pixel beyond which nothing reaches is a browser's rounding of widths with a fraction. */
    if (over === 1 && !wide.length) { return []; }
    return [`scrolls sideways by ${over} px at ${innerWidth}: ${few(wide.reverse()).map(named).join(", ")}`];
  }
  /* Whether something around it may be scrolled, so that all of it can be reached. */
  function scrolls(element) {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(one).overflowX)) { return true; }
    }
    return false;
  }

  /* Text that stands beyond a border which hides it. What is cut on purpose says so with an ellipsis. */
  function cut() {
    return few(all("body *").filter((one) => {
      const style = getComputedStyle(one);
      if (!/hidden|clip/.test(style.overflowX + style.overflowY) || !visible(one)) { return false; }
      if (one.clientWidth <= 2 || one.clientHeight <= 2 || style.clipPath !== "none") { return false; }
      if (one.matches("svg, svg *, progress, select, canvas, input") || style.textOverflow === "ellipsis") { return false; }
      const isWide = style.overflowX !== "visible" && !/auto|scroll/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 2;
      const isTall = style.overflowY !== "visible" && !/auto|scroll/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 2;
      return (isWide || isTall) && one.textContent.trim();
    })).map((one) => `cuts off at ${innerWidth}: ${named(one)} ${one.scrollWidth}×${one.scrollHeight} in ${one.clientWidth}×${one.clientHeight}`);
  }

  /* What stays while one scrolls may not take more than a third of the window. */
  function staying() {
    scrollTo({ top: 400, behavior: "instant" });
    const bars = all("body *").filter((one) => /fixed|sticky/.test(getComputedStyle(one).position) && visible(one));
    const rows = bars.map((one) => one.getBoundingClientRect()).filter((box) => box.width > innerWidth / 2
      && box.top < innerHeight && box.bottom > 0 && (box.top <= 1 || box.bottom >= innerHeight - 1));
    const high = rows.reduce((sum, box) => sum + Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), 0);
    scrollTo({ top: 0, behavior: "instant" });
    return high > innerHeight / 3 ? [`bars take ${Math.round(high)} of ${innerHeight} px`] : [];
  }

  /* WCAG 1.4.12: a reader's own spacing. */
  function spaced() {
    const style = document.createElement("style");
    style.textContent = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const found = [...sideways(), ...cut()].map((one) => `with more space: ${one}`);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    return found;
  }

  /* With reduced motion nothing moves for longer than a hundredth of a second. */
  function still() {
    const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one) * (/ms\s*$/.test(one) ? .001 : 1)));
    const moving = all("body, body *").filter((one) => ["", "::before", "::after"].some((part) => {
      const style = getComputedStyle(one, part || null);
      if (style.display === "none") { return false; }
      const runs = style.animationName === "none" ? 0 : seconds(style.animationDuration);
      return Math.max(runs, seconds(style.transitionDuration)) > .01;
    }));
    return few(moving).map((one) => `moves in spite of reduced motion: ${named(one)}`);
  }

  /* On paper: no controls, nothing wider than the sheet, dark ink on white. */
  function printed() {
    const found = all("button, .btn, nav, .px-tabbar, .px-header, .px-toasts").filter((one) => visible(one) && one.getBoundingClientRect().height > 1 && !one.closest(".px-meeting"));
    const paper = getComputedStyle(document.body).backgroundColor;
    const problems = few(found).map((one) => `is printed: ${named(one)}`);
    if (!/rgba\(0, 0, 0, 0\)|rgb\(255, 255, 255\)/.test(paper)) { problems.push(`the paper is ${paper}`); }
    return [...problems, ...sideways(), ...cut()].map((one) => `on paper: ${one}`);
  }

  const frame = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });

  /* Other colours or another width have come through: no element is still on its way to them. */
  async function worn(colours) {
    while (document.documentElement.dataset.bsTheme !== colours) { await frame(); }
    await frame();
    await Promise.allSettled(document.getAnimations().map((one) => one.finished));
  }

  /* Letters, pictures and parts that come after the page are there. */
  async function settled() {
    await document.fonts.ready;
    await Promise.all([...document.images].filter((one) => one.loading !== "lazy" && !one.complete)
      .map((one) => new Promise((done) => { one.onload = one.onerror = done; })));
    for (let times = 0; document.querySelector(".htmx-request") && times < 100; times += 1) {
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }

  const links = () => [...new Set(all("a[href], [hx-get]").map((one) => one.getAttribute("href") || one.getAttribute("hx-get") || "").filter((one) => one.startsWith("/")))];
  const axe = async (options) => (await window.axe.run(document, options)).violations.map((one) =>
    `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + node.html.slice(0, 120) + " " + (node.any[0] || node.all[0] || node.none[0] || { message: "" }).message).join(" | ")}`);

  return { worn, settled, tabs, written, pictures, shifts, high, sideways, cut, staying, spaced, still, printed, links, axe };
})();
