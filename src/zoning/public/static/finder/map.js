// The map: zones of one stage and year from shared borders; it shows, and never decides.
const tiles = new Map();
function stripes(first, second) {
  const key = `${first}|${second}`;
  if (!tiles.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 12;
    const pen = tile.getContext("2d");
    pen.fillStyle = first;
    pen.fillRect(0, 0, 12, 12);
    pen.strokeStyle = second;
    pen.lineWidth = 4.2;
    for (const shift of [-12, 0, 12]) {
      pen.beginPath();
      pen.moveTo(shift - 2, 14);
      pen.lineTo(shift + 14, -2);
      pen.stroke();
    }
    tiles.set(key, pen.createPattern(tile, "repeat"));
  }
  return tiles.get(key);
}

const Hatching = L.Canvas.extend({
  _fillStroke(ctx, layer) {
    const options = layer.options;
    if (!options.pattern) { L.Canvas.prototype._fillStroke.call(this, ctx, layer); return; }
    ctx.globalAlpha = options.fillOpacity;
    ctx.fillStyle = options.pattern;
    ctx.fill("evenodd");
  },
});

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let map = null, canvas = null, home = null, shown = "";
const drawn = {};
const CONTEXT = {
  road: { color: "#fff", weight: 1, opacity: 0.75 }, main_road: { color: "#fff", weight: 2.2, opacity: 0.95 },
  arterial: { color: "#fff", weight: 3, opacity: 1 }, river: { color: "#5b9fd0", weight: 5, opacity: 0.9 },
  railway: { color: "#55555a", weight: 1.6, dashArray: "7 5", opacity: 0.9 },
};

// Borders of groups of blocks as lines, chained; the outer edge of all is left out unless asked for.
function chained(keep) {
  const { arcs, sides } = shapes(), at = new Map(), used = new Set();
  const ends = (arc) => { const q = arcs[arc]; return [q[0] * 1e7 + q[1], q[q.length - 2] * 1e7 + q[q.length - 1]]; };
  const chosen = sides.map((_, arc) => arc).filter((arc) => keep(...sides[arc]));
  for (const arc of chosen) for (const end of ends(arc)) {
    if (at.has(end)) at.get(end).push(arc); else at.set(end, [arc]);
  }
  const lines = [];
  for (const first of chosen) {
    if (used.has(first)) continue;
    used.add(first);
    const parts = [first];
    const start = ends(first)[0];
    let end = ends(first)[1];
    while (end !== start) {
      const next = at.get(end).find((arc) => !used.has(arc));
      if (next === undefined) break;
      used.add(next);
      const [a, b] = ends(next);
      parts.push(a === end ? next : ~next);
      end = a === end ? b : a;
    }
    const ring = ringOf(parts);
    const last = parts.at(-1), points = arcs[last < 0 ? ~last : last];
    ring.push(last < 0 ? [points[0], points[1]] : [points[points.length - 2], points[points.length - 1]]);
    lines.push(ring.map(degrees));
  }
  return lines;
}

const zoneRings = once((year, stage, zone) => {
  const of = zoneOf(year, stage);
  const inside = (b) => b >= 0 && of[b] === zone;
  return chained((a, b) => inside(a) !== inside(b));
});
const zoneLines = once((year, stage) => {
  const of = zoneOf(year, stage);
  return chained((a, b) => b >= 0 && of[a] !== of[b]);
});

