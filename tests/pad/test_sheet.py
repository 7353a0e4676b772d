"""A sheet of one's own digits: nothing is lost, and it goes on where it was."""

import json

import numpy as np
import pytest

import nnlib
from nnlib.pad.adaptation import Pupil
from nnlib.pad.sheet import Sheet
from nnlib.pad.widget import DrawingPad

ONE = [[[0.5, 0.1], [0.5, 0.9]]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "my_digits" / "sheet.json"


def test_every_digit_is_asked_for_as_often_as_any_other_in_an_order_of_its_own(path):
    assert np.bincount(Sheet(path).asked).tolist() == [5] * 10
    assert Sheet(path).asked == Sheet(path).asked != Sheet(path, seed=1).asked
    assert sorted(np.bincount(Sheet(path, count=13).asked)) == [1] * 7 + [2] * 3
    assert not path.parent.exists(), "a sheet without a drawing needs no file"


def test_what_is_kept_is_in_the_file_and_a_new_sheet_goes_on_there(path):
    sheet = Sheet(path, count=3, seed=4)
    sheet.keep(ONE)
    sheet.keep([[(0, 0), (1, 1)], [(0.123456, 0.5)]])
    again = Sheet(path)
    assert (len(again), again.asked, again.next) == (2, sheet.asked, sheet.asked[2])
    assert again.drawings == sheet.drawings == [ONE, [[[0, 0], [1, 1]], [[0.1235, 0.5]]]]
    assert np.array_equal(again.images, [nnlib.strokes_to_image(drawing).ravel() for drawing in again.drawings])
    assert again.labels.tolist() == sheet.asked[:2]
    again.keep(ONE)
    assert again.next is None and "3 of 3" in repr(again)


def test_an_empty_sheet_has_no_images():
    assert Sheet("nowhere.json").images.shape == (0, 784) and Sheet("nowhere.json").labels.shape == (0,)


def test_no_folder_of_the_name_tilde_is_made_by_a_sheet_or_by_a_pupil(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="path must be .*expanduser"):
        Sheet("~/sheet.json")
    with pytest.raises(ValueError, match="folder must be .*expanduser"):
        Pupil(nnlib.Network([784, 10])).save("~/mine")
    assert list(tmp_path.iterdir()) == []


def test_the_last_drawing_can_be_taken_back(path):
    sheet = Sheet(path)
    sheet.keep(ONE)
    sheet.take_back()
    assert len(sheet) == 0 and Sheet(path).next == sheet.asked[0]
    with pytest.raises(ValueError, match="nothing to take back"):
        sheet.take_back()


def test_nothing_drawn_or_no_room_is_told_and_nothing_changes(path):
    sheet = Sheet(path, count=1)
    for nothing in ([], [[]]):
        with pytest.raises(ValueError, match="nothing to keep"):
            sheet.keep(nothing)
    with pytest.raises(ValueError, match="finite"):
        sheet.keep([[[0, np.nan]]])
    assert not path.exists()
    sheet.keep(ONE)
    with pytest.raises(ValueError, match="All 1 digits"):
        sheet.keep(ONE)
    assert len(Sheet(path)) == 1


GOOD = {"kind": "nnlib sheet 1", "asked": [3, 1], "drawings": [ONE]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "{}",
        "[" * 100_000,
        json.dumps({**GOOD, "kind": "nnlib sheet 2"}),
        json.dumps({**GOOD, "asked": [10, 1]}),
        json.dumps({**GOOD, "asked": "31"}),
        json.dumps({**GOOD, "asked": None}),
        json.dumps({**GOOD, "drawings": [ONE] * 3}),
        json.dumps({**GOOD, "drawings": [[]]}),
        json.dumps({**GOOD, "drawings": [[[["a", 1]]]]}),
        json.dumps({**GOOD, "drawings": [[[[1, 2, 3]]]]}),
        json.dumps({**GOOD, "drawings": 7}),
    ],
)
def test_a_file_that_is_no_sheet_is_told_and_left_as_it_is(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ValueError, match=r"sheet\.json is no sheet that nnlib wrote \(.*\)\. Name another file"):
        Sheet(path)
    assert path.read_text() == text


def test_a_sheet_that_cannot_be_written_keeps_nothing(path):
    path.parent.write_text("a file where the folder should be")
    sheet = Sheet(path)
    with pytest.raises(OSError):
        sheet.keep(ONE)
    assert len(sheet) == 0


# On the pad


def always(digit):
    return lambda image: np.eye(10)[digit]


