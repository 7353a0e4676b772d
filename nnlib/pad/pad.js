// The drawing pad's browser side: it draws strokes, sends them, and shows the answer. Python is in pad.py.

const SIZE = 280; // CSS pixels of the pad
const KEY_STEP = 0.03; // how far an arrow key moves the cursor, as a share of the pad
const MOST_POINTS = 20_000; // of one drawing; as in pad.py
const BUSY_AFTER = 400; // milliseconds without an answer
const SILENT_AFTER = 5000;
const REST = 250; // milliseconds without a change, after which the journey is asked for
const PAPER_PEN = 0.7; // as in pad.py
const PEN = 2.4; // pixels; as in drawing.py
const LARGEST = 400; // pixels of a picture's side
const NO_PICTURE = {};
// By notebook cell: the drawing that a kernel did not live to answer. The next pad in that cell takes it over.
const KEPT = (globalThis.nnlibKeptDrawings ??= new WeakMap());
const STAGES = ["As drawn", "Cropped", "Scaled to 20", "Centred", "28 × 28"];

function element(tag, className, parent, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
}

function canvasOf(side, className, parent, label) {
  const canvas = element("canvas", className, parent);
  canvas.width = canvas.height = side;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

/** Fill a canvas with one grey square for each byte: 0 is white, 255 is black; the other way round if not `ink`. */
function showBytes(canvas, view, columns, ink = true) {
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

/** What can be drawn of strokes from anywhere; Python says what it ignored. */
function drawable(strokes) {
  if (!Array.isArray(strokes)) return [];
  let room = MOST_POINTS;
  const fits = (point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite) && room-- > 0;
  const kept = strokes.slice(0, MOST_POINTS).map((stroke) => (Array.isArray(stroke) ? stroke.filter(fits) : []));
  return kept.filter((stroke) => stroke.length > 0);
}

/** A canvas's context, as many pixels as the screen has for it, in which the canvas is `units` wide. */
function contextOf(canvas, units) {
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

/** Left, top, width and height of what is drawn, with the line's own width. */
function boxAround(strokes, lineWidth) {
  const range = (at) => {
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[at]));
    const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    return [low - lineWidth / 2, high - low + lineWidth];
  };
  const [[left, width], [top, height]] = [range(0), range(1)];
  return [left, top, width, height];
}

/** A picture file as grey bytes, at most LARGEST pixels high and wide; transparent is white. */
async function readPicture(file) {
  const bitmap = await createImageBitmap(file);
  const shrink = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [columns, rows] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * shrink)));
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, columns, rows);
  const { data } = context.getImageData(0, 0, columns, rows);
  const grey = new Uint8Array(rows * columns);
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return { kind: "photo", rows, columns, grey: new DataView(grey.buffer), note: `A picture, ${columns} × ${rows} pixels.` };
}

function percent(value) {
  return `${Math.round(value * 100)} %`;
}

