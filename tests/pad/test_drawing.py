"""From pen to pixels: place, size, unit and number of points do not matter; the digit does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib
from nnlib.pad import drawing

ANGLE = np.linspace(0, 2 * np.pi, 60)
ZERO = [np.stack([np.sin(ANGLE) * 0.6, -np.cos(ANGLE)], axis=1)]
SEVEN = [[(0, 0), (6, 0), (2, 10)]]


def box(image, faintest=0.05):
    rows, columns = np.flatnonzero((image > faintest).any(axis=1)), np.flatnonzero((image > faintest).any(axis=0))
    return np.ptp(rows) + 1, np.ptp(columns) + 1


@pytest.mark.parametrize("strokes", [ZERO, SEVEN], ids=["zero", "seven"])
def test_the_image_looks_as_mnists_do(strokes):
    image = nnlib.strokes_to_image(strokes)
    assert image.shape == (28, 28) and image.dtype == np.float32
    assert image.min() == 0 and image.max() == 1
    assert max(box(image)) in (20, 21)
    assert np.allclose(drawing.centre_of_mass(image), 14, atol=0.1)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 1e6), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_place_size_and_unit_do_not_matter(factor, x, y):
    moved = [np.asarray(stroke) * factor + factor * np.array([x, y]) for stroke in SEVEN]
    assert np.allclose(nnlib.strokes_to_image(moved), nnlib.strokes_to_image(SEVEN), atol=1e-3)


def test_few_points_or_many_make_the_same_line():
    few = [[(0, 0), (6, 0), (2, 10)]]
    along = [np.linspace(few[0][i], few[0][i + 1], 5000) for i in range(2)]
    assert np.allclose(nnlib.strokes_to_image([np.concatenate(along)]), nnlib.strokes_to_image(few), atol=0.1)


def test_lists_tuples_and_arrays_are_the_same_strokes():
    arrays = [np.array(SEVEN[0])]
    lists = [[list(point) for point in SEVEN[0]]]
    assert np.array_equal(nnlib.strokes_to_image(arrays), nnlib.strokes_to_image(lists))
    assert np.array_equal(nnlib.strokes_to_image(SEVEN), nnlib.strokes_to_image(lists))


def test_a_line_is_as_wide_as_the_pen_and_soft_at_its_edge():
    for pen in (1.5, 2.4, 4.0):
        image = drawing.draw([np.array([[14.0, 2.0], [14.0, 26.0]])], pen)
        assert image[14].sum() == pytest.approx(pen, abs=0.15)
        assert np.allclose(image, image[:, ::-1].take(np.arange(-1, 27), axis=1), atol=1e-6), "symmetric about x = 14"


def test_the_distance_to_a_segment_by_hand():
    points = np.array([[0.0, 1.0], [5.0, 3.0], [-3.0, 4.0]])
    starts, ends = np.array([[0.0, 0.0]]), np.array([[10.0, 0.0]])
    assert np.allclose(drawing.distance_to_segments(points, starts, ends), [1, 3, 5])


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]], ids=str)
def test_no_strokes_give_an_empty_image(strokes):
    assert not nnlib.strokes_to_image(strokes).any()


@pytest.mark.parametrize(
    "strokes", [[[(3, 4)]], [[(3, 4)] * 9], [[(3, 4)], [(3, 4)]]], ids=["point", "pressed long", "twice"]
)
def test_a_dot_is_a_dot_in_the_middle(strokes):
    image = nnlib.strokes_to_image(strokes)
    assert 0 < image.sum() < 10 and np.allclose(drawing.centre_of_mass(image), 14, atol=0.1)


@pytest.mark.parametrize(
    "bad",
    [
        [[(0, 0), (1, float("nan"))]],
        [[(0, 0), (1, float("inf"))]],
        [[(1, 2, 3)]],
        [[1, 2]],
        [["ab"]],
        [None],
        [[(0, 0)], 5],
    ],
    ids=str,
)
def test_what_is_no_stroke_is_refused_by_its_number(bad):
    with pytest.raises(ValueError, match=rf"strokes\[{len(bad) - 1}\]"):
        nnlib.strokes_to_image(bad)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), max_size=20), max_size=5))
def test_any_finite_strokes_give_an_image(strokes):
    image = nnlib.strokes_to_image(strokes)
    assert image.shape == (28, 28) and np.isfinite(image).all() and 0 <= image.min() and image.max() <= 1


def test_mnists_own_digits_come_back_from_a_large_canvas_as_they_were(mnist):
    """Each digit four times as large, anywhere on a canvas: the steps give (nearly) the image back."""
    rng = np.random.default_rng(0)
    differences = []
    for x in mnist.X_train[:50]:
        canvas = np.zeros((200, 200), np.float32)
        top, left = rng.integers(0, 200 - 112, 2)
        canvas[top : top + 112, left : left + 112] = np.kron(x.reshape(28, 28), np.ones((4, 4), np.float32))
        differences.append(np.abs(nnlib.picture_to_image(canvas).ravel() - x).sum() / x.sum())
    assert np.median(differences) < 0.2


@pytest.mark.parametrize("picture", [np.zeros((50, 60)), np.zeros((1, 1))])
def test_a_picture_without_ink_gives_an_empty_image(picture):
    assert not nnlib.picture_to_image(picture).any()


@pytest.mark.parametrize(
    "bad",
    [np.zeros(5), np.zeros((4, 4), int), np.full((4, 4), 2.0), np.full((4, 4), np.nan), np.zeros((0, 4))],
    ids=["1-D", "ints", "above 1", "NaN", "no pixel"],
)
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(ValueError, match="picture"):
        nnlib.picture_to_image(bad)


def test_the_shipped_network_reads_real_pen_strokes(real_strokes):
    """A tenth of the development strokes; the benchmark reads them all."""
    some = real_strokes[::10]
    X = np.array([nnlib.strokes_to_image(entry["strokes"]).ravel() for entry in some])
    assert nnlib.accuracy(nnlib.load_pretrained(), X, np.array([entry["label"] for entry in some])) > 0.93
