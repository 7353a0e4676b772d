// The drawing pad's browser side: it draws strokes, sends what is new of them, and shows the answer. Python is in
// widget.py. What is around the pad in a notebook alone is in notebook.js; where there is no kernel, mount.js answers.
// `node --test tests/pad/pad.test.mjs` tests what needs no page.

import { aDigit, say, speak, together } from "./language.js";

const SIZE = 280; // CSS pixels of the pad
const KEY_STEP = 0.03; // how far an arrow key moves the cursor, as a share of the pad
const MOST_POINTS = 20_000; // of one drawing; as in paper.py
const BUSY_AFTER = 400; // milliseconds without an answer
const SILENT_AFTER = 5000;
const REST = 250; // milliseconds without a change, after which the journey is asked for
export const PAPER_PEN = 0.7; // of the width that the slider says; as in widget.py
export const PEN = 2.4; // pixels, near the width of MNIST's strokes; as in drawing.py
export const BLUE = "#0072b2";
const NO_PICTURE = {};
// By notebook cell: the drawing that a kernel did not live to answer. The next pad in that cell takes it over.
globalThis.nnlibKeptDrawings ??= new WeakMap();
const KEPT = globalThis.nnlibKeptDrawings;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// What needs no page

/** What can be drawn of strokes from anywhere; Python says what it ignored. */
export function drawable(strokes) {
  if (!Array.isArray(strokes)) return [];
  let room = MOST_POINTS;
  const fits = (point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite) && room-- > 0;
  const kept = strokes.slice(0, MOST_POINTS).map((stroke) => (Array.isArray(stroke) ? stroke.filter(fits) : []));
  return kept.filter((stroke) => stroke.length > 0);
}

/** Left, top, width and height of what is drawn, with the line's own width. */
export function boxAround(strokes, lineWidth) {
  const range = (at) => {
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[at]));
    const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    return [low - lineWidth / 2, high - low + lineWidth];
  };
  const [[left, width], [top, height]] = [range(0), range(1)];
  return [left, top, width, height];
}

export function percent(value) {
  return say("{n} %", { n: Math.round(value * 100) });
}

/** What the pad says of an answer, of whose outputs number `best` is the largest. */
export function sentence({ error, outputs = [], sure, picture }, best) {
  if (error) return error;
  if (outputs.length === 0) return picture ? say("No ink was found in this picture.") : say("Draw a digit.");
  const share = percent(outputs[best]);
  return sure
    ? say("I read {digit}: {share}", { digit: best, share })
    : say("Not sure. Perhaps {digit} ({share})", { digit: aDigit(best), share });
}

/**
 * Whether a key takes the last stroke back: the letter z with Control or Command, wherever the layout has it; or, on a
 * layout without Latin letters, the key that is z elsewhere. With Shift it is another command, and Alt makes characters.
 */
export function undoes({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || shiftKey || altKey) return false;
  const latin = /^[\x20-\x7e]$|^\p{Script=Latin}$/u.test(key);
  return latin ? key.toLowerCase() === "z" : code === "KeyZ";
}

/**
 * What lies on the pad, and how much of it the kernel has. All views of a pad share one.
 *
 * A message says how many strokes, and how many points of the next one, are kept, and what comes after them. What is kept
 * is what an answer has confirmed. So a message may be left out or replaced by a later one while the kernel is busy, and
 * the next is no longer for it; and undo and clear are messages like any other.
 */
export class Drawing {
  constructor(page = Math.random().toString(36).slice(2)) {
    this.page = page; // Python asks for the whole drawing if another page sent what it has
    this.pen = null; // the pointer that draws now, of whichever view
    this.take({});
  }

  /** Another drawing, from Python. */
  take({ count = 0, strokes = [], picture = NO_PICTURE }) {
    Object.assign(this, { count, strokes: drawable(strokes), picture, pen: null });
    this.forget();
  }

  /** Nothing is confirmed: the next message has everything. */
  forget() {
    this.confirmed = { stroke: 0, point: 0, picture: null };
    this.sent = []; // what each message without an answer told: its count, the end of its drawing, its picture
  }

