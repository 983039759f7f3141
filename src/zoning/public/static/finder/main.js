// Shows what the state says, and hears what is typed, chosen and opened.
function go(changes) {
  const before = location.hash;
  if ("q" in changes || "at" in changes) state.view = "find";
  Object.assign(state, changes, { wrong: [] });
  Object.assign(state, settled(state, "stage" in changes));
  if (hash() !== before) history.pushState(null, "", hash());
  const stood = el("answer").contains(document.activeElement) || el("details").contains(document.activeElement);
  show();
  if (stood) {  // what had the focus is gone; the reader goes on at the answer
    el("answer").tabIndex = -1;
    el("answer").focus({ preventScroll: true });
  }
  if ("q" in changes || "school" in changes || "view" in changes) bring();
}

// What the address of the page says is shown: at the start, after the back button, and for a link put into an open page.
function opened() {
  Object.assign(state, parsed());
  if (state.school >= 0) history.replaceState(null, "", hash());
  el("q").value = state.q;
  closeList();
  show();
}

// After an answer the reader stands at it, by eye and by screen reader.
function bring(behavior = calm ? "auto" : "smooth") {
  el("q").value = state.q;
  closeList();
  const top = el("answer").getBoundingClientRect().top;
  if (top < 0 || top > Math.max(innerHeight * 0.55, innerHeight - 330)) el("answer").scrollIntoView({ block: "start", behavior });
}
const say = (text) => { el("status").textContent = text; };

function choose(item) {
  if (item.kind === "school") go({ school: item.school, q: "", at: null, view: "find" });
  else go({ q: askFor(item), at: null, school: -1, view: "find" });
}

function resolve() {
  if (!plan(state.year, state.stage)) return showNoPlan();
  if (state.view === "list") schoolList();
  else if (state.school >= 0) showSchool(state.school);
  else if (state.q) byAddress();
  else if (state.at) byPlace();
  else showStart();
}

function byAddress() {
  const match = book.match(state.q);
  if (match.block >= 0) return showAnswer(match, asSaid(match));
  if (match.quality === "several") return showSeveral(match);
  if (!match.found.length) {
    const plain = plainAddress(state.q);
    const school = DATA.schools.name.findIndex((name, n) => [name, DATA.schools.name_en[n]].some((one) => one && plainAddress(one) === plain));
    if (school >= 0) {
      if (!served(school, state.stage)) {
        const able = LEVELS.findIndex((_, stage) => served(school, stage));
        if (able >= 0) state.stage = able;
      }
      return showSchool(school);
    }
  }
  return showNothing(match);
}

function byPlace() {
  const { block, zones } = underPointer(state.at);
  if (block < 0) return showOutside();
  if (zones.length > 1) return showBetween(zones);
  return showAnswer({ block, quality: "click", exceptions: [] }, both(blockNames()[block]));
}

// Radio buttons in a row, for the year and the stage.
function segments(id, key, choices) {
  const group = el(id);
  group.hidden = choices.length < 2;
  if (group.childElementCount !== choices.length + 1) {
    group.replaceChildren(make("legend", { cls: "hidden" }), ...choices.map(([value]) => make("label", {},
      make("input", { type: "radio", name: id, value, on: { change: () => go({ [key]: value }) } }), make("span"))));
  }
  group.firstChild.textContent = T(`aria_${id}`);
  choices.forEach(([value, text, note], n) => {
    const label = group.children[n + 1];
    label.firstChild.checked = state[key] === value;
    label.lastChild.replaceChildren(make("b", { text }), ...(note ? [make("small", { text: note })] : []));
  });
}

