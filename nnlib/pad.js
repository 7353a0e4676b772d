// The drawing pad's browser side: it draws strokes, sends them, and shows the answer. Python is in pad.py.

const SIZE = 280; // CSS pixels of the pad
const KEY_STEP = 0.03; // how far an arrow key moves the cursor, as a share of the pad

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

/** Fill a canvas with one grey square for each byte: 0 is white, 255 is black. */
function showBytes(canvas, view, columns) {
  const rows = Math.ceil(view.byteLength / columns);
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  pixels.data.fill(255);
  for (let i = 0; i < view.byteLength; i++) {
    pixels.data.fill(255 - view.getUint8(i), 4 * i, 4 * i + 3);
  }
  context.putImageData(pixels, 0, 0);
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

  const right = element("div", "nnlib-pad-inside", root);
  element("div", "nnlib-pad-caption", right, "What the network sees: 28 × 28");
  const seen = canvasOf(28, "nnlib-pad-seen", right, "The image that the network sees");
  const hidden = element("div", "nnlib-pad-hidden", right);

  let strokes = structuredClone(model.get("strokes"));
  let count = model.get("count");
  let pointer = null; // the pointer that draws now; a second finger does not
  let frame = 0;
  let cursor = null; // for the keyboard: {x, y, down}

  // Drawing

  function paint() {
    const scale = window.devicePixelRatio || 1;
    const side = paper.clientWidth || SIZE;
    paper.width = paper.height = Math.round(side * scale);
    const context = paper.getContext("2d");
    context.scale(paper.width, paper.height); // from here on the pad is 1 wide and 1 high
    context.lineWidth = (0.7 * model.get("width")) / 28;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
    if (cursor && document.activeElement === paper) {
      context.beginPath();
      context.arc(cursor.x, cursor.y, 0.02, 0, 2 * Math.PI);
      context.lineWidth = 0.008;
      context.strokeStyle = context.fillStyle = "#0072b2";
      cursor.down ? context.fill() : context.stroke();
    }
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
    model.set("count", count);
    model.save_changes();
  }

  function place(event) {
    const box = paper.getBoundingClientRect();
    const share = (at, start, size) => Math.round(((at - start) / size) * 1e4) / 1e4;
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  function penDown(event) {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    paper.setPointerCapture(pointer); // the stroke goes on outside the pad
    cursor = null;
    strokes.push([place(event)]);
    changed();
  }

  function penMove(event) {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? []; // every point since the last frame, not the last one alone
    strokes.at(-1).push(...(events.length ? events : [event]).map(place));
    changed();
  }

  function penUp(event) {
    if (event.pointerId === pointer) pointer = null;
  }

  function undoStroke() {
    if (pointer !== null || strokes.length === 0) return;
    strokes.pop();
    if (cursor) cursor.down = false;
    changed();
  }

  function clearPad() {
    pointer = null;
    strokes = [];
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
    if (cursor.down) strokes.push([[cursor.x, cursor.y]]);
    changed();
  }

  function moveCursor(right, down) {
    cursor ??= { x: 0.5, y: 0.2, down: false };
    const move = (at, by) => Math.min(1, Math.max(0, Math.round((at + by * KEY_STEP) * 1e4) / 1e4));
    cursor.x = move(cursor.x, right);
    cursor.y = move(cursor.y, down);
    if (!cursor.down) return paint();
    strokes.at(-1).push([cursor.x, cursor.y]);
    changed();
  }

  // The answer

  function showAnswer() {
    const answer = model.get("answer");
    // While the pen moves, an answer is always a few frames old. It is shown all the same: it follows the pen.
    root.dataset.answered = answer.count;
    if (answer.error) {
      says.textContent = `This drawing cannot be read: ${answer.error}`;
      return;
    }
    const outputs = answer.outputs ?? [];
    const best = outputs.indexOf(Math.max(...outputs));
    root.dataset.digit = outputs.length ? best : "";
    says.textContent = outputs.length ? `I read ${best}: ${percent(outputs[best])}` : "Draw a digit.";
    bars.forEach(({ row, bar, value }, digit) => {
      const output = outputs[digit] ?? 0;
      row.classList.toggle("nnlib-pad-best", digit === best);
      bar.style.width = `${100 * output}%`;
      value.textContent = outputs.length ? percent(output) : "";
    });
    if (answer.image) showBytes(seen, answer.image, 28);
    showHidden(answer.hidden ?? []);
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

  function fromPython() {
    if (model.get("count") <= count) return; // our own change, come back
    count = model.get("count");
    strokes = structuredClone(model.get("strokes"));
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
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  model.on("change:answer", showAnswer);
  model.on("change:count", fromPython);
  model.on("change:width", showWidth);
  const resized = new ResizeObserver(paint);
  resized.observe(paper);
  showWidth();
  showAnswer();

  return () => {
    cancelAnimationFrame(frame);
    resized.disconnect();
    model.off("change:answer", showAnswer);
    model.off("change:count", fromPython);
    model.off("change:width", showWidth);
  };
}

export default { render };
