// Columns in order of time: one total each, or several, on top of each other where they add up, else side by side.

import { iso, MONDAY, ordinal } from "./days.mjs";
import { colourOf } from "./look.mjs";
import { clip, distinct, plain, widest } from "./words.mjs";

const NAME = 90; // pixels: two lines for "25 Jul – 24 Aug 2026"

const amountsAxis = (look, words, refunds) => ({
  type: "value", splitNumber: 4, splitLine: { lineStyle: { color: look.line } },
  min: ({ min }) => Math.min(0, min),
  axisLabel: { color: look.muted, fontSize: 12, formatter: (at) => words.tick(at), showMinLabel: !refunds },
});

const namesAxis = (names, look, formatter) => ({
  type: "category", data: names, axisTick: { show: false },
  axisLine: { lineStyle: { color: look.line } },
  axisLabel: {
    color: look.muted, fontSize: 12, lineHeight: 15, hideOverlap: true, formatter,
    ...(widest(names) > NAME && { width: NAME, overflow: "break" }),
  },
});

// The name of the last column may be wider than the column.
function room(top, bottom, names, width) {
  const right = Math.max(8, Math.min(NAME, widest(names)) / 2 - width / names.length / 2);
  return { left: 0, right, top, bottom, outerBounds: { left: 0, right, top: 0, bottom } };
}

const band = (look) => ({ type: "shadow", shadowStyle: { color: look.muted, opacity: 0.1 } });

export function periods({ rows, list, start_date: start, end_date: end }, look, words, { width }) {
  if (!rows.length) return null;
  const columns = list === "days" ? everyDay(rows, start, end, words) : rows;
  const amounts = columns.map(({ total }) => words.money(total));
  const labelled = widest(amounts) + 8 < width / columns.length; // then the axis would say it twice
  const refunds = columns.some(({ total }) => total < 0);
  const axis = amountsAxis(look, words, refunds);
  const names = columns.map(({ name }) => plain(name));
  const short = shortNames(list, columns, names, words, width);
  return {
    tooltip: { trigger: "axis", axisPointer: band(look) },
    grid: room(labelled ? 24 : 10, 8, short, width),
    xAxis: namesAxis(names, look, (_, at) => short[at]),
    yAxis: labelled ? { ...axis, show: false } : axis,
    series: {
      type: "bar", color: look.accent, barMaxWidth: 48, barCategoryGap: width / columns.length < 6 ? "10%" : "30%",
      tooltip: { valueFormatter: (_, index) => amounts[index] },
      // Above zero for refunds as well: below it are the names.
      label: {
        show: labelled, position: "top", color: look.muted, fontSize: 12,
        formatter: ({ dataIndex }) => amounts[dataIndex],
      },
      data: columns.map(({ total, key }) => ({
        value: Number(total), key, itemStyle: { borderRadius: total < 0 ? [0, 0, 3, 3] : [3, 3, 0, 0] },
      })),
    },
  };
}

function shortNames(list, columns, names, words, width) {
  if (list === "days") return columns.map(({ key }) => words.shortDay(key));
  const tight = list === "weekdays" && widest(names) + 12 > width / columns.length;
  return tight ? columns.map(({ key }) => words.weekday(MONDAY + Number(key) - 1)) : names;
}

// Days without rows are days too.
function everyDay(rows, start, end, words) {
  const known = new Map(rows.map((row) => [ordinal(row.key), row]));
  const [first, last] = [ordinal(start), ordinal(end)];
  return Array.from({ length: last - first + 1 }, (_, at) =>
    known.get(first + at) ?? { key: iso(first + at), name: words.day(first + at), total: "0" });
}

export const stacked = (figures, look, words, size) => several(figures, look, words, size, { stack: "column" });

const SIDE_BY_SIDE = 5; // rows; the table has them all

export function grouped({ rows, ...figures }, look, words, size) {
  return several({ ...figures, rows: rows.slice(0, SIDE_BY_SIDE) }, look, words, size, { barGap: "10%" });
}

function several({ rows, columns, cells }, look, words, { width }, placed) {
  if (!rows.length || !columns.length) return null;
  const names = distinct(rows.map(({ name }) => clip(plain(name), width < 480 ? 20 : 32)));
  const columnNames = columns.map(({ name }) => plain(name));
  const legend = legendOf(names, look, width);
  const at = new Map(columns.map(({ key }, index) => [key, index]));
  const edge = width / columns.length < 16 || rows.length > 15 ? 0 : 0.5;
  return {
    tooltip: columnTooltip(rows, columns, look, words),
    legend: legend.option,
    grid: room(10, legend.lines * 28 + 8, columnNames, width),
    xAxis: namesAxis(columnNames, look),
    yAxis: amountsAxis(look, words, cells.some(({ total }) => total < 0)),
    series: rows.map((row, index) => {
      const points = cells.filter((cell) => cell.row === row.key);
      return {
        type: "bar", ...placed, name: names[index], color: colourOf(row, index, rows.length, look),
        barMaxWidth: 36, barCategoryGap: "30%", itemStyle: { borderColor: look.surface, borderWidth: edge },
        data: points.map(({ column, total }) => ({
          value: [at.get(column), Number(total)], key: row.key, column, total,
        })),
        tooltip: { valueFormatter: (_, index) => words.money(points[index].total) },
      };
    }),
  };
}

const MOST = 13; // names that a tooltip has room for

function columnTooltip(rows, columns, look, words) {
  const totals = new Map(columns.map(({ name, total }) => [plain(name), words.money(total)]));
  const label = { formatter: ({ value }) => `${value}   ${totals.get(value)}` };
  const axisPointer = { ...band(look), label };
  if (rows.length <= MOST) return { trigger: "axis", order: "valueDesc", axisPointer };
  const formatter = (marks) => {
    const largest = marks.toSorted((one, other) => other.data.total - one.data.total).slice(0, MOST - 2);
    return [
      label.formatter({ value: marks[0].name }),
      ...largest.map(({ marker, seriesName, data }) => `${marker}${seriesName}   ${words.money(data.total)}`),
      marks.length > largest.length ? `+ ${marks.length - largest.length}` : "",
    ].join("\n").trimEnd();
  };
  return { trigger: "axis", axisPointer, formatter };
}

// The names that find room in two lines, in the order of the series: the tooltip and the table have them all.
function legendOf(names, look, width) {
  let lines = 1;
  let end = 0;
  const data = names.filter((name) => {
    const needed = widest([clip(name, 18)]) + 31; // the key, its gap and the gap to the next one
    if (end + needed > width) [lines, end] = [lines + 1, 0];
    end += needed;
    return lines < 3;
  });
  const option = {
    data, bottom: 0, left: 0, right: 0, padding: 0, icon: "roundRect", inactiveColor: look.line,
    itemWidth: 10, itemHeight: 10, itemGap: 14, formatter: (name) => clip(name, 18),
    textStyle: { color: look.muted, fontSize: 12, lineHeight: 16 },
  };
  return { option, lines: Math.min(lines, 2) };
}
