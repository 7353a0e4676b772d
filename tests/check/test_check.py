"""The exercises: what the checks say to right and wrong answers, the hints, and the record of what is solved."""

import json
import os
import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

import nnlib
from nnlib import check
from nnlib._support import language
from nnlib._support.console import columns, wrapped
from nnlib.check import exercises, judge, record
from nnlib.check.compare import compare, equal
from nnlib.check.exercises import lesson4, lesson5, lesson7, measure, written
from tests import ROOT

EVERY = exercises.every()
WRITTEN = {name: item for name, item in EVERY.items() if isinstance(item, exercises.Exercise)}
each_exercise = pytest.mark.parametrize("item", WRITTEN.values(), ids=WRITTEN)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Records go to a folder of the test, and all hints are closed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check, "_opened", {})
    return tmp_path


def is_untouched(item, mistaken):
    """Whether a mistake is that of the function as the notebook has it."""
    if item.untouched is None:
        return False
    inputs = judge._draw(item, np.random.default_rng())[0]
    return equal(mistaken(*inputs), item.untouched(*inputs))


# Every exercise


def test_every_lesson_has_at_least_four_exercises_numbered_from_1():
    for lesson in range(1, 10):
        mine = [name for name in EVERY if name.startswith(f"{lesson}.")]
        assert mine == [f"{lesson}.{i}" for i in range(1, len(mine) + 1)]
        assert len(mine) >= 4
    assert exercises.LESSONS.keys() == set(range(1, 10))


def test_every_exercise_has_a_title_of_its_own_and_two_hints():
    assert len({item.title for item in EVERY.values()}) == len(EVERY)
    assert min(len(item.hints) for item in EVERY.values()) >= 2


@each_exercise
def test_the_reference_is_right_whatever_the_input(item):
    for _ in range(5):
        assert judge.answer(item, item.reference).state == "right"


@each_exercise
def test_a_right_answer_gets_its_second_sentence_and_the_reference_needs_none(item):
    assert not any(is_due(item.reference) for is_due, _, _ in item.second)
    for _, sentence, example in item.second:
        result = judge.answer(item, example)
        assert result.state == "right" and result.text.endswith(sentence)


def test_loops_and_names_are_found_in_a_function_and_inside_it():
    assert written.loops(lambda A: [row for row in A]) and not written.loops(lambda A: A.sum())
    assert written.uses("where", "outer")(lambda A: (lambda: np.where(A, 1, 0))()) and not written.uses("where")(abs)


@each_exercise
def test_three_known_mistakes_each_get_their_own_answer(item):
    assert len({message for _, message in item.mistakes}) >= 3
    for mistaken, message in item.mistakes:
        result = judge.answer(item, mistaken)
        if is_untouched(item, mistaken):
            assert result.state == "unwritten" and "Your turn" in result.text
        else:
            assert result == judge.Answer("wrong", f"Not yet: {message}")


BUGGY = {name: item for name, item in WRITTEN.items() if item.untouched}


@pytest.mark.parametrize("item", BUGGY.values(), ids=BUGGY)
def test_a_function_with_its_bugs_invites_and_names_none_of_them(item):
    result = judge.answer(item, item.untouched)
    assert result.state == "unwritten" and "still has every bug" in result.text
    assert sum(not is_untouched(item, mistaken) for mistaken, _ in item.mistakes) >= 3


@each_exercise
def test_a_constant_is_wrong_even_if_it_is_right_for_one_input(item):
    constant = item.reference(*item.inputs(np.random.default_rng()))
    assert judge.answer(item, lambda *inputs: constant).state == "wrong"


@each_exercise
def test_the_inputs_are_no_answer(item):
    for i in range(len(item.inputs(np.random.default_rng()))):
        assert judge.answer(item, lambda *inputs, i=i: inputs[i]).state in (
            "wrong",
            "unwritten" if item.untouched else "wrong",
        )


