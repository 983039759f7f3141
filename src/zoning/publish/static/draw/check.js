"use strict";
// From the four files to a verdict: everything is computed again and the transcript compared byte by byte.
const drawCheck = (() => {
  const { sha256, hmac, hex, unhex, join, last } = drawHash;
  const files = drawFiles;
  const { need, byText, byTexts, ascends, canonical, Refusal } = files;
  const NAMES = ["manifest", "roster", "constraints", "transcript"];
  const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

  // What a key applies to, by kind of draw; elsewhere it is empty or 0 (`equal` 1).
  const checkKeys = (manifest) => {
    const kind = manifest.algorithm.split("/")[1];
    const of = (...kinds) => kinds.includes(kind);
    const fits = (key, holds) => need(holds, "manifest_keys", { key });
    const within = (key, applies, most) => fits(
      key, applies ? manifest[key] >= 1 && manifest[key] <= most : manifest[key] === 0,
    );
    const promised = manifest.constraints;
    const sized = kind === "late" || manifest.equal === 0 ? manifest.classes : 0;
    fits("mode", manifest.mode !== "lowtech" || of("split"));
    within("n", of("split", "seat", "late"), Infinity);
    fits("roster", (manifest.n === 0) === (manifest.roster === ""));
    within("classes", of("split", "late"), 9999);
    fits("equal", manifest.equal === 1 || of("split"));
    fits("capacities", manifest.capacities.length === sized);
    fits("capacities", manifest.equal === 1 || total(manifest.capacities) === manifest.n);
    fits("levels", manifest.levels.length === 0 || of("split"));
    within("attempts", of("split"), 10000);
    fits("polish", manifest.polish === 0 || (of("split") && manifest.mode !== "lowtech"));
    fits("constraints", promised.together + promised.separate === 0 || of("split", "late"));
    fits("constraints", promised.closed === 0 || of("late"));
    fits("seats", manifest.seats.length === 0 || of("seat"));
    fits("seats", ascends(manifest.seats.map((entry) => entry.school), byText) && manifest.seats.every((entry) => entry.school));
    fits("items", of("teacher", "inspect") === manifest.items.length > 0 && ascends(manifest.items, byText) && manifest.items.every(Boolean));
    within("choose", of("inspect"), manifest.items.length);
    within("batch", of("late"), Infinity);
    return kind;
  };

  const checkRoster = ({ manifest, roster }) => {
    need(ascends(roster.records.map(({ sid }) => sid), byText), "roster_order");
    const tree = files.tree(roster.records);
    need(roster.records.length === manifest.n, "roster_count", { found: roster.records.length, wanted: manifest.n });
    need(manifest.n === 0 || tree.root === manifest.roster, "roster_root");
    return tree;
  };

  const checkConstraints = ({ manifest, roster, constraints }, octets) => {
    const { together, separate, closed } = constraints;
    const promised = manifest.constraints;
    need(hex(sha256(join(drawHash.bytes("lot/constraints/1"), octets))) === promised.root, "constraints_root");
    need(together.length === promised.together && separate.length === promised.separate
      && closed.length === promised.closed, "constraints_root");
    const known = new Set(roster.records.map(({ sid }) => sid));
    const sound = [...together, ...separate].every((group) => ascends(group, byText))
      && ascends(together, byTexts) && ascends(separate, byTexts)
      && together.every((group) => group.length >= 2) && separate.every((pair) => pair.length === 2)
      && ascends(closed, (a, b) => byText(a.sid, b.sid) || a.class - b.class);
    need(sound, "constraints_form");
    const grouped = together.flat();
    const group = new Map(together.flatMap((sids, i) => sids.map((sid) => [sid, i])));
    need(group.size === grouped.length, "constraints_twice");
    need(separate.every(([a, b]) => !group.has(a) || group.get(a) !== group.get(b)), "constraints_twice");
    need([...grouped, ...separate.flat(), ...closed.map(({ sid }) => sid)].every((sid) => known.has(sid)), "constraints_unknown");
    need(closed.every((entry) => entry.class >= 1 && entry.class <= manifest.classes), "constraints_form");
  };

  const checkStrata = ({ manifest, roster }, kind) => {
    const { strata } = manifest;
    const sound = (holds) => need(holds, "strata");
    sound(strata.length > 0 && strata[0].label === "L00" && strata[0].parent === "");
    if (kind !== "split") {
      sound(strata.length === 1 && strata[0].count === 0 && roster.records.every(({ path }) => path.length === 0));
      return;
    }
    sound(strata.every(({ label }) => /^L[0-9]{2,5}$/.test(label)) && ascends(strata.map(({ label }) => label), byText));
    const parent = new Map(strata.map((stratum) => [stratum.label, stratum.parent]));
    const inner = new Set(parent.values());
    const counts = new Map(strata.map(({ label }) => [label, 0]));
    for (const { path } of roster.records) {
      const way = ["L00", ...path];
      sound(way.every((label, i) => parent.has(label) && (i === 0 || parent.get(label) === way[i - 1])));
      sound(!inner.has(last(way)));
      for (const label of way) counts.set(label, counts.get(label) + 1);
    }
    sound(strata.every(({ label, count }) => count === counts.get(label) && count > 0));
  };

  const checkFamilies = ({ manifest, roster }, kind) => {
    const sound = (holds) => need(holds, "families");
    if (kind !== "seat") {
      sound(roster.records.every(({ family, choices }) => family === "" && choices.length === 0));
      return;
    }
    const schools = new Set(manifest.seats.map(({ school }) => school));
    const first = new Map();
    for (const record of roster.records) {
      const names = record.choices.map(({ school }) => school);
      sound(new Set(names).size === names.length && names.every((name) => schools.has(name)));
      sound(record.choices.every(({ tier }) => tier >= 1));
      if (!first.has(record.family)) {
        sound(record.family === record.sid);
        first.set(record.family, record);
      }
      sound(same(canonical(first.get(record.family).choices), canonical(record.choices)));
    }
  };

  const keys = (commitment, spoken, stage) => {
    const seed = join(...spoken.map(({ octets }) => drawEngine.lengthened(octets)));
    const prk = hmac(commitment)(seed);
    return hmac(prk)(drawHash.bytes(`lot/1/${stage}`));
  };

  // Where a transcript differs from the one computed, the first place is named.
  const compare = (wanted, found) => {
    const parts = ["commitment", "stage", "key", "attempt", "swaps", "result", "root", "void"];
    const other = parts.find((part) => !same(canonical(wanted[part]), canonical(found[part])));
    if (other === "result") {
      const at = wanted.result.findIndex((item, i) => !found.result[i] || item.id !== found.result[i].id
        || item.to !== found.result[i].to);
      if (at >= 0) throw new Refusal("other_result", { id: wanted.result[at].id, to: wanted.result[at].to || "–" });
    }
    need(!other, other === "commitment" ? "other_commitment" : "other_part", { part: other });
  };

  const built = (all, stage, key, draw) => {
    const result = [...draw.to].map(([id, to]) => ({ id, to })).sort((a, b) => byText(a.id, b.id));
    return {
      format: "lot/transcript/1", commitment: hex(all.commitment), stage, key: hex(key), seed: all.transcript.seed,
      attempt: draw.attempt || 0, swaps: draw.swaps || [], result, root: files.tree(result).root,
      void: all.manifest.mode === "rehearsal" ? 1 : 0,
    };
  };

  const normal = (typed) => typed.replace(/[^0-9a-fA-F]/g, "").toLowerCase();

  // `octets` holds the bytes of the four files; `promised` is the digest that was published before the draw, or empty.
  const verify = (octets, promised = "") => {
    for (const name of NAMES) need(octets[name], "missing_file", { file: name });
    const all = {};
    for (const name of NAMES) all[name] = files.read(octets[name], name);
    const { manifest, transcript } = all;
    all.commitment = sha256(octets.manifest);
    need(hex(all.commitment) === transcript.commitment, "other_commitment");
    const typed = normal(promised);
    need(!promised.trim() || typed.length === 64, "promise_form", { count: typed.length });
    need(!promised.trim() || typed === transcript.commitment, "other_promise");
    const kind = checkKeys(manifest);
    drawSources.checkRules(manifest);
    all.tree = checkRoster(all);
    checkConstraints(all, octets.constraints);
    checkStrata(all, kind);
    checkFamilies(all, kind);
    all.spoken = drawSources.spoken(manifest, transcript.seed);
    const stage = kind === "late" ? `late:${manifest.batch}` : kind;
    const key = keys(all.commitment, all.spoken, stage);
    const tickets = drawEngine.ticketsOf(key);
    const draw = drawEngine.draws[kind](all, tickets);
    const wanted = built(all, stage, key, draw);
    compare(wanted, transcript);
    need(same(canonical(wanted), octets.transcript), "other_part", { part: "transcript" });
    return { ...all, kind, draw, tickets, hasPromise: Boolean(promised.trim()) };
  };

  // What a hand writes for a code: small letters, blanks, O for 0, I and L for 1.
  const asCode = (typed) => typed.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  const recordOf = (text) => {
    if (!text.trim()) return null;
    try { return files.read(drawHash.bytes(text.trim()), "private"); } catch (problem) { throw new Refusal("record_form"); }
  };

  // What stands behind one child: its record, proof, ticket, class, and every exchange that touches it.
  const own = (found, { sid: typed = "", record: text = "", receipt = "" }) => {
    need(found.manifest.n > 0, "own_no_children");
    const record = recordOf(text);
    const sid = asCode(typed) || (record ? record.sid : "");
    const code = asCode(receipt);
    need(files.isCode(sid), "own_form");
    need(!record || sid === record.sid, "own_two");
    need(files.isCode(code) || (!code && !record), "receipt_form");
    const at = found.roster.records.findIndex((child) => child.sid === sid);
    need(at >= 0, "own_unknown", { id: sid });
    const line = found.roster.records[at];
    need(!record || files.privateDigest(record, code) === line.h, "own_digest");
    const steps = files.proof(found.tree.levels, at);
    need(files.climbed(line, steps) === found.manifest.roster, "roster_root");
    const { draw, constraints } = found;
    const word = { split: ["pupil", draw.attempt, sid], seat: ["seat", line.family], late: ["late", lateUnit(constraints, sid)] };
    return {
      sid, isRecord: record !== null, steps: steps.length, to: draw.to.get(sid), ticket: found.tickets.of(...word[found.kind]),
      wall: code ? files.wallCode(code) : "",
      turn: draw.line ? draw.line.indexOf(sid) + 1 : 0,
      swaps: (draw.swaps || []).filter(({ moved, partner }) => moved === sid || partner === sid),
      together: constraints.together.filter((group) => group.includes(sid)).flat().filter((other) => other !== sid),
      apart: constraints.separate.filter((pair) => pair.includes(sid)).flat().filter((other) => other !== sid),
      waiting: draw.waiting ? [...draw.waiting].map(([school, sids]) => [school, sids.indexOf(sid) + 1])
        .filter(([, place]) => place) : [],
    };
  };
  const lateUnit = (constraints, sid) => (constraints.together.find((group) => group.includes(sid)) || [sid])[0];

  // Where the browser has its own SHA-256 and HMAC, ours are compared with them.
  const crossChecked = async (found) => {
    const subtle = globalThis.crypto && globalThis.crypto.subtle;
    if (!subtle) return false;
    const data = canonical(found.manifest);
    const digest = new Uint8Array(await subtle.digest("SHA-256", data));
    const key = await subtle.importKey("raw", unhex(found.transcript.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const signed = new Uint8Array(await subtle.sign("HMAC", key, data));
    need(same(digest, sha256(data)) && same(signed, hmac(unhex(found.transcript.key))(data)), "own_hash");
    return true;
  };
  return { verify, own, keys, crossChecked, NAMES };
})();
