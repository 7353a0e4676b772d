// What is around the pad in a notebook, and needs its kernel: picture files, a sheet of digits, teaching, and the button
// that makes a page of the network. Each part makes its elements and returns what others need of it.

import { aDigit, say, together } from "./language.js";
import { BLUE, button, canvasOf, contextOf, element, percent, showBytes } from "./pad.js";

const LARGEST = 400; // pixels of a picture's side

/**
 * The brightness of each pixel. Behind transparent ones lies black if what is opaque is light on the whole, and white if
 * it is dark, so that ink of any colour stands out.
 */
export function greyOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  const light = (i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  const opacity = (i) => data[4 * i + 3] / 255;
  let [sum, weight] = [0, 0];
  for (let i = 0; i < grey.length; i++) {
    sum += opacity(i) * light(i);
    weight += opacity(i);
  }
  const ground = sum > 127.5 * weight ? 0 : 255;
  for (let i = 0; i < grey.length; i++) grey[i] = opacity(i) * light(i) + (1 - opacity(i)) * ground;
  return grey;
}

/** A picture file as grey bytes, at most LARGEST pixels high and wide. */
async function readPicture(file) {
  const bitmap = await createImageBitmap(file);
  const shrink = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [columns, rows] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * shrink)));
  const context = element("canvas", { width: columns, height: rows }).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, columns, rows);
  const grey = greyOf(context.getImageData(0, 0, columns, rows));
  return {
    kind: "photo",
    rows,
    columns,
    grey: new DataView(grey.buffer),
    note: say("A picture, {columns} × {rows} pixels.", { columns, rows }),
  };
}

