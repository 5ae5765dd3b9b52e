// The charts of the analytics page, drawn with ECharts beside tables that hold the same figures.
//
//   <figure class="chart"><div data-chart="donut" data-figures="category-figures"
//     data-echarts="{% static 'vendor/echarts.js' %}" aria-label="…"></div></figure>
//   <script type="application/json" id="category-figures">…</script>
//
// The page names the library's address, because manifest storage puts a hash into it. Amounts stay decimal
// strings: the numbers made of them only place the ink, and never become text.

const drawn = new Map(); // element → {chart, figures}, or {} while the library is on its way
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let printing = false;

// What ECharts could read as markup ("{style|text}") is shown with look-alike brackets.
const plain = (text) => text.replaceAll("{", "❴").replaceAll("}", "❵");

const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

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

// Exact, because a month's total is a figure too: in ten-thousandths (no currency has more), not in floats.
function sum(amounts) {
  const whole = (text) => {
    const [units, part = ""] = text.split(".");
    return BigInt(units + part.padEnd(4, "0").slice(0, 4));
  };
  const total = amounts.reduce((before, text) => before + whole(text), 0n);
  const figures = `${total < 0n ? -total : total}`.padStart(5, "0");
  return `${total < 0n ? "-" : ""}${figures.slice(0, -4)}.${figures.slice(-4)}`;
}

const pen = document.createElement("canvas").getContext("2d");

function widest(texts, look, size) {
  pen.font = `${size}px ${look.font}`;
  return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width)));
}

const byTotal = (one, other) => Number(other.total) - Number(one.total);
const cursorOf = ({ url }) => (url ? "pointer" : "default");

function donut(figures, look, { width, height }) {
  const { money, percent, share } = words(figures);
  const slices = figures.categories.filter(({ total }) => Number(total) > 0).sort(byTotal);
  if (!slices.length) return null;
  const room = Math.min(width / (width < 480 ? 1.75 : 1.6), height); // the rest of the width is for names
  const hole = room * 0.54;
  const total = money(figures.total);
  const size = Math.min(20, Math.floor((20 * hole * 0.8) / widest([total], look, 20)));
  return {
    title: {
      text: total, subtext: look.total, left: "center", top: "center", itemGap: 2, padding: 0,
      textStyle: { color: look.text, fontSize: size, lineHeight: size * 1.4, fontWeight: 600 },
      subtextStyle: { color: look.muted, fontSize: 12 },
    },
    tooltip: { trigger: "item", valueFormatter: (_, index) => share(slices[index]) },
    series: {
      type: "pie", radius: [hole / 2, (room * 0.8) / 2], startAngle: 90, cursor: cursorOf(slices[0]),
      itemStyle: { borderColor: look.surface, borderWidth: 1.5, borderRadius: 3 },
      emphasis: { scaleSize: 4 },
      labelLine: { length: 16, length2: 6, lineStyle: { color: look.muted, opacity: 0.5 } },
      labelLayout: { hideOverlap: true },
      data: slices.map(({ name, total, percentage, colour, url }) => ({
        name: clip(plain(name), 32), value: Number(total), url, itemStyle: { color: colour },
        label: {
          show: Number(percentage) >= 3, color: look.text, fontSize: 12, lineHeight: 16, ellipsis: "…",
          formatter: `${clip(plain(name), width < 480 ? 14 : 20)}\n{share|${percent(percentage)}}`,
          rich: { share: { color: look.muted, fontSize: 12, lineHeight: 16 } },
        },
        labelLine: { show: Number(percentage) >= 3 },
      })),
    },
  };
}

