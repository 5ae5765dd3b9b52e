// The kinds of charts: figures in, what ECharts shall draw (its "option") out.
//
// A kind is a function of the figures, the look ({text, muted, line, surface, font, total}) and the size in
// pixels; it gives null where there is nothing to draw. Amounts stay decimal strings: the numbers made of them
// only place the ink, and never become text. Whatever has a `url` opens the list of exactly its rows.

// What ECharts could read as markup ("{style|text}") is shown with look-alike brackets.
const plain = (text) => text.replaceAll("{", "❴").replaceAll("}", "❵");

const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

const byTotal = (one, other) => Number(other.total) - Number(one.total);

// Intl formats a decimal string exactly, however many digits it has.
function words({ locale, currency, digits, categories = [] }) {
  const style = { style: "currency", currency };
  const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const { format: money } = new Intl.NumberFormat(locale, { ...style, ...exact });
  const { format: tick } = new Intl.NumberFormat(locale, { ...style, notation: "compact" });
  const places = categories[0]?.percentage.split(".")[1]?.length ?? 0; // as many as the table shows: 6.0 %
  const { format: percent } = new Intl.NumberFormat(locale, {
    style: "unit", unit: "percent", minimumFractionDigits: places, maximumFractionDigits: places,
  });
  return { money, tick, percent, share: (row) => `${money(row.total)}   ${percent(row.percentage)}` };
}

const pen = document.createElement("canvas").getContext("2d");

function widest(texts, look, size) {
  pen.font = `${size}px ${look.font}`;
  return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width)));
}

export function donut(figures, look, { width, height }) {
  const { money, percent, share } = words(figures);
  const slices = figures.categories.filter(({ total }) => Number(total) > 0).sort(byTotal);
  if (!slices.length) return null;
  const room = Math.min(width / (width < 480 ? 1.75 : 1.6), height); // the rest of the width is for names
  const hole = room * 0.54;
  const slice = ({ name, total, percentage, colour, url }) => ({
    name: clip(plain(name), 32), value: Number(total), url, itemStyle: { color: colour },
    label: {
      show: Number(percentage) >= 3, color: look.text, fontSize: 12, lineHeight: 16, ellipsis: "…",
      formatter: `${clip(plain(name), width < 480 ? 14 : 20)}\n{share|${percent(percentage)}}`,
      rich: { share: { color: look.muted, fontSize: 12, lineHeight: 16 } },
    },
    labelLine: { show: Number(percentage) >= 3 },
  });
  return {
    title: middle(money(figures.total), look, hole * 0.8),
    tooltip: { trigger: "item", valueFormatter: (_, index) => share(slices[index]) },
    series: {
      type: "pie", radius: [hole / 2, (room * 0.8) / 2], startAngle: 90, emphasis: { scaleSize: 4 },
      itemStyle: { borderColor: look.surface, borderWidth: 1.5, borderRadius: 3 },
      labelLine: { length: 16, length2: 6, lineStyle: { color: look.muted, opacity: 0.5 } },
      data: slices.map(slice),
    },
  };
}

// The total in the hole of the donut, as large as it fits.
function middle(total, look, width) {
  const size = Math.min(20, Math.floor((20 * width) / widest([total], look, 20)));
  return {
    text: total, subtext: look.total, left: "center", top: "center", itemGap: 2, padding: 0,
    textStyle: { color: look.text, fontSize: size, lineHeight: size * 1.4, fontWeight: 600 },
    subtextStyle: { color: look.muted, fontSize: 12 },
  };
}

export function bars(figures, look, { width }) {
  const { money, share } = words(figures);
  const rows = [...figures.categories].sort(byTotal);
  if (!rows.length) return null;
  const names = Math.min(width * 0.36, 180, widest(rows.map(({ name }) => name), look, 12) + 2);
  const amounts = widest(rows.map(({ total }) => money(total)), look, 12);
  return {
    tooltip: { trigger: "item", valueFormatter: (_, index) => share(rows[index]) },
    grid: { left: names + 12, right: amounts + 12, top: 4, bottom: 4, outerBoundsMode: "none" },
    xAxis: { // from the least to the most, without the round numbers that would leave a gap
      type: "value", show: false, min: ({ min }) => Math.min(0, min), max: ({ max }) => Math.max(0, max),
    },
    yAxis: nameAndZeroLine(rows, look, names),
    series: {
      type: "bar", barWidth: 14,
      // To the right of zero for refunds as well: on their left are the names.
      label: {
        show: true, position: "right", color: look.muted, fontSize: 12,
        formatter: ({ dataIndex }) => money(rows[dataIndex].total),
      },
      data: rows.map(({ total, colour, url }) => ({
        value: Number(total), url, itemStyle: { color: colour, borderRadius: 3 },
      })),
    },
  };
}

