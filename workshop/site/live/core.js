// What the things to play with share on a page without Python. Classic scripts, so that a page works from file://, too.
//
// A page has `<div class="nnlib-live" data-thing="NAME">` with a stored picture and its sentence inside, and after it, in
// this order, core.js, what else the thing needs, NAME.js and NAME.data.js. When the page has loaded, the picture gives
// way to the Play that `nnlibLive.things[NAME](element, nnlibLive.data[NAME], options)` returns. Without JavaScript, or
// without the data, it stays. The options are the JSON in `data-options`: the arguments of the lesson's call. The Play
// stands in `element.thing`, for tests.
//
// A page in another language than English has a script before core.js that puts `window.nnlibTexts` there: the texts in the
// reader's language, by the English ones. What they lack is said in English.
//
// nnlibLive has, besides `things` and `data`:
//
// - say(text, values): the text in the reader's language, with the values in the places of their names. A place may say how a
//   number is written, as in Python: {n:,} {n:g} {n:.2f} {n:.3g}. together(...sentences): one after the other.
// - Play(element, draw, controls, {width}): as Python's Play. `draw(values, width)` returns [picture, sentence]: an SVG
//   for so many pixels of the page, and what it shows. It is called when a control moves, and when the page's width
//   changes; `width` is the most that it gets. `play.show()` draws again. A subclass overrides `rows()`, the nodes above
//   the picture, or `below()`, those below its sentence.
// - Live(element, {draw, step, restart, epoch, every}, controls, {width}): as Python's Live, with its four buttons.
//   `step(values)`, `restart(values)`; `epoch` is a number of steps, or a function that returns how many epochs are done.
// - controls, each {node, value, onchange}: slider(label, {value, min, max, step, read}), or with {value, values, read}
//   from one of these values to the next (`read(value)` writes the number beside it), checkbox(label, value),
//   choice(label, options, value) (an option is a value or [text, value]), field(label, {value, min, max, step}) (a number
//   to type; what does not fit is told in `play.refusal`, below the controls), button(text, onclick), a node.
// - html(tag, parent, attributes, text) and drawn(tag, parent, attributes, text): an element of the page, of an SVG.
// - svg(width, height), and axes(svg, {left, top, width, height}, {x, y, title}) in it, the box without its labels. x and
//   y are {min, max, log, label, ticks}; ticks is a list of values, or of [value, text]. What comes back has `x(value)`
//   and `y(value)` in pixels, line(points, attributes), marker(x, y, shape "o" | "s" | "^", size, attributes),
//   image(canvas, [x0, x1, y0, y1], attributes) and legend([{text, colour, shape, dash}], "upper right" |
//   "lower left" | "above"); one above the box needs a `lift` of the title, in pixels.
//   What lies outside the box is cut off, markers excepted.
// - COLOURS: the palette of nnlib/plots.py as CSS variables, which know of light, dark and forced colours:
//   blue orange green purple sky yellow, ink (black on white), paper, faint (grid), grey (axes).
// - numbers as Python writes them: aDigit percent fixed signed scientific short number factor of nnlib/play/numbers.py, and
//   general(x, digits) for :.3g, grouped(x) for :, , decimals(x, digits) for :.2f.

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const COLOURS = Object.fromEntries(
    ["blue", "orange", "green", "purple", "sky", "yellow", "ink", "paper", "faint", "grey"].map((name) => [
      name,
      `var(--nnlib-${name})`,
    ]),
  );

  // Numbers

  // Python rounds what lies exactly halfway to the even digit, JavaScript away from 0. `write` is toFixed or toExponential.
  function toEven(x, write, digits) {
    const text = write.call(x, digits);
    const [shown, exponent] = text.split("e");
    if (!/[13579]$/.test(shown)) return text;
    const [exact, same] = write.call(x, 100).split("e");
    const halfway = exponent === same && /^\.?50*$/.test(exact.slice(shown.length));
    return halfway ? write.call(x * (1 - Number.EPSILON), digits) : text;
  }

  const decimals = (x, digits) => toEven(x, Number.prototype.toFixed, digits);
  const exponential = (x, digits) => toEven(x, Number.prototype.toExponential, digits);
  const percent = (x) => say("{share} %", { share: decimals(100 * x, 0) });
  const grouped = (x) => String(x).replace(/\B(?=(\d{3})+$)/g, ",");

  function general(x, digits) {
    if (!x) return "0";
    const [mantissa, exponent] = exponential(x, digits - 1).split("e");
    const strip = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (exponent >= -4 && exponent < digits) return strip(decimals(x, digits - 1 - exponent));
    return `${strip(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }

  function aDigit(digit) {
    return digit === 8 ? say("an {digit}", { digit }) : say("a {digit}", { digit });
  }

  function fixed(x, digits = 1) {
    const text = decimals(x, digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
  }

  function signed(x, digits = 1, space = "") {
    const text = fixed(x, digits);
    return `${text.startsWith("−") ? "−" : "+"}${space}${text.replace("−", "")}`;
  }

  const power = (exponent) => `10${String(exponent).replace(/[-\d]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}`;

  function scientific(x) {
    const [digits, exponent] = exponential(x, 1).split("e");
    const mantissa = digits.replace(/\.0$/, "").replace("-", "−");
    const ten = power(Number(exponent));
    return /^−?1$/.test(mantissa) ? mantissa.replace("1", ten) : `${mantissa}·${ten}`;
  }

  const short = (x) => (x === 0 || (x >= 0.01 && x < 100) ? general(x, 2) : scientific(x));

  function number(x) {
    const size = Math.abs(x);
    if (x >= 0.99995 && x < 1) return `1 − ${number(1 - x)}`;
    if (x && size < 0.001) return scientific(x);
    const digits = size >= 10 ? 3 : size >= 0.1 ? 4 : x ? 2 - Math.floor(Math.log10(size)) : 0;
    const text = fixed(x, digits);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }

  function factor(x, write = number) {
    const text = write(x);
    return text.split("·")[0].includes("−") ? `(${text})` : text;
  }

  // The reader's language: nnlib/_support/language.py and nnlib/play/words.py say the same.

  const texts = window.nnlibTexts ?? {};

  function written(value, format) {
    if (format === ",") return grouped(value);
    const digits = Number(format.slice(1, -1) || 6);
    return format.endsWith("g") ? general(value, digits) : decimals(value, digits);
  }

  function say(text, values = {}) {
    const put = (_, name, format) => (format ? written(values[name], format) : values[name]);
    return (texts[text] ?? text).replace(/\{(\w+)(?::([^{}]+))?\}/g, put);
  }

  function together(...sentences) {
    return sentences.filter(Boolean).reduce((first, second) => say("{first} {second}", { first, second }));
  }

  // Elements

  function made(node, parent, attributes, text) {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== "") node.textContent = text;
    parent?.append(node);
    return node;
  }
  const html = (tag, parent, attributes = {}, text = "") => made(document.createElement(tag), parent, attributes, text);
  const drawn = (tag, parent, attributes = {}, text = "") =>
    made(document.createElementNS(SVG, tag), parent, attributes, text);

  let names = 0;
  const newName = () => `nnlib-live-${++names}`;

  // Controls

  // A label, and beside it what it belongs to.
  function row(label, id) {
    const node = html("div", null, { class: "nnlib-live-row" });
    html("label", node, { for: id }, label);
    return node;
  }

  // A control that keeps its value exactly as it was set; `show` puts it on the page.
  function keeping(node, value, show) {
    const control = {
      node,
      get value() {
        return value;
      },
      set value(to) {
        value = to;
        show(to);
      },
    };
    control.value = value;
    return control;
  }

  function slider(label, { value, values, min = 0, max = values?.length - 1, step = 1, read = String }) {
    const id = newName();
    const node = row(label, id);
    const input = html("input", node, { type: "range", id, min, max, step });
    const readout = html("output", node, { for: id, "aria-hidden": true }); // the handle says it
    const control = keeping(node, value, (to) => {
      input.valueAsNumber = values ? values.indexOf(to) : to; // the handle stands at the nearest step
      readout.textContent = read(to);
      input.setAttribute("aria-valuetext", readout.textContent);
    });
    input.addEventListener("input", () => {
      control.value = values ? values[input.valueAsNumber] : input.valueAsNumber;
      control.onchange();
    });
    return control;
  }

  function checkbox(label, value = false) {
    const node = html("label", null, { class: "nnlib-live-row nnlib-live-check" });
    const input = html("input", node, { type: "checkbox" });
    node.append(label);
    input.checked = value;
    const control = {
      node,
      get value() {
        return input.checked;
      },
      set value(to) {
        input.checked = to;
      },
    };
    input.addEventListener("change", () => control.onchange());
    return control;
  }

  function choice(label, options, value) {
    const id = newName();
    const node = html("div", null, { class: "nnlib-live-row", role: "group", "aria-labelledby": id });
    html("span", node, { id, class: "nnlib-live-label" }, label);
    const buttons = html("div", node, { class: "nnlib-live-buttons" });
    const all = new Map();
    for (const option of options) {
      const [text, stands] = Array.isArray(option) ? option : [String(option), option];
      const choose = () => {
        if (control.value === stands) return;
        control.value = stands;
        control.onchange();
      };
      all.set(stands, buttons.appendChild(button(text, choose)));
    }
    const control = keeping(node, value, (to) => {
      for (const [option, pressed] of all) pressed.setAttribute("aria-pressed", option === to);
    });
    return control;
  }

  function field(label, { value, min, max, step }) {
    const id = newName();
    const node = row(label, id);
    const input = html("input", node, { type: "number", id, min, max, step });
    const control = keeping(node, value, (to) => {
      input.value = to;
    });
    // As the notebook's: a number outside the bounds becomes the nearest one, and nothing becomes the number before.
    input.addEventListener("change", () => {
      const got = input.validity.badInput ? say("no number") : input.value || say("nothing");
      const typed = input.valueAsNumber;
      const near = Math.min(Math.max(step === 1 ? Math.trunc(typed) : typed, min), max);
      control.value = Number.isNaN(typed) ? control.value : near;
      control.onrefuse(control.value === typed ? "" : refusal(label, { min, max, step }, got, control.value));
      control.onchange();
    });
    return control;
  }

  // What fits into a field, and what was got: nnlib/play/access.js says the same.
  function refusal(label, { min, max, step }, typed, kept) {
    const [low, high, got, now] = [min, max, typed, kept].map((text) => String(text).replace("-", "−"));
    const values = { label, low, high, got, now };
    if (step === 1)
      return say("{label} must be a whole number from {low} to {high}; got {got}. It is {now} now.", values);
    return say("{label} must be a number from {low} to {high}; got {got}. It is {now} now.", values);
  }

  function button(text, onclick) {
    const node = html("button", null, { type: "button" }, text);
    node.addEventListener("click", onclick);
    return node;
  }

  // A thing to play with

  class Play {
    constructor(element, draw, controls, { width = 680 } = {}) {
      Object.assign(this, { element, draw, controls, most: width });
      this.picture = html("div", null, { class: "nnlib-live-picture" });
      this.sentence = html("p", null, { class: "nnlib-live-sentence", role: "status", "aria-live": "polite" });
      this.refusal = html("p", null, { class: "nnlib-live-refusal", "aria-live": "polite" });
      for (const control of Object.values(controls)) {
        control.onchange = () => this.show(control);
        control.onrefuse = (text) => {
          this.refusal.textContent = text;
        };
      }
    }

    // After the constructors of subclasses: put it on the page, in the place of the picture that stood there.
    start() {
      const top = html("div", null, { class: "nnlib-live-controls" });
      top.append(...this.rows(), this.refusal);
      const shown = html("div", null, { class: "nnlib-live-shown" });
      shown.append(this.picture, this.sentence, ...this.below());
      this.element.replaceChildren(top, shown);
      this.show();
      new ResizeObserver(() => {
        if (this.width() !== this.drawnFor) this.paint();
      }).observe(this.picture);
      return this;
    }

    rows() {
      return Object.values(this.controls).map((control) => control.node);
    }

    below() {
      return [];
    }

    values() {
      return Object.fromEntries(Object.entries(this.controls).map(([name, control]) => [name, control.value]));
    }

    width() {
      return Math.min(this.picture.clientWidth || this.most, this.most); // 0: it is folded away
    }

    show() {
      this.paint();
      this.say();
    }

    paint() {
      this.drawnFor = this.width();
      const [picture, text] = this.draw(this.values(), this.drawnFor);
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", text);
      this.picture.replaceChildren(picture);
      this.text = text;
    }

    say() {
      this.tell(this.text);
    }

    // The element stays and its text changes, so that a screen reader notices; quiet, it says nothing.
    tell(text, quiet = false) {
      this.sentence.setAttribute("aria-live", quiet ? "off" : "polite");
      if (this.sentence.textContent !== text) this.sentence.textContent = text;
    }
  }

  const SLICE = 12; // milliseconds of a frame in which steps are taken; the rest is the page's

  class Live extends Play {
    static running = null;

    constructor(element, { draw, step, restart, epoch, every }, controls, options) {
      super(element, draw, controls, options);
      Object.assign(this, { step, restart, every, steps: 0, going: false, status: say("Paused.") });
      this.epochs = typeof epoch === "function" ? epoch : () => this.steps / epoch;
      this.run = button(say("Run"), () =>
        this.going ? this.pause() : this.go(() => this.steps, Number.POSITIVE_INFINITY),
      );
      this.buttons = html("div", null, { class: "nnlib-live-buttons" });
      this.buttons.append(
        this.run,
        button(say("One step"), () => this.go(() => this.steps, 1)),
        button(say("One epoch"), () => this.go(this.epochs, 1)),
        button(say("Begin again"), () => this.beginAgain()),
      );
    }

    rows() {
      return [this.buttons, ...super.rows()];
    }

    // While it runs, a moved control waits for the next picture, which comes soon enough.
    show(control) {
      if (!control || !this.going) super.show();
    }

    say() {
      this.run.textContent = this.going ? say("Pause") : say("Run");
      this.tell(together(this.text, this.going ? say("Running.") : this.status), this.going);
    }

    // Step until `count()` has grown by `more`.
    go(count, more) {
      const goal = count() + more;
      this.finished = () => count() > goal - 1e-9;
      if (Live.running !== this) Live.running?.pause();
      Live.running = this;
      this.next();
      Object.assign(this, { going: true, status: say("Paused.") });
      this.say();
    }

    // One frame is waited for, and no more: who pauses and runs again within a frame would run twice as fast.
    next() {
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.frame());
    }

    frame() {
      if (!this.going) return;
      try {
        const end = performance.now() + SLICE;
        do {
          this.step(this.values());
          this.steps += 1;
          if (this.steps % this.every === 0) {
            this.show();
            break;
          }
        } while (!this.finished() && performance.now() < end);
        if (this.finished()) this.stop();
        else this.next();
      } catch (error) {
        this.status = say("Stopped by an error. {type}: {error}", { type: error.name, error: error.message });
        this.stop();
      }
    }

    pause() {
      this.going = false;
      this.say();
    }

    stop() {
      this.going = false;
      if (Live.running === this) Live.running = null;
      this.show();
    }

    beginAgain() {
      this.pause();
      this.restart(this.values());
      Object.assign(this, { steps: 0, status: say("Paused.") });
      this.show();
    }
  }

  // Pictures

  function svg(width, height) {
    return drawn("svg", null, { width, height, viewBox: `0 0 ${width} ${height}`, class: "nnlib-live-svg" });
  }

  // Round values from min to max, at most so many.
  function roundTicks(min, max, most = 6) {
    const rough = (max - min) / most;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = ten * [1, 2, 2.5, 5, 10].find((round) => round * ten >= rough * (1 - 1e-9));
    const first = Math.ceil(min / step - 1e-9);
    const count = Math.floor(max / step + 1e-9) - first + 1;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) + (step / ten === 2.5 && ten <= 1 ? 1 : 0);
    return Array.from({ length: count }, (_, i) => [(first + i) * step, fixed((first + i) * step, digits)]);
  }

  // Powers of ten from min to max, every second or third where there is little room.
  function powerTicks(min, max, most) {
    const first = Math.ceil(Math.log10(min) - 1e-9);
    const last = Math.floor(Math.log10(max) + 1e-9);
    const every = Math.ceil((last - first + 1) / most);
    const all = [];
    for (let exponent = every * Math.ceil(first / every); exponent <= last; exponent += every)
      all.push([Number(`1e${exponent}`), power(exponent)]);
    return all;
  }

  function ticks({ min, max, log, ticks: given }, room) {
    if (given) return given.map((tick) => (Array.isArray(tick) ? tick : [tick, String(tick).replace("-", "−")]));
    return log ? powerTicks(min, max, room) : roundTicks(min, max, room);
  }

  const SHAPES = {
    o: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    s: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    "^": (x, y, r) => `M${x} ${y - r}L${x + r} ${y + r}H${x - r}z`,
  };

  function marker(parent, x, y, shape, size, attributes) {
    return drawn("path", parent, { d: SHAPES[shape](x, y, size / 2), ...attributes });
  }

  function axes(parent, { left, top, width, height }, { x, y, title = "", grid = true, lift = 0 }) {
    const place = ({ min, max, log }, value) => {
      const along = log ? Math.log10 : Number;
      return (along(value) - along(min)) / (along(max) - along(min));
    };
    const px = (value) => left + width * place(x, value);
    const py = (value) => top + height * (1 - place(y, value));
    const right = left + width;
    const bottom = top + height;
    const group = drawn("g", parent);
    if (title) drawn("text", group, { x: left, y: top - 9 - lift, class: "nnlib-live-title" }, title);
    const text = (at, label, more) => drawn("text", group, { ...at, class: "nnlib-live-tick", ...more }, label);
    for (const [value, label] of ticks(x, Math.max(2, Math.floor(width / 50)))) {
      if (grid) drawn("path", group, { d: `M${px(value)} ${top}V${bottom}`, stroke: COLOURS.faint });
      drawn("path", group, { d: `M${px(value)} ${bottom}v4`, stroke: COLOURS.grey });
      text({ x: px(value), y: bottom + 18 }, label, { "text-anchor": "middle" });
    }
    for (const [value, label] of ticks(y, Math.max(2, Math.floor(height / 36)))) {
      if (grid) drawn("path", group, { d: `M${left} ${py(value)}H${right}`, stroke: COLOURS.faint });
      drawn("path", group, { d: `M${left} ${py(value)}h-4`, stroke: COLOURS.grey });
      text({ x: left - 8, y: py(value) + 4 }, label, { "text-anchor": "end" });
    }
    if (x.label) text({ x: left + width / 2, y: bottom + 37 }, x.label, { "text-anchor": "middle" });
    if (y.label) {
      const [at, to] = [left - (y.labelRoom ?? 44), top + height / 2];
      text({ x: at, y: to }, y.label, { "text-anchor": "middle", transform: `rotate(-90 ${at} ${to})` });
    }
    const clip = newName();
    drawn("rect", drawn("clipPath", group, { id: clip }), { x: left, y: top, width, height });
    const inside = drawn("g", group, { "clip-path": `url(#${clip})` });
    drawn("path", group, { d: `M${left} ${top}V${bottom}H${right}`, fill: "none", stroke: COLOURS.grey });
    const over = drawn("g", group);

    return {
      x: px,
      y: py,
      line(points, attributes = {}) {
        const d = points.map(([u, v], i) => `${i ? "L" : "M"}${px(u).toFixed(2)} ${py(v).toFixed(2)}`).join("");
        return drawn("path", inside, { d, fill: "none", stroke: COLOURS.blue, "stroke-width": 2, ...attributes });
      },
      marker: (u, v, shape, size, attributes = {}) =>
        marker(over, px(u), py(v), shape, size, { fill: COLOURS.blue, stroke: COLOURS.ink, ...attributes }),
      image(canvas, [x0, x1, y0, y1], attributes = {}) {
        const box = { x: px(x0), y: py(y1), width: px(x1) - px(x0), height: py(y0) - py(y1) };
        return drawn("image", inside, {
          href: canvas.toDataURL(),
          preserveAspectRatio: "none",
          ...box,
          ...attributes,
        });
      },
      legend(entries, corner = "upper right") {
        const list = drawn("g", over);
        const rows = 19 * (entries.length - 1);
        const first = corner.startsWith("upper") ? top + 14 : corner === "above" ? top - 14 - rows : bottom - 12 - rows;
        const at = corner.endsWith("right") ? right - 12 : corner === "above" ? left - 12 : left + 14;
        entries.forEach(({ text: label, colour, shape, dash = "none" }, i) => {
          const middle = first + 19 * i;
          const end = corner.endsWith("right") ? at - 26 : at + 26;
          if (shape) marker(list, (at + end) / 2, middle, shape, 10, { fill: colour, stroke: COLOURS.ink });
          else
            drawn("path", list, {
              d: `M${at} ${middle}H${end}`,
              stroke: colour,
              "stroke-width": 2,
              "stroke-dasharray": dash,
            });
          const [side, anchor] = corner.endsWith("right") ? [end - 8, "end"] : [end + 8, "start"];
          drawn("text", list, { x: side, y: middle + 4, class: "nnlib-live-tick", "text-anchor": anchor }, label);
        });
      },
    };
  }

  // On a page

  function mount() {
    for (const element of document.querySelectorAll(".nnlib-live[data-thing]")) {
      const name = element.dataset.thing;
      const [thing, data] = [nnlibLive.things[name], nnlibLive.data[name]];
      if (thing && data) element.thing = thing(element, data, JSON.parse(element.dataset.options ?? "{}")).start();
    }
  }

  const numbers = { aDigit, decimals, fixed, signed, scientific, short, number, factor, general, percent, grouped };
  const controls = { slider, checkbox, choice, field, button };
  const pictures = { html, drawn, svg, axes, COLOURS };
  window.nnlibLive = { things: {}, data: {}, Play, Live, say, together, ...controls, ...pictures, ...numbers };
  if (document.readyState === "complete") mount();
  else document.addEventListener("DOMContentLoaded", mount); // scripts with `defer` come before it
})();
