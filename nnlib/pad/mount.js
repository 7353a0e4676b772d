// The pad on a page that has no kernel. To pad.js it looks as in a notebook: what stands here in place of the widget's
// model answers with a network of the page's own. live.py makes one script of pad.js, reader.js and this.

import { say } from "./language.js";
import { drawable, makePad, PEN } from "./pad.js";
import { asDrawn, propagate, strokesToImage, strokesToStages, unpack } from "./reader.js";

const FAR = 1; // how far outside the pad, in pads, a point may be; as in paper.py

/** What anywidget's model is to pad.js. `answer` is called with the names of what the pad has set. */
class LocalModel {
  constructor(values, answer) {
    Object.assign(this, { values, answer, changed: new Set(), listeners: new Map() });
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    this.values[name] = value;
    this.changed.add(name);
    this.listeners.get(`change:${name}`)?.forEach((listener) => {
      listener();
    });
  }

  on(type, listener) {
    if (!this.listeners.has(type)) this.listeners.set(type, new Set());
    this.listeners.get(type).add(listener);
  }

  off(type, listener) {
    this.listeners.get(type)?.delete(listener);
  }

  save_changes() {
    const changed = this.changed;
    this.changed = new Set();
    queueMicrotask(() => this.answer(changed)); // no earlier: the pad begins to wait when it has saved
  }
}

/**
 * Put a pad into an element of the page.
 *
 * `network` is what nnlib.pad.live.pack gave; or several, {name: network}, and then the pad has a choice of who reads.
 * `strokes` lie on the pad at first; `preprocess` and `width` are those of nnlib.DrawingPad; `language` is what
 * nnlib.pad.live.language gave, and English without it. Returns a function that takes the pad away.
 */
export function mount(element, network, { strokes = [], preprocess = true, width = PEN, language = {} } = {}) {
  const networks = new Map(Object.entries(network.layers ? { "": network } : network));
  const unpacked = new Map();
  const names = [...networks.keys()];

  /** The network that reads now. */
  function chosen() {
    const name = model.get("reader");
    if (!unpacked.has(name)) unpacked.set(name, unpack(networks.get(name)));
    return unpacked.get(name);
  }

  const model = new LocalModel(
    {
      readers: names,
      reader: names[0],
      shown: { count: 0, strokes: drawable(strokes), picture: {} },
      answer: {},
      ask: 0,
      journey: {},
      preprocess,
      width,
      language,
    },
    (changed) => {
      if (changed.has("ask")) model.set("journey", journeyOf(model));
      else model.set("answer", answerOf(model, chosen()));
    },
  );
  const { initialize, render } = makePad();
  const stop = initialize({ model });
  model.set("answer", answerOf(model, chosen()));
  const remove = render({ model, el: element });
  return () => {
    remove();
    stop();
    element.replaceChildren();
  };
}

/** What `DrawingPad._answer` sends. The pad keeps what is drawn now in `shown`. */
function answerOf(model, net) {
  const { count, strokes } = model.get("shown");
  const { near, ignored } = nearThePad(strokes);
  const image = model.get("preprocess") ? strokesToImage(near) : asDrawn(near, model.get("width"));
  const layers = propagate(net, image);
  const outputs = layers.pop();
  const empty = !image.some((ink) => ink > 0);
  return {
    count,
    outputs: empty ? [] : Array.from(outputs, (a) => Math.round(1e4 * a) / 1e4),
    sure: Math.max(...outputs) >= net.threshold,
    ignored,
    image: greyBytes(image),
    hidden: layers.map((a) => greyBytes(empty ? a.fill(0) : a)),
  };
}

/** What `DrawingPad._tell_journey` sends, but for the training digits, which are not on this page. */
function journeyOf(model) {
  const { count, strokes } = model.get("shown");
  const { scaled, centred } = strokesToStages(nearThePad(strokes).near);
  const staged = scaled.length > 0 && model.get("preprocess");
  return { ask: model.get("ask"), count, stages: staged ? [scaled, centred] : [] };
}

/** The strokes without what is far outside the pad, and what to say of that. */
function nearThePad(strokes) {
  const isNear = (point) => point.every((at) => Math.abs(at - 0.5) <= 0.5 + FAR);
  const near = strokes.map((stroke) => stroke.filter(isNear)).filter((stroke) => stroke.length > 0);
  const points = (list) => list.reduce((sum, stroke) => sum + stroke.length, 0);
  const far = points(strokes) - points(near);
  return { near, ignored: far ? [say("Ignored: what is far outside the pad ({n:,}).", { n: far })] : [] };
}

/** Values as bytes for a canvas: 0 for 0 and below, 255 for the largest, or for 1 if none is larger. */
function greyBytes(values) {
  const largest = values.reduce((a, b) => Math.max(a, b), 1);
  return new DataView(Uint8ClampedArray.from(values, (value) => (255 * value) / largest).buffer);
}
