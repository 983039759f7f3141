// Addresses to blocks, rule by rule as the planner's program matches them; a test holds both against each other.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const COUNTED = `(?=[${SPACE}]*(?:号|栋|幢|座|弄|巷|组|队|单元|室))`;
const CHINESE = new RegExp(`[〇零一二两三四五六七八九十百]+${COUNTED}`, "gu");
const NUMBER = new RegExp("^(?:第)?(\\p{Nd}+)(?!\\p{Nd})(?!巷|组|队|排|支)(?:[-—–之]\\p{Nd}+)*(号楼|号|栋|幢|座|弄)?", "u");
const INSIDE = new RegExp("^[,，、]*(?:(?:第?\\p{Nd}+(?!\\p{Nd})|[A-Za-z])(?:[—–之]\\p{Nd}+(?!\\p{Nd}))*"
  + "(?:号楼|号院|号|栋|幢|座|单元|室|层|楼|户|组|队|弄|排)?[,，、\\-]*)*$", "u");
// What may end before a name; after anything else the name is the end of a longer one that nobody listed.
const FRESH = /(?:^|[省市州盟县区旗镇乡办处道村社组会城路街巷弄号栋幢座院楼苑园里坊\p{Nd}A-Z,，、。;；:：()（）\-])$/u;
const BEFORE = /^(?:.{1,8}?(?:省|自治区|特别行政区))?(?:.{1,8}?(?:市|州|盟))?(?:.{1,8}?(?:县|区|旗))?$/u;
const NUMERALS = "〇一二三四五六七八九";
const digitOf = (c) => (c === "零" ? 0 : c === "两" ? 2 : NUMERALS.indexOf(c));
const QUALITIES = ["exact", "number", "name"];

function chineseNumber(word) {
  const all = [...word];
  if (!all.some((c) => c === "十" || c === "百")) return BigInt(all.map(digitOf).join("")).toString();
  let total = 0, digit = 0;
  for (const c of all) {
    if (c === "十" || c === "百") {
      total += (digit || 1) * (c === "十" ? 10 : 100);
      digit = 0;
    } else digit = digitOf(c);
  }
  return String(total + digit);
}

const BLANKS = new RegExp(`[${SPACE}]+`, "gu");
const plainAddress = (text) =>
  text.normalize("NFKC").replace(BLANKS, "").toUpperCase().replace(CHINESE, chineseNumber);

// A decimal digit of any script counts from the nought of its own block of ten.
function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (c) => {
    const code = c.codePointAt(0);
    if (code < 128) return c;
    let low = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(low - 1))) low -= 1;
    return String((code - low) % 10);
  });
}

class Book {
  constructor(names, entries, towns, townOf, place) {
    this.entries = new Map();
    for (const entry of entries) {
      const key = names[entry.name].plain;
      if (this.entries.has(key)) this.entries.get(key).push(entry);
      else this.entries.set(key, [entry]);
    }
    const sizes = new Set([...this.entries.keys()].map((name) => [...name].length));
    this.lengths = [...sizes].sort((a, b) => b - a);
    this.plainTowns = towns.map(plainAddress);
    this.towns = [...new Set(this.plainTowns)].filter(Boolean);
    this.townOf = townOf;
    this.place = plainAddress(place);
  }

  // { block, quality, exceptions, found }: block -1 where none or several fit.
  match(address) {
    const plain = [...plainAddress(address)];
    const found = this.namesIn(plain);
    const matches = found.map(([start, name]) => this.at(plain, start, name));
    const sure = matches.filter((m) => m.block >= 0);
    const blocks = new Set(sure.map((m) => m.block));
    if (blocks.size === 1) {
      const best = sure.reduce((a, b) => (QUALITIES.indexOf(b.quality) < QUALITIES.indexOf(a.quality) ? b : a));
      return { ...best, found };
    }
    const several = blocks.size > 1 || matches.some((m) => m.quality === "several");
    return { block: -1, quality: several ? "several" : "none", exceptions: [], found, plain };
  }

  namesIn(plain) {
    const taken = [], found = [];
    for (const length of this.lengths) {
      for (let start = 0; start + length <= plain.length; start += 1) {
        const free = taken.every(([low, high]) => start + length <= low || start >= high);
        if (!free) continue;
        const name = plain.slice(start, start + length).join("");
        if (!this.entries.has(name)) continue;
        taken.push([start, start + length]);
        found.push([start, name]);
      }
    }
    return found;
  }

  parts(plain, start, name) {
    return [plain.slice(0, start).join(""), plain.slice(start + [...name].length).join("")];
  }

