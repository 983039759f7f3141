// What was asked for stands in the address of the page, so that a link, the back button and a print all say it.
function parsed() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const stage = LEVELS.indexOf(asked.get("stage"));
  const first = Math.max(0, LEVELS.indexOf("primary"));
  const year = Number(asked.get("year"));
  const at = (asked.get("at") || "").split(",").map((one) => (one.trim() ? Number(one) : NaN));
  const placed = at.length === 2 && at.every(Number.isFinite);
  const school = DATA.schools.id.indexOf(asked.get("school"));
  // What the link asks for and the page does not hold is said, not passed over.
  const wrong = [["year", !YEARS.includes(year)], ["stage", stage < 0], ["school", school < 0], ["at", !placed]]
    .filter(([key, missing]) => asked.get(key) && missing).map(([key]) => [`wrong_${key}`, asked.get(key).slice(0, 24)]);
  return settled({
    lang: ["zh", "en"].includes(asked.get("lang")) ? asked.get("lang") : DATA.lang,
    year: YEARS.includes(year) ? year : DATA.main,
    wrong,
    stage: stage < 0 ? first : stage,
    q: (asked.get("q") || "").slice(0, 200),
    school,
    view: asked.get("view") === "list" ? "list" : "find",
    at: placed ? at : null,
  }, asked.has("stage") && stage >= 0);
}

// A school is shown in a stage that it teaches; where another was asked for, that is said.
function settled(found, named) {
  if (found.view === "list" || found.school < 0 || served(found.school, found.stage)) return found;
  const able = LEVELS.findIndex((_, stage) => served(found.school, stage));
  if (able < 0) return found;
  const wrong = named ? [...found.wrong, ["wrong_school_stage", found.stage]] : found.wrong;
  return { ...found, stage: able, wrong };
}

function hash() {
  const words = { year: state.year, stage: LEVELS[state.stage] };
  if (state.view === "list") words.view = "list";
  else if (state.school >= 0) words.school = DATA.schools.id[state.school];
  else if (state.q) words.q = state.q;
  else if (state.at) words.at = state.at.map((v) => v.toFixed(5)).join();
  if (state.lang !== DATA.lang) words.lang = state.lang;
  return `#${new URLSearchParams(words)}`;
}

const served = (school, stage) => YEARS.some((year) => offers(year, stage, school));

// Where this page is published, or where it was opened; with what it shows.
const linkOf = (shown) => (DATA.notice.url || location.href).split("#")[0] + shown;

// On paper the address of what is shown, its letters as one reads them; a file's own place says nothing to others.
function paperLink() {
  const link = linkOf(hash());
  return /^https?:/i.test(link) ? link.replace(/(%[89A-F][0-9A-F])+/gi, decodeURIComponent) : "";
}

function wrongLine([key, asked]) {
  const list = key === "wrong_school_stage" ? button(T("list_title", { stage: stageName(asked) }),
    () => go({ stage: asked, school: -1, view: "list" }), "link") : null;
  return make("p", { cls: "oldyear" }, ...sentence(key, { asked: list ? stageName(asked) : bdi(asked), year: schoolYear(state.year),
    stage: stageName(state.stage), school: state.school >= 0 ? bdi(schoolName(state.school)) : "" }), " ", list);
}