@each_exercise
def test_on_the_inputs_every_mistake_shows_in_its_own_way(item):
    rng = np.random.default_rng()
    for _ in range(5):
        inputs, expected = judge._draw(item, rng)
        with np.errstate(all="ignore"):
            results = [(None, expected)] + [(message, mistaken(*inputs)) for mistaken, message in item.mistakes]
        for i, (a, left) in enumerate(results):
            assert not any(a != b and equal(left, right) for b, right in results[:i]), a


@pytest.mark.parametrize(
    "got, expected",
    [
        (np.ones(3), np.ones(3)),
        (np.ones(3) + 1e-10, np.ones(3)),
        (np.ones(3) + 1e-4, np.ones(3)),
        (np.ones((1, 3)), np.ones(3)),
        (-np.ones(3), np.ones(3)),
        (np.array([1, np.nan]), np.array([1, np.nan])),
        (np.array([1, np.inf]), np.array([1, 2])),
        ("one", 1),
        ([[1], [1, 2]], np.ones((2, 2))),
        (np.ones(2), (1, 1)),
        ([1, (1, 2)], (1, (1, 2))),
        ([1, (1, 2)], (1, (1, 3))),
        ((1, 1), (1, 1, 1)),
        (1, (1,)),
    ],
)
def test_what_is_not_equal_and_nothing_else_is_told(got, expected):
    assert equal(got, expected) == (compare(got, expected) is None)


@each_exercise
def test_the_inputs_are_new_at_each_call(item):
    def spy(*inputs):
        seen.append(repr(inputs))
        return item.reference(*inputs)

    seen = []
    judge.answer(item, spy)
    first = len(seen)
    judge.answer(item, spy)
    assert seen[:first] != seen[first:]


def never_runs_out(val_accuracy, patience):
    best = lesson5.early_stop(val_accuracy, patience)[0]
    return best, best + patience


