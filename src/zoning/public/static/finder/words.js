// Words, numbers and small pieces of markup; every name goes in as text, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const state = { lang: DATA.lang, year: DATA.main, stage: 0, q: "", at: null, school: -1, view: "find", wrong: [] };
const p = (text, cls) => (text ? make("p", { text, cls }) : null);
// Chinese words within the English page are said to be so, for a screen reader's voice.
const tongue = (text) => (!chinese() && /\p{Script=Han}/u.test(text) ? "zh-CN" : null);
const button = (text, action, cls) => make("button", { type: "button", text, cls, lang: tongue(text), on: { click: action } });
// A name keeps its own direction of writing and does not turn the words around it.
const bdi = (text) => make("bdi", { text, lang: tongue(text) });

// A sentence whose fields may be nodes, such as names or buttons.
function sentence(key, fields) {
  const parts = (DATA.ui[key] || [key, key])[chinese() ? 1 : 0].split(/\{(\w+)\}/);
  return parts.map((part, n) => (n % 2 ? fields[part] ?? "" : part)).flat();
}

const number = (value) => value.toLocaleString(chinese() ? "zh-CN" : "en-GB");
const stageName = (stage) => both(DATA.stages[stage].label);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const schoolName = (school) => both([DATA.schools.name_en[school], DATA.schools.name[school]]);
const pairOf = (entry) => (entry.name < 0 ? blockNames()[-1 - entry.name] : [englishOf(entry.name), names[entry.name].zh]);
const entryName = (entry) => both(pairOf(entry));
const join = (texts) => texts.join(chinese() ? "、" : ", ");
function distance(metres) {
  if (metres === null) return "";
  return metres < 950 ? T("metres", { n: number(Math.max(50, Math.round(metres / 50) * 50)) })
    : T("kilometres", { n: (metres / 1000).toFixed(1) });
}
const mode = (stage) => DATA.stages[stage].journeys?.mode || "walk";
const estimated = (stage) => Boolean(DATA.stages[stage].journeys?.estimated);
const minutesText = (stage, n) => T(`minutes_${mode(stage)}`, { n });

function rangeText(entry) {
  const side = ["", "odd", "even", ""][entry.parity];
  if (entry.first === null && entry.last === null) return side ? T(`all_${side}`) : T("all_numbers");
  const span = entry.first === null ? T("numbers_to", { b: entry.last })
    : entry.last === null ? T("numbers_from", { a: entry.first })
      : entry.first === entry.last ? T("numbers_one", { a: entry.first }) : T("numbers", { a: entry.first, b: entry.last });
  return side ? T(`side_${side}`, { span }) : span;
}

// A link for each number; an extension is dialled after it, and what is no number stays text.
const SPLIT = /(\s*[/、,，;；或]\s*|\sor\s)/i;
const NUMBER_OF = /^(\+?[\d\s()（）–-]+?)(?:(?:\s*(?:转|分机|ext\.?|x|#)\s*|(?<=\d{7})-)(\d{1,6}))?$/i;
function call(text) {
  const parts = text.split(SPLIT).map((part, n) => {
    const found = n % 2 ? null : part.trim().match(NUMBER_OF);
    const digits = found ? found[1].replace(/[^\d+]/g, "") : "";
    if (digits.length < (n ? 5 : 3)) return part; // "/ 02" after a number is no number of its own
    return make("a", { href: `tel:${digits}${found[2] ? `;ext=${found[2]}` : ""}`, cls: "tel", text: part.trim() });
  });
  return make("bdi", { cls: "tels" }, ...parts);
}
