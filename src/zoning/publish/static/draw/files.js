"use strict";
// The four public files and the private record: canonical JSON, exact shapes, the rules of sources and strata.
const drawFiles = (() => {
  const { bytes, hex, unhex, join, big, last, sha256 } = drawHash;

  // A refusal names a sentence of the table; the page words it in both languages.
  class Refusal extends Error {
    constructor(word, facts = {}) { super(word); this.word = word; this.facts = facts; }
  }
  const need = (holds, word, facts) => { if (!holds) throw new Refusal(word, facts); };

  // Text is ordered by its UTF-8 bytes, which is the order of its code points, not of UTF-16 units.
  const byText = (a, b) => {
    const one = Array.from(a);
    const two = Array.from(b);
    for (let i = 0; i < one.length && i < two.length; i++) {
      if (one[i] !== two[i]) return one[i].codePointAt(0) - two[i].codePointAt(0);
    }
    return one.length - two.length;
  };
  const byTexts = (a, b) => {
    for (let i = 0; i < a.length && i < b.length; i++) if (byText(a[i], b[i])) return byText(a[i], b[i]);
    return a.length - b.length;
  };
  const ascends = (list, order) => list.every((item, i) => i === 0 || order(list[i - 1], item) < 0);

  const HIDDEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
  const encode = (value) => {
    if (typeof value === "number") {
      need(Number.isSafeInteger(value), "not_canonical");
      return String(value);
    }
    if (typeof value === "string") {
      need(!HIDDEN.test(value) && value.normalize("NFC") === value, "not_canonical");
      return `"${value.replace(/["\\]/g, "\\$&")}"`;
    }
    if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
    need(value !== null && typeof value === "object", "not_canonical");
    const keys = Object.keys(value).sort();
    need(keys.every((key) => /^[a-z][a-z0-9_]*$/.test(key)), "not_canonical");
    return `{${keys.map((key) => `"${key}":${encode(value[key])}`).join(",")}}`;
  };
  const canonical = (value) => bytes(encode(value));

  const decode = (data, file) => {
    let found;
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
      found = JSON.parse(text);
      need(encode(found) === text, "not_canonical");
    } catch (problem) {
      throw new Refusal("not_canonical", { file });
    }
    return found;
  };

  const hasOwn = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
  // Shapes: each is a function that tells whether a value has it.
  const text = (value) => typeof value === "string";
  const whole = (value) => Number.isSafeInteger(value);
  const natural = (value) => whole(value) && value >= 0;
  const flag = (value) => value === 0 || value === 1;
  const like = (pattern) => (value) => text(value) && pattern.test(value);
  const digest = like(/^[0-9a-f]{64}$/);
  const digestOrNone = like(/^([0-9a-f]{64})?$/);
  const code = like(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  const one = (...known) => (value) => known.includes(value);
  const list = (shape) => (value) => Array.isArray(value) && value.every(shape);
  const table = (shape) => (value) => value !== null && typeof value === "object" && !Array.isArray(value)
    && Object.keys(value).length === Object.keys(shape).length
    && Object.keys(shape).every((key) => hasOwn(value, key) && shape[key](value[key]));

  const thrown = table({ type: text, at: natural, count: natural });
  const SOURCES = {
    balls: thrown, dice: thrown,
    drand: table({
      type: text, at: natural, chain: digest, genesis: natural, period: natural,
      public_key: like(/^[0-9a-f]{192}$/), round: natural,
    }),
    lottery: table({
      type: text, at: natural, issue: text, name: text,
      pools: list((pool) => list(natural)(pool) && pool.length === 2),
    }),
  };
  const source = (value) => value !== null && typeof value === "object" && hasOwn(SOURCES, value.type)
    && SOURCES[value.type](value);
  const choice = table({ school: text, tier: whole });
  const SHAPES = {
    roster: table({
      format: one("lot/roster/1"),
      records: list(table({ sid: code, h: digest, path: list(text), family: text, choices: list(choice) })),
    }),
    constraints: table({
      format: one("lot/constraints/1"), together: list(list(code)), separate: list(list(code)),
      closed: list(table({ class: whole, sid: code })),
    }),
    manifest: table({
      format: one("lot/manifest/1"),
      algorithm: one("lot/split/1", "lot/seat/1", "lot/late/1", "lot/teacher/1", "lot/inspect/1"),
      mode: one("draw", "rehearsal", "lowtech"), draw: text, place: text, school: text, purpose: text, contact: text,
      published: natural, previous: digestOrNone, sources: list(list(source)), n: natural, roster: digestOrNone,
      constraints: table({ closed: natural, root: digest, separate: natural, together: natural }),
      classes: natural, equal: flag, capacities: list(natural), levels: list(text),
      strata: list(table({ count: natural, label: text, parent: text })),
      attempts: natural, polish: natural, seats: list(table({ school: text, seats: natural })),
      items: list(text), choose: natural, batch: natural,
      program: table({ digest: digestOrNone, name: text, verifier: digestOrNone, version: text }),
      rules: table({ late: text, twins: text, void: text, waiting: text }),
    }),
    transcript: table({
      format: one("lot/transcript/1"), commitment: digest, stage: text, key: digest,
      seed: list(table({ rung: natural, value: text })), attempt: natural,
      swaps: list(table({ moved: code, partner: code, why: one("together", "separate", "polish") })),
      result: list(table({ id: text, to: text })), root: digest, void: flag,
    }),
    private: table({
      address: text, birth_date: text, choices: list(text), format: one("lot/private/1"),
      gender: one("F", "M", ""), kindergarten: text, name: text, need: text, registered_at: text,
      scores: list(table({ subject: text, tenths: whole })), sid: code, tier: whole, together: whole,
      twin_group: text,
    }),
  };
  const read = (data, file) => {
    const found = decode(data, file);
    need(SHAPES[file](found), "wrong_shape", { file });
    return found;
  };

  // Merkle trees of RFC 6962.
  const ZERO = new Uint8Array([0]);
  const ONE = new Uint8Array([1]);
  const node = (left, right) => sha256(join(ONE, left, right));
  const tree = (values) => {
    const levels = [values.map((value) => sha256(join(ZERO, canonical(value))))];
    while (last(levels).length > 1) {
      const below = last(levels);
      const next = [];
      for (let i = 0; i < below.length; i += 2) next.push(i + 1 < below.length ? node(below[i], below[i + 1]) : below[i]);
      levels.push(next);
    }
    return { levels, root: hex(values.length ? last(levels)[0] : sha256(new Uint8Array(0))) };
  };
  const proof = (levels, position) => {
    const steps = [];
    let at = position;
    for (const level of levels.slice(0, -1)) {
      const beside = at ^ 1;
      if (beside < level.length) steps.push({ left: at % 2 === 1, digest: level[beside] });
      at >>= 1;
    }
    return steps;
  };
  const climbed = (value, steps) => hex(steps.reduce(
    (at, step) => (step.left ? node(step.digest, at) : node(at, step.digest)), sha256(join(ZERO, canonical(value))),
  ));

  const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const codeBytes = (written) => {
    let number = 0n;
    for (const digit of written) number = number * 32n + BigInt(DIGITS.indexOf(digit));
    return big(number, 16);
  };
  // 16 bytes in Crockford's base 32: 26 characters, most significant first.
  const written = (data) => {
    let number = 0n;
    for (const byte of data) number = number * 256n + BigInt(byte);
    return Array.from({ length: 26 }, (_, i) => DIGITS[Number((number >> BigInt(5 * (25 - i))) & 31n)]).join("");
  };
  const wallCode = (receipt) => written(sha256(join(bytes("lot/wall/1"), codeBytes(receipt))).subarray(0, 16)).slice(1, 5);
  const privateDigest = (record, receipt) => hex(sha256(join(bytes("lot/leaf/1"), codeBytes(receipt), canonical(record))));

  return {
    Refusal, need, byText, byTexts, ascends, canonical, read, tree, proof, climbed, privateDigest, wallCode,
    isCode: code, unhex,
  };
})();