@pytest.mark.parametrize(
    "name, function, part",
    [
        ("5.2", never_runs_out, "a training that never stops: value 2 of 2"),
        ("5.4", lambda validation, test: min(validation.max(), test.max()), "it should be"),
        ("6.1", lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum(axis=1, keepdims=True), "right in general"),
        (
            "6.1",
            lambda z: (
                np.exp(z - z.mean(axis=1, keepdims=True))
                / np.exp(z - z.mean(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
            ),
            "near 2000",
        ),
    ],
)
def test_what_is_right_most_of_the_time_does_not_pass(name, function, part):
    """Answers that readers found to pass, or to get the wrong diagnosis."""
    for _ in range(5):
        with np.errstate(all="ignore"):
            result = judge.answer(EVERY[name], function)
        assert result.state == "wrong" and part in result.text, result.text


def test_a_softmax_in_float32_is_right():
    for _ in range(20):
        assert judge.answer(EVERY["6.1"], lambda z: nnlib.softmax(z.astype(np.float32))).state == "right"


# The numbers to beat


def train(sizes, *kind, epochs, lr, returned=True):
    """A reader's function that trains with lesson 4's batches."""

    def train_network(X, y):
        net = nnlib.Network(sizes, *kind)
        nnlib.train(net, X, y, epochs=epochs, batch_size=50, optimizer=nnlib.SGD(lr), progress=False)
        return net if returned else None

    return train_network


def spoilt(X, y):
    X *= 0.5
    return nnlib.Network([784, 10, 10])


def diverged(X, y):
    net = nnlib.Network([784, 10, 10])
    net.params["W1"] *= np.nan
    return net


def dead(X, y):
    net = nnlib.Network([784, 10, 10])
    net.params["b2"][3] = 50
    return net


@pytest.mark.parametrize(
    "name, function, part",
    [
        ("7.2", lambda X, y: nnlib.Network([784, 100, 10]), "79,510 parameters; at most 40,000"),
        ("7.2", lambda X, y: "net", "got str"),
        ("7.2", train([784, 50, 10], epochs=10, lr=0.5), "has not learned enough"),
        ("9.5", lambda image: 3, "got shape ()"),
        ("9.5", lambda image: np.eye(10)[3], "the same answer for every image"),
        ("9.5", lambda image: image.ravel()[400:410], "75% are needed"),
        ("9.5", lambda image: np.full(10, np.nan), "NaN or infinite"),
    ],
)
def test_a_number_that_is_not_beaten_is_explained(name, function, part):
    result = judge.answer(EVERY[name], function)
    assert result.state == "wrong" and part in result.text, result.text


def test_a_network_that_remembers_is_told_so(monkeypatch):
    monkeypatch.setattr(measure, "VALIDATION", 2000)
    measured = partial(measure.measure_training, parameters=100_000, images=200, goal=0.95)
    beaten, text = measured(train([784, 50, 10], "relu", "softmax", epochs=30, lr=0.1), np.random.default_rng())
    assert not beaten and "it remembers them" in text


def test_distances_are_told_from_answers():
    X, y = nnlib.data.training_digits(10_000)
    averages = np.stack([X[y == digit].mean(axis=0) for digit in range(10)])
    result = judge.answer(EVERY["9.5"], lambda image: ((averages - image.ravel()) ** 2).sum(axis=1))
    assert result.state == "wrong" and "put a minus before them" in result.text.lower()


def test_a_network_from_elsewhere_does_not_beat_the_number():
    """It reads digits, and the check has renamed them."""
    rng = np.random.default_rng(0)
    measured = partial(measure.measure_training, parameters=10**6, images=100, goal=lesson4.GOAL)
    assert measured(lambda X, y: nnlib.load_pretrained(), rng)[0] is False


def test_lesson_7_asks_for_more_than_lesson_4_gives():
    assert lesson7.GOAL > lesson4.GOAL and lesson7.PARAMETERS >= 784 * 50 + 50 + 50 * 10 + 10


# What a checking cell says of mistakes that nobody foresaw


def made(reference, inputs, **more):
    return exercises.Exercise("Title", ("one", "two"), reference, inputs, **more)


SUM = made(lambda A: A.sum(axis=0), lambda rng: (rng.normal(size=(4, 3)),))
SQUARE = made(lambda A: A @ A, lambda rng: (rng.normal(size=(3, 3)),))
TWO = made(lambda x: (x + 1, x - 1), lambda rng: (float(rng.normal()),))
ROWS = made(lambda A: A.sum(axis=1), lambda rng: (rng.normal(size=(4, 3)),), single=lambda A: (A[:1],))
EXP = made(
    lambda z: np.exp(-np.abs(z)),
    lambda rng: (rng.normal(size=4),),
    extreme=((lambda rng: (np.array([-1000.0]),), "z near −1000"),),
)
LIST = made(sum, lambda rng: (rng.normal(size=4).tolist(),))


def stops(A):
    raise ZeroDivisionError("division by zero")


def changes(A):
    A[:] = A.copy()
    result = A.sum(axis=0)
    A[0] = 5
    return result


def sorts(values):
    values.sort()
    return sum(values)


@pytest.mark.parametrize(
    "exercise, function, part",
    [
        (SUM, stops, "ZeroDivisionError: division by zero"),
        (SUM, lambda A: A, "A sum over axis 0 is missing"),
        (SUM, lambda A: A.sum(), "it should be an array of shape (3,); got one number"),
        (SUM, lambda A: -A.sum(axis=0), "sign"),
        (SUM, lambda A: A.mean(axis=0), "0.25 times"),
        (SUM, lambda A: A.sum(axis=0) / 0 * 0, "NaN or infinite"),
        (SUM, lambda A: A.sum(axis=0) + np.array([0, 0, 1]), "2 of 3 numbers are right"),
        (SUM, lambda A: "text", "got str 'text'"),
        (SUM, lambda A: [A, 3], "a number or an array should come back; got list"),
        (SUM, changes, "what came in has changed"),
        (SUM, 5, "without brackets"),
        (SQUARE, lambda A: (A @ A).T, "transpose"),
        (TWO, lambda x: x + 1, "2 values should come back"),
        (TWO, lambda x: [x + 1], "2 values should come back"),
        (TWO, lambda x: (x + 1, x + 1), "value 2 of 2: it is"),
        (
            ROWS,
            lambda A: A.sum(axis=1, keepdims=True),
            "the numbers are right, but the shape is (4, 1); it should be (4,)",
        ),
        (ROWS, lambda A: A[0].sum(), "right for a batch of one, wrong for a batch of 4"),
        (
            ROWS,
            lambda A: A.reshape(3).sum(),
            "right for a batch of one, but for a batch of 4 it stopped with ValueError",
        ),
        (EXP, lambda z: np.where(z > 0, np.exp(-z), np.exp(z)), "right in general, but for z near −1000: it overflows"),
        (
            EXP,
            lambda z: np.exp(-np.abs(z)) * (1 if z.min() > -99 else np.nan),
            "for z near −1000: 1 of 1 numbers are NaN",
        ),
        (LIST, sorts, "what came in has changed"),
    ],
)
def test_a_mistake_is_named(exercise, function, part):
    with np.errstate(all="ignore"):
        result = judge.answer(exercise, function)
    assert result.state == "wrong" and result.text.startswith("Not yet") and part in result.text


@pytest.mark.parametrize("kind", [list, np.array])
def test_two_values_may_come_in_anything_that_unpacks(kind):
    assert judge.answer(TWO, lambda x: kind([x + 1, x - 1])).state == "right"


def to_be_done(A):
    raise NotImplementedError


@pytest.mark.parametrize("function", [lambda A: None, lambda A: ..., to_be_done], ids=["none", "dots", "error"])
def test_what_is_not_written_is_an_invitation(function):
    result = judge.answer(SUM, function)
    assert result.state == "unwritten" and result.text.startswith("Your turn")


def test_a_function_without_its_return_is_told_so():
    def stub(A):
        """A docstring."""
        ...

    def reader(A):
        total = A.sum(axis=0)  # noqa: F841

    assert "write stub in the cell above" in judge.answer(SUM, stub).text
    result = judge.answer(SUM, reader)
    assert result.state == "unwritten" and "reader returns nothing" in result.text and "return missing" in result.text


def test_an_unwritten_project_is_told_without_loading_the_digits(monkeypatch):
    def stub(X, y):
        """A docstring."""
        ...

    def load(*arguments):
        raise AssertionError("MNIST takes 200 MB beside the one that the lesson holds")

    monkeypatch.setattr(measure, "load_mnist", load)
    monkeypatch.setattr(measure, "training_digits", load)
    projects = [item for item in EVERY.values() if isinstance(item, exercises.Project)]
    assert len(projects) >= 3
    for project in projects:
        assert judge.answer(project, stub).state == "unwritten"


@pytest.mark.parametrize("function", [lambda A: A, lambda A: 5, lambda A: "a"], ids=["input", "number", "text"])
def test_a_short_function_is_not_taken_for_an_unwritten_one(function):
    assert judge.answer(SUM, function).state == "wrong"


def test_the_line_that_stopped_is_shown():
    def reader(A):
        return A @ np.ones(99)

    assert "in the line return A @ np.ones(99)" in judge.answer(SUM, reader).text


@pytest.mark.parametrize("name", ["10.1", "1.99", "two", ""])
def test_an_unknown_name_is_told_what_there_is(name):
    with pytest.raises(ValueError, match='like "2.1".*1.1'):
        check.exercise(name, len)


# Hints


def test_hints_open_one_by_one_and_then_point_to_the_solution(capsys):
    hints = EVERY["2.4"].hints
    for i, text in enumerate(hints, start=1):
        check.hint("2.4")
        said = capsys.readouterr().out
        assert f"Hint {i} of {len(hints)}" in said and text in said
    check.hint("2.4")
    assert "solution is folded below" in capsys.readouterr().out
    assert record.read("my_progress.json")["2.4"]["hints"] == len(hints)


def test_a_hint_is_markdown_so_that_its_formulas_show(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    check.hint("2.1")
    check.hint("2.1")
    assert "the slope $h$" in shown[1]._repr_markdown_() and shown[1]._repr_html_() is None


def test_a_wrong_answer_ends_with_the_way_to_a_hint_and_a_right_one_does_not(capsys):
    check.exercise("1.2", lambda w, b: (w, b))
    assert capsys.readouterr().out.rstrip().endswith('check.hint("1.2").')
    check.exercise("1.2", EVERY["1.2"].reference)
    assert "hint" not in capsys.readouterr().out


# The record


def test_a_solved_exercise_is_noted_with_time_tries_and_hints(capsys):
    check.exercise("1.2", lambda w, b: ...)  # not a try
    check.hint("1.2")
    check.exercise("1.2", lambda w, b: (-w, b))
    check.exercise("1.2", EVERY["1.2"].reference)
    assert "Solved in this lesson: 1 of 9" in capsys.readouterr().out
    entry = record.read("my_progress.json")["1.2"]
    assert (entry["tries"], entry["hints"]) == (2, 1) and entry["solved"][:2] == "20"
    check.exercise("1.2", lambda w, b: (-w, b))
    check.hint("1.2")
    assert record.read("my_progress.json")["1.2"] == entry


def test_an_untouched_cell_writes_nothing(own_folder, capsys):
    check.exercise("1.1", lambda x, w: ...)
    check.exercise("1.9", EVERY["1.9"].untouched)
    assert list(own_folder.iterdir()) == [] and capsys.readouterr().out.count("Your turn") == 2


def test_progress_is_a_table_and_text():
    check.exercise("1.1", EVERY["1.1"].reference)
    check.exercise("2.1", abs)
    shown = check.progress()
    for form in (repr(shown), shown._repr_html_()):
        assert f"1 of {len(EVERY)} solved" in form and "1 · The forward pass" in form and "1 of 9" in form
    assert shown._repr_html_().count('scope="row"') == 9 and "<caption" in shown._repr_html_()
    names = ["2.1", "2.2,", "2.3,", "2.4,", "2.5,", "2.6,", "2.7"]
    assert repr(shown).splitlines()[3].split()[-7:] == names, "2.1 is begun, six are left"


def test_a_long_answer_is_broken_between_words(own_folder, capsys, monkeypatch):
    said = "Not yet: " + 30 * "lengthy " + "\n  [[1 2]\n   [3 4]]"
    monkeypatch.setattr(check, "answer", lambda *_: judge.Answer("wrong", said))
    check.exercise("3.2", None)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 122 and set(" ".join(lines[:3]).split()) == {"Not", "yet:", "lengthy"}
    assert lines[3:5] == ["  [[1 2]", "   [3 4]]"]


def test_a_long_chinese_answer_is_broken_by_its_width_and_no_mark_begins_a_line():
    said = 20 * "还不对。“形状”是 (3, 4)，应该是 (4,)；看看 np.maximum(0, z)（z 的最大值）……"
    lines = wrapped(said).split("\n")
    assert max(map(columns, lines)) <= 122 and min(map(columns, lines[:-1])) > 100
    assert not [line for line in lines if line[0] in "，。；：）”…" or line[-1] in "（“"]
    assert not [line for line in lines if re.search(r"np\.?\w*$", line)], "no word is broken"
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")


def test_a_text_table_has_straight_columns_in_chinese():
    text, _ = record._table("题注", ["课", "做出"], [["1 · 前向传播", "2.1"], ["2", "9 之 1"]], [])
    assert [columns(line[: re.search(r"做|2\.1|9 之", line).start()]) for line in text.split("\n")[1:]] == [14, 14, 14]


def test_two_sentences_have_a_space_between_them_and_none_in_chinese(monkeypatch):
    assert record._join("One.", "Two.") == "One. Two." and record._join("", "Two.") == "Two."
    monkeypatch.setattr(language, "_texts", {" {sentence}": "{sentence}"})
    assert record._join("一。", "二。") == "一。二。"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"kind": "other"}',
        "\x00\xff",
        "[" * 100_000,
        '{"kind": "nnlib progress 0", "exercises": {}}',
        '{"kind": ["nnlib progress 2"], "exercises": {}}',
        '{"kind": "nnlib progress 1", "exercises": {"1.1": {"tries": -1}}}',
        '{"kind": "nnlib progress 2", "exercises": {"1.1": {"tries": -1}}}',
    ],
    ids=["empty", "cut", "list", "other", "binary", "deep", "no kind", "list of kinds", "old entry", "entry"],
)
def test_a_damaged_record_is_told_and_kept_aside(content, own_folder, capsys):
    damaged = content.encode("latin-1")
    for number in (1, 2):
        (own_folder / "my_progress.json").write_bytes(damaged)
        check.exercise("1.1", EVERY["1.1"].reference)
        said = " ".join(capsys.readouterr().out.split())
        assert said.startswith("Right") and "damaged" in said and f"kept as my_progress.damaged-{number}.json" in said
        assert (own_folder / f"my_progress.damaged-{number}.json").read_bytes() == damaged
        assert record.read("my_progress.json")["1.1"]["solved"]


