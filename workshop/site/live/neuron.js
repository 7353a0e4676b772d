// A neuron with two inputs, and the line that it draws: nnlib/play/neuron_line.py on a page.

(() => {
  const SIDE = 61; // points of the plane in both directions
  const REACH = 3;
  const place = (i) => -REACH + (2 * REACH * i) / (SIDE - 1);
  const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));

  // The weighted input and the output. Exact: products of tenths have two decimals.
  function answer({ x1, x2, w1, w2, b }) {
    const z = Number(nnlibLive.decimals(x1 * w1 + x2 * w2 + b, 2)) || 0; // no −0
    return { z, a: sigmoid(z) };
  }

  // What the picture shows, in words.
  function sentence({ x1, x2, w1, w2, b }, { z, a }) {
    const { factor, fixed, say, together } = nnlibLive;
    const tenths = (value) => factor(value, fixed);
    const products = `${tenths(x1)} · ${tenths(w1)} + ${tenths(x2)} · ${tenths(w2)}`;
    const sum = `${products} + ${tenths(b)} = ${fixed(z, 2)}`;
    const point = { x1: fixed(x1), x2: fixed(x2) };
    return together(say("z = {sum}, so a = σ(z) = {a:.3f}.", { sum, a }), ...aboutTheLine({ w1, w2, b }, z, point));
  }

  // Where the line runs, if there is one, and on which side of it the point is.
  function aboutTheLine({ w1, w2, b }, z, point) {
    const { say } = nnlibLive;
    if (w1 === 0 && w2 === 0)
      return [say("Both weights are 0: the neuron gives the same answer everywhere, and draws no line.")];
    if (Math.abs(b) > REACH * (Math.abs(w1) + Math.abs(w2)) + 1e-9)
      return [
        b > 0
          ? say("The line where z = 0 is outside the picture: a is above ½ everywhere in it.")
          : say("The line where z = 0 is outside the picture: a is below ½ everywhere in it."),
      ];
    const line = say("The line where z = 0 cuts the plane in two, at a right angle to the arrow of the weights.");
    if (z === 0) return [line, say("The point ({x1}, {x2}) is on the line: a is ½.", point)];
    if (z > 0) return [line, say("The point ({x1}, {x2}) is on the side where a is above ½.", point)];
    return [line, say("The point ({x1}, {x2}) is on the side where a is below ½.", point)];
  }

  // The plane of inputs, coloured by the answer, the line, the arrow of the weights and the point. All that lies on the
  // plane is black or white, as the plane is light in a dark theme, too.
  function drawPlane(picture, box, { x1, x2, w1, w2, b }, { z, a }) {
    const { axes, decimals, fixed, pale, pointsOnLine, purpleToOrange, squares } = nnlibLive;
    const colour = (i) => {
      const share = sigmoid(place(i % SIDE) * w1 - place(Math.floor(i / SIDE)) * w2 + b); // the top row has the largest x2
      return pale(purpleToOrange(share), 0.8);
    };
    picture.paint(box, squares(SIDE, SIDE, colour), { smooth: true, inset: 0.5 });
    const span = { min: -REACH, max: REACH, ticks: [-3, -2, -1, 0, 1, 2, 3] };
    const plane = axes(picture.svg, box, {
      x: { ...span, label: "x1" },
      y: { ...span, label: "x2", labelRoom: 28 },
      title: `z = ${fixed(z, 2)}, a = σ(z) = ${decimals(a, 3)}`,
      grid: false,
    });
    if (w1 !== 0 || w2 !== 0) {
      plane.line(pointsOnLine(w1, w2, b), { stroke: "#000" });
      arrow(picture.svg, [plane.x(0), plane.y(0)], [plane.x(w1), plane.y(w2)], "#000");
    }
    plane.marker(x1, x2, "o", 11, { fill: "#fff", stroke: "#000", "stroke-width": 2.5 });
  }

  function arrow(svg, [x0, y0], [x1, y1], colour) {
    const { drawn } = nnlibLive;
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
    const [x, y] = [x1 - 9 * u, y1 - 9 * v]; // where the head begins
    drawn("path", svg, { d: `M${x0} ${y0}L${x} ${y}`, stroke: colour, "stroke-width": 1.5 });
    drawn("path", svg, { d: `M${x1} ${y1}L${x - 5 * v} ${y + 5 * u}L${x + 5 * v} ${y - 5 * u}z`, fill: colour });
  }

  // What is what, in a row above the picture.
  function drawLegend(svg, width) {
    const { drawn, COLOURS } = nnlibLive;
    const left = width < 380 ? 4 : 42; // where the plane begins, if there is room
    const [line, weights, point] = [left, left + 136, left + 244];
    const text = (x, label) => drawn("text", svg, { x: x + 30, y: 18, class: "nnlib-live-tick" }, label);
    drawn("path", svg, { d: `M${line} 14h24`, stroke: COLOURS.ink, "stroke-width": 2 });
    text(line, "z = 0, a = ½");
    arrow(svg, [weights, 14], [weights + 24, 14], COLOURS.ink);
    text(weights, "(w1, w2)");
    const circle = { cx: point + 16, cy: 14, r: 5.5, fill: COLOURS.paper, stroke: COLOURS.ink, "stroke-width": 2.5 };
    drawn("circle", svg, circle);
    text(point, "(x1, x2)");
  }

  // From purple to orange, with its numbers.
  function drawColours(picture, box) {
    const { drawn, pale, purpleToOrange, say, squares } = nnlibLive;
    picture.paint(
      box,
      squares(1, 100, (i) => pale(purpleToOrange(1 - i / 99), 0.8)),
    );
    const { left, top, width, height } = box;
    for (const share of [0, 0.5, 1]) {
      const y = top + height * (1 - share);
      drawn("path", picture.svg, { d: `M${left + width} ${y}h4`, stroke: nnlibLive.COLOURS.grey });
      drawn("text", picture.svg, { x: left + width + 8, y: y + 4, class: "nnlib-live-tick" }, String(share));
    }
    const [x, y] = [left + width + 44, top + height / 2];
    const turned = { x, y, "text-anchor": "middle", transform: `rotate(-90 ${x} ${y})`, class: "nnlib-live-tick" };
    drawn("text", picture.svg, turned, say("a: orange near 1, purple near 0"));
  }

  // A press on the plane puts the point there, and a drag of the mouse takes it along.
  function follow(svg, { left, top, width }, put) {
    svg.style.cursor = "crosshair";
    const move = (event) => {
      if (event.buttons !== 1) return;
      const at = svg.getBoundingClientRect();
      const tenths = (share) => Math.round(10 * (2 * share - 1) * REACH) / 10;
      const [x1, x2] = [(event.clientX - at.left - left) / width, 1 - (event.clientY - at.top - top) / width].map(
        tenths,
      );
      if (Math.max(Math.abs(x1), Math.abs(x2)) <= REACH) put(x1, x2);
    };
    svg.addEventListener("pointerdown", move);
    svg.addEventListener("pointermove", move);
  }

  nnlibLive.things.neuron = (element, { start }) => {
    const { Play, slider, fixed, layers } = nnlibLive;
    const controls = Object.fromEntries(
      Object.entries(start).map(([name, value]) => [
        name,
        slider(name, { value, min: -3, max: 3, step: 0.1, read: fixed }),
      ]),
    );

    function put(x1, x2) {
      controls.x1.value = x1;
      controls.x2.value = x2;
      play.show();
    }

    function draw(values, width) {
      const side = Math.min(width - 122, 420);
      const box = { left: 42, top: 60, width: side, height: side };
      const picture = layers(width, side + 106);
      const found = answer(values);
      drawPlane(picture, box, values, found);
      drawLegend(picture.svg, box.left + side);
      drawColours(picture, { left: box.left + side + 14, top: box.top, width: 14, height: side });
      follow(picture.svg, box, put);
      return [picture.node, sentence(values, found)];
    }

    const play = new Play(element, draw, controls, { width: 540 });
    return play;
  };
})();
