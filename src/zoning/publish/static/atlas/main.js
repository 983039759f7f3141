// The controls, and what follows when one of them is used.
const VIEWS = ["zones", "use", "journeys", "forecast", "changes"];
const possible = (view) => ({ use: stage().total !== null, journeys: stage().minutes !== null,
  forecast: stage().children !== null, changes: stage().before !== null })[view] ?? true;

function pick(what, fly) {
  state.picked = what;
  paintHalo();
  showDetail();
  if (what && fly) {
    const points = halo.getLatLngs().flat(2);
    if (points.length) map.fitBounds(L.latLngBounds(points), { padding: [40, 40], maxZoom: 15 });
  }
  if (what) el("panel").scrollTop = 0;
}

function choose(changes) {
  Object.assign(state, changes);
  if (!possible(state.view)) state.view = "zones";
  if ("stage" in changes) state.year = Math.max(0, DATA.years.indexOf(stage().year));
  show();
}

function buttons(parent, items, attribute, chosen, action, role) {
  const made = items.map(({ key, text, disabled }) => {
    const button = make("button", { type: "button", "data-key": key, role, text,
      [attribute]: String(key === chosen), on: { click: () => action(key) } });
    button.disabled = Boolean(disabled);
    if (disabled) button.title = T("no_data");
    if (role === "tab") button.tabIndex = key === chosen ? 0 : -1;
    return button;
  });
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  parent.replaceChildren(...made);
  made.find((button) => button.dataset.key === focused)?.focus();
}

const stageWord = (s) => (`stage_${s.name}` in DATA.ui ? T(`stage_${s.name}`) : both(s.label));

function showControls() {
  buttons(el("stages"), DATA.stages.map((s) => ({ key: s.name, text: stageWord(s) })), "aria-selected",
    stage().name, (key) => choose({ stage: DATA.stages.findIndex((s) => s.name === key) }), "tab");
  buttons(el("views"), VIEWS.map((view) => ({ key: view, text: T(`view_${view}`), disabled: !possible(view) })),
    "aria-pressed", state.view, (view) => choose({ view }));
  const shown = el("views").querySelector('[aria-pressed="true"]');
  el("views").scrollLeft = shown.offsetLeft + shown.offsetWidth - el("views").clientWidth;
  const options = { forecast: ["area", ["block", "town"]], changes: ["change", ["before", "after", "moved"]] };
  const [name, values] = options[state.view] || ["", []];
  el("segments").hidden = !values.length;
  buttons(el("segments"), values.map((key) => ({ key, text: T(`${name}_${key}`) })), "aria-pressed", state[name],
    (key) => choose({ [name]: key }));
  const sliding = ["use", "forecast"].includes(state.view) && DATA.years.length > 1;
  el("slider-row").hidden = !sliding;
  el("controls").hidden = !sliding && !values.length;
  el("year").max = DATA.years.length - 1;
  el("year").value = state.year;
  el("year").setAttribute("aria-label", T("year"));
  const year = schoolYear(DATA.years[state.year] || stage().year);
  el("year").setAttribute("aria-valuetext", year);
  el("year-shown").textContent = year;
  el("play").textContent = playing ? "❚❚" : "▶";
  el("play").setAttribute("aria-label", T("play"));
  el("play").setAttribute("aria-pressed", String(Boolean(playing)));
}

const swatch = (colour, cls) => {
  const mark = make("span", { cls: `swatch ${cls || ""}` });
  if (colour) mark.style.background = colour;
  return mark;
};
const entry = (mark, text) => make("li", {}, mark, make("span", { text }));
function stroke(colour, dashed) {
  const mark = swatch(null, "line");
  mark.style.borderTopColor = colour;
  if (dashed) mark.style.borderTopStyle = "dashed";
  return mark;
}
function steps(scale, form) {
  return scale.colours.map((colour, i) => {
    const low = i ? scale.breaks[i - 1] : null;
    const high = i < scale.breaks.length ? scale.breaks[i] : null;
    const text = high === null ? `≥ ${form(low)}` : low === null ? `< ${form(high)}` : `${form(low)} – ${form(high)}`;
    return entry(swatch(colour), text);
  });
}

function showLegend() {
  const now = stage();
  const none = () => entry(swatch(null, "none"), T("no_zone"));
  const shared = () => (now.school.some(Array.isArray) ? [entry(swatch(null, "shared"), T("legend_shared"))] : []);
  const gaps = () => (now.school.includes(-1) ? [none()] : []);
  const schools = () => [entry(swatch("#22303c", "dot"), T("legend_school")),
    ...(Object.keys(now.seats).some((s) => DATA.schools.site[s]) ? [entry(swatch(null, "dot site"), T("legend_site"))] : [])];
  const drawn = () => [["river", false], ["railway", true]].filter(([kind]) => DATA.context[kind]?.length)
    .map(([kind, dashed]) => entry(stroke(CONTEXT[kind].color, dashed), T(`legend_${kind}`)));
  const zones = () => [entry(swatch(null, "many"), T("legend_zone")), ...shared(), ...gaps(), ...schools(), ...drawn()];
  const items = {
    zones,
    use: () => [...steps(DATA.scales.use, (v) => share(v)), ...gaps(), entry(swatch(null, "dot seats"), T("legend_seats"))],
    journeys: () => [...steps(now.journey_scale, (v) => number(v)), ...(now.minutes.includes(null)
      ? [entry(swatch(null, "none"), T("no_way"))] : []), ...schools()],
    forecast: () => steps(state.area === "town" ? now.town_scale : now.block_scale, (v) => number(v)),
    changes: () => (state.change === "moved" ? [entry(swatch(null, "many"), T("legend_moved")),
      entry(swatch("#e3e3de"), T("unchanged")),
      ...(DATA.blocks.id.some((_, b) => added(b)) ? [entry(swatch("#fdf3c4"), T("added"))] : []), entry(stroke("#2b3742"), T("legend_new")),
      entry(stroke("#a02c1f", true), T("legend_old"))] : zones()),
  }[state.view]();
  const title = { zones: T("view_zones"), use: T("legend_use"), journeys: T(`legend_${now.mode || "walk"}`),
    forecast: T("children_of", { stage: both(now.label) }), changes: T(`change_${state.change}`) }[state.view];
  const parts = [make("h2", { text: title }), make("ul", {}, ...items)];
  if (state.view === "zones") parts.push(make("p", { text: T("legend_colours") }));
  if (state.view === "forecast") parts.push(make("p", { text: T("legend_sum", { year: schoolYear(DATA.years[state.year]),
    n: number(now.county[state.year]) }) }));
  el("legend").replaceChildren(...parts);
}

