// One hidden neuron at work on one image: nnlib/play/one_digit.py on a page, for the first images of the notebook.

(() => {
  const NAMES = { sigmoid: "σ", tanh: "tanh", relu: "ReLU" };
  const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
  const ACTIVATIONS = { sigmoid, tanh: Math.tanh, relu: (z) => Math.max(z, 0) };
  const ABOVE = "light-dark(#c86d0e, #e08214)"; // orange and purple, as the weights have them
  const BELOW = "light-dark(#542788, #9a8fd0)";

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // Numbers of 16 bits, as their bits.
  function halves(bits) {
    return Float32Array.from(bits, (half) => {
      const [exponent, fraction] = [(half >> 10) & 31, (half & 1023) / 1024];
      const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
      return half >> 15 ? -size : size;
    });
  }

  // What the neuron makes of the image, and the network's answer, in float64 as in Python.
  class Network {
    constructor({ sizes, activation, output, weights, biases }) {
      const { unpacked } = nnlibLive;
      Object.assign(this, { sizes, activation, output, params: {} });
      for (const [name, W] of Object.entries(weights)) this.params[name] = halves(unpacked(W, Uint16Array));
      for (const [name, b] of Object.entries(biases)) this.params[name] = unpacked(b, Float32Array);
    }

    // Of a neuron of layer 1.
    weights(neuron) {
      const hidden = this.sizes[1];
      return Array.from({ length: this.sizes[0] }, (_, j) => this.params.W1[j * hidden + neuron]);
    }

    // z of layer l, for the activations a before it.
    weightedInputs(a, l) {
      const [W, b] = [this.params[`W${l}`], this.params[`b${l}`]];
      return Array.from(b, (bias, k) => sum(a.map((value, j) => value * W[j * b.length + k])) + bias);
    }

    answer(x) {
      const f = ACTIVATIONS[this.activation];
      let a = x;
      for (let l = 1; l < this.sizes.length - 1; l++) a = this.weightedInputs(a, l).map(f);
      const z = this.weightedInputs(a, this.sizes.length - 1);
      return this.output === "softmax" ? softmax(z) : z.map(sigmoid);
    }
  }

  function softmax(z) {
    const largest = Math.max(...z);
    const e = z.map((value) => Math.exp(value - largest));
    return e.map((value) => value / sum(e));
  }

  // All numbers of one state.
  function work(net, x, label, image, neuron) {
    const w = net.weights(neuron);
    const products = x.map((value, j) => value * w[j]);
    const above = sum(products.filter((product) => product > 0));
    const below = sum(products.filter((product) => product < 0));
    const b1 = net.params.b1[neuron];
    const z1 = sum(products) + b1;
    const a1 = ACTIVATIONS[net.activation](z1);
    const answer = net.answer(x);
    const read = answer.indexOf(Math.max(...answer));
    return {
      image,
      neuron,
      x,
      label,
      w,
      products,
      above,
      below,
      b1,
      z1,
      a1,
      answer,
      read,
      name: NAMES[net.activation],
    };
  }

  // What the picture shows, in words.
  function sentence({ image, neuron, label, above, below, b1, z1, a1, answer, read, name }) {
    const { aDigit, fixed, signed, say, together } = nnlibLive;
    const three = (x) => fixed(x, 3);
    return together(
      say("Image {image} is {digit}.", { image, digit: aDigit(label) }),
      say("Neuron {neuron} of layer 1 multiplies each pixel by its weight.", { neuron }),
      say("The products above 0 add up to {above}, those below 0 to {below}, and b1 is {b1}.", {
        above: three(above),
        below: three(below),
        b1: three(b1),
      }),
      say("Together: z1 = {z1}, and a1 = {a1}.", {
        z1: `${three(above)} − ${three(Math.abs(below))} ${signed(b1, 3, " ")} = ${three(z1)}`,
        a1: `${name}(z1) = ${three(a1)}`,
      }),
      say("The whole network reads it as {read}: output {read} is the largest, {largest}.", {
        read,
        largest: three(answer[read]),
      }),
    );
  }

  // x, w and x · w as images; the last two in the same colours, white for 0.
  function drawImages(picture, boxes, { x, w, products }, limit) {
    const { drawn, grey, purpleToOrange, say, squares } = nnlibLive;
    const shade = (value) => purpleToOrange(0.5 + (0.5 * value) / limit);
    const shown = [
      [say("image x"), (i) => grey(x[i])],
      [say("weights w"), (i) => shade(w[i])],
      [boxes[0].width < 120 ? "x · w" : say("products x · w"), (i) => shade(products[i])],
    ];
    shown.forEach(([title, colour], i) => {
      const box = boxes[i];
      picture.paint(box, squares(28, 28, colour));
      const middle = { "text-anchor": "middle", x: box.left + box.width / 2 };
      drawn("text", picture.svg, { ...middle, y: box.top - 9, class: "nnlib-live-title" }, title);
      const between = { ...middle, x: box.left - (box.left - boxes[0].left - i * box.width) / i / 2 };
      if (i)
        drawn("text", picture.svg, { ...between, y: box.top + box.width / 2 + 8, class: "nnlib-live-sign" }, " ·="[i]);
    });
  }

  // From purple to orange, with its numbers.
  function drawColours(picture, { left, top, width, height }, limit) {
    const { drawn, general, purpleToOrange, squares, COLOURS } = nnlibLive;
    picture.paint(
      { left, top, width, height },
      squares(1, 100, (i) => purpleToOrange(1 - i / 99)),
    );
    for (const [share, value] of [
      [0.04, -limit],
      [0.5, 0],
      [0.96, limit],
    ]) {
      const y = top + height * (1 - share);
      drawn("path", picture.svg, { d: `M${left + width} ${y}h4`, stroke: COLOURS.grey });
      const text = general(value, 2).replace("-", "−");
      drawn("text", picture.svg, { x: left + width + 8, y: y + 4, class: "nnlib-live-tick" }, text);
    }
  }

  // The sum as steps: up by the products above 0, down by those below, then the bias; where it ends is z1.
  function drawSum(svg, box, { above, below, b1, z1 }) {
    const { axes, drawn, signed, say, COLOURS } = nnlibLive;
    const parts = [
      [say("above 0"), 0, above],
      [say("below 0"), above, below],
      ["b1", above + below, b1],
      ["z1", 0, z1],
    ];
    const ends = parts.flatMap(([, start, length]) => [start, start + length]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const room = 0.05 * (high - low || 1);
    const plot = axes(svg, box, {
      x: { min: low - room, max: high + room },
      y: {
        min: -0.6,
        max: 3.6,
        ticks: parts.map(([label, , length], row) => [3 - row, `${label}   ${signed(length, 3)}`]),
      },
      title: say("the sum: z1"),
    });
    parts.forEach(([, start, length], row) => {
      const [x0, x1] = [plot.x(start), plot.x(start + length)];
      const bar = { x: Math.min(x0, x1), width: Math.abs(x1 - x0), y: plot.y(3.3 - row) };
      drawn("rect", svg, { ...bar, height: plot.y(2.7) - plot.y(3.3), fill: length >= 0 ? ABOVE : BELOW });
    });
    const upright = (x, dash) =>
      plot.line(
        [
          [x, -0.6],
          [x, 3.6],
        ],
        { stroke: COLOURS.ink, "stroke-width": 1.2, "stroke-dasharray": dash },
      );
    upright(0, "none");
    upright(z1, "1.5 3");
  }

  // The activation, with the point (z1, a1).
  function drawCurve(svg, box, { z1, a1, name }, activation) {
    const { axes, fixed, COLOURS } = nnlibLive;
    const f = ACTIVATIONS[activation];
    const reach = Math.max(5, 1.15 * Math.abs(z1));
    const points = Array.from({ length: 201 }, (_, i) => reach * (i / 100 - 1)).map((z) => [z, f(z)]);
    const [low, high] = [points[0][1], points.at(-1)[1]];
    const room = 0.05 * (high - low);
    const plot = axes(svg, box, {
      x: { min: -1.1 * reach, max: 1.1 * reach, label: "z1" },
      y: { min: low - room, max: high + room },
      title: `a1 = ${name}(z1) = ${fixed(a1, 3)}`,
    });
    plot.line(points, { stroke: COLOURS.grey });
    const down = [
      [z1, 0],
      [z1, a1],
    ];
    plot.line(down, { stroke: COLOURS.ink, "stroke-width": 1.2, "stroke-dasharray": "1.5 3" });
    plot.marker(z1, a1, "o", 11, { fill: COLOURS.paper, "stroke-width": 2.5 });
  }

  // The network's outputs as bars; the largest is the answer.
  function drawOutputs(svg, box, { answer, label, read }) {
    const { aDigit, axes, drawn, say, COLOURS } = nnlibLive;
    const plot = axes(svg, box, {
      x: { min: -0.9, max: answer.length - 0.1, ticks: [...answer.keys()], label: say("output") },
      y: { min: 0, max: 1, ticks: [0, 0.5, 1] },
      title: say("it is {digit}, read as {read}", { digit: aDigit(label), read }),
    });
    answer.forEach((output, k) => {
      const fill = k !== read ? COLOURS.sky : read === label ? COLOURS.blue : COLOURS.orange;
      const bar = { x: plot.x(k - 0.4), width: plot.x(0.8) - plot.x(0), y: plot.y(output) };
      drawn("rect", svg, { ...bar, height: plot.y(0) - bar.y, fill });
    });
  }

  // Three and three beside each other where there is room; else the panels below each other.
  function boxes(width) {
    const [top, below, labels] = [30, 46, 118];
    const narrow = width < 600;
    const [gap, bar] = narrow ? [22, 0] : [34, 70];
    const left = narrow ? 0 : labels - 60;
    const side = (width - left - bar - 2 * gap) / 3;
    const images = [0, 1, 2].map((i) => ({ left: left + i * (side + gap), top, width: side, height: side }));
    const colours = narrow ? null : { left: width - bar + 12, top, width: 10, height: side };
    const second = top + side + 24 + top;
    if (narrow) {
      const panels = [labels, 42, 42].map((from, i) => ({
        left: from,
        top: second + i * (130 + below + top),
        width: width - from - 12,
        height: 130,
      }));
      return { images, colours, panels, height: panels[2].top + 130 + below };
    }
    const room = (width - labels - 2 * 46 - 8) / 3;
    const panels = [0, 1, 2].map((i) => ({ left: labels + i * (room + 46), top: second, width: room, height: 170 }));
    return { images, colours, panels, height: second + 170 + below };
  }

  const spread = (values) => {
    const mean = sum(values) / values.length;
    return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  };

  // It says how it differs from the notebook's.
  class ForwardPass extends nnlibLive.Play {
    below() {
      return [nnlibLive.html("p", null, { class: "nnlib-live-note" }, this.fewer)];
    }
  }

  nnlibLive.things.forward_pass = (element, data) => {
    const { field, slider, layers, unpacked, say } = nnlibLive;
    const net = new Network(data);
    const pixels = unpacked(data.pixels, Uint8Array);
    const limit = 4 * spread(Array.from(net.params.W1)); // the same colours for every neuron
    const count = data.labels.length;

    function draw({ image, neuron }, width) {
      const x = Array.from(pixels.subarray(784 * image, 784 * (image + 1)), (pixel) => Math.fround(pixel / 255));
      const found = work(net, x, data.labels[image], image, neuron);
      const { images, colours, panels, height } = boxes(width);
      const picture = layers(width, height);
      drawImages(picture, images, found, limit);
      if (colours) drawColours(picture, colours, limit);
      drawSum(picture.svg, panels[0], found);
      drawCurve(picture.svg, panels[1], found, net.activation);
      drawOutputs(picture.svg, panels[2], found);
      return [picture.node, sentence(found)];
    }

    const controls = {
      image: field(say("image"), { value: 0, min: 0, max: count - 1, step: 1 }),
      neuron: slider(say("neuron"), { value: 0, min: 0, max: net.sizes[1] - 1, step: 1 }),
    };
    const play = new ForwardPass(element, draw, controls, { width: 704 });
    play.fewer = say("On this page there are the first {count} of the notebook's {all:,} images.", {
      count,
      all: data.in_notebook,
    });
    return play;
  };
})();
