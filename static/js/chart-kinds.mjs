// The kinds of charts: figures in, what ECharts shall draw (its "option") out.
//
// A kind is a function of the figures (an answer of the analytics API, whose list of parts is `rows`, whatever it is
// called there), the look, the words and the size in pixels; it gives null where there is nothing to draw. Numbers
// made of amounts only place the ink, and never become text. Each mark carries the `key` of its row in the table
// beside the chart, and its `column` where the table has two levels.

export { grouped, periods, stacked } from "./charts/columns.mjs";
export { heatmap } from "./charts/heatmap.mjs";
export { line } from "./charts/line.mjs";
export { bars, comparison } from "./charts/rows.mjs";
export { donut, treemap } from "./charts/shares.mjs";
