// What the page was given, and how its words and numbers are printed.
const DATA = JSON.parse(document.getElementById("data").textContent);
const state = { lang: DATA.lang, stage: 0, view: "zones", year: 0, area: "block", change: "moved", picked: null,
  every: false, everyBind: false };

const stage = () => DATA.stages[state.stage];

function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value.toLocaleString(chinese() ? "zh-CN" : "en-GB",
    { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
const share = (value, digits = 0) => (value === null ? "–" : `${number(value * 100, digits)} %`);
const minutes = (tenths) => (tenths === null ? T("no_way") : T("minutes", { n: number(tenths / 10, 0) }));
// A count of children below the threshold arrives as -1: it is not in the page at all.
const children = (value) => (value < 0 ? `< ${DATA.hide_below}` : number(value));

function inUnit(value, unit) {
  if (value === null) return "–";
  if (unit === "s") return T("minutes", { n: number(value / 60, 1) });
  if (unit === "share") return share(value, Math.abs(value) < 0.1 ? 2 : 1);
  if (unit === "m") return value >= 2000 ? `${number(value / 1000, 1)} km` : `${number(value)} m`;
  if (unit === "m2") return value >= 1e5 ? `${number(value / 1e6, 2)} km²` : `${number(value)} m²`;
  if (unit === "pupil_s") return T("hours", { n: number(value / 3600, Math.abs(value) < 36000 ? 1 : 0) });
  if (unit === "year") return schoolYear(value);
  const whole = Math.abs(value - Math.round(value)) < 0.005;
  const shown = number(value, whole || value >= 100 ? 0 : 1);
  const key = `unit_${unit}`;
  return key in DATA.ui ? T(key, { n: shown }) : shown;
}

const blockName = (b) => (chinese() ? DATA.blocks.name[b] : DATA.blocks.name_en[b] || DATA.blocks.name[b]);
const schoolName = (s) => (chinese() ? DATA.schools.name[s] : DATA.schools.name_en[s] || DATA.schools.name[s]);
const townName = (b) => DATA.towns[DATA.blocks.town[b]];
const list = (value) => (value === -1 ? [] : Array.isArray(value) ? value : [value]);
const schoolsOf = (b) => list(stage().school[b]);
const beforeOf = (b) => (stage().before ? list(stage().before[b]) : null);
const sameSet = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
const moved = (b) => stage().before !== null && beforeOf(b).length > 0 && !sameSet(schoolsOf(b), beforeOf(b));
const added = (b) => stage().before !== null && beforeOf(b).length === 0 && schoolsOf(b).length > 0;
const names = (schools) => schools.map(schoolName).join(chinese() ? "、" : ", ") || T("no_zone");

// Rings are whole-number steps from the last point, in 1 / scale degrees.
function ring(flat) {
  const points = [];
  let lon = DATA.origin[0], lat = DATA.origin[1];
  for (let i = 0; i < flat.length; i += 2) {
    lon += flat[i];
    lat += flat[i + 1];
    points.push([lat / DATA.scale, lon / DATA.scale]);
  }
  return points;
}
const shapes = DATA.blocks.rings.map((polygons) => polygons.map((rings) => rings.map(ring)));

// Every side of every block with the one or two blocks that it belongs to: zone borders are the sides whose
// two blocks have different schools, so that no border is sent twice.
const sides = (() => {
  const found = new Map();
  shapes.forEach((polygons, block) => polygons.forEach((rings) => rings.forEach((points) => {
    for (let i = 0; i < points.length; i += 1) {
      const a = points[i], b = points[(i + 1) % points.length];
      const first = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
      const [p, q] = first ? [a, b] : [b, a];
      const key = `${p[0]},${p[1]},${q[0]},${q[1]}`;
      const side = found.get(key);
      if (side) side.other = block;
      else found.set(key, { p, q, block, other: -1 });
    }
  })));
  return [...found.values()];
})();

function chain(chosen) {
  const at = new Map();
  const key = (point) => `${point[0]},${point[1]}`;
  chosen.forEach((side, number) => [side.p, side.q].forEach((point) => {
    const k = key(point);
    if (!at.has(k)) at.set(k, []);
    at.get(k).push(number);
  }));
  const used = new Uint8Array(chosen.length);
  const grow = (start) => {
    const line = [];
    let point = start;
    for (;;) {
      const next = at.get(key(point)).find((number) => !used[number]);
      if (next === undefined) return line;
      used[next] = 1;
      point = key(chosen[next].p) === key(point) ? chosen[next].q : chosen[next].p;
      line.push(point);
    }
  };
  const lines = [];
  chosen.forEach((side, number) => {
    if (used[number]) return;
    used[number] = 1;
    lines.push([...grow(side.p).reverse(), side.p, side.q, ...grow(side.q)]);
  });
  return lines;
}

// The outer edge is left out: it would look like an administrative boundary.
const parts = (side, groupOf) => side.other >= 0 && groupOf(side.block) !== groupOf(side.other);
const borders = (groupOf) => chain(sides.filter((side) => parts(side, groupOf)));