function startMap() {
  map = L.map("map", { zoomSnap: 0.25, zoomControl: true, attributionControl: true, zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm });
  map.attributionControl.setPrefix(false);
  if (DATA.facts.attribution) {
    const line = document.createElement("span");
    line.textContent = DATA.facts.attribution; // Leaflet takes HTML; a name stays text
    map.attributionControl.addAttribution(line.innerHTML);
  }
  canvas = new Hatching({ padding: 0.3 });
  const [west, south] = [DATA.grid[0], DATA.grid[1]];
  let [x, y] = [0, 0];
  for (const points of shapes().arcs) for (let n = 0; n < points.length; n += 2) {
    x = Math.max(x, points[n]); y = Math.max(y, points[n + 1]);
  }
  const bounds = L.latLngBounds([south, west], degrees([x, y]));
  home = () => map.fitBounds(bounds, { padding: [8, 8], animate: false });
  home();
  map.setMinZoom(map.getZoom() - 1);
  map.setMaxBounds(bounds.pad(0.5));
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  for (const part of ["zones", "lines", "borders", "picked", "dots", "labels"]) drawn[part] = L.layerGroup().addTo(map);
  const plain = { renderer: canvas, interactive: false, smoothFactor: 0.5, lineCap: "round" };
  drawn.context = Object.entries(CONTEXT).filter(([kind]) => DATA.lines[kind]).map(([kind, style]) => {
    const layer = L.polyline(linesDecoded(DATA.lines[kind]).map((line) => line.map(degrees)), { ...plain, ...style });
    return [kind, style, layer];
  });
  map.on("click", (event) => { asked = true; go({ at: [event.latlng.lat, event.latlng.lng], q: "", school: -1, view: "find" }); });
  map.on("zoomend", thin);
  map.on("zoomend moveend", arrange);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(el("map"));
}

const colourOf = (school) => DATA.palette[DATA.stages[state.stage].colours[school]];
function paintZones() {
  const key = `${state.year},${state.stage}`;
  if (shown === key) return;
  shown = key;
  for (const part of ["zones", "lines", "borders", "dots"]) drawn[part].clearLayers();
  const found = plan(state.year, state.stage);
  if (!found) return;
  const plain = { renderer: canvas, interactive: false, smoothFactor: 0 };
  found.zones.forEach((schools, n) => {
    if (!zonesUsed(state.year, state.stage).has(n + 1)) return;
    const rings = zoneRings(state.year, state.stage, n + 1);
    const [first, second] = schools;
    const fill = second === undefined ? { fillColor: colourOf(first) }
      : { pattern: stripes(colourOf(first), colourOf(first) === colourOf(second) ? "#ffffff" : colourOf(second)) };
    drawn.zones.addLayer(L.polygon(rings, { ...plain, stroke: false, fillOpacity: 0.72, ...fill }));
  });
  for (const [, , layer] of drawn.context) drawn.lines.addLayer(layer);
  drawn.borders.addLayer(L.polyline(zoneLines(state.year, state.stage), { ...plain, color: "#26333f", weight: 1.5, opacity: 0.85 }));
  for (const school of seatsOf(state.year, state.stage).keys()) {
    const at = schoolSteps()[school];
    if (!at) continue;
    drawn.dots.addLayer(L.circleMarker(degrees(at), { renderer: canvas, radius: 4.5, weight: 1.6, color: "#fff", fillColor: "#1c2a36",
      fillOpacity: 1, interactive: false }));
  }
  thin();
}

const grain = () => Math.max(0.55, Math.min(1.3, 1 + (map.getZoom() - 11) * 0.2));
function thin() {
  const size = grain();
  for (const [kind, style, layer] of drawn.context) {
    layer.setStyle({ weight: style.weight * size, opacity: kind === "road" && size < 0.75 ? 0 : style.opacity });
  }
  drawn.dots.eachLayer((dot) => dot.setRadius(4.5 * size));
}

function label(picked) {
  drawn.labels.clearLayers();
  const found = plan(state.year, state.stage);
  if (!found) return;
  // Names of the answer stand at their schools, others in their zones, or at the school where that is out of sight.
  const own = picked.filter((school) => schoolSteps()[school]);
  const inZone = labelsOf(state.year, state.stage).filter(([school]) => !own.includes(school));
  const atSchool = inZone.map(([school]) => school).filter((school) => schoolSteps()[school]);
  const add = (school, [x, y], cls, first) => {
    const text = make("div", { cls: `zone-label ${cls}`, "aria-hidden": "true", text: schoolName(school) });
    const marker = L.marker(degrees([x, y]), { icon: L.divIcon({ className: "", iconSize: [0, 0], html: text }), interactive: false, keyboard: false });
    Object.assign(marker, { school, second: cls === "at", weight: first + (seatsOf(state.year, state.stage).get(school) || 0) });
    drawn.labels.addLayer(marker);
  };
  for (const school of own) add(school, schoolSteps()[school], "own at", 1e9);
  for (const [school, x, y] of inZone) add(school, [x, y], "", 0.5);
  for (const school of atSchool) add(school, schoolSteps()[school], "at", 0);
  arrange();
}

