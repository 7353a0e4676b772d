// A slider of ipywidgets shows its label, but does not tell a screen reader. This gives the name to the handle and to the number.

function name(play) {
  for (const slider of play.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label").textContent;
    slider.querySelectorAll(".noUi-handle").forEach(handle => handle.setAttribute("aria-label", label));
    const number = slider.querySelector(".widget-readout");
    number?.setAttribute("role", "textbox");
    number?.setAttribute("aria-label", `${label}, as a number`);
  }
}

function render({ el }) {
  const parts = new MutationObserver(() => name(el.closest(".nnlib-play")));
  const shown = new ResizeObserver(() => { // when it is on the page; other parts may come later
    const play = el.closest(".nnlib-play");
    if (!play) return;
    name(play);
    parts.observe(play, { childList: true, subtree: true });
  });
  shown.observe(el);
  return () => { shown.disconnect(); parts.disconnect(); };
}

export default { render };
