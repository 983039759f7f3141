// The panel: what was picked, the scorecard, the schools, the notes.
const SVG = "http://www.w3.org/2000/svg";
function drawn(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function bars(values, shown, limit, title) {
  const width = 340, height = 92, base = 74, top = 16;
  const highest = Math.max(1, limit || 0, ...values);
  const step = width / values.length;
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: "bars", role: "img", "aria-label": title });
  values.forEach((value, i) => {
    const tall = Math.max(1, (base - top) * Math.max(0, value) / highest);
    const middle = step * (i + 0.5);
    const now = DATA.years[i] === stage().year;
    svg.append(drawn("rect", { x: middle - step * 0.31, y: base - tall, width: step * 0.62, height: tall, rx: 2,
      class: now ? "now" : "" }));
    svg.append(drawn("text", { x: middle, y: base - tall - 4, class: "value" }, shown(value)));
    svg.append(drawn("text", { x: middle, y: height - 4 }, DATA.years[i]));
  });
  if (limit) {
    const y = base - (base - top) * limit / highest;
    svg.append(drawn("line", { x1: 0, x2: width, y1: y, y2: y }));
  }
  return svg;
}

function rows(pairs) {
  const terms = make("dl");
  for (const [name, value] of pairs) {
    if (value === null || value === "") continue;
    const entry = make("dd");
    entry.append(...(Array.isArray(value) ? value : [value]));
    terms.append(make("dt", { text: name }), entry);
  }
  return terms;
}
const link = (school) => make("button", { type: "button", cls: "link", text: schoolName(school),
  on: { click: () => pick({ kind: "school", index: school }, true) } });
const links = (schools) => (schools.length ? schools.flatMap((s, i) => (i ? [chinese() ? "、" : ", ", link(s)]
  : [link(s)])) : [T("no_zone")]);

function blockDetail(block) {
  const now = stage();
  const title = make("h3", { text: blockName(block) });
  if (moved(block)) title.append(make("span", { cls: "badge moved", text: T("moved") }));
  if (added(block)) title.append(make("span", { cls: "badge", text: T("added") }));
  const parts = [make("p", { cls: "kind", text: T("a_block") }), title, rows([
    [T("block_id"), DATA.blocks.id[block]],
    [T("town"), townName(block)],
    [T("place_class"), T(`place_${DATA.blocks.place[block]}`)],
    [T("school_now"), links(schoolsOf(block))],
    [T("school_before"), now.before ? links(beforeOf(block)) : null],
    [T("journey"), now.minutes ? minutes(now.minutes[block]) : null],
    [T("journey_before"), now.minutes_before && moved(block) ? minutes(now.minutes_before[block]) : null],
  ])];
  parts.push(...why(block));
  if (now.children) {
    parts.push(make("h4", { text: T("children_of", { stage: both(now.label) }) }));
    parts.push(bars(now.children[block], children, null, T("children_of", { stage: both(now.label) })));
  }
  return parts;
}

// Why this school and not the nearer one, and what that costs each pupil.
function why(block) {
  const reasons = stage().reasons;
  if (!reasons || reasons.of[block] < 0) return [];
  const near = reasons.nearest[block];
  const other = near >= 0 && !schoolsOf(block).includes(near);
  return [make("h4", { text: T("why") }), make("p", { cls: "why", text: both(reasons.texts[reasons.of[block]]) }), rows([
    [T("nearest"), other ? [link(near)] : null],
    [T("extra"), other ? T("minutes", { n: number(reasons.extra[block] / 10, 1) }) : null],
  ])];
}

// Over its seats as printed: 100.3 % reads as 100 %.
const isFull = (use) => Math.round(use * 100) > 100;