def test_the_pad_asks_keeps_and_counts_what_its_reader_reads_right(path):
    sheet = Sheet(path, count=10)
    pad = DrawingPad({"first": always(sheet.asked[0]), "second": always(sheet.asked[1])}, sheet=sheet)
    assert (pad.task["next"], pad.task["kept"], pad.task["of"], pad.task["right"]) == (sheet.asked[0], 0, 10, 0)
    pad.draw(ONE)
    pad.keep()
    assert pad.strokes == [] and not pad.image.any(), "room for the next one"
    assert (pad.task["next"], pad.task["kept"], pad.task["right"]) == (sheet.asked[1], 1, 1)
    pad.reader = "second"
    assert pad.task["right"] == 0
    pad.take_back()
    assert pad.task["kept"] == 0 and len(Sheet(path)) == 0


def test_the_tally_follows_what_the_network_learns(path):
    sheet = Sheet(path, count=10)
    net = nnlib.load_pretrained()
    pad = DrawingPad(net, sheet=sheet)
    wrong = next(
        strokes
        for strokes in ([[[0.1, 0.5], [0.9, 0.5]]], ONE)
        if net.predict(nnlib.strokes_to_image(strokes).reshape(1, 784))[0] != sheet.asked[0]
    )
    pad.draw(wrong)
    pad.keep()
    assert pad.task["right"] == 0
    pad.draw(wrong)
    pad.teach(sheet.asked[0])
    assert pad.task["right"] == 1
    pad.reset_teaching()
    assert pad.task["right"] == 0


def test_what_the_page_asks_for_too_late_or_without_a_sheet_is_told(path):
    pad = DrawingPad(always(1), sheet=Sheet(path))
    pad.draw(ONE)
    pad._command(pad, {"do": "keep", "count": pad.count - 1}, [])
    assert "had changed" in pad.task["note"] and pad.task["kept"] == 0
    pad._command(pad, {"do": "keep", "count": pad.count}, [])
    assert pad.task["kept"] == 1
    pad._command(pad, {"do": "keep", "count": pad.count}, [])
    assert "nothing to keep" in pad.task["note"]
    pad.sample()
    pad._command(pad, {"do": "keep", "count": pad.count}, [])
    assert "picture has no strokes" in pad.task["note"]
    pad._command(pad, {"do": "take back"}, [])
    assert pad.task["kept"] == 0
    without = DrawingPad(always(1))
    assert without.task == {}
    with pytest.raises(ValueError, match="has no sheet"):
        without.keep()
    without._command(without, {"do": "keep", "count": without.count}, [])
    with pytest.raises(TypeError, match="sheet must be"):
        DrawingPad(always(1), sheet="sheet.json")


# A hand for those who have not drawn yet


def test_a_full_sheet_gives_what_was_drawn_and_says_so(path, capsys):
    sheet = Sheet(path, count=2)
    sheet.keep(ONE)
    sheet.keep(ONE)
    drawings, X, y = sheet.digits()
    assert drawings == sheet.drawings and np.array_equal(X, sheet.images) and y.tolist() == sheet.asked
    assert capsys.readouterr().out == f"Yours: 2 digits from {path.as_posix()}.\n"


def test_until_it_is_full_a_made_up_hand_stands_in_and_nothing_is_written(path, capsys):
    sheet = Sheet(path, count=50)
    sheet.keep(ONE)
    before = path.read_bytes()
    drawings, X, y = sheet.digits()
    said = capsys.readouterr().out
    assert said == f"{path.as_posix()} has 1 of 50 digits; until it is full, a made-up hand stands in.\n"
    assert len(drawings) == 50 and X.shape == (50, 784) and y.tolist() == sheet.asked
    assert path.read_bytes() == before and len(sheet) == 1


def test_the_made_up_hand_is_one_hand_and_draws_no_digit_twice():
    first, second = Sheet("a.json", seed=1), Sheet("b.json", seed=2)
    of_both = [(*sheet.digits()[1:],) for sheet in (first, second)]
    again = Sheet("c.json", seed=1).digits()[1]
    assert np.array_equal(of_both[0][0], again)
    X = np.concatenate([images for images, _ in of_both])
    y = np.concatenate([labels for _, labels in of_both])
    assert len(np.unique(X.round(3), axis=0)) == 100
    points = np.concatenate([np.concatenate(strokes) for strokes in first.digits()[0]])
    assert points.min() > 0.05 and points.max() < 0.95, "it stays on the pad"
    wrong = nnlib.load_pretrained().predict(X) != y
    assert 1 <= wrong.sum() <= 30, "hard to read, and not hopeless"
