// Backpropagation, one operation at a time, with numbers of the reader's own: as nnlib/play/operations.py.

nnlibLive.things.backpropagation = (element, { start, limits, steps }) => {
  const { Play, slider, field, button, html, drawn, svg, number, factor, say, COLOURS } = nnlibLive;
  const ORDER = steps.map(([name]) => name);
  const PAIR = [0, 1];
  const LAYERS = [
    [1, "X"],
    [2, "a1"],
  ];

  // The numbers

  // Every value and every derivative, by name: values["dW1[0, 1]"].
  function bothWays(given) {
    const v = { ...given };
    for (const [l, before] of LAYERS)
      for (const k of PAIR) {
        const products = PAIR.map((j) => v[`${before}[${j}]`] * v[`W${l}[${j}, ${k}]`]);
        const z = products[0] + products[1] + v[`b${l}[${k}]`];
        v[`z${l}[${k}]`] = z;
        v[`a${l}[${k}]`] = 0.5 * (1 + Math.tanh(0.5 * z));
      }
    for (const k of PAIR) v[`da2[${k}]`] = v[`a2[${k}]`] - v[`Y[${k}]`];
    v.L = (v["da2[0]"] ** 2 + v["da2[1]"] ** 2) / 2;
    for (const [l, before] of LAYERS.toReversed()) {
      for (const k of PAIR) {
        const a = v[`a${l}[${k}]`];
        const dz = v[`da${l}[${k}]`] * (a * (1 - a));
        v[`dz${l}[${k}]`] = dz;
        v[`db${l}[${k}]`] = dz;
        for (const j of PAIR) v[`dW${l}[${j}, ${k}]`] = v[`${before}[${j}]`] * dz;
      }
      if (l === 2)
        for (const k of PAIR) v[`da1[${k}]`] = v["dz2[0]"] * v[`W2[${k}, 0]`] + v["dz2[1]"] * v[`W2[${k}, 1]`];
    }
    return v;
  }

  // In words

  // The operation in numbers, a line for each entry of what it computes.
  function writtenOut(name, v) {
    const f = (entry) => factor(v[entry]);
    const n = (entry) => number(v[entry]);
    if (name === "L") {
      const squares = PAIR.map((k) => `(${n(`a2[${k}]`)} − ${n(`Y[${k}]`)})²`);
      return [`L = ½ (${squares.join(" + ")}) = ${n("L")}`];
    }
    const l = name.at(-1);
    const before = l === "1" ? "X" : "a1";
    const kind = name.slice(0, -1);
    const indices = kind === "dW" ? PAIR.flatMap((j) => PAIR.map((k) => [j, k])) : PAIR.map((k) => [k]);
    return indices.map((index) => {
      const entry = `${name}[${index.join(", ")}]`;
      const k = index.at(-1);
      const line = (right) => `${entry} = ${right} = ${n(entry)}`;
      switch (kind) {
        case "z": {
          const terms = PAIR.map((j) => `${f(`${before}[${j}]`)} · ${f(`W${l}[${j}, ${k}]`)}`);
          return line([...terms, f(`b${l}[${k}]`)].join(" + "));
        }
        case "a":
          return line(`σ(${n(`z${l}[${k}]`)})`);
        case "dz": {
          const a = v[`a${l}[${k}]`];
          const slope = number(a * (1 - a));
          const first = `σ′(z${l}[${k}]) = ${factor(a)} · ${factor(1 - a)} = ${slope}`;
          const then = line(`da${l}[${k}] · σ′(z${l}[${k}]) = ${f(`da${l}[${k}]`)} · ${slope}`);
          return say("{first}, so {then}", { first, then });
        }
        case "dW": {
          const [j] = index;
          return line(`${before}[${j}] · dz${l}[${k}] = ${f(`${before}[${j}]`)} · ${f(`dz${l}[${k}]`)}`);
        }
        case "db":
          return line(`dz${l}[${k}]`);
        default: {
          if (name === "da2") return line(`${f(`a2[${k}]`)} − ${n(`Y[${k}]`)}`);
          const names = PAIR.map((m) => `dz2[${m}] · W2[${k}, ${m}]`);
          const products = PAIR.map((m) => `${f(`dz2[${m}]`)} · ${f(`W2[${k}, ${m}]`)}`);
          return line(`${names.join(" + ")} = ${products.join(" + ")}`);
        }
      }
    });
  }

  function sentence(step, v) {
    if (step === 0)
      return say(
        "Before the first step: the two inputs X, the weights, the biases and the two targets Y. Press Next to go forward, one operation at a time.",
      );
    const [name, operation, words] = steps[step - 1];
    const values = { step, steps: steps.length, operation, words: say(words) };
    const first =
      step <= ORDER.indexOf("L") + 1
        ? say("Step {step} of {steps}, forward: {operation}. {words}", values)
        : say("Step {step} of {steps}, back: {operation}. {words}", values);
    return [first, ...writtenOut(name, v)].join("\n");
  }

  // The picture: as the notebook's, with less room between the boxes, so that its words can be read on a page's column

  const [WIDTH, HEIGHT, HALF_WIDTH, HALF_HEIGHT, MARGIN] = [706, 490, 37, 27, 2];
  const COLUMNS = { X: 38, z1: 146, a1: 284, z2: 427, a2: 567, L: 667 };
  const ROWS = [166, 324];
  const APART = 96; // of a weight from the next
  const places = new Map();
  for (const k of PAIR) {
    for (const [name, x] of Object.entries(COLUMNS)) if (name !== "L") places.set(`${name}[${k}]`, [x, ROWS[k]]);
    // what leads to neuron 0 stands above it, what leads to neuron 1 below it
    const y = [MARGIN + HALF_HEIGHT, HEIGHT - MARGIN - HALF_HEIGHT][k];
    for (const [l] of LAYERS)
      [`W${l}[0, ${k}]`, `W${l}[1, ${k}]`, `b${l}[${k}]`].forEach((name, i) => {
        places.set(name, [COLUMNS[`z${l}`] + (i - 1) * APART, y]);
      });
    places.set(`Y[${k}]`, [COLUMNS.L, [84, 406][k]]);
  }
  places.set("L", [COLUMNS.L, (ROWS[0] + ROWS[1]) / 2]);

  // Each arrow: from, to, the steps that go along it forward and back, and the local derivative as lines of text.
  const links = [];
  const equals = (name) => (v) => [`· ${name}`, `= ${number(v[name])}`];
  for (const k of PAIR) {
    for (const [l, before] of LAYERS) {
      const [z, a] = [`z${l}[${k}]`, `a${l}[${k}]`];
      for (const j of PAIR) {
        const [x, w] = [`${before}[${j}]`, `W${l}[${j}, ${k}]`];
        links.push([x, z, `z${l}`, l === 2 ? "da1" : null, equals(w)]); // nothing needs the slope for X
        links.push([w, z, `z${l}`, `dW${l}`, equals(x)]);
      }
      links.push([`b${l}[${k}]`, z, `z${l}`, `db${l}`, () => ["· 1"]]);
      links.push([z, a, `a${l}`, `dz${l}`, (v) => ["· a (1 − a)", `= ${number(v[a] * (1 - v[a]))}`]]);
    }
    links.push([`a2[${k}]`, "L", "L", "da2", (v) => ["· (a2 − Y)", `= ${number(v[`da2[${k}]`])}`]]);
    links.push([`Y[${k}]`, "L", "L", null, null]);
  }

  // Where an arrow leaves its box and meets the other, and how far the ways forward and back stand aside.
  function ends(start, end) {
    const [[x0, y0], [x1, y1]] = [places.get(start), places.get(end)];
    const side = Math.sign;
    if ("WbY".includes(start[0])) {
      const down = HALF_HEIGHT * side(y1 - y0);
      return [
        [x0, y0 + down],
        [x1 + 28 * side(x0 - x1), y1 - down],
        [4, 0],
      ];
    }
    const meet = 13 * side(y1 - y0);
    return [
      [x0 + HALF_WIDTH, y0 + meet],
      [x1 - HALF_WIDTH, y1 - meet],
      [0, -4],
    ];
  }

  function arrow(parent, [x0, y0], [x1, y1], colour, bold, dash) {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [u, w] = [(x1 - x0) / length, (y1 - y0) / length];
    const size = bold ? 9 : 7;
    const [x, y] = [x1 - size * u, y1 - size * w];
    drawn("path", parent, {
      d: `M${x0} ${y0}L${x} ${y}`,
      stroke: colour,
      "stroke-width": bold ? 2.6 : 1.3,
      "stroke-dasharray": dash,
    });
    const wide = 0.45 * size;
    drawn("path", parent, {
      d: `M${x1} ${y1}L${x - wide * w} ${y + wide * u}L${x + wide * w} ${y - wide * u}z`,
      fill: colour,
    });
  }

  // The local derivative beside the way back: centred, or hanging from, or standing on, the middle of its place.
  function beside(parent, lines, { at: [x, y], anchor, hang = 0 }, bold) {
    const classes = `nnlib-live-local${bold ? " nnlib-live-now" : ""}`;
    const label = drawn("text", parent, { class: classes, "text-anchor": anchor });
    const first = y + 4 + (13 * (hang - 1) * (lines.length - 1)) / 2;
    lines.forEach((line, i) => {
      drawn("tspan", label, { x, y: first + 13 * i }, line);
    });
  }

  function labelPlace(start, [x0, y0], [x1, y1]) {
    const along = (share, dx = 0, dy = 0) => [x0 + share * (x1 - x0) + dx, y0 + share * (y1 - y0) + dy];
    if ("Wb".includes(start[0])) {
      const hang = x0 < x1 - 5 ? Math.sign(y1 - y0) : 0; // the arrow leans towards its label
      return { at: along(x0 === x1 ? 0.2 : 0.36, -7), anchor: "end", hang };
    }
    if (y0 === y1) return { at: along(0.5, 0, start === "a1[0]" ? -27 : 18), anchor: "middle" }; // not where two cross
    return { at: [x0 + 4, y0 + 34 * Math.sign(y1 - y0)], anchor: "end" }; // beside the arrow's head, where no other runs
  }

  function box(parent, name, [x, y], v, known, now) {
    const array = name.split("[")[0];
    const derivative = `d${array}`;
    const given = array in start;
    const state = derivative === now ? "back" : array === now ? "forward" : "still";
    drawn("rect", parent, {
      x: x - HALF_WIDTH,
      y: y - HALF_HEIGHT,
      width: 2 * HALF_WIDTH,
      height: 2 * HALF_HEIGHT,
      rx: 4,
      class: `nnlib-live-box nnlib-live-${given ? "given" : "found"} nnlib-live-${state}`,
    });
    const lines = [[name, "nnlib-live-name", false]];
    if (given || known.has(array)) lines.push([number(v[name]), "nnlib-live-value", array === now]);
    if (known.has(derivative)) lines.push([`d = ${number(v[`d${name}`])}`, "nnlib-live-slope", derivative === now]);
    else if (name === "L" && known.has("da2")) lines.push(["∂L/∂L = 1", "nnlib-live-slope", false]);
    lines.forEach(([text, kind, bold], i) => {
      const size = Math.min(kind === "nnlib-live-value" ? 13 : 11, (bold ? 103 : 111) / text.length);
      const classes = `${kind}${bold ? " nnlib-live-now" : ""}`;
      drawn(
        "text",
        parent,
        { x, y: y + [-12, 4, 20][i], "text-anchor": "middle", class: classes, "font-size": size },
        text,
      );
    });
  }

  function draw({ step, ...numbers }) {
    const v = bothWays(numbers);
    const known = new Set(ORDER.slice(0, step));
    const now = ORDER[step - 1];
    const picture = svg(WIDTH, HEIGHT);
    const labels = drawn("g", null);
    for (const [from, to, forth, back, local] of links) {
      const [p, q, [dx, dy]] = ends(from, to);
      const aside = ([x, y], way) => [x + way * dx, y + way * dy];
      const [p1, q1, p2, q2] = [aside(p, 1), aside(q, 1), aside(p, -1), aside(q, -1)];
      const colour = known.has(forth) ? COLOURS.ink : "var(--nnlib-pale)";
      arrow(picture, p1, q1, colour, forth === now, "none");
      if (!known.has(back)) continue;
      arrow(picture, q2, p2, COLOURS.orange, back === now, "5 3");
      beside(labels, local(v), labelPlace(from, p2, q2), back === now);
    }
    picture.append(labels);
    for (const [name, place] of places) box(picture, name, place, v, known, now);
    return [picture, sentence(step, v)];
  }

  // On the page

  // The middle of what a step is about, to be seen where there is no room for the whole picture.
  function middle(now) {
    const active = links.filter(([, , forth, back]) => forth === now || back === now);
    const xs = active.flatMap(([from, to]) => [places.get(from)[0], places.get(to)[0]]);
    return xs.length ? (Math.min(...xs) + Math.max(...xs)) / 2 : 0;
  }

  const EDGE = 28; // pixels at the side of the page in which the graph fades where it goes on

  class Steps extends Play {
    start() {
      this.wider = html("p", null, { class: "nnlib-live-note", hidden: "" });
      this.wider.textContent = say(
        "The graph is wider than this page. Swipe it, or scroll it sideways, to see the rest.",
      );
      this.picture.addEventListener("scroll", () => this.fade());
      super.start();
      this.picture.after(this.wider);
      return this;
    }

    // The graph fades at each side where it goes on.
    fade() {
      const { scrollLeft: left, clientWidth, scrollWidth } = this.picture;
      const right = left + clientWidth;
      const stops = [
        `transparent ${left}px`,
        `#000 ${left + Math.min(EDGE, left)}px`,
        `#000 ${right - Math.min(EDGE, scrollWidth - right)}px`,
        `transparent ${right}px`,
      ];
      this.picture.firstChild.style.maskImage = scrollWidth > clientWidth ? `linear-gradient(90deg, ${stops})` : "none";
    }

    rows() {
      const { step } = this.controls;
      const buttons = html("div", null, { class: "nnlib-live-buttons" });
      const go = (to) => {
        step.value = Math.min(Math.max(to, 0), steps.length);
        step.onchange();
      };
      buttons.append(
        button(say("First"), () => go(0)),
        button(say("Back"), () => go(step.value - 1)),
        button(say("Next"), () => go(step.value + 1)),
        button(say("Last"), () => go(steps.length)),
      );
      return [buttons, step.node];
    }

    below() {
      const groups = [
        ["X", "Y"],
        ["W1", "b1"],
        ["W2", "b2"],
      ].map((arrays) => {
        const group = html("div", null, { class: "nnlib-live-numbers" });
        for (const [name, control] of Object.entries(this.controls))
          if (arrays.includes(name.split("[")[0])) group.append(control.node);
        return group;
      });
      return [...groups, this.refusal];
    }

    paint() {
      super.paint();
      const { clientWidth, scrollWidth } = this.picture;
      this.picture.scrollTo({ left: middle(ORDER[this.controls.step.value - 1]) - clientWidth / 2 });
      this.wider.hidden = scrollWidth <= clientWidth;
      if (this.wider.hidden) this.picture.removeAttribute("tabindex");
      else this.picture.tabIndex = 0; // the keyboard scrolls what it can reach
      this.fade();
    }
  }

  const fields = Object.entries(start).flatMap(([array, values]) => {
    const [min, max] = limits[array];
    return entries(array, values).map(([name, value]) => [name, field(name, { value, min, max, step: 0.1 })]);
  });
  const step = slider(say("step"), { value: 0, min: 0, max: steps.length, step: 1 });
  return new Steps(element, draw, { step, ...Object.fromEntries(fields) });

  // Each entry of an array: its name, W1[0, 1], and its value.
  function entries(name, values) {
    if (!Array.isArray(values[0])) return values.map((value, k) => [`${name}[${k}]`, value]);
    return values.flatMap((row, j) => row.map((value, k) => [`${name}[${j}, ${k}]`, value]));
  }
};