# The names that the exercises had in the series of eight lessons, and those that they have now
MOVED = {"5.2": "5.2", "6.1": "6.1", "6.2": "6.2", "6.4": "6.3", "6.3": "7.1", "6.5": "7.2"}
MOVED |= {f"{lesson}.{i}": f"{lesson + 1}.{i}" for lesson in (7, 8) for i in range(1, 6)}


def of_the_first_kind(path):
    """A record as the series of eight lessons wrote it; each exercise has another number of tries."""
    entries = {name: {"tries": i, "hints": 0, "solved": "2026-01-31"} for i, name in enumerate(MOVED, start=1)}
    path.write_text(json.dumps({"kind": "nnlib progress 1", "exercises": entries}))
    return {MOVED[name]: entry for name, entry in entries.items()}


def test_a_record_of_the_eight_lessons_is_read_under_todays_names_and_written_as_the_second_kind(own_folder, capsys):
    path = own_folder / "my_progress.json"
    entries, before = of_the_first_kind(path), path.read_bytes()
    assert len(entries) == len(MOVED) and set(MOVED.values()) <= EVERY.keys()
    assert record.read(path) == entries and f"{len(MOVED)} of {len(EVERY)} solved" in repr(check.progress())
    assert path.read_bytes() == before, "to look at it changes nothing"
    check.exercise("1.2", EVERY["1.2"].reference)
    said = capsys.readouterr().out
    assert said.startswith("Right") and "damaged" not in said and list(own_folder.iterdir()) == [path]
    written = json.loads(path.read_text())
    assert written["kind"] == "nnlib progress 2" and written["exercises"].pop("1.2")["solved"]
    assert written["exercises"] == entries == {k: v for k, v in record.read(path).items() if k != "1.2"}


