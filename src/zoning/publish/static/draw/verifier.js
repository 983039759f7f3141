"use strict";
// The form: files and words in, a verdict out. A page that carries its files checks them by itself.
(() => {
  const { root, $, embedded, make, show, say, asked, para } = drawPage;
  const SPLITS = "splits";
  const octets = {};
  let strangers = [];
  let isInside = false;

  // What was said about other files or words is gone as soon as these change.
  let changes = 0;
  let done = null;
  const forgetChild = () => show("child");
  const forget = () => {
    changes += 1;
    done = null;
    for (const id of ["verdict", "child", "more"]) show(id);
    delete root.dataset.void;
    $("own-part").hidden = false;
  };
  // A verdict that no promise went into stays while one is typed: nothing above the hand moves.
  $("promise").addEventListener("input", () => {
    if (!isInside || !done || done.found.hasPromise) forget();
    changes += 1;
    done = null;
  });
  for (const id of ["sid", "receipt", "record"]) $(id).addEventListener("input", forgetChild);

  const line = (file, word) => make("li", word === "file_there" ? "there" : "", file, ": ", say(word));
  const showFound = () => {
    const names = drawCheck.NAMES.map((name) => line(`${name}.json`, octets[name] ? "file_there" : "file_missing"));
    if (octets[SPLITS]) names.push(line(`${SPLITS}.csv`, "file_there"));
    show("found", ...names, ...strangers.map((name) => line(make("bdi", "", name), "file_strange")));
  };
  // A file is known by the format that it names; by its own name when it names none.
  const kindOf = (name, data) => {
    const text = new TextDecoder().decode(data);
    if (/^sid,000,/.test(text) || /^splits.*\.csv$/.test(name)) return SPLITS;
    let format = "";
    try { format = String(JSON.parse(text).format); } catch (problem) { format = ""; }
    return [...drawCheck.NAMES, "private"].find((kind) => format === `lot/${kind}/1`)
      || drawCheck.NAMES.find((kind) => name.startsWith(kind));
  };
  const takeRecord = (data) => {
    $("record").value = new TextDecoder().decode(data);
    $("record-part").open = true;
    forgetChild();
  };
  const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
  const take = async (chosen) => {
    strangers = [];
    let isNew = false;
    for (const file of chosen) {
      const data = await bytesOf(file);
      const kind = kindOf(file.name, data);
      if (kind === "private") takeRecord(data);
      else if (kind) {
        octets[kind] = data;
        isNew = true;
      } else strangers.push(file.name);
    }
    if (isNew) forget();
    showFound();
  };
  $("files").addEventListener("change", () => take($("files").files));
  $("record-file").addEventListener("change", async () => {
    if ($("record-file").files.length) takeRecord(await bytesOf($("record-file").files[0]));
  });
  addEventListener("dragover", (event) => { event.preventDefault(); $("form").classList.add("over"); });
  addEventListener("dragleave", () => $("form").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("form").classList.remove("over");
    take(event.dataTransfer.files);
  });

  const pause = () => new Promise((goOn) => { setTimeout(goOn, 30); });
  const compareSplits = async (found, started) => {
    const bar = make("progress");
    bar.max = 1000;
    bar.value = 0;
    bar.setAttribute("aria-labelledby", "working");
    $("working").textContent = "";
    $("working").append(say("working_splits"));
    $("verdict").append(bar);
    await drawSplits.compare(found, octets[SPLITS], (count) => {
      bar.value = count;
      return started === changes;
    });
  };
  const check = async (started) => {
    const working = para("working", "working");
    working.id = "working";
    show("verdict", working);
    await pause();
    const found = drawCheck.verify(octets, $("promise").value);
    const crossed = await drawCheck.crossChecked(found);
    found.hasSplits = found.manifest.mode === "lowtech" && Boolean(octets[SPLITS]);
    if (found.hasSplits) await compareSplits(found, started);
    return { found, crossed };
  };
  const tell = (checked) => {
    const { found, crossed } = checked;
    if (found.transcript.void) root.dataset.void = "";
    show("verdict", drawReport.verdict(found));
    show("more", ...drawReport.more(found, crossed));
    $("own-part").hidden = found.manifest.n === 0;
  };
  // A verdict on other files or words than those that now stand on the page is not shown.
  const checkAll = async () => {
    if (done) return;
    const started = changes;
    let checked = null;
    let problem = null;
    try { checked = await check(started); } catch (caught) { problem = caught; }
    if (started !== changes) return;
    if (problem) {
      forget();
      show("verdict", drawReport.refusal(problem));
      $("own-part").hidden = isInside;
      return;
    }
    done = checked;
    tell(checked);
  };
  const typed = () => ({ sid: $("sid").value, receipt: $("receipt").value, record: $("record").value });
  const showChild = (isAsked) => {
    const given = typed();
    if (!done || $("own-part").hidden || !(isAsked || Object.values(given).some((text) => text.trim()))) return false;
    let shown;
    try { shown = drawReport.child(done.found, drawCheck.own(done.found, given)); } catch (problem) {
      shown = drawReport.ownRefusal(problem);
    }
    show("child", shown);
    return true;
  };
  const BUTTONS = ["check", "check-own", "check-promise"];
  const run = async (button) => {
    for (const id of BUTTONS) $(id).disabled = true;
    await checkAll();
    for (const id of BUTTONS) $(id).disabled = false;
    const isChild = showChild(button === "check-own") && button !== "check-promise";
    if (button) $(isChild ? "child" : "verdict").focus();
    root.dataset.checked = String(Number(root.dataset.checked || 0) + 1);
  };
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    // Browsers before 2022 do not say which button it was.
    const likely = isInside && done ? "check-own" : "check";
    run(event.submitter ? event.submitter.id : likely);
  });

  // With the files inside, the verdict stands above everything, and other files may be chosen at the end.
  const carry = () => {
    for (const [name, text] of Object.entries(embedded)) {
      octets[name] = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    }
    if (!drawCheck.NAMES.every((name) => octets[name])) return;
    isInside = true;
    root.dataset.inside = "";
    $("form").before($("verdict"));
    $("own-part").after($("child"));
    $("check").setAttribute("form", "form");
    $("others").append($("files-part"), $("check"));
  };
  asked();
  carry();
  showFound();
  root.dataset.ready = "";
  if (isInside) run("");
})();
