// Addresses to blocks, rule by rule as the planner's program matches them; a test holds both against each other.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const COUNTED = `(?=[${SPACE}]*(?:号|栋|幢|座|弄|巷|组|队|单元|室))`;
const NUMERAL = "[〇零一二两三四五六七八九十百]+", D = "\\p{Nd}";
const CHINESE = new RegExp(`${NUMERAL}${COUNTED}`, "gu");
const UNSEEN = /[\p{Cf}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
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
  text.replace(UNSEEN, "").normalize("NFKC").replace(BLANKS, "").toUpperCase().replace(CHINESE, chineseNumber);

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

// What stands behind a name, sign by sign as in the planner's program.
const LEAD = "^(?:NO\\.?|[第,，、:(\\[【#])*", HYPHEN = "\\-—–‐−―", COUNT = "(?:号楼|号院|号|號|栋|幢|座|弄)";
const SIGN = "[,，、。.;:()\\[\\]【】\\/#\\\\|\"'<>《》&!?*_+]", SHOP = "门(?!面|市|店)";
const NUMERAL_ENDS = new RegExp(`(${LEAD}|[${HYPHEN}~至到、,，和及与])(${NUMERAL})(?=$|[${HYPHEN}~至到)\\]】])`, "gu");
const CHAIN = new RegExp(`${LEAD}${D}+(${COUNT})?(?:之${D}+)?(?:(?:[~至到\\/、,，和及与]|[${HYPHEN}]+)(?:第|NO\\.?)?${D}+(?!${D})${COUNT}?(?:之${D}+)?)+(?!${D})`, "u");
const COUNT_ENDS = new RegExp(`(${COUNT})(?:之${D}+)?$`, "u");
const BESIDE = "(?!斜?对[面过门]|附近|旁|隔壁|背后|后面|前面|[东西南北]侧)";
const NUMBER = new RegExp(`${LEAD}(${D}+)(?!${D})(?:\\.0+)?(?!\\.?${D})(?:[${HYPHEN}之]${D}+(?!${D}))*`
  + `(?:(?:(?:号楼|号院|号|號)(?!线|路|桥|站|口|出口|公路|公交|${SHOP})|栋|幢|座|弄|院|楼(?=${D}+(?:单元|门)))`
  + `${BESIDE}|(?=$|[A-L](?![A-Z])|[甲乙丙丁]|[附付]${D}|-(?!${D})|${SIGN}))`, "u");
const ROOM = new RegExp(`${LEAD}(${D}+)(?:[${HYPHEN}之]${D}+(?!${D}))+(?:室|户|房|单元)`, "u");
const UNENDING = new RegExp(`${D}(?:号|號)?[${HYPHEN}~至到]+$`, "u");
const UNIT = new RegExp(`${LEAD}${D}+(?!${D})(?:单元|室|层|楼|户|组|队|社|排|房|${SHOP})`, "u");
const DIGIT = new RegExp(LEAD + D, "u");
const LONGER = new RegExp("^(?:[东西南北中新老大小前后上下村镇乡]|中心|希望|完全|实验)?(?:路|街|大道|大街|巷|胡同|弄堂|小学|中学|幼儿园|幼稚园|学校|学院|大学|市场|菜市场"
  + "|农贸|医院|卫生院|卫生室|车站|公交|地铁|社区|开发区|工业|区|期"
  + `|(?:${NUMERAL}|${D}+|[A-Z]+)(?:期|区|段|路|街|支|米|公里|年))`, "u");
const ENDED = new RegExp(`^(?:$|[\\-—–](?=[${D}A-Z])|[A-Z](?=$|[\\-${D}座栋幢号楼]|单元|[,，、(])|[甲乙丙丁](?=[号栋幢座楼${D}]|单元)`
  + `|[一二三四五六七八九十]+(?=楼|层|门|排|户)|[和及里口北南东西]$|[与的内旁]|附近|附${D}|对面|对过|对门|隔壁|边上`
  + "|门口|门前|楼上|楼下|路口|村口|里面|交叉|交汇|交界|十字|以[东西南北]|[东西南北正前后](?:门|侧|边|面|头|端|口)"
  + "|[东西南北中上下前后]段|沿线|沿街|院内)", "u");
const MARKED = new RegExp(`^${SIGN}+`, "u"), AFTER_LIST = /^[^,，、。;()]/u;
const VILLAGE = /(?:村|社区|居委会|村委会|嘎查)$/u, AREA = /(?:社区|居委会)$/u;
const LARGEST = 1e9;
const valueOf = (digits) => ([...digits].length < 10 ? Number(plainDigits(digits)) : LARGEST);

// { says: "number" | "ended" | "doubt" | "longer", first, last }
function readTail(after, name, kinds) {
  const only = (kind) => kinds.every((one) => one === kind);
  const cut = only("estate") && after.startsWith("小区") ? after.slice(2) : after;
  const text = cut.replace(NUMERAL_ENDS, (_, lead, numeral) => lead + chineseNumber(numeral));
  const span = spanOf(text, only("street"));
  if (span) return { says: "number", first: span[0], last: span[1] };
  if (UNENDING.test(text)) return { says: "doubt" };
  const one = NUMBER.exec(text) || ROOM.exec(text);
  if (one) return { says: "number", first: valueOf(one[1]), last: valueOf(one[1]) };
  if (UNIT.test(text)) return { says: "ended" };
  const free = (only("village") ? VILLAGE : AREA).test(name);
  if (free && !LONGER.test(text.replace(MARKED, ""))) return { says: "ended" };
  if (DIGIT.test(text)) return { says: "doubt" };
  if (MARKED.test(text)) return { says: LONGER.test(text.replace(MARKED, "")) ? "longer" : "ended" };
  return { says: ENDED.test(text) ? "ended" : "longer" };
}

function spanOf(text, streets) {
  const chain = CHAIN.exec(text);
  if (!chain) return null;
  const [said, first] = chain, last = COUNT_ENDS.exec(said)?.[1];
  const numbers = said.match(/\p{Nd}+/gu).map(valueOf);
  const alike = last !== undefined && (first === undefined || first === last);
  let holds;
  if (/[~至到]/u.test(said)) holds = true;
  else if (/[/、,，和及与]/u.test(said.replace(new RegExp(LEAD, "u"), ""))) holds = alike;
  else {
    const bare = streets && first === undefined && last === undefined && !AFTER_LIST.test(text.slice(said.length));
    holds = numbers.length === 2 && numbers[0] < numbers[1] && (alike || bare);
  }
  return holds ? [Math.min(...numbers), Math.max(...numbers)] : null;
}

class Book {
  constructor(names, entries, towns, townOf, place) {
    this.entries = new Map();
    for (const entry of entries) {
      const key = names[entry.name].plain;
      if (!key) continue;
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

  // { block, quality, exceptions, found, each }: block -1 where none or several fit; each says for every name found
  // why it gives none: "longer" (a name within another one), "town" (not in that town) or "number" (in no range).
  match(address) {
    const plain = [...plainAddress(address)];
    const found = this.namesIn(plain);
    const each = found.map(([start, name]) => this.at(plain, start, name, this.stop(plain, start, found)));
    const sure = each.filter((m) => m.block >= 0);
    const blocks = new Set(sure.map((m) => m.block));
    if (blocks.size === 1) {
      const best = sure.reduce((a, b) => (QUALITIES.indexOf(b.quality) < QUALITIES.indexOf(a.quality) ? b : a));
      return { ...best, found, each, plain };
    }
    const several = blocks.size > 1 || each.some((m) => m.quality === "several");
    return { block: -1, quality: several ? "several" : "none", exceptions: [], found, each, plain };
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

  // The next known name ends what belongs to this one.
  stop(plain, start, found) {
    return Math.min(plain.length, ...found.map(([other]) => other).filter((other) => other > start));
  }

  at(plain, start, name, stop) {
    const [before, after] = this.parts(plain, start, name), own = this.entries.get(name);
    const tail = readTail(plain.slice(start + [...name].length, stop).join(""), name, own.map((e) => e.kind));
    if (!this.isFresh(before) || tail.says === "longer") return none("longer");
    const entries = this.ofTown(own, before);
    if (!entries.length) return { ...none("town"), behind: tail.says === "number" ? plain.slice(start + [...name].length, stop).join("") : "" };
    const exact = this.isPrefix(before) && INSIDE.test(after);
    if (tail.says === "number") return atNumbers(entries, tail, exact);
    if (tail.says === "doubt") return new Set(entries.map((e) => e.block)).size > 1 ? several() : none("longer");
    return entries.some(ranged) ? oneOf(entries, "name") : wholeOf(entries, exact);
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

const none = (why) => ({ block: -1, quality: "none", exceptions: [], why });
const several = () => ({ block: -1, quality: "several", exceptions: [] });

// The one match of all numbers said; several where they differ.
function atNumbers(entries, { first, last }, exact) {
  const turns = entries.flatMap((e) => [e.first, e.last === null ? null : e.last + 1]).filter((n) => n !== null && first < n && n <= last);
  const asked = [...new Set([first, ...turns].flatMap((n) => [n, n + 1]).filter((n) => n <= last)), last];
  const found = asked.map((number) => atNumber(entries, number, exact));
  const same = (m) => JSON.stringify([m.block, m.quality, m.exceptions.map(String).sort()]);
  return found.every((m) => same(m) === same(found[0])) ? found[0] : several();
}

function atNumber(entries, number, exact) {
  const held = entries.filter((e) => ranged(e) && holds(e, number));
  if (held.length) return oneOf(held, "number");
  const whole = entries.filter((e) => !ranged(e));
  return whole.length ? wholeOf(whole, exact) : none("number");
}

const wholeOf = (entries, exact) => oneOf(entries, exact && entries.some((e) => e.kind !== "street") ? "exact" : "name");

function holds(e, number) {
  if ((e.first !== null && number < e.first) || (e.last !== null && number > e.last)) return false;
  const odd = number % 2;
  return e.parity === 0 || e.parity === 3 || odd === (e.parity === 1 ? 1 : 0);
}

function oneOf(entries, quality) {
  const blocks = new Set(entries.map((e) => e.block));
  const exceptions = new Map(entries.filter((e) => e.exception).map((e) => [e.exception.join(), e.exception]));
  const stages = new Set([...exceptions.values()].map(([stage]) => stage));
  const vague = quality === "name" && exceptions.size && entries.some(ranged);
  if (blocks.size !== 1 || vague || stages.size !== exceptions.size) {
    return several();
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
