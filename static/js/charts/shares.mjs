// Parts of a whole: donut and treemap. Only what was spent has a share; refunds beyond it are in the table.

import { colourOf, inkOn } from "./look.mjs";
import { clip, plain, widest } from "./words.mjs";

const spent = (rows) =>
  rows.filter(({ total }) => Number(total) > 0).sort((one, other) => other.total - one.total);

export function donut({ rows, total }, look, words, { width, height }) {
  const slices = spent(rows);
  if (!slices.length) return null;
  const room = Math.min(width / (width < 480 ? 1.75 : 1.6), height); // the rest of the width is for names
  const hole = room * 0.54;
  const slice = (row, at) => ({
    name: clip(plain(row.name), 32), value: Number(row.total), key: row.key,
    itemStyle: { color: colourOf(row, at, slices.length, look) },
    label: {
      show: Number(row.percentage) >= 3, color: look.text, fontSize: 12, lineHeight: 16, ellipsis: "…",
      formatter: `${clip(plain(row.name), width < 480 ? 14 : 20)}\n{share|${words.percent(row.percentage)}}`,
      rich: { share: { color: look.muted, fontSize: 12, lineHeight: 16 } },
    },
    labelLine: { show: Number(row.percentage) >= 3 },
  });
  return {
    title: middle(words.money(total), look, words, hole * 0.8),
    tooltip: { trigger: "item", valueFormatter: (_, index) => words.share(slices[index]) },
    series: {
      type: "pie", radius: [hole / 2, (room * 0.8) / 2], startAngle: 90, emphasis: { scaleSize: 4 },
      itemStyle: { borderColor: look.surface, borderWidth: slices.length > 20 ? 0.5 : 1.5, borderRadius: 3 },
      labelLine: { length: 16, length2: 6, lineStyle: { color: look.muted, opacity: 0.5 } },
      data: slices.map(slice),
    },
  };
}

// The total in the hole of the donut, as large as it fits.
function middle(total, look, words, width) {
  const size = Math.min(20, Math.floor((20 * width) / widest([total], 20)));
  return {
    text: total, subtext: words.total, left: "center", top: "center", itemGap: 2, padding: 0,
    textStyle: { color: look.text, fontSize: size, lineHeight: size * 1.4, fontWeight: 600 },
    subtextStyle: { color: look.muted, fontSize: 12 },
  };
}

export function treemap({ rows }, look, words, { width, height }) {
  const tiles = spent(rows);
  if (!tiles.length) return null;
  const whole = tiles.reduce((sum, { total }) => sum + Number(total), 0);
  const tile = (row, at) => {
    const colour = colourOf(row, at, tiles.length, look);
    const area = (Number(row.total) / whole) * width * height;
    // How narrow the tile may be: as high as all of the map, or, among many, rarely thinner than this.
    const room = Math.max(area / height, tiles.length > 4 ? Math.sqrt(area) * 0.6 : 0) - 18;
    return {
      name: plain(row.name), value: Number(row.total), key: row.key, itemStyle: { color: colour },
      label: {
        show: area > 1300 && (room > 24 || widest([row.name]) < room), color: inkOn(colour),
        formatter: tileText(row, words, area, room),
        rich: { figure: { fontSize: 12, fontWeight: 400, lineHeight: 16 } },
      },
    };
  };
  return {
    tooltip: {
      trigger: "item", formatter: ({ marker, dataIndex }) => {
        const row = tiles[dataIndex - 1]; // the root comes first
        return row ? `${marker}${clip(plain(row.name), 32)}   ${words.share(row)}` : "";
      },
    },
    series: {
      type: "treemap", left: 0, right: 0, top: 0, bottom: 0, roam: false, nodeClick: false,
      breadcrumb: { show: false }, animationDurationUpdate: 0,
      label: { position: "insideTopLeft", distance: 0, padding: [5, 7], fontSize: 12, fontWeight: 600, lineHeight: 16 },
      itemStyle: { borderColor: look.surface, borderWidth: 0, gapWidth: 2, borderRadius: 4 },
      levels: [{ itemStyle: { borderColor: look.surface, borderWidth: 0, gapWidth: 2 } }],
      data: tiles.map(tile),
    },
  };
}

// A large tile says how much, a small one only what: a name may be cut short, a figure never.
function tileText(row, words, area, room) {
  const figures = [area > 8000 && words.money(row.total), area > 4000 && words.percent(row.percentage)]
    .filter((figure) => figure && widest([figure]) < room);
  return [plain(row.name), ...figures.map((figure) => `{figure|${figure}}`)].join("\n");
}
