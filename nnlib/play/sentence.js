// A sentence on the page. The element stays and its text changes, so that a screen reader notices; quiet, it says nothing.

function render({ model, el }) {
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "status");
  sentence.style.cssText =
    "max-width: 40em; margin: 0.5em 0; line-height: 1.4; white-space: pre-line; color: var(--jp-content-font-color1, inherit)";
  const say = () => {
    sentence.setAttribute("aria-live", model.get("quiet") ? "off" : "polite");
    sentence.textContent = model.get("value");
  };
  say();
  model.on("change:quiet", say);
  model.on("change:value", say);
  el.append(sentence);
}

export default { render };
