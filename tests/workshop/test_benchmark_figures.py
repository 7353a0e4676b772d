"""The documents' figures are those that are stored, and what is counted for them is counted right."""

import re

import numpy as np
import pytest

import nnlib
from tests import ROOT
from workshop import documents
from workshop.benchmarks import writers
from workshop.benchmarks.growth import BASE, PANELS, multiply_adds
from workshop.results import load as load_result

BENCHMARKS = ROOT / "workshop" / "benchmarks"
PAGE = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
each_document = pytest.mark.parametrize("name", documents.DOCUMENTS)


@pytest.fixture(scope="module")
def figures():
    return documents.figures()


@each_document
def test_writing_the_documents_changes_nothing(name, figures):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert documents.written(text, figures) == text, "run: python -m workshop.documents"


def test_every_figure_is_written_somewhere_and_every_comment_is_closed(figures):
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in documents.DOCUMENTS]
    assert {match[2] for text in texts for match in documents.MARKED.finditer(text)} == set(figures)
    for text in texts:
        assert len(re.findall("<!--", text)) == 2 * len(documents.MARKED.findall(text))


@each_document
def test_no_figure_hides_the_markdown_of_its_line(name):
    """A comment that begins a block makes raw HTML of its line; the comments around a table have lines of their own."""
    assert not re.search(r"(?m)^\s*([-*]|\d+\.)?\s*<!--.*-->.*\S$", (ROOT / name).read_text(encoding="utf-8"))


def test_a_figure_that_changed_is_written_and_one_that_nobody_knows_stops_the_command():
    text = "It has <!-- a.b -->1 %<!-- / --> of them, and 1 % of others."
    assert documents.written(text, {"a.b": "2 %"}) == text.replace("1 %<", "2 %<")
    with pytest.raises(KeyError, match=r"a\.b"):
        documents.written(text, {})


def test_the_multiply_adds_of_a_small_network_are_those_counted_by_hand():
    # 3-4-5: z takes 12 + 20 for an image, dW as many, da 20 in the second layer and none in the first.
    assert multiply_adds([3, 4, 5], images=1) == (12 + 20) + (12 + 20) + 20
    assert multiply_adds([3, 4, 5], images=7) == 7 * multiply_adds([3, 4, 5], images=1)


def test_the_stored_growth_is_that_of_todays_settings():
    growth = load_result("growth")
    assert growth["base"] == vars(BASE)
    assert {name: tuple(panel["values"]) for name, panel in growth["panels"].items()} == PANELS


def test_every_figure_of_the_footprint_meets_its_aim():
    for name, entry in load_result("footprint")["figures"].items():
        assert entry["met"] and entry["figure"] <= entry["aim"], name


def test_the_figure_is_light_and_has_alt_text():
    assert (BENCHMARKS / "growth.png").stat().st_size < 150_000
    alt = PAGE.split("](growth.png)")[0].rsplit("![", 1)[1]
    assert len(alt) > 80


def test_the_sentences_around_the_growth_of_cost_name_what_was_measured():
    """One of the panels has six layers where the count has 1.9 times as many multiply-adds, and batches of 5 to 500."""
    smallest, *_, largest = PANELS["batch_size"]
    assert (
        PANELS["hidden_layers"][-1] == 6 and f"in batches of {smallest}" in PAGE and f"in batches of {largest}" in PAGE
    )
    panels = load_result("growth")["panels"].values()
    counted = [panel["multiply_adds"][-1] / panel["multiply_adds"][0] for panel in panels]
    assert counted == pytest.approx([16, 32, 1.94, 1], rel=0.005)


def test_the_most_frequent_mistake_on_whole_digits_is_a_one_read_as_seven():
    stored = load_result("pen_strokes")
    wrong = np.array(stored["networks"]["pretrained"]["ways"]["steps"]["confusion"])
    assert wrong.sum() == stored["strokes"]["digits"]
    np.fill_diagonal(wrong, 0)
    wrong[[4, 0, 8], [1, 1, 0]] = 0  # the torn ones: a single stroke stands as a digit
    assert np.unravel_index(wrong.argmax(), wrong.shape) == (1, 7)


def test_the_matrix_is_whole_and_all_of_it_passed():
    summaries = load_result("matrix")["summaries"]
    assert set(summaries) == {
        f"Python {version}, {resolution}"
        for version in ("3.11", "3.12", "3.13")
        for resolution in ("lowest-direct", "highest")
    }
    assert all(re.fullmatch(r"\d+ passed, 1 skipped in .*", summary) for summary in summaries.values())


# The writers of the test set


def test_the_error_over_writers_is_the_binomial_one_if_each_wrote_one_digit():
    right = np.random.default_rng(0).random(500) < 0.9
    assert writers.clustered_error(right, np.arange(500)) == pytest.approx(writers.binomial_error(right))


def test_ten_equal_digits_of_each_writer_count_as_one():
    """Lesson 5's four people: three are read, the fourth is not."""
    right, writer = np.repeat([True, True, True, False], 10), np.repeat(np.arange(4), 10)
    assert writers.clustered_error(right, writer) == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert writers.clustered_error(right, writer) == pytest.approx(np.sqrt(10) * writers.binomial_error(right))
    found = writers.measure(right, writer)
    assert (found["writers"], found["half_of_the_mistakes_from"]) == (4, 1)
    assert found["writers_by_mistakes"] == [3] + 9 * [0] + [1]
    assert found["writers_interval"] == [0.25, 1.0], "one chance in 256 that all four are the fourth"


def test_the_bootstrap_scatters_as_the_error_over_writers_says():
    rng = np.random.default_rng(0)
    writer = np.repeat(np.arange(300), rng.integers(5, 40, 300))
    right = rng.random(len(writer)) < rng.beta(8, 1, 300)[writer]
    accuracies = writers.bootstrap(right, writer, rng)
    assert accuracies.std() == pytest.approx(writers.clustered_error(right, writer), rel=0.05)
    assert accuracies.mean() == pytest.approx(right.mean(), abs=0.001)


def test_the_stored_writers_are_counts_and_figures_of_all_test_digits_and_no_rows():
    stored = load_result("writers")
    for groups in stored["networks"].values():
        assert {group: (of["digits"], of["writers"]) for group, of in groups.items()} == {
            "all": (10_000, 297),
            "students": (5001, 249),
            "employees": (4999, 48),
        }
        for of in groups.values():
            by_mistakes = np.array(of["writers_by_mistakes"])
            assert by_mistakes.sum() == of["writers"]
            mistakes = np.sum(by_mistakes * np.arange(len(by_mistakes)))
            assert mistakes == round((1 - of["accuracy"]) * of["digits"])
            assert of["ratio"] == pytest.approx(of["clustered_error"] / of["binomial_error"])
    assert stored["accuracies"]["all"][0] == stored["networks"]["lesson 5"]["all"]["accuracy"]
    assert max(len(values) for values in lists_of(stored)) < 20


def lists_of(stored):
    """All lists in a stored result, however deep."""
    for value in stored.values() if isinstance(stored, dict) else ():
        yield from [value] if isinstance(value, list) else lists_of(value)


def test_the_stored_writers_are_read_by_the_shipped_network_as_it_is():
    mnist, shipped = nnlib.load_mnist(), load_result("writers")["networks"]["shipped"]
    right = nnlib.load_pretrained().predict(mnist.X_test) == mnist.y_test
    assert right[:5001].mean() == pytest.approx(shipped["students"]["accuracy"], abs=0.0003)
    assert right[5001:].mean() == pytest.approx(shipped["employees"]["accuracy"], abs=0.0003)
