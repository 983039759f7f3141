// The map: one layer of blocks, drawn once and restyled.
const PALETTE = DATA.palette;

const Hatching = L.Canvas.extend({
  // Leaflet leaves the picture between two pixels here, where it blurs.
  _reset() {
    L.Canvas.prototype._reset.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
  },
  _fillStroke(ctx, layer) {
    const options = layer.options;
    if (options.pattern) {
      ctx.globalAlpha = options.fillOpacity;
      ctx.fillStyle = options.pattern;
      ctx.fill("evenodd");
      L.Canvas.prototype._fillStroke.call(this, ctx, { options: { ...options, fill: false } });
    } else {
      L.Canvas.prototype._fillStroke.call(this, ctx, layer);
    }
  },
});

const map = MAP;
map.attributionControl.setPrefix(false);
if (DATA.attribution) {
  const line = document.createElement("span");
  line.textContent = DATA.attribution; // Leaflet takes HTML; a name stays text
  map.attributionControl.addAttribution(line.innerHTML);
}
const canvas = new Hatching({ padding: 0.3 });
const bounds = L.latLngBounds(shapes.flat(3));
map.setMinZoom(Math.floor(map.getBoundsZoom(bounds) - 1.5));
map.setMaxBounds(bounds.pad(0.6));
L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

const NONE = () => stripes("#ffffff", "#b8b8b8");
const blockLayers = shapes.map((polygons, block) => {
  const layer = L.polygon(polygons, { renderer: canvas, smoothFactor: 0, weight: 0.6, color: "#ffffff" });
  layer.on("click", (event) => { L.DomEvent.stop(event); pick({ kind: "block", index: block }); });
  layer.on("mouseover", () => { hover(layer, () => blockTip(block)); });
  return layer.addTo(map);
});

const plain = { renderer: canvas, interactive: false, smoothFactor: 0.5, lineCap: "round" };
const CONTEXT = {
  road: { color: "#7d766a", weight: 0.8, opacity: 0.6 },
  main_road: { color: "#6d6558", weight: 1.7, opacity: 0.7 },
  arterial: { color: "#6d6558", weight: 1.7, opacity: 0.7 },
  wall: { color: "#8a8178", weight: 1.4, dashArray: "2 4" },
  river: { color: "#4a90c4", weight: 7, opacity: 1 },
  railway: { color: "#4a4a4a", weight: 1.6, dashArray: "7 5" },
};
// A border along the river runs in the middle of the water: the white rim of borders lies below it.
let casing = null;
const context = Object.entries(CONTEXT).map(([kind, style]) => {
  if (kind === "river") casing = L.polyline([], { ...plain, smoothFactor: 0, color: "#ffffff", weight: 4, opacity: 0.7 }).addTo(map);
  const parts = (DATA.context[kind] || []).map(ring);
  return [kind, style, L.polyline(parts, { ...plain, ...style }).addTo(map)];
});
const lines = L.polyline([], { ...plain, smoothFactor: 0, color: "#2b3742", weight: 1.6 }).addTo(map);
const oldLines = L.polyline([], { ...plain, smoothFactor: 0, color: "#a02c1f", weight: 1.8, dashArray: "5 5" })
  .addTo(map);
const halo = L.polyline([], { ...plain, smoothFactor: 0, color: "#f2a900", weight: 4 }).addTo(map);
const dots = L.layerGroup().addTo(map);

const tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -6], opacity: 1 });
function hover(layer, content) {
  tip.setContent(content());
  map.openTooltip(tip, layer.getCenter ? layer.getCenter() : layer.getLatLng());
  layer.once("mouseout", () => map.closeTooltip(tip));
}
map.on("mousemove", (event) => { if (map.hasLayer(tip)) tip.setLatLng(event.latlng); });

function blockTip(block) {
  const lineOf = {
    zones: () => names(schoolsOf(block)),
    use: () => schoolsOf(block).map((s) => `${schoolName(s)} ${share(useOf(s))}`).join(", ") || T("no_zone"),
    journeys: () => minutes(stage().minutes[block]),
    forecast: () => T("children_n", { n: state.area === "town"
      ? number(stage().towns[DATA.blocks.town[block]][state.year]) : children(stage().children[block][state.year]) }),
    changes: () => (moved(block) ? `${names(beforeOf(block))} → ${names(schoolsOf(block))}` : T(added(block) ? "added" : "unchanged")),
  };
  const title = state.view === "forecast" && state.area === "town" ? townName(block) : blockName(block);
  return make("div", {}, make("b", { text: title }), make("span", { text: lineOf[state.view]() }));
}

