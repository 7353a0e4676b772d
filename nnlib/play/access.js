// ipywidgets shows the label of a slider or of a row of buttons, but does not tell a screen reader: neither the label, nor which
// button is pressed. This gives the name to the handle and to the number, and the name and the state to the buttons.
// And ipywidgets puts right in silence what is typed and does not fit. This says so.

function name(play, say) {
  for (const slider of play.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label").textContent;
    for (const handle of slider.querySelectorAll(".noUi-handle")) handle.setAttribute("aria-label", label);
    const number = slider.querySelector(".widget-readout");
    if (number) slider.querySelector(".noUi-handle").setAttribute("aria-valuetext", number.textContent); // its own is an exponent, or a place
    // ipywidgets lets a number be typed there, too, and takes no notice of it.
    if (slider.classList.contains("nnlib-stepped")) number?.removeAttribute("contenteditable");
    else {
      number?.setAttribute("role", "textbox");
      number?.setAttribute("aria-label", say("{label}, as a number", { label }));
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
function refusal({ min, max, whole }, label, typed, kept, say) {
  const [low, high, got, now] = [min, max, typed, kept].map((text) => text.replace("-", "−"));
  const values = { label, low, high, got, now };
  if (whole) return say("{label} must be a whole number from {low} to {high}; got {got}. It is {now} now.", values);
  return say("{label} must be a number from {low} to {high}; got {got}. It is {now} now.", values);
}

const isNumber = ({ target }) => target.type === "number";

// Hear of each typed number before ipywidgets does, and once more when it has put it right.
function watch(play, line, say) {
  let got;
  function before(event) {
    if (isNumber(event)) got = event.target.validity.badInput ? say("no number") : event.target.value || say("nothing");
  }
  function after(event) {
    if (!isNumber(event)) return;
    const field = event.target;
    if (field.step === "1") field.value = Math.trunc(field.value); // ipywidgets takes it so, and does not show it
    const fits = Number(got) === field.valueAsNumber;
    const { min, max, step } = field;
    const what = { min, max, whole: step === "1" };
    line.textContent = fits ? "" : refusal(what, field.labels[0].textContent, got, field.value, say);
  }
  play.addEventListener("change", before, true);
  play.addEventListener("change", after);
}

// The same for the number of a slider, which is text that can be changed: ipywidgets takes it with Enter, or when it is left.
function watchSliders(play, line, sliders, say) {
  let held; // what stood there before anything was typed
  let got;
  const taken = ({ target, type, key }) =>
    target.matches(".widget-readout[contenteditable=true]") && (type !== "keydown" || key === "Enter");
  function enter(event) {
    if (taken(event)) held = event.target.textContent;
  }
  function before(event) {
    if (taken(event)) got = event.target.textContent.trim();
  }
  function after(event) {
    if (!taken(event) || got === held.trim()) return;
    const number = event.target;
    held = number.textContent;
    const label = number.closest(".widget-slider").querySelector(".widget-label").textContent;
    const { low, high, whole } = sliders[label];
    const value = got === "" ? Number.NaN : Number(got.replace("−", "-"));
    const fits = value >= low.value && value <= high.value && (!whole || Number.isInteger(value));
    const typed = got === "" ? say("nothing") : got;
    const what = { min: low.text, max: high.text, whole };
    line.textContent = fits ? "" : refusal(what, label, typed, held, say);
  }
  play.addEventListener("focusin", enter);
  play.addEventListener("keydown", before, true);
  play.addEventListener("blur", before, true);
  play.addEventListener("keydown", after);
  play.addEventListener("focusout", after);
}

function render({ model, el }) {
  const say = speaker(model.get("texts"));
  const line = document.createElement("p");
  line.className = "nnlib-refusal";
  line.setAttribute("aria-live", "polite");
  el.append(line);
  const parts = new MutationObserver(() => name(el.closest(".nnlib-play"), say));
  let watched;
  const shown = new ResizeObserver(() => {
    // when it is on the page; other parts may come later
    const play = el.closest(".nnlib-play");
    if (!play) return;
    play.lang = model.get("lang");
    name(play, say);
    parts.observe(play, { childList: true, subtree: true, attributeFilter: ["class", "contenteditable"] }); // a pressed button is of another class
    if (play !== watched) {
      watch(play, line, say);
      watchSliders(play, line, model.get("sliders"), say);
    }
    watched = play;
  });
  shown.observe(el);
  return () => {
    shown.disconnect();
    parts.disconnect();
  };
}

export default { render };
