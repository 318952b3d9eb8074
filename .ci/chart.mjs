// Called by .ci/chart: one script with the parts of ECharts that lines and bars need.
import { build } from "esbuild";

const out = process.argv[2];
await build({
  stdin: { resolveDir: ".", contents: `
    import { init, use } from "echarts/core";
    import { BarChart, LineChart } from "echarts/charts";
    import { GridComponent, LegendScrollComponent, TooltipComponent } from "echarts/components";
    import { CanvasRenderer } from "echarts/renderers";
    use([BarChart, LineChart, GridComponent, LegendScrollComponent, TooltipComponent, CanvasRenderer]);
    export { init };` },
  bundle: true, minify: true, format: "iife", globalName: "ProxenyChart", target: "es2020",
  legalComments: "none", outfile: `${out}/echarts-chart.min.js`,
});
