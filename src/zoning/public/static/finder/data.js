// What the page knows: blocks, zones by year and stage, schools, and the one answer for an address.
const LEVELS = DATA.stages.map((stage) => stage.name);
const YEARS = DATA.years.map((one) => one.year);
const once = (work) => {
  const kept = new Map();
  return (...key) => {
    const name = key.join();
    if (!kept.has(name)) kept.set(name, work(...key));
    return kept.get(name);
  };
};

const townOf = recentDecoded(DATA.blocks.town, DATA.towns.length);
const yearData = (year) => DATA.years[YEARS.indexOf(year)];
const plan = (year, stage) => yearData(year)?.stages[LEVELS[stage]];
const zoneOf = once((year, stage) => {
  const found = plan(year, stage);
  if (!found) return new Int32Array(DATA.blocks.n);
  if (found.of) return runsDecoded(found.of, found.zones.length + 1, DATA.blocks.n);
  const zones = zoneOf(DATA.main, stage).slice(), but = unpack(found.but);
  for (let n = 0, block = 0; n < but.length; n += 2) zones[block += but[n]] = but[n + 1];
  return zones;
});
const schoolsAt = (year, stage, block) => {
  const zone = block >= 0 && block < DATA.blocks.n ? zoneOf(year, stage)[block] : 0;
  return zone ? plan(year, stage).zones[zone - 1] : [];
};
const rows = (text, size) => {
  const flat = unpack(text || "");
  return Array.from({ length: flat.length / size }, (_, n) => flat.slice(n * size, n * size + size));
};
// The year beside the published one holds what differs from it.
const seatsOf = once((year, stage) => {
  const own = plan(year, stage)?.seats;
  return new Map(rows(own ?? (plan(year, stage) && plan(DATA.main, stage)?.seats), 2));
});
const zonesUsed = once((year, stage) => new Set(zoneOf(year, stage)));
const labelsOf = once((year, stage) => {
  const own = rows(plan(year, stage)?.labels, 3), named = new Set(own.map(([school]) => school));
  const standing = new Set((plan(year, stage)?.zones || []).filter((_, n) => zonesUsed(year, stage).has(n + 1)).flat());
  const rest = year === DATA.main ? [] : rows(plan(DATA.main, stage)?.labels, 3);
  return [...own, ...rest.filter(([school]) => !named.has(school) && standing.has(school))];
});
const readingsOf = once(() => {
  const found = new Map();
  for (const [syllable, characters] of Object.entries(DATA.pinyin)) {
    for (const c of characters) {
      if (found.has(c)) found.get(c).push(syllable); else found.set(c, [syllable]);
    }
  }
  return found;
});

const shapes = once(() => arcsDecoded(DATA.blocks.arcs, DATA.blocks.n));
const bordering = once(() => {
  const found = Array.from({ length: DATA.blocks.n }, () => new Set());
  for (const [a, b] of shapes().sides) if (b >= 0 && a !== b) { found[a].add(b); found[b].add(a); }
  return found.map((one) => [...one].sort((a, b) => a - b));
});