  at(plain, start, name) {
    const [before, after] = this.parts(plain, start, name);
    const entries = this.isFresh(before) ? this.ofTown(this.entries.get(name), before) : [];
    if (!entries.length) return { block: -1, quality: "none", exceptions: [] };
    const number = NUMBER.exec(after);
    if (number) {
      const digits = plainDigits(number[1]);
      const held = entries.filter((e) => ranged(e) && holds(e, digits));
      if (held.length) return oneOf(held, "number");
      if (entries.every(ranged)) return { block: -1, quality: "none", exceptions: [] };
    }
    const whole = entries.filter((e) => !ranged(e));
    if (whole.length && (number || whole.length === entries.length)) {
      const exact = this.isPrefix(before) && INSIDE.test(after);
      return oneOf(whole, exact && whole.some((e) => e.kind !== "street") ? "exact" : "name");
    }
    return oneOf(entries, "name");
  }

  ofTown(entries, before) {
    const named = this.towns.find((town) => before.includes(town));
    if (named === undefined) return entries;
    return entries.filter((e) => this.plainTowns[this.townOf[e.block]] === named);
  }

  isFresh(before) {
    return FRESH.test(before) || [...this.towns, this.place].some((end) => end && before.endsWith(end));
  }

  isPrefix(before) {
    let rest = before;
    for (const end of [...this.towns, this.place].filter(Boolean)) {
      if (rest.endsWith(end)) rest = rest.slice(0, -end.length);
    }
    return BEFORE.test(rest);
  }
}

const ranged = (e) => e.first !== null || e.last !== null || e.parity !== 0;

function holds(e, digits) {
  const number = Number(digits);
  if ((e.first !== null && number < e.first) || (e.last !== null && number > e.last)) return false;
  const odd = Number(digits.at(-1)) % 2;
  return e.parity === 0 || e.parity === 3 || odd === (e.parity === 1 ? 1 : 0);
}

function oneOf(entries, quality) {
  const blocks = new Set(entries.map((e) => e.block));
  const exceptions = new Map(entries.filter((e) => e.exception).map((e) => [e.exception.join(), e.exception]));
  const stages = new Set([...exceptions.values()].map(([stage]) => stage));
  const vague = quality === "name" && exceptions.size && entries.some(ranged);
  if (blocks.size !== 1 || vague || stages.size !== exceptions.size) {
    return { block: -1, quality: "several", exceptions: [] };
  }
  return { block: [...blocks][0], quality, exceptions: [...exceptions.values()], entries };
}

// The spans, odd and even, inside which the same ranged entries hold every number, each with those entries.
function cutNumbers(some, everywhere) {
  const lows = some.map((e) => e.first ?? 1), highs = some.map((e) => e.last ?? Infinity);
  const cuts = [...new Set([...lows, ...highs.map((high) => high + 1), ...(everywhere ? [1, Infinity] : [])])].sort((a, b) => a - b);
  const found = [];
  for (let n = 0; n + 1 < cuts.length; n += 1) for (const parity of [1, 2]) {
    const [low, above] = [cuts[n], cuts[n + 1]], odd = parity % 2;
    const first = low + (low % 2 !== odd), last = above === Infinity ? null : above - 1 - ((above - 1) % 2 !== odd);
    const held = some.filter((e, at) => lows[at] <= low && above <= highs[at] + 1 && [0, parity].includes(e.parity));
    if ((held.length || everywhere) && (last === null || first <= last)) found.push([{ first, last, parity }, held]);
  }
  return found;
}

// Spans of odd and of even numbers: consecutive ones joined, then an odd and an even one that run side by side.
function joinedNumbers(spans) {
  const rows = [];
  for (const { first, last, parity } of [...spans].sort((a, b) => a.parity - b.parity || a.first - b.first)) {
    const before = rows.at(-1);
    if (!before || before.parity !== parity || (before.last !== null && first > before.last + 2)) rows.push({ first, last, parity });
    else if (before.last !== null && (last === null || last > before.last)) before.last = last;
  }
  const even = rows.filter((row) => row.parity === 2);
  const beside = (a, b) => Math.abs(a.first - b.first) === 1
    && (a.last === null || b.last === null ? a.last === b.last : Math.abs(a.last - b.last) === 1);
  const paired = rows.filter((row) => row.parity === 1).map((odd) => {
    const at = even.findIndex((one) => beside(odd, one));
    if (at < 0) return odd;
    const [other] = even.splice(at, 1);
    return { first: Math.min(odd.first, other.first), last: odd.last === null ? null : Math.max(odd.last, other.last), parity: 0 };
  });
  return [...paired, ...even].sort((a, b) => a.parity - b.parity || a.first - b.first);
}
