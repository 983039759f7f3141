// The map: zones of one stage and year from shared borders; it shows, and never decides.
let view = null, shown = "", focused = "", pointed = "", asked = false, later = null;
const scene = { zones: [], borders: null, schools: [], lines: [], picked: [], circles: [], names: [] };
const CONTEXT = {
  road: { colour: "#fff", weight: 1, opacity: 0.75 }, main_road: { colour: "#fff", weight: 2.2, opacity: 0.95 },
  arterial: { colour: "#fff", weight: 3, opacity: 1 }, river: { colour: "#5b9fd0", weight: 5, opacity: 0.9 },
  railway: { colour: "#55555a", weight: 1.6, dashes: [7, 5], opacity: 0.9 },
};

// Paths are kept in units of the map; only the pen's scale changes while one looks around.
function traced(path, points, back) {
  for (let n = 0; n < points.length; n += 2) {
    const at = back ? points.length - 2 - n : n;
    path.lineTo(...view.unit([points[at], points[at + 1]]));
  }
}
function linesOf(arcs) {
  const path = new Path2D();
  for (const arc of arcs) {
    const points = shapes().arcs[arc];
    path.moveTo(...view.unit(points));
    traced(path, points, false);
  }
  return path;
}
// Arcs chained to closed rings, all in one path.
function ground(path, arcs) {
  const at = new Map(), used = new Set();
  const ends = arcs.map((arc) => { const q = shapes().arcs[arc]; return [q[0] * 1e7 + q[1], q[q.length - 2] * 1e7 + q[q.length - 1]]; });
  ends.forEach((both, n) => { for (const end of both) if (at.has(end)) at.get(end).push(n); else at.set(end, [n]); });
  arcs.forEach((_, first) => {
    if (used.has(first)) return;
    path.moveTo(...view.unit(shapes().arcs[arcs[first]]));
    for (let next = first, end = ends[first][0]; next !== undefined; next = at.get(end).find((n) => !used.has(n))) {
      const back = ends[next][0] !== end;
      used.add(next);
      traced(path, shapes().arcs[arcs[next]], back);
      end = ends[next][back ? 0 : 1];
      if (end === ends[first][0]) break;
    }
    path.closePath();
  });
}

// Arcs around each zone, and those between two of them; the edge of the place is not a border.
const zoneArcs = once((year, stage) => {
  const of = zoneOf(year, stage), around = new Map(), borders = [];
  shapes().sides.forEach(([a, b], arc) => {
    const sides = [of[a], b < 0 ? 0 : of[b]];
    if (sides[0] === sides[1]) return;
    if (b >= 0) borders.push(arc);
    for (const zone of sides) if (around.has(zone)) around.get(zone).push(arc); else around.set(zone, [arc]);
  });
  return { around, borders };
});
const arcsOf = (inside) => shapes().sides.flatMap(([a, b], arc) => (inside(a) === (b >= 0 && inside(b)) ? [] : [arc]));

function startMap() {
  let [x, y] = [0, 0];
  for (const points of shapes().arcs) for (let n = 0; n < points.length; n += 2) {
    x = Math.max(x, points[n]); y = Math.max(y, points[n + 1]);
  }
  el("credit").textContent = DATA.facts.attribution;
  view = new View(el("map"), DATA.grid, [x, y], {
    draw, place: () => scene.names.forEach(stand), rest: arrange,
    click: (step) => { asked = true; go({ at: degrees(step), q: "", school: -1, view: "find" }); },
  });
  scene.lines = Object.entries(CONTEXT).filter(([kind]) => DATA.lines[kind]).map(([kind, style]) => {
    const path = new Path2D();
    for (const [first, ...rest] of linesDecoded(DATA.lines[kind])) {
      path.moveTo(...view.unit(first));
      for (const step of rest) path.lineTo(...view.unit(step));
    }
    return { kind, path, ...style };
  });
}

