// What every page of the site does: it tells the pad about the theme, and lets the keyboard scroll what is too wide.

(() => {
  // The pad's style asks for JupyterLab's word for the theme; Furo keeps its own in data-theme.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function tell() {
    const { theme } = document.body.dataset;
    document.body.dataset.jpThemeLight = String(!(theme === "dark" || (theme !== "light" && dark.matches)));
  }
  tell();
  dark.addEventListener("change", tell);
  new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-theme"] });

  // A screen reader lists Furo's two side bars, so each needs a name.
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "All pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");

  // Search shows the words around what it found. For that it reads the pages, which a page from a disk may not.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

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