function showWords() {
  document.documentElement.lang = chinese() ? "zh-CN" : "en";
  const title = T("title", { place: both(DATA.place), year: schoolYear(stage().year) });
  document.title = title;
  el("place").textContent = T("heading", { place: both(DATA.place) });
  el("subtitle").textContent = T("subtitle", { year: schoolYear(stage().year) });
  el("lang").textContent = chinese() ? "English" : "中文";
  el("lang").lang = chinese() ? "en" : "zh-CN";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = T(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", T(`aria_${node.dataset.label}`));
  document.querySelector(".leaflet-control-zoom-in").title = T("zoom_in");
  document.querySelector(".leaflet-control-zoom-out").title = T("zoom_out");
  map.attributionControl.setPrefix(false);
}

function show() {
  showWords();
  showControls();
  showLegend();
  paint();
  showDetail();
  showSummary();
  showSchools();
  showNotes();
  showAbout();
  const words = { stage: stage().name, view: state.view, lang: state.lang };
  history.replaceState(null, "", `#${new URLSearchParams(words)}`);
}

let playing = null;
function stop() {
  clearInterval(playing);
  playing = null;
}
el("play").addEventListener("click", () => {
  if (playing) stop();
  else playing = setInterval(() => choose({ year: (state.year + 1) % DATA.years.length }), 1200);
  showControls();
});
el("year").addEventListener("input", () => { stop(); choose({ year: Number(el("year").value) }); });
el("lang").addEventListener("click", () => choose({ lang: chinese() ? "en" : "zh" }));
el("stages").addEventListener("keydown", (event) => {
  const last = DATA.stages.length - 1;
  const to = { ArrowRight: state.stage < last ? state.stage + 1 : 0, ArrowLeft: state.stage ? state.stage - 1 : last,
    Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  choose({ stage: to });
  el("stages").querySelector('[aria-selected="true"]').focus();
});

const SHOWN_AT_ONCE = 12;
function find() {
  const wanted = el("find").value.trim().toLowerCase();
  const found = [];
  const matches = (...words) => words.some((word) => String(word).toLowerCase().includes(wanted));
  if (wanted) {
    for (const key of Object.keys(stage().seats)) {
      const s = Number(key);
      if (matches(DATA.schools.name[s], DATA.schools.name_en[s], DATA.schools.id[s])) found.push({ kind: "school", index: s });
    }
    DATA.blocks.id.forEach((id, b) => {
      if (matches(DATA.blocks.name[b], DATA.blocks.name_en[b], id, townName(b))) found.push({ kind: "block", index: b });
    });
  }
  const items = found.slice(0, SHOWN_AT_ONCE).map((what) => {
    const school = what.kind === "school";
    const name = school ? schoolName(what.index) : blockName(what.index);
    const where = school ? T("a_school") : townName(what.index);
    return make("li", {}, make("button", { type: "button", on: { click: () => {
      el("find").value = "";
      find();
      pick(what, true);
    } } }, make("span", { text: name }), " ", make("small", { text: where })));
  });
  if (wanted && !found.length) items.push(make("li", { cls: "none", text: T("not_found") }));
  if (found.length > SHOWN_AT_ONCE) items.push(make("li", { cls: "none", text: T("more_found", { n: number(found.length - SHOWN_AT_ONCE) }) }));
  el("found").replaceChildren(...items);
}
el("find").addEventListener("input", find);
el("find").addEventListener("keydown", (event) => {
  if (event.key === "Enter") el("found").querySelector("button")?.click();
  if (event.key === "ArrowDown") el("found").querySelector("button")?.focus();
});
document.addEventListener("pointerdown", () => document.body.classList.add("by-pointer"), true);
document.addEventListener("keydown", () => document.body.classList.remove("by-pointer"), true);

(() => {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (["en", "zh"].includes(asked.get("lang"))) state.lang = asked.get("lang");
  state.stage = Math.max(0, DATA.stages.findIndex((s) => s.name === asked.get("stage")));
  state.year = Math.max(0, DATA.years.indexOf(stage().year));
  if (VIEWS.includes(asked.get("view")) && possible(asked.get("view"))) state.view = asked.get("view");
  map.fitBounds(bounds, { padding: [8, 8], animate: false });
  show();
  let home = null;
  const fit = () => {
    map.fitBounds(bounds, { padding: [8, 8], animate: false });
    home = { centre: map.getCenter(), zoom: map.getZoom() };
  };
  fit();
  new ResizeObserver(() => {
    const pixels = map.project(map.getCenter()).distanceTo(map.project(home.centre));
    const still = map.getZoom() === home.zoom && pixels < 4;
    map.invalidateSize({ animate: false, pan: !still });
    if (still) fit(); // until the reader moves the map, all of it is shown
  }).observe(map.getContainer());
  document.documentElement.dataset.ready = "yes";
})();
