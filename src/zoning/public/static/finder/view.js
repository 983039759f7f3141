// The window on the map: where it looks, how it is moved, when it draws. It knows nothing of zones or schools.
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const DEGREE_M = 111320; // a degree along the equator, metres
const WORLD_M = 156543; // a pixel of the whole world in one tile of 256, metres: levels of zoom count from there
const CLOSEST = 17, SLOP = 6, DOUBLE_MS = 260, REST_MS = 110;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const between = (low, value, high) => Math.max(low, Math.min(high, value));

// Units of the map are steps of the grid, those to the east shortened so that a unit is as long either way in the
// middle of the map, from the upper left corner. A look is the unit in the middle of the window and pixels a unit.
class View {
  constructor(node, [, south, lon, lat], [wide, tall], { draw, place, rest, click }) {
    Object.assign(this, { node, south, lat, lon, tall, draw, place, rest, click });
    const middle = Math.cos(((south + (lat * tall) / 2) * Math.PI) / 180);
    this.squeeze = (lon * middle) / lat;
    this.wide = wide * this.squeeze;
    this.whole = [0, 0, wide, tall];
    this.levelScale = (lat * DEGREE_M) / (WORLD_M * middle);
    [this.canvas, this.hint, this.bar] = ["canvas", ".tell", ".scale"].map((one) => node.querySelector(one));
    this.buttons = [...node.querySelectorAll(".zoom button")];
    this.pushers = [...node.querySelectorAll(".pan button")]; // for who cannot drag
    this.sheet = document.createElement("canvas"); // drawn wider than the window, and moved under it
    this.look = { x: this.wide / 2, y: tall / 2, scale: 1 };
    this.fingers = new Map();
    this.resized();
    this.home(0);
    this.listen();
  }

  unit([x, y]) { return [x * this.squeeze, this.tall - y]; }
  pixel(step) {
    const [x, y] = this.unit(step);
    return [(x - this.look.x) * this.look.scale + this.width / 2, (y - this.look.y) * this.look.scale + this.height / 2];
  }
  unitAt([px, py]) {
    return [this.look.x + (px - this.width / 2) / this.look.scale, this.look.y + (py - this.height / 2) / this.look.scale];
  }
  stepAt(pixel) {
    const [x, y] = this.unitAt(pixel);
    return [x / this.squeeze, this.tall - y];
  }
  get level() { return Math.log2(this.look.scale / this.levelScale); }
  get middle() { return [this.width / 2, this.height / 2]; }
  get goal() { return this.move?.goal || this.look; }

  // The look at a scale that has a unit at a pixel; the middle of the window never leaves the map.
  held([x, y], [px, py], wanted) {
    const scale = between(this.least, wanted, this.levelScale * 2 ** CLOSEST);
    return {
      x: between(0, x - (px - this.width / 2) / scale, this.wide), y: between(0, y - (py - this.height / 2) / scale, this.tall), scale,
    };
  }

  to(goal, ms) {
    this.move = null;
    if (calm || !ms) this.look = goal;
    else this.move = { from: this.look, goal, ms, begun: performance.now() };
    this.redraw();
  }

  // A frame is west, south, east and north in steps; it is kept in sight until somebody moves the map.
  fit(frame, { pad, closest = CLOSEST, ms }) {
    const [[left, bottom], [right, top]] = [frame.slice(0, 2), frame.slice(2)].map((step) => this.unit(step));
    const scale = Math.min((this.width - 2 * pad) / (right - left || 1), (this.height - 2 * pad) / (bottom - top || 1),
      this.levelScale * 2 ** closest);
    this.to(this.held([(left + right) / 2, (top + bottom) / 2], this.middle, scale), ms);
    this.kept = () => this.fit(frame, { pad, closest, ms: 0 });
  }
  home(ms = 350) { this.fit(this.whole, { pad: 10, ms }); }
  zoomed(levels, pixel = this.middle, ms = 250) {
    this.kept = null;
    this.to(this.held(this.unitAt(pixel), pixel, this.goal.scale * 2 ** levels), ms);
  }

