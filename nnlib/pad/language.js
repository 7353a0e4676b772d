// The language in which the pad speaks: English, or that of the texts that Python handed over. language.py in JavaScript.

let texts = {}; // from the English to the reader's language

/** Say the texts of these from now on; a text that they lack is said in English. */
export function speak(translations = {}) {
  texts = translations;
}

/** A text in the reader's language, with the values in the places of their names; `{n:,}` groups the digits of n. */
export function say(text, values = {}) {
  const put = (_, name, grouped) => (grouped ? values[name].toLocaleString("en") : values[name]);
  return (texts[text] ?? text).replace(/\{(\w+)(:,)?\}/g, put);
}

/** Sentences one after the other, without those that are empty. */
export function together(...sentences) {
  const told = sentences.filter(Boolean);
  return told.length ? told.reduce((first, second) => say("{first} {second}", { first, second })) : "";
}

/** A digit with its article, where the language has one. */
export function aDigit(digit) {
  return digit === 8 ? say("an {digit}", { digit }) : say("a {digit}", { digit });
}
