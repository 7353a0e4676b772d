"""Search in Chinese, which has no spaces between its words: a page is found by all that stands beside each other in it.

The index has each character, each pair and each three of neighbours; what somebody looks for is taken apart into its
threes, and a page must have all of them. A dictionary (jieba, which Sphinx would use) knows few of the terms: it cuts
反向传播 into 反向 and 传播, which other pages have, too. This way needs none, and finds words of one, two and more
characters.
Latin words are found by their stems, as on the English pages.
"""

import re
from pathlib import Path

from sphinx.search.en import SearchEnglish

HAN = "\u3400-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")  # of characters, or a word of letters
CHARACTERS = re.compile(f"[{HAN}]")
LONGEST = 3


class SearchChinese(SearchEnglish):
    """The index of the Chinese pages; in the browser ``chinese.js`` does the same to what somebody looks for."""

    lang = "zh"
    language_name = "English"  # by which Sphinx finds the stemmer
    js_splitter_code = (Path(__file__).parent / "chinese.js").read_text(encoding="utf-8")

    def split(self, input):  # noqa: A002 - Sphinx's name for it
        """The words of a text."""
        return [word for run in RUN.findall(input) for word in words(run)]

    def stem(self, word):
        """The stem of a Latin word; characters have none."""
        return word if CHARACTERS.match(word) else super().stem(word)


def words(run):
    """The words by which a run of characters is found, all as long as the longest: Sphinx need not have short ones."""
    if not CHARACTERS.match(run):
        return [run]
    sizes = range(1, min(LONGEST, len(run)) + 1)
    return [run[i : i + size].ljust(LONGEST, "_") for size in sizes for i in range(len(run) - size + 1)]