// Names of the addresses table, each with how it is compared; then its entries.
const names = frontDecoded(DATA.addresses.names).map((zh) => ({ zh, plain: plainAddress(zh) }));
const englishNames = once(() => englishDecoded(DATA.addresses.english, names.map((name) => name.zh), readingsOf()));
const englishOf = (name) => englishNames()[name];
const entries = (() => {
  const a = DATA.addresses;
  const [counts, shapes, firsts, spans, at] = ["counts", "shapes", "firsts", "spans", "at"].map((k) => unpack(a[k]));
  const found = [];
  let f = 0, s = 0, begun = 0;
  const span = (sided, like) => {
    const value = spans[s++];
    return !sided ? signed(value) : value === 1 ? like : value ? 2 * (value - 2) : signed(spans[s++]);
  };
  counts.forEach((count, name) => {
    let end = 0, side = -1, across = [], own = [];
    for (let n = 0; n < count; n += 1) {
      const shape = shapes[found.length], kind = a.kinds[shape >> 4], parity = (shape >> 2) & 3;
      if (side !== parity) { across = own; own = []; side = parity; end = -(parity % 2); }
      const opposite = across[own.length];
      const before = (opposite || own.at(-1) || { block: begun }).block, code = at[found.length];
      const around = bordering()[before] || [];
      const block = code > around.length ? before + signed(code - around.length - 1) : code ? around[code - 1] : before;
      if (!n) begun = block;
      const first = shape & 2 ? (end += signed(firsts[f++]) + (parity ? 2 : 1)) : null;
      const from = end;
      const last = shape & 1 ? (end += span(parity > 0, opposite?.length)) : null;
      found.push({ name, kind, parity, first, last, block, exception: null });
      own.push({ block, length: end - from });
    }
  });
  for (const [at, stage, school] of a.exceptions) found[at].exception = [stage, school];
  return found;
})();
const book = new Book(names, entries, DATA.towns, townOf, DATA.place[1]);
// The addresses in pieces that have one answer each, asked like any address; lists are made of nothing else.
const pieces = once(() => {
  const byName = new Map();
  for (const entry of entries) {
    const { plain } = names[entry.name], town = townOf[entry.block];
    if (!byName.has(plain)) byName.set(plain, new Map());
    const towns = byName.get(plain);
    if (towns.has(town)) towns.get(town).push(entry); else towns.set(town, [entry]);
  }
  const asked = [...byName.values()].flatMap((towns) => [...towns].flatMap(([town, same]) => {
    const { name, kind } = same[0], base = (towns.size > 1 ? DATA.towns[town] ?? "" : "") + names[name].zh;
    const whole = same.filter((e) => !ranged(e)), some = same.filter(ranged);
    const piece = (span, asked, held) => ({ name, kind, town, ...span, match: book.match(asked), blocks: [...new Set(held.map((e) => e.block))], block: held[0].block });
    if (!some.length) return [piece({ first: null, last: null, parity: 0 }, base, whole)];
    return cutNumbers(some, whole.length > 0).map(([span, held]) =>
      piece(span, base + span.first + (kind === "street" ? "号" : "号楼"), held.length ? held : whole));
  }));
  // A block that no address lies in is listed by its own name, numbered below the names.
  const silent = blockNames().flatMap((_, block) => (entriesAt().has(block) ? [] : [{ name: -1 - block, kind: "area", town: townOf[block],
    first: null, last: null, parity: 0, match: { block, quality: "exact", exceptions: [] }, blocks: [block], block }]));
  return [...asked, ...silent];
});
const piecesOf = (found) => (found.found || []).flatMap(([start, name]) =>
  book.ofTown(pieces().filter((one) => names[one.name]?.plain === name), found.plain.slice(0, start).join("")));
