// 图表只从旁边的数据表取数：没有脚本时，表就是图；读屏时，表就是图。画在画布上：SVG 的文字要内联样式，内容安全策略不许。
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, AriaComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, AriaComponent, CanvasRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const SHAPES = ["solid", "dashed", "dotted"]; // 颜色之外另有线型
const number = (text) => { const value = Number(text.replaceAll(",", "").replace(/\s*%$/, "")); return text.trim() === "" || Number.isNaN(value) ? null : value; };

function read(figure) {
  const table = document.getElementById(figure.dataset.chart);
  const [head, ...body] = table.rows;
  const pick = figure.dataset.columns?.split(",").map(Number) ?? Array.from(head.cells, (_, place) => place);
  const cells = (row) => pick.map((place) => row.cells[place].textContent.trim());
  return { names: cells(head), rows: body.map(cells) };
}

function option({ names, rows }, figure) {
  const lines = figure.dataset.kind === "line";
  const ink = token("--ink-2"), colours = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(token);
  const target = number(figure.dataset.target ?? "");
  const axis = { axisLine: { lineStyle: { color: token("--line-2") } }, axisLabel: { color: ink, fontFamily: "inherit" }, splitLine: { lineStyle: { color: token("--line") } } };
  return {
    aria: { enabled: true }, animation: false, color: colours, textStyle: { fontFamily: "inherit" },
    legend: names.length > 2 ? { top: 0, right: 0, itemHeight: 9, textStyle: { color: ink } } : undefined,
    tooltip: { trigger: "axis", confine: true, renderMode: "richText" },
    grid: { left: 8, right: 16, top: names.length > 2 ? 34 : 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: rows.map((row) => row[0]), ...axis, splitLine: { show: false } },
    yAxis: { type: "value", min: lines && figure.dataset.min ? Number(figure.dataset.min) : 0, ...axis },
    series: names.slice(1).map((name, place) => ({
      name, type: lines ? "line" : "bar", emphasis: { disabled: true }, barMaxWidth: 28, symbolSize: 6, lineStyle: { width: 2, type: SHAPES[place % SHAPES.length] },
      data: rows.map((row) => number(row[place + 1])),
      markLine: target === null || place ? undefined : { symbol: "none", silent: true, label: { formatter: "{c}", color: ink }, lineStyle: { color: ink, type: "dashed" }, data: [{ yAxis: target }] },
    })),
  };
}

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  const plot = figure.querySelector(".plot");
  const chart = echarts.init(plot, null, { renderer: "canvas" });
  chart.setOption(option(read(figure), figure));
  figure.hidden = false;
  chart.resize();
  new ResizeObserver(() => chart.resize()).observe(figure);
}
