// What every page of the site does: it tells the pad and the reader about the theme, says what search found, and lets the
// keyboard scroll what is too wide.

(() => {
  const say = Documentation.gettext; // in the page's language

  // The pad's style asks for JupyterLab's word for the theme; Furo keeps its own in data-theme. Its button goes round
  // three of them, and its name says which one there is.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function tell() {
    const { theme } = document.body.dataset;
    const isDark = theme === "dark" || (theme !== "light" && dark.matches);
    document.body.dataset.jpThemeLight = String(!isDark);
    const names = [
      ["Colour theme: light", "Colour theme: light, as on your system"],
      ["Colour theme: dark", "Colour theme: dark, as on your system"],
    ];
    const name = say(names[Number(isDark)][Number(theme === "auto")]);
    for (const button of document.querySelectorAll(".theme-toggle")) {
      button.setAttribute("aria-label", name);
      button.title = name;
    }
  }
  tell();
  dark.addEventListener("change", tell);
  new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-theme"] });

  // A screen reader lists Furo's two side bars, so each needs a name.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", say("All pages"));
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", say("On this page"));

  // Search shows the words around what it found. For that it reads the pages, which a page from a disk may not.
  if (location.protocol === "file:") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    document.querySelector(".nnlib-from-disk")?.removeAttribute("hidden");
  }
  // The words around what it found are the page's own: not those of a lesson's bar, nor a teachers' page's line of links.
  document.addEventListener("DOMContentLoaded", () => {
    if (typeof Search === "undefined") return; // no page of the search
    const read = Search.htmlToText;
    const bar = /<div class="nnlib-bar">.*?<\/div>(<p class="nnlib-note">.*?<\/p>)?/s;
    const links = /(<\/h1>\s*)<p><a .*?<\/p>/s;
    Search.htmlToText = (page, anchor) => read(page.replace(bar, "").replace(links, "$1"), anchor);
  });
  // Where nothing is found, Sphinx's own words speak of documents and categories.
  Documentation.TRANSLATIONS[
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories."
  ] ??=
    "No page has all of these words. Try one of them alone, its beginning, or a word that a lesson would use: neuron, gradient, learning rate.";

  // Code, tables and formulas that do not fit get a place in the order of Tab, so that arrow keys can scroll them. Those
  // that fit get none: a lesson has a hundred of them. What is folded away is measured when it is unfolded.
  const measured = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll("pre, .table-wrapper, .nnlib-formula")) measured.observe(box);
})();
