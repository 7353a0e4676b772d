// ipywidgets shows the label of a slider or of a row of buttons, but does not tell a screen reader: neither the label, nor which
// button is pressed. This gives the name to the handle and to the number, and the name and the state to the buttons.

function name(play) {
  for (const slider of play.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label").textContent;
    for (const handle of slider.querySelectorAll(".noUi-handle")) handle.setAttribute("aria-label", label);
    const number = slider.querySelector(".widget-readout");
    if (number) slider.querySelector(".noUi-handle").setAttribute("aria-valuetext", number.textContent); // on a logarithmic one it is the exponent
    number?.setAttribute("role", "textbox");
    number?.setAttribute("aria-label", `${label}, as a number`);
  }
  for (const row of play.querySelectorAll(".widget-toggle-buttons")) {
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", row.querySelector(".widget-label").textContent);
    for (const button of row.querySelectorAll("button"))
      button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
  }
}

function render({ el }) {
  const parts = new MutationObserver(() => name(el.closest(".nnlib-play")));
  const shown = new ResizeObserver(() => {
    // when it is on the page; other parts may come later
    const play = el.closest(".nnlib-play");
    if (!play) return;
    name(play);
    parts.observe(play, { childList: true, subtree: true, attributeFilter: ["class"] }); // a pressed button is of another class
  });
  shown.observe(el);
  return () => {
    shown.disconnect();
    parts.disconnect();
  };
}

export default { render };
