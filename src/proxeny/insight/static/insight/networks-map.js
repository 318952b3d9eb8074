/* Draws the ties of a network between places of the map, from the JSON that its figure carries. The
   tables below it say the same. */
(function () {
  "use strict";
  const doc = document;
  const { init, registerMap, feature } = window.ProxenyGraph;
  const figure = doc.querySelector("[data-network-map]");
  if (!figure) { return; }
  const sheet = figure.querySelector("[data-network-sheet]");
  const isCoarse = window.matchMedia("(pointer: coarse)").matches;
  const data = JSON.parse(figure.dataset.networkMap);
  let chart = null, zoom = 1;

  const colourOf = (selector) => getComputedStyle(figure.querySelector(selector)).backgroundColor;

  /* The middle of the largest part of each country, for those of which no place is known. */
  function middleOf(shape) {
    const parts = shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
    const boxes = parts.map((part) => {
      const x = part[0].map((point) => point[0]), y = part[0].map((point) => point[1]);
      return [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    });
    const size = (box) => (box[1] - box[0]) * (box[3] - box[2]);
    const [west, east, south, north] = boxes.reduce((one, other) => (size(other) > size(one) ? other : one));
    return [(west + east) / 2, (south + north) / 2];
  }

  function boundsOf(points) {
    const x = points.map((one) => one[0]), y = points.map((one) => one[1]);
    const grown = (low, high, least) => { const more = Math.max(3, (least - (high - low)) / 2); return [low - more, high + more]; };
    const [west, east] = grown(Math.min(...x), Math.max(...x), 14), [south, north] = grown(Math.min(...y), Math.max(...y), 10);
    return [[Math.max(west, -180), Math.min(north, 84)], [Math.min(east, 180), Math.max(south, -60)]];
  }

  function describe() {
    const edge = colourOf("[data-map-edge]"), land = colourOf("[data-map-land]"), arc = colourOf("[data-map-arc]");
    const widest = Math.sqrt(Math.max(...data.ties.map((one) => one.weight), 1e-9));
    const placed = data.places.filter((one) => one.at);
    const largest = Math.sqrt(Math.max(...placed.map((one) => one.size), 1));
    return {
      animation: false,
      tooltip: { className: "px-map-tip", confine: true, transitionDuration: 0, hideDelay: 0, borderWidth: 0, padding: 0,
        backgroundColor: "transparent", formatter: tipOf },
      geo: {
        map: "world", boundingCoords: placed.length ? boundsOf(placed.map((one) => one.at)) : undefined, zoom,
        roam: isCoarse ? zoom > 1 : true, scaleLimit: { min: 0.5, max: 60 }, silent: true,
        select: { disabled: true }, label: { show: false },
        itemStyle: { areaColor: land, borderColor: edge, borderWidth: 0.75 },
        emphasis: { disabled: true },
      },
      series: [{
        type: "lines", coordinateSystem: "geo",
        lineStyle: { color: arc, curveness: 0.22, opacity: 0.7 },
        data: data.ties.filter((one) => one.ends.every((end) => data.places[end].at)).map((one) => ({
          coords: one.ends.map((end) => data.places[end].at), label: one.label, told: one.label,
          lineStyle: { width: 0.7 + 6 * Math.sqrt(one.weight) / widest },
        })),
      }, {
        type: "scatter", coordinateSystem: "geo",
        itemStyle: { color: colourOf("[data-map-dot]"), borderColor: edge, borderWidth: 1.5, opacity: 0.95 },
        data: placed.map((one) => ({ value: one.at, symbolSize: 7 + 22 * Math.sqrt(one.size) / largest, told: one.label })),
      }],
    };
  }

  function tipOf(event) {
    if (!event.data || !event.data.told) { return ""; }
    const label = doc.createElement("span");
    label.dir = "auto";
    label.textContent = event.data.told;
    return label;
  }

  function draw(world) {
    const shapes = feature(world, world.objects.countries);
    registerMap("world", shapes);
    const middles = new Map(shapes.features.map((one) => [one.properties.name, one]));
    for (const one of data.places) {
      if (!one.at && middles.has(one.code)) { one.at = middleOf(middles.get(one.code)); }
    }
    figure.hidden = false;
    chart = init(sheet, null, { renderer: "canvas" });
    const show = () => chart.setOption(describe(), true);
    show();
    sheet.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) { event.stopPropagation(); }
    }, { capture: true, passive: true });
    figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-network-zoom]");
      if (!button) { return; }
      const factor = Number(button.dataset.networkZoom);
      zoom = factor ? Math.min(60, Math.max(0.5, chart.getOption().geo[0].zoom * factor)) : 1;
      const roam = isCoarse ? zoom > 1 : true;
      chart.setOption({ geo: factor ? { zoom, roam } : { zoom, roam, center: null } });
    });
    new ResizeObserver(() => { if (sheet.clientWidth) { chart.resize(); } }).observe(sheet);
    new MutationObserver(show).observe(doc.documentElement, { attributeFilter: ["data-bs-theme"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    figure.dataset.drawn = "1";
  }

  fetch(data.shapes).then((answer) => answer.json()).then(draw).catch(() => {});
})();
