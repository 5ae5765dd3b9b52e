// What charts write: amounts, shares and dates in the reader's language, and names that fit.
//
// Amounts come and stay decimal strings: Intl formats them exactly, however many digits they have.

import { instant, ordinal } from "./days.mjs";

// What ECharts could read as markup ("{style|text}") is shown with look-alike brackets.
export const plain = (text) => text.replaceAll("{", "❴").replaceAll("}", "❵");

export const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

// ECharts knows a series by its name: two that are clipped to the same one are told apart without a trace.
export const distinct = (names) =>
  names.map((name, at) => (names.indexOf(name) < at ? name + "\u200b".repeat(at) : name));

const pen = document.createElement("canvas").getContext("2d");
const { fontFamily } = getComputedStyle(document.documentElement);

// What ECharts measures text with: in the page's own font, which the style sheet gives to every text of a chart.
export function measureText(text, font) {
  pen.font = font.replace(/(px) .*$/, `$1 ${fontFamily}`);
  return pen.measureText(text);
}

// Pixels.
export const widest = (texts, size = 12) =>
  Math.ceil(Math.max(0, ...texts.map((text) => measureText(text, `${size}px any`).width)));

export function wordsOf({ locale, digits, firstWeekday = 0, total = "Total" }, currency) {
  const style = { style: "currency", currency };
  const exact = { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits };
  const number = (options) => new Intl.NumberFormat(locale, options).format;
  const money = number(exact);
  const change = number({ ...exact, signDisplay: "exceptZero" });
  const places = (text) => text.split(".")[1]?.length ?? 0; // as many as the table shows: 6.0 %
  const percent = (text, sign = "auto") => number({
    style: "unit", unit: "percent", signDisplay: sign,
    minimumFractionDigits: places(text), maximumFractionDigits: places(text),
  })(text);
  return {
    firstWeekday: Number(firstWeekday), total, money, change, percent, ...datesIn(locale),
    tick: number({ ...style, notation: "compact" }),
    share: (row) => `${money(row.total)}   ${percent(row.percentage)}`,
  };
}

function datesIn(locale) {
  const dates = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const one = (options) => {
    const { format } = dates(options);
    return (date) => format(instant(typeof date === "string" ? ordinal(date) : date));
  };
  const medium = dates({ dateStyle: "medium" });
  return {
    day: one({ dateStyle: "medium" }),
    dayOfWeek: one({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
    shortDay: one({ day: "numeric", month: "short" }),
    month: one({ month: "short" }),
    weekday: one({ weekday: "short" }),
    span: (start, end) => medium.formatRange(instant(ordinal(start)), instant(ordinal(end))),
  };
}
