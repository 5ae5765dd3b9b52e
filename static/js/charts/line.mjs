// What was spent up to each day of a range, beside an earlier range: day one of it under day one of the other.

import { mixed } from "./look.mjs";

export function line(figures, look, words) {
  const { days } = figures;
  if (!days.some(({ total, earlier_total: earlier }) => total !== null || earlier !== null)) return null;
  const spans = [
    words.span(figures.start_date, figures.end_date),
    words.span(figures.earlier_start_date, figures.earlier_end_date),
  ];
  // Days by their number; where a range is so long that a number says nothing, by their date in it.
  const name = ({ day, date, earlier_date: earlier }) =>
    (days.length > 62 ? words.shortDay(date ?? earlier) : String(day));
  const tip = (day, isEarlier) => (isEarlier
    ? `${words.day(day.earlier_date)}   ${words.money(day.earlier_total)}`
    : `${words.day(day.date)}   ${words.money(day.total)}`);
  const series = { type: "line", symbolSize: 8, emphasis: { disabled: true } };
  return {
    tooltip: {
      trigger: "axis", axisPointer: { type: "line", lineStyle: { color: look.muted, type: "solid", opacity: 0.4 } },
      formatter: (marks) => marks
        .filter(({ value }) => value !== null && value !== undefined)
        .map(({ marker, dataIndex, seriesIndex }) => `${marker}${tip(days[dataIndex], seriesIndex === 1)}`)
        .join("\n"),
    },
    legend: {
      data: spans, bottom: 0, left: 0, padding: 0, itemWidth: 18, itemHeight: 8, itemGap: 16, selectedMode: false,
      itemStyle: { opacity: 0 },
      textStyle: { color: look.muted, fontSize: 12, lineHeight: 16 },
    },
    grid: { left: 0, right: 12, top: 10, bottom: 36, outerBounds: { left: 0, right: 12, top: 0, bottom: 36 } },
    xAxis: {
      type: "category", data: days.map(name), boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.muted, fontSize: 12, hideOverlap: true },
    },
    yAxis: {
      type: "value", splitNumber: 4, splitLine: { lineStyle: { color: look.line } },
      min: ({ min }) => Math.min(0, min),
      axisLabel: { color: look.muted, fontSize: 12, formatter: (at) => words.tick(at) },
    },
    series: [
      {
        ...series, name: spans[0], z: 3, color: look.accent, lineStyle: { width: 2.5 },
        areaStyle: { color: mixed(look.accent, look.surface, 0.12), opacity: 0.6 },
        data: points(days.map(({ total }) => total), "circle"),
      },
      {
        ...series, name: spans[1], color: look.muted, lineStyle: { width: 1.5, type: [5, 4] },
        data: points(days.map(({ earlier_total: total }) => total)),
      },
    ],
  };
}

// A mark where the line has come to: on its first day it is nothing else yet.
function points(totals, mark = "none") {
  const last = totals.findLastIndex((total) => total !== null);
  return totals.map((total, at) => ({
    value: total === null ? null : Number(total), symbol: at === last ? mark : "none",
  }));
}
