"""What a writer teaches is learned, what the network knew is kept, and nothing that was taught is lost."""

import copy
import re

import numpy as np
import pytest

import nnlib
from nnlib.augmentation import sample
from nnlib.data import training_digits
from nnlib.pad import adaptation
from nnlib.pad.adaptation import MOST_TAUGHT, Pupil, _check_drawings, as_pixels
from nnlib.pad.drawing import strokes_to_image
from nnlib.pad.hands import drawn_hands
from nnlib.pad.sheet import made_up
from tests import tries


def turned(X, degrees=35):
    """The digits of someone whose sheet of paper lies turned on the table."""
    n, t = len(X), np.float32(np.radians(degrees))
    u, v = np.mgrid[:28, :28].astype(np.float32) - 13.5
    rows, columns = np.cos(t) * u + np.sin(t) * v + 13.5, np.cos(t) * v - np.sin(t) * u + 13.5
    return sample(X.reshape(n, 28, 28), np.tile(rows, (n, 1, 1)), np.tile(columns, (n, 1, 1))).reshape(n, 784)


@pytest.fixture(scope="module")
def net():
    return nnlib.load_pretrained()


@pytest.fixture(scope="module")
def writer(mnist):
    """Three turned digits of each kind to teach, and 2,000 others to read."""
    X, y = turned(mnist.X_train[50_000:52_100]), mnist.y_train[50_000:52_100]
    taught = np.concatenate([np.flatnonzero(y[:100] == label)[:3] for label in range(10)])
    return (X[taught], y[taught]), (X[100:], y[100:])


@pytest.fixture(scope="module")
def learned(net, writer):
    return nnlib.adapt(net, *writer[0])


def test_three_drawings_of_each_digit_at_least_halve_the_errors_on_the_writers_other_digits(net, learned, writer):
    before, after = (1 - nnlib.accuracy(n, *writer[1]) for n in (net, learned))
    assert before > 0.04, "the hand must be one that the network reads badly"
    assert after < before / 2


def test_what_the_network_knew_of_mnist_falls_by_at_most_half_a_point(net, learned, mnist):
    before, after = (nnlib.accuracy(n, mnist.X_test, mnist.y_test) for n in (net, learned))
    assert after > before - 0.005


@pytest.mark.parametrize("label", tries([4], range(10)))
def test_ten_examples_of_one_digit_do_not_make_it_forget_the_other_nine(net, mnist, label):
    X, y = turned(mnist.X_train[50_000:50_400]), mnist.y_train[50_000:50_400]
    learned = nnlib.adapt(net, X[y == label][:10], y[y == label][:10])
    others = mnist.y_test != label
    X_others, y_others = mnist.X_test[others], mnist.y_test[others]
    assert nnlib.accuracy(learned, X_others, y_others) > nnlib.accuracy(net, X_others, y_others) - 0.005


def test_a_single_drawing_that_was_misread_is_read_afterwards(net, writer):
    X, y = writer[1]
    wrong = np.flatnonzero(net.predict(X) != y)[: tries(3, 20)]
    assert len(wrong) == tries(3, 20)
    for i in wrong:
        assert nnlib.adapt(net, X[i : i + 1], y[i : i + 1]).predict(X[i : i + 1])[0] == y[i]


@pytest.fixture(params=[4, 6])
def readers(request, monkeypatch, tmp_path):
    """What lesson 4 or 6 ends with: the stand-in, as no reader saved one here."""
    monkeypatch.chdir(tmp_path)
    return nnlib.my_network(request.param)


def test_a_readers_own_network_learns_a_single_drawing_that_it_misread(readers):
    X, y = drawn_hands(300, np.random.default_rng(8))
    wrong = np.flatnonzero(readers.predict(X) != y)[: tries(10, 20)]
    assert len(wrong) == tries(10, 20)
    right = [nnlib.adapt(readers, X[i : i + 1], y[i : i + 1]).predict(X[i : i + 1])[0] == y[i] for i in wrong]
    assert np.mean(right) >= 0.9  # of all 100 that a benchmark tries, 95 are asked for


def test_a_sheet_of_thirty_costs_a_readers_own_network_little_of_mnist(readers, mnist):
    y = np.arange(30) % 10
    X = np.array([strokes_to_image(strokes).ravel() for strokes in made_up(y)])
    learned = nnlib.adapt(readers, X, y)
    before, after = (nnlib.accuracy(net, mnist.X_test, mnist.y_test) for net in (readers, learned))
    assert np.mean(readers.predict(X) == y) < 0.8, "the hand must be one that the network reads badly"
    assert np.mean(learned.predict(X) == y) > np.mean(readers.predict(X) == y) + 0.1
    assert after > before - 0.003
    assert learned.output == readers.output