const classOf = (value, breaks) => breaks.findIndex((upper) => value < upper);
function stepColour(value, scale) {
  const found = classOf(value, scale.breaks);
  return scale.colours[found < 0 ? scale.colours.length - 1 : found];
}
const useOf = (school) => {
  const seats = stage().seats[school];
  return seats && seats.capacity > 0 && seats.pupils ? seats.pupils[state.year] / seats.capacity : null;
};
const colourOf = (school) => PALETTE[stage().colours[school]];

function zoneFill(schools) {
  if (!schools.length) return { pattern: NONE() };
  if (schools.length === 1) return { fillColor: colourOf(schools[0]) };
  return { pattern: stripes(colourOf(schools[0]), colourOf(schools[1])) };
}
function average(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

const FILL = {
  zones: (b) => zoneFill(schoolsOf(b)),
  use: (b) => {
    const value = average(schoolsOf(b).map(useOf));
    return value === null ? { pattern: NONE() } : { fillColor: stepColour(value, DATA.scales.use) };
  },
  journeys: (b) => {
    const value = stage().minutes[b];
    return value === null ? { pattern: NONE() } : { fillColor: stepColour(value / 10, stage().journey_scale) };
  },
  forecast: (b) => {
    const value = state.area === "town" ? stage().towns[DATA.blocks.town[b]][state.year]
      : stage().children[b][state.year];
    return { fillColor: stepColour(value, stage()[state.area === "town" ? "town_scale" : "block_scale"]) };
  },
  changes: (b) => {
    if (state.change === "before") return zoneFill(beforeOf(b));
    if (state.change === "after") return zoneFill(schoolsOf(b));
    if (moved(b)) return zoneFill(schoolsOf(b));
    return { fillColor: added(b) ? "#fdf3c4" : "#e3e3de" };
  },
};

function groups() {
  // Lines between towns would be administrative boundaries: there the colours alone tell them apart.
  if (state.view === "forecast" && state.area === "town") return () => 0;
  if (state.view === "changes" && state.change === "before") return (b) => beforeOf(b).join(";");
  return (b) => schoolsOf(b).join(";");
}

function paint() {
  const solid = ["zones", "changes"].includes(state.view) ? 0.8 : 0.88;
  blockLayers.forEach((layer, block) => {
    layer.setStyle({ fillOpacity: solid, pattern: null, fillColor: "#fff", ...FILL[state.view](block) });
  });
  const outline = borders(groups());
  casing.setLatLngs(outline);
  lines.setLatLngs(outline);
  const compare = state.view === "changes" && state.change === "moved";
  const before = (b) => beforeOf(b).join(";");
  oldLines.setLatLngs(compare ? chain(sides.filter((side) => parts(side, before) && !parts(side, groups()))) : []);
  paintSchools();
  paintHalo();
  label();
}

// Marks shrink on a small map, where they would hide the zones.
const grain = () => Math.max(0.55, Math.min(1.15, 1 + (map.getZoom() - 10.5) * 0.22));

function paintSchools() {
  dots.clearLayers();
  const size = grain();
  casing.setStyle({ weight: 4 * size });
  lines.setStyle({ weight: 1.6 * size });
  for (const [kind, style, layer] of context) {
    // Small roads only blur a small map.
    layer.setStyle({ weight: style.weight * size, opacity: kind === "road" && size < 0.8 ? 0 : style.opacity ?? 1 });
  }
  for (const [key, seats] of Object.entries(stage().seats)) {
    const school = Number(key);
    const use = state.view === "use" ? useOf(school) : null;
    const site = DATA.schools.site[school];
    const marker = L.circleMarker([DATA.schools.lat[school], DATA.schools.lon[school]], {
      renderer: canvas, bubblingMouseEvents: false, weight: size * (site ? 2 : 1.6), fillOpacity: 1,
      radius: size * (use === null ? (site ? 3.6 : 5) : 4 + Math.sqrt(seats.capacity || 0) / 7),
      color: site ? "#22303c" : "#ffffff",
      fillColor: use === null ? (site ? "#ffffff" : "#22303c") : stepColour(use, DATA.scales.use),
    });
    if (use !== null) marker.setStyle({ color: "#22303c", weight: 1.2 });
    marker.on("click", () => pick({ kind: "school", index: school }));
    marker.on("mouseover", () => hover(marker, () => make("div", {}, make("b", { text: schoolName(school) }),
      make("span", { text: T("seats_used", { n: share(useOf(school)) }) }))));
    dots.addLayer(marker);
  }
}

function paintHalo() {
  const picked = state.picked;
  if (!picked) halo.setLatLngs([]);
  else if (picked.kind === "block") halo.setLatLngs(chain(sides.filter((side) =>
    side.block === picked.index || side.other === picked.index)));
  else {
    const inside = (b) => b >= 0 && schoolsOf(b).includes(picked.index);
    halo.setLatLngs(chain(sides.filter((side) => inside(side.block) !== inside(side.other))));
  }
}

// Names of zones: every zone has one; where two would overlap, the one with fewer children waits for a closer look.
const labels = L.layerGroup().addTo(map);
function label() {
  labels.clearLayers();
  if (state.view === "forecast" && state.area === "town") {
    DATA.town_points.forEach(([lon, lat], town) => addLabel(DATA.towns[town], lat, lon, 1e6 - town));
  } else {
    for (const [key, seats] of Object.entries(stage().seats)) {
      const point = state.view === "changes" && state.change === "before" ? seats.label_before : seats.label;
      const weight = seats.pupils ? seats.pupils[0] : seats.capacity;
      if (point) addLabel(schoolName(Number(key)), point[1], point[0], weight, Number(key));
    }
  }
  arrange();
}
function addLabel(text, lat, lon, weight, school) {
  const icon = L.divIcon({ className: "", iconSize: [0, 0], html: make("div", { cls: "zone-label", text }) });
  const marker = L.marker([lat, lon], { icon, interactive: false, keyboard: false });
  marker.weightOfLabel = weight;
  marker.school = school;
  labels.addLayer(marker);
}
// A name that would cover its own school moves below it.
function belowItsDot(marker, corner) {
  if (marker.school === undefined) return 0;
  const box = marker.getElement().firstChild.getBoundingClientRect();
  const dot = map.latLngToContainerPoint([DATA.schools.lat[marker.school], DATA.schools.lon[marker.school]]);
  const x = dot.x + corner.left, y = dot.y + corner.top, near = 6;
  const covered = x > box.left - near && x < box.right + near && y > box.top - near && y < box.bottom + near;
  return covered ? y + near - box.top : 0;
}
function arrange() {
  const legend = el("legend");
  const kept = getComputedStyle(legend).position === "absolute" ? [legend.getBoundingClientRect()] : [];
  const apart = 4;
  const size = map.getSize();
  const corner = map.getContainer().getBoundingClientRect();
  const all = labels.getLayers().filter((marker) => marker.getElement());
  all.sort((a, b) => b.weightOfLabel - a.weightOfLabel);
  all.forEach((marker) => { marker.getElement().firstChild.style.top = "0"; });
  const shifts = all.map((marker) => belowItsDot(marker, corner));
  all.forEach((marker, i) => { marker.getElement().firstChild.style.top = `${shifts[i]}px`; });
  const boxes = all.map((marker) => marker.getElement().firstChild.getBoundingClientRect());
  all.forEach((marker, i) => {
    const box = boxes[i];
    const outside = box.left < corner.left || box.right > corner.left + size.x;
    const clash = kept.some((other) => box.left - apart < other.right && box.right + apart > other.left
      && box.top - apart < other.bottom && box.bottom + apart > other.top);
    marker.getElement().firstChild.classList.toggle("off", clash || outside);
    if (!clash && !outside) kept.push(box);
  });
}
map.on("zoomend", paintSchools);
map.on("zoomend moveend", arrange);
map.on("click", () => pick(null));
