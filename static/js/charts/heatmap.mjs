// A calendar: a square for each day, a column for each week, the stronger the more was spent.
//
// The five steps of the accent part the days with spending into fifths, because a day with the rent on it would
// make any straight scale leave all the others alike. A day of refunds is a ring, an empty day a pale square.

import { iso, ordinal, weekday } from "./days.mjs";
import { mixed } from "./look.mjs";
import { widest } from "./words.mjs";

const LEFT = 34, MONTHS = 18, BETWEEN = 8, LEGEND = 26, LARGEST = 20; // pixels; static/css/app.css has them too
const WEEKS = 53, NARROW = 640, NARROW_WEEKS = 27;

// Where each day lies: bands of weeks under each other, as many as the range needs.
function layout({ start_date: start, end_date: end }, firstWeekday, width) {
  const first = ordinal(start), last = ordinal(end);
  const monday = first - ((weekday(first) - 1 - firstWeekday + 7) % 7); // or what day weeks start with
  const weeks = Math.floor((last - monday) / 7) + 1;
  const bands = Math.ceil(weeks / (width < NARROW ? NARROW_WEEKS : WEEKS + 1));
  const each = Math.ceil(weeks / bands);
  const size = Math.min(LARGEST, Math.floor((width - LEFT) / Math.max(each, width < NARROW ? NARROW_WEEKS : WEEKS)));
  const high = MONTHS + 7 * size + BETWEEN;
  const place = (day) => {
    const week = Math.floor((day - monday) / 7);
    return {
      x: LEFT + (week % each) * size, y: Math.floor(week / each) * high + MONTHS + ((day - monday) % 7) * size,
    };
  };
  return { first, last, monday, bands, each, size, high, place };
}

const days = ({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

export function heatmap({ rows, ...range }, look, words, { width }, today) {
  const calendar = layout(range, words.firstWeekday, width);
  const known = new Map(rows.map((row) => [ordinal(row.key), row]));
  const steps = stepsOf(rows);
  const all = days(calendar);
  const square = (day) => {
    const total = known.get(day)?.total ?? "0";
    return { ...calendar.place(day), total, isToday: day === today, step: steps.of(Number(total)) };
  };
  const squares = all.map(square);
  return {
    tooltip: { trigger: "item" },
    series: [
      {
        type: "custom", coordinateSystem: "none",
        renderItem: (_, api) => drawn(squares[api.value(1)], calendar.size, look),
        tooltip: { valueFormatter: (_, index) => words.money(squares[index].total) },
        encode: { tooltip: 0 },
        data: all.map((day, at) => ({
          name: words.dayOfWeek(day), value: [Number(squares[at].total), at], key: iso(day),
        })),
      },
      {
        type: "custom", coordinateSystem: "none", silent: true, tooltip: { show: false }, data: [0],
        renderItem: () => ({
          type: "group",
          children: [...monthsAndWeekdays(calendar, look, words), ...legend(steps, calendar, look, words)],
        }),
      },
    ],
  };
}

heatmap.height = ({ figures, firstWeekday, width }) => {
  if (!figures) return undefined; // the style sheet knows it for a year
  const { bands, high } = layout(figures, firstWeekday, width);
  return bands * high + LEGEND;
};

function stepsOf(rows) {
  const spent = rows.filter(({ total }) => total > 0).sort((one, other) => one.total - other.total);
  const numbers = spent.map(({ total }) => Number(total));
  const upTo = (number) => numbers.findLastIndex((other) => other <= number) + 1;
  return {
    least: spent[0]?.total, most: spent.at(-1)?.total, refunds: rows.some(({ total }) => total < 0),
    of: (number) => (number > 0 ? Math.ceil((upTo(number) * 5) / numbers.length) : Math.sign(number)),
  };
}

const GAP = 0.16; // of a square

function drawn({ x, y, step, isToday }, size, look) {
  const side = size * (1 - GAP);
  const inset = step < 0 ? 0.75 : 0;
  return {
    type: "rect",
    shape: { x: x + inset, y: y + inset, width: side - 2 * inset, height: side - 2 * inset, r: Math.min(3, size / 5) },
    style: {
      fill: step > 0 ? look.steps[step - 1] : step < 0 ? look["good-soft"] : mixed(look.text, look.surface, 0.06),
      stroke: isToday ? look.text : step < 0 ? look.good : "none", lineWidth: isToday ? 2 : 1.5,
    },
    emphasis: { style: { stroke: look.text, lineWidth: 1.5 } },
  };
}

const text = (at, words, look, align = "left") => ({
  type: "text", x: at.x, y: at.y,
  style: { text: words, fill: look.muted, font: `11px ${look.font}`, textAlign: align, textVerticalAlign: "middle" },
});

function monthsAndWeekdays(calendar, look, words) {
  const { first, monday, bands, each, size, high, place } = calendar;
  const starts = days(calendar).filter((day) => day === first || iso(day).endsWith("-01"));
  const crowded = (day, next) => next - day < 15 && place(next).y - place(day).y < high / 2;
  const years = new Set(starts.map((day) => iso(day).slice(0, 4)));
  const name = (day) => (years.size > 1 && iso(day).slice(5, 7) === "01" ? iso(day).slice(0, 4) : words.month(day));
  const months = starts
    .filter((day, at) => !(starts[at + 1] && crowded(day, starts[at + 1])))
    .map((day) => text({ x: place(day).x, y: Math.floor((day - monday) / 7 / each) * high + 7 }, name(day), look));
  const weekdays = Array.from({ length: bands }, (_, band) => [0, 2, 4, 6].map((row) =>
    text({ x: 0, y: band * high + MONTHS + (row + 0.5 - GAP / 2) * size }, words.weekday(monday + row), look)));
  return [...months, ...weekdays.flat()];
}

// "< €0 ▣   €3.20 ■ ■ ■ ■ ■ €1,227.00", at the right end of the calendar where it has the room.
function legend({ least, most, refunds }, { bands, high, each, size }, look, words) {
  if (!most) return [];
  const y = bands * high + LEGEND / 2, side = 12, pitch = 15;
  const [low, top, below] = [words.money(least), words.money(most), `< ${words.tick(0)}`];
  const room = (word) => widest([word], 11) + 6;
  const back = refunds ? room(below) + pitch + 10 : 0;
  const all = back + room(low) + 5 * pitch + room(top);
  const from = Math.max(LEFT, LEFT + each * size - all);
  const scale = from + back + room(low);
  const swatch = (step, at) => drawn({ x: at, y: y - side / 2, step }, side / (1 - GAP), look);
  const fifths = look.steps.map((_, at) => swatch(at + 1, scale + at * pitch));
  const ends = [text({ x: from + back, y }, low, look), text({ x: scale + 5 * pitch + 3, y }, top, look)];
  const ring = refunds ? [text({ x: from, y }, below, look), swatch(-1, from + room(below))] : [];
  return [...ring, ...fifths, ...ends];
}