function render({ model, el }) {
  const root = element("div", "nnlib-pad", el);
  const left = element("div", "nnlib-pad-draw", root);
  const paper = canvasOf(SIZE, "nnlib-pad-paper", left, "");
  paper.tabIndex = 0;
  paper.setAttribute("role", "application");
  paper.setAttribute("aria-label", "Drawing pad. Arrow keys move, space lowers and lifts the pen, Control Z undoes, Delete clears.");
  const controls = element("div", "nnlib-pad-controls", left);
  const undo = element("button", "nnlib-pad-button", controls, "Undo");
  const clear = element("button", "nnlib-pad-button", controls, "Clear");
  const label = element("label", "nnlib-pad-width", controls, "Line ");
  const width = element("input", "", label);
  Object.assign(width, { type: "range", min: 1, max: 5, step: 0.1 });
  const others = element("div", "nnlib-pad-controls", left);
  const choose = element("button", "nnlib-pad-button", others, "Picture file");
  choose.title = "Or drop a picture on the pad";
  const file = element("input", "", others);
  Object.assign(file, { type: "file", accept: "image/*", hidden: true });
  const sample = element("button", "nnlib-pad-button", others, "MNIST sample");
  element("div", "nnlib-pad-keys", left, "Keys: arrows move · space pen · Ctrl+Z undo · Del clear");

  const middle = element("div", "nnlib-pad-answer", root);
  const says = element("div", "nnlib-pad-says", middle);
  says.setAttribute("role", "status"); // a live region: screen readers say it when it changes
  const rows = element("div", "nnlib-pad-bars", middle);
  rows.setAttribute("role", "group");
  rows.setAttribute("aria-label", "The ten outputs");
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const row = element("div", "nnlib-pad-row", rows);
    element("span", "nnlib-pad-digit", row, digit);
    const bar = element("span", "nnlib-pad-bar", element("span", "nnlib-pad-track", row));
    return { row, bar, value: element("span", "nnlib-pad-value", row) };
  });
  const notice = element("div", "nnlib-pad-notice", middle); // below the bars, so that they stay where they are
  notice.setAttribute("role", "status");

  const teacher = element("div", "nnlib-pad-teacher", middle);
  teacher.setAttribute("role", "group");
  teacher.setAttribute("aria-label", "Wrong? Say what it was");
  element("div", "nnlib-pad-caption", teacher, "Wrong? Say what it was, and the network learns:");
  const names = element("div", "nnlib-pad-names", teacher);
  const was = Array.from({ length: 10 }, (_, label) => {
    const button = element("button", "nnlib-pad-button", names, label);
    button.setAttribute("aria-label", `It was ${label === 8 ? "an" : "a"} ${label}`);
    return button;
  });

  const right = element("div", "nnlib-pad-inside", root);
  element("div", "nnlib-pad-caption", right, "What the network sees: 28 × 28");
  const seen = canvasOf(28, "nnlib-pad-seen", right, "The image that the network sees");
  const hidden = element("div", "nnlib-pad-hidden", right);

  const fold = element("details", "nnlib-pad-fold", root);
  element("summary", "", fold, "How the drawing becomes the image");
  const choice = element("label", "nnlib-pad-choice", fold);
  const preprocess = element("input", "", choice);
  preprocess.type = "checkbox";
  choice.append("Preprocessing: crop, scale and centre, as MNIST did, with one pen");
  const path = element("div", "nnlib-pad-path", fold);
  const figure = (caption) => {
    const box = element("div", "nnlib-pad-stage", path);
    const canvas = canvasOf(28, "", box, caption);
    return { box, canvas, caption: element("div", "nnlib-pad-caption", box, caption) };
  };
  const stages = STAGES.map(figure);
  const nearest = [1, 2, 3].map((place) => figure(`Nearest ${place}`));
  const trouble = element("div", "nnlib-pad-notice", fold);

  const school = element("details", "nnlib-pad-fold nnlib-pad-school", root);
  element("summary", "", school, "What it learned from you");
  const learned = element("div", "nnlib-pad-learned", school);
  learned.setAttribute("role", "status");
  const chart = element("div", "nnlib-pad-chart", school);
  const curve = canvasOf(1, "nnlib-pad-curve", chart, "The loss while the network learns");
  const curveCaption = element("div", "nnlib-pad-caption", chart);
  const drawings = element("div", "nnlib-pad-path", school);
  drawings.setAttribute("role", "group");
  drawings.setAttribute("aria-label", "The drawings that it was taught");
  const lessons = element("div", "nnlib-pad-controls", school);
  const [forget, reset, save, load] = ["Forget the last", "Forget all", "Save", "Load"].map((text) => element("button", "nnlib-pad-button", lessons, text));

  let strokes = drawable(model.get("strokes"));
  let picture = model.get("picture"); // instead of strokes, if it has rows
  let pictureCanvas = null;
  let rest = 0; // the timer that runs while the pen rests
  let count = model.get("count");
  let pointer = null; // the pointer that draws now; a second finger does not
  let frame = 0;
  let cursor = null; // for the keyboard: {x, y, down}
  let waiting = []; // timers that run while an answer is due
  let kernel = ""; // what is to be said of the kernel

  // Drawing

  function paint() {
    const context = contextOf(paper, 1); // from here on the pad is 1 wide and 1 high
    if (pictureCanvas) paintPicture(context);
    traceStrokes(context, strokes, lineWidth());
    if (cursor && document.activeElement === paper) {
      context.beginPath();
      context.arc(cursor.x, cursor.y, 0.02, 0, 2 * Math.PI);
      context.lineWidth = 0.008;
      context.strokeStyle = context.fillStyle = "#0072b2";
      cursor.down ? context.fill() : context.stroke();
    }
  }

  function lineWidth() {
    return (PAPER_PEN * model.get("width")) / 28;
  }

  function paintPicture(context) {
    const { width, height } = pictureCanvas;
    const longer = Math.max(width, height);
    context.imageSmoothingEnabled = width > 28;
    context.drawImage(pictureCanvas, (1 - width / longer) / 2, (1 - height / longer) / 2, width / longer, height / longer);
  }

  function takePicture(next) {
    picture = next;
    pictureCanvas = null;
    if (!(picture.grey?.byteLength > 0 && picture.columns > 0)) return;
    pictureCanvas = document.createElement("canvas");
    showBytes(pictureCanvas, picture.grey, picture.columns, false);
  }

  /** Show what changed and send it: once a frame, however many points came. */
  function changed() {
    if (!frame) frame = requestAnimationFrame(send);
  }

  function send() {
    frame = 0;
    paint();
    count += 1;
    root.dataset.count = count;
    model.set("strokes", structuredClone(strokes));
    model.set("picture", picture);
    model.set("count", count);
    model.save_changes();
    if (waiting.length === 0) waitForAnswer();
  }

  function full() {
    return strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= MOST_POINTS;
  }

  function addPoints(points) {
    if (full()) return showNotice("The drawing is full. Clear it to go on.");
    strokes.at(-1).push(...points);
    changed();
  }

  function place(event) {
    const box = paper.getBoundingClientRect();
    const share = (at, start, size) => Math.round(((at - start) / size) * 1e4) / 1e4;
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  function penDown(event) {
    if (pointer !== null || event.button !== 0 || full()) return;
    pointer = event.pointerId;
    paper.setPointerCapture(pointer); // the stroke goes on outside the pad
    cursor = null;
    if (pictureCanvas) takePicture(NO_PICTURE);
    strokes.push([place(event)]);
    changed();
  }

  function penMove(event) {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? []; // every point since the last frame, not the last one alone
    addPoints((events.length ? events : [event]).map(place));
  }

  function penUp(event) {
    if (event.pointerId === pointer) pointer = null;
  }

  function undoStroke() {
    if (pointer !== null || (strokes.length === 0 && !pictureCanvas)) return;
    pictureCanvas ? takePicture(NO_PICTURE) : strokes.pop();
    if (cursor) cursor.down = false;
    changed();
  }

  function clearPad() {
    pointer = null;
    strokes = [];
    takePicture(NO_PICTURE);
    if (cursor) cursor.down = false;
    changed();
  }

  // The keyboard

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function key(event) {
    if (event.key === "Delete" || event.key === "Backspace") clearPad();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undoStroke();
    else if (event.key === " ") lowerOrLift();
    else if (ARROWS[event.key]) moveCursor(...ARROWS[event.key]);
    else return; // not ours: the page may have it
    event.preventDefault();
    event.stopPropagation();
  }

  function lowerOrLift() {
    cursor ??= { x: 0.5, y: 0.2, down: false };
    cursor.down = !cursor.down;
    if (pictureCanvas) takePicture(NO_PICTURE);
    if (cursor.down) strokes.push([[cursor.x, cursor.y]]);
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

  // Pictures

  async function openPicture(chosen) {
    if (!chosen) return;
    try {
      const next = await readPicture(chosen);
      if (life.signal.aborted) return;
      clearPad();
      takePicture(next);
    } catch {
      showNotice(`${chosen.name} is not a picture that this browser can read.`);
    }
  }

  function fileChosen() {
    openPicture(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  }

  function dragOver(event) {
    event.preventDefault(); // the browser would open the file instead of the page
  }

  function dropped(event) {
    event.preventDefault();
    event.stopPropagation();
    openPicture(event.dataTransfer.files[0]);
  }

  /** Send a message that is no change of the drawing. A kernel that is gone cannot take it; the notice says so. */
  function tell(message) {
    try {
      model.send(message);
    } catch (error) {
      console.debug(`The pad could not send ${message.do}: ${error.message}`);
    }
  }

  function askForSample() {
    tell({ do: "sample" });
    if (waiting.length === 0) waitForAnswer();
  }

  // The wait for the kernel: it may be busy with another cell, or gone. Drawing goes on.

  function waitForAnswer() {
    stopWaiting();
    const say = (text) => () => {
      kernel = text;
      showNotice();
    };
    waiting = [
      setTimeout(say("The kernel is busy: the answer will come."), BUSY_AFTER),
      setTimeout(say("No answer from the kernel. Your drawing is kept."), SILENT_AFTER),
    ];
  }

  function stopWaiting() {
    waiting.forEach(clearTimeout);
    waiting = [];
    kernel = "";
  }

  function showNotice(text = "") {
    notice.textContent = kernel || text || [pictureCanvas ? picture.note : "", ...(model.get("answer").ignored ?? [])].join(" ").trim();
  }

  let cell = null;

  /** Once the pad stands on the page: take over what is left from a pad of this cell whose kernel has died. */
  function laidOut() {
    if (cell === null && el.isConnected) {
      cell = el.closest(".jp-Cell") ?? document.body;
      const kept = KEPT.get(cell);
      KEPT.delete(cell);
      if (kept && strokes.length === 0 && !pictureCanvas) {
        strokes = kept.strokes;
        takePicture(kept.picture);
        changed();
      }
    }
    paint();
  }

  function keepUnanswered() {
    if (cell !== null && count > model.get("answer").count) KEPT.set(cell, { strokes, picture });
  }

  // The answer

  function showAnswer() {
    const answer = model.get("answer");
    // While the pen moves, an answer is always a few frames old. It is shown all the same: it follows the pen.
    if (answer.count < count && waiting.length) waitForAnswer(); // the kernel is there, and more is to come
    else stopWaiting();
    showNotice();
    root.dataset.answered = answer.count;
    const outputs = answer.outputs ?? [];
    const best = outputs.indexOf(Math.max(...outputs));
    const sure = outputs.length > 0 && answer.sure;
    root.dataset.digit = sure ? best : "";
    root.dataset.sure = outputs.length ? sure : "";
    says.textContent = sentence(answer, best);
    says.classList.toggle("nnlib-pad-error", Boolean(answer.error));
    showBars(outputs, sure ? best : -1);
    if (answer.image) showBytes(seen, answer.image, 28);
    showHidden(answer.hidden ?? []);
    allowTeaching();
    clearTimeout(rest);
    rest = setTimeout(askForJourney, REST);
  }

  function sentence({ error, outputs = [], sure }, best) {
    if (error) return error;
    if (outputs.length === 0) return "Draw a digit.";
    return sure ? `I read ${best}: ${percent(outputs[best])}` : `Not sure. Perhaps a ${best} (${percent(outputs[best])})`;
  }

  function showBars(outputs, best) {
    bars.forEach(({ row, bar, value }, digit) => {
      const output = outputs[digit] ?? 0;
      row.classList.toggle("nnlib-pad-best", digit === best);
      bar.style.width = `${100 * Math.min(1, Math.max(0, output))}%`;
      value.textContent = outputs.length ? percent(output) : "";
    });
  }

  function showHidden(layers) {
    while (hidden.children.length > layers.length) hidden.lastChild.remove();
    layers.forEach((view, i) => {
      const units = view.byteLength;
      const name = `Hidden layer${layers.length > 1 ? ` ${i + 1}` : ""}: ${units} units`;
      const box = hidden.children[i] ?? element("div", "", hidden);
      const canvas = box.querySelector("canvas") ?? (element("div", "nnlib-pad-caption", box, name), canvasOf(1, "nnlib-pad-units", box, name));
      showBytes(canvas, view, Math.ceil(Math.sqrt(units * 2)));
    });
  }

  // How the drawing becomes the image

  function askForJourney() {
    if (!fold.open) return;
    model.set("ask", model.get("ask") + 1);
    model.save_changes();
  }

  function showJourney() {
    const journey = model.get("journey");
    if (!fold.open || journey.count !== count) return;
    root.dataset.journey = journey.count;
    trouble.textContent = journey.error ?? "";
    const [scaled, centred] = journey.stages ?? [];
    showDrawn(stages[0].canvas);
    [stages[1], stages[2], stages[3]].forEach(({ box }) => { box.hidden = !scaled; });
    if (scaled) showStages(scaled, centred);
    showBytes(stages[4].canvas, model.get("answer").image, 28);
    nearest.forEach(({ box, canvas, caption }, i) => {
      const digit = journey.nearest?.[i];
      box.hidden = !digit;
      if (!digit) return;
      showBytes(canvas, digit.image, 28);
      caption.textContent = `${["Nearest", "Second", "Third"][i]}: a ${digit.label}, ${digit.distance.toFixed(1)} away`;
      canvas.setAttribute("aria-label", `MNIST training digit. ${caption.textContent}`);
    });
  }

  function showDrawn(canvas) {
    const context = contextOf(canvas, 1);
    if (pictureCanvas) paintPicture(context);
    traceStrokes(context, strokes, lineWidth());
  }

  function showStages(scaled, centred) {
    const outline = boxAround(strokes, lineWidth());
    let context = contextOf(stages[1].canvas, 1);
    traceStrokes(context, strokes, lineWidth());
    frameIn(context, outline, 0.02);
    context = contextOf(stages[2].canvas, 28); // the digit's box of 20 pixels stands in the middle of 28
    frameIn(context, [4, 4, 20, 20], 0.5);
    context.translate(4 + PEN / 2, 4 + PEN / 2);
    traceStrokes(context, scaled, PEN);
    context = contextOf(stages[3].canvas, 28);
    context.translate(0.5, 0.5); // pixel 0 has its centre at 0
    traceStrokes(context, centred, PEN);
    frameIn(context, [14, -0.5, 0, 28], 0.3); // the centre of mass is where these cross
    frameIn(context, [-0.5, 14, 28, 0], 0.3);
  }

  function frameIn(context, box, lineWidth) {
    context.save();
    context.lineWidth = lineWidth;
    context.strokeStyle = "#0072b2";
    context.strokeRect(...box);
    context.restore();
  }

  // Teaching

  function teach(label) {
    learned.textContent = "It learns …";
    school.open = true;
    askTeacher({ do: "teach", label, count });
  }

  function askTeacher(message) {
    tell(message);
    if (waiting.length === 0) waitForAnswer();
  }

  function showProgress() {
    const { learning = false, done = 0, losses = [] } = model.get("progress");
    root.dataset.learning = learning;
    chart.hidden = losses.length < 2;
    if (learning) {
      learned.textContent = `It learns: ${percent(done)} done`;
      if (waiting.length) waitForAnswer(); // the kernel is there, and works
    }
    if (chart.hidden) return;
    curveCaption.textContent = `The loss on your drawings while it learned: ${losses[0].toFixed(2)} at first, ${losses.at(-1).toFixed(2)} now.`;
    curve.setAttribute("aria-label", curveCaption.textContent);
    drawCurve(losses);
  }

  function drawCurve(losses) {
    const context = contextOf(curve, 1);
    const highest = Math.max(...losses, 1e-9);
    context.lineWidth = 0.015;
    context.strokeStyle = "#0072b2";
    context.beginPath();
    losses.forEach((loss, i) => context.lineTo(0.03 + (0.94 * i) / (losses.length - 1), 0.95 - 0.88 * (loss / highest)));
    context.stroke();
  }

  function showTaught() {
    const { able = false, note = "", labels = [], images, before = [], after = [] } = model.get("taught");
    if (model.get("answer").count === count) stopWaiting();
    teacher.hidden = school.hidden = !able;
    root.dataset.taught = labels.length;
    const right = (marks) => marks.filter(Boolean).length;
    const yours = labels.length === 1 ? "your one drawing" : `your ${labels.length} drawings`;
    const score = `Of ${yours} it read ${right(before)} right before, and ${right(after)} now.`;
    learned.textContent = labels.length ? `${note} ${score}` : note || "Nothing yet. Draw a digit, and say what it is.";
    if (note && labels.length === 0) school.open = true;
    drawings.replaceChildren();
    labels.forEach((label, i) => {
      const box = element("div", "nnlib-pad-taught", drawings);
      const mark = `${before[i] ? "✓" : "✗"} → ${after[i] ? "✓" : "✗"}`;
      const canvas = canvasOf(28, "", box, `Drawing ${i + 1}, meant as ${label}: ${before[i] ? "right" : "wrong"} before, ${after[i] ? "right" : "wrong"} now`);
      showBytes(canvas, new DataView(images.buffer, images.byteOffset + 784 * i, 784), 28);
      element("div", "nnlib-pad-caption", box, `${label}: ${mark}`);
    });
    forget.disabled = reset.disabled = labels.length === 0;
  }

  function allowTeaching() {
    const drawn = (model.get("answer").outputs ?? []).length > 0;
    for (const button of was) button.disabled = !drawn;
  }

  function showPreprocess() {
    preprocess.checked = model.get("preprocess");
  }

  function fromPython() {
    if (model.get("count") <= count) return; // our own change, come back
    root.dataset.count = count = model.get("count");
    strokes = drawable(model.get("strokes"));
    takePicture(model.get("picture"));
    pointer = null; // a stroke that is on its way belongs to the drawing before
    if (cursor) cursor.down = false;
    paint();
    showAnswer();
  }

  function showWidth() {
    width.value = model.get("width");
    paint();
  }

  const listeners = [
    [paper, "pointerdown", penDown], [paper, "pointermove", penMove], [paper, "pointerup", penUp], [paper, "pointercancel", penUp],
    [paper, "keydown", key], [paper, "focus", paint], [paper, "blur", paint],
    [undo, "click", undoStroke], [clear, "click", clearPad],
    [width, "input", () => { model.set("width", Number(width.value)); model.save_changes(); }],
    [choose, "click", () => file.click()], [file, "change", fileChosen], [sample, "click", askForSample],
    [paper, "dragover", dragOver], [paper, "drop", dropped],
    [fold, "toggle", askForJourney],
    ...was.map((button, label) => [button, "click", () => teach(label)]),
    [forget, "click", () => askTeacher({ do: "undo" })], [reset, "click", () => askTeacher({ do: "reset" })],
    [save, "click", () => askTeacher({ do: "save" })], [load, "click", () => askTeacher({ do: "load" })],
    [preprocess, "change", () => { model.set("preprocess", preprocess.checked); model.save_changes(); }],
    [window, "resize", paint], // a page that is zoomed gets other pixels, but no other size
  ];
  const life = new AbortController(); // takes all of the page's listeners away at once
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener, { signal: life.signal });
  const ofModel = [
    ["change:answer", showAnswer], ["change:count", fromPython], ["change:width", showWidth],
    ["change:preprocess", showPreprocess], ["change:journey", showJourney],
    ["change:progress", showProgress], ["change:taught", showTaught],
  ];
  for (const [type, listener] of ofModel) model.on(type, listener);
  const resized = new ResizeObserver(laidOut);
  resized.observe(paper);
  takePicture(picture);
  showPreprocess();
  showTaught();
  showProgress();
  showWidth();
  showAnswer();

  return () => {
    keepUnanswered();
    life.abort();
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    stopWaiting();
    resized.disconnect();
    for (const [type, listener] of ofModel) model.off(type, listener);
  };
}

export default { render };
