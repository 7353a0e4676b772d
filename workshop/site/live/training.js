// Training while you watch, with its knobs: nnlib/play/live_training.py on a page, with fewer images.

(() => {
  const FRAME = 5; // steps from one picture to the next
  const NEURONS = 12;
  const COLUMNS = 4;
  const RUNS = "ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"; // two white pixels in a row, three, …, 47
  const POINTS = 1000; // of a curve: they fill the panel

  const largest = (values, first) => values.reduce((a, b) => Math.max(a, b), first);

  // What workshop/site/live/training.py wrote: X (n, 784) and y (n,).
  function images({ pixels, labels }, shades) {
    const X = new Float32Array(784 * labels.length);
    let place = 0;
    for (const letter of pixels) {
      const run = RUNS.indexOf(letter);
      if (run < 0) X[place] = Number.parseInt(letter, 16) / (shades - 1);
      place += run < 0 ? 1 : run + 2;
    }
    return { X, y: Array.from(labels, Number) };
  }

  // One training, from its first step on, with what was measured.
  class Run {
    constructor(data) {
      const { unpacked } = nnlibLive;
      this.images = images(data.images, data.shades);
      this.measured = images(data.measured, data.shades);
      this.first = { W1: unpacked(data.weights.W1, Float32Array), W2: unpacked(data.weights.W2, Float32Array) };
      const orders = unpacked(data.orders, Uint16Array);
      const n = this.images.y.length;
      this.orders = Array.from({ length: orders.length / n }, (_, i) => orders.subarray(i * n, (i + 1) * n));
    }

    // Back to the same first weights.
    restart() {
      const { Learner, Network } = nnlibLive;
      const hidden = this.first.W1.length / 784;
      const params = { W1: this.first.W1, b1: new Float32Array(hidden), W2: this.first.W2, b2: new Float32Array(10) };
      const net = new Network([784, hidden, 10], "sigmoid", "sigmoid", params);
      this.learner = new Learner(net, this.images.X, this.images.y, this.orders);
      this.accuracies = new Map(); // by step
    }

    // The share of the validation images that is read right after the last step. It is measured once, and kept.
    measure() {
      const steps = this.learner.losses.length;
      if (!this.accuracies.has(steps)) {
        const { X, y } = this.measured;
        const right = this.learner.net.predict(X).filter((answer, i) => answer === y[i]).length;
        this.accuracies.set(steps, right / y.length);
      }
      return this.accuracies.get(steps);
    }

    step({ lr, batch_size }) {
      this.learner.step(lr, batch_size);
    }

    // What the picture shows, in words.
    sentence({ lr, batch_size }) {
      const { percent, say, together } = nnlibLive;
      const { losses, epochs, loss, dead } = this.learner;
      const values = {
        steps: losses.length,
        epochs,
        loss,
        share: percent(this.measure()),
        count: this.measured.y.length,
      };
      const text = losses.length
        ? say(
            "Step {steps:,}, {epochs:.2f} epochs: the loss is {loss:.3f}, and {share} of {count:,} validation images are read right.",
            values,
          )
        : say("Before the first step {share} of {count:,} validation images are read right.", values);
      const knobs = say("The learning rate is {lr:.3g}, the batch size {batch_size}.", { lr, batch_size });
      return together(text, knobs, dead ? this.dead() : "");
    }

    // That the network learns nothing any more, and what to do.
    dead() {
      const { say, ROUGH } = nnlibLive;
      return say(
        "The network is as good as dead: in {steps} steps no gradient was above {largest:.1g}, so the steps change next to nothing. Begin again with a smaller learning rate.",
        { steps: ROUGH, largest: this.learner.lastGradient },
      );
    }
  }

  // Of very many points some, and always the last.
  function few(points) {
    const every = 1 + Math.floor(points.length / POINTS);
    return points.filter((_, i) => (points.length - 1 - i) % every === 0);
  }

  // The mean of each 50 steps in a row, at the last of them: [step, mean].
  function means(losses) {
    const { ROUGH } = nnlibLive;
    let sum = 0;
    const found = [];
    losses.forEach((loss, i) => {
      sum += loss - (i < ROUGH ? 0 : losses[i - ROUGH]);
      if (i >= ROUGH - 1) found.push([i + 1, sum / ROUGH]);
    });
    return found;
  }

  // The loss of each step, thin, its mean, and dotted lines where a knob was turned.
  function drawLosses(svg, box, { losses, changed }) {
    const { axes, say, COLOURS, ROUGH } = nnlibLive;
    const top = 1.1 * (losses.length ? largest(losses, 0) : 1.2);
    const plot = axes(svg, box, {
      x: { min: 0, max: Math.max(100, losses.length), label: say("step") },
      y: { min: 0, max: top },
      title: say("Loss"),
    });
    plot.line(few(losses.map((loss, i) => [i + 1, loss])), { stroke: COLOURS.sky, "stroke-width": 1 });
    plot.line(few(means(losses)));
    for (const step of changed) {
      const line = [0, top].map((y) => [step + 0.5, y]);
      plot.line(line, { stroke: COLOURS.grey, "stroke-width": 1.2, "stroke-dasharray": "1.5 3" });
    }
    if (losses.length)
      plot.legend([
        { text: say("each step"), colour: COLOURS.sky },
        { text: say("mean of {count}", { count: ROUGH }), colour: COLOURS.blue },
      ]);
  }

  // The accuracy on the validation images, wherever it was measured.
  function drawAccuracies(svg, box, accuracies) {
    const { axes, say, COLOURS } = nnlibLive;
    const points = few([...accuracies].map(([step, share]) => [step, 100 * share]));
    const plot = axes(svg, box, {
      x: { min: 0, max: Math.max(100, points.at(-1)[0]), label: say("step") },
      y: { min: 0, max: 100, ticks: [0, 25, 50, 75, 100] },
      title: say("Validation accuracy in %"),
    });
    plot.line(points, { stroke: COLOURS.orange });
    if (points.length < 20)
      for (const [step, share] of points)
        plot.marker(step, share, "o", 5, { fill: COLOURS.orange, stroke: COLOURS.orange });
  }

  // The weights of the first hidden neurons, each as an image of its 784 inputs.
  function drawWeights(picture, { left, top, width }, W1) {
    const { drawn, purpleToOrange, squares, say } = nnlibLive;
    const hidden = W1.length / 784;
    const shown = Math.min(NEURONS, hidden);
    let limit = 0;
    for (let i = 0; i < W1.length; i++) if (i % hidden < shown) limit = Math.max(limit, Math.abs(W1[i]));
    const side = width / COLUMNS;
    for (let k = 0; k < shown; k++) {
      const place = { left: left + side * (k % COLUMNS), top: top + side * Math.floor(k / COLUMNS) };
      const image = squares(28, 28, (i) => purpleToOrange(0.5 + (0.5 * W1[i * hidden + k]) / limit));
      picture.paint({ ...place, width: side - 4, height: side - 4 }, image);
    }
    const title =
      width < 280
        ? say("Weights, −{limit:.1f} to {limit:.1f}", { limit })
        : say("Weights of {count} neurons, −{limit:.1f} to {limit:.1f}", { count: shown, limit });
    drawn("text", picture.svg, { x: left, y: top - 9, class: "nnlib-live-title" }, title);
  }

  // Three panels beside each other where there is room; else the weights below the two others.
  function boxes(width) {
    const [left, right, top, below] = [38, 16, 30, 46];
    if (width < 620) {
      const panel = { top, width: width - left - right, height: 130 };
      const next = top + panel.height + below;
      const weights = 2 * next + top;
      const side = Math.min(width - 8, 340);
      return {
        height: weights + (side * 3) / COLUMNS,
        losses: { ...panel, left },
        accuracies: { ...panel, left, top: next + top },
        weights: { left: 4, top: weights, width: side },
      };
    }
    const side = Math.round(0.345 * width);
    const panel = { top, width: (width - side - 2 * (left + right) - 8) / 2, height: (side * 3) / COLUMNS };
    return {
      height: top + panel.height + below,
      losses: { ...panel, left },
      accuracies: { ...panel, left: 2 * left + right + panel.width },
      weights: { left: width - side, top, width: side },
    };
  }

  // It says how it differs from the notebook's.
  class Training extends nnlibLive.Live {
    constructor(element, live, controls, fewer) {
      super(element, live, controls, { width: 704 });
      this.fewer = fewer;
    }

    below() {
      return [nnlibLive.html("p", null, { class: "nnlib-live-note" }, this.fewer)];
    }
  }

  function fewer(run, { shades, in_notebook: there }) {
    return nnlibLive.say(
      "On this page it trains on {images:,} images with {shades} shades of grey and is measured on {measured:,} others; in the notebook these are {more:,} and {most:,}.",
      {
        images: run.images.y.length,
        shades,
        measured: run.measured.y.length,
        more: there.images,
        most: there.measured,
      },
    );
  }

  nnlibLive.things.training = (element, data) => {
    const { choice, slider, general, layers, say } = nnlibLive;
    const run = new Run(data);
    run.restart();

    function draw(values, width) {
      const { height, losses, accuracies, weights } = boxes(width);
      const picture = layers(width, height);
      run.measure();
      drawLosses(picture.svg, losses, run.learner);
      drawAccuracies(picture.svg, accuracies, run.accuracies);
      drawWeights(picture, weights, run.learner.net.params.W1);
      return [picture.node, run.sentence(values)];
    }

    const live = {
      draw,
      step: (values) => run.step(values),
      restart: () => run.restart(),
      epoch: () => run.learner.epochs,
      every: FRAME,
    };
    const controls = {
      lr: slider("lr", { value: 0.5, values: data.rates, read: (lr) => general(lr, 3) }),
      batch_size: choice(say("batch size"), [1, 10, 50, 200, 1000], 50),
    };
    const play = new Training(element, live, controls, fewer(run, data));
    play.training = run;
    return play;
  };
})();