// Names that would overlap wait for a closer look; that of the answer always stands.
function arrange() {
  const kept = [], named = new Set(), apart = 3, room = map.getContainer().getBoundingClientRect(), close = map.getZoom() >= 12.5;
  const all = drawn.labels.getLayers().filter((m) => m.getElement()).sort((a, b) => b.weight - a.weight);
  const boxes = all.map((m) => m.getElement().firstChild.getBoundingClientRect());
  all.forEach((marker, n) => {
    const box = boxes[n];
    const clash = kept.some((other) => box.left - apart < other.right && box.right + apart > other.left
      && box.top - apart < other.bottom && box.bottom + apart > other.top);
    const cut = box.left < room.left || box.right > room.right || box.top < room.top || box.bottom > room.bottom;
    const off = clash || cut || (marker.second && (!close || named.has(marker.school)));
    marker.getElement().firstChild.classList.toggle("off", off);
    if (off) return;
    kept.push(box);
    named.add(marker.school);
  });
}

let focused = "", asked = false;
const ring = (lines, style) => L.polyline(lines, { renderer: canvas, interactive: false, smoothFactor: 0, ...style });
function paintPicked(what) {
  drawn.picked.clearLayers();
  const schools = what.schools || [];
  const outline = (lines, colour, weight) => {
    drawn.picked.addLayer(ring(lines, { color: "#fff", weight: weight + 3, opacity: 0.9 }));
    drawn.picked.addLayer(ring(lines, { color: colour, weight }));
    return lines;
  };
  let frame = null;
  if (what.zone !== undefined) {
    const numbers = new Set(zonesWith(state.year, state.stage, what.zone).map(([, n]) => n));
    const of = zoneOf(state.year, state.stage);
    const inside = (b) => b >= 0 && numbers.has(of[b]);
    if (numbers.size) frame = outline(chained((a, b) => inside(a) !== inside(b)), "#0b5c74", 3);
  }
  if (what.block >= 0) {
    const zone = zoneOf(state.year, state.stage)[what.block];
    if (zone) outline(zoneRings(state.year, state.stage, zone), "#0b5c74", 2.5);
    frame = outline(chained((a, b) => (a === what.block) !== (b === what.block)), "#d9480f", 3);
  }
  if (what.blocks?.length) {
    const chosen = new Set(what.blocks);
    frame = outline(chained((a, b) => chosen.has(a) !== chosen.has(b)), "#d9480f", 2.5);
  }
  for (const school of schools) {
    const at = schoolSteps()[school];
    if (!at || schools.length > 6) continue;
    drawn.picked.addLayer(L.circleMarker(degrees(at), { renderer: canvas, radius: 8, weight: 3, color: "#fff", fillColor: "#0b5c74", fillOpacity: 1, interactive: false }));
    if (frame && what.zone === undefined) frame = [...frame, [degrees(at)]];
  }
  const at = what.at || (what.block >= 0 ? state.at : null);
  if (at) drawn.picked.addLayer(L.circleMarker(at, { renderer: canvas, radius: 7, weight: 3, color: "#fff", fillColor: "#d9480f", fillOpacity: 1, interactive: false }));
  return frame;
}

function showOnMap(what) {
  if (!map) { later = what; return; }
  paintZones();
  const frame = paintPicked(what);
  label(what.schools || []);
  const key = JSON.stringify([what.block, what.zone, what.schools, what.blocks, what.at]);
  if (key === focused) return;
  focused = key;
  // Whoever pointed at the map sees already where it is.
  if (frame && !asked) map.fitBounds(L.latLngBounds(frame.flat()), { padding: [36, 36], maxZoom: 15, animate: !calm });
  else if (what.at && !asked) map.setView(what.at, Math.max(map.getZoom(), 14), { animate: !calm });
  asked = false;
}
let later = null;

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