  /** The place after the last point: so many strokes before it, so many points of its own stroke. */
  get end() {
    return this.strokes.length
      ? { stroke: this.strokes.length - 1, point: this.strokes.at(-1).length }
      : { stroke: 0, point: 0 };
  }

  get isFull() {
    return this.room === 0;
  }

  get room() {
    return Math.max(0, MOST_POINTS - this.strokes.reduce((sum, stroke) => sum + stroke.length, 0));
  }

  get isEmpty() {
    return this.strokes.length === 0 && !this.hasPicture;
  }

  get hasPicture() {
    return this.picture.grey?.byteLength > 0 && this.picture.columns > 0;
  }

  /** Add points to the last stroke, as many as there is room for. */
  addPoints(points) {
    this.strokes.at(-1).push(...points.slice(0, this.room));
  }

  removeStroke() {
    this.strokes.pop();
    this.cut();
  }

  clear() {
    this.strokes.length = 0;
    this.picture = NO_PICTURE;
    this.cut();
  }

  /** What was confirmed or told beyond the end is no part of this drawing any more. */
  cut() {
    const { stroke, point } = this.end;
    for (const told of [this.confirmed, ...this.sent]) {
      if (told.stroke > stroke || (told.stroke === stroke && told.point > point))
        Object.assign(told, { stroke, point });
    }
  }

  /** The next message: what is new since the last confirmed one. */
  news() {
    this.count += 1;
    const { stroke, point } = this.confirmed;
    const [first, ...rest] = this.strokes.slice(stroke);
    const news = {
      count: this.count,
      page: this.page,
      stroke,
      point,
      strokes: first ? [first.slice(point), ...rest.map((s) => [...s])] : [],
    };
    if ([this.confirmed, ...this.sent].some((told) => told.picture !== this.picture)) news.picture = this.picture;
    this.sent.push({ count: this.count, picture: this.picture, ...this.end });
    return news;
  }

  /** An answer came to the message with this count. */
  confirm(count) {
    const told = this.sent.find((told) => told.count === count);
    if (!told) return;
    this.confirmed = told;
    this.sent = this.sent.filter((later) => later.count > count);
  }
}

// What every part uses

/** A new element with these properties; `role` and `label`, its name for screen readers, are attributes. */
export function element(tag, { parent, className = "", text = "", role, label, ...properties } = {}) {
  const node = Object.assign(document.createElement(tag), { className, textContent: text, ...properties });
  if (role) node.setAttribute("role", role);
  if (label) node.setAttribute("aria-label", label);
  parent?.append(node);
  return node;
}

/** An element whose arrow keys are its own: JupyterLab would go to another cell. */
function keepingKeys(node) {
  node.dataset.lmSuppressShortcuts = "true";
  return node;
}

export function canvasOf(side, { role = "img", ...properties }) {
  return element("canvas", { width: side, height: side, role, ...properties });
}

export function button(text, parent, properties = {}) {
  return element("button", { className: "nnlib-pad-button", text, parent, ...properties });
}

/** Fill a canvas with one grey square for each byte: 0 is white, 255 is black; the other way round if not `ink`. */
export function showBytes(canvas, view, columns, ink = true) {
  const rows = Math.ceil(view.byteLength / columns);
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  pixels.data.fill(255);
  for (let i = 0; i < view.byteLength; i++) {
    const byte = view.getUint8(i);
    pixels.data.fill(ink ? 255 - byte : byte, 4 * i, 4 * i + 3);
  }
  context.putImageData(pixels, 0, 0);
}

/** A canvas's context, as many pixels as the screen has for it, in which the canvas is `units` wide. */
export function contextOf(canvas, units) {
  canvas.width = canvas.height = Math.round((canvas.clientWidth || SIZE) * (window.devicePixelRatio || 1));
  const context = canvas.getContext("2d");
  context.scale(canvas.width / units, canvas.height / units);
  return context;
}

function traceStrokes(context, strokes, lineWidth) {
  context.lineWidth = lineWidth;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    for (const point of stroke) context.lineTo(...point);
    context.stroke();
  }
}

function traceBox(context, box, lineWidth) {
  context.save();
  context.lineWidth = lineWidth;
  context.strokeStyle = BLUE;
  context.strokeRect(...box);
  context.restore();
}

// The parts of the page. Each makes its elements and returns what others need of it.

