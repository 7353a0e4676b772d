// A confusion matrix to choose a cell from: a table with one stop of the Tab key, in which the arrow keys move.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function element(tag, parent, text = "", attributes = {}) {
  const node = document.createElement(tag);
  node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return parent.appendChild(node);
}

function render({ model, el }) {
  const say = speaker(model.get("texts"));
  const counts = model.get("counts");
  const most = Math.max(1, ...counts.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const table = element("table", el, "", {
    class: "nnlib-matrix",
    role: "grid",
    "aria-label": say("Confusion matrix. Arrow keys move, Enter chooses a cell."),
  });
  table.dataset.lmSuppressShortcuts = "true"; // in JupyterLab the arrow keys and Enter would go to the cells of the notebook
  element("caption", table, say("row: the digit · column: read as"));
  const head = element("tr", table);
  element("td", head);
  for (const j of counts.keys()) element("th", head, j, { scope: "col" });
  const cells = counts.map((row, i) => {
    const line = element("tr", table);
    element("th", line, i, { scope: "row" });
    return row.map((count, j) => {
      const cell = element("button", element("td", line), count || "", {
        "aria-label": say("{digit} read as {other}: {count}", { digit: i, other: j, count }),
        tabindex: -1,
      });
      cell.title = cell.ariaLabel;
      if (i === j) cell.className = "nnlib-right";
      else cell.style.setProperty("--share", count / most);
      cell.addEventListener("click", () => {
        model.set("value", [i, j]);
        model.save_changes();
      });
      cell.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        const next = cells[i + step[0]]?.[j + step[1]];
        if (next) {
          stop(next);
          next.focus();
        }
      });
      return cell;
    });
  });

  // The one cell that the Tab key stops at.
  function stop(cell) {
    for (const other of cells.flat()) other.tabIndex = other === cell ? 0 : -1;
  }
  function choose() {
    const [i, j] = model.get("value");
    for (const cell of cells.flat()) cell.removeAttribute("aria-current");
    cells[i][j].setAttribute("aria-current", "true");
    stop(cells[i][j]);
  }
  model.on("change:value", choose);
  choose();
  return () => model.off("change:value", choose);
}

export default { render };
