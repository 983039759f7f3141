// Reads what the page was given: numbers as text, names that share their beginning, borders sent once.
const ALPHABET = (() => {
  const found = new Int16Array(128).fill(-1);
  let at = 0;
  for (let code = 33; code < 127; code += 1) {
    if (!"\"\\<>&'`/".includes(String.fromCharCode(code))) found[code] = at++;
  }
  return found;
})();
const BASE = 86, SMALL = 64, LEADS = 20;

function unpack(text) {
  const found = [];
  for (let at = 0; at < text.length;) {
    const first = ALPHABET[text.charCodeAt(at++)];
    if (first < SMALL) found.push(first);
    else if (first < SMALL + LEADS) found.push(SMALL + (first - SMALL) * BASE + ALPHABET[text.charCodeAt(at++)]);
    else {
      let value = 0;
      for (let n = 3; n >= 0; n -= 1) value = value * BASE + ALPHABET[text.charCodeAt(at + n)];
      found.push(value + SMALL + LEADS * BASE);
      at += 4;
    }
  }
  return found;
}

const signed = (value) => (value & 1 ? -(value + 1) / 2 : value / 2);

function frontDecoded([characters, shared, rest]) {
  const all = [...characters], places = unpack(rest);
  let before = [], at = 0;
  return unpack(shared).map((same) => {
    before = before.slice(0, same);
    for (; places[at]; at += 1) before.push(all[places[at] - 1]);
    at += 1;
    return before.join("");
  });
}

// English names: words of a list, or the sounds of characters of the Chinese name.
function englishDecoded([words, counts, numbers], chineseNames, sounds) {
  const all = unpack(numbers);
  let at = 0;
  return unpack(counts).map((count, n) => all.slice(at, at += count).map((value) => {
    const place = Math.floor(value / 3);
    if (value % 3 === 0) return words[place];
    const from = Math.floor(place / 8);
    const said = [...chineseNames[n]].slice(from, from + place % 8).map((c) => sounds.get(c)[0]).join("");
    return said[0].toUpperCase() + said.slice(1) + (value % 3 === 2 ? "," : "");
  }).join(" "));
}

// How many others were used since: the list of what was used last comes first.
function recentDecoded(text, count) {
  const order = Array.from({ length: count }, (_, n) => n);
  return unpack(text).map((place) => {
    const value = order[place];
    if (place) { order.splice(place, 1); order.unshift(value); }
    return value;
  });
}

function runsDecoded([zones, lengths], count, n) {
  const found = new Int32Array(n), sizes = unpack(lengths);
  let at = 0;
  recentDecoded(zones, count).forEach((zone, run) => found.fill(zone, at, at += sizes[run]));
  return found;
}

// The writer's twin: arcs end where others begin, and an arc that waits there for its other side costs one number.
function arcsDecoded([others, counts, begins, joins, lengths, steps], n) {
  const [rings, plan, starts, moves, exceptions, sizes] = [others, counts, begins, steps, joins, lengths].map(unpack);
  const arcs = [], sides = [], found = new Array(n), waiting = new Map(), ends = [];
  let r = 0, t = 0, e = 0, m = 0, x = 0, y = 0, beside = -1, right = exceptions.length ? exceptions[0] : Infinity;
  const step = () => { x += signed(moves[m]); y += signed(moves[m + 1]); m += 2; };
  const here = () => waiting.get(x * 1e7 + y) || [];
  function use(arc, block) {
    const from = waiting.get(ends[arc]);
    from.splice(from.indexOf(arc), 1);
    sides[arc][1] = block;
    beside = sides[arc][0];
    [x, y] = [arcs[arc][0], arcs[arc][1]];
    return ~arc;
  }
  // An arc that closes its ring ends where the ring began.
  function add(block, end) {
    const arc = arcs.length, size = sizes[arc], points = new Int32Array(2 * size + 2);
    points[0] = x; points[1] = y;
    for (let at = 1; at <= size; at += 1) {
      if (end && at === size) [x, y] = end; else step();
      points[2 * at] = x; points[2 * at + 1] = y;
    }
    const key = x * 1e7 + y;
    arcs.push(points);
    sides.push([block, -1]);
    ends.push(key);
    beside = -1;
    if (waiting.has(key)) waiting.get(key).push(arc); else waiting.set(key, [arc]);
    return arc;
  }
  // The first arc that waits here and was sent by a third block; exceptions are listed.
  function next(block) {
    if (right > 0) { right -= 1; return here().find((arc) => sides[arc][0] !== beside && sides[arc][0] !== block); }
    const place = exceptions[e + 1];
    e += 2;
    right = e < exceptions.length ? exceptions[e] : Infinity;
    return place ? here()[place - 1] : undefined;
  }
  function ring(block) {
    const parts = [], back = starts[t];
    let left = plan[t++], begun;
    if (back) {
      const first = arcs.length - back;
      begun = arcs[first].slice(-2);
      parts.push(use(first, block));
      left -= 1;
    } else { step(); begun = [x, y]; beside = -1; }
    for (; left > 0; left -= 1) {
      const arc = next(block);
      parts.push(arc === undefined ? add(block, left === 1 ? begun : null) : use(arc, block));
    }
    return parts;
  }
  for (let block = 0; block < n; block += 1) {
    let count = 1;
    if (rings[r] === block && r < rings.length) { count = rings[r + 1]; r += 2; }
    found[block] = Array.from({ length: count }, () => ring(block));
  }
  return { arcs, sides, rings: found };
}

function linesDecoded([lengths, steps]) {
  const moves = unpack(steps);
  let m = 0, x = 0, y = 0;
  return unpack(lengths).map((length) => Array.from({ length }, () => {
    x += signed(moves[m]); y += signed(moves[m + 1]); m += 2;
    return [x, y];
  }));
}