/** Draws what is on the pad: strokes as wide as the slider says, or a picture. */
function makePainter({ model, drawing }) {
  let painted = null; // the picture that lies on `canvas`
  let canvas = null;

  function paintPicture(context) {
    if (painted !== drawing.picture) {
      painted = drawing.picture;
      canvas = element("canvas");
      showBytes(canvas, painted.grey, painted.columns, false);
    }
    const { width, height } = canvas;
    const longer = Math.max(width, height);
    context.imageSmoothingEnabled = width > 28;
    context.drawImage(canvas, (1 - width / longer) / 2, (1 - height / longer) / 2, width / longer, height / longer);
  }

  const lineWidth = () => (PAPER_PEN * model.get("width")) / 28;
  const trace = (context) => traceStrokes(context, drawing.strokes, lineWidth());
  /** Everything, on a canvas that is then 1 wide and 1 high. */
  const paint = (target) => {
    const context = contextOf(target, 1);
    if (drawing.hasPicture) paintPicture(context);
    trace(context);
    return context;
  };
  return { lineWidth, trace, paint };
}

/** The pad itself: pointers, keys and dropped files on it, and the buttons below. */
function makePaper({ root, model, drawing, listen, painter, changed, keep }) {
  const side = element("div", { className: "nnlib-pad-draw", parent: root });
  const paper = canvasOf(SIZE, {
    className: "nnlib-pad-paper",
    parent: side,
    role: "application",
    label: say("Drawing pad. Arrow keys move, space lowers and lifts the pen, Control Z undoes, Delete clears."),
    tabIndex: 0,
  });
  const controls = element("div", { className: "nnlib-pad-controls", parent: side });
  const undo = button(say("Undo"), controls);
  const clear = button(say("Clear"), controls);
  const label = element("label", { className: "nnlib-pad-width", text: `${say("Line")} `, parent: controls });
  const width = keepingKeys(element("input", { parent: label, type: "range", min: 1, max: 5, step: 0.1 }));
  element("div", {
    className: "nnlib-pad-keys",
    text: say("Keys: arrows move · space pen · Ctrl+Z undo · Del clear"),
    parent: side,
  });

  let cursor = null; // for the keyboard: {x, y, down}

  function paint() {
    const context = painter.paint(paper);
    if (!cursor || document.activeElement !== paper) return;
    context.beginPath();
    context.arc(cursor.x, cursor.y, 0.02, 0, 2 * Math.PI);
    context.lineWidth = 0.008;
    context.strokeStyle = context.fillStyle = BLUE;
    cursor.down ? context.fill() : context.stroke();
  }

  function liftPen() {
    drawing.pen = null;
    if (cursor) cursor.down = false;
  }

  function addPoints(points) {
    if (drawing.isFull) return; // the notice says so
    drawing.addPoints(points);
    changed();
  }

  function place(event) {
    const box = paper.getBoundingClientRect();
    const share = (at, start, size) => Math.round(((at - start) / size) * 1e4) / 1e4;
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  function pointerDown(event) {
    if (event.pointerType === "pen" && drawing.pen?.type === "touch") takePalmBack();
    if (drawing.pen || event.button !== 0 || drawing.isFull) return;
    drawing.pen = { id: event.pointerId, type: event.pointerType, picture: drawing.picture };
    try {
      paper.setPointerCapture(event.pointerId); // the stroke goes on outside the pad
    } catch {
      // the pointer is gone already
    }
    cursor = null;
    drawing.picture = NO_PICTURE;
    drawing.strokes.push([place(event)]);
    changed();
  }

  /** The hand rested on the pad before its pen came down. */
  function takePalmBack() {
    drawing.removeStroke();
    drawing.picture = drawing.pen.picture;
    drawing.pen = null;
  }

  function pointerMove(event) {
    if (event.pointerId !== drawing.pen?.id) return;
    if (!(event.buttons & 1)) return pointerUp(event); // it was let go where the page could not see it
    const events = event.getCoalescedEvents?.() ?? []; // every point since the last frame, not the last one alone
    addPoints((events.length ? events : [event]).map(place));
  }

  function pointerUp(event) {
    if (event.pointerId === drawing.pen?.id) drawing.pen = null;
  }

  function undoStroke() {
    if (drawing.pen || drawing.isEmpty) return;
    if (drawing.hasPicture) drawing.picture = NO_PICTURE;
    else drawing.removeStroke();
    liftPen();
    changed();
  }

  function clearPad() {
    drawing.clear();
    liftPen();
    changed();
  }

  function keyDown(event) {
    if (event.key === "Delete" || event.key === "Backspace") clearPad();
    else if (undoes(event)) undoStroke();
    else if (event.key === " ") lowerOrLift();
    else if (ARROWS[event.key]) moveCursor(...ARROWS[event.key]);
    else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) keep();
    else return; // not ours: the page may have it
    event.preventDefault();
    event.stopPropagation();
  }

  function lowerOrLift() {
    cursor ??= { x: 0.5, y: 0.2, down: false };
    cursor.down = !cursor.down && !drawing.isFull;
    drawing.picture = NO_PICTURE;
    if (cursor.down) drawing.strokes.push([[cursor.x, cursor.y]]);
    changed();
  }

  function moveCursor(right, down) {
    cursor ??= { x: 0.5, y: 0.2, down: false };
    const move = (at, by) => Math.min(1, Math.max(0, Math.round((at + by * KEY_STEP) * 1e4) / 1e4));
    cursor.x = move(cursor.x, right);
    cursor.y = move(cursor.y, down);
    if (!cursor.down) return paint();
    addPoints([[cursor.x, cursor.y]]);
  }

  listen(paper, "pointerdown", pointerDown);
  listen(paper, "pointermove", pointerMove);
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) listen(paper, type, pointerUp);
  listen(window, "blur", () => {
    drawing.pen = null;
  }); // a dialogue may keep the release for itself
  listen(paper, "keydown", keyDown);
  for (const type of ["focus", "blur"]) listen(paper, type, paint);
  listen(window, "resize", paint); // a page that is zoomed gets other pixels, but no other size
  listen(undo, "click", undoStroke);
  listen(clear, "click", clearPad);
  listen(width, "input", () => {
    model.set("width", Number(width.value));
    model.save_changes();
  });
  const showWidth = () => {
    width.value = model.get("width");
    paint();
  };
  listen(model, "change:width", showWidth);
  return { canvas: paper, side, controls, paint, liftPen, clear: clearPad, showWidth };
}