function schoolDetail(school) {
  const seats = stage().seats[school];
  const title = make("h3", { text: schoolName(school) });
  if (!seats) return [make("p", { cls: "kind", text: T("a_school") }), title, make("p", { text: T("not_here") })];
  const use = useOf(school);
  const zone = DATA.blocks.id.map((_, b) => b).filter((b) => schoolsOf(b).includes(school));
  const badge = use === null ? "–" : make("span", { cls: `badge ${isFull(use) ? "bad" : "good"}`, text: share(use) });
  const parts = [make("p", { cls: "kind", text: T(DATA.schools.site[school] ? "a_site" : "a_school") }), title, rows([
    [T("school_id"), DATA.schools.id[school]],
    [T("town"), DATA.schools.town[school]],
    [T("ownership"), T(DATA.schools.private[school] ? "private" : "public")],
    [T("capacity"), inUnit(seats.capacity, "pupils")],
    [T("pupils_in", { year: schoolYear(DATA.years[state.year] || stage().year) }),
      seats.pupils ? inUnit(seats.pupils[state.year], "pupils") : null],
    [T("utilisation"), seats.pupils ? badge : null],
    [T("zone"), T("unit_blocks", { n: number(zone.length) })],
    [T("price"), seats.price ? T("price_value", { n: number(seats.price / 60, 1) }) : null],
  ])];
  if (seats.pupils) {
    parts.push(make("h4", { text: T("pupils_by_year") }));
    parts.push(bars(seats.pupils, (value) => number(value), seats.capacity, T("pupils_by_year")));
  }
  return parts;
}

function showDetail() {
  const picked = state.picked;
  const parts = !picked ? [make("p", { cls: "hint", text: T("hint") })]
    : picked.kind === "block" ? blockDetail(picked.index) : schoolDetail(picked.index);
  el("detail").replaceChildren(...parts);
}

function tile(value, name, cls) {
  return make("div", { cls: `tile ${cls || ""}` }, make("b", { text: value }), make("span", { text: name }));
}

function showSummary() {
  const now = stage();
  const tiles = [];
  if (now.total !== null) tiles.push(tile(number(now.total), T("tile_pupils", { year: schoolYear(now.year) })));
  tiles.push(tile(number(Object.keys(now.seats).length), T("tile_schools")));
  if (now.mean_s !== null) tiles.push(tile(T("minutes", { n: number(now.mean_s / 60, 1) }), T("tile_journey")));
  if (now.before) {
    const count = DATA.blocks.id.filter((_, b) => moved(b)).length;
    tiles.push(tile(number(count), T("tile_moved")));
  }
  const proof = now.proof;
  if (proof) {
    const over = proof.over > 0 ? "tile_no_gap" : "tile_gap";
    tiles.push(tile(proof.gap === null ? "–" : share(proof.gap, 2), T(over, { over: number(proof.over, 1) }), "proof"));
    tiles.push(tile(number(proof.bound / 3600, 0), T("tile_bound"), "proof"));
  }
  const parts = [make("h2", { text: T("summary", { stage: both(now.label), year: schoolYear(now.year) }) }),
    make("div", { cls: "tiles" }, ...tiles)];
  if (proof) {
    parts.push(make("p", { cls: "kind", text: T("proof", { cost: number(proof.cost / 3600, 0),
      bound: number(proof.bound / 3600, 0), seed: proof.seed, iterations: number(proof.iterations) }) }));
  }
  if (now.binds.length) parts.push(make("h2", { text: T("binds") }), make("p", { cls: "kind", text: T("binds_hint") }),
    binding(now.binds));
  if (now.measures.length) {
    const judged = now.measures.filter((measure) => measure.ok !== null);
    const fields = { kept: number(judged.filter((measure) => measure.ok).length), all: number(judged.length) };
    parts.push(make("h2", { text: T("scorecard") }), scorecard(now.measures));
    if (judged.length) parts.splice(-1, 0, make("p", { cls: "kind verdict", text: T("norms_kept", fields) }));
  }
  el("summary").replaceChildren(...parts);
}

const DEAREST = 8;
function binding(binds) {
  const some = binds.length > DEAREST + 2 && !state.everyBind;
  const body = make("tbody");
  for (const bind of some ? binds.slice(0, DEAREST) : binds) {
    body.append(make("tr", {}, make("td", {}, ...links(bind.schools), make("small", { text: both(bind.rule) })),
      make("td", { cls: "n", text: T("minutes", { n: number(bind.minutes, 1) }) })));
  }
  const head = make("tr", {}, make("th", { scope: "col", text: T("binds_at") }),
    make("th", { cls: "n", scope: "col", text: T("binds_saves") }));
  const table = make("table", { cls: "binds" }, make("thead", {}, head), body);
  if (!some) return table;
  const more = make("button", { type: "button", cls: "more", text: T("every_bind", { n: number(binds.length) }),
    on: { click: () => {
      state.everyBind = true;
      showSummary();
      el("summary").querySelectorAll(".binds .link")[DEAREST].focus();
    } } });
  return make("div", {}, table, more);
}

