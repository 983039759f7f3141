(function () {
"use strict";
const root = document.documentElement;
function speak(lang) {
  root.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = root.dataset[lang];
}
function asked() {
  const lang = new URLSearchParams(location.hash.slice(1)).get("lang");
  if (lang === "en" || lang === "zh") speak(lang);
}
document.getElementById("lang").addEventListener("click", () => {
  const lang = root.lang === "en" ? "zh" : "en";
  speak(lang);
  history.replaceState(null, "", `#lang=${lang}`);
});
addEventListener("hashchange", asked);
asked();
root.dataset.ready = "";
}());
