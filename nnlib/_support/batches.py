"""Batches: the images of an epoch, a few at a time. Lesson 4; distorted, in lesson 7."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nnlib._support.browser import IN_BROWSER


def batches(X, order, batch_size, augment, rng):
    """Cut an epoch into batches.

    A distortion takes about as long as the step that it feeds, so another thread prepares the next batch meanwhile.
    NumPy lets both compute at once. In a browser, which has no other thread, they take turns; the batches are the same.

    Parameters
    ----------
    X : array, shape (n, inputs)
    order : int array, shape (n,), or None
        The images' order; None takes them as they stand, without a copy.
    batch_size : int
    augment : callable or None
        From a batch and ``rng`` to a changed batch.
    rng : numpy.random.Generator
        For ``augment`` alone: no other thread draws from it.

    Yields
    ------
    batch : slice or int array
        Which images they are.
    X_batch : array, shape (batch_size or fewer, inputs)
    """

    def prepare(first):
        batch = slice(first, first + batch_size)
        if order is not None:
            batch = order[batch]
        return batch, changed(X[batch]) if augment else X[batch]

    def changed(X_batch):
        new = augment(X_batch, rng)
        if np.shape(new) != X_batch.shape:
            raise ValueError(f"augment must return a batch of the same shape, {X_batch.shape}; got {np.shape(new)}.")
        return new

    firsts = range(0, len(X), batch_size)
    if not augment or IN_BROWSER:
        yield from map(prepare, firsts)
        return
    with ThreadPoolExecutor(1) as other_thread:
        ahead = other_thread.submit(prepare, 0)
        for first in firsts[1:]:
            ready, ahead = ahead.result(), other_thread.submit(prepare, first)
            yield ready
        yield ahead.result()