def test_records_of_both_kinds_are_collected_in_one_table(own_folder):
    entries = of_the_first_kind(own_folder / "anna.json")
    hand_in(own_folder / "ben.json", _7_1="2026-01-31")
    collection = check.collect(own_folder)
    assert collection.students["anna"] == entries and list(collection.students["ben"]) == ["7.1"]
    assert not collection.left_out


def test_a_record_of_a_newer_kind_is_told_and_kept_aside(own_folder, capsys):
    content = '{"kind": "nnlib progress 3", "exercises": {"1.1": "of another form"}}'
    (own_folder / "anna.json").write_text(content)
    assert "its kind is 'nnlib progress 3'" in check.collect(own_folder).left_out["anna.json"]
    for number in (1, 2):
        (own_folder / "my_progress.json").write_text(content)
        check.exercise("1.1", EVERY["1.1"].reference)
        said = " ".join(capsys.readouterr().out.split())
        assert said.startswith("Right") and "is of a newer nnlib" in said and "reads up to 'nnlib progress 2'" in said
        assert "damaged" not in said and f"kept as my_progress.newer-{number}.json" in said
        assert (own_folder / f"my_progress.newer-{number}.json").read_text() == content
        assert record.read("my_progress.json")["1.1"]["solved"]


def test_a_folder_that_cannot_be_written_fails_no_exercise(own_folder, capsys, monkeypatch):
    def refuse(*args, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("nnlib._support.files.os.open", refuse)
    check.exercise("1.1", EVERY["1.1"].reference)
    said = capsys.readouterr().out
    assert said.startswith("Right") and "could not be saved: Permission denied" in said
    (own_folder / "my_progress.json").write_text("damaged")
    monkeypatch.setattr("pathlib.Path.rename", refuse)
    check.exercise("1.1", EVERY["1.1"].reference)
    assert "could not be put aside" in capsys.readouterr().out
    assert (own_folder / "my_progress.json").read_text() == "damaged" and "0 of" in repr(check.progress())


def test_a_write_that_fails_leaves_the_old_record_and_no_rest(own_folder, monkeypatch):
    check.exercise("1.1", EVERY["1.1"].reference)
    before = (own_folder / "my_progress.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(
            "nnlib._support.files.os.replace",
            lambda *paths: (_ for _ in ()).throw(OSError(28, "No space left on device")),
        )
        assert "No space left" in record.note("1.2", tried=True)
    assert [path.read_bytes() for path in own_folder.iterdir()] == [before]


def test_reset_says_what_it_removed_and_closes_the_hints(own_folder, capsys):
    check.exercise("1.1", EVERY["1.1"].reference)
    check.exercise("1.2", lambda w, b: (-w, b))
    check.hint("1.2")
    capsys.readouterr()
    check.reset_progress()
    said = capsys.readouterr().out
    assert "1 solved: 1.1; tries: 2" in said and "my_progress.json" in said and list(own_folder.iterdir()) == []
    check.reset_progress()
    assert "Nothing to remove" in capsys.readouterr().out
    check.hint("1.2")
    assert "Hint 1 of" in capsys.readouterr().out


def test_a_teacher_collects_a_class(own_folder):
    for student, solved in {"anna": ["1.1", "1.2"], "ben <b>": ["1.1"]}.items():
        for name in solved:
            check.exercise(name, EVERY[name].reference)
        (own_folder / "my_progress.json").rename(own_folder / f"{student}.json")
    record.note("2.1", tried=True, hints=2)
    (own_folder / "my_progress.json").rename(own_folder / "cleo.json")
    (own_folder / "timetable.json").write_text(json.dumps({"monday": "maths"}))
    (own_folder / "essay.txt").write_text("not looked at")
    collection = check.collect(own_folder)
    assert list(collection.students) == ["anna", "ben <b>", "cleo"] and list(collection.left_out) == ["timetable.json"]
    assert collection.students["anna"]["1.2"]["solved"] and not collection.students["cleo"]["2.1"]["solved"]
    lines = repr(collection).splitlines()
    assert lines[0] == "Students: 3" and "timetable.json: it is no record" in lines[-1]
    assert (
        lines[2].split() == ["anna", "2", "✓1", "✓1"]
        and "○1+2" in lines[4]
        and lines[5].split()[:5] == ["solved", "by", "3", "2", "1"]
    )
    html = collection._repr_html_()
    assert "ben &lt;b&gt;" in html and "<b>" not in html and html.count('scope="col"') == len(EVERY) + 2


TREES = {
    "Moodle": [
        "Anna Muster_12345_assignsubmission_file_/my_progress.json",
        "Ben_Óg Ó Sé_678_assignsubmission_file_/my_progress.json",
    ],
    "Moodle, packed twice": [
        "class 1/Anna Muster_12345_assignsubmission_file/lessons/my_progress.json",
        "class 1/Ben_Óg Ó Sé_678_assignsubmission_file/anything.json",
    ],
    "Canvas": ["annamuster_LATE_12345_67890_my_progress.json", "benog_222_333_my_progress-1.json"],
    "Canvas, in a folder": [
        "submissions/annamuster_12345_67890_my_progress-2.json",
        "submissions/benog_2_3_my_progress.json",
    ],
    "nbgrader": ["submitted/anna/lesson 1/my_progress.json", "submitted/ben/lesson 1/my_progress.json"],
    "nbgrader, from within": ["anna/lesson 1/my_progress.json", "ben/lesson 1/my_progress.json"],
    "folders": ["anna/my_progress.json", "ben/my_progress (1).json"],
    "files in a folder": ["2026/anna.json", "2026/ben.json"],
}
NAMES = {"Moodle": ["Anna Muster", "Ben_Óg Ó Sé"], "Canvas": ["annamuster", "benog"]}


def hand_in(path, **solved):
    """A record at a path, with exercises like _1_1="2026-01-31"."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = {name[1:].replace("_", "."): {"tries": 1, "hints": 0, "solved": when} for name, when in solved.items()}
    path.write_text(json.dumps({"kind": record.KIND, "exercises": entries}))


@pytest.mark.parametrize("platform", TREES)
def test_the_folders_of_a_learning_platform_are_collected_under_the_students_names(own_folder, platform):
    for path in TREES[platform]:
        hand_in(own_folder / path, _1_1="2026-01-31")
    hand_in(own_folder / "__MACOSX" / "._anna.json")
    hand_in(own_folder / ".ipynb_checkpoints" / "my_progress.json")
    collection = check.collect(own_folder)
    assert list(collection.students) == NAMES.get(platform.split(",")[0], ["anna", "ben"])
    assert not collection.left_out


def test_of_two_records_of_a_student_the_one_with_the_latest_solution_is_shown_and_the_other_named(own_folder):
    hand_in(own_folder / "anna" / "lesson 1" / "my_progress.json", _1_1="2026-01-31", _1_2="2026-02-28")
    hand_in(own_folder / "anna" / "lesson 2" / "my_progress.json", _1_1="2026-01-31")
    collection = check.collect(own_folder)
    assert collection.students["anna"].keys() == {"1.1", "1.2"}
    assert "Left out: anna/lesson 2/my_progress.json: anna/lesson 1/my_progress.json is by the same" in repr(collection)


def test_two_students_of_one_name_are_told_apart(own_folder):
    for path in ("Anna_1_assignsubmission_file_/my_progress.json", "Anna_2_assignsubmission_file_/my_progress.json"):
        hand_in(own_folder / path)
    assert list(check.collect(own_folder).students) == ["Anna_1", "Anna_2"]


def test_a_folder_without_records_says_what_it_needs(own_folder):
    (own_folder / "anna.zip").touch()
    (own_folder / "timetable.json").write_text("{}")
    text = repr(check.collect(own_folder))
    assert f"No records under {own_folder}" in text and "like anna.json" in text and "Packed files: 1" in text
    assert "Left out: timetable.json" in text and "✓2" not in text


def test_a_record_with_a_byte_order_mark_is_read(own_folder, capsys):
    hand_in(own_folder / "my_progress.json", _1_1="2026-01-31")
    path = own_folder / "my_progress.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    check.exercise("1.2", EVERY["1.2"].reference)
    assert "damaged" not in capsys.readouterr().out and len(record.read(path)) == 2
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(check.collect(own_folder).students["my_progress"]) == 2


def test_a_private_record_stays_private(own_folder):
    check.exercise("1.1", EVERY["1.1"].reference)
    (own_folder / "my_progress.json").chmod(0o600)
    check.exercise("1.2", EVERY["1.2"].reference)
    assert (own_folder / "my_progress.json").stat().st_mode & 0o777 == 0o600


CONSOLE = """
import numpy as np
from nnlib import check
from nnlib.check import exercises
from nnlib._support.console import printable
for name, item in exercises.every().items():
    for hint in item.hints:
        check.hint(name)
    for _, message in getattr(item, "mistakes", ()):
        print(printable(message))
check.exercise("2.1", exercises.find("2.1").mistakes[0][0])
check.exercise("1.2", exercises.find("1.2").reference)
print(check.progress())
print(check.collect("."))
check.reset_progress()
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_every_console_can_show_what_is_printed(own_folder, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CONSOLE]
    finished = subprocess.run(command, cwd=own_folder, env=environment, capture_output=True)
    assert finished.returncode == 0, finished.stderr.decode()
    said = finished.stdout.decode(encoding)
    sigmoids = "σ within σ" if encoding == "utf-8" else "sigma within sigma"
    assert "Not yet: that is one of the two paths" in said and sigmoids in said
    assert ("✓1" if encoding == "utf-8" else "x1") in said
    if encoding != "utf-8":
        assert "x2: solved, after two tries. o2:" in said


def test_collect_without_a_folder_says_what_it_needs():
    with pytest.raises(FileNotFoundError, match="students' files, like anna.json"):
        check.collect("nowhere")
