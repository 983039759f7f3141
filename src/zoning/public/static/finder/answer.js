// The answer: which school, since when, why, how sure, and what to do next. Text first, the map comes second.
const chip = (text, kind) => make("span", { cls: `chip ${kind || ""}`, text });
const callout = (kind, title, ...inside) => make("div", { cls: `callout ${kind}` }, make("h3", { text: title }), ...inside);
const toSchool = (school, cls) => button(schoolName(school), () => go({ school, q: "", at: null }), cls || "link");
const office = () => both(DATA.notice.office) || T("the_office");
const callOffice = () => (DATA.notice.phone ? sentence("call_office", { office: office(), phone: call(DATA.notice.phone) })
  : sentence("ask_office", { office: office() }));
const isOther = () => state.year !== DATA.main;
const otherYear = () => YEARS.find((year) => year !== state.year);

function kicker(extra) {
  return make("p", { cls: "kicker" }, make("span", { text: T("year_of", { year: schoolYear(state.year) }) }),
    make("span", { text: capital(stageName(state.stage)) }), extra);
}

function oldYear() {
  if (!isOther()) return null;
  return make("p", { cls: "oldyear" }, T("old_year", { year: schoolYear(state.year), main: schoolYear(DATA.main) }), " ",
    button(T("to_year", { year: schoolYear(DATA.main) }), () => go({ year: DATA.main }), "link"));
}

function schoolFacts(school, block) {
  const facts = [];
  const minutes = block >= 0 ? minutesTo(state.stage, block, school) : null;
  if (minutes !== null) facts.push(make("li", {}, make("b", { text: minutesText(state.stage, minutes) })));
  if (block >= 0 && straight(block, school) !== null) {
    facts.push(make("li", { text: T("line", { d: distance(straight(block, school)) }) }));
  }
  const seats = seatsOf(state.year, state.stage).get(school);
  if (seats) facts.push(make("li", { text: T("seats", { n: number(seats) }) }));
  if (DATA.schools.phone[school]) facts.push(make("li", {}, `${T("school_phone")} `, call(DATA.schools.phone[school])));
  return make("ul", { cls: "facts" }, ...facts);
}

function schoolsBlock(answer, block) {
  if (!answer.schools.length) return make("h2", { cls: "big none", text: T("no_zone") });
  const list = make("ul", { cls: `schools${answer.schools.length > 1 ? " many" : ""}` }, ...answer.schools.map((school) =>
    make("li", {}, make("h2", { cls: "big" }, bdi(schoolName(school))), schoolFacts(school, block))));
  return list;
}

const BASIS_CHIP = { zone: "one", shared: "shared", exception: "exception", none: "none" };

function notices(result, answer) {
  const found = [];
  if (result.quality === "name") found.push(callout("none", T("name_title"), p(T("match_name")), p(T("name_text"))));
  if (answer.basis === "shared") {
    found.push(callout("shared", T("shared_title", { n: answer.schools.length }), p(T("shared_text")), p(T("shared_next"))));
  }
  if (answer.basis === "exception") {
    const zoned = schoolsAt(state.year, state.stage, result.block);
    found.push(callout("exception", T("exception_title"), make("p", {}, ...sentence("exception_text",
      { zoned: zoned.length ? bdi(join(zoned.map(schoolName))) : T("no_zone") }))));
  }
  if (answer.basis === "none") found.push(callout("none", T("none_title"), p(T("none_text"))));
  const others = zonesNear(state.year, state.stage, result.block)
    .filter((zone) => !zone.every((school) => answer.schools.includes(school)));
  if (others.length && answer.basis !== "exception") {
    const around = join(others.map((zone) => zone.map(schoolName).join(" + ")));
    found.push(callout("near", T("near_title"), make("p", {}, ...sentence("near_text",
      { m: number(DATA.notice.near_m), schools: bdi(around) }))));
  }
  if (result.quality === "click") {
    const special = exceptionsIn(result.block);
    if (special.length) {
      found.push(callout("exception", T("special_title"), p(T("special_text")),
        make("ul", {}, ...special.map((e) => make("li", {}, bdi(`${entryName(e)} ${rangeText(e)}`), " → ", bdi(schoolName(e.exception[1])))))));
    }
  }
  return found;
}

const exceptionsIn = (block) => (entriesAt().get(block) || []).map((n) => entries[n])
  .filter((e) => e.exception && e.exception[0] === state.stage);