def test_the_network_that_came_is_left_alone_and_the_same_call_gives_the_same_network(net, learned, writer):
    again = nnlib.adapt(net, writer[0][0].reshape(-1, 28, 28), writer[0][1])
    fresh = nnlib.load_pretrained()
    for name, theta in learned.params.items():
        assert np.array_equal(again.params[name], theta) and theta.dtype == np.float32
        assert np.array_equal(net.params[name], fresh.params[name])
    assert learned.threshold == net.threshold


def test_watch_hears_of_every_part_of_the_training_and_of_its_end(net, writer):
    heard = []
    learned = nnlib.adapt(net, *writer[0], watch=lambda done, now: heard.append((done, now.loss(*writer[0]))))
    shares, losses = zip(*heard, strict=True)
    assert shares[0] == 0 and shares[-1] == 1 and list(shares) == sorted(shares) and len(shares) >= 10
    assert losses[0] == pytest.approx(net.loss(*writer[0])) and losses[-1] == pytest.approx(learned.loss(*writer[0]))
    assert losses[-1] < losses[0] / 2


def test_averaging_forgets_less_of_mnist_and_reads_the_writers_other_digits_as_well(
    net, learned, writer, mnist, monkeypatch
):
    monkeypatch.setattr(adaptation, "SHARE", np.float32(1))  # the trained weights alone
    trained = nnlib.adapt(net, *writer[0])
    X = mnist.X_test[:3000]
    moved, moved_by_training = (np.abs(n.forward(X) - net.forward(X)).mean() for n in (learned, trained))
    assert moved < 0.85 * moved_by_training
    assert nnlib.accuracy(learned, *writer[1]) > nnlib.accuracy(trained, *writer[1]) - 0.01


# What does not fit

GREY = np.full((3, 28, 28), 0.5, np.float32)  # three images
LABELS = np.array([1, 2, 3])


@pytest.mark.parametrize(
    "shape, do",
    [
        ((28, 28), "pass images[None]"),
        ((784,), "pass images[None]"),
        ((28, 28, 3), "pass np.moveaxis(images, -1, 0), or np.stack"),
        ((784, 3), "pass images.T"),
        ((3, 28, 28, 1), "images[..., 0]"),
        ((3, 1, 28, 28), "images[:, 0]"),
        ((3, 1, 784), "images[:, 0]"),
        ((28, 84), "np.stack"),  # np.hstack
        ((84, 28), "np.stack"),  # np.vstack
        ((3 * 784,), "np.stack"),
        ((), "got ()"),
    ],
)
def test_images_that_lie_otherwise_are_refused_with_what_to_do(net, shape, do):
    images = np.full(shape, 0.5, np.float32)
    with pytest.raises(
        ValueError, match=re.escape(f"images must have shape (m, 784) or (m, 28, 28), one image per row; got {shape}.")
    ) as told:
        nnlib.adapt(net, images, LABELS)
    assert do in str(told.value)


def test_what_the_sentence_says_to_do_gives_the_images_back():
    right = np.random.default_rng(0).random((3, 28, 28), np.float32)
    for wrong, do in (
        (np.dstack(right), "np.moveaxis(images, -1, 0)"),
        (right.reshape(3, 784).T, "images.T"),
        (right[..., None], "images[..., 0]"),
        (right[:, None], "images[:, 0]"),
    ):
        with pytest.raises(ValueError, match=re.escape(f"ass {do}")):
            _check_drawings(wrong, "images")
        mended = eval(do, {"np": np, "images": wrong})
        assert np.array_equal(_check_drawings(mended, "images"), right.reshape(3, 784))