// The numbers of a name joined, for a reader.
function joinedPieces(list) {
  const groups = new Map();
  for (const one of list) {
    const key = `${one.name},${one.town}`;
    if (groups.has(key)) groups.get(key).push(one); else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((same) => (ranged(same[0]) ? joinedNumbers(same).map((span) => ({ ...same[0], ...span })) : [same[0]]));
}
const entriesAt = once(() => {
  const found = new Map();
  entries.forEach((entry, n) => {
    if (found.has(entry.block)) found.get(entry.block).push(n); else found.set(entry.block, [n]);
  });
  return found;
});

const blockNames = once(() => {
  const [same, own, english] = DATA.blocks.name;
  const words = englishDecoded(english, own, readingsOf());
  let n = 0;
  return unpack(same).map((place, block) => {
    if (!place) return [words[n] || own[n], own[n++]];
    const inside = (entriesAt().get(block) || []).map((at) => entries[at]).filter((e) => e.kind !== "street").map((e) => e.name);
    const name = [...new Set(inside)].sort((a, b) => a - b)[place - 1]; // names are numbered in their order
    return [englishOf(name) || names[name].zh, names[name].zh];
  });
});

const degrees = ([x, y]) => [DATA.grid[1] + y * DATA.grid[3], DATA.grid[0] + x * DATA.grid[2]];
const ringOf = (parts) => {
  const { arcs } = shapes(), found = [];
  for (const part of parts) {
    const points = arcs[part < 0 ? ~part : part];
    const size = points.length / 2;
    for (let n = 0; n < size - 1; n += 1) {
      const at = part < 0 ? size - 1 - n : n;
      found.push([points[2 * at], points[2 * at + 1]]);
    }
  }
  return found;
};
const frameOf = once((block) => {
  const frame = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of shapes().rings[block]) for (const part of ring) {
    const points = shapes().arcs[part < 0 ? ~part : part];
    for (let n = 0; n < points.length; n += 2) {
      frame[0] = Math.min(frame[0], points[n]); frame[2] = Math.max(frame[2], points[n]);
      frame[1] = Math.min(frame[1], points[n + 1]); frame[3] = Math.max(frame[3], points[n + 1]);
    }
  }
  return frame;
});
const insides = once(() => unpack(DATA.blocks.at).map(signed));
const sidesOf = (ring) => ring.map((to, n) => [ring.at(n - 1), to]);
const twiceArea = (ring) => Math.abs(sidesOf(ring).reduce((sum, [[ax, ay], [bx, by]]) => sum + ax * by - bx * ay, 0));
// The middle of the largest ring, between its corners next below and above half its height, and a step from there.
const pointIn = once((block) => {
  const all = shapes().rings[block].map(ringOf);
  const ring = all.reduce((a, b) => (twiceArea(b) > twiceArea(a) ? b : a), all[0] || [[0, 0]]);
  const heights = ring.map(([, y]) => y), low = Math.min(...heights), high = Math.max(...heights);
  let [x, y] = ring[0];
  if (low < high) {
    const half = (low + high) / 2;
    const level = (Math.max(...heights.filter((h) => h <= half)) + Math.min(...heights.filter((h) => h > half))) / 2;
    const crossed = sidesOf(ring).filter(([a, b]) => (a[1] > level) !== (b[1] > level))
      .map(([[ax, ay], [bx, by]]) => ax + ((level - ay) * (bx - ax)) / (by - ay)).sort((a, b) => a - b);
    let [from, to] = crossed;
    for (let n = 2; n < crossed.length; n += 2) {
      if (crossed[n + 1] - crossed[n] > to - from) [from, to] = [crossed[n], crossed[n + 1]];
    }
    [x, y] = [Math.floor((from + to) / 2), Math.floor(level)];
  }
  return [x + insides()[2 * block], y + insides()[2 * block + 1]];
});
function blockAt(x, y) {
  for (let block = 0; block < DATA.blocks.n; block += 1) {
    const [west, south, east, north] = frameOf(block);
    if (x < west || x > east || y < south || y > north) continue;
    let inside = false;
    for (const parts of shapes().rings[block]) {
      const ring = ringOf(parts);
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [ax, ay] = ring[i], [bx, by] = ring[j];
        if ((ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
    }
    if (inside) return block;
  }
  return -1;
}

// By block the other zones that enough of its ground is near.
const nearOf = once((year, stage) => {
  const found = new Map();
  let block = 0;
  for (const [step, zone] of rows(plan(year, stage)?.near, 2)) {
    block += step;
    if (found.has(block)) found.get(block).push(zone); else found.set(block, [zone]);
  }
  return found;
});
const zonesNear = (year, stage, block) => (nearOf(year, stage).get(block) || []).map((zone) => plan(year, stage).zones[zone - 1]);

// Metres between a block and a school along a straight line.
const schoolSteps = once(() => {
  const moves = unpack(DATA.schools.at).map(signed), found = [];
  for (let n = 0, x = 0, y = 0; n < moves.length; n += 2) found.push([x += moves[n], y += moves[n + 1]]);
  return found;
});
function straight(block, school) {
  const to = schoolSteps()[school], from = pointIn(block);
  return to ? Math.hypot(to[0] - from[0], to[1] - from[1]) * DATA.grid[4] : null;
}

// Minutes from a block to the schools around it, the nearest first.
const journeyRows = once((stage) => {
  const j = DATA.stages[stage].journeys;
  if (!j) return null;
  const refs = recentDecoded(j.refs, j.schools.length), minutes = unpack(j.minutes);
  let at = 0;
  return unpack(j.counts).map((count) => {
    let total = 0;
    return Array.from({ length: count }, () => {
      total += minutes[at];
      return [j.schools[refs[at++]], total];
    });
  });
});
const journeysFrom = (stage, block) => journeyRows(stage)?.[block] || [];
const minutesTo = (stage, block, school) => journeysFrom(stage, block).find(([s]) => s === school)?.[1] ?? null;

const reasonOf = once((year, stage) => {
  const r = plan(year, stage)?.reasons;
  return r ? { ...r, at: unpack(r.of) } : null;
});
function reasonParts(year, stage, block) {
  const r = reasonOf(year, stage);
  if (!r || !r.at[block]) return null;
  if (r.at[block] === 1) return { nearest: true };
  const [pattern, ...values] = r.said[r.at[block] - 2];
  return { sentence: r.patterns[pattern].split("\x02"), values };
}

// What decides: an exception for this very address before the zone of its block; nothing else.
function answerOf(match, year, stage) {
  const exception = match.exceptions.find(([of]) => of === stage);
  if (exception && plan(year, stage)) return { schools: [exception[1]], basis: "exception" };
  const schools = schoolsAt(year, stage, match.block);
  return { schools, basis: ["none", "zone"][schools.length] || "shared" };
}
