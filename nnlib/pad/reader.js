// From pen strokes to ten outputs where no Python runs: drawing.py and network.py in JavaScript, under the same names.
// A test compares every pixel and every output. A stroke is a list of points [x, y], y downwards. An image is a row of
// 784 numbers, 0 for paper and 1 for ink; pixel (r, c) is number 28 r + c, and has its centre at the point x = c, y = r.

import { PAPER_PEN, PEN } from "./pad.js";

const SIDE = 28; // pixels of an image
const BOX = 20; // pixels of a digit's longer side
const CENTRE = 14; // where MNIST's centres of mass are
const SPACING = 0.25; // pixels that the pen moves from one point that is kept to the next

// From strokes to an image

/** Strokes of any unit, size and place, drawn the way MNIST's digits look. */
export function strokesToImage(strokes) {
  return draw(strokesToStages(strokes).centred, PEN);
}

/** The two steps before the image is drawn: strokes in pixels, `scaled` to the box of 20 and `centred` by their ink. */
export function strokesToStages(strokes) {
  const scaled = scale(
    strokes.filter((stroke) => stroke.length > 0),
    BOX - PEN,
  );
  return { scaled, centred: centre(scaled) };
}

/** The pad at 28 × 28 pixels as it is, without crop, scale and centring; strokes from 0 to 1 across the pad. */
export function asDrawn(strokes, width) {
  const inPixels = strokes.map((stroke) => stroke.map(([x, y]) => [SIDE * x - 0.5, SIDE * y - 0.5]));
  return draw(inPixels.filter((stroke) => stroke.length > 0).map(thinOut), PAPER_PEN * width);
}

/** Crop and scale: the corner of the bounding box goes to (0, 0), its longer side becomes `longerSide`. */
function scale(strokes, longerSide) {
  const { left, top, right, bottom } = boundsOf(strokes);
  const size = Math.max(right - left, bottom - top);
  const factor = size > 1e-300 ? longerSide / size : 0; // a single dot has no size, and stays a dot
  return strokes.map((stroke) => thinOut(stroke.map(([x, y]) => [(x - left) * factor, (y - top) * factor])));
}

/** Move the strokes until their ink has its centre of mass at (14, 14). */
function centre(strokes) {
  const { left, top, right, bottom } = boundsOf(strokes);
  const inTheMiddle = move(strokes, CENTRE - (left + right) / 2, CENTRE - (top + bottom) / 2);
  const { row, column } = centreOfMass(draw(inTheMiddle, PEN));
  return move(inTheMiddle, CENTRE - column, CENTRE - row);
}

function move(strokes, right, down) {
  return strokes.map((stroke) => stroke.map(([x, y]) => [x + right, y + down]));
}

function boundsOf(strokes) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of strokes.flat()) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

/** Leave out points that bring the pen less than SPACING further: slow pens send thousands. The last one stays. */
function thinOut(stroke) {
  let way = 0;
  let mark = -1; // how many times SPACING the pen had come at the point before
  return stroke.filter(([x, y], i) => {
    if (i > 0) way += Math.hypot(x - stroke[i - 1][0], y - stroke[i - 1][1]);
    const before = mark;
    mark = Math.floor(way / SPACING);
    return mark > before || i === stroke.length - 1;
  });
}

/**
 * The ink of strokes in pixels: how much of each pixel the pen covers, from its distance d to the line.
 * Ink is pen/2 + ½ − d, kept between 0 and 1: full inside the line, none outside, and soft across one pixel.
 */
function draw(strokes, pen) {
  const reach = pen / 2 + 0.5;
  const squares = new Float64Array(SIDE * SIDE).fill(Infinity); // d² of each pixel to the nearest line so far
  for (const stroke of strokes) {
    if (stroke.length === 1) measure(squares, stroke[0], stroke[0], reach);
    for (let i = 1; i < stroke.length; i++) measure(squares, stroke[i - 1], stroke[i], reach);
  }
  return Float32Array.from(squares, (square) => Math.min(1, Math.max(0, reach - Math.sqrt(square))));
}