function reasonText(block, school) {
  const parts = reasonParts(state.year, state.stage, block);
  if (!parts) return "";
  if (parts.nearest) return T("reason_nearest", { school: schoolName(school) });
  return parts.sentence[chinese() ? 1 : 0].replace(/\x01(\d+)\x01/g, (whole, n) => {
    const value = parts.values[n];
    return typeof value === "number" ? schoolName(value) : value;
  });
}

function why(result, answer) {
  const rows = [];
  const row = (term, ...inside) => rows.push(make("dt", { text: term }), make("dd", {}, ...inside));
  if (both(DATA.notice.rule)) row(T("why_rule"), both(DATA.notice.rule));
  row(T("why_kind"), T(`basis_${answer.basis}`));
  row(T("why_match"), T(`match_${result.quality}`));
  const reason = answer.basis === "exception" || !answer.schools.length ? "" : reasonText(result.block, answer.schools[0]);
  if (reason) row(T("why_reason"), bdi(reason));
  if (DATA.stages[state.stage].journeys) row(T("why_way"), T(estimated(state.stage) ? "why_way_estimated" : `why_way_${mode(state.stage)}`));
  return make("section", { cls: "card" }, make("h3", { text: T(answer.schools.length ? "why" : "why_none") }), make("dl", {}, ...rows));
}

function around(result, answer) {
  if (result.block < 0) return null;
  const rows = journeysFrom(state.stage, result.block).filter(([school]) =>
    seatsOf(state.year, state.stage).has(school) || answer.schools.includes(school));
  if (!rows.length) return null;
  const seats = seatsOf(state.year, state.stage);
  const body = rows.map(([school, minutes]) => {
    const own = answer.schools.includes(school);
    return make("tr", { cls: own ? "own" : null },
      make("th", { scope: "row" }, toSchool(school), own ? make("span", { cls: "tag", text: T("yours") }) : null),
      make("td", { cls: "n", text: number(minutes) }),
      make("td", { cls: "n", text: distance(straight(result.block, school)) }),
      make("td", { cls: "n", text: seats.has(school) ? number(seats.get(school)) : "–" }));
  });
  const head = ["around_school", `around_${mode(state.stage)}`, "around_line", "around_seats"]
    .map((key, n) => make("th", { scope: "col", cls: n ? "n" : null, text: T(key) }));
  return make("section", { cls: "card" }, make("h3", { text: T("around") }),
    make("table", {}, make("caption", { cls: "quiet", text: T(estimated(state.stage) ? "around_note_estimated" : "around_note") }),
      make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}

const sameSet = (a, b) => a.length === b.length && a.every((value) => b.includes(value));
const nameList = (schools) => (schools.length ? join(schools.map(schoolName)) : T("no_zone"));

function change(result, answer) {
  const other = otherYear();
  if (other === undefined || !plan(other, state.stage)) return null;
  const [earlier, later] = [Math.min(other, state.year), Math.max(other, state.year)];
  const at = (year) => answerOf(result, year, state.stage).schools;
  const [before, after] = [at(earlier), at(later)];
  const title = make("h3", { text: T("change", { a: schoolYear(earlier), b: schoolYear(later) }) });
  if (sameSet(before, after)) return make("section", { cls: "card" }, title, p(T("unchanged")));
  const least = (schools) => Math.min(...schools.map((s) => minutesTo(state.stage, result.block, s) ?? Infinity));
  const [was, is] = [least(before), least(after)];
  const cell = (year, schools) => make("div", {}, make("small", { text: schoolYear(year) }), make("b", {}, bdi(nameList(schools))));
  return make("section", { cls: "card moved" }, title,
    make("div", { cls: "fromto" }, cell(earlier, before), make("span", { cls: "arrow", "aria-hidden": "true", text: "→" }), cell(later, after)),
    Number.isFinite(was) && Number.isFinite(is) ? p(T(`way_${mode(state.stage)}`, { a: was, b: is }) + (estimated(state.stage) ? ` ${T("way_estimated")}` : "")) : null,
    p(both(DATA.notice.transition)),
    DATA.notice.siblings === null ? null : p(T(DATA.notice.siblings ? "siblings_yes" : "siblings_no")));
}

function nextStep(answer) {
  const key = `next_${answer.basis}`;
  return make("section", { cls: "card next" }, make("h3", { text: T("next") }), p(T(key)), make("p", {}, ...callOffice()));
}

function otherStages(result) {
  const rest = LEVELS.map((_, stage) => stage).filter((stage) => stage !== state.stage && plan(state.year, stage));
  if (!rest.length) return null;
  const rows = rest.map((stage) => {
    const { schools } = answerOf(result, state.year, stage);
    const said = schools.length > 2 ? T("shared_by", { n: schools.length }) : nameList(schools);
    const row = button("", () => go({ stage }), "row");
    row.append(make("span", { cls: "quiet", text: capital(stageName(stage)) }), make("span", {}, bdi(said)));
    return make("li", {}, row);
  });
  return make("section", { cls: "card" }, make("h3", { text: T("other_stages") }), make("ul", { cls: "rows" }, ...rows));
}

function actions(answer) {
  const [school] = answer.schools;
  return make("div", { cls: "actions" },
    answer.schools.length === 1 ? button(T("streets_of"), () => go({ school, q: "", at: null }), "quietbutton") : null,
    button(T("see_map"), () => el("map").scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }), "quietbutton tomap"),
    button(T("copy_link"), copyLink, "quietbutton"),
    button(T("print"), () => window.print(), "quietbutton"));
}