const colourOf = (school) => DATA.palette[DATA.stages[state.stage].colours[school]];
function paintZones() {
  const key = `${state.year},${state.stage}`;
  if (shown === key) return;
  shown = key;
  const found = plan(state.year, state.stage), { around, borders } = zoneArcs(state.year, state.stage);
  const fills = new Map();
  (found?.zones || []).forEach(([first, second], n) => {
    if (!around.has(n + 1)) return;
    const colours = second === undefined ? [colourOf(first)]
      : [colourOf(first), colourOf(first) === colourOf(second) ? "#ffffff" : colourOf(second)];
    if (!fills.has(colours.join())) fills.set(colours.join(), { colours, path: new Path2D() });
    ground(fills.get(colours.join()).path, around.get(n + 1));
  });
  Object.assign(scene, { zones: [...fills.values()], borders: found && linesOf(borders),
    schools: [...seatsOf(state.year, state.stage).keys()].filter((school) => schoolSteps()[school]) });
}

const grain = () => Math.max(0.55, Math.min(1.3, 1 + (view.level - 11) * 0.2));
function circle(pen, px, step, radius, weight, colour) {
  pen.beginPath();
  pen.arc(...view.unit(step), radius * px, 0, 7);
  Object.assign(pen, { fillStyle: colour, strokeStyle: "#fff", lineWidth: weight * px });
  pen.fill();
  pen.stroke();
}
function line(pen, px, path, strokeStyle, weight, globalAlpha) {
  Object.assign(pen, { strokeStyle, lineWidth: weight * px, globalAlpha });
  pen.stroke(path);
}

// All widths are pixels; px is one of them in units of the map.
function draw(pen, px) {
  if (!view) return;
  const size = grain();
  Object.assign(pen, { lineCap: "round", lineJoin: "round", globalAlpha: 0.72 });
  for (const { path, colours } of scene.zones) {
    [pen.fillStyle] = colours;
    if (colours[1]) {
      pen.fillStyle = stripes(...colours, view.ratio);
      pen.fillStyle.setTransform(new DOMMatrix().scale(px / view.ratio));
    }
    pen.fill(path, "evenodd");
  }
  for (const { kind, path, colour, weight, dashes, opacity } of scene.lines) {
    if (kind === "road" && size < 0.75) continue;
    pen.setLineDash((dashes || []).map((dash) => dash * px));
    line(pen, px, path, colour, weight * size, opacity);
  }
  pen.setLineDash([]);
  Object.assign(pen, { lineCap: "square", lineJoin: "miter", miterLimit: 2 }); // thin ones: half the time of round ends
  if (scene.borders) line(pen, px, scene.borders, "#26333f", 1.5, 0.85);
  Object.assign(pen, { lineCap: "round", lineJoin: "round" });
  pen.globalAlpha = 1;
  for (const school of scene.schools) circle(pen, px, schoolSteps()[school], 4.5 * size, 1.6, "#1c2a36");
  for (const { path, colour, weight } of scene.picked) {
    line(pen, px, path, "#fff", weight + 3, 0.9);
    line(pen, px, path, colour, weight, 1);
  }
  for (const [step, radius, colour] of scene.circles) circle(pen, px, step, radius, 3, colour);
}

function label(picked) {
  const found = plan(state.year, state.stage);
  // Names of the answer stand at their schools, others in their zones, or at the school where that is out of sight.
  const own = picked.filter((school) => schoolSteps()[school]);
  const inZone = found ? labelsOf(state.year, state.stage).filter(([school]) => !own.includes(school)) : [];
  const made = (school, step, cls, first) => ({ school, step, second: cls === "at", below: cls.endsWith("at"), off: true,
    weight: first + (seatsOf(state.year, state.stage).get(school) || 0), node: make("div", { cls: `name ${cls} off`, text: schoolName(school) }) });
  scene.names = [
    ...own.map((school) => made(school, schoolSteps()[school], "own at", 1e9)),
    ...inZone.map(([school, x, y]) => made(school, [x, y], "", 0.5)),
    ...inZone.filter(([school]) => schoolSteps()[school]).map(([school]) => made(school, schoolSteps()[school], "at", 0)),
  ].sort((a, b) => b.weight - a.weight);
  el("names").replaceChildren(...scene.names.map(({ node }) => node));
  for (const name of scene.names) name.size = [name.node.offsetWidth, name.node.offsetHeight];
}

