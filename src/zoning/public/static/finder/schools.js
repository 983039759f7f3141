// The list without the map: schools of a stage, and for each school its streets, estates and villages.
const zonesWith = (year, stage, school) => (plan(year, stage)?.zones || []).map((zone, n) => [zone, n + 1])
  .filter(([zone, n]) => zone.includes(school) && zonesUsed(year, stage).has(n));

function kindOf(year, stage, school) {
  const zones = zonesWith(year, stage, school).map(([zone]) => zone);
  if (!zones.length) return "none";
  const alone = zones.some((zone) => zone.length === 1);
  return alone ? (zones.length > 1 ? "both" : "zone") : "shared";
}

function schoolList() {
  const year = state.year, stage = state.stage;
  const listed = DATA.schools.id.map((_, n) => n).filter((n) => seatsOf(year, stage).has(n) || zonesWith(year, stage, n).length);
  const towns = new Map();
  for (const school of listed) {
    const town = DATA.schools.town[school];
    if (!towns.has(town)) towns.set(town, []);
    towns.get(town).push(school);
  }
  const groups = [...towns].map(([town, schools]) => make("section", { cls: "card" },
    town ? make("h3", {}, bdi(town)) : null,
    make("ul", { cls: "rows" }, ...schools.map((school) => make("li", {}, schoolRow(school))))));
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(), oldYear(),
    make("h2", { cls: "medium", text: T("list_title", { stage: stageName(stage) }) }), p(T("list_text", { n: number(listed.length) }))));
  el("details").replaceChildren(...groups);
  showOnMap({});
}

function schoolRow(school) {
  const kind = kindOf(state.year, state.stage, school);
  const row = button("", () => go({ school, view: "find", q: "", at: null }), "row");
  const seats = seatsOf(state.year, state.stage).get(school);
  const facts = [T(DATA.schools.private[school] && kind === "none" ? "zone_private" : `zone_${kind}`),
    seats ? T("seats", { n: number(seats) }) : ""].filter(Boolean);
  row.append(make("span", {}, bdi(schoolName(school))), make("span", { cls: "quiet", text: facts.join(" · ") }));
  return row;
}

// Entries of a school: those in its blocks, and the exceptions that lead to it; without those that lead away.
function entriesOf(year, stage, school) {
  const zones = new Set(zonesWith(year, stage, school).map(([, zone]) => zone));
  const of = zoneOf(year, stage);
  return entries.filter((e) => {
    const exception = e.exception?.[0] === stage ? e.exception[1] : null;
    if (exception !== null) return exception === school;
    return !e.exception && zones.has(of[e.block]);
  });
}

function grouped(list) {
  const towns = new Map();
  for (const entry of list) {
    const town = DATA.towns[townOf[entry.block]] ?? "";
    if (!towns.has(town)) towns.set(town, new Map());
    const kinds = towns.get(town);
    if (!kinds.has(entry.kind)) kinds.set(entry.kind, new Map());
    const byName = kinds.get(entry.kind);
    if (!byName.has(entry.name)) byName.set(entry.name, []);
    byName.get(entry.name).push(entry);
  }
  return towns;
}

// Ranges of one side that follow each other are one range to the reader; exceptions stay by themselves.
function mergedRanges(same, parity) {
  const step = parity ? 2 : 1, found = [];
  const side = same.filter((e) => ranged(e) && !e.exception && e.parity === parity && e.first !== null && e.last !== null)
    .sort((a, b) => a.first - b.first);
  for (const { first, last } of side) {
    const before = found.at(-1);
    if (before && first <= before.last + step) before.last = Math.max(before.last, last);
    else found.push({ first, last, parity: 0 });
  }
  return found.map(rangeText);
}

function numbersOf(same, away) {
  const lines = [];
  for (const parity of [0, 1, 2]) {
    const ranges = mergedRanges(same, parity);
    if (ranges.length) lines.push(`${parity ? `${T(["", "odd", "even"][parity])} ` : ""}${join(ranges)}`);
  }
  const open = same.filter((e) => ranged(e) && (e.first === null || e.last === null || e.parity > 2) && !e.exception);
  const special = same.filter((e) => e.exception).map((e) => T("by_exception", { range: rangeText(e) }));
  lines.push(...open.map(rangeText), ...special);
  if (away.length) lines.push(T("except", { what: join(away.map((e) => `${rangeText(e)} → ${schoolName(e.exception[1])}`)) }));
  return lines;
}

