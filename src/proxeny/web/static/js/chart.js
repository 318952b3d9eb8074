/* Draws every figure with data-chart as lines or bars, from the JSON it carries (htmx takes script
   elements out of what it swaps in, those of JSON too). The table below each says the same. */
(function () {
  "use strict";
  const doc = document;
  const { init } = window.ProxenyChart;
  const drawn = new Map();
  const isRtl = doc.documentElement.dir === "rtl";
  // Digits as everywhere else on the page; the signs between them come with the figure.
  const numbers = new Intl.NumberFormat(`${doc.documentElement.lang || "en"}-u-nu-latn`, { maximumSignificantDigits: 12 });
  const short = new Intl.NumberFormat(`${doc.documentElement.lang || "en"}-u-nu-latn`, { notation: "compact", maximumSignificantDigits: 4 });
  const SYMBOLS = ["circle", "rect", "triangle", "diamond"];

  const write = (format, data, value) => format.formatToParts(value)
    .map((part) => part.type === "decimal" ? data.signs[0] : part.type === "group" ? data.signs[1] : part.value).join("");

  /* Colours as the page shows them, in the theme of the moment */
  function coloursOf(figure) {
    const found = [...figure.querySelector("[data-chart-colours]").children].map((one) => getComputedStyle(one).backgroundColor);
    return { lines: found.slice(0, 8), text: found[8], edge: found[9], paper: found[10] };
  }

  function lineOf(data, values, place, colours) {
    const color = colours.lines[place % 8];
    if (data.shape === "bar") { return { type: "bar", name: data.names[place], data: values, itemStyle: { color, borderRadius: 2 }, barMaxWidth: 36 }; }
    return {
      type: "line", name: data.names[place], data: values, connectNulls: false,
      symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 7, showAllSymbol: "auto",
      itemStyle: { color }, lineStyle: { color, width: 2, type: place < 8 ? "solid" : "dashed" },
    };
  }

  function describe(figure, data, width) {
    const colours = coloursOf(figure);
    const font = getComputedStyle(figure).fontFamily;
    const label = { color: colours.text, fontFamily: font, fontSize: 12 };
    const hasKey = data.names.length > 1;
    return {
      animation: false,
      textStyle: { fontFamily: font },
      grid: { top: hasKey ? 44 : 20, bottom: 8, left: 8, right: 12, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: {
        show: hasKey, type: "scroll", top: 0, align: isRtl ? "right" : "left", [isRtl ? "right" : "left"]: 0,
        width: width - 12, textStyle: label, inactiveColor: colours.edge, pageTextStyle: label,
        pageIconColor: colours.text, pageIconInactiveColor: colours.edge,
      },
      tooltip: {
        trigger: "axis", confine: true, transitionDuration: 0, hideDelay: 0, borderWidth: 0,
        padding: 0, backgroundColor: "transparent", extraCssText: "box-shadow: none", formatter: (those) => tipOf(data, those),
        axisPointer: { type: data.shape === "bar" ? "none" : "line", lineStyle: { color: colours.text } },
      },
      xAxis: {
        type: "category", data: data.periods, inverse: isRtl, boundaryGap: data.shape === "bar",
        axisLabel: { ...label, hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.edge } },
      },
      yAxis: {
        type: "value", position: isRtl ? "right" : "left", scale: data.shape !== "bar",
        axisLabel: { ...label, formatter: (value) => write(short, data, value) }, splitLine: { lineStyle: { color: colours.edge } },
      },
      series: data.values.map((values, place) => lineOf(data, values, place, colours)),
    };
  }

  function tipOf(data, those) {
    const tip = doc.createElement("div");
    tip.className = "fg-tip";
    tip.dir = doc.documentElement.dir || "ltr";
    const head = doc.createElement("bdi");
    head.textContent = those[0].axisValue;
    const list = doc.createElement("ul");
    for (const one of those.filter((each) => each.value !== null && each.value !== undefined).slice(0, 12)) {
      const item = doc.createElement("li"), name = doc.createElement("bdi"), value = doc.createElement("b");
      name.textContent = one.seriesName;
      value.textContent = write(numbers, data, one.value) + (data.unit ? ` ${data.unit}` : "");
      value.dir = "auto";
      item.append(name, value);
      list.append(item);
    }
    tip.append(head, list);
    return tip;
  }

  function draw(figure) {
    if (drawn.has(figure)) { return; }
    const data = JSON.parse(figure.dataset.chart);
    const sheet = figure.querySelector("[data-chart-sheet]");
    sheet.hidden = false;
    // The picture is there: the table waits below, unless somebody unfolds it.
    const values = figure.querySelector("[data-chart-values]");
    if (values) { values.open = false; }
    const chart = init(sheet, null, { renderer: "canvas" });
    const show = () => chart.setOption(describe(figure, data, sheet.clientWidth), true);
    show();
    const watched = new ResizeObserver(() => { if (sheet.clientWidth) { chart.resize(); show(); } });
    watched.observe(sheet);
    drawn.set(figure, { chart, watched, show });
    figure.dataset.drawn = "1";
  }

  function drawAll() {
    for (const [figure, one] of drawn) {
      if (!figure.isConnected) { one.watched.disconnect(); one.chart.dispose(); drawn.delete(figure); }
    }
    doc.querySelectorAll("[data-chart]").forEach(draw);
  }

  const recolour = () => drawn.forEach((one) => one.show());
  new MutationObserver(recolour).observe(doc.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  doc.addEventListener("htmx:load", drawAll);
  drawAll();
})();
