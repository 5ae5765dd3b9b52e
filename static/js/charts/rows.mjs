// A row for each name, as bars to the right: totals, and totals beside those of an earlier range.

import { colourOf, mixed } from "./look.mjs";
import { plain, widest } from "./words.mjs";

const MOST = 40; // rows; the table has them all
const BAR = 28, PAIR = 36, LEGEND = 32;

const shown = (rows) => rows.slice(0, MOST);

// The height a chart needs, in pixels, for as many rows as the table beside it has.
const heightFor = (count, each) => (Math.min(count, MOST) + (count > MOST)) * each + 8;

export function bars({ rows }, look, words, { width }) {
  if (!rows.length) return null;
  const few = shown(rows);
  const names = namesWidth(few, look, width);
  const amounts = widest(few.map(({ total }) => words.money(total)));
  return {
    tooltip: { trigger: "item", valueFormatter: (_, index) => words.share(few[index]) },
    grid: { left: names + 12, right: amounts + 12, top: 4, bottom: 4, outerBoundsMode: "none" },
    xAxis: amountsAxis,
    yAxis: nameAndZeroLine(rows, look, names),
    series: {
      type: "bar", barWidth: 14,
      // To the right of zero for refunds as well: on their left are the names.
      label: {
        show: true, position: "right", color: look.muted, fontSize: 12,
        formatter: ({ dataIndex }) => words.money(few[dataIndex].total),
      },
      data: few.map((row) => ({
        value: Number(row.total), key: row.key,
        itemStyle: { color: colourOf(row, 0, 1, look), borderRadius: 3 },
      })),
    },
  };
}

bars.height = ({ count }) => heightFor(count, BAR);

// From the least to the most, without the round numbers that would leave a gap.
const amountsAxis = {
  type: "value", show: false, min: ({ min }) => Math.min(0, min), max: ({ max }) => Math.max(0, max),
};

const namesWidth = (rows, look, width) =>
  Math.min(width * 0.36, 180, widest(rows.map(({ name }) => name)) + 2);

// Two axes, because names stay at the left edge also where refunds draw a bar to the left of zero.
function nameAndZeroLine(rows, look, width) {
  const names = shown(rows).map(({ name }) => plain(name));
  if (rows.length > MOST) names.push(`+ ${rows.length - MOST}`);
  const axis = {
    type: "category", inverse: true, axisTick: { show: false }, data: names, axisPointer: { show: false },
  };
  const label = {
    color: look.text, fontSize: 12, width, overflow: "truncate", ellipsis: "…", interval: 0,
    align: "left", margin: width + 12,
  };
  const refunds = shown(rows).some(({ total, earlier_total: earlier }) => total < 0 || earlier < 0);
  const zero = { show: refunds, onZero: true, lineStyle: { color: look.line } };
  return [
    { ...axis, axisLine: { show: false, onZero: false }, axisLabel: label, axisPointer: {} },
    { ...axis, axisLine: zero, axisLabel: { show: false } },
  ];
}

export function comparison(figures, look, words, { width }) {
  const { rows } = figures;
  if (!rows.length) return null;
  const few = shown(rows);
  const names = namesWidth(few, look, width);
  const changes = few.map((row) => changeOf(row, words, width));
  const spans = [
    words.span(figures.start_date, figures.end_date),
    words.span(figures.earlier_start_date, figures.earlier_end_date),
  ];
  const faded = (colour) => mixed(colour, look.surface, 0.4);
  const bar = (row, total, colour) => ({
    value: Number(total), key: row.key, itemStyle: { color: colour, borderRadius: 3 },
  });
  const series = { type: "bar", barCategoryGap: "34%", barGap: "10%" };
  return {
    tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: look.muted, opacity: 0.1 } } },
    legend: {
      data: spans, left: 0, top: 0, padding: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, itemGap: 16,
      selectedMode: false, textStyle: { color: look.muted, fontSize: 12 },
    },
    grid: {
      left: names + 12, right: widest(changes) + 16, top: LEGEND, bottom: 4, outerBoundsMode: "none",
    },
    xAxis: amountsAxis,
    yAxis: [...nameAndZeroLine(rows, look, names), changesAxis(changes, look)],
    series: [
      {
        ...series, name: spans[0], color: look.muted,
        tooltip: { valueFormatter: (_, index) => words.money(few[index].total) },
        data: few.map((row) => bar(row, row.total, colourOf(row, 0, 1, look))),
      },
      {
        ...series, name: spans[1], color: faded(look.muted),
        tooltip: { valueFormatter: (_, index) => words.money(few[index].earlier_total) },
        data: few.map((row) => bar(row, row.earlier_total, faded(colourOf(row, 0, 1, look)))),
      },
    ],
  };
}

comparison.height = ({ count }) => heightFor(count, PAIR) + LEGEND;

function changeOf({ change, change_percentage: percentage }, words, width) {
  const amount = words.change(change);
  return percentage === null || width < 480 ? amount : `${amount}   ${words.percent(percentage, "exceptZero")}`;
}

// In a column at the right edge, as in a table.
const changesAxis = (changes, look) => ({
  type: "category", inverse: true, position: "right", data: changes,
  axisTick: { show: false }, axisLine: { show: false }, axisPointer: { show: false },
  axisLabel: { color: look.muted, fontSize: 12, interval: 0, align: "right", margin: widest(changes) + 16 },
});
