"use strict";
// What the page says: the verdict first, then what it rests on and what it leaves open.
const drawReport = (() => {
  const { make, say, has, when, code, para, card, listed, pairs, tableOf, grouped } = drawPage;
  const isLow = (found) => found.manifest.mode === "lowtech";
  const isVoid = (found) => found.transcript.void === 1;

  const marked = (kind, sign, heading, ...inside) => {
    const mark = make("span", "mark", sign);
    mark.setAttribute("aria-hidden", "true");
    return make("section", kind, make("h2", "verdict", mark, make("span", "", say(heading))), ...inside);
  };
  const sentenceOf = (problem) => (problem instanceof drawFiles.Refusal && has(problem.word)
    ? para("", problem.word, problem.facts) : para("", "unexpected", { problem: String(problem) }));
  // A missing file or a slip of the hand says nothing about the draw.
  const refusal = (problem) => {
    if (problem.word === "missing_file") return marked("asked", "?", "incomplete", sentenceOf(problem));
    if (problem.word === "promise_form") return marked("asked", "?", "own_asked", sentenceOf(problem));
    if (problem.word === "other_promise") return marked("refused", "✗", "promise_refused", sentenceOf(problem));
    return marked("refused", "✗", "refused", sentenceOf(problem), para("", "refused_next"));
  };
  const ownRefusal = (problem) => marked(
    problem.word === "own_digest" ? "refused" : "asked", problem.word === "own_digest" ? "✗" : "?",
    problem.word === "own_digest" ? "own_refused" : "own_asked", sentenceOf(problem),
  );

  const named = ({ manifest }) => {
    const parts = [manifest.place, manifest.school, manifest.draw].filter(Boolean);
    return make("p", "named", ...parts.flatMap((part, i) => [i ? " · " : "", make("bdi", "", part)]));
  };
  const verdict = (found) => {
    const count = { count: found.transcript.result.length };
    if (isVoid(found)) {
      return marked("void", "!", "void_head", named(found), para("strong", "void"), para("", "verified", count));
    }
    const thrown = isLow(found) ? "passed_balls" : "passed_dice";
    const inside = [named(found), para("", "verified", count)];
    if (isLow(found)) inside.push(make("div", "weak", para("strong", "weak_head"), para("", "weak")));
    inside.push(para("", found.hasPromise ? thrown : `${thrown}_and_promise`));
    return marked("good", "✓", "passed", ...inside);
  };

  const provedOf = (found, crossed) => {
    const { manifest, spoken, kind, draw } = found;
    const items = [say("proved_files"), say("proved_commitment")];
    if (found.hasPromise) items.push(say("proved_promise"));
    items.push(say(isLow(found) ? "proved_balls" : "proved_sources"));
    if (found.hasSplits) items.push(say("proved_splits"));
    for (const { source } of spoken.filter((one) => one.source.type === "drand")) {
      items.push(say(drawSources.isUsual(source) ? "proved_beacon" : "proved_other_beacon", { round: source.round }));
    }
    items.push(say(`proved_${kind}`, { attempt: draw.attempt || 0 }));
    if (kind === "split") items.push(say("proved_even"));
    if (kind === "split" && manifest.polish) items.push(say("proved_polish"));
    items.push(say(crossed ? "proved_hash_twice" : "proved_hash_once"));
    return items;
  };
  const openSources = (spoken) => {
    const items = [];
    if (spoken.some(({ rung }) => rung > 0)) items.push(say("open_rung"));
    if (spoken.some(({ source }) => source.type === "lottery")) items.push(say("open_lottery"));
    for (const { source } of spoken) {
      if (source.type === "drand" && !drawSources.isUsual(source)) items.push(say("open_chain", { chain: source.chain }));
    }
    if (Math.max(...spoken.map(({ source }) => source.at)) * 1000 > Date.now()) items.push(say("open_future"));
    return items;
  };
  const openPrevious = ({ manifest, kind }) => {
    if (kind !== "late" && kind !== "teacher") return manifest.previous ? ["open_previous"] : [];
    return [manifest.previous ? `open_previous_${kind}` : "open_no_previous"];
  };
  const unprovedOf = (found) => {
    const { manifest, kind } = found;
    const items = [say(isLow(found) ? "open_balls" : "open_dice")];
    if (isLow(found)) items.push(say("open_low"), ...(found.hasSplits ? [] : [say("open_splits")]));
    if (manifest.n) items.push(say("open_records"));
    if (!found.hasPromise) items.push(say("open_promise"));
    items.push(...openSources(found.spoken), ...openPrevious(found).map((word) => say(word)));
    if (manifest.polish) items.push(say("open_polish"));
    if (kind === "split") items.push(say("open_strata"));
    items.push(say("open_once"), say(manifest.program.verifier ? "open_page" : "open_no_page"));
    items.push(say(manifest.program.digest ? "open_program" : "open_no_program"));
    return items;
  };

  const isThrown = ({ type }) => type === "dice" || type === "balls";
  const spokenOf = ({ source, value, rung }) => {
    const size = { lottery: value.length, dice: 5, balls: 1, drand: 8 }[source.type];
    const what = { round: source.round, name: source.name, issue: source.issue, count: source.count };
    const inside = [
      make("h3", "", say(`source_${source.type}`, what)),
      make("p", "hint", when(source.at), rung ? " · " : "", rung ? say("rung", { rung: rung + 1 }) : ""),
      make("p", isThrown(source) ? "digits" : "", code(value, size)),
    ];
    if (isThrown(source)) inside.push(para("", "compare_dice"));
    return inside;
  };
  const compared = ({ spoken, transcript }) => card(
    "heading_compare", ...spoken.flatMap(spokenOf), make("h3", "", say("fact_commitment")),
    make("p", "digits", code(transcript.commitment.toUpperCase(), 4)), para("", "compare_commitment"),
  );

  const facts = ({ manifest, transcript }) => {
    const { name, version, digest, verifier } = manifest.program;
    return card("heading_facts", pairs([
      ["fact_draw", make("bdi", "", manifest.draw)], ["fact_place", make("bdi", "", manifest.place)],
      ["fact_school", manifest.school && make("bdi", "", manifest.school)],
      ["fact_purpose", manifest.purpose && make("bdi", "", manifest.purpose)],
      ["fact_contact", manifest.contact && make("bdi", "", manifest.contact)],
      ["fact_published", when(manifest.published)],
      ["fact_previous", manifest.previous && code(manifest.previous.toUpperCase(), 4)],
      ["fact_root", code(transcript.root, 4)],
      ["fact_program", make("bdi", "", `${name} ${version}`)],
      ["fact_digest", digest && code(digest, 4)], ["fact_verifier", verifier && code(verifier, 4)],
    ]));
  };

  const resultsOf = ({ transcript, kind }) => {
    const counts = new Map();
    for (const { to } of transcript.result) counts.set(to, (counts.get(to) || 0) + 1);
    const order = [...counts].sort((a, b) => Number(a[0]) - Number(b[0]) || drawFiles.byText(a[0], b[0]));
    const isCounted = kind === "split" || kind === "seat" || kind === "late";
    const shown = transcript.result.slice(0, 2000).map(({ id, to }) => [code(id), to || say("none")]);
    const more = transcript.result.length > shown.length ? para("hint", "more", { count: shown.length }) : "";
    const every = make("details", "", make("summary", "", say("every_result")), tableOf("caption_every", ["column_id", `to_${kind}`], shown), more);
    return card("heading_results", isCounted ? tableOf("caption_counts", [`to_${kind}`, "column_count"],
      order.map(([to, count]) => [to || say("none"), String(count)])) : "", every);
  };

  const more = (found, crossed) => [
    compared(found), card("heading_open", listed(unprovedOf(found))), card("heading_proved", listed(provedOf(found, crossed))),
    resultsOf(found), facts(found),
  ];

  const turnOf = (found, { turn }) => {
    if (!turn) return [];
    const word = found.kind === "late" ? "own_turn_late" : found.manifest.equal ? "own_turn" : "own_turn_leaf";
    return [say(word, { turn })];
  };
  const child = (found, own) => {
    const items = [say(own.isRecord ? "own_record" : "own_sid_only", { steps: own.steps }), ...turnOf(found, own)];
    for (const { moved, partner, why } of own.swaps) {
      items.push(say(`own_swap_${why}`, { other: moved === own.sid ? partner : moved }));
    }
    if (own.together.length) items.push(say("own_together", { others: own.together.join(", ") }));
    if (own.apart.length) items.push(say("own_apart", { others: own.apart.join(", ") }));
    for (const [school, place] of own.waiting) items.push(say("own_waiting", { school, place, tail: own.sid.slice(-8) }));
    const answer = make("p", "answer", say(own.to ? `own_to_${found.kind}` : "own_none", { to: own.to }));
    const wall = own.wall ? [make("p", "wall", say("wall_code"), " ", code(own.wall)), para("hint", "wall_hint")] : [];
    return make("section", isVoid(found) ? "void" : "good", make("h2", "", say("heading_child")),
      ...(isVoid(found) ? [para("strong", "own_void")] : []), answer, ...wall, listed(items),
      pairs([["own_id", code(own.sid)], ["ticket", code(grouped(own.ticket, 8))]]));
  };
  return { refusal, ownRefusal, verdict, more, child };
})();
