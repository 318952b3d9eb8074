/* The map of the directory, drawn from the JSON that its figure carries (htmx takes script elements
   out of what it swaps in, those of JSON too). The table below it says the same. */
(function () {
  "use strict";
  const doc = document;
  const { init, registerMap, feature } = window.ProxenyMap;
  const isCoarse = window.matchMedia("(pointer: coarse)").matches;
  let shapes = null, chart = null, zoom = 1, watched = null;

  function loadShapes(url) {
    shapes ??= fetch(url).then((answer) => answer.json()).then((world) => {
      registerMap("world", feature(world, world.objects.countries));
    });
    return shapes;
  }

  /* A colour as the page shows it, in the theme of the moment */
  const colourOf = (figure, selector) => getComputedStyle(figure.querySelector(selector)).backgroundColor;

  function describe(figure, data) {
    const edge = colourOf(figure, "[data-map-edge]");
    const regions = Object.entries(data.countries).map(([name, one]) => {
      const areaColor = colourOf(figure, `[data-map-shade="${one.shade}"]`);
      return { name, itemStyle: { areaColor }, emphasis: { itemStyle: { areaColor } } };
    });
    const land = colourOf(figure, "[data-map-land]");
    const formatter = labelOf.bind(null, data);
    return {
      animation: false,
      tooltip: { className: "px-map-tip", confine: true, transitionDuration: 0, hideDelay: 0, borderWidth: 0, padding: 0,
        backgroundColor: "transparent", formatter },
      geo: {
        map: "world", boundingCoords: data.bounds, regions, zoom,
        roam: isCoarse ? zoom > 1 : true, scaleLimit: { min: 0.5, max: 60 },
        select: { disabled: true }, label: { show: false }, tooltip: { show: true, formatter },
        itemStyle: { areaColor: land, borderColor: edge, borderWidth: 0.75 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: land } },
      },
      series: [{
        type: "scatter", coordinateSystem: "geo", symbolSize: sizeOf,
        itemStyle: { color: colourOf(figure, "[data-map-dot]"), borderColor: edge, borderWidth: 1.5, opacity: 0.9 },
        data: data.places.map((one) => ({ value: [...one.at, one.count], place: one })),
      }],
    };
  }

  const sizeOf = (value) => Math.min(44, 7 + 3.2 * Math.log2(value[2]));
  const found = (data, event) => event.componentType === "geo" ? data.countries[event.name] : event.data && event.data.place;

  function labelOf(data, event) {
    const one = found(data, event);
    if (!one) { return ""; }
    const label = doc.createElement("span");
    label.dir = "auto";
    label.textContent = one.label;
    return label;
  }

  async function draw() {
    const figure = doc.querySelector("[data-map]");
    if (!figure || figure.dataset.wired) { return; }
    figure.dataset.wired = "1";
    const data = JSON.parse(figure.dataset.map);
    await loadShapes(data.shapes);
    if (!figure.isConnected) { return; }
    figure.hidden = false;
    if (chart) { chart.dispose(); watched.disconnect(); }
    zoom = 1;
    const sheet = figure.querySelector("[data-map-sheet]");
    chart = init(sheet, null, { renderer: "canvas" });
    chart.setOption(describe(figure, data));
    chart.on("click", (event) => {
      const one = found(data, event);
      if (one) { window.location.assign(one.url); }
    });
    // The wheel scrolls the page, as everywhere; with Ctrl, or two fingers, it brings the map closer.
    sheet.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) { event.stopPropagation(); }
    }, { capture: true, passive: true });
    figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-map-zoom]");
      if (button) { zoomBy(Number(button.dataset.mapZoom)); }
    });
    watched = new ResizeObserver(() => { if (sheet.clientWidth) { chart.resize(); } });
    watched.observe(sheet);
    figure.dataset.drawn = "1";
  }

  function zoomBy(factor) {
    zoom = factor ? Math.min(60, Math.max(0.5, chart.getOption().geo[0].zoom * factor)) : 1;
    const roam = isCoarse ? zoom > 1 : true;
    chart.setOption({ geo: factor ? { zoom, roam } : { zoom, roam, center: null } });
  }

  function recolour() {
    const figure = doc.querySelector("[data-map][data-drawn]");
    if (!figure || !chart) { return; }
    const now = chart.getOption().geo[0];
    zoom = now.zoom;
    chart.setOption(describe(figure, JSON.parse(figure.dataset.map)));
  }

  new MutationObserver(recolour).observe(doc.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  doc.addEventListener("htmx:load", draw);
  draw();
})();
