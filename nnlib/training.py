"""Training: mini-batches, epochs, and a history of what happened. Lesson 4."""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from nnlib._support.arguments import (
    check_callable,
    check_folder,
    check_images,
    check_labels,
    check_number,
    check_weights,
    describe,
)
from nnlib._support.batches import batches
from nnlib._support.checkpoint import Checkpoint, settings_of
from nnlib._support.progress import progress_bar, show_epoch, show_interrupt
from nnlib._support.threads import blas_threads


@dataclass
class History:
    """What `train` measured, one entry for each epoch.

    Attributes
    ----------
    loss, accuracy : list of float
        Means over the epoch's images, each seen just before its step: of the network as it learns. An L2 penalty in
        the loss is that of the weights at the epoch's end.
    val_loss, val_accuracy : list of float
        On the validation images after the epoch; empty without any.
    seconds : list of float
        How long each epoch took.
    best_epoch : int or None
        With early stopping, the epoch (from 1) whose weights the network has.
    interrupted : bool
        The run was stopped by hand before its end. The network has what it had learned by then.
    """

    loss: list = field(default_factory=list)
    accuracy: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    val_accuracy: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    best_epoch: int | None = None
    interrupted: bool = False

    def plot(self):
        """Loss and accuracy over the epochs, as a figure with alt text."""
        from nnlib import plots  # only here, so that training needs no plotting library

        return plots.history(self)

    def __repr__(self):
        if not self.loss:
            return "History(no whole epoch)"
        text = f"History({len(self.loss)} epochs, loss {self.loss[-1]:.4f}, accuracy {self.accuracy[-1]:.2%}"
        text += f", validation {self.val_accuracy[-1]:.2%}" if self.val_accuracy else ""
        return f"{text}, {sum(self.seconds):.0f} s)"