/** Who reads: a choice of the networks that the pad was given, if there are several. */
function makeReaders({ parent, root, model, listen }) {
  const choice = element("label", { className: "nnlib-pad-reader", text: `${say("Who reads")} `, parent });
  const select = keepingKeys(element("select", { parent: choice }));

  function show() {
    const names = model.get("readers") ?? [];
    choice.hidden = names.length < 2;
    select.replaceChildren(...names.map((name) => element("option", { text: name, value: name })));
    select.value = model.get("reader");
    root.dataset.reader = model.get("reader");
  }

  listen(select, "change", () => {
    model.set("reader", select.value);
    model.save_changes();
  });
  listen(model, "change:readers", show);
  listen(model, "change:reader", show);
  show();
}

/** What the pad says, and the ten outputs as bars. */
function makeAnswer({ parent, root }) {
  const says = element("div", { className: "nnlib-pad-says", parent, role: "status" }); // screen readers say it when it changes
  const group = element("div", { className: "nnlib-pad-bars", parent, role: "group", label: say("The ten outputs") });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const row = element("div", { className: "nnlib-pad-row", parent: group });
    element("span", { className: "nnlib-pad-digit", text: digit, parent: row });
    const track = element("span", { className: "nnlib-pad-track", parent: row });
    const bar = element("span", { className: "nnlib-pad-bar", parent: track });
    return { row, bar, value: element("span", { className: "nnlib-pad-value", parent: row }) };
  });

  function show(answer) {
    const outputs = answer.outputs ?? [];
    const best = outputs.indexOf(Math.max(...outputs));
    const sure = outputs.length > 0 && answer.sure;
    root.dataset.answered = answer.count;
    root.dataset.digit = sure ? best : "";
    root.dataset.sure = outputs.length ? sure : "";
    says.textContent = sentence(answer, best);
    says.classList.toggle("nnlib-pad-error", Boolean(answer.error));
    bars.forEach(({ row, bar, value }, digit) => {
      row.classList.toggle("nnlib-pad-best", sure && digit === best);
      bar.style.width = `${100 * Math.min(1, Math.max(0, outputs[digit] ?? 0))}%`;
      value.textContent = outputs.length ? percent(outputs[digit]) : "";
    });
  }
  return { show };
}

