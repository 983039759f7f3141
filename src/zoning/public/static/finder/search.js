// Suggestions while somebody types: by name, by pinyin or its initials, by an English name.
// Whether letters spell characters from a place on: each by its whole reading or its first letters.
function spells(characters, from, letters) {
  if (!letters) return true;
  const own = characters[from];
  if (own === undefined) return false;
  const readings = readingsOf().get(own) || [own.toLowerCase()];
  return readings.some((reading) => {
    let most = 0;
    while (most < reading.length && reading[most] === letters[most]) most += 1;
    for (let size = most; size > 0; size -= 1) {
      // In the middle a whole reading, one letter, or the two of zh, ch and sh; at the end any beginning.
      const fits = size === letters.length || size === reading.length || size === 1 || (size === 2 && reading[1] === "h");
      if (fits && spells(characters, from + 1, letters.slice(size))) return true;
    }
    return false;
  });
}

const WORDS = { rd: "road", st: "street", ave: "avenue", blvd: "boulevard", ln: "lane" };
const latin = (text) => text.normalize("NFKC").replace(UNSEEN, "").trim().toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ");
// Letters with a house number behind or before them, as "Heping Rd 152", "152 Heping Road", "hpl 152", "cnxc3栋".
const BEHIND = /^([a-z][a-z.' ]*?)[ ,.]*(?: ?(no|number|building|bldg)\b[. ]*|#)?(\d[\d\-–—~至]*)([号號栋幢座弄楼院单元室层\d\-]*)$/;
const BEFORE_NAME = /^(?:(no|number|building|bldg)\b[. ]*|#)?(\d[\d\-–—~]*)[ ,号]*([a-z][a-z.' ]*)$/;
function numbered(text) {
  const lower = latin(text), behind = BEHIND.exec(lower), front = behind ? null : BEFORE_NAME.exec(lower);
  if (!behind && !front) return null;
  const [letters, word, digits, rest] = behind ? behind.slice(1) : [front[3], front[1], front[2], ""];
  const own = rest || (word?.startsWith("b") ? "号楼" : "号");
  return { letters, zh: digits + own, en: digits + (own.startsWith("号") ? "" : own) };
}
const withNumber = (item, zh, en) => ({ ...item, zh: item.zh + zh, en: item.en === item.zh ? item.zh + zh : `${item.en} ${en}` });

const LETTERS = /^[a-z0-9' ]+$/;
// 0 the whole name, 1 its beginning, 2 inside, 3 by pinyin from the start, 4 by pinyin inside; -1 not at all.
function rank(text, item) {
  const wanted = plainAddress(text);
  if (item.plain === wanted) return 0;
  if (item.plain.startsWith(wanted)) return 1;
  if (item.plain.includes(wanted)) return 2;
  const lower = latin(text).replaceAll(".", "");
  if (!LETTERS.test(lower)) return -1;
  const words = lower.replace(/ (rd|st|ave|blvd|ln)(?= |$)/g, (_, word) => ` ${WORDS[word]}`);
  if (item.lower.startsWith(words)) return 1;
  if (item.lower.includes(` ${words}`)) return 2;
  const letters = lower.replace(/[' ]/g, "");
  for (let from = 0; from < item.characters.length; from += 1) {
    if (spells(item.characters, from, letters)) return from ? 4 : 3;
  }
  return -1;
}

const KIND_ORDER = ["school", "estate", "village", "street"];
const items = once(() => {
  const made = (zh, en, more) => ({ zh, en: en || zh, plain: plainAddress(zh), lower: (en || "").toLowerCase(),
    characters: [...zh], ...more });
  const found = DATA.schools.id.map((id, school) => made(DATA.schools.name[school], DATA.schools.name_en[school],
    { kind: "school", school, town: DATA.schools.town[school] }));
  const seen = new Set();
  for (const entry of entries) {
    const town = townOf[entry.block];
    const key = `${entry.name},${town},${entry.kind}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const name = names[entry.name];
    found.push(made(name.zh, englishOf(entry.name), { kind: entry.kind, town: DATA.towns[town] ?? "", ranged: ranged(entry) }));
  }
  return found;
});

const MOST = 8;
function suggestions(text, most = MOST) {
  const typed = text.trim();
  if (!typed) return [];
  const found = [], said = book.match(typed), number = numbered(typed);
  // What stands in the address already comes first: with a house number that is the whole answer.
  const inside = new Map(said.found.map(([, name], n) => [name, said.each[n]]));
  for (const item of items()) {
    const own = item.kind === "school" ? undefined : inside.get(item.plain);
    // A name that is part of a longer one, or of another town, is offered and not taken for what was typed.
    const within = Boolean(own) && !["longer", "town"].includes(own.why);
    const score = own ? 0 : rank(typed, item);
    const more = number && item.kind !== "school" && score < 0 ? rank(number.letters, item) : -1;
    const shown = own?.behind ? withNumber(item, own.behind, own.behind.replace(/号$/u, "")) : more >= 0 ? withNumber(item, number.zh, number.en) : item;
    if (score >= 0 || more >= 0) found.push([Math.max(score, more), KIND_ORDER.indexOf(item.kind), item.zh.length, shown, within]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (a[3].zh < b[3].zh ? -1 : 1));
  return found.slice(0, most).map(([, , , item, within]) => ({ item, within }));
}

// What was asked for, on the English page with the English names of the places in it.
function asSaid(match) {
  const english = match.found.map(([, name], n) => (match.each[n].why ? null : items().find((item) => item.kind !== "school" && item.plain === name)))
    .filter((item) => item && item.en !== item.zh).map((item) => item.en);
  return chinese() || !english.length ? state.q : `${state.q} (${join([...new Set(english)])})`;
}

// Why nothing was found; letters that fit several places are no wrong address.
function nothingSaid(match, near) {
  const whys = match.each.map((one) => one.why);
  if (whys.includes("number")) return [T("unknown_number"), T("unknown_number_text")];
  if (whys.includes("town")) return [T("unknown_town"), T("unknown_town_text")];
  if (whys.length) return [T("unknown"), T("unknown_longer")];
  return near.length > 1 ? [T("several_fit"), T("several_fit_text")] : [T("unknown"), T("unknown_text")];
}

// How an item is asked for: with its town, so that places of one name stay apart.
function askFor(item) {
  const inTown = item.town && !plainAddress(item.zh).startsWith(plainAddress(item.town));
  return inTown ? item.town + item.zh : item.zh;
}
