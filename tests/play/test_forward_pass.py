"""One hidden neuron's forward pass to play with: the numbers are the network's own."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import play
from nnlib.play.numbers import a_digit
from nnlib.play.one_digit import draw


def numbers(text):
    return [
        float(number.replace("− ", "-").replace("−", "-").replace("+ ", ""))
        for number in re.findall(r"(?:[−+] |−)?\d+\.\d{3}", text)
    ]


def random_network(seed, activation="sigmoid", hidden=(12,), output="sigmoid"):
    """A network whose biases are random, too, and five random images."""
    rng = np.random.default_rng(seed)
    net = nnlib.Network([784, *hidden, 10], activation, output, seed=seed)
    for l in range(1, net.n_layers + 1):
        net.params[f"b{l}"] = rng.normal(size=net.sizes[l]).astype(np.float32)
    X = (rng.random((5, 784)) * (rng.random((5, 784)) < 0.2)).astype(np.float32)
    return net, X, rng.integers(0, 10, 5)


KINDS = [("sigmoid", (12,), "sigmoid"), ("relu", (12, 8), "softmax"), ("tanh", (5,), "softmax")]
ACTIVATION = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: max(z, 0.0),
}
NAME = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}


@pytest.mark.parametrize("activation, hidden, output", KINDS, ids=[kind[0] for kind in KINDS])
@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_are_the_networks_own(seed, activation, hidden, output):
    net, X, y = random_network(seed, activation, hidden, output)
    for image, neuron in ((seed, 0), (4, hidden[0] - 1)):
        fig, text = draw(net, X, y, image, neuron)
        above, below, b1, *sum_, z1, a1, largest = numbers(text)
        cache = net.propagate(X)
        assert z1 == pytest.approx(cache["z1"][image, neuron], abs=0.00051)
        assert a1 == pytest.approx(cache["a1"][image, neuron], abs=0.00051)
        w = net.params["W1"][:, neuron].astype(float)
        exact = float(X[image].astype(float) @ w + net.params["b1"][neuron])
        assert z1 == pytest.approx(exact, abs=0.0006) and a1 == pytest.approx(ACTIVATION[activation](exact), abs=0.0006)
        assert f"a1 = {NAME[activation]}(z1)" in text
        products = [float(x) * weight for x, weight in zip(X[image], w, strict=True)]
        assert above == pytest.approx(sum(p for p in products if p > 0), abs=0.0006)
        assert below == pytest.approx(sum(p for p in products if p < 0), abs=0.0006)
        assert b1 == pytest.approx(net.params["b1"][neuron], abs=0.00051)
        assert sum_ == [above, below, b1] and above + below + b1 == pytest.approx(z1, abs=0.0021), (
            "as they stand there, they add up"
        )
        answer = net.forward(X)[image]
        assert f"reads it as {answer.argmax()}:" in text and largest == pytest.approx(answer.max(), abs=0.00051)
        assert text.startswith(f"Image {image} is {a_digit(y[image])}. Neuron {neuron} of layer 1 ")


def test_the_pictures_show_the_image_the_weights_and_their_products():
    net, X, y = random_network(7)
    fig, text = draw(net, X, y, 2, 3)
    x, w, products, sum_, curve, answer = fig.axes[:6]
    column = net.params["W1"][:, 3].reshape(28, 28)
    assert np.array_equal(x.images[0].get_array(), X[2].reshape(28, 28))
    assert np.array_equal(w.images[0].get_array(), column)
    assert np.allclose(products.images[0].get_array(), X[2].reshape(28, 28) * column)
    assert w.images[0].get_clim() == products.images[0].get_clim() and sum(w.images[0].get_clim()) == 0, "0 is white"
    red, green, blue, _ = w.images[0].cmap(0.9)
    assert red > green > blue, "weights above 0 are orange, as the colour bar says"
    bars = [(bar.get_x(), bar.get_width()) for bar in sum_.patches]
    above, below, b1, *_, z1, a1, largest = numbers(text)
    assert [width for _, width in bars] == pytest.approx([above, below, b1, z1], abs=0.0006)
    assert [start for start, _ in bars] == pytest.approx([0, above, above + below, 0], abs=0.0012), (
        "each begins where the last one ended"
    )
    point = curve.lines[-1].get_xydata()[0]
    assert point == pytest.approx([z1, a1], abs=0.0006)
    assert [bar.get_height() for bar in answer.patches] == pytest.approx(net.forward(X[2:3])[0].tolist())


def test_a_black_image_and_a_dead_neuron_are_no_trouble():
    net, X, y = random_network(0, "relu")
    X[0] = 0
    net.params["b1"][0] = -1e-5
    fig, text = draw(net, X, y, 0, 0)
    assert "z1 = 0.000 − 0.000 + 0.000 = 0.000, and a1 = ReLU(z1) = 0.000" in text


def test_what_does_not_fit_is_refused():
    net, X, y = random_network(0)
    with pytest.raises(ValueError, match="hidden layer"):
        play.forward_pass(nnlib.Network([784, 10]), X, y)
    with pytest.raises(ValueError, match="784 inputs"):
        play.forward_pass(nnlib.Network([3, 4, 10]), X[:, :3], y)
    with pytest.raises(ValueError, match="one label per image"):
        play.forward_pass(net, X, y[:3])


def test_the_controls_reach_every_image_and_every_neuron():
    net, X, y = random_network(0)
    widget = play.forward_pass(net, X, y)
    image, neuron = widget.controls["image"], widget.controls["neuron"]
    assert (image.min, image.max, neuron.min, neuron.max) == (0, 4, 0, 11)
    image.value, neuron.value = 4, 11
    assert widget.text.startswith(f"Image 4 is {a_digit(y[4])}. Neuron 11 of layer 1 ")
    assert widget._repr_mimebundle_()[0]["text/html"].startswith('<img alt="Image 4 is')
