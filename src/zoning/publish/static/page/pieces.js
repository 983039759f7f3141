// Pieces that the pages with a map share: words in two languages, markup whose names go in as text, hatching.
const el = (id) => document.getElementById(id);
const chinese = () => state.lang === "zh";
const both = (pair) => (chinese() ? pair[1] || pair[0] : pair[0] || pair[1]);
const schoolYear = (year) => `${year}-${String((year + 1) % 100).padStart(2, "0")}`;

function T(key, fields) {
  const sentence = (DATA.ui[key] || [key, key])[chinese() ? 1 : 0];
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (fields && name in fields ? fields[name] : whole));
}

function make(tag, options, ...children) {
  const node = document.createElement(tag);
  const { text, on, ...rest } = options || {};
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) node.setAttribute(name === "cls" ? "class" : name, value);
  }
  for (const [event, action] of Object.entries(on || {})) node.addEventListener(event, action);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const tiles = new Map();
function stripes(first, second, ratio = 1) {
  const key = [first, second, ratio].join();
  if (!tiles.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(12 * ratio);
    const pen = tile.getContext("2d");
    pen.scale(tile.width / 12, tile.width / 12);
    pen.fillStyle = first;
    pen.fillRect(0, 0, 12, 12);
    pen.strokeStyle = second;
    pen.lineWidth = 4.2;
    for (const shift of [-12, 0, 12]) {
      pen.beginPath();
      pen.moveTo(shift - 2, 14);
      pen.lineTo(shift + 14, -2);
      pen.stroke();
    }
    tiles.set(key, pen.createPattern(tile, "repeat"));
  }
  return tiles.get(key);
}