@pytest.mark.parametrize(
    "images, error, says",
    [
        (GREY[:0], ValueError, "no images"),
        ([], ValueError, "one image per row; got (0,)"),
        (np.full((3, 784), 127, np.uint8), TypeError, "got uint8. For bytes, divide by 255"),
        (np.full((3, 784), -1, np.int8), TypeError, "int8, which wraps"),
        (GREY.astype(int), TypeError, "must hold floats"),
        (GREY > 0, TypeError, "must hold floats"),
        (255 * GREY, ValueError, "Divide images by 255"),
        (3 * GREY, ValueError, "must hold pixels in 0 to 1, got 1.5 to 1.5"),
        (GREY - 1, ValueError, "must hold pixels in 0 to 1, got -0.5 to -0.5"),
        (GREY * np.nan, ValueError, "NaN or infinity in 3 of 3 rows"),
        (["one", "two", "three"], ValueError, "one image per row; got (3,)"),
        ([GREY[0], GREY[0, :5], GREY[0]], ValueError, "different lengths"),
        (None, ValueError, "got ()"),
    ],
)
def test_images_of_other_kinds_and_values_are_named(net, images, error, says):
    with pytest.raises(error, match=re.escape(says)) as told:
        nnlib.adapt(net, images, LABELS)
    assert str(told.value).startswith("images must ")


@pytest.mark.parametrize(
    "labels, error, says",
    [
        ([1], ValueError, "got (1,)"),
        ([], ValueError, "got (0,)"),
        (1, ValueError, "got ()"),
        (np.eye(10, dtype=int)[LABELS], ValueError, "looks one-hot"),
        (LABELS[:, None], ValueError, "labels[:, 0]"),
        (["1", "2", "3"], TypeError, "got text"),
        ([1.0, 2.0, 3.0], TypeError, "got float64"),
        ([1, 2, 10], ValueError, "got 10 at labels[2]"),
        ([-1, 2, 3], ValueError, "got -1 at labels[0]"),
    ],
)
def test_labels_that_do_not_fit_are_named_as_train_names_them(net, labels, error, says):
    with pytest.raises(error, match=re.escape(says)) as told:
        nnlib.adapt(net, GREY, labels)
    assert str(told.value).startswith("labels must ")


def test_a_network_that_cannot_read_images_is_named():
    for other in (None, "net", nnlib.Network, np.zeros(3)):
        for make in (Pupil, lambda net: nnlib.adapt(net, GREY, LABELS)):
            with pytest.raises(TypeError, match="net must be an nnlib.Network"):
                make(other)
    for make in (Pupil, lambda net: nnlib.adapt(net, GREY, LABELS)):
        with pytest.raises(ValueError, match=r"net must have 784 inputs, one per pixel; got Network\(3-10"):
            make(nnlib.Network([3, 10]))
        diverged = nnlib.Network([784, 5, 10])
        diverged.params["W2"][0, 0] = np.nan
        with pytest.raises(ValueError, match="net must have finite weights"):
            make(diverged)
    with pytest.raises(ValueError, match="net must have 10 outputs"):
        Pupil(nnlib.Network([784, 4]))


def test_a_watch_that_cannot_be_called_is_named_before_the_training(net):
    with pytest.raises(TypeError, match="watch must be a function"):
        nnlib.adapt(net, GREY, LABELS, watch=3)
    with pytest.raises(TypeError, match="watch must be a function"):
        Pupil(net).teach(GREY[0], 1, watch="loss")


def test_a_network_with_other_outputs_and_another_activation_learns_too():
    net = nnlib.Network([784, 5, 4], "relu", "sigmoid")
    assert nnlib.adapt(net, GREY, LABELS).loss(GREY.reshape(3, 784), LABELS) < net.loss(GREY.reshape(3, 784), LABELS)


def test_twenty_eight_images_are_taken_in_their_order():
    images = np.random.default_rng(0).random((28, 28, 28), np.float32)
    assert np.array_equal(_check_drawings(images, "images"), images.reshape(28, 784))
    assert np.array_equal(_check_drawings(list(images), "images"), images.reshape(28, 784))


def test_the_first_digits_are_those_that_load_mnist_gives(mnist):
    X, y = training_digits(300)
    assert np.array_equal(X, mnist.X_train[:300]) and np.array_equal(y, mnist.y_train[:300])


# The pupil


@pytest.fixture(scope="module")
def taught_pupil(net, writer):
    pupil = Pupil(net)
    for i in (0, 4):
        pupil.teach(writer[0][0][i], writer[0][1][i])
    return pupil


@pytest.fixture
def pupil(taught_pupil):
    return copy.copy(taught_pupil)  # a pupil changes nothing in place


def test_undo_leads_back_to_the_network_before_the_last_drawing(pupil, net, writer):
    pupil.undo()
    once = Pupil(net)
    once.teach(writer[0][0][0], writer[0][1][0])
    assert np.array_equal(pupil.net.params["W1"], once.net.params["W1"]) and len(pupil.labels) == 1
    pupil.undo()
    assert pupil.net is net and len(pupil.labels) == 0
    pupil.undo()
    assert len(pupil.labels) == 0