// Left and top on whole pixels of the screen, so that letters stay crisp.
function corner({ size, stands: { step, across = 0, down = 0 } }) {
  const [x, y] = view.pixel(step), whole = (value) => Math.round(value * view.ratio) / view.ratio;
  return [whole(x + across - size[0] / 2), whole(y + down - size[1] / 2)];
}
function stand(name) {
  if (name.off) return;
  const [left, top] = corner(name);
  name.node.style.transform = `translate(${left}px, ${top}px)`;
}

// What names must not lie over: buttons and scale, and the schools' dots, which may stand in a name's rim.
function obstacles() {
  const room = view.canvas.getBoundingClientRect(), reach = 4.5 * grain() + 1.6;
  return [...el("map").querySelectorAll(".zoom, .pan, .corner > *")].map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left - room.left, top - room.top, right - room.left, bottom - room.top];
  }).concat(scene.schools.map((school) => view.pixel(schoolSteps()[school]))
    .map(([x, y]) => [x - reach + 6, y - reach + 4, x + reach - 6, y + reach - 4]));
}

// Where zones can be seen: of each school alone in its zone, the spot nearest to the middle of what is in the window.
function spotsInSight() {
  const of = zoneOf(state.year, state.stage), zones = plan(state.year, state.stage)?.zones || [], seen = new Map();
  const steps = Array.from({ length: 63 }, (_, n) =>
    view.stepAt([(((n % 9) + 0.5) / 9) * view.width, ((Math.floor(n / 9) + 0.5) / 7) * view.height]));
  const at = steps.map((step) => of[blockAt(...step)] || 0);
  steps.forEach((step, n) => { // with its own zone on both sides, so that the name does not reach into another
    const schools = n % 9 && n % 9 < 8 && at[n - 1] === at[n] && at[n + 1] === at[n] ? zones[at[n] - 1] || [] : [];
    if (schools.length === 1) seen.set(schools[0], [...(seen.get(schools[0]) || []), step]);
  });
  return new Map([...seen].map(([school, steps]) => {
    const middle = [0, 1].map((axis) => steps.reduce((sum, step) => sum + step[axis], 0) / steps.length);
    const far = (step) => Math.hypot(step[0] - middle[0], step[1] - middle[1]);
    return [school, steps.sort((a, b) => far(a) - far(b))];
  }));
}

// Names that would overlap wait for a closer look; that of the answer always stands. Close by, a zone whose name
// would stand out of sight is named where it is in sight.
function arrange() {
  const apart = 3, named = new Set(), close = view.level >= 12.25, kept = obstacles();
  const fits = (name, stands) => {
    name.stands = stands;
    const [left, top] = corner(name), right = left + name.size[0], bottom = top + name.size[1];
    if (left < 0 || right > view.width || top < 0 || bottom > view.height) return false;
    if (kept.some((other) => left - apart < other[2] && right + apart > other[0] && top - apart < other[3] && bottom + apart > other[1])) return false;
    kept.push([left, top, right, bottom]);
    named.add(name.school);
    return true;
  };
  // In its own place, or below, above, right or left of it.
  const ways = ({ step, size: [wide, high], below }) => {
    const [far, side] = [high / 2 + (below ? 12 : 6), wide / 2 + (below ? 12 : 6)];
    return [...(below ? [] : [{ step }]), { step, down: far }, { step, down: -far }, { step, across: side }, { step, across: -side }];
  };
  for (const name of scene.names) {
    name.off = (name.second && (!close || named.has(name.school))) || !ways(name).some((way) => fits(name, way));
  }
  if (close) {
    const spots = spotsInSight();
    for (const name of scene.names) {
      if (!named.has(name.school)) name.off = !(spots.get(name.school) || []).some((step) => fits(name, { step }));
    }
  }
  scene.names.forEach((name) => name.node.classList.toggle("off", name.off));
  scene.names.forEach(stand);
}

