// Called by .ci/graph: one script with the parts of ECharts that a network needs, as a picture and
// on the map.
import { build } from "esbuild";

const out = process.argv[2];
await build({
  stdin: { resolveDir: ".", contents: `
    import { init, registerMap, use } from "echarts/core";
    import { GraphChart, LinesChart, ScatterChart } from "echarts/charts";
    import { GeoComponent, TooltipComponent } from "echarts/components";
    import { LabelLayout } from "echarts/features";
    import { CanvasRenderer } from "echarts/renderers";
    import { feature } from "topojson-client";
    use([GraphChart, LinesChart, ScatterChart, GeoComponent, TooltipComponent, LabelLayout, CanvasRenderer]);
    export { init, registerMap, feature };` },
  bundle: true, minify: true, format: "iife", globalName: "ProxenyGraph", target: "es2020",
  legalComments: "none", outfile: `${out}/echarts-graph.min.js`,
});