def test_a_training_that_is_interrupted_changes_nothing(pupil, writer):
    def interrupt(done, loss):
        raise KeyboardInterrupt

    before = pupil.net
    with pytest.raises(KeyboardInterrupt):
        pupil.teach(writer[0][0][7], writer[0][1][7], interrupt)
    assert pupil.net is before and len(pupil.labels) == 2


def test_what_was_saved_comes_back(pupil, net, tmp_path):
    pupil.save(tmp_path / "mine")
    other = Pupil(net)
    other.load(tmp_path / "mine")
    assert np.array_equal(other.images, pupil.images) and np.array_equal(other.labels, pupil.labels)
    assert np.array_equal(other.net.params["W1"], pupil.net.params["W1"])
    assert [right.tolist() for right in other.right()] == [right.tolist() for right in pupil.right()]


def test_the_last_drawing_that_was_loaded_can_be_forgotten(pupil, net, tmp_path):
    pupil.save(tmp_path)
    other = Pupil(net)
    other.load(tmp_path)
    other.undo()
    assert len(other.labels) == 1


@pytest.mark.parametrize("name", ["drawings.npz", "network.npz"])
@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half an archive"])
def test_a_damaged_file_is_named_and_the_pupil_stays_as_it_is(pupil, tmp_path, name, content):
    pupil.save(tmp_path)
    (tmp_path / name).write_bytes(content)
    net = pupil.net
    with pytest.raises(ValueError, match=name):
        pupil.load(tmp_path)
    assert pupil.net is net and len(pupil.labels) == 2


def test_drawings_of_a_wrong_shape_and_networks_with_other_layers_are_refused(pupil, tmp_path):
    pupil.save(tmp_path)
    np.savez(tmp_path / "drawings.npz", images=np.zeros((1, 20, 20), np.uint8), labels=np.zeros(1, int))
    with pytest.raises(ValueError, match="28, 28"):
        pupil.load(tmp_path)
    nnlib.Network([784, 5, 10]).save(tmp_path / "network.npz")
    with pytest.raises(ValueError, match="layers"):
        pupil.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="nothing was saved"):
        pupil.load(tmp_path / "elsewhere")


def test_a_pupil_that_is_full_says_so(pupil, writer):
    pupil.images, pupil.labels = np.zeros((MOST_TAUGHT, 28, 28), np.uint8), np.zeros(MOST_TAUGHT, int)
    with pytest.raises(ValueError, match=str(MOST_TAUGHT)):
        pupil.teach(writer[0][0][0], 3)


@pytest.mark.parametrize(
    "image, error, says",
    [
        (2 * GREY[0] + 1, ValueError, "image must hold pixels in 0 to 1, got 2 to 2"),
        (GREY[0] - 1, ValueError, "image must hold pixels in 0 to 1, got -0.5"),
        (np.full((28, 28), 255.0), ValueError, "by 255"),
        (np.full((28, 28), 255, np.uint8), TypeError, "For bytes, divide by 255"),
        (GREY[0] * np.nan, ValueError, "NaN"),
        (GREY, ValueError, "image must be a single image, shape (28, 28); got (3, 28, 28)."),
        (GREY[:1], ValueError, "got (1, 28, 28)"),
        (GREY[0].reshape(16, 49), ValueError, "got (16, 49)"),
        ("7", ValueError, "got ()"),
    ],
)
def test_an_image_that_does_not_fit_teaches_nothing(net, image, error, says):
    pupil = Pupil(net)
    with pytest.raises(error, match=re.escape(says)):
        pupil.teach(image, 3)
    assert len(pupil.labels) == 0 and pupil.net is net


@pytest.mark.parametrize("label", [-1, 10, 3.0, "3", None, True, [3]])
def test_a_label_that_is_no_digit_teaches_nothing(net, label):
    pupil = Pupil(net)
    with pytest.raises(ValueError, match="label must be a whole number at least 0 and below 10; got "):
        pupil.teach(GREY[0], label)
    assert len(pupil.labels) == 0 and pupil.net is net


def test_bytes_become_pixels_and_keep_their_order():
    image = np.arange(784, dtype=np.uint8).reshape(1, 28, 28)
    assert np.allclose(as_pixels(image), image.reshape(1, 784) / 255)
