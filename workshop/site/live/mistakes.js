// The confusion matrix, and the digits behind each cell: its numbers come from nnlib/play/opened_matrix.py.

nnlibLive.things.mistakes = (element, { counts, value, cells, digits, columns, height: sheetHeight }) => {
  const { Play, html, svg, drawn, aDigit, decimals, openedMatrix, say, together, COLOURS } = nnlibLive;
  const [INK, LINE, TILE] = [42, 17, 106]; // of a digit, a line of the title and the least of a digit with its outputs

  // Of each cell's first digit: its place among all of them.
  const first = new Map();
  let places = 0;
  for (const cell of cells.flat()) {
    first.set(cell, places);
    places += cell.outputs.length;
  }

  function titleOf(digit, other) {
    const { outputs } = cells[digit][other];
    const values = { digit, other, count: counts[digit][other], most: outputs.length };
    if (!outputs.length) return say("No {digit} was read as {other}.", values);
    const which =
      values.count > values.most
        ? say("{digit} read as {other}: the {most} surest of {count}", values)
        : say("{digit} read as {other}: {count}, surest first", values);
    return `${which}\n${say("the three largest outputs of each; blue: that of the right digit")}`;
  }

  // What the picture shows, in words.
  function sentence(digit, other) {
    const { outputs, came_second: times } = cells[digit][other];
    const count = counts[digit][other];
    const total = counts[digit].reduce((sum, more) => sum + more, 0);
    if (!total) return say("None of the images is {digit}: this row is empty.", { digit: aDigit(digit) });
    if (!count)
      return say("No {digit} was read as {other}: none of {total:,}. This cell is empty.", { digit, other, total });
    const [[first, largest], [second, next]] = outputs[0];
    const right = { digit, times, count };
    return together(
      say("{count:,} of {total:,} images of {digit}: read as {other}.", { count, total, digit: aDigit(digit), other }),
      say("The surest: output {first} is {largest:.2f}, and next comes output {second} with {next:.2f}.", {
        first,
        largest,
        second,
        next,
      }),
      digit === other
        ? ""
        : say("The right digit, {digit}, has the second largest output in {times} of {count}.", right),
    );
  }

  function draw({ cell: [digit, readAs] }, width) {
    const cell = cells[digit][readAs];
    const title = titleOf(digit, readAs).split(width < 430 ? /\n|(?<=；)|(?<=;) / : "\n");
    const across = Math.max(2, Math.floor(width / TILE));
    const tile = Math.min(width / across, 150);
    const rows = Math.ceil(cell.outputs.length / across);
    const top = LINE * title.length + 8;
    const picture = svg(width, top + rows * (INK + 10));
    title.forEach((line, i) => {
      drawn("text", picture, { x: 0, y: 13 + LINE * i }, line);
    });
    const id = `${element.dataset.thing}-ink`;
    const mask = drawn("mask", picture, { id });
    const sheet = { id: `${id}-sheet`, href: digits, width: 28 * columns, height: sheetHeight };
    drawn("image", drawn("defs", picture), sheet);
    drawn("rect", picture, { width: "100%", height: "100%", class: "nnlib-live-digits", mask: `url(#${id})` });
    cell.outputs.forEach((outputs, i) => {
      const [x, y] = [tile * (i % across), top + (INK + 10) * Math.floor(i / across)];
      const place = first.get(cell) + i;
      const from = [28 * (place % columns), 28 * Math.floor(place / columns)];
      const window = drawn("svg", mask, { x, y, width: INK, height: INK, viewBox: `${from.join(" ")} 28 28` });
      drawn("use", window, { href: `#${id}-sheet` });
      besides(picture, outputs, digit, x + INK + 3, y + 1, tile - INK - 3);
    });
    return [picture, sentence(digit, readAs)];
  }

  // The largest outputs beside a digit, as numbers and as bars: blue for the right digit, orange for others.
  function besides(picture, outputs, digit, x, y, width) {
    outputs.forEach(([k, a], i) => {
      const middle = y + 6 + 14 * i;
      drawn("text", picture, { x, y: middle + 4, class: "nnlib-live-output" }, `${k}  ${decimals(a, 2)}`);
      const bar = { x: x + 42, y: middle - 4, width: a * (width - 50), height: 9 };
      drawn("rect", picture, { ...bar, fill: k === digit ? COLOURS.blue : COLOURS.orange });
    });
  }

  // The matrix is the notebook's; this stands for its model there.
  function matrix() {
    const control = { node: html("div", null), value };
    const told = [];
    openedMatrix.render({
      el: control.node,
      model: {
        get: (name) => ({ counts, value: control.value })[name],
        set(_, to) {
          control.value = to;
        },
        save_changes() {
          for (const tell of told) tell();
          control.onchange();
        },
        on: (_, tell) => told.push(tell),
      },
    });
    return control;
  }

  return new Play(element, draw, { cell: matrix() });
};
