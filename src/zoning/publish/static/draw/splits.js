"use strict";
// The low-tech mode: the table of all thousand splits, `splits.csv`, computed again number by number.
const drawSplits = (() => {
  const { bytes } = drawHash;
  const { need, Refusal } = drawFiles;
  const NUMBERS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, "0"));
  const BUSY_MS = 50;
  const breathe = () => new Promise((done) => { setTimeout(done, 0); });

  // Cells by child. Every byte is accounted for: header, numbers, commas, and one line feed after each line.
  const cellsOf = (data, sids) => {
    let text = "";
    try { text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data); } catch (problem) { text = ""; }
    const lines = text.split("\n");
    need(lines.length === sids.length + 2 && lines.pop() === "", "splits_form");
    need(lines.shift() === ["sid", ...NUMBERS].join(","), "splits_form");
    return lines.map((line, i) => {
      const [sid, ...cells] = line.split(",");
      need(sid === sids[i] && cells.length === NUMBERS.length, "splits_form");
      return cells;
    });
  };
  const placeOf = (found, number) => {
    const key = drawCheck.keys(found.commitment, [{ octets: bytes(number) }], "split");
    try {
      return drawEngine.draws.split({ ...found, transcript: { swaps: [] } }, drawEngine.ticketsOf(key)).place;
    } catch (problem) {
      throw problem instanceof Refusal ? new Refusal("splits_missing", { number }) : problem;
    }
  };

  // `said` is told how many are done and answers whether to go on; between pieces of work the page may breathe.
  const compare = async (found, data, said) => {
    const sids = found.roster.records.map(({ sid }) => sid);
    const cells = cellsOf(data, sids);
    let since = performance.now();
    for (let i = 0; i < NUMBERS.length; i++) {
      const place = placeOf(found, NUMBERS[i]);
      sids.forEach((sid, row) => need(
        cells[row][i] === String(place.get(sid)), "splits_other", { number: NUMBERS[i], id: sid, to: place.get(sid) },
      ));
      if (performance.now() - since < BUSY_MS) continue;
      if (!said(i + 1)) return;
      await breathe();
      since = performance.now();
    }
  };
  return { compare };
})();
