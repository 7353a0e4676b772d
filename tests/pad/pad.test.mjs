// What pad.js and notebook.js reckon, without a page: `node --test tests/pad/pad.test.mjs`; a test in test_pad.py runs it, too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

// A browser takes these files for modules because it is told to; node would ask for another ending, or a package.json.
const moduleOf = (name) => {
  const code = readFileSync(new URL(`../../nnlib/pad/${name}.js`, import.meta.url), "utf8");
  const whole = code.replace(/"\.\/(\w+)\.js"/g, (_, other) => `"${moduleOf(other)}"`);
  return `data:text/javascript;base64,${Buffer.from(whole).toString("base64")}`;
};
const { boxAround, drawable, Drawing, percent, sentence, undoes } = await import(moduleOf("pad"));
const { greyOf } = await import(moduleOf("notebook"));

const LINE = Array.from({ length: 30 }, (_, i) => [i / 30, 0.5]);
const copy = (value) => JSON.parse(JSON.stringify(value));

/** What Python does with a message: see Paper.go_on. */
function receive(kernel, { count, stroke, point, strokes, picture }) {
  assert.ok(
    stroke <= kernel.strokes.length && (point === 0 || point <= kernel.strokes[stroke].length),
    "Python has what is kept",
  );
  const kept = kernel.strokes.slice(0, stroke);
  const cut = point > 0 ? [kernel.strokes[stroke].slice(0, point)] : [];
  const [first = [], ...rest] = strokes;
  kernel.strokes = point > 0 ? [...kept, [...cut[0], ...first], ...rest] : [...kept, ...strokes];
  if (picture !== undefined) kernel.picture = picture;
  kernel.count = count;
}

test("only pairs of finite numbers are drawn, and at most 20,000", () => {
  assert.deepEqual(drawable("strokes"), []);
  assert.deepEqual(
    drawable([
      5,
      null,
      [["a", 1]],
      [
        [NaN, 1],
        [0.5, 0.5],
        [1, 2, 3],
      ],
      [],
    ]),
    [[[0.5, 0.5]]],
  );
  const many = drawable([Array(15_000).fill([0, 0]), Array(15_000).fill([0, 0])]);
  assert.deepEqual(
    many.map((stroke) => stroke.length),
    [15_000, 5_000],
  );
});

test("the box has the line's own width", () => {
  const box = boxAround(
    [
      [
        [0.2, 0.3],
        [0.6, 0.4],
      ],
      [[0.5, 0.9]],
    ],
    0.1,
  );
  [0.15, 0.25, 0.5, 0.7].forEach((at, i) => {
    assert.ok(Math.abs(box[i] - at) < 1e-12);
  });
});

test("the sentence", () => {
  assert.equal(percent(0.996), "100 %");
  assert.equal(sentence({ error: "No." }, -1), "No.");
  assert.equal(sentence({ outputs: [] }, -1), "Draw a digit.");
  assert.equal(sentence({ outputs: [], picture: true }, -1), "No ink was found in this picture.");
  assert.equal(sentence({ outputs: [0.1, 0.9], sure: true }, 1), "I read 1: 90 %");
  assert.equal(sentence({ outputs: [0.1, 0.4], sure: false }, 1), "Not sure. Perhaps a 1 (40 %)");
});

test("z undoes on every layout, with Control or Command, with Caps Lock", () => {
  const yes = [
    ["z", "KeyZ"],
    ["Z", "KeyZ"],
    ["z", "KeyY"],
    ["z", "KeyW"],
    ["я", "KeyZ"],
    ["ζ", "KeyZ"],
    ["ॆ", "KeyZ"],
    ["Process", "KeyZ"],
  ];
  const no = [
    ["y", "KeyZ"],
    ["w", "KeyZ"],
    [";", "KeyZ"],
    ["ž", "KeyZ"],
    ["я", "KeyY"],
    ["a", "KeyA"],
  ];
  for (const [key, code] of yes) {
    assert.ok(undoes({ key, code, ctrlKey: true }) && undoes({ key, code, metaKey: true }), key);
    assert.ok(!undoes({ key, code }), key);
    assert.ok(!undoes({ key, code, ctrlKey: true, shiftKey: true }), "redo elsewhere");
    assert.ok(!undoes({ key, code, ctrlKey: true, altKey: true }), "AltGr");
  }
  for (const [key, code] of no) assert.ok(!undoes({ key, code, ctrlKey: true }), key);
});

test("ink of any colour stands out from a transparent ground", () => {
  const pixels = (...rgba) => ({ data: Uint8ClampedArray.from(rgba.flat()), width: rgba.length, height: 1 });
  const clear = [0, 0, 0, 0];
  assert.deepEqual([...greyOf(pixels([255, 255, 255, 255], clear))], [255, 0]);
  assert.deepEqual([...greyOf(pixels([0, 0, 0, 255], clear))], [0, 255]);
  assert.deepEqual([...greyOf(pixels(clear, clear))], [255, 255]);
  assert.deepEqual([...greyOf(pixels([10, 10, 10, 255], [200, 200, 200, 255]))], [10, 200]);
});

test("a message has what is new since the last answer, however long the drawing is", () => {
  const drawing = new Drawing();
  drawing.strokes.push([[0, 0]]);
  const sizes = [];
  for (let i = 0; i < 2000; i++) {
    drawing.addPoints(LINE.slice(0, 5));
    const news = drawing.news();
    sizes.push(JSON.stringify(news).length);
    drawing.confirm(news.count);
  }
  assert.ok(Math.max(...sizes.slice(1)) < 300, `${Math.max(...sizes)}`);
});

test("whatever is drawn, taken back and left out on the way, Python has the drawing in the end", () => {
  let seed = 1;
  const random = (n) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let round = 0; round < 300; round++) {
    const [drawing, kernel, answers] = [new Drawing(), { strokes: [], picture: {}, count: 0 }, []];
    for (let step = 0; step < 60; step++) {
      const what = random(10);
      if (what < 5 && drawing.strokes.length)
        drawing.addPoints(LINE.slice(0, 1 + random(4)).map(([x]) => [x, random(1000)]));
      else if (what < 7) drawing.strokes.push([[random(1000), 0]]);
      else if (what === 7) drawing.removeStroke();
      else if (what === 8 && random(3) === 0) drawing.clear();
      else drawing.picture = { note: random(1000) };
      const news = copy(drawing.news());
      if (random(3) > 0) {
        receive(kernel, news); // or it is replaced by the next: the kernel is busy
        answers.push(news.count);
      }
      while (answers.length && random(2)) drawing.confirm(answers.shift()); // answers come late, and in their order
    }
    receive(kernel, copy(drawing.news()));
    assert.deepEqual(kernel.strokes, drawing.strokes);
    assert.deepEqual(kernel.picture, drawing.picture);
  }
});

test("a page that is asked for everything sends everything", () => {
  const drawing = new Drawing();
  drawing.strokes.push([...LINE]);
  drawing.confirm(drawing.news().count);
  assert.deepEqual(drawing.news().strokes, [[]]);
  drawing.forget();
  const { stroke, point, strokes, picture } = drawing.news();
  assert.deepEqual([stroke, point, strokes, picture], [0, 0, [LINE], {}]);
});

test("a full drawing takes no more points", () => {
  const drawing = new Drawing();
  drawing.strokes.push([[0, 0]]);
  drawing.addPoints(Array(30_000).fill([0, 0]));
  assert.equal(drawing.strokes[0].length, 20_000);
  assert.ok(drawing.isFull);
  drawing.removeStroke();
  assert.ok(!drawing.isFull && drawing.isEmpty);
});