async function copyLink(event) {
  const shown = event.currentTarget;
  const link = linkOf(hash());
  try {
    await navigator.clipboard.writeText(link);
    shown.textContent = T("copied");
    say(T("copied"));
  } catch {
    window.prompt(T("copy_this"), link);
  }
}

// An address or a click whose block is known.
function showAnswer(result, title) {
  const answer = answerOf(result, state.year, state.stage);
  const where = DATA.towns[townOf[result.block]];
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T(`kind_${answer.basis}`), BASIS_CHIP[answer.basis])), oldYear(),
    make("p", { cls: "where" }, bdi(title), where && !title.includes(where) ? make("span", { cls: "quiet" }, " · ", bdi(where)) : null),
    make("p", { cls: "lead", text: T(answer.schools.length > 1 ? "your_schools" : answer.schools.length ? "your_school" : "no_school") }),
    schoolsBlock(answer, result.block)), ...notices(result, answer)); // read out with the school, since they qualify it
  el("details").replaceChildren(...[nextStep(answer), change(result, answer), why(result, answer),
    around(result, answer), otherStages(result), actions(answer)].filter(Boolean));
  showOnMap({ block: result.block, schools: answer.schools });
}

// Several places or ranges fit: by school, so that the reader sees what it depends on.
function showSeveral(match) {
  const chosen = piecesOf({ ...match, found: match.found.filter((_, n) => !match.each[n].why) });
  const groups = new Map();
  for (const one of chosen) {
    // Where the address alone does not tell, the blocks of its entries do.
    const told = one.match.block >= 0 ? [answerOf(one.match, state.year, state.stage).schools]
      : one.blocks.map((block) => schoolsAt(state.year, state.stage, block));
    for (const schools of told) {
      const key = schools.join();
      if (!groups.has(key)) groups.set(key, { schools, pieces: [] });
      groups.get(key).pieces.push(one);
    }
  }
  const numbers = chosen.some(ranged);
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T("kind_several"), "several")), oldYear(),
    make("p", { cls: "where" }, bdi(asSaid(match))),
    make("h2", { cls: "medium", text: T(numbers ? "several_numbers" : "several_places") }),
    p(T(numbers ? "several_numbers_text" : "several_places_text"))));
  const shown = [...groups.values()].sort((a, b) => b.pieces.length - a.pieces.length);
  const oneName = numbers && new Set(chosen.map((one) => `${one.name},${one.town}`)).size === 1;
  el("details").replaceChildren(...shown.map((group) => make("section", { cls: "card" },
    make("h3", {}, bdi(nameList(group.schools))),
    make("ul", { cls: "ranges" }, ...joinedPieces(group.pieces).slice(0, 60).map((entry) => make("li", {}, rangeButton(entry, oneName)))))),
  make("section", { cls: "card next" }, make("h3", { text: T("next") }), make("p", {}, ...callOffice())));
  showOnMap({ blocks: chosen.flatMap((one) => one.blocks), schools: [] });
}