/** Buttons for a picture file and for a sample of MNIST; a picture may also be dropped on the pad. */
export function makePictures({ drawing, paper, listen, isGone, ask, notice }) {
  const others = element("div", { className: "nnlib-pad-controls" });
  paper.controls.after(others);
  const choose = button(say("Picture file"), others, { title: say("Or drop a picture on the pad") });
  const file = element("input", { parent: others, type: "file", accept: "image/*", hidden: true });
  const sample = button(say("MNIST sample"), others);

  async function openPicture(chosen) {
    if (!chosen) return;
    try {
      const picture = await readPicture(chosen);
      if (isGone()) return;
      paper.clear();
      drawing.picture = picture;
    } catch {
      notice.show(say("{name} is not a picture that this browser can read.", { name: chosen.name }));
    }
  }

  listen(choose, "click", () => file.click());
  listen(file, "change", () => {
    openPicture(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  listen(paper.canvas, "dragover", (event) => event.preventDefault()); // the browser would open the file, not the page
  listen(paper.canvas, "drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    openPicture(event.dataTransfer.files[0]);
  });
  listen(sample, "click", () => ask({ do: "sample" }));
}

/** The sheet: which digit to draw next, a button that keeps it, and how many are read right. */
export function makeTask({ paper, root, model, drawing, listen, ask, notice }) {
  const sheet = element("div", { className: "nnlib-pad-task", role: "group", label: say("Your sheet of digits") });
  paper.side.prepend(sheet);
  const wanted = element("div", { className: "nnlib-pad-wanted", parent: sheet, role: "status" });
  const controls = element("div", { className: "nnlib-pad-controls", parent: sheet });
  const keep = button(say("Keep it"), controls, { title: say("Or press Enter on the pad") });
  const back = button(say("Take the last back"), controls);
  const tally = element("div", { className: "nnlib-pad-caption", parent: sheet });
  let drawn = false; // whether there is something to keep

  const done = (task) => task.next === null || task.next === undefined;

  function show() {
    const task = model.get("task") ?? {};
    sheet.hidden = task.of === undefined;
    if (sheet.hidden) return;
    root.dataset.kept = task.kept;
    wanted.textContent = done(task)
      ? say("All {of} are drawn.", task)
      : say("Draw {digit}.", { digit: aDigit(task.next) });
    const right = task.kept && task.right !== null ? say("{right} of them read right.", task) : "";
    tally.textContent = together(say("{kept} of {of} kept.", task), right, task.note);
    back.disabled = task.kept === 0;
    allow(drawn);
  }

  /** Whether there is something on the pad that can be kept. */
  function allow(ink) {
    drawn = ink;
    keep.disabled = !drawn || done(model.get("task") ?? {});
  }

  function send() {
    if (sheet.hidden || keep.disabled) return;
    ask({ do: "keep", count: drawing.count });
  }

  listen(keep, "click", send);
  listen(back, "click", () => ask({ do: "take back" }));
  listen(model, "change:task", () => {
    if (model.get("answer").count === drawing.count) notice.stop(); // it was answered, perhaps with an error
    show();
  });
  show();
  return { allow, keep: send };
}

/** The buttons that say what it was, and the fold with what the network learned from that. */
export function makeSchool({ parent, root, model, drawing, listen, ask, notice }) {
  const wrong = element("div", {
    className: "nnlib-pad-teacher",
    parent,
    role: "group",
    label: say("Wrong? Say what it was"),
  });
  element("div", {
    className: "nnlib-pad-caption",
    text: say("Wrong? Say what it was, and the network learns:"),
    parent: wrong,
  });
  const digits = element("div", { className: "nnlib-pad-names", parent: wrong });
  const itWas = Array.from({ length: 10 }, (_, digit) =>
    button(digit, digits, { label: say("It was {digit}", { digit: aDigit(digit) }) }),
  );

  const fold = element("details", { className: "nnlib-pad-fold nnlib-pad-school", parent: root });
  element("summary", { text: say("What it learned from you"), parent: fold });
  const learned = element("div", { className: "nnlib-pad-learned", parent: fold, role: "status" });
  const chart = element("div", { className: "nnlib-pad-chart", parent: fold });
  const curve = canvasOf(1, {
    className: "nnlib-pad-curve",
    parent: chart,
    label: say("The loss while the network learns"),
  });
  const curveCaption = element("div", { className: "nnlib-pad-caption", parent: chart });
  const drawings = element("div", {
    className: "nnlib-pad-path",
    parent: fold,
    role: "group",
    label: say("The drawings that it was taught"),
  });
  const controls = element("div", { className: "nnlib-pad-controls", parent: fold });
  const forgetLast = button(say("Forget the last"), controls);
  const forgetAll = button(say("Forget all"), controls);
  const save = button(say("Save"), controls);
  const load = button(say("Load"), controls);

  function teach(label) {
    learned.textContent = say("It learns …");
    fold.open = true;
    ask({ do: "teach", label, count: drawing.count });
  }

  function showProgress() {
    const { learning = false, done = 0, losses = [] } = model.get("progress");
    root.dataset.learning = learning;
    chart.hidden = losses.length < 2;
    if (learning) {
      learned.textContent = say("It learns: {share} done", { share: percent(done) });
      if (notice.isWaiting()) {
        notice.wait(); // the kernel is there, and works: no word of a busy one beside what it learns
        notice.show();
      }
    }
    if (chart.hidden) return;
    curveCaption.textContent = say("The loss on your drawings while it learned: {first} at first, {last} now.", {
      first: losses[0].toFixed(2),
      last: losses.at(-1).toFixed(2),
    });
    curve.setAttribute("aria-label", curveCaption.textContent);
    drawCurve(losses);
  }

  function drawCurve(losses) {
    const context = contextOf(curve, 1);
    const highest = Math.max(...losses, 1e-9);
    context.lineWidth = 0.015;
    context.strokeStyle = BLUE;
    context.beginPath();
    losses.forEach((loss, i) => {
      context.lineTo(0.03 + (0.94 * i) / (losses.length - 1), 0.95 - 0.88 * (loss / highest));
    });
    context.stroke();
  }

  function showTaught() {
    const { able = false, note = "", labels = [], images, before = [], after = [] } = model.get("taught");
    if (model.get("answer").count === drawing.count) notice.stop();
    wrong.hidden = fold.hidden = !able;
    root.dataset.taught = labels.length;
    const right = (marks) => marks.filter(Boolean).length;
    const counts = { count: labels.length, before: right(before), after: right(after) };
    const score =
      labels.length === 1
        ? say("Of your one drawing it read {before} right before, and {after} now.", counts)
        : say("Of your {count} drawings it read {before} right before, and {after} now.", counts);
    learned.textContent = labels.length
      ? together(note, score)
      : note || say("Nothing yet. Draw a digit, and say what it is.");
    if (note && labels.length === 0) fold.open = true;
    drawings.replaceChildren();
    labels.forEach((digit, i) => {
      const image = new DataView(images.buffer, images.byteOffset + 784 * i, 784);
      showDrawing(i + 1, digit, image, before[i], after[i]);
    });
    forgetLast.disabled = forgetAll.disabled = labels.length === 0;
  }

  function showDrawing(number, digit, image, before, after) {
    const box = element("div", { className: "nnlib-pad-taught", parent: drawings });
    const mark = (right) => (right ? "✓" : "✗");
    const words = [
      [say("wrong before, wrong now"), say("wrong before, right now")],
      [say("right before, wrong now"), say("right before, right now")],
    ];
    const canvas = canvasOf(28, {
      parent: box,
      label: say("Drawing {number}, meant as {digit}: {how}", {
        number,
        digit,
        how: words[Number(before)][Number(after)],
      }),
    });
    showBytes(canvas, image, 28);
    const text = `${digit}: ${mark(before)} → ${mark(after)}`;
    element("div", { className: "nnlib-pad-caption", text, parent: box });
  }

  /** Whether there is something on the pad that can be named. */
  function allow(drawn) {
    for (const name of itWas) name.disabled = !drawn;
  }

  itWas.forEach((name, digit) => {
    listen(name, "click", () => teach(digit));
  });
  listen(forgetLast, "click", () => ask({ do: "undo" }));
  listen(forgetAll, "click", () => ask({ do: "reset" }));
  listen(save, "click", () => ask({ do: "save" }));
  listen(load, "click", () => ask({ do: "load" }));
  listen(model, "change:taught", showTaught);
  listen(model, "change:progress", showProgress);
  showTaught();
  showProgress();
  return { allow };
}

/** The button that saves a page on which the network that reads now goes on to read, without Python. */
export function makeTakeHome({ parent, model, listen, ask, notice }) {
  const view = Math.random().toString(36).slice(2); // the kernel's answer goes to every view; one of them asked
  const take = button(say("Take it home"), parent, {
    title: say("One file that reads digits on any phone or computer"),
  });
  take.classList.add("nnlib-pad-home");

  function show() {
    take.hidden = !model.get("taught").able; // a function stays where its Python is
  }

  function receive(content, buffers) {
    if (content.do !== "take home" || content.view !== view) return;
    notice.stop();
    notice.show(content.error ?? say("Saved as {name}. Open it on any phone or computer.", content));
    if (!content.error) download(buffers[0], content.name);
  }

  listen(take, "click", () => ask({ do: "take home", view }));
  listen(model, "msg:custom", receive);
  listen(model, "change:taught", show);
  show();
}

/** Have the browser save a page as a file, as if it came from a link. */
function download(page, name) {
  const href = URL.createObjectURL(new Blob([page], { type: "text/html" }));
  const link = element("a", { href, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser may ask where to, and then read it
}
