// Puts a pad into each place for one when it comes near. Its networks are large, so a page loads them only then, as
// scripts: a page from a disk may read no other file. A place names them: data-networks="pretrained,lesson4". On a page
// in another language, nnlibPadLanguage has the texts of the pad, as nnlibPad.mount wants them.

const nnlibNetworks = {};

(() => {
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const coming = {}; // each network is loaded once
  const language = globalThis.nnlibPadLanguage ?? {};
  const say = (text) => language.texts?.[text] ?? text;

  function load(name) {
    coming[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${folder}${name}.js`;
      script.onload = () => resolve(nnlibNetworks[name]);
      script.onerror = () => reject(new Error(`${name}.js is not there`));
      document.head.append(script);
    });
    return coming[name];
  }

  async function mount(place) {
    const loaded = await Promise.all(place.dataset.networks.split(",").map(load));
    const networks = loaded.map(({ title, network }) => [say(title), network]);
    place.replaceChildren();
    const strokes = JSON.parse(place.dataset.strokes ?? "[]");
    nnlibPad.mount(place, Object.fromEntries(networks), { strokes, language });
    if (strokes.length) clearAtFirstTouch(place);
  }

  // A drawing that lies on the pad as an example makes room for the reader's first stroke.
  function clearAtFirstTouch(place) {
    const paper = place.querySelector(".nnlib-pad-paper");
    const clear = [...place.querySelectorAll("button")].find((button) => button.textContent === say("Clear"));
    const make = (event) => {
      if (event.type === "keydown" && event.key === "Tab") return;
      paper.removeEventListener("pointerdown", make, true);
      paper.removeEventListener("keydown", make, true);
      clear.click();
    };
    paper.addEventListener("pointerdown", make, true);
    paper.addEventListener("keydown", make, true);
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        mount(target);
      }
    },
    { rootMargin: "400px" },
  );
  for (const place of document.querySelectorAll('.nnlib-live[data-thing="pad"]')) near.observe(place);
})();
