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

const LETTERS = /^[a-z0-9' ]+$/;
// 0 the whole name, 1 its beginning, 2 inside, 3 by pinyin from the start, 4 by pinyin inside; -1 not at all.
function rank(text, item) {
  const wanted = plainAddress(text);
  if (item.plain === wanted) return 0;
  if (item.plain.startsWith(wanted)) return 1;
  if (item.plain.includes(wanted)) return 2;
  const lower = text.normalize("NFKC").trim().toLowerCase();
  if (!LETTERS.test(lower)) return -1;
  if (item.lower.startsWith(lower)) return 1;
  if (item.lower.includes(` ${lower}`)) return 2;
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
function suggestions(text) {
  const typed = text.trim();
  if (!typed) return [];
  const found = [];
  // What stands in the address already comes first: with a house number that is the whole answer.
  const inside = book.namesIn([...plainAddress(typed)]).map(([, name]) => name);
  for (const item of items()) {
    const within = item.kind !== "school" && inside.includes(item.plain);
    const score = within ? -1 : rank(typed, item);
    if (within || score >= 0) found.push([within ? 0 : score, KIND_ORDER.indexOf(item.kind), item.zh.length, item, within]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (a[3].zh < b[3].zh ? -1 : 1));
  return found.slice(0, MOST).map(([, , , item, within]) => ({ item, within }));
}

// How an item is asked for: with its town, so that places of one name stay apart.
function askFor(item) {
  const inTown = item.town && !plainAddress(item.zh).startsWith(plainAddress(item.town));
  return inTown ? item.town + item.zh : item.zh;
}
