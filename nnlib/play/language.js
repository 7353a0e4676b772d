// What a widget says: `texts`, which Python hands over, have the English ones in the reader's language. words.py puts this before
// the widget's own script; on a page without Python core.js says them.

/** A function that says a text, with the values in the places of their names. */
export function speaker(texts) {
  return (text, values = {}) => (texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