function showFrame() {
  document.documentElement.lang = chinese() ? "zh-CN" : "en";
  el("place").textContent = both(DATA.place);
  el("title").textContent = T("heading", { year: schoolYear(state.year) });
  el("lang").textContent = chinese() ? "English" : "中文";
  el("lang").lang = chinese() ? "en" : "zh-CN";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = T(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", T(`aria_${node.dataset.label}`));
  el("q").placeholder = T("placeholder");
  segments("years", "year", YEARS.map((year) => [year, T("year_of", { year: schoolYear(year) }),
    T(year === DATA.main ? "year_main" : year < DATA.main ? "year_before" : "year_after")]));
  segments("stages", "stage", LEVELS.map((_, stage) => [stage, capital(stageName(stage))]));
  el("tab-find").setAttribute("aria-current", state.view === "list" ? "false" : "page");
  el("tab-list").setAttribute("aria-current", state.view === "list" ? "page" : "false");
  const legend = [["one", "legend_zone"], ["two", "legend_shared"], ["dot", "legend_school"],
    ...(zonesUsed(state.year, state.stage).has(0) ? [["bare", "no_zone"]] : [])];
  el("legend").replaceChildren(...legend.map(([cls, key]) => make("li", {}, make("span", { cls: `swatch ${cls}` }), capital(T(key)))));
}

function showFoot() {
  const facts = DATA.facts;
  const digests = LEVELS.map((name, stage) => [stage, plan(state.year, stage)?.digest]).filter(([, digest]) => digest)
    .map(([stage, digest]) => `${stageName(stage)} ${digest}`);
  const lines = [
    both(DATA.notice.disclaimer) || T("disclaimer"),
    T("map_never"),
  ];
  const rows = [
    ["fact_office", both(DATA.notice.office)], ["fact_phone", DATA.notice.phone], ["fact_year", schoolYear(state.year)],
    ["fact_date", facts.date], ["fact_map", facts.approval || both(DATA.notice.no_map_number) || T("map_undecided")],
    ["fact_source", facts.attribution], ["fact_data", facts.digest], ["fact_plan", digests.join(" · ")],
    ["fact_program", `zoning ${DATA.facts.version}`], ["fact_link", paperLink(), "paper"],
  ].filter(([, value]) => value);
  el("words").replaceChildren(...lines.map((text) => p(text)));
  el("facts").replaceChildren(...rows.flatMap(([key, value, cls]) => [make("dt", { cls, text: T(key) }), make("dd", { cls }, bdi(value))]));
}

// Tabs, bookmarks and paper are told apart by what was asked for.
function showSubject() {
  const subject = state.view === "list" ? T("list_title", { stage: stageName(state.stage) })
    : state.school >= 0 ? schoolName(state.school) : state.q || (state.at ? T("clicked") : "");
  const fields = { place: both(DATA.place), year: schoolYear(state.year) };
  document.title = (subject ? `${subject} · ` : "") + T("title", fields);
  document.documentElement.classList.toggle("told", Boolean(subject));
  el("printed").textContent = T(subject ? "printed" : "title", fields);
}

function show() {
  showFrame();
  say("");
  resolve();
  showSubject();
  el("answer").prepend(...state.wrong.map(wrongLine));
  showFoot();
}

// Suggestions: a combobox by keyboard, by pointer and by screen reader.
let options = [], active = -1;
function closeList() {
  options = []; active = -1;
  say("");
  el("options").hidden = true;
  el("options").replaceChildren();
  el("q").setAttribute("aria-expanded", "false");
  el("q").removeAttribute("aria-activedescendant");
}
function openList() {
  options = suggestions(el("q").value);
  active = -1;
  el("q").removeAttribute("aria-activedescendant");
  const nodes = options.map(({ item, within }, n) => {
    const node = make("li", { role: "option", id: `option-${n}`, "aria-selected": "false" },
      make("span", { cls: "name" }, bdi(within ? el("q").value.trim() : both([item.en, item.zh]))),
      make("span", { cls: "quiet" }, `${T(`kind_of_${item.kind}`)}${item.town ? " · " : ""}`, bdi(item.town)));
    node.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the field's focus
    node.addEventListener("click", () => take(n));
    return node;
  });
  el("options").replaceChildren(...nodes);
  el("options").hidden = !nodes.length;
  el("q").setAttribute("aria-expanded", String(nodes.length > 0));
  if (el("q").value.trim()) say(T(["found_none", "found_one"][nodes.length] || "found_n", { n: nodes.length }));
}
function move(to) {
  const nodes = [...el("options").children];
  if (!nodes.length) return;
  active = (to + nodes.length + 1) % (nodes.length + 1);
  if (active === nodes.length) active = -1;
  nodes.forEach((node, n) => node.setAttribute("aria-selected", String(n === active)));
  if (active < 0) el("q").removeAttribute("aria-activedescendant");
  else {
    el("q").setAttribute("aria-activedescendant", nodes[active].id);
    nodes[active].scrollIntoView({ block: "nearest" });
  }
}
function take(n) {
  const { item, within } = options[n];
  if (within) ask(); else choose(item);
}
function ask() {
  const q = el("q").value.trim();
  if (!q) { el("q").focus(); return; }
  // Letters that fit one thing only mean that thing.
  const found = suggestions(q);
  const match = book.match(q);
  if (!match.found.length && found.length === 1 && found[0].item.plain !== plainAddress(q)) choose(found[0].item);
  else go({ q, at: null, school: -1, view: "find" });
}

function listen() {
  const q = el("q");
  q.addEventListener("input", openList);
  q.addEventListener("focus", () => { if (q.value.trim() && q.value !== state.q) openList(); });
  q.addEventListener("blur", closeList);
  q.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !el("options").hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) openList();
      move(event.key === "ArrowDown" ? active + 1 : active < 0 ? options.length - 1 : active - 1);
    } else if (event.key === "Escape" && open) { event.preventDefault(); closeList(); }
    else if (event.key === "Enter") { event.preventDefault(); if (open && active >= 0) take(active); else ask(); }
  });
  el("ask").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  el("lang").addEventListener("click", () => go({ lang: chinese() ? "en" : "zh" }));
  el("tab-find").addEventListener("click", () => go({ view: "find", school: -1 }));
  el("tab-list").addEventListener("click", () => go({ view: "list", school: -1 }));
  el("whole").addEventListener("click", () => view?.home());
  el("skip").addEventListener("click", (event) => { event.preventDefault(); el("main").focus(); });
  addEventListener("popstate", opened);
}

