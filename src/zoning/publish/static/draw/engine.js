"use strict";
// The draws: tickets, the class split, seats, late batches, head teachers, inspections.
const drawEngine = (() => {
  const { bytes, hex, join, big, last, hmac } = drawHash;
  const { need, byText } = drawFiles;
  const lengthened = (data) => join(big(data.length, 4), data);
  // Parts of tickets come back thousands of times: each is written once.
  const parts = new Map();
  const partOf = (text) => {
    if (!parts.has(text)) {
      if (parts.size > 1e5) parts.clear();
      parts.set(text, lengthened(bytes(text)));
    }
    return parts.get(text);
  };
  const WORDS = 1n << 64n;

  const ticketsOf = (key) => {
    const sign = hmac(key);
    const raw = (named) => sign(join(...named.map((part) => partOf(String(part)))));
    const of = (...named) => hex(raw(named));
    const below = (n, ...named) => {
      const size = BigInt(n);
      for (let i = 0; ; i++) {
        let word = 0n;
        for (const byte of raw(["below", ...named, i]).subarray(0, 8)) word = word * 256n + BigInt(byte);
        if (word < WORDS - (WORDS % size)) return word % size;
      }
    };
    return { of, below, index: (n, ...parts) => Number(below(n, ...parts)) };
  };

  // Items in order of their tickets; equal tickets by id (text) or class (number).
  const ordered = (items, ticket, tie = byText) => items.map((item) => [ticket(item), item])
    .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : tie(a[1], b[1]))).map((pair) => pair[1]);
  const byNumber = (a, b) => a - b;
  const range = (k) => Array.from({ length: k }, (_, i) => i + 1);

  // Dependent rounding: children by leaf and class.
  const rounded = (manifest, tickets, t) => {
    const { strata, capacities, n, classes: k } = manifest;
    const parents = new Set(strata.map((stratum) => stratum.parent));
    const touching = new Map();
    const edges = strata.flatMap((stratum, i) => capacities.map((size, c) => {
      const isLeaf = !parents.has(stratum.label);
      const edge = {
        number: i * k + c, flow: stratum.count * size, start: `${stratum.parent}|${c}`,
        end: isLeaf ? stratum.label : `${stratum.label}|${c}`,
      };
      for (const vertex of [edge.start, edge.end]) {
        if (!touching.has(vertex)) touching.set(vertex, []);
        touching.get(vertex).push(edge);
      }
      return edge;
    }));
    const isFractional = (edge) => edge.flow % n !== 0;
    const walked = (first) => {
      const passed = [{ edge: first, forwards: true, from: first.start }];
      const seen = [first.start];
      let vertex = first.end;
      while (!seen.includes(vertex)) {
        seen.push(vertex);
        const before = last(passed).edge;
        const edge = touching.get(vertex).find((other) => other !== before && isFractional(other));
        const forwards = edge.start === vertex;
        passed.push({ edge, forwards, from: vertex });
        vertex = forwards ? edge.end : edge.start;
      }
      return passed.slice(seen.indexOf(vertex));
    };
    let step = 0;
    for (const first of edges) {
      while (isFractional(first)) {
        const cycle = walked(first);
        const room = (ahead) => Math.min(...cycle.map(
          ({ edge, forwards }) => (forwards === ahead ? n - (edge.flow % n) : edge.flow % n),
        ));
        const up = room(true);
        const down = room(false);
        const push = tickets.index(up + down, "round", t, step) < down ? up : -down;
        for (const { edge, forwards } of cycle) edge.flow += forwards ? push : -push;
        step += 1;
      }
    }
    return new Map(strata.map((stratum, i) => [
      stratum.label, range(k).map((c) => edges[i * k + c - 1].flow / n),
    ]));
  };

  const leafOf = (record, manifest) => last(record.path) || manifest.strata[0].label;

  const dealt = (manifest, records, tickets, t, pupil) => {
    const k = manifest.classes;
    const turns = ordered(range(k), (c) => tickets.of("class", t, c), byNumber);
    const place = new Map();
    const nodes = new Map(manifest.strata.map(({ label }) => [label, tickets.of("node", t, label)]));
    const way = (record) => record.path.map((label) => nodes.get(label)).join("") + pupil.get(record.sid);
    const ways = new Map(records.map((record) => [record, way(record)]));
    const line = ordered(records, (record) => ways.get(record), (a, b) => byText(a.sid, b.sid));
    if (manifest.equal) line.forEach((record, i) => place.set(record.sid, turns[i % k]));
    else {
      const counts = rounded(manifest, tickets, t);
      const heaps = new Map();
      for (const record of line) {
        const leaf = leafOf(record, manifest);
        if (!heaps.has(leaf)) heaps.set(leaf, turns.flatMap((c) => Array(counts.get(leaf)[c - 1]).fill(c)).reverse());
        place.set(record.sid, heaps.get(leaf).pop());
      }
    }
    return { place, line: line.map((record) => record.sid) };
  };

  const frame = (manifest, records, constraints) => {
    const parent = new Map(manifest.strata.map((stratum) => [stratum.label, stratum.parent]));
    const members = new Map(manifest.strata.map((stratum) => [stratum.label, []]));
    const leaf = new Map();
    for (const record of records) {
      leaf.set(record.sid, leafOf(record, manifest));
      for (let at = leaf.get(record.sid); at; at = parent.get(at)) members.get(at).push(record.sid);
    }
    const grouped = new Set(constraints.together.flat());
    const bound = new Set([...grouped, ...constraints.separate.flat()]);
    const apart = new Map();
    for (const [a, b] of constraints.separate) {
      apart.set(a, [...(apart.get(a) || []), b]);
      apart.set(b, [...(apart.get(b) || []), a]);
    }
    return { parent, members, leaf, grouped, bound, apart };
  };

  const attempt = (manifest, records, constraints, tickets, t, held) => {
    const pupil = new Map(records.map(({ sid }) => [sid, tickets.of("pupil", t, sid)]));
    const { place, line } = dealt(manifest, records, tickets, t, pupil);
    const swaps = [];
    const partner = (child, allowed) => {
      const leaf = held.leaf.get(child);
      for (const node of [leaf, held.parent.get(leaf)].filter(Boolean)) {
        const free = held.members.get(node).filter((sid) => !held.bound.has(sid) && allowed.has(place.get(sid)));
        if (free.length) return ordered(free, (sid) => pupil.get(sid))[0];
      }
      return null;
    };
    const exchange = (moved, other, why) => {
      const home = place.get(moved);
      place.set(moved, place.get(other));
      place.set(other, home);
      swaps.push({ moved, partner: other, why });
    };
    const joined = () => constraints.together.every((group) => {
      const home = place.get(group[tickets.index(group.length, "leader", t, group[0])]);
      return group.every((child) => {
        if (place.get(child) === home) return true;
        const other = partner(child, new Set([home]));
        if (other) exchange(child, other, "together");
        return Boolean(other);
      });
    });
    const parted = () => constraints.separate.every(([a, b]) => {
      if (place.get(a) !== place.get(b)) return true;
      const free = [a, b].filter((sid) => !held.grouped.has(sid));
      if (!free.length) return false;
      const child = free[tickets.index(free.length, "mover", t, a, b)];
      const allowed = new Set(place.values());
      for (const sid of held.apart.get(child)) allowed.delete(place.get(sid));
      const other = partner(child, allowed);
      if (other) exchange(child, other, "separate");
      return Boolean(other);
    });
    const good = joined() && parted() && isEven(manifest, held, place) && isKept(constraints, place);
    return good ? { place, line, swaps, pupil, attempt: t } : null;
  };

  const isEven = (manifest, held, place) => manifest.strata.every((stratum) => {
    const inside = new Map();
    for (const sid of held.members.get(stratum.label)) inside.set(place.get(sid), (inside.get(place.get(sid)) || 0) + 1);
    const total = manifest.equal ? manifest.classes : manifest.n;
    return range(manifest.classes).every((c) => {
      const count = inside.get(c) || 0;
      const weight = manifest.equal ? 1 : manifest.capacities[c - 1];
      return Math.abs(count * total - stratum.count * weight) < total;
    });
  });
  const isKept = (constraints, place) => constraints.together.every(
    (group) => group.every((sid) => place.get(sid) === place.get(group[0])),
  ) && constraints.separate.every(([a, b]) => place.get(a) !== place.get(b));

  // Scores are private: exchanges of a polish are taken from the transcript and only checked for what they may do.
  const polished = (manifest, held, found, written) => {
    const taken = written.filter((swap) => swap.why === "polish");
    need(taken.length <= manifest.polish, "polish_many");
    for (const { moved, partner, why } of taken) {
      const known = held.leaf.has(moved) && held.leaf.has(partner);
      const free = known && !held.bound.has(moved) && !held.bound.has(partner);
      need(free && held.leaf.get(moved) === held.leaf.get(partner), "polish_leaf", { moved, partner });
      need(found.place.get(moved) !== found.place.get(partner), "polish_leaf", { moved, partner });
      const home = found.place.get(moved);
      found.place.set(moved, found.place.get(partner));
      found.place.set(partner, home);
      found.swaps.push({ moved, partner, why });
    }
  };

  // One frame serves all thousand splits of the low-tech mode.
  const frames = new WeakMap();
  const framed = (manifest, records, constraints) => {
    if (!frames.has(records)) frames.set(records, frame(manifest, records, constraints));
    return frames.get(records);
  };

  const split = ({ manifest, roster, constraints, transcript }, tickets) => {
    const held = framed(manifest, roster.records, constraints);
    for (let t = 1; t <= manifest.attempts; t++) {
      const found = attempt(manifest, roster.records, constraints, tickets, t, held);
      if (found) {
        polished(manifest, held, found, transcript.swaps);
        return { ...found, to: new Map([...found.place].map(([sid, c]) => [sid, String(c)])) };
      }
    }
    throw new drawFiles.Refusal("no_attempt");
  };

  const seats = ({ manifest, roster }, tickets) => {
    const families = new Map();
    for (const record of roster.records) {
      if (!families.has(record.family)) families.set(record.family, { name: record.family, sids: [], choices: record.choices, next: 0 });
      families.get(record.family).sids.push(record.sid);
    }
    const schools = new Map(manifest.seats.map((entry) => [entry.school, { ...entry, held: [], refused: [], children: 0 }]));
    for (const family of families.values()) family.ticket = tickets.of("seat", family.name);
    const better = (a, b) => a.tier - b.tier || (a.family.ticket < b.family.ticket ? -1 : a.family.ticket > b.family.ticket ? 1
      : byText(a.family.name, b.family.name));
    const asking = [...families.values()].reverse();
    while (asking.length) {
      const family = asking.pop();
      if (family.next >= family.choices.length) continue;
      const { school: name, tier } = family.choices[family.next++];
      const school = schools.get(name);
      const entry = { family, tier };
      let [low, high] = [0, school.held.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (better(school.held[middle], entry) < 0) low = middle + 1; else high = middle;
      }
      school.held.splice(low, 0, entry);
      school.children += family.sids.length;
      while (school.held.length && school.children - last(school.held).family.sids.length >= school.seats) {
        const worst = school.held.pop();
        school.children -= worst.family.sids.length;
        school.refused.push(worst);
        asking.push(worst.family);
      }
    }
    const to = new Map(roster.records.map(({ sid }) => [sid, ""]));
    const waiting = new Map();
    for (const school of schools.values()) {
      for (const { family } of school.held) for (const sid of family.sids) to.set(sid, school.school);
      waiting.set(school.school, school.refused.sort(better).flatMap(({ family }) => family.sids));
    }
    return { to, waiting };
  };

  const late = ({ manifest, roster, constraints }, tickets) => {
    const grouped = new Set(constraints.together.flat());
    const alone = roster.records.map(({ sid }) => sid).filter((sid) => !grouped.has(sid)).map((sid) => [sid]);
    const line = ordered([...constraints.together, ...alone], (unit) => tickets.of("late", unit[0]), (a, b) => byText(a[0], b[0]));
    const counts = [...manifest.capacities];
    const place = new Map();
    for (const unit of line) {
      const barred = new Set(constraints.closed.filter(({ sid }) => unit.includes(sid)).map((entry) => entry.class));
      for (const [a, b] of constraints.separate) {
        if (unit.includes(a) && place.has(b)) barred.add(place.get(b));
        if (unit.includes(b) && place.has(a)) barred.add(place.get(a));
      }
      const open = range(manifest.classes).filter((c) => !barred.has(c));
      need(open.length, "no_open_class", { id: unit[0] });
      const least = Math.min(...open.map((c) => counts[c - 1]));
      const equal = open.filter((c) => counts[c - 1] === least);
      const [home] = ordered(equal, (c) => tickets.of("late_class", unit[0], c), byNumber);
      for (const sid of unit) place.set(sid, home);
      counts[home - 1] += unit.length;
    }
    return { to: new Map([...place].map(([sid, c]) => [sid, String(c)])), line: line.flat() };
  };

  const turnsOf = (word, many) => ({ manifest }, tickets) => {
    const line = ordered(manifest.items, (item) => tickets.of(word, item));
    return { to: new Map(line.slice(0, many(manifest)).map((item, i) => [item, String(i + 1)])), line };
  };
  const draws = {
    split, seat: seats, late, teacher: turnsOf("teacher", (m) => m.items.length), inspect: turnsOf("inspect", (m) => m.choose),
  };
  return { ticketsOf, lengthened, rounded, draws };
})();