function placesOf(school, list) {
  const order = new Intl.Collator(chinese() ? "zh-CN" : "en");
  const away = entries.filter((e) => e.exception?.[0] === state.stage && e.exception[1] !== school);
  const sections = [];
  for (const [town, kinds] of [...grouped(list)].sort((a, b) => order.compare(a[0], b[0]))) {
    const parts = [];
    for (const kind of [...kinds.keys()].sort((a, b) => KIND_ORDER.indexOf(a) - KIND_ORDER.indexOf(b))) {
      const byName = [...kinds.get(kind).values()].sort((a, b) => order.compare(entryName(a[0]), entryName(b[0])));
      const lines = byName.map((same) => {
        const blocks = new Set(same.map((e) => e.block));
        const left = away.filter((e) => e.name === same[0].name && blocks.has(e.block));
        return make("li", {}, bdi(entryName(same[0])),
          make("span", { cls: "numbers" }, ...numbersOf(same, left).map((text) => make("span", { text }))));
      });
      parts.push(make("h4", { text: T(`kinds_${kind}`, { n: number(byName.length) }) }),
        make("ul", { cls: kind === "street" ? "places streets" : "places" }, ...lines));
    }
    sections.push(make("section", { cls: "card places-card" }, make("h3", {}, bdi(town || T("elsewhere"))), ...parts));
  }
  return sections;
}

function changesOf(school) {
  const other = otherYear();
  if (other === undefined || !plan(other, state.stage)) return null;
  const [earlier, later] = [Math.min(other, state.year), Math.max(other, state.year)];
  const [before, after] = [earlier, later].map((year) => entriesOf(year, state.stage, school));
  const [had, has] = [new Set(before), new Set(after)];
  const gained = after.filter((e) => !had.has(e)), lost = before.filter((e) => !has.has(e));
  const title = make("h3", { text: T("change", { a: schoolYear(earlier), b: schoolYear(later) }) });
  if (!gained.length && !lost.length) return make("section", { cls: "card" }, title, p(T("unchanged_school")));
  const part = (key, list) => (list.length ? [make("h4", { text: T(key, { n: number(list.length) }) }),
    make("ul", { cls: "places streets" }, ...list.map((e) => make("li", {}, bdi(entryName(e)),
      ranged(e) ? make("span", { cls: "numbers", text: rangeText(e) }) : null)))] : []);
  return make("section", { cls: "card moved" }, title, ...part("gained", gained), ...part("lost", lost), p(both(DATA.notice.transition)));
}

function showSchool(school) {
  const kind = kindOf(state.year, state.stage, school);
  const stages = LEVELS.map((_, n) => n).filter((n) => n !== state.stage
    && (seatsOf(state.year, n).has(school) || zonesWith(state.year, n, school).length));
  const shares = zonesWith(state.year, state.stage, school).map(([zone]) => zone).filter((zone) => zone.length > 1);
  const partners = [...new Set(shares.flat())].filter((one) => one !== school);
  const list = entriesOf(state.year, state.stage, school);
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T(`chip_${kind}`), BASIS_CHIP[kind] || "one")), oldYear(),
    DATA.schools.town[school] ? make("p", { cls: "where" }, bdi(DATA.schools.town[school])) : null,
    make("h2", { cls: "big" }, bdi(schoolName(school))), schoolFacts(school, -1),
    p(T(DATA.schools.private[school] && kind === "none" ? "school_private" : `school_${kind}`))));
  el("details").replaceChildren(...[
    partners.length ? callout("shared", T("shares_with"), make("ul", { cls: "rows" }, ...partners.map((one) => make("li", {}, toSchool(one, "row"))))) : null,
    stages.length ? make("p", { cls: "also" }, T("also_stage"), " ", ...stages.map((n) => button(capital(stageName(n)), () => go({ stage: n }), "link"))) : null,
    list.length ? make("h2", { cls: "medium", text: T("places", { n: number(list.length) }) }) : null,
    ...placesOf(school, list), changesOf(school),
    make("div", { cls: "actions" }, button(T("all_schools"), () => go({ view: "list", school: -1 }), "quietbutton"),
      button(T("copy_link"), copyLink, "quietbutton"), button(T("print"), () => window.print(), "quietbutton"))].filter(Boolean));
  showOnMap({ schools: [school], zone: school });
}
