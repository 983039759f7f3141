// The list without the map: schools of a stage, and for each school its streets, estates and villages.
const zonesWith = (year, stage, school) => (plan(year, stage)?.zones || []).map((zone, n) => [zone, n + 1])
  .filter(([zone, n]) => zone.includes(school) && zonesUsed(year, stage).has(n));

function kindOf(year, stage, school) {
  const zones = zonesWith(year, stage, school).map(([zone]) => zone);
  if (!zones.length) return excepted(stage).has(school) ? "exception" : "none";
  const alone = zones.some((zone) => zone.length === 1);
  return alone ? (zones.length > 1 ? "both" : "zone") : "shared";
}

function schoolList() {
  const year = state.year, stage = state.stage;
  const listed = DATA.schools.id.map((_, n) => n).filter((n) => offers(year, stage, n));
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

// Every answer of a piece that the page knows; where the address alone does not tell there is none.
const toldOf = once((year, stage) => pieces().filter((one) => one.match.block >= 0)
  .map((one) => ({ ...one, ...answerOf(one.match, year, stage), zoned: schoolsAt(year, stage, one.match.block) })));
const listOf = (year, stage, school) => toldOf(year, stage).filter((one) => one.schools.includes(school));
// Schools that single addresses lead to, whatever their block.
const excepted = once((stage) => new Set(entries.filter((e) => e.exception?.[0] === stage).map((e) => e.exception[1])));
const offers = (year, stage, school) => Boolean(plan(year, stage))
  && (seatsOf(year, stage).has(school) || zonesWith(year, stage, school).length > 0 || excepted(stage).has(school));

function grouped(list) {
  const towns = new Map();
  for (const entry of list) {
    const town = DATA.towns[entry.town] ?? "";
    if (!towns.has(town)) towns.set(town, new Map());
    const kinds = towns.get(town);
    if (!kinds.has(entry.kind)) kinds.set(entry.kind, new Map());
    const byName = kinds.get(entry.kind);
    if (!byName.has(entry.name)) byName.set(entry.name, []);
    byName.get(entry.name).push(entry);
  }
  return towns;
}

function numbersOf(same, away) {
  const lines = [];
  const own = joinedNumbers(same.filter((one) => ranged(one) && one.basis !== "exception"));
  for (const parity of [0, 1, 2]) {
    const side = own.filter((span) => span.parity === parity).map((span) => rangeText({ ...span, parity: 0 }));
    if (side.length) lines.push(`${parity ? `${T(["", "odd", "even"][parity])} ` : ""}${join(side)}`);
  }
  lines.push(...joinedPieces(same.filter((one) => one.basis === "exception")).map((one) => T("by_exception", { range: rangeText(one) })));
  const left = new Map();
  for (const one of away) {
    const [school] = one.schools;
    if (left.has(school)) left.get(school).push(one); else left.set(school, [one]);
  }
  const gone = [...left].flatMap(([school, list]) => joinedPieces(list).map((one) => `${rangeText(one)} → ${schoolName(school)}`));
  if (gone.length) lines.push(T("except", { what: join(gone) }));
  return lines;
}

const PLACE_ORDER = ["estate", "village", "street", "area"];

function placesOf(school, list) {
  const order = new Intl.Collator(chinese() ? "zh-CN" : "en");
  const away = toldOf(state.year, state.stage).filter((one) => one.zoned.includes(school) && !one.schools.includes(school));
  const sections = [];
  for (const [town, kinds] of [...grouped(list)].sort((a, b) => order.compare(a[0], b[0]))) {
    const parts = [];
    for (const kind of [...kinds.keys()].sort((a, b) => PLACE_ORDER.indexOf(a) - PLACE_ORDER.indexOf(b))) {
      const byName = [...kinds.get(kind).values()].sort((a, b) => order.compare(entryName(a[0]), entryName(b[0])));
      const lines = byName.map((same) => {
        const left = away.filter((one) => one.name === same[0].name && one.town === same[0].town);
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
  const [had, has] = [earlier, later].map((year) => toldOf(year, state.stage).map((one) => one.schools.includes(school)));
  const differing = (one, two) => joinedPieces(toldOf(later, state.stage).filter((_, n) => one[n] && !two[n]));
  const gained = differing(has, had), lost = differing(had, has);
  const title = make("h3", { text: T("change", { a: schoolYear(earlier), b: schoolYear(later) }) });
  if (!gained.length && !lost.length) return make("section", { cls: "card" }, title, p(T("unchanged_school")));
  const part = (key, list) => (list.length ? [make("h4", { text: T(key, { n: number(list.length) }) }),
    make("ul", { cls: "places streets" }, ...list.map((e) => make("li", {}, bdi(entryName(e)),
      ranged(e) ? make("span", { cls: "numbers", text: rangeText(e) }) : null)))] : []);
  return make("section", { cls: "card moved" }, title, ...part("gained", gained), ...part("lost", lost), p(both(DATA.notice.transition)));
}

function showSchool(school) {
  const kind = kindOf(state.year, state.stage, school);
  const stages = LEVELS.map((_, n) => n).filter((n) => n !== state.stage && offers(state.year, n, school));
  const shares = zonesWith(state.year, state.stage, school).map(([zone]) => zone).filter((zone) => zone.length > 1);
  const partners = [...new Set(shares.flat())].filter((one) => one !== school);
  const list = listOf(state.year, state.stage, school);
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T(`chip_${kind}`), BASIS_CHIP[kind] || "one")), oldYear(),
    DATA.schools.town[school] ? make("p", { cls: "where" }, bdi(DATA.schools.town[school])) : null,
    make("h2", { cls: "big" }, bdi(schoolName(school))), schoolFacts(school, -1),
    p(T(DATA.schools.private[school] && kind === "none" ? "school_private" : `school_${kind}`))));
  el("details").replaceChildren(...[
    partners.length ? callout("shared", T("shares_with"), make("ul", { cls: "rows" }, ...partners.map((one) => make("li", {}, toSchool(one, "row"))))) : null,
    stages.length ? make("p", { cls: "also" }, T("also_stage"), " ", ...stages.map((n) => button(capital(stageName(n)), () => go({ stage: n }), "link"))) : null,
    list.length ? make("h2", { cls: "medium", text: T("places", { n: number(new Set(list.map((one) => `${one.name},${one.town}`)).size) }) }) : null,
    ...placesOf(school, list), changesOf(school),
    make("div", { cls: "actions" }, button(T("all_schools"), () => go({ view: "list", school: -1 }), "quietbutton"),
      button(T("copy_link"), copyLink, "quietbutton"), button(T("print"), () => window.print(), "quietbutton"))].filter(Boolean));
  showOnMap({ schools: [school], zone: school });
}