/**
 * The notice below the bars, which stay where they are: what was ignored, that the drawing is full, and that the kernel
 * is busy or gone.
 */
function makeNotice({ parent, model, drawing }) {
  const notice = element("div", { className: "nnlib-pad-notice", parent, role: "status" });
  let timers = []; // they run while an answer is due
  let ofKernel = "";

  function show(text = "") {
    const ignored = model.get("answer").ignored ?? [];
    const note = drawing.hasPicture ? drawing.picture.note : "";
    // This one stands for as long as the drawing is full, whatever is answered.
    const full = drawing.isFull ? say("The drawing is full. Undo a stroke or clear it to go on.") : "";
    const usual = together(note, full, ...ignored);
    const now = ofKernel || text || usual;
    if (notice.textContent !== now) notice.textContent = now; // a screen reader would read the same again
  }

  function stop() {
    timers.forEach(clearTimeout);
    timers = [];
    ofKernel = "";
  }

  /** An answer is due from now on. */
  function wait() {
    stop();
    const sayAfter = (time, text) =>
      setTimeout(() => {
        ofKernel = text;
        show();
      }, time);
    timers = [
      sayAfter(BUSY_AFTER, say("The kernel is busy: the answer will come.")),
      sayAfter(
        SILENT_AFTER,
        say("No answer from the kernel. Your drawing is kept. Was the kernel restarted? Run this cell again."),
      ),
    ];
  }
  const isWaiting = () => timers.length > 0;
  return { show, stop, wait, isWaiting, begin: () => isWaiting() || wait() };
}

/** What the network sees, and its hidden layers. */
function makeInside({ root }) {
  const side = element("div", { className: "nnlib-pad-inside", parent: root });
  element("div", { className: "nnlib-pad-caption", text: say("What the network sees: 28 × 28"), parent: side });
  const seen = canvasOf(28, {
    className: "nnlib-pad-seen",
    parent: side,
    label: say("The image that the network sees"),
  });
  const hidden = element("div", { className: "nnlib-pad-hidden", parent: side });

  function makeLayer() {
    const layer = element("div", { parent: hidden });
    element("div", { className: "nnlib-pad-caption", parent: layer });
    canvasOf(1, { className: "nnlib-pad-units", parent: layer });
    return layer;
  }

  function show({ image, hidden: layers = [] }) {
    if (image) showBytes(seen, image, 28);
    while (hidden.children.length > layers.length) hidden.lastChild.remove();
    layers.forEach((view, i) => {
      const units = view.byteLength;
      const layer = hidden.children[i] ?? makeLayer();
      const name = // of whoever reads now
        layers.length > 1
          ? say("Hidden layer {number}: {units} neurons", { number: i + 1, units })
          : say("Hidden layer: {units} neurons", { units });
      layer.firstChild.textContent = name;
      layer.lastChild.setAttribute("aria-label", name);
      showBytes(layer.lastChild, view, Math.ceil(Math.sqrt(units * 2)));
    });
  }
  return { show };
}