  resized() {
    const { clientWidth: width, clientHeight: height } = this.node;
    const ratio = between(1, devicePixelRatio, 3);
    if (!width || !height) return; // on paper there is no map
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    const rim = width * height * ratio ** 2 < 8e6 ? 0.3 : 0.1; // a large screen's picture would take much memory
    const spare = Math.round(Math.min(width, height) * rim * ratio) / ratio;
    Object.assign(this, { width, height, ratio, spare, drawn: null, painted: 0 });
    for (const [canvas, rest] of [[this.canvas, 0], [this.sheet, 2 * spare]]) {
      canvas.width = Math.round((width + rest) * ratio);
      canvas.height = Math.round((height + rest) * ratio);
    }
    this.least = Math.min(width / this.wide, height / this.tall) / 2;
    this.kept?.();
    this.paint();
  }

  redraw() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }

  // On the way the pixel that both looks share stands still, so that the eye does not lose it.
  step() {
    const { from, goal, begun, ms } = this.move;
    const t = Math.min(1, (performance.now() - begun) / ms), eased = 1 - (1 - t) ** 3;
    const scale = from.scale * (goal.scale / from.scale) ** eased;
    const share = Math.abs(goal.scale / from.scale - 1) < 1e-3 ? eased
      : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / goal.scale);
    this.look = t < 1 ? { x: from.x + (goal.x - from.x) * share, y: from.y + (goal.y - from.y) * share, scale } : goal;
    if (t < 1) this.redraw(); else this.move = null;
  }

  paint() {
    if (this.move) this.step();
    this.picture();
    this.place();
    this.measure();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.strayed() > this.spare / 2) { this.drawn = null; this.picture(); }
      this.rest();
    }, REST_MS);
  }

  // Drawn anew where the scale or the scene changes; a map that is only pushed is moved as a picture, whatever it
  // holds, of which a rim beyond the window is drawn too.
  picture() {
    const { look, canvas, sheet, spare, ratio } = this;
    if (this.painted !== look.scale) this.drawOn(canvas, 0);
    else {
      if (this.strayed() > spare) {
        this.drawOn(sheet, spare);
        this.drawn = look;
      }
      const pen = canvas.getContext("2d"), { x, y } = this.drawn;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(sheet, ...[x - look.x, y - look.y].map((far) => Math.round((far * look.scale - spare) * ratio)));
    }
    this.painted = look.scale;
  }
  strayed() {
    const { look, drawn } = this;
    if (drawn?.scale !== look.scale) return Infinity;
    return Math.max(Math.abs(drawn.x - look.x), Math.abs(drawn.y - look.y)) * look.scale;
  }
  drawOn(canvas, spare) {
    const { look: { x, y, scale }, ratio } = this, pen = canvas.getContext("2d"), size = scale * ratio;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(size, 0, 0, size, (this.width / 2 + spare - x * scale) * ratio, (this.height / 2 + spare - y * scale) * ratio);
    this.draw(pen, 1 / scale);
  }
  changed() {
    this.drawn = null;
    this.painted = 0;
    this.redraw();
  }

  // The bar is right along the parallel in the middle of the window.
  measure() {
    const north = this.south + (this.tall - this.look.y) * this.lat;
    const metres = (this.lon * DEGREE_M * Math.cos((north * Math.PI) / 180)) / this.squeeze / this.look.scale;
    const power = 10 ** Math.floor(Math.log10(metres * 110));
    const long = [5, 3, 2, 1].map((n) => n * power).find((one) => one <= metres * 110) || power;
    this.bar.textContent = long < 1000 ? T("metres", { n: long }) : T("kilometres", { n: long / 1000 });
    this.bar.style.width = `${long / metres}px`;
    const ends = [this.levelScale * 2 ** CLOSEST, this.least];
    this.buttons.forEach((one, n) => one.setAttribute("aria-disabled", String(Math.abs(this.goal.scale / ends[n] - 1) < 1e-6)));
  }

  // In a narrow page the map lies in what one scrolls: there one finger and the bare wheel are the page's.
  get alone() { return getComputedStyle(this.canvas).touchAction === "none"; }
  tell(key) {
    this.hint.textContent = T(key);
    this.hint.classList.add("on");
    clearTimeout(this.told);
    this.told = setTimeout(() => this.hint.classList.remove("on"), 1600);
  }

  // Two taps in one place look closer; one asks, as soon as no second can follow.
  tapped(pixel, event) {
    const again = this.first && Math.hypot(pixel[0] - this.first[0], pixel[1] - this.first[1]) < 30;
    clearTimeout(this.asking);
    this.first = again ? null : pixel;
    if (again) { this.zoomed(event.shiftKey ? -1 : 1, pixel); return; }
    const step = this.stepAt(pixel);
    this.asking = setTimeout(() => { this.first = null; this.click(step); }, DOUBLE_MS);
  }

  down(event, spot) {
    if (event.button || this.fingers.size > 1) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, spot);
    this.tap = this.fingers.size === 1 ? spot : null;
    this.trail = [];
    if (this.move) this.to(this.look);
  }

  moved(event, spot) {
    const before = this.fingers.get(event.pointerId);
    if (!before || (this.tap && Math.hypot(spot[0] - this.tap[0], spot[1] - this.tap[1]) < SLOP)) return;
    this.tap = null;
    this.fingers.set(event.pointerId, spot);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other && event.pointerType !== "mouse" && !this.alone) return;
    this.kept = null;
    if (other) {
      const [was, is] = [before, spot].map((one) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
      const [small, large] = [before, spot].map((one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1);
      this.to(this.held(this.unitAt(was), is, (this.look.scale * large) / small));
    } else this.to(this.held(this.unitAt(before), spot, this.look.scale));
    this.trail = other ? [] : [...this.trail.slice(-4), [event.timeStamp, ...spot]];
  }

  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    const dropped = event.type === "pointercancel";
    if (dropped && !this.alone && !this.fingers.size) this.tell("two_fingers");
    if (this.tap && !dropped) this.tapped(this.tap, event);
    this.tap = null;
    // Thrown with speed it glides on for a little.
    const [t, x, y] = this.trail[0] || [0];
    const last = this.trail.at(-1);
    if (dropped || this.trail.length < 2 || event.timeStamp - last[0] > 50 || calm) return;
    const far = (to, from) => ((to - from) / (last[0] - t || 1)) * 160;
    const [dx, dy] = [far(last[1], x), far(last[2], y)];
    if (Math.hypot(dx, dy) < 20) return;
    this.to(this.held(this.unitAt(this.middle), [this.width / 2 + dx, this.height / 2 + dy], this.look.scale), 480);
  }

  wheeled(event, spot) {
    const pressed = event.ctrlKey || event.metaKey; // a trackpad's pinch comes as a wheel with Ctrl
    if (!pressed && !this.alone) { this.tell("ctrl_wheel"); return; }
    event.preventDefault();
    const turn = event.deltaY * [0.004, 0.12, 1][event.deltaMode] * (pressed ? 3 : 1);
    this.zoomed(between(-1, -turn, 1), spot, Math.abs(event.deltaY) < 40 ? 0 : 160);
  }

  pushed([right, down]) {
    const { x, y, scale } = this.goal;
    this.kept = null;
    this.to(this.held([x + (right * 90) / scale, y + (down * 90) / scale], this.middle, scale), 200);
  }

  key(event) {
    if (event.target !== this.node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) this.pushed(ARROWS[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoomed(1);
    else if (event.key === "-" || event.key === "_") this.zoomed(-1);
    else if (event.key === "Home" || event.key === "0") this.home();
    else if (event.key === "Enter") this.click(this.stepAt(this.middle));
    else return;
    event.preventDefault();
  }

  listen() {
    const on = (name, action) => this.canvas.addEventListener(name, (event) => {
      const box = this.canvas.getBoundingClientRect();
      action.call(this, event, [event.clientX - box.left, event.clientY - box.top]);
    }, { passive: false });
    on("pointerdown", this.down);
    on("pointermove", this.moved);
    on("pointerup", this.up);
    on("pointercancel", this.up);
    on("wheel", this.wheeled);
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.buttons.forEach((one, n) => one.addEventListener("click", () => this.zoomed(n ? -1 : 1)));
    this.pushers.forEach((one, n) => one.addEventListener("click", () => this.pushed(Object.values(ARROWS)[n])));
    new ResizeObserver(() => this.resized()).observe(this.node);
    addEventListener("resize", () => this.resized()); // another screen may have other pixels
  }
}
