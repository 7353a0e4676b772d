// What starts the page to take home: the pad, in the colours that the device asks for.

const dark = matchMedia("screen and (prefers-color-scheme: dark)"); // paper is light

function followTheDevice() {
  document.documentElement.dataset.jpThemeLight = String(!dark.matches);
}

dark.addEventListener("change", followTheDevice);
followTheDevice();
const place = document.getElementById("pad");
place.replaceChildren(); // a browser that saved the page in use has saved a pad, too, and that one is dead
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
nnlibPad.mount(place, read("network"), { language: read("language") }); // an English page has no element for it
