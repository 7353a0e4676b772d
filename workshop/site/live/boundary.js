// A boundary that moves while a small network learns where it must run: nnlib/play/moving_boundary.py on a page.

(() => {
  const SIDE = 61; // points of the plane where the network answers, from −1.5 to 1.5 in both directions
  const REACH = 1.5;
  const BATCH = 20;
  const FRAME = 5; // steps from one picture to the next: half an epoch

  const place = (i) => -REACH + (2 * REACH * i) / (SIDE - 1);
  const GRID = Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) =>
    place(i % 2 ? Math.floor(i / 2 / SIDE) : Math.floor(i / 2) % SIDE),
  );

  // The start of nnlib.Network, from the numbers that NumPy drew: the same ones for each network, as many as it needs.
  function newNetwork(hidden, activation, drawn) {
    const scaled = (first, units) => {
      const std = Math.sqrt((activation === "relu" ? 2 : 1) / units);
      return drawn.subarray(first, first + 2 * hidden).map((value) => std * value);
    };
    const params = { W1: scaled(0, 2), b1: new Float32Array(hidden), W2: scaled(2 * hidden, hidden), b2: [0, 0] };
    return new nnlibLive.Network([2, hidden, 2], activation, "softmax", params);
  }

  // Where values on a grid of SIDE × SIDE cross a level: pieces of lines, in steps of the grid.
  function contour(values, level) {
    const pieces = [];
    if (values.some(Number.isNaN)) return pieces;
    for (let cell = 0; cell < (SIDE - 1) * SIDE; cell++) {
      if ((cell + 1) % SIDE === 0) continue;
      const corners = [cell, cell + 1, cell + 1 + SIDE, cell + SIDE];
      const crossings = [];
      corners.forEach((from, k) => {
        const to = corners[(k + 1) % 4];
        if (values[from] < level !== values[to] < level) crossings.push(crossing(values, from, to, level));
      });
      for (let k = 0; k < crossings.length; k += 2) pieces.push(crossings.slice(k, k + 2));
    }
    return pieces;
  }

  function crossing(values, from, to, level) {
    const share = (level - values[from]) / (values[to] - values[from]);
    const along = (a, b) => a + share * (b - a);
    return [along(from % SIDE, to % SIDE), along(Math.floor(from / SIDE), Math.floor(to / SIDE))];
  }

  // One training on one of the data sets.
  class Run {
    constructor(data) {
      const { unpacked } = nnlibLive;
      this.drawn = unpacked(data.weights, Float64Array);
      this.epoch = data.epoch;
      this.points = Object.fromEntries(
        Object.entries(data.points).map(([name, { X, y }]) => [
          name,
          { X: unpacked(X, Float32Array), y: unpacked(y, Uint8Array) },
        ]),
      );
      const orders = unpacked(data.orders, Uint8Array);
      const n = this.epoch * BATCH;
      this.orders = Array.from({ length: orders.length / n }, (_, i) => orders.subarray(i * n, (i + 1) * n));
    }

    // New first weights, the same for the same choice.
    restart({ data, hidden, activation }) {
      const { X, y } = this.points[data];
      this.learner = new nnlibLive.Learner(newNetwork(hidden, activation, this.drawn), X, y, this.orders);
    }

    step({ lr }) {
      this.learner.step(lr, BATCH);
    }

    // The mean loss of each whole epoch.
    means() {
      const { losses } = this.learner;
      return Array.from({ length: Math.floor(losses.length / this.epoch) }, (_, i) =>
        nnlibLive.mean(losses.slice(i * this.epoch, (i + 1) * this.epoch)),
      );
    }

    // The outputs at each point of the plane.
    outputs() {
      return this.learner.net.outputs(GRID);
    }

    // How much was learned: 3 steps, 1 epoch, 2.5 epochs.
    done() {
      const { say } = nnlibLive;
      const { epochs, losses } = this.learner;
      const steps = losses.length;
      if (steps > 0 && steps < this.epoch) return steps === 1 ? say("1 step") : say("{steps} steps", { steps });
      return epochs === 1 ? say("1 epoch") : say("{epochs:g} epochs", { epochs });
    }

    // How many hidden neurons the network has, and of which kind.
    neurons() {
      const { say } = nnlibLive;
      const { sizes, activation: name } = this.learner.net;
      const activation = name === "relu" ? "ReLU" : name;
      if (sizes[1] === 1) return say("1 hidden neuron ({activation})", { activation });
      return say("{count} hidden neurons ({activation})", { count: sizes[1], activation });
    }

    // What the picture shows, in words.
    sentence(lr, outputs = this.outputs()) {
      const { percent, mean, say, together } = nnlibLive;
      const { losses, loss, net, X, y } = this.learner;
      const right = mean(net.predict(X).map((answer, i) => Number(answer === y[i])));
      const values = { done: this.done(), neurons: this.neurons(), loss, share: percent(right), points: y.length };
      const text = losses.length
        ? say("{done} with {neurons}: loss {loss:.3f}, {share} of {points} points on the right side.", values)
        : say("{done} with {neurons}: {share} of {points} points on the right side.", values);
      const ones = outputs.filter((a, i) => i % 2 && a > outputs[i - 1]).length;
      const same = ones === 0 || ones === SIDE * SIDE;
      return together(
        text,
        say("The learning rate is {lr:.3g}.", { lr }),
        same ? say("The network puts every point on the same side: it draws no boundary.") : "",
      );
    }
  }

  // The plane coloured by the answer, the boundary, the points, and each hidden neuron's line z = 0.
  function drawPlane(picture, box, learner, shares) {
    const { axes, drawn, pale, purpleToOrange, say, squares } = nnlibLive;
    const colour = (i) => {
      const share = shares[(SIDE - 1 - Math.floor(i / SIDE)) * SIDE + (i % SIDE)]; // the top row has the largest x2
      return pale(purpleToOrange(0.25 + 0.5 * share), 0.9); // its lighter colours
    };
    picture.paint(box, squares(SIDE, SIDE, colour), { smooth: true, inset: 0.5 });
    const span = { min: -REACH, max: REACH, ticks: [-1, 0, 1] };
    const plane = axes(picture.svg, box, {
      x: { ...span, label: "x1" },
      y: { ...span, label: "x2", labelRoom: 30 },
      title: box.width < 300 ? say("Boundary, and neurons' lines") : say("Boundary, and the hidden neurons' lines"),
      grid: false,
    });
    const { W1, b1 } = learner.net.params;
    b1.forEach((b, k) => {
      const line = nnlibLive.pointsOnLine(W1[k], W1[b1.length + k], b);
      plane.line(line, { stroke: "#555", "stroke-width": 1.2, "stroke-dasharray": "5 3" });
    });
    const at = ([column, row]) => `${plane.x(place(column)).toFixed(1)} ${plane.y(place(row)).toFixed(1)}`;
    const d = contour(shares, 0.5).map(([from, to]) => `M${at(from)}L${at(to)}`);
    drawn("path", picture.svg, { d: d.join(""), stroke: "#000", "stroke-width": 3, "stroke-linecap": "round" });
    drawPoints(plane, learner);
  }

  function drawPoints(plane, { X, y }) {
    const looks = [
      ["o", "#0072b2"],
      ["^", "#d55e00"],
    ]; // on the plane, which is light in a dark theme, too
    y.forEach((label, i) => {
      const [shape, fill] = looks[label];
      plane.marker(X[2 * i], X[2 * i + 1], shape, 6.5, { fill, stroke: "#000", "stroke-width": 0.6 });
    });
  }

  function drawLoss(svg, box, means) {
    const { axes, say } = nnlibLive;
    const plot = axes(svg, box, {
      x: { min: 0, max: Math.max(20, means.length), label: say("epoch") },
      y: { min: 0, max: 1.1 * means.reduce((a, b) => Math.max(a, b), means.length ? 0 : 0.7) },
      title: say("Loss"),
    });
    plot.line(means.map((loss, i) => [i + 1, loss]));
  }

  // Beside each other where there is room.
  function boxes(width) {
    const [left, right, top, below] = [42, 16, 30, 46];
    if (width < 560) {
      const side = width - left - right;
      const second = top + side + below + top;
      return {
        height: second + 130 + below,
        plane: { left, top, width: side, height: side },
        loss: { left, top: second, width: side, height: 130 },
      };
    }
    const side = Math.round((width - 2 * left - right) * 0.57);
    const beside = left + side + left + 6;
    return {
      height: top + side + below,
      plane: { left, top, width: side, height: side },
      loss: { left: beside, top, width: width - beside - right, height: side },
    };
  }

  // Other data and another network begin again; the learning rate changes on the way.
  class Boundary extends nnlibLive.Live {
    show(control) {
      if (!control || control === this.controls.lr) super.show(control);
      else this.beginAgain();
    }
  }

  nnlibLive.things.boundary = (element, data, { activation = "tanh", epochs = 0 }) => {
    const { choice, slider, general, layers, say } = nnlibLive;
    const names = Object.keys(data.points).map((name) => [say(name), name]);
    const controls = {
      data: choice(say("data"), names, "disc in a ring"),
      hidden: slider(say("hidden neurons"), { value: 3, min: 1, max: 12, step: 1 }),
      activation: choice(say("activation"), ["sigmoid", "tanh", ["ReLU", "relu"]], activation),
      lr: slider("lr", { value: 1, values: data.rates, read: (lr) => general(lr, 3) }),
    };
    const run = new Run(data);

    function draw({ lr }, width) {
      const { height, plane, loss } = boxes(width);
      const picture = layers(width, height);
      const outputs = run.outputs();
      drawPlane(
        picture,
        plane,
        run.learner,
        outputs.filter((_, i) => i % 2),
      );
      drawLoss(picture.svg, loss, run.means());
      return [picture.node, run.sentence(lr, outputs)];
    }

    const live = {
      draw,
      step: (values) => run.step(values),
      restart: (values) => run.restart(values),
      epoch: data.epoch,
      every: FRAME,
    };
    const play = new Boundary(element, live, controls);
    run.restart(play.values());
    for (let i = 0; i < epochs * data.epoch; i++) run.step({ lr: 1 });
    play.steps = epochs * data.epoch;
    play.training = run;
    return play;
  };
})();
