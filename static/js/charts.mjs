// Draws the charts of the analytics page with ECharts, beside tables that hold the same figures.
//
//   <figure class="chart"><div data-chart="donut" data-figures="category-figures"
//     data-echarts="{% static 'vendor/echarts.js' %}" aria-label="…"></div></figure>
//   <script type="application/json" id="category-figures">…</script>
//
// data-chart names one of the kinds in chart-kinds.mjs. The page names the library's address, because manifest
// storage puts a hash into it. A click on a bar, a segment or a slice opens the list of exactly its rows.

import * as kinds from "./chart-kinds.mjs";

const drawn = new Map(); // element → {chart, figures, label}
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let printing = false;

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
  try {
    const figures = JSON.parse(document.getElementById(element.dataset.figures).textContent);
    const { init } = await import(element.dataset.echarts);
    const height = kinds[element.dataset.chart].height?.(figures);
    if (height) element.style.height = `${height}px`;
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
  for (const element of drawn.keys()) draw(element);
}

function fit(element) {
  const { chart } = drawn.get(element);
  const { clientWidth: width, clientHeight: height } = element;
  // Only a real change: drawing never changes the element's own size, so this cannot go round in a loop.
  if (!width || (chart.getWidth() === width && chart.getHeight() === height)) return;
  chart.resize({ width, height });
  element.querySelector("svg").removeAttribute("viewBox"); // left by a print
  draw(element);
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
document.querySelectorAll("[data-chart]").forEach(start);