/** Keep, for each pixel that the pen can reach on its way from `start` to `end`, the smaller squared distance. */
function measure(squares, [x0, y0], [x1, y1], reach) {
  const alongX = x1 - x0;
  const alongY = y1 - y0;
  const lengthSquared = Math.max(alongX ** 2 + alongY ** 2, 1e-12);
  const first = (a, b) => Math.max(0, Math.ceil(Math.min(a, b) - reach));
  const last = (a, b) => Math.min(SIDE - 1, Math.floor(Math.max(a, b) + reach));
  const [left, right, bottom] = [first(x0, x1), last(x0, x1), last(y0, y1)];
  for (let r = first(y0, y1); r <= bottom; r++) {
    for (let c = left; c <= right; c++) {
      const x = c - x0; // from the start to the pixel
      const y = r - y0;
      const t = Math.min(1, Math.max(0, (x * alongX + y * alongY) / lengthSquared)); // how far along the foot is
      const square = (x - t * alongX) ** 2 + (y - t * alongY) ** 2;
      if (square < squares[SIDE * r + c]) squares[SIDE * r + c] = square;
    }
  }
}

/** Row and column of the mean of the ink; (14, 14) for an empty image. */
function centreOfMass(image) {
  let [mass, rows, columns] = [0, 0, 0];
  image.forEach((ink, i) => {
    mass += ink;
    rows += ink * Math.floor(i / SIDE);
    columns += ink * (i % SIDE);
  });
  return mass === 0 ? { row: CENTRE, column: CENTRE } : { row: rows / mass, column: columns / mass };
}

// From an image to ten outputs

const sigmoid = (z) => z.map((value) => 1 / (1 + Math.exp(-value)));
const ACTIVATIONS = { sigmoid, tanh: (z) => z.map(Math.tanh), relu: (z) => z.map((value) => Math.max(0, value)) };
const OUTPUTS = { sigmoid, logistic: sigmoid, softmax };

function softmax(z) {
  const largest = Math.max(...z);
  const e = z.map((value) => Math.exp(value - largest)); // each at most 1
  const sum = e.reduce((total, value) => total + value, 0);
  return e.map((value) => value / sum);
}

/** The forward pass, aₗ = f(aₗ₋₁ Wₗ + bₗ): the activations of each layer, and the ten outputs as the last of them. */
export function propagate(net, image) {
  const activations = [];
  let a = image;
  net.layers.forEach(({ W, b }, l) => {
    const last = l === net.layers.length - 1;
    const f = last ? OUTPUTS[net.output] : ACTIVATIONS[net.activation];
    a = f(weightedInput(a, W, b));
    activations.push(a);
  });
  return activations;
}

/** The weighted input z = a W + b. The weights stand row after row: W[i * n + j] goes from unit i to unit j of n. */
function weightedInput(a, W, b) {
  const z = Float64Array.from(b);
  a.forEach((value, i) => {
    if (value === 0) return; // most pixels are paper
    const row = i * z.length;
    for (let j = 0; j < z.length; j++) z[j] += value * W[row + j];
  });
  return z;
}

// The network as nnlib.pad.live.pack wrote it

/** A packed network with its weights as numbers: W and b of each layer, float32. */
export function unpack(packed) {
  const layers = packed.layers.map(({ W, scale, b }) => {
    const biases = new Float32Array(bytesOf(b));
    if (packed.bits === 16) return { W: Float32Array.from(new Uint16Array(bytesOf(W)), fromHalf), b: biases };
    const scales = new Float32Array(bytesOf(scale)); // one for each unit
    return { W: Float32Array.from(new Int8Array(bytesOf(W)), (q, i) => q * scales[i % scales.length]), b: biases };
  });
  return { ...packed, layers };
}

/** The bytes of a text in base 64. */
function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes.buffer;
}

/** The number that 16 bits stand for: a sign, 5 bits of exponent, 10 of fraction (IEEE 754). No infinity is packed. */
function fromHalf(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
