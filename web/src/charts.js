// Only pages that show a chart load this. <div data-chart='{ECharts options}'>; the numbers stand in a table beside it,
// so that nothing is lost where this does not run.

import { BarChart, LineChart, PieChart, RadarChart, ScatterChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, RadarChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent,
  MarkLineComponent, RadarComponent, TooltipComponent, CanvasRenderer]);

const COLOURS = ["#1f5fa8", "#c2572b", "#2b7a5b", "#8a5aa8", "#a8791f", "#4a7d94", "#a23b52", "#5f6b7a"];
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function draw(box) {
  const options = JSON.parse(box.dataset.chart);
  box.classList.add("is-drawn");
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125;
  const chart = init(box, null, { renderer: "canvas" });
  chart.setOption({
    color: COLOURS,
    animation: !still,
    aria: { enabled: true, decal: { show: true } },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0 },
    ...options,
    // HTML tooltips carry inline styles, which the content policy forbids.
    tooltip: { trigger: "axis", confine: true, ...options.tooltip, renderMode: "richText" },
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

function drawAll(root) {
  for (const box of root.querySelectorAll("[data-chart]")) draw(box);
}

drawAll(document);
document.addEventListener("jinmen:added", (event) => drawAll(event.target));
