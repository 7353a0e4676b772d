"""The network: forward pass, loss and backpropagation for any number of layers. Lessons 1 and 2.

The names are the lessons' names. ``params["W1"]`` is W1, and a pass through the network fills a dictionary with
z1, a1, z2, a2, …, which the way back then uses. a0 is the batch X itself.
"""

from itertools import pairwise

import numpy as np

from nnlib._support.arguments import check_choice, check_images, check_labels, check_number, check_weights, describe
from nnlib._support.files import FORMAT, SETTINGS, read_network, save_arrays
from nnlib.activations import ACTIVATIONS
from nnlib.data import DATA
from nnlib.losses import OUTPUTS

CHUNK = 2000  # images that `forward` takes at a time, so that the hidden layers of 60,000 do not fill the memory


class Network:
    """A fully connected network.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, inputs first: ``[784, 100, 10]``.
    activation : {"sigmoid", "tanh", "relu"}
        Of every hidden layer.
    output : {"sigmoid", "logistic", "softmax"}
        Activation of the last layer; "logistic" is the sigmoid again, with another loss.
    loss : {"squared_error", "logistic_loss", "cross_entropy"}, optional
        Each goes with one output, in this order; left out, it is the one that fits.
    init_std : float, optional
        Standard deviation of the initial weights. Left out, it is √(1/n_in), for ReLU √(2/n_in) (He and others,
        2015), so that z starts at a size of about 1 in every layer. Lessons 4 and 6.
    l2 : float
        Adds ½ · l2 · ΣW² to the loss; biases are left alone. Lesson 7.
    dropout : float in [0, 1)
        The share of each hidden layer's units that a training step leaves out. Lesson 7.
    seed : int
        Every random thing comes from it: the initial weights here, and in `train` the order of the images,
        dropout and augmentation.

    Attributes
    ----------
    params : dict of str to array
        W1 (sizes[0], sizes[1]), b1 (sizes[1],), W2, b2, …, float32. Weights start normally distributed, biases at 0.
    threshold : float
        The largest output must reach it for an answer to count as sure; 0 if nobody has chosen one. Lesson 8.
    """

    def __init__(
        self, sizes, activation="sigmoid", output="sigmoid", loss=None, *, init_std=None, l2=0.0, dropout=0.0, seed=0
    ):
        if isinstance(sizes, (str, bytes)) or not np.iterable(sizes):
            raise TypeError(f"sizes must be a list of whole numbers, like [784, 100, 10]; got {describe(sizes)}.")
        self.sizes = [check_number(size, f"sizes[{i}]", low=1, integer=True) for i, size in enumerate(sizes)]
        if len(self.sizes) < 2:
            raise ValueError(f"sizes must name at least inputs and outputs, like [784, 100, 10]; got {sizes!r}.")
        self.activation = check_choice(activation, ACTIVATIONS, "activation")
        self.output = check_choice(output, OUTPUTS, "output")
        fitting = OUTPUTS[output].loss_name
        self.loss_name = check_choice(fitting if loss is None else loss, [fitting], f"loss, with output={output!r},")
        if init_std is not None:
            check_number(init_std, "init_std", low=0)
        self.l2 = check_number(l2, "l2", low=0)
        self.dropout = check_number(dropout, "dropout", low=0, high=1)
        self.seed = check_number(seed, "seed", low=0, integer=True)
        self.threshold = 0.0
        rng = np.random.default_rng(seed)
        self.params = {}
        for l, (n_in, n_out) in enumerate(pairwise(self.sizes), start=1):
            std = np.sqrt((2 if activation == "relu" else 1) / n_in) if init_std is None else init_std
            self.params[f"W{l}"] = rng.normal(0, std, (n_in, n_out)).astype(np.float32)
            self.params[f"b{l}"] = np.zeros(n_out, np.float32)

    @property
    def n_layers(self):
        """The number of layers that have weights."""
        return len(self.sizes) - 1

    def __repr__(self):
        shape = "-".join(map(str, self.sizes))
        count = sum(p.size for p in self.params.values())
        return f"Network({shape}, {self.activation}, {self.output} with {self.loss_name}, {count:,} parameters)"

    # Forward

    def propagate(self, X, rng=None):
        """zₗ = aₗ₋₁ Wₗ + bₗ and aₗ = f(zₗ), layer by layer. Lesson 1.

        Parameters
        ----------
        X : array, shape (n, sizes[0])
        rng : numpy.random.Generator, optional
            For dropout, in training. Without it no unit is left out.

        Returns
        -------
        cache : dict
            a0 = X, and z1, a1, z2, a2, … of shapes (n, sizes[l]); with dropout mask1, mask2, … too.
        """
        f, f_out = ACTIVATIONS[self.activation].f, OUTPUTS[self.output].activation
        cache = {"a0": X}
        for l in range(1, self.n_layers + 1):
            z = cache[f"a{l - 1}"] @ self.params[f"W{l}"]  # (n, sizes[l])
            z += self.params[f"b{l}"]  # where it lies: a new array for each sum takes longer than the sum
            last = l == self.n_layers
            a = f_out(z) if last else f(z)
            if self.dropout and rng is not None and not last:
                keep = 1 - self.dropout
                mask = (rng.random(a.shape, dtype=np.float32) < keep).astype(a.dtype) / a.dtype.type(keep)
                a = a * mask  # what stays grows by 1/keep, so that the next z keeps its expected size
                cache[f"mask{l}"] = mask
            cache[f"z{l}"], cache[f"a{l}"] = z, a
        return cache

    def forward(self, X):
        """The output layer's activations, shape (n, sizes[-1]), for X of shape (n, sizes[0])."""
        X = check_images(X, self.sizes[0])
        parts = [X[i : i + CHUNK] for i in range(0, len(X), CHUNK)]
        a = np.concatenate([self.propagate(part)[f"a{self.n_layers}"] for part in parts])
        if not np.isfinite(a).all():
            check_weights(self)  # says what to do if it is they
            raise ValueError("net must give finite outputs, got NaN or infinity: its weights are too large.")
        return a

    def predict(self, X):
        """The label of the largest output for each image, shape (n,), for X of shape (n, sizes[0])."""
        return self.forward(X).argmax(axis=1)

    def loss(self, X, y):
        """The loss on X (n, sizes[0]) with labels y (n,), as a float: the batch's mean, plus the L2 penalty."""
        return self.evaluate(X, y)[0]

    def evaluate(self, X, y):
        """Loss and accuracy on X (n, sizes[0]) with labels y (n,), two floats, from one forward pass. Lesson 4."""
        X = check_images(X, self.sizes[0])
        y = check_labels(y, len(X), self.sizes[-1])
        z = np.concatenate([self.propagate(X[i : i + CHUNK])[f"z{self.n_layers}"] for i in range(0, len(X), CHUNK)])
        return self.measure(z, self.one_hot(y))

    def measure(self, z, Y):
        """Loss and accuracy, two floats, from the last layer's z (n, sizes[-1]) and one-hot labels Y. Lesson 4."""
        L, a = self.n_layers, OUTPUTS[self.output].activation(z)
        loss = self.data_loss({f"z{L}": z, f"a{L}": a}, Y) + self.penalty()
        return float(loss), float(np.mean(a.argmax(axis=1) == Y.argmax(axis=1)))

    def one_hot(self, y):
        """Y (n, sizes[-1]): row i is 0 except for a 1 at y[i]. In the type of the weights."""
        return np.eye(self.sizes[-1], dtype=self.params["W1"].dtype)[y]

    def data_loss(self, cache, Y):
        """L without the penalty, from what `propagate` returned."""
        output = OUTPUTS[self.output]
        return output.loss(cache[f"{output.loss_of}{self.n_layers}"], Y)

    def penalty(self):
        """½ · l2 · ΣW² over all layers. Lesson 7."""
        if not self.l2:
            return 0.0
        return 0.5 * self.l2 * sum(np.sum(self.params[f"W{l}"] ** 2) for l in range(1, self.n_layers + 1))

    # Backward

    def backward(self, cache, Y):
        """Backpropagation: the gradient of the loss for every weight and bias. Lesson 2 derives it.

        From the last layer, where dz comes from the loss, down to the first:

        dWₗ = aₗ₋₁ᵀ dzₗ + l2 · Wₗ,  dbₗ = Σᵢ dzₗ,  daₗ₋₁ = dzₗ Wₗᵀ,  dzₗ₋₁ = daₗ₋₁ ⊙ f′(zₗ₋₁)

        Parameters
        ----------
        cache : dict
            From `propagate`, for the same batch.
        Y : array, shape (n, sizes[-1])
            One-hot labels.

        Returns
        -------
        grads : dict
            ``grads["W1"]`` is dW1 = ∂L/∂W1, with W1's shape, and so on.
        """
        derivative, output_dz = ACTIVATIONS[self.activation].derivative, OUTPUTS[self.output].dz
        L = self.n_layers
        dz = output_dz(cache[f"z{L}"], cache[f"a{L}"], Y)  # (n, sizes[L])
        grads = {}
        for l in range(L, 0, -1):
            W = self.params[f"W{l}"]
            grads[f"W{l}"] = cache[f"a{l - 1}"].T @ dz  # (sizes[l-1], sizes[l])
            grads[f"b{l}"] = dz.sum(axis=0)  # (sizes[l],)
            if self.l2:
                grads[f"W{l}"] += self.l2 * W
            if l > 1:
                da, z, a = dz @ W.T, cache[f"z{l - 1}"], cache[f"a{l - 1}"]  # (n, sizes[l-1])
                if f"mask{l - 1}" in cache:  # a = f(z) ⊙ mask, so the mask is a factor on the way back, too
                    da = da * cache[f"mask{l - 1}"]
                    a = a * (1 - self.dropout)  # f(z) again, wherever the mask is not 0
                dz = derivative(z, a)
                dz *= da
        return grads

    def loss_and_gradients(self, X, y, rng=None):
        """Loss, gradients and outputs of one batch: what a training step needs.

        Returns
        -------
        loss : float
        grads : dict
            As from `backward`.
        a : array, shape (n, sizes[-1])
            The outputs.
        """
        Y = self.one_hot(y)
        cache = self.propagate(X, rng)
        loss = self.data_loss(cache, Y) + self.penalty()
        return loss, self.backward(cache, Y), cache[f"a{self.n_layers}"]

    # Copies and files

    def copy(self, dtype=None):
        """A network of its own with the same weights, as ``dtype`` if one is given (float64 to check gradients)."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.params = {name: np.array(p, dtype=dtype) for name, p in self.params.items()}
        return other

    def save(self, path):
        """Write the network to ``path`` as .npz, without pickle. An old file stays whole until the new one is.

        Raises
        ------
        ValueError
            A weight is NaN or infinite: nothing is written.
        """
        check_weights(self)
        settings = {name: np.array(getattr(self, name)) for name in SETTINGS}
        return save_arrays(path, format=np.array(FORMAT), **settings, **self.params)

    @classmethod
    def load(cls, path):
        """Read a network that `save` wrote, as float32.

        Raises
        ------
        ValueError
            The file is damaged, is no network, or comes from a later version. The message says which.
        """
        settings, params = read_network(path)
        threshold, settings["loss"] = settings.pop("threshold"), settings.pop("loss_name")
        try:
            net = cls(**settings)
        except ValueError as error:
            raise ValueError(f"{path} is not a network that Network.save wrote: {error}") from error
        net.params, net.threshold = params, threshold
        return net


def load_pretrained():
    """The network that ``data/`` ships. Lesson 7; ``python -m workshop.train pretrained`` makes it again."""
    return Network.load(DATA / "pretrained.npz")