def train(
    net,
    X,
    y,
    *,
    epochs,
    batch_size,
    optimizer,
    shuffle=True,
    schedule=None,
    augment=None,
    validation=None,
    patience=None,
    checkpoint=None,
    history=None,
    progress=True,
):
    """Mini-batch gradient descent. Lesson 4 writes it; lessons 6 and 7 add what improves it.

    Parameters
    ----------
    net : Network
        Trained in place. Its seed decides the order of the images, dropout and augmentation.
    X : float array, shape (n, sizes[0])
        Images, pixels in [0, 1].
    y : int array, shape (n,)
        Labels.
    epochs, batch_size : int
        Passes through all images; images in a step (the last batch may be smaller).
    optimizer : SGD, Momentum or Adam
    shuffle : bool
        Take the images in a new random order in each epoch.
    schedule : callable, optional
        From the share of the training that is done, 0 to 1, to a factor of the learning rate; see `cosine`.
    augment : callable, optional
        From a batch (n, 784) and a random generator to a changed batch of the same shape; see `Augment`.
    validation : (X_val, y_val), optional
        Images to measure after each epoch. They train nothing.
    patience : int, optional
        Stop when the validation accuracy has not risen for so many epochs, and go back to the best weights.
    checkpoint : path, optional
        A file that is written after each epoch. If it is there, the run goes on from it: stopped at any moment and
        called again in the same way, it ends with the same weights, bit for bit. It stays when the run is done.
    history : History, optional
        A new one to fill, for whoever wants to keep what was measured of a run that is interrupted.
    progress : bool
        Show a bar with loss, accuracy and an estimate of the time that is left.

    Returns
    -------
    history : History

    Raises
    ------
    FloatingPointError
        The loss or a weight is no longer a number.
    KeyboardInterrupt
        The run was interrupted (Ctrl+C, or the square button of a notebook), and ``history`` was left out. The network
        keeps what it has learned. With ``history=nnlib.History()`` the interrupt ends the run and nothing else: the
        history, of the whole epochs, is returned.
    TypeError, ValueError
        An argument does not fit, or the checkpoint is of another run. Nothing was trained.
    """
    # Prepare
    X, y, validation = _check_images(net, X, y, validation, patience)
    _check_options(epochs, batch_size, optimizer, schedule, augment, patience, checkpoint, history)
    stops_when_interrupted, history, best = history is None, history or History(), {}
    rng, rng_augment = (np.random.default_rng([net.seed, i]) for i in (1, 2))  # not the weights' numbers
    Y, z_last = net.one_hot(y), f"z{net.n_layers}"
    optimizer.start(net.params)
    if checkpoint is not None:
        options = {"epochs": epochs, "batch_size": batch_size, "shuffle": shuffle, "patience": patience}
        settings = settings_of(net, optimizer, [X, y, *(validation or ())], options, [schedule, augment])
        arrays = {"params": net.params, "best": best}
        checkpoint = Checkpoint(checkpoint, settings, arrays, optimizer, [rng, rng_augment], history)

    with (
        progress_bar(history, epochs, -(-len(X) // batch_size), progress) as bar,
        blas_threads(net.sizes, batch_size, augment),
        _interruptible(history, stops_when_interrupted),
    ):
        step, steps = bar.n, bar.total
        while len(history.loss) < epochs and not _stops_early(history, patience):
            # Step through all images once
            started, z = time.perf_counter(), np.empty_like(Y)  # z of the last layer, for each image before its step
            order = rng.permutation(len(X)) if shuffle else None
            for batch, X_batch in batches(X, order, batch_size, augment, rng_augment):
                cache = net.propagate(X_batch, rng)
                grads = net.backward(cache, Y[batch])
                optimizer.step(net.params, grads, schedule(step / steps) if schedule else 1.0)
                z[batch] = cache[z_last]
                step += 1
                bar.update()
            # Record the epoch
            loss, accuracy = net.measure(z, Y)
            _check_finite(net, loss, optimizer, len(history.loss) + 1)
            history.loss.append(loss)
            history.accuracy.append(accuracy)
            if validation is not None:
                val_loss, val_accuracy = net.evaluate(*validation)
                history.val_loss.append(val_loss)
                history.val_accuracy.append(val_accuracy)
            if patience is not None and history.val_accuracy[-1] > max(history.val_accuracy[:-1], default=-1):
                best.update(net.copy().params)
                history.best_epoch = len(history.loss)
            history.seconds.append(time.perf_counter() - started)
            show_epoch(bar, history, epochs)
            if checkpoint is not None:
                checkpoint.write()
    net.params.update(best)
    return history


def _check_images(net, X, y, validation, patience):
    """Return the images and labels of the training and of the validation, if they fit the network."""
    check_weights(net)
    X = check_images(X, net.sizes[0])
    y = check_labels(y, len(X), net.sizes[-1])
    if validation is None and patience is not None:
        raise ValueError("patience needs validation=(X_val, y_val): early stopping watches the validation accuracy.")
    if validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise TypeError(
                f"validation must be (X_val, y_val), got {describe(validation)}. nnlib.split holds images back."
            )
        X_val = check_images(validation[0], net.sizes[0], "validation[0]")
        validation = X_val, check_labels(validation[1], len(X_val), net.sizes[-1], "validation[1]")
    return X, y, validation


def _check_options(epochs, batch_size, optimizer, schedule, augment, patience, checkpoint, history):
    """Refuse what would stop the run only after its first step or its first epoch."""
    check_number(epochs, "epochs", low=1, integer=True)
    check_number(batch_size, "batch_size", low=1, integer=True)
    if isinstance(optimizer, type) or not (hasattr(optimizer, "start") and hasattr(optimizer, "step")):
        raise TypeError(f"optimizer must be like nnlib.SGD(lr=0.5), got {describe(optimizer)}.")
    check_callable(schedule, "from the share that is done to a factor, like nnlib.cosine", "schedule")
    check_callable(augment, "from a batch and a generator to a batch, like nnlib.Augment(shift=1)", "augment")
    if patience is not None:
        check_number(patience, "patience", low=1, integer=True)
    if checkpoint is not None:
        check_folder(checkpoint, "checkpoint")
    if history is not None and not (isinstance(history, History) and not history.loss):
        raise TypeError(f"history must be a new nnlib.History(), got {describe(history)}.")


def _check_finite(net, loss, optimizer, epoch):
    """Raise a FloatingPointError if the epoch's loss or a weight is no number any more."""
    if not (np.isfinite(loss) and all(np.isfinite(p).all() for p in net.params.values())):
        raise FloatingPointError(
            f"The loss is {loss:g} after epoch {epoch}, and the weights are spoilt: the steps were too large, or a "
            f"gradient is wrong. Make a new network, and try a learning rate below {optimizer.lr:g}; "
            "nnlib.check_gradients tells whether a gradient is wrong."
        )


@contextmanager
def _interruptible(history, stops):
    """Keep the whole epochs of a run that is interrupted; the interrupt goes on if it ``stops`` what is around it."""
    try:
        yield
    except KeyboardInterrupt:
        history.interrupted = True
        whole = len(history.seconds)  # the entry that an epoch gets last
        for values in (history.loss, history.accuracy, history.val_loss, history.val_accuracy):
            del values[whole:]
        show_interrupt(whole + 1)
        if stops:
            raise


def _stops_early(history, patience):
    return patience is not None and bool(history.loss) and len(history.loss) - history.best_epoch >= patience