function bars(figures, look, { width }) {
  const { money, share } = words(figures);
  const rows = [...figures.categories].sort(byTotal);
  if (!rows.length) return null;
  const names = Math.min(width * 0.36, 180, widest(rows.map(({ name }) => name), look, 12) + 2);
  const amounts = widest(rows.map(({ total }) => money(total)), look, 12);
  const axis = {
    type: "category", inverse: true, axisTick: { show: false }, data: rows.map(({ name }) => plain(name)),
  };
  return {
    tooltip: { trigger: "item", valueFormatter: (_, index) => share(rows[index]) },
    grid: { left: names + 12, right: amounts + 12, top: 4, bottom: 4, outerBoundsMode: "none" },
    xAxis: { // from the least to the most, without the round numbers that would leave a gap
      type: "value", show: false, min: ({ min }) => Math.min(0, min), max: ({ max }) => Math.max(0, max),
    },
    yAxis: [
      { // names stay at the left edge, also where refunds draw a bar to the left of zero
        ...axis, axisLine: { show: false, onZero: false },
        axisLabel: {
          color: look.text, fontSize: 12, width: names, overflow: "truncate", ellipsis: "…", interval: 0,
          align: "left", margin: names + 12,
        },
      },
      {
        ...axis, axisLabel: { show: false },
        axisLine: { show: Number(rows.at(-1).total) < 0, onZero: true, lineStyle: { color: look.line } },
      },
    ],
    series: {
      type: "bar", barWidth: 14, cursor: cursorOf(rows[0]),
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

// The names that find room in two lines, in the order of the series: the tooltip and the table have them all.
function legendOf(names, look, width) {
  let lines = 1;
  let end = 0;
  const keys = names.filter((name) => {
    const room = widest([clip(name, 18)], look, 12) + 31; // the key, its gap and the gap to the next one
    if (end + room > width) [lines, end] = [lines + 1, 0];
    end += room;
    return lines < 3;
  });
  return { keys, lines: Math.min(lines, 2) };
}

function months(figures, look, { width }) {
  const { money, tick } = words(figures);
  const labels = figures.months.map(({ label }) => label);
  const totals = labels.map((_, month) => sum(figures.series.map((row) => row.totals[month])));
  // A month without the category has no entry, so that it takes no line in the tooltip.
  const entries = ({ totals: row }) =>
    row.map((text, month) => ({ text, month })).filter(({ text }) => Number(text));
  const series = figures.series.filter((row) => entries(row).length);
  if (!series.length) return null;
  // ECharts knows a series by its name: two that are clipped to the same one are told apart without a trace.
  const names = series.map(({ name }) => clip(plain(name), width < 480 ? 20 : 32))
    .map((name, at, all) => (all.indexOf(name) < at ? name + "\u200b".repeat(at) : name));
  const { keys, lines } = legendOf(names, look, width);
  const refunds = series.some(({ totals: row }) => row.some((text) => Number(text) < 0));
  const bottom = lines * 28 + 8;
  return {
    tooltip: {
      trigger: "axis", order: "valueDesc",
      axisPointer: {
        type: "shadow", shadowStyle: { color: look.muted, opacity: 0.1 },
        label: { formatter: ({ value }) => `${value}   ${money(totals[labels.indexOf(value)])}` },
      },
    },
    legend: {
      data: keys, bottom: 0, left: 0, right: 0, padding: 0, icon: "roundRect", inactiveColor: look.line,
      itemWidth: 10, itemHeight: 10, itemGap: 14, formatter: (name) => clip(name, 18),
      textStyle: { color: look.muted, fontSize: 12, lineHeight: 16 },
    },
    grid: { left: 0, right: 8, top: 10, bottom, outerBounds: { left: 0, right: 8, top: 0, bottom } },
    xAxis: {
      type: "category", data: labels, axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.muted, fontSize: 12, hideOverlap: true },
    },
    yAxis: {
      type: "value", splitNumber: 4, splitLine: { lineStyle: { color: look.line } },
      min: ({ min }) => Math.min(0, min),
      axisLabel: { color: look.muted, fontSize: 12, formatter: (at) => tick(at), showMinLabel: !refunds },
    },
    series: series.map((row, index) => ({
      type: "bar", stack: "month", name: names[index], color: row.colour, cursor: cursorOf(figures.months[0]),
      barMaxWidth: 36, barCategoryGap: "30%",
      itemStyle: { borderColor: look.surface, borderWidth: width / labels.length < 16 ? 0 : 0.5 },
      data: entries(row).map(({ text, month }) => ({
        value: [month, Number(text)], text, url: figures.months[month].url,
      })),
      tooltip: { valueFormatter: (_, index) => money(entries(row)[index].text) },
    })),
  };
}

// Room for a tooltip that lists them all; otherwise the style sheet decides.
months.height = ({ series }) => (series.length > 14 ? series.length * 22 + 60 : 0);

const kinds = { donut, bars, months };

// Custom properties may hold light-dark(): only the colour of a real element is the answer. Paper is light.
function lookOf(element) {
  const probe = element.closest("figure").appendChild(document.createElement("span"));
  if (printing) probe.style.colorScheme = "light";
  const resolve = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = ["text", "muted", "line", "surface"].map((name) => [name, resolve(name)]);
  probe.remove();
  return { ...Object.fromEntries(colours), font: getComputedStyle(element).fontFamily };
}

function draw(element, animation = false) {
  const { chart, figures, label } = drawn.get(element);
  const look = { ...lookOf(element), total: element.dataset.total ?? "Total" };
  const size = { width: chart.getWidth(), height: chart.getHeight() };
  const option = kinds[element.dataset.chart](figures, look, size);
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
  drawn.set(element, {}); // claimed: htmx may settle again while the library is being loaded
  try {
    const figures = JSON.parse(document.getElementById(element.dataset.figures).textContent);
    const { init } = await import(element.dataset.echarts);
    if (!element.isConnected) return;
    const height = kinds[element.dataset.chart].height?.(figures);
    if (height) element.style.height = `${height}px`;
    // A page that htmx brings back from its history still holds the old drawing.
    element.replaceChildren();
    element.removeAttribute("_echarts_instance_");
    const written = element.getAttribute("aria-label");
    const chart = init(element, null, { renderer: "svg" });
    drawn.set(element, { chart, figures, label: written ? { description: written } : {} });
    chart.on("click", ({ data, event }) => visit(data?.url, event.event));
    draw(element, !calm.matches);
    sizes.observe(element);
  } catch (error) {
    console.warn("A chart could not be drawn; its table stands beside it.", error);
    element.closest("figure").hidden = true;
  }
}

function visit(url, { ctrlKey, metaKey, shiftKey }) {
  if (url && (ctrlKey || metaKey || shiftKey)) open(url, "_blank", "noopener");
  else if (url) location.assign(url);
}

function redraw() {
  for (const [element, { chart }] of drawn) if (chart) draw(element);
}

function fit(element) {
  const { chart } = drawn.get(element) ?? {};
  const { clientWidth: width, clientHeight: height } = element;
  // Only a real change: drawing never changes the element's own size, so this cannot go round in a loop.
  if (!chart || !width || (chart.getWidth() === width && chart.getHeight() === height)) return;
  chart.resize({ width, height });
  element.querySelector("svg").removeAttribute("viewBox"); // left by a print
  draw(element);
}

function scan() {
  for (const [element, { chart }] of drawn) {
    if (element.isConnected) continue;
    sizes.unobserve(element);
    chart?.dispose();
    drawn.delete(element);
  }
  for (const element of document.querySelectorAll("[data-chart]")) if (!drawn.has(element)) start(element);
}

// In a later frame, since what is drawn in the observer's own turn could be observed again.
const sizes = new ResizeObserver((entries) => {
  requestAnimationFrame(() => printing || entries.forEach(({ target }) => fit(target)));
});

// A page is about 700 pixels wide, and its columns are not known yet: the drawing is made for such a width,
// and the view box lets the style sheet scale it down further.
function onPaper(begins) {
  printing = begins;
  for (const [element, { chart }] of drawn) {
    if (!chart) continue;
    const { clientWidth: width, clientHeight: height } = element;
    const paper = Math.min(width, Math.max(320, (width * 700) / innerWidth));
    chart.resize({ width: begins ? paper : width, height });
    draw(element);
    element.querySelector("svg").setAttribute("viewBox", `0 0 ${chart.getWidth()} ${height}`);
  }
}

addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
document.addEventListener("htmx:afterSettle", scan);
document.addEventListener("htmx:historyRestore", scan);
scan();
