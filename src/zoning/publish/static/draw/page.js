"use strict";
// Words and pieces of the page, in two languages at once (one of which the style hides).
const drawPage = (() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const { words, files } = JSON.parse($("data").textContent);
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
  const has = (word) => Object.prototype.hasOwnProperty.call(words, word);

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

  const grouped = (text, size) => (text.match(new RegExp(`.{1,${size}}`, "gu")) || []).join(" ");
  const when = (at) => {
    const date = new Date((at + 8 * 3600) * 1000);
    return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 16).replace("T", " ")} (UTC+8)`;
  };
  const code = (text, size) => make("code", "", size ? grouped(text, size) : text);
  const para = (kind, word, facts) => make("p", kind, say(word, facts));
  const card = (heading, ...inside) => make("section", "", make("h2", "", say(heading)), ...inside);
  const listed = (items) => make("ul", "said", ...items.map((item) => make("li", "", item)));
  const pairs = (rows) => make("dl", "", ...rows.filter(([, value]) => value).flatMap(
    ([word, value]) => [make("dt", "", say(word)), make("dd", "", value)],
  ));
  const tableOf = (caption, titles, rows) => {
    const cells = (tag, list) => make("tr", "", ...list.map((cell) => {
      const node = make(tag, "", cell);
      if (tag === "th") node.scope = "col";
      return node;
    }));
    const title = make("caption", "", say(caption));
    title.id = `c-${caption}`;
    const table = make("table", "", title, make("thead", "", cells("th", titles.map((word) => say(word)))),
      make("tbody", "", ...rows.map((row) => cells("td", row))));
    const box = make("div", "scroll", table);
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-labelledby", title.id);
    return box;
  };
  return { root, $, embedded: files, make, show, say, has, asked, grouped, when, code, para, card, listed, pairs, tableOf };
})();