function rangeButton(entry, bare) {
  const town = DATA.towns[townOf[entry.block]] ?? "";
  const base = askFor({ zh: names[entry.name].zh, town });
  const from = entry.first ?? (entry.parity === 2 ? 2 : 1);
  const q = ranged(entry) ? `${base}${from}${T("hao")}` : base;
  const inner = bare ? [rangeText(entry)] : [bdi(entryName(entry)), " ", make("span", { text: ranged(entry) ? rangeText(entry) : town })];
  if (book.match(q).block < 0) return make("span", { cls: "range" }, ...inner);
  const made = button("", () => go({ q, at: null, school: -1 }), "range");
  made.append(...inner);
  return made;
}

function showNothing(match) {
  const near = suggestions(state.q, 40).filter(({ within }) => !within);
  const fit = !match.found.length && near.length > 1;
  const [title, text] = nothingSaid(match, near);
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T(fit ? "kind_several" : "kind_unknown"), fit ? "several" : "none")),
    make("p", { cls: "where" }, bdi(state.q)), make("h2", { cls: "medium", text: title }), p(text)));
  const parts = [], known = match.found.filter((_, n) => match.each[n].why === "number");
  const ranges = joinedPieces(piecesOf({ ...match, found: known })).slice(0, 60);
  if (ranges.length) {
    parts.push(make("section", { cls: "card" }, make("h3", { text: T("known_numbers") }),
      make("ul", { cls: "ranges" }, ...ranges.map((e) => make("li", {}, rangeButton(e, known.length === 1))))));
  }
  if (near.length) {
    parts.push(make("section", { cls: "card" }, make("h3", { text: T("did_you_mean") }),
      make("ul", { cls: "rows" }, ...near.map(({ item }) => make("li", {}, itemButton(item))))));
  }
  parts.push(make("section", { cls: "card next" }, make("h3", { text: T("next") }),
    make("ul", {}, ...["try_town", "try_spelling", "try_map"].map((key) => make("li", { text: T(key) }))), make("p", {}, ...callOffice())));
  el("details").replaceChildren(...parts);
  showOnMap({});
}

function itemButton(item) {
  const made = button("", () => choose(item), "row");
  made.append(make("span", {}, bdi(both([item.en, item.zh]))), make("span", { cls: "quiet" }, `${T(`kind_of_${item.kind}`)} `, bdi(item.town)));
  return made;
}

// A click near the line: both sides, and no guess.
function showBetween(zones) {
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(chip(T("kind_between"), "near")), oldYear(),
    make("p", { cls: "where", text: T("clicked") }),
    make("h2", { cls: "medium", text: T("between") }), p(T("between_text", { m: number(Math.round(nearMetres())) })),
    make("ul", { cls: "rows" }, ...zones.map((zone) => make("li", { cls: "candidate" }, ...zone.flatMap((school, n) =>
      [n ? make("span", { text: " + " }) : null, toSchool(school)]))))));
  el("details").replaceChildren(make("section", { cls: "card next" }, make("h3", { text: T("next") }), p(T("between_next")),
    make("p", {}, ...callOffice())));
  showOnMap({ at: state.at });
}
const nearMetres = () => DATA.notice.near_m + 2 * DATA.grid[4];

function showNoPlan() {
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(), oldYear(), make("h2", { cls: "medium", text: T("no_plan") }),
    p(T("no_plan_text"))));
  el("details").replaceChildren(make("section", { cls: "card next" }, make("h3", { text: T("next") }), make("p", {}, ...callOffice())));
  showOnMap({});
}

function showOutside() {
  el("answer").replaceChildren(make("article", { cls: "answer" }, kicker(), make("p", { cls: "where", text: T("clicked") }),
    make("h2", { cls: "medium", text: T("outside") }), p(T("outside_text"))));
  el("details").replaceChildren();
  showOnMap({ at: state.at });
}

function showStart() {
  const tried = ["estate", "street", "village"].map((kind) => entries.find((e) => e.kind === kind && !e.exception)).filter(Boolean);
  const examples = tried.map((e) => [askFor({ zh: names[e.name].zh, town: e.kind === "village" ? DATA.towns[townOf[e.block]] ?? "" : "" })
    + (ranged(e) ? `${e.first ?? 1}${T("hao")}` : ""), ranged(e) ? ` ${e.first ?? 1}` : "", englishOf(e.name)]);
  el("answer").replaceChildren(make("div", { cls: "start" },
    make("p", { cls: "quiet", text: T("try_one") }),
    make("ul", { cls: "examples" }, ...examples.map(([q, n, en]) => make("li", {}, button(chinese() || !en ? q : en + n, () => go({ q, at: null, school: -1 }), "example"))))));
  el("details").replaceChildren();
  showOnMap({});
}
