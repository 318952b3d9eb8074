/* Draws a cluster's network from the JSON that its figure names. The table below it says the same,
   and each circle leads where the name in the table leads. */
(function () {
  "use strict";
  const doc = document;
  const { init } = window.ProxenyGraph;
  const figure = doc.querySelector("[data-network]");
  if (!figure) { return; }
  const sheet = figure.querySelector("[data-network-sheet]");
  const isCoarse = window.matchMedia("(pointer: coarse)").matches;
  let chart = null, data = null, zoom = 1;

  /* Colours as the page shows them, in the theme of the moment */
  function coloursOf() {
    const found = [...figure.querySelector("[data-network-colours]").children].map((one) => getComputedStyle(one).backgroundColor);
    return { groups: found.slice(0, 8), text: found[8], tie: found[9], paper: found[10], own: found[11] };
  }

  function scaleOf(values, least, most) {
    const top = Math.sqrt(Math.max(...values, 1e-9));
    return (value) => least + (most - least) * Math.sqrt(Math.max(value, 0)) / top;
  }

  function describe() {
    const colours = coloursOf(), font = getComputedStyle(figure).fontFamily;
    const many = data.nodes.length;
    const isCrowd = many > 150;
    const isGroups = data.kind === "groups";
    const small = Math.max(0.6, Math.min(1, Math.min(sheet.clientWidth, sheet.clientHeight) / 600));
    const most = isGroups ? 62 * small : Math.max(11, Math.min(40, 340 / Math.sqrt(many))) * small;
    const sizeOf = scaleOf(data.nodes.map((one) => one.size), Math.max(2.5, most / 6), most);
    const widthOf = scaleOf(data.ties.map((tie) => tie[2]), 0.3, isGroups ? 9 : isCrowd ? 1.6 : 5);
    // Half of the longest name stands beside the outermost circle.
    const beside = sheet.clientWidth < 500 ? 62 : 100;
    // Names that all fit: of the largest, and of the own cluster.
    const order = [...data.nodes.keys()].sort((a, b) => data.nodes[b].size - data.nodes[a].size);
    const named = new Set(order.slice(0, Math.max(5, Math.round(sheet.clientWidth / (isCrowd ? 60 : 42)))));
    return {
      animation: false,
      textStyle: { fontFamily: font },
      tooltip: { confine: true, transitionDuration: 0, hideDelay: 0, borderWidth: 0, padding: 0, backgroundColor: "transparent",
        extraCssText: "box-shadow: none", formatter: tipOf },
      series: [{
        type: "graph", layout: "none", roam: isCoarse ? zoom > 1 : true, zoom, scaleLimit: { min: 0.5, max: 40 },
        left: beside, right: beside, top: 40, bottom: 64, preserveAspect: true, nodeScaleRatio: 0.35,
        labelLayout: { hideOverlap: true },
        lineStyle: { color: colours.tie, curveness: isCrowd ? 0 : 0.08, opacity: many > 1500 ? 0.2 : isCrowd ? 0.4 : 0.75 },
        emphasis: { focus: isCrowd ? "none" : "adjacency", scale: false },
        nodes: data.nodes.map((one, number) => ({
          id: String(number), name: String(number), x: one.at[0], y: one.at[1], node: one,
          symbolSize: one.is_own && !isGroups || one.is_middle ? Math.max(most, 14) : sizeOf(one.size),
          symbol: one.is_own && !isGroups ? "diamond" : "circle",
          itemStyle: { color: one.is_own && !isGroups ? colours.own : colours.groups[one.group % 8], borderColor: colours.paper, borderWidth: isCrowd ? 0.5 : 1.5 },
          label: { show: named.has(number) || Boolean(one.is_own) || Boolean(one.is_middle), formatter: () => short(one.label), position: "bottom", distance: 3,
            color: colours.text, textBorderColor: colours.paper, textBorderWidth: 3, fontFamily: font, fontSize: 12,
            fontWeight: one.is_own || one.is_middle ? 700 : 400 },
          cursor: one.url ? "pointer" : "default",
        })),
        links: data.ties.map((tie) => ({ source: String(tie[0]), target: String(tie[1]), lineStyle: { width: widthOf(tie[2]) }, silent: true })),
      }],
    };
  }

  function short(text) {
    const most = sheet.clientWidth < 500 ? 18 : 28;
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  }

  function tipOf(event) {
    if (event.dataType !== "node") { return ""; }
    const tip = doc.createElement("div"), name = doc.createElement("bdi"), value = doc.createElement("b");
    tip.className = "fg-tip";
    tip.dir = doc.documentElement.dir || "ltr";
    name.textContent = event.data.node.label;
    value.textContent = ` ${event.data.node.says}`;
    tip.append(name, value);
    return tip;
  }

  function draw() {
    figure.hidden = false;
    chart = init(sheet, null, { renderer: "canvas" });
    const show = () => chart.setOption(describe(), true);
    show();
    chart.on("click", (event) => {
      const one = event.dataType === "node" && event.data.node;
      if (one && one.url) { window.location.assign(one.url); }
    });
    // The wheel scrolls the page, as everywhere; with Ctrl, or two fingers, it brings the picture closer.
    sheet.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) { event.stopPropagation(); }
    }, { capture: true, passive: true });
    figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-network-zoom]");
      if (button) { zoomBy(Number(button.dataset.networkZoom)); }
    });
    let width = sheet.clientWidth;
    new ResizeObserver(() => {
      if (sheet.clientWidth && sheet.clientWidth !== width) { width = sheet.clientWidth; chart.resize(); show(); }
    }).observe(sheet);
    new MutationObserver(show).observe(doc.documentElement, { attributeFilter: ["data-bs-theme"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    figure.dataset.drawn = "1";
  }

  function zoomBy(factor) {
    const now = chart.getOption().series[0].zoom || 1;
    zoom = factor ? Math.min(40, Math.max(0.5, now * factor)) : 1;
    const roam = isCoarse ? zoom > 1 : true;
    chart.setOption({ series: [factor ? { zoom, roam } : { zoom, roam, center: null }] });
  }

  fetch(figure.dataset.network, { credentials: "same-origin" })
    .then((answer) => answer.ok ? answer.json() : null)
    .then((found) => { if (found && found.nodes.length) { data = found; draw(); } })
    // Without the picture there is the table.
    .catch(() => {});
})();
