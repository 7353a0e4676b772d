// ipywidgets shows the label of a slider or of a row of buttons, but does not tell a screen reader: neither the label, nor which
// button is pressed. This gives the name to the handle and to the number, and the name and the state to the buttons.
// And ipywidgets puts right in silence what is typed and does not fit. This says so.

function name(play) {
  for (const slider of play.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label").textContent;
    for (const handle of slider.querySelectorAll(".noUi-handle")) handle.setAttribute("aria-label", label);
    const number = slider.querySelector(".widget-readout");
    if (number) slider.querySelector(".noUi-handle").setAttribute("aria-valuetext", number.textContent); // its own is an exponent, or a place
    // ipywidgets lets a number be typed there, too, and takes no notice of it.
    if (slider.classList.contains("nnlib-stepped")) number?.removeAttribute("contenteditable");
    else {
      number?.setAttribute("role", "textbox");
      number?.setAttribute("aria-label", `${label}, as a number`);
    }
  }
  for (const row of play.querySelectorAll(".widget-toggle-buttons")) {
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", row.querySelector(".widget-label").textContent);
    for (const button of row.querySelectorAll("button"))
      button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
  }
}

// What fits into a field, and what was got: workshop/site/live/core.js says the same.
function refusal({ min, max, step }, label, got, kept) {
  const [low, high, typed, now] = [min, max, got, kept].map((text) => text.replace("-", "−"));
  return `${label} must be a ${step === "1" ? "whole " : ""}number from ${low} to ${high}; got ${typed}. It is ${now} now.`;
}

const isNumber = ({ target }) => target.type === "number";

// Hear of each typed number before ipywidgets does, and once more when it has put it right.
function watch(play, line) {
  let got;
  function before(event) {
    if (isNumber(event)) got = event.target.validity.badInput ? "no number" : event.target.value || "nothing";
  }
  function after(event) {
    if (!isNumber(event)) return;
    const field = event.target;
    if (field.step === "1") field.value = Math.trunc(field.value); // ipywidgets takes it so, and does not show it
    const fits = Number(got) === field.valueAsNumber;
    line.textContent = fits ? "" : refusal(field, field.labels[0].textContent, got, field.value);
  }
  play.addEventListener("change", before, true);
  play.addEventListener("change", after);
}

function render({ el }) {
  const line = document.createElement("p");
  line.className = "nnlib-refusal";
  line.setAttribute("aria-live", "polite");
  el.append(line);
  const parts = new MutationObserver(() => name(el.closest(".nnlib-play")));
  let watched;
  const shown = new ResizeObserver(() => {
    // when it is on the page; other parts may come later
    const play = el.closest(".nnlib-play");
    if (!play) return;
    name(play);
    parts.observe(play, { childList: true, subtree: true, attributeFilter: ["class", "contenteditable"] }); // a pressed button is of another class
    if (play !== watched) watch(play, line);
    watched = play;
  });
  shown.observe(el);
  return () => {
    shown.disconnect();
    parts.disconnect();
  };
}

export default { render };
