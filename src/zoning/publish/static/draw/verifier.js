"use strict";
// The page: files in, a verdict out, in two languages at once (one of which the style hides).
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const { words, files: embedded } = JSON.parse($("data").textContent);
  const octets = {};
  const LANGS = [["en", "en"], ["zh", "zh-CN"]];

  const filled = (sentence, facts, lang) => sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = String(facts[name]);
    return name === "part" ? words[`part_${value}`][lang] : value;
  });
  const make = (tag, kind = "", ...inside) => {
    const node = document.createElement(tag);
    if (kind) node.className = kind;
    node.append(...inside);
    return node;
  };
  const show = (id, ...inside) => {
    $(id).textContent = "";
    $(id).append(...inside);
  };
  const say = (word, facts = {}) => {
    const both = document.createDocumentFragment();
    for (const [lang, tag] of LANGS) {
      const span = make("span", lang, filled(words[word][lang], facts, lang));
      span.lang = tag;
      both.append(span);
    }
    return both;
  };

  const speak = (lang) => {
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = root.dataset[lang];
  };
  const asked = () => {
    const lang = new URLSearchParams(location.hash.slice(1)).get("lang");
    if (lang === "en" || lang === "zh") speak(lang);
  };
  $("lang").addEventListener("click", () => {
    const lang = root.lang === "en" ? "zh" : "en";
    speak(lang);
    history.replaceState(null, "", `#lang=${lang}`);
  });
  addEventListener("hashchange", asked);

  // What was said about other files or words is gone as soon as these change.
  let changes = 0;
  const forget = () => {
    changes += 1;
    show("result");
  };
  $("form").addEventListener("input", forget);

  const showFound = (strangers = []) => {
    show("found", ...drawCheck.NAMES.map((name) => make(
      "li", octets[name] ? "there" : "", `${name}.json: `, say(octets[name] ? "file_there" : "file_missing"),
    )), ...strangers.map((name) => make("li", "", make("bdi", "", name), ": ", say("file_strange"))));
  };
  // A file is known by the format that it names; by its own name when it names none.
  const kindOf = (name, data) => {
    const kinds = [...drawCheck.NAMES, "private"];
    const text = new TextDecoder().decode(data);
    let format = "";
    try { format = String(JSON.parse(text).format); } catch (problem) { format = ""; }
    return kinds.find((kind) => format === `lot/${kind}/1`) || drawCheck.NAMES.find((kind) => name.startsWith(kind));
  };
  const take = async (chosen) => {
    const strangers = [];
    for (const file of chosen) {
      const data = new Uint8Array(await file.arrayBuffer());
      const kind = kindOf(file.name, data);
      if (kind === "private") $("own").value = new TextDecoder().decode(data);
      else if (kind) octets[kind] = data;
      else strangers.push(file.name);
    }
    forget();
    showFound(strangers);
  };
  $("files").addEventListener("change", () => take($("files").files));
  addEventListener("dragover", (event) => { event.preventDefault(); $("form").classList.add("over"); });
  addEventListener("dragleave", () => $("form").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("form").classList.remove("over");
    take(event.dataTransfer.files);
  });

  const grouped = (text, size) => text.match(new RegExp(`.{1,${size}}`, "g")).join(" ");
  const when = (at) => {
    const date = new Date((at + 8 * 3600) * 1000);
    return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 16).replace("T", " ")} (UTC+8)`;
  };
  const card = (heading, ...inside) => make("section", "", make("h2", "", say(heading)), ...inside);
  const listed = (items) => make("ul", "said", ...items.map((item) => make("li", "", item)));
  const pairs = (rows) => make("dl", "", ...rows.filter(([, value]) => value).flatMap(
    ([word, value]) => [make("dt", "", say(word)), make("dd", "", value)],
  ));

  const provedOf = (found, crossed, promise) => {
    const { manifest, spoken, kind, draw } = found;
    const items = [say("proved_files"), say("proved_commitment")];
    if (found.hasPromise) items.push(say("proved_promise"));
    items.push(say("proved_sources"));
    const rounds = spoken.filter(({ source }) => source.type === "drand");
    for (const { source } of rounds) {
      items.push(say(drawSources.isUsual(source) ? "proved_beacon" : "proved_other_beacon", { round: source.round }));
    }
    items.push(say(`proved_${kind}`, { attempt: draw.attempt || 0 }));
    if (kind === "split") items.push(say("proved_even"));
    if (kind === "split" && manifest.polish) items.push(say("proved_polish"));
    items.push(say(crossed ? "proved_hash_twice" : "proved_hash_once"));
    return items;
  };
  const unprovedOf = (found) => {
    const { manifest, spoken } = found;
    const items = [say("open_dice"), say("open_records")];
    if (!found.hasPromise) items.push(say("open_promise"));
    if (spoken.some(({ rung }) => rung > 0)) items.push(say("open_rung"));
    if (spoken.some(({ source }) => source.type === "lottery")) items.push(say("open_lottery"));
    for (const { source } of spoken) {
      if (source.type === "drand" && !drawSources.isUsual(source)) items.push(say("open_chain", { chain: source.chain }));
    }
    if (manifest.polish) items.push(say("open_polish"));
    if (Math.max(...spoken.map(({ source }) => source.at)) * 1000 > Date.now()) items.push(say("open_future"));
    const { verifier } = manifest.program;
    items.push(say("open_strata"), say("open_once"));
    items.push(verifier ? say("open_page", { digest: verifier }) : say("open_no_page"));
    return items;
  };

  const spokenOf = ({ source, value, rung }) => {
    const size = source.type === "lottery" ? value.length : source.type === "dice" ? 5 : 8;
    const what = { round: source.round, name: source.name, issue: source.issue, count: source.count };
    const inside = [
      make("h3", "", say(`source_${source.type}`, what)),
      make("p", "hint", when(source.at), rung ? " · " : "", rung ? say("rung", { rung: rung + 1 }) : ""),
      make("p", source.type === "dice" ? "digits" : "", make("code", "", grouped(value, size))),
    ];
    if (source.type === "dice") inside.push(make("p", "", say("compare_dice")));
    return inside;
  };

  const tableOf = (caption, titles, rows) => {
    const cells = (tag, list) => make("tr", "", ...list.map((cell) => {
      const node = make(tag, "", cell);
      if (tag === "th") node.scope = "col";
      return node;
    }));
    const table = make("table", "", make("caption", "", say(caption)),
      make("thead", "", cells("th", titles.map((word) => say(word)))),
      make("tbody", "", ...rows.map((row) => cells("td", row))));
    const box = make("div", "scroll", table);
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-labelledby", "h-results");
    return box;
  };
  const resultsOf = ({ transcript, kind }) => {
    const counts = new Map();
    for (const { to } of transcript.result) counts.set(to, (counts.get(to) || 0) + 1);
    const order = [...counts].sort((a, b) => Number(a[0]) - Number(b[0]) || drawFiles.byText(a[0], b[0]));
    const isCounted = kind === "split" || kind === "seat" || kind === "late";
    const shown = transcript.result.slice(0, 2000).map(({ id, to }) => [make("code", "", id), to || say("none")]);
    const more = transcript.result.length > shown.length ? make("p", "hint", say("more", { count: shown.length })) : "";
    const every = make("details", "", make("summary", "", say("every_result")), tableOf("caption_every", ["column_id", `to_${kind}`], shown), more);
    const section = card("heading_results", isCounted ? tableOf("caption_counts", [`to_${kind}`, "column_count"],
      order.map(([to, count]) => [to || say("none"), String(count)])) : "", every);
    section.querySelector("h2").id = "h-results";
    return section;
  };

  const ownOf = (found, own) => {
    const items = [say(own.isRecord ? "own_record" : "own_sid_only", { id: own.sid, steps: own.steps })];
    items.push(say(own.to ? `own_to_${found.kind}` : "own_none", { to: own.to }));
    if (own.turn) items.push(say(found.manifest.equal ? "own_turn" : "own_turn_leaf", { turn: own.turn }));
    for (const { moved, partner, why } of own.swaps) {
      const other = moved === own.sid ? partner : moved;
      items.push(say(`own_swap_${why}`, { other }));
    }
    if (own.together.length) items.push(say("own_together", { others: own.together.join(", ") }));
    if (own.apart.length) items.push(say("own_apart", { others: own.apart.join(", ") }));
    for (const [school, place] of own.waiting) items.push(say("own_waiting", { school, place }));
    return card("heading_own_result", listed(items), pairs([["ticket", make("code", "", grouped(own.ticket, 8))]]));
  };

  const refusal = (problem) => {
    const known = problem instanceof drawFiles.Refusal && words[problem.word];
    const sentence = known ? say(problem.word, problem.facts) : say("unexpected", { problem: String(problem) });
    return make("section", "refused", make("p", "verdict", say("refused")), make("p", "", sentence));
  };
  const verdict = ({ manifest, transcript }) => {
    const inside = [make("p", "verdict", say("verified", { count: transcript.result.length }))];
    if (transcript.void) inside.push(make("p", "void", say("void")));
    inside.push(pairs([
      ["fact_draw", make("bdi", "", manifest.draw)], ["fact_place", make("bdi", "", manifest.place)],
      ["fact_school", manifest.school && make("bdi", "", manifest.school)], ["fact_published", when(manifest.published)],
      ["fact_previous", manifest.previous && make("code", "", grouped(manifest.previous, 4))],
      ["fact_commitment", make("code", "", grouped(transcript.commitment, 4).toUpperCase())],
      ["fact_root", make("code", "", grouped(transcript.root, 4))],
    ]));
    return make("section", "good", ...inside);
  };

  const check = async () => {
    const found = drawCheck.verify(octets, $("promise").value);
    const crossed = await drawCheck.crossChecked(found);
    const shown = [verdict(found)];
    if ($("own").value.trim()) {
      try { shown.push(ownOf(found, drawCheck.own(found, $("own").value, $("receipt").value))); } catch (problem) {
        shown.push(refusal(problem));
      }
    }
    shown.push(card("heading_dice", ...found.spoken.flatMap(spokenOf)));
    shown.push(card("heading_proved", listed(provedOf(found, crossed))));
    shown.push(card("heading_open", listed(unprovedOf(found))));
    shown.push(resultsOf(found));
    return shown;
  };
  $("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    $("check").disabled = true;
    const started = changes;
    show("result", make("p", "", say("working")));
    await new Promise((done) => { setTimeout(done, 30); });
    let shown;
    try { shown = await check(); } catch (problem) { shown = [refusal(problem)]; }
    $("check").disabled = false;
    // A verdict on other files or words than those that now stand on the page is not shown.
    show("result", ...(started === changes ? shown : []));
    $("result").focus();
    root.dataset.checked = String(Number(root.dataset.checked || 0) + 1);
  });

  for (const [name, text] of Object.entries(embedded)) {
    octets[name] = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }
  asked();
  showFound();
  root.dataset.ready = "";
})();