// What was answered is outlined; the frame of the outline is where the map should look.
function paintPicked(what) {
  const schools = (what.schools || []).filter((school, _, all) => schoolSteps()[school] && all.length <= 6);
  const outline = (arcs, colour, weight) => {
    scene.picked.push({ path: linesOf(arcs), colour, weight });
    return arcs.flatMap((arc) => [...shapes().arcs[arc]]);
  };
  let frame = [];
  Object.assign(scene, { picked: [], circles: schools.map((school) => [schoolSteps()[school], 8, "#0b5c74"]) });
  if (what.zone !== undefined) {
    const numbers = new Set(zonesWith(state.year, state.stage, what.zone).map(([, n]) => n));
    const of = zoneOf(state.year, state.stage);
    if (numbers.size) frame = outline(arcsOf((b) => numbers.has(of[b])), "#0b5c74", 3);
  }
  if (what.block >= 0) {
    const zone = zoneOf(state.year, state.stage)[what.block];
    if (zone) outline(zoneArcs(state.year, state.stage).around.get(zone), "#0b5c74", 2.5);
    frame = outline(arcsOf((b) => b === what.block), "#d9480f", 3);
  }
  if (what.blocks?.length) {
    const chosen = new Set(what.blocks);
    frame = outline(arcsOf((b) => chosen.has(b)), "#d9480f", 2.5);
  }
  if (frame.length && what.zone === undefined) frame.push(...schools.flatMap((school) => schoolSteps()[school]));
  const at = what.at || (what.block >= 0 ? state.at : null);
  if (at) scene.circles.push([stepsAt(at), 7, "#d9480f"]);
  return frame;
}
const stepsAt = ([lat, lng]) => [(lng - DATA.grid[0]) / DATA.grid[2], (lat - DATA.grid[1]) / DATA.grid[3]];
function frameAround(flat) {
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  flat.forEach((value, n) => { found[n % 2] = Math.min(found[n % 2], value); found[2 + (n % 2)] = Math.max(found[2 + (n % 2)], value); });
  return found;
}

function showOnMap(what) {
  if (!view) { later = what; return; }
  paintZones();
  const frame = paintPicked(what);
  label(what.schools || []);
  const key = JSON.stringify([what.block, what.zone, what.schools, what.blocks, what.at]), ms = later ? 0 : 450;
  const spot = String(state.at || "");
  // Whoever pointed at the map sees already where it is, in the other year too.
  if (key !== focused && !asked && !(spot && spot === pointed)) {
    if (frame.length) view.fit(frameAround(frame), { pad: 36, closest: 15, ms });
    else if (what.at) view.fit([...stepsAt(what.at), ...stepsAt(what.at)], { pad: 0, closest: Math.max(view.level, 14), ms });
  }
  focused = key;
  pointed = spot;
  asked = later = null;
  view.changed();
  arrange();
}

// The block under a place, or the zones on both sides where the place is too near the line to say.
function underPointer([lat, lng]) {
  const x = (lng - DATA.grid[0]) / DATA.grid[2], y = (lat - DATA.grid[1]) / DATA.grid[3];
  const block = blockAt(x, y);
  if (block < 0) return { block };
  const of = zoneOf(state.year, state.stage), reach = nearMetres() / DATA.grid[4];
  const found = new Set();
  shapes().sides.forEach(([a, b], arc) => {
    if (b < 0 || of[a] === of[b]) return;
    const q = shapes().arcs[arc];
    for (let n = 0; n + 3 < q.length; n += 2) {
      if (toSegment(x, y, q[n], q[n + 1], q[n + 2], q[n + 3]) <= reach) { found.add(of[a]).add(of[b]); return; }
    }
  });
  found.add(of[block]);
  return { block, zones: [...found].filter(Boolean).map((zone) => plan(state.year, state.stage).zones[zone - 1]) };
}
function toSegment(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