function scorecard(measures) {
  const bodies = [];
  for (const measure of measures) {
    const group = measure.id.split(".")[0];
    if (!bodies.length || bodies.at(-1).dataset.group !== group) {
      const title = make("th", { scope: "rowgroup", colspan: 3, text: T(`group_${group}`) });
      bodies.push(make("tbody", { cls: "group", "data-group": group }, make("tr", {}, title)));
    }
    const name = make("td", { text: both(measure.label) });
    if (measure.source) name.append(make("small", { text: T("norm", { limit: inUnit(measure.limit, measure.unit),
      source: measure.source }) }));
    const verdict = measure.ok === null ? "" : make("span", { cls: `badge ${measure.ok ? "good" : "bad"}`,
      text: measure.ok ? `✓ ${T("pass")}` : `✗ ${T("fail")}` });
    bodies.at(-1).append(make("tr", { "data-measure": measure.id }, name,
      make("td", { cls: "n", text: inUnit(measure.value, measure.unit) }), make("td", { cls: "n" }, verdict)));
  }
  const head = make("tr", {}, make("th", { scope: "col", text: T("measure") }),
    make("th", { cls: "n", scope: "col", text: T("value") }), make("th", { cls: "n", scope: "col", text: T("held") }));
  return make("table", {}, make("thead", {}, head), ...bodies);
}

const FULLEST = 20;
function showSchools() {
  const body = make("tbody");
  const all = Object.keys(stage().seats).map(Number);
  all.sort((a, b) => (useOf(b) ?? -1) - (useOf(a) ?? -1) || a - b);
  const some = all.length > FULLEST + 5 && !state.every;
  for (const school of some ? all.slice(0, FULLEST) : all) {
    const seats = stage().seats[school];
    const use = useOf(school);
    const cell = make("td", { cls: "n", text: share(use) });
    if (use !== null) {
      const fill = make("i");
      fill.style.width = `${Math.min(100, use * 100)}%`;
      fill.style.background = isFull(use) ? "#b3261e" : "#0c6b82";
      cell.append(make("div", { cls: "meter" }, fill));
    }
    const name = make("td", {}, link(school));
    if (seats.price >= 30) name.append(make("small", { text: T("price_short", { n: number(seats.price / 60, 1) }) }));
    body.append(make("tr", {}, name,
      make("td", { cls: "n", text: seats.pupils ? number(seats.pupils[state.year]) : "–" }),
      make("td", { cls: "n", text: number(seats.capacity) }), cell));
  }
  const heads = ["school", "pupils", "capacity_short", "utilisation"].map((key, i) =>
    make("th", { cls: i ? "n" : "", scope: "col", text: T(key) }));
  el("schools").replaceChildren(make("h2", { text: T("schools_of", { year:
    schoolYear(DATA.years[state.year] || stage().year) }) }),
    make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body));
  if (!some) return;
  el("schools").append(make("button", { type: "button", cls: "more", text: T("every_school", { n: number(all.length) }),
    on: { click: () => {
      state.every = true;
      showSchools();
      el("schools").querySelectorAll(".link")[FULLEST].focus();
    } } }));
}

function showNotes() {
  const now = stage();
  const parts = [];
  for (const [key, items] of [["rules", now.rules], ["notes", now.notes], ["findings", DATA.findings]]) {
    if (!items.length) continue;
    parts.push(make("h2", { text: T(key) }), make("ul", { cls: "notes" },
      ...items.map((item) => make("li", { text: both(item) }))));
  }
  el("notes").replaceChildren(...parts);
}

function showAbout() {
  const facts = [
    DATA.attribution,
    DATA.data_date && T("data_date", { date: DATA.data_date }),
    DATA.map_approval ? T("approval", { number: DATA.map_approval }) : T("no_approval"),
    DATA.digest && T("digest", { digest: DATA.digest }),
    T("plan_digest", { digest: stage().digest }),
    T("no_boundary"),
    T("made_by"),
  ];
  el("about").replaceChildren(...facts.filter(Boolean).map((text) => make("p", { text })));
}
