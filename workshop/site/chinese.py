"""Search in Chinese, which has no spaces between its words: a page is found by each pair of neighbouring characters.

The index has each character and each pair of neighbours; what somebody looks for is taken apart into its pairs, and a
page must have all of them. A dictionary (jieba, which Sphinx would use) knows few of the terms: it has no 反向传播 and
cuts it otherwise in a sentence than alone. Pairs need none, and find words of one, two and more characters. Latin words
are found by their stems, as on the English pages.
"""

import re
from itertools import pairwise
from pathlib import Path

from sphinx.search.en import SearchEnglish

HAN = "\u3400-\u9fff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")  # of characters, or a word of letters


class SearchChinese(SearchEnglish):
    """The index of the Chinese pages; in the browser ``chinese.js`` does the same to what somebody looks for."""

    lang = "zh"
    language_name = "English"  # by which Sphinx finds the stemmer
    js_splitter_code = (Path(__file__).parent / "chinese.js").read_text(encoding="utf-8")

    def split(self, input):  # noqa: A002 - Sphinx's name for it
        """The words of a text."""
        return [word for run in RUN.findall(input) for word in words(run)]


def words(run):
    """The words by which a run of characters is found."""
    if not "\u3400" <= run[0] <= "\u9fff":
        return [run]
    return [*run, *map("".join, pairwise(run))]
