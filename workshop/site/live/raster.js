// Pictures made of little squares, behind an SVG: planes of answers, images of digits, weights. As canvases they change without a
// flicker, which pictures inside an SVG do not.

(() => {
  // matplotlib's PuOr_r: purple for 0, white for ½, orange for 1.
  const PURPLE_TO_ORANGE = [
    [45, 0, 75],
    [84, 39, 136],
    [128, 115, 172],
    [178, 171, 210],
    [216, 218, 235],
    [247, 247, 247],
    [254, 224, 182],
    [253, 184, 99],
    [224, 130, 20],
    [179, 88, 6],
    [127, 59, 8],
  ];

  function purpleToOrange(share) {
    if (Number.isNaN(share)) return [255, 255, 255]; // of a network that has blown up
    const place = 10 * Math.min(Math.max(share, 0), 1);
    const first = Math.min(Math.floor(place), 9);
    const [from, to] = [PURPLE_TO_ORANGE[first], PURPLE_TO_ORANGE[first + 1]];
    return from.map((value, i) => value + (place - first) * (to[i] - value));
  }

  // Ink dark on white.
  const grey = (ink) => Array(3).fill(255 * (1 - ink));

  // A colour of so much strength on white paper.
  const pale = (colour, strength) => colour.map((value) => 255 + strength * (value - 255));

  // A canvas of columns × rows pixels; colour(i) of the i-th of them is [red, green, blue].
  function squares(columns, rows, colour) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: columns, height: rows });
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    for (let i = 0; i < columns * rows; i++) {
      const [red, green, blue] = colour(i);
      image.data[4 * i] = red;
      image.data[4 * i + 1] = green;
      image.data[4 * i + 2] = blue;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  // An SVG for so many pixels of the page, and what is painted behind it.
  function layers(width, height) {
    const { html, svg } = nnlibLive;
    const node = html("div", null, { class: "nnlib-live-layers" });
    const picture = svg(width, height);
    node.append(picture);
    return { node, svg: picture, paint: (box, canvas, options) => paint(node, box, canvas, options) };
  }

  // Where a smooth picture has a value at its edges, half a square is cut off all around: `inset`.
  function paint(node, { left, top, width, height }, canvas, { smooth = false, inset = 0 } = {}) {
    const shown = document.createElement("canvas");
    const sharp = window.devicePixelRatio;
    Object.assign(shown, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
    Object.assign(shown.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    const context = shown.getContext("2d");
    context.imageSmoothingEnabled = smooth;
    const [w, h] = [canvas.width - 2 * inset, canvas.height - 2 * inset];
    context.drawImage(canvas, inset, inset, w, h, 0, 0, shown.width, shown.height);
    node.prepend(shown);
  }

  // Two far points of x1 w1 + x2 w2 + b = 0: from the foot of the perpendicular, along the line, both ways.
  function pointsOnLine(w1, w2, b) {
    const square = w1 ** 2 + w2 ** 2;
    const foot = [(-b * w1) / square, (-b * w2) / square];
    const far = 20 / Math.sqrt(square);
    return [-far, far].map((way) => [foot[0] - way * w2, foot[1] + way * w1]);
  }

  // Numbers that workshop/site/live/arrays.py packed, as an array of this type.
  function unpacked(text, type) {
    return new type(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }

  Object.assign(nnlibLive, { grey, layers, pale, pointsOnLine, purpleToOrange, squares, unpacked });
})();
