// What somebody looks for on the Chinese pages, as chinese.py has put it into the index: in threes of characters. This
// stands in Sphinx's language_data.js, which the page of the search loads after searchtools.js.

function splitQuery(query) {
  const isChinese = (run) => /^[\u3400-\u9fff]/.test(run);
  const threes = (run) => Array.from({ length: Math.max(run.length - 2, 1) }, (_, i) => run.slice(i, i + 3));
  const runs = query.match(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}_])+/gu) ?? [];
  return runs.flatMap((run) => (isChinese(run) ? threes(run).map((word) => word.padEnd(3, "_")) : run));
}

// The words count whole: a page whose title has them comes first, and the lines around them show them.
(() => {
  const { _parseQuery, makeSearchSummary } = Search;
  let whole = new Set();
  Object.assign(Search, {
    _parseQuery(query) {
      const parsed = _parseQuery(query);
      whole = new Set(query.toLowerCase().trim().split(/\s+/));
      localStorage.setItem("sphinx_highlight_terms", [...whole].join(" "));
      return parsed.with(3, whole);
    },
    makeSearchSummary: (page, _, anchor) => makeSearchSummary(page, whole, anchor),
  });
  const named = (title) => [...whole].every((word) => title.toLowerCase().includes(word));
  Scorer.score = ([, title, , , score]) => score + (named(title) ? 100 : 0);
})();
