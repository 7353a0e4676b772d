// The step h of a numerical derivative: all states come from nnlib/play/small_step.py.

nnlibLive.things.step_size = (element, { exponents, limits, states }) => {
  const { Play, slider, checkbox, svg, axes, short, COLOURS } = nnlibLive;
  const LOOKS = [
    ["forward", COLOURS.orange, "s", 15],
    ["central", COLOURS.blue, "o", 12],
  ];
  const [lowest, highest] = limits;
  const first = exponents[0];
  const every = exponents[1] - first;

  function draw({ exponent, float32 }, width) {
    const dtype = float32 ? "float32" : "float64";
    const index = Math.round((exponent - first) / every);
    const state = states[dtype][index];
    const h = 10 ** exponent;
    const lift = width < 480 ? 46 : 0; // on a phone there is room for the legend only above
    const height = Math.max(300, Math.round(0.64 * width)) + lift;
    const picture = svg(width, height);
    const box = { left: 66, top: 30 + lift, width: width - 82, height: height - 78 - lift };
    const plot = axes(picture, box, {
      x: { min: 10 ** first, max: 1, log: true, label: "step h" },
      y: { min: lowest, max: highest, log: true, label: "off by", labelRoom: 50 },
      lift,
      title: `${lift ? "" : "f(w) = w³ at w = 2, "}${dtype}, h = ${state.h}`,
    });
    const shown = (off) => Math.max(off, lowest);
    plot.line(
      [
        [h, lowest],
        [h, highest],
      ],
      { stroke: COLOURS.grey, "stroke-width": 1, "stroke-dasharray": "1 3" },
    );
    for (const [name, colour, shape, size] of LOOKS) {
      const curve = states[dtype].map((each, i) => [10 ** exponents[i], shown(each[name])]);
      plot.line(curve, { stroke: colour, opacity: 0.6 });
      plot.marker(h, shown(state[name]), shape, size, { fill: colour });
    }
    plot.legend(
      LOOKS.map(([name, colour, shape]) => ({
        text: `${name} difference: off by ${short(state[name])}`,
        colour,
        shape,
      })),
      lift ? "above" : "lower left",
    );
    return [picture, state.sentence];
  }

  return new Play(element, draw, {
    exponent: slider("h", { value: -5, min: first, max: 0, step: every, read: (exponent) => short(10 ** exponent) }),
    float32: checkbox("float32 in place of float64"),
  });
};
