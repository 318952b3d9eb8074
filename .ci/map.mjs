// Called by .ci/map: one script with the parts of ECharts that a map of points needs, and the
// world's countries, simplified and named by their ISO code of two letters.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { feature, mergeArcs, quantize } from "topojson-client";
import { filter, filterWeight, planarRingArea, presimplify, simplify } from "topojson-simplify";

const out = process.argv[2];
await build({
  stdin: { resolveDir: ".", contents: `
    import { init, registerMap, use } from "echarts/core";
    import { ScatterChart } from "echarts/charts";
    import { GeoComponent, TooltipComponent } from "echarts/components";
    import { CanvasRenderer } from "echarts/renderers";
    import { feature } from "topojson-client";
    use([ScatterChart, GeoComponent, TooltipComponent, CanvasRenderer]);
    export { init, registerMap, feature };` },
  bundle: true, minify: true, format: "iife", globalName: "ProxenyMap", target: "es2020",
  legalComments: "none", outfile: `${out}/echarts-map.min.js`,
});

// What the package gives no number, and shapes that belong to one country by international law.
const NAMED = { Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY" };
const iso = JSON.parse(readFileSync("iso.json"));
const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json"));
const byCode = new Map();
for (const one of world.objects.countries.geometries) {
  const code = iso[one.id] ?? NAMED[one.properties.name];
  if (!code || code === "AQ") { continue; }
  byCode.set(code, [...(byCode.get(code) ?? []), one]);
}
const countries = [...byCode].sort().map(([code, shapes]) => ({
  ...(shapes.length > 1 ? mergeArcs(world, shapes) : { type: shapes[0].type, arcs: shapes[0].arcs }),
  id: code, properties: { name: code },
}));
const kept = { ...world, objects: { countries: { type: "GeometryCollection", geometries: countries } } };
const detailed = presimplify(kept);
// An island state would shrink to nothing: the lines of small countries stay as they are.
const ringsOf = (shape) => (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates).flat();
const linesOf = (shape) => (shape.type === "Polygon" ? [shape.arcs] : shape.arcs).flat(2);
for (const shape of countries) {
  const rings = ringsOf(feature(kept, shape).geometry);
  if (rings.reduce((sum, ring) => sum + Math.abs(planarRingArea(ring)), 0) > 0.5) { continue; }
  for (const line of linesOf(shape)) {
    for (const point of detailed.arcs[line < 0 ? ~line : line]) { point[2] = Infinity; }
  }
}
const simple = simplify(detailed, 0.015);
const drawn = filter(simple, filterWeight(simple, 1e-6));
writeFileSync(`${out}/world.json`, JSON.stringify(quantize(drawn, 2e4)));