/** The fold that shows how the drawing becomes the image, and the training digits nearest to it. */
function makeJourney({ root, model, drawing, painter, listen }) {
  const fold = element("details", { className: "nnlib-pad-fold", parent: root });
  element("summary", { text: say("How the drawing becomes the image"), parent: fold });
  const choice = element("label", { className: "nnlib-pad-choice", parent: fold });
  const preprocess = element("input", { parent: choice, type: "checkbox" });
  choice.append(say("Preprocessing: crop, scale and centre, as MNIST did, with one pen"));
  const row = element("div", { className: "nnlib-pad-path", parent: fold });
  const figure = (text) => {
    const box = element("div", { className: "nnlib-pad-stage", parent: row });
    const canvas = canvasOf(28, { parent: box, label: text });
    return { box, canvas, caption: element("div", { className: "nnlib-pad-caption", text, parent: box }) };
  };
  const stages = [say("As drawn"), say("Cropped"), say("Scaled to 20"), say("Centred"), "28 × 28"];
  const [drawn, cropped, scaled, centred, image] = stages.map(figure);
  const nearest = [1, 2, 3].map((place) => figure(say("Nearest {place}", { place })));
  const trouble = element("div", { className: "nnlib-pad-notice", parent: fold });
  let timer = 0; // runs while the pen rests

  function ask() {
    if (!fold.open) return;
    model.set("ask", model.get("ask") + 1);
    model.save_changes();
  }

  function show() {
    const journey = model.get("journey");
    if (!fold.open || journey.count !== drawing.count) return;
    root.dataset.journey = journey.count;
    trouble.textContent = journey.error ?? "";
    painter.paint(drawn.canvas);
    const stages = journey.stages ?? [];
    for (const { box } of [cropped, scaled, centred]) box.hidden = stages.length === 0;
    if (stages.length) showStages(...stages);
    showBytes(image.canvas, model.get("answer").image, 28);
    nearest.forEach((figure, i) => {
      showNearest(figure, [say("Nearest"), say("Second"), say("Third")][i], journey.nearest?.[i]);
    });
  }

  function showStages(scaledStrokes, centredStrokes) {
    let context = contextOf(cropped.canvas, 1);
    painter.trace(context);
    traceBox(context, boxAround(drawing.strokes, painter.lineWidth()), 0.02);
    context = contextOf(scaled.canvas, 28); // the digit's box of 20 pixels stands in the middle of 28
    traceBox(context, [4, 4, 20, 20], 0.5);
    context.translate(4 + PEN / 2, 4 + PEN / 2);
    traceStrokes(context, scaledStrokes, PEN);
    context = contextOf(centred.canvas, 28);
    context.translate(0.5, 0.5); // pixel 0 has its centre at 0
    traceStrokes(context, centredStrokes, PEN);
    traceBox(context, [14, -0.5, 0, 28], 0.3); // the centre of mass is where these cross
    traceBox(context, [-0.5, 14, 28, 0], 0.3);
  }

  function showNearest({ box, canvas, caption }, place, digit) {
    box.hidden = !digit;
    if (!digit) return;
    showBytes(canvas, digit.image, 28);
    const values = { place, digit: aDigit(digit.label), distance: digit.distance.toFixed(1) };
    caption.textContent = say("{place}: {digit}, {distance} away", values);
    canvas.setAttribute("aria-label", say("MNIST training digit. {caption}", { caption: caption.textContent }));
  }

  const stop = () => clearTimeout(timer);
  const askWhenPenRests = () => {
    stop();
    timer = setTimeout(ask, REST);
  };
  const showPreprocess = () => {
    preprocess.checked = model.get("preprocess");
  };
  listen(fold, "toggle", ask);
  listen(preprocess, "change", () => {
    model.set("preprocess", preprocess.checked);
    model.save_changes();
  });
  listen(model, "change:preprocess", showPreprocess);
  listen(model, "change:journey", show);
  showPreprocess();
  return { askWhenPenRests, stop };
}

/** Calls listeners of elements and of the model, until `stop`. */
function makeListening() {
  const stopping = new AbortController();
  const ofModel = [];

  function listen(target, type, listener) {
    if (target.addEventListener) return target.addEventListener(type, listener, { signal: stopping.signal });
    target.on(type, listener);
    ofModel.push(() => target.off(type, listener));
  }

  function stop() {
    stopping.abort();
    for (const off of ofModel) off();
  }
  return { listen, stop, isGone: () => stopping.signal.aborted };
}