bars.height = ({ categories }) => categories.length * 28 + 8;

// Two axes, because names stay at the left edge also where refunds draw a bar to the left of zero.
function nameAndZeroLine(rows, look, width) {
  const axis = {
    type: "category", inverse: true, axisTick: { show: false }, data: rows.map(({ name }) => plain(name)),
  };
  const names = {
    color: look.text, fontSize: 12, width, overflow: "truncate", ellipsis: "…", interval: 0,
    align: "left", margin: width + 12,
  };
  const zero = { show: Number(rows.at(-1).total) < 0, onZero: true, lineStyle: { color: look.line } };
  return [
    { ...axis, axisLine: { show: false, onZero: false }, axisLabel: names },
    { ...axis, axisLine: zero, axisLabel: { show: false } },
  ];
}

export function months(figures, look, { width }) {
  const { money, tick } = words(figures);
  const { months: all, series } = figures;
  if (!series.length) return null;
  const names = distinct(series.map(({ name }) => clip(plain(name), width < 480 ? 20 : 32)));
  const legend = legendOf(names, look, width);
  const refunds = series.some(({ points }) => points.some(({ total }) => Number(total) < 0));
  const bottom = legend.lines * 28 + 8;
  const edge = width / all.length < 16 ? 0 : 0.5;
  return {
    tooltip: monthTooltip(all, look, money),
    legend: legend.option,
    grid: { left: 0, right: 8, top: 10, bottom, outerBounds: { left: 0, right: 8, top: 0, bottom } },
    xAxis: {
      type: "category", data: all.map(({ label }) => label), axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.muted, fontSize: 12, hideOverlap: true },
    },
    yAxis: {
      type: "value", splitNumber: 4, splitLine: { lineStyle: { color: look.line } },
      min: ({ min }) => Math.min(0, min),
      axisLabel: { color: look.muted, fontSize: 12, formatter: (at) => tick(at), showMinLabel: !refunds },
    },
    series: series.map(({ colour, points }, index) => ({
      type: "bar", stack: "month", name: names[index], color: colour, barMaxWidth: 36, barCategoryGap: "30%",
      itemStyle: { borderColor: look.surface, borderWidth: edge },
      data: points.map(({ month, total, url }) => ({ value: [month, Number(total)], url })),
      tooltip: { valueFormatter: (_, index) => money(points[index].total) },
    })),
  };
}

// Room for a tooltip that lists them all; otherwise the style sheet decides.
months.height = ({ series }) => (series.length > 14 ? series.length * 22 + 60 : 0);

// ECharts knows a series by its name: two that are clipped to the same one are told apart without a trace.
const distinct = (names) =>
  names.map((name, at) => (names.indexOf(name) < at ? name + "\u200b".repeat(at) : name));

function monthTooltip(months, look, money) {
  const totals = new Map(months.map(({ label, total }) => [label, money(total)]));
  return {
    trigger: "axis", order: "valueDesc",
    axisPointer: {
      type: "shadow", shadowStyle: { color: look.muted, opacity: 0.1 },
      label: { formatter: ({ value }) => `${value}   ${totals.get(value)}` },
    },
  };
}

// The names that find room in two lines, in the order of the series: the tooltip and the table have them all.
function legendOf(names, look, width) {
  let lines = 1;
  let end = 0;
  const data = names.filter((name) => {
    const room = widest([clip(name, 18)], look, 12) + 31; // the key, its gap and the gap to the next one
    if (end + room > width) [lines, end] = [lines + 1, 0];
    end += room;
    return lines < 3;
  });
  const option = {
    data, bottom: 0, left: 0, right: 0, padding: 0, icon: "roundRect", inactiveColor: look.line,
    itemWidth: 10, itemHeight: 10, itemGap: 14, formatter: (name) => clip(name, 18),
    textStyle: { color: look.muted, fontSize: 12, lineHeight: 16 },
  };
  return { option, lines: Math.min(lines, 2) };
}