// The same answers as a function, for whoever checks the page against the lists or the planner's program.
globalThis.schoolFinder = {
  plain: plainAddress,
  find(address, year) {
    const match = book.match(address);
    return LEVELS.map((stage, n) => {
      const { schools, basis } = answerOf(match, year, n);
      return { stage, schools: schools.map((s) => DATA.schools.id[s]).sort(), block: match.block, quality: match.quality, basis };
    });
  },
  listed: (school, year) => LEVELS.map((_, n) => joinedPieces(listOf(year, n, DATA.schools.id.indexOf(school)))
    .map((one) => [pairOf(one)[1], DATA.towns[one.town] ?? "", one.first, one.last, one.parity])),
  near: (block, year) => LEVELS.map((_, n) => zonesNear(year, n, block).map((zone) => zone.map((s) => DATA.schools.id[s]).sort())),
  blockAt: (lat, lng) => blockAt((lng - DATA.grid[0]) / DATA.grid[2], (lat - DATA.grid[1]) / DATA.grid[3]),
  pixel: (lat, lng) => view.pixel(stepsAt([lat, lng])),
  journeys: (block) => LEVELS.map((_, n) => journeysFrom(n, block).map(([s, minutes]) => [DATA.schools.id[s], minutes])),
  straight: (block, school) => straight(block, DATA.schools.id.indexOf(school)),
};

listen();
opened();
if (state.q || state.school >= 0 || state.at) bring("auto");
document.documentElement.dataset.ready = "yes";
// The answer stands before the map is drawn.
requestAnimationFrame(() => setTimeout(() => {
  startMap();
  showOnMap(later);
  view.paint();
  document.documentElement.dataset.map = "yes";
}));