/** One view of the pad; `notebook` has the parts that a notebook alone has. */
function render({ model, el, drawing, views, changed, notebook }) {
  const { listen, stop, isGone } = makeListening();
  const root = element("div", { className: "nnlib-pad", parent: el });
  const { lang } = model.get("language") ?? {};
  if (lang) root.lang = lang; // otherwise it is the page's
  const painter = makePainter({ model, drawing });
  const paper = makePaper({
    root,
    model,
    drawing,
    listen,
    painter,
    changed,
    keep: () => task?.keep(),
  });
  const middle = element("div", { className: "nnlib-pad-answer", parent: root });
  makeReaders({ parent: middle, root, model, listen });
  const answer = makeAnswer({ parent: middle, root });
  const notice = makeNotice({ parent: middle, model, drawing });
  const inside = makeInside({ root });
  const journey = makeJourney({ root, model, drawing, painter, listen });
  const shared = { root, model, drawing, paper, listen, isGone, ask, notice };
  notebook?.makePictures(shared);
  const task = notebook?.makeTask(shared);
  const school = notebook?.makeSchool({ parent: middle, ...shared });
  notebook?.makeTakeHome({ parent: middle, ...shared });

  /** Send a request that is no change of the drawing. A kernel that is gone cannot take it; the notice says so. */
  function ask(message) {
    try {
      model.send(message);
    } catch (error) {
      console.debug(`The pad could not send ${message.do}: ${error.message}`);
    }
    notice.begin();
  }

  function showAnswer() {
    const latest = model.get("answer");
    if (latest.behind) return; // the whole drawing is on its way
    // While the pen moves, an answer is always a few frames old. It is shown all the same: it follows the pen.
    if (latest.count < drawing.count && notice.isWaiting())
      notice.wait(); // the kernel is there, and more is to come
    else notice.stop();
    notice.show();
    answer.show(latest);
    inside.show(latest);
    school?.allow((latest.outputs ?? []).length > 0);
    task?.allow(!drawing.isEmpty && !drawing.hasPicture);
    journey.askWhenPenRests();
  }

  const view = {
    /** The drawing was sent. */
    sent() {
      root.dataset.count = drawing.count;
      paper.paint();
      notice.begin();
    },
    /** Python has put another drawing on the pad. */
    taken() {
      root.dataset.count = drawing.count;
      paper.liftPen();
      paper.paint();
      showAnswer();
    },
  };

  let cell = null;

  /** Once the pad stands on the page: take over what is left from a pad of this cell whose kernel has died. */
  function laidOut() {
    if (cell === null && el.isConnected) {
      cell = el.closest(".jp-Cell") ?? document.body;
      const kept = KEPT.get(cell);
      KEPT.delete(cell);
      if (kept && drawing.isEmpty) {
        Object.assign(drawing, kept);
        changed();
      }
    }
    paper.paint();
  }

  const resized = new ResizeObserver(laidOut);
  resized.observe(paper.canvas);
  listen(model, "change:answer", showAnswer);
  views.add(view);
  paper.showWidth();
  showAnswer();

  return () => {
    const { strokes, picture, count } = drawing;
    if (cell !== null && count > model.get("answer").count) KEPT.set(cell, { strokes, picture });
    views.delete(view);
    drawing.pen = null;
    stop();
    journey.stop();
    notice.stop();
    resized.disconnect();
  };
}

/** What all views of one pad share: its drawing, and what goes to the kernel and comes from it. An anywidget. */
export function makePad(notebook) {
  const drawing = new Drawing();
  const views = new Set();
  let frame = 0;
  let changed = null;

  function send(model) {
    frame = 0;
    model.set("added", drawing.news());
    model.save_changes();
    const { count, strokes, picture } = drawing;
    // For mount.js, and for a page that is saved with its widgets' state.
    Object.assign(model.get("shown"), { count, strokes, picture });
    for (const view of views) view.sent();
  }

  return {
    initialize({ model }) {
      speak(model.get("language")?.texts);
      /** Show what changed and send it: once a frame, however many points came. */
      changed = () => {
        frame ||= requestAnimationFrame(() => send(model));
      };
      const take = () => {
        if (model.get("shown").count <= drawing.count) return; // what was drawn here since is newer
        drawing.take(model.get("shown"));
        for (const view of views) view.taken();
      };
      const answered = () => {
        drawing.confirm(model.get("answer").count);
        if (!model.get("answer").behind) return;
        drawing.forget();
        changed();
      };
      drawing.take(model.get("shown"));
      model.on("change:shown", take);
      model.on("change:answer", answered);
      return () => {
        cancelAnimationFrame(frame);
        model.off("change:shown", take);
        model.off("change:answer", answered);
      };
    },
    render: ({ model, el }) => render({ model, el, drawing, views, changed, notebook }),
  };
}
