// The step h of a numerical derivative: the numbers of all states come from nnlib/play/small_step.py.

nnlibLive.things.step_size = (element, { exponents, limits, states }) => {
  const { Play, slider, checkbox, svg, axes, short, say, together, COLOURS } = nnlibLive;
  const LOOKS = [
    ["forward", COLOURS.orange, "s", 15],
    ["central", COLOURS.blue, "o", 12],
  ];
  const NAMES = { forward: say("forward difference"), central: say("central difference") };
  const [lowest, highest] = limits;
  const first = exponents[0];
  const every = exponents[1] - first;

  function sentence(dtype, { h, too_small, ...here }) {
    const lines = [say("h = {h} in {dtype}.", { h, dtype })];
    if (too_small)
      lines[0] = together(
        lines[0],
        say("This h is too small for {dtype}: 2 + h rounds to 2, f does not move, and the forward difference is 0.", {
          dtype,
        }),
      );
    return [...lines, ...LOOKS.map(([name]) => about(name, here[name]))].join("\n");
  }

  // How far one difference is off, and why.
  function about(name, parts) {
    const [off, truncation, rounding] = parts.map(short);
    const [, first, second] = parts;
    const values = { difference: NAMES[name], off, truncation, rounding, decides: decides(first, second) };
    return say(
      "The {difference} is off by {off}: truncation {truncation}, rounding {rounding}; here {decides}.",
      values,
    );
  }

  function decides(truncation, rounding) {
    if (Math.max(truncation, rounding) < 3 * Math.min(truncation, rounding)) return say("both count");
    return truncation >= rounding ? say("truncation decides") : say("rounding decides");
  }

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
      x: { min: 10 ** first, max: 1, log: true, label: say("step h") },
      y: { min: lowest, max: highest, log: true, label: say("off by"), labelRoom: 50 },
      lift,
      title: lift ? `${dtype}, h = ${state.h}` : say("f(w) = w³ at w = 2, {dtype}, h = {h}", { dtype, h: state.h }),
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
      const curve = states[dtype].map((each, i) => [10 ** exponents[i], shown(each[name][0])]);
      plot.line(curve, { stroke: colour, opacity: 0.6 });
      plot.marker(h, shown(state[name][0]), shape, size, { fill: colour });
    }
    plot.legend(
      LOOKS.map(([name, colour, shape]) => ({
        text: say("{difference}: off by {off}", { difference: NAMES[name], off: short(state[name][0]) }),
        colour,
        shape,
      })),
      lift ? "above" : "lower left",
    );
    return [picture, sentence(dtype, state)];
  }

  return new Play(element, draw, {
    exponent: slider("h", { value: -5, min: first, max: 0, step: every, read: (exponent) => short(10 ** exponent) }),
    float32: checkbox(say("float32 in place of float64")),
  });
};
