"""The networks that lessons begin with: the reader's own, or a stand-in."""

import pytest

import nnlib
from nnlib import recipes


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_my_network_is_the_one_that_the_reader_saved(folder, capsys):
    mine = nnlib.Network([784, 30, 10], seed=7)
    (folder / "my_networks").mkdir()
    mine.save(folder / "my_networks" / "lesson4.npz")
    net = nnlib.my_network(4)
    assert net.sizes == [784, 30, 10]
    assert (net.params["W1"] == mine.params["W1"]).all()
    assert capsys.readouterr().out.startswith("Yours, from my_networks/lesson4.npz: 784-30-10")


@pytest.mark.parametrize(("lesson", "least"), [(4, 0.96), (6, 0.975)])
def test_without_a_file_a_stand_in_comes_that_can_read_and_one_line_says_so(lesson, least, capsys):
    net = nnlib.my_network(lesson)
    assert net.sizes == list(recipes.STAND_INS[lesson].sizes)
    mnist = nnlib.load_mnist()
    assert nnlib.accuracy(net, mnist.X_test, mnist.y_test) > least
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert f"no my_networks/lesson{lesson}.npz; a stand-in" in line


def test_a_damaged_file_and_a_network_that_reads_no_digits_are_named_and_not_taken(folder, capsys):
    (folder / "my_networks").mkdir()
    path = folder / "my_networks" / "lesson4.npz"
    path.write_bytes(b"no network")
    assert nnlib.my_network(4).sizes == [784, 100, 10]
    assert "lesson4.npz" in capsys.readouterr().out
    nnlib.Network([3, 2]).save(path)
    assert nnlib.my_network(4).sizes == [784, 100, 10]
    assert "holds Network(3-2" in capsys.readouterr().out
    assert path.exists()


def test_a_lesson_that_leaves_no_network_is_refused():
    with pytest.raises(ValueError, match="lesson must be one of 4, 6, got 5"):
        nnlib.my_network(5)
