// What starts the page to take home: the pad, in the colours that the device asks for.

const dark = matchMedia("(prefers-color-scheme: dark)");

function followTheDevice() {
  document.documentElement.dataset.jpThemeLight = String(!dark.matches);
}

dark.addEventListener("change", followTheDevice);
followTheDevice();
nnlibPad.mount(document.getElementById("pad"), JSON.parse(document.getElementById("network").textContent));
