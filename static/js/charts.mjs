// Draws charts with ECharts, each beside a table that holds the same figures.
//
//   <figure class="chart"><figcaption>…</figcaption><div data-chart="donut" data-table="categories"
//     data-source="/api/v1/ledgers/1/analytics/categories/?range=this-month" data-locale="de" data-digits="2"
//     data-echarts="{% static 'vendor/echarts.js' %}" data-total="Total" aria-label="…"></div></figure>
//
// data-chart names one of the kinds in chart-kinds.mjs, data-source the answer of the API that it draws, data-table
// the table: a click on a mark is a click on the link of its row there. A heat map outlines data-today, makes the
// addresses of empty days out of data-today-page, which is that of data-today, and begins weeks with
// data-first-weekday: 0 is Monday. The page names the library's address, because manifest storage puts a hash into it.

import { ordinal } from "./charts/days.mjs";
import { lookOf } from "./charts/look.mjs";
import { measureText, wordsOf } from "./charts/words.mjs";
import * as kinds from "./chart-kinds.mjs";

const drawn = new Map(); // element → {chart, figures, label}
const started = new WeakSet();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let printing = false;

function draw(element, animation = false) {
  const { chart, figures, label } = drawn.get(element);
  if (!chart.getWidth()) return; // out of sight, until it is not
  const { chart: kind, today } = element.dataset;
  const look = lookOf(element, printing ? "light" : ""); // paper is light
  const size = { width: chart.getWidth(), height: chart.getHeight() };
  const words = wordsOf(element.dataset, figures.currency);
  const option = kinds[kind](figures, look, words, size, today && ordinal(today));
  element.closest("figure").hidden = !option;
  if (!option) return;
  const tooltip = {
    ...option.tooltip, renderMode: "richText", confine: true,
    backgroundColor: look.surface, borderColor: look.line, borderRadius: 6, padding: [8, 12],
    textStyle: { color: look.text, fontSize: 12, fontWeight: 400 }, transitionDuration: 0,
    shadowBlur: 12, shadowColor: "rgba(0, 0, 0, 0.12)",
  };
  const still = calm.matches ? { stateAnimation: { duration: 0 } } : {};
  const common = { animation, textStyle: { fontFamily: look.font }, aria: { enabled: true, label } };
  chart.setOption({ ...common, ...still, ...option, tooltip }, true);
}

async function start(element) {
  if (started.has(element)) return;
  started.add(element);
  element.setAttribute("role", "img");
  try {
    reserve(element);
    const [figures, library] = await Promise.all([figuresFor(element), import(element.dataset.echarts)]);
    if (!element.isConnected) return;
    reserve(element, figures);
    library.setPlatformAPI({ measureText });
    const written = element.getAttribute("aria-label");
    const chart = library.init(element, null, { renderer: "svg" });
    drawn.set(element, { chart, figures, label: written ? { description: written } : {} });
    chart.on("click", ({ data, event }) => follow(element, data, event));
    draw(element, !calm.matches);
    sizes.observe(element);
  } catch (error) {
    console.warn("A chart could not be drawn; its table stands beside it.", error);
    element.closest("figure").hidden = true;
  }
}

const answers = new Map(); // address → what is on its way: charts of the same figures ask once

async function figuresFor({ dataset: { source } }) {
  const answer = answers.get(source) ?? ask(source);
  answers.set(source, answer);
  try {
    const figures = await answer;
    const [list, rows] = Object.entries(figures).find(([, value]) => Array.isArray(value));
    return { ...figures, list, rows };
  } finally {
    answers.delete(source);
  }
}

async function ask(source) {
  const answer = await fetch(source, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${source}: ${answer.status}`);
  return answer.json();
}

// Pixels, of a kind that needs more of them for more figures; the style sheet has the height of all others. Before
// the figures come, the table beside tells how many rows there will be.
function heightOf({ dataset: { chart: kind, table, firstWeekday = 0 } }, figures, width) {
  const count = figures?.rows.length ?? document.querySelectorAll(`#${CSS.escape(table)} tr[data-row]`).length;
  return kinds[kind].height?.({ count, figures, firstWeekday: Number(firstWeekday), width });
}

function reserve(element, figures) {
  const height = heightOf(element, figures, element.clientWidth);
  if (height) element.style.blockSize = `${height}px`;
}

let touched; // the mark whose tooltip a finger has opened: only the next touch of it follows the link

function follow(element, data, { event }) {
  const link = data && (linkOf(element.dataset.table, data) ?? dayLink(element.dataset, data));
  const opened = touched === data;
  touched = data;
  if (!link || (event.zrByTouch && !opened)) return;
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
}

// A day without a row in the table has a page all the same.
function dayLink({ today, todayPage }, { key }) {
  return todayPage && Object.assign(document.createElement("a"), { href: todayPage.replace(today, key) });
}

function linkOf(table, { key, column }) {
  const row = `#${CSS.escape(table)} [data-row="${CSS.escape(key)}"]`;
  const links = column === undefined
    ? [`${row} a.leave-out`, `${row} a.rows`, `${row}:is(a):not([data-column])`]
    : [`${row}:is(a)[data-column="${CSS.escape(column)}"]`];
  return links.map((link) => document.querySelector(link)).find(Boolean);
}

function redraw() {
  for (const element of drawn.keys()) draw(element);
}

// Also the moment in which a part of the page that was replaced lets go of its charts.
function fit(element) {
  const { chart, figures } = drawn.get(element);
  if (!element.isConnected) return forget(element, chart);
  const { clientWidth: width, clientHeight: height } = element;
  // Only a real change: drawing never changes the element's own size, so this cannot go round in a loop.
  if (!width || (chart.getWidth() === width && chart.getHeight() === height)) return;
  if (chart.getWidth() !== width) reserve(element, figures);
  chart.resize({ width, height: element.clientHeight });
  element.querySelector("svg").removeAttribute("viewBox"); // left by a print
  draw(element);
}

function forget(element, chart) {
  sizes.unobserve(element);
  drawn.delete(element);
  chart.dispose();
}

// In a later frame, since what is drawn in the observer's own turn could be observed again.
const sizes = new ResizeObserver((entries) => {
  requestAnimationFrame(() => printing || entries.forEach(({ target }) => drawn.has(target) && fit(target)));
});

// A page is about 700 pixels wide, and its columns are not known yet: the drawing is made for such a width,
// and the view box lets the style sheet scale it down further.
function onPaper(begins) {
  printing = begins;
  for (const [element, { chart, figures }] of drawn) {
    const screen = element.clientWidth;
    const width = begins ? Math.min(screen, Math.max(320, (screen * 700) / innerWidth)) : screen;
    const height = heightOf(element, figures, width) ?? element.clientHeight;
    chart.resize({ width, height });
    draw(element);
    element.querySelector("svg").setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
}

const startIn = (place) => place.querySelectorAll("[data-chart]").forEach(start);

addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
document.addEventListener("htmx:load", ({ target }) => startIn(target.parentElement ?? document));
startIn(document);
