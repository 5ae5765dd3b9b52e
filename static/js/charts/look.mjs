// The colours of the page as it looks now, as ECharts can read them: #rrggbb.

const NAMES = ["text", "muted", "line", "surface", "accent", "good", "good-soft"];
const STEPS = ["step-1", "step-2", "step-3", "step-4", "step-5"]; // of the accent, from faint to full

// Custom properties may hold light-dark() or color-mix(): only the colour of a real element is the answer.
export function lookOf(element, scheme = "") {
  const probe = element.closest("figure").appendChild(document.createElement("span"));
  probe.style.colorScheme = scheme;
  const resolve = (name) => {
    probe.style.color = `var(--${name})`;
    return hex(getComputedStyle(probe).color);
  };
  const look = Object.fromEntries(NAMES.map((name) => [name, resolve(name)]));
  look.steps = STEPS.map(resolve);
  look.font = getComputedStyle(element).fontFamily;
  probe.remove();
  return look;
}

// "rgb(59, 91, 219)" or "color(srgb 0.23 0.36 0.86)"
function hex(computed) {
  const scale = computed.startsWith("rgb") ? 1 : 255;
  return joined(computed.match(/\d[\d.e-]*/g).slice(0, 3).map((part) => part * scale));
}

const joined = (parts) => `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

// So much of the one colour on the other.
export function mixed(colour, ground, share) {
  const under = parts(ground);
  return joined(parts(colour).map((part, at) => part * share + under[at] * (1 - share)));
}

// A category has a colour of its own; anything else is a step of the accent, the first of them the fullest.
export const colourOf = (row, at, count, { steps }) =>
  row.colour ?? steps[steps.length - 1 - Math.floor((at * steps.length) / count)];

// Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
function luminance(colour) {
  const [red, green, blue] = parts(colour)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const INKS = ["#ffffff", "#1b1f27"];

// The more readable of white and black on this colour.
export const inkOn = (colour) =>
  INKS.reduce((best, ink) => (contrast(ink, colour) > contrast(best, colour) ? ink : best));
