"""How many threads a matrix product may take."""

from functools import cache
from itertools import pairwise

SMALL = 20_000_000  # multiplications in one matrix product, below which a second thread does not pay


@cache
def blas():
    """Find what limits the threads of matrix products, once: to find their library takes longer than an answer."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def blas_threads(sizes, batch_size, augment):
    """Limit the products of a training to one thread if they are small, or if the other core distorts images. Lesson 4.

    On two threads, small products wait for each other longer than they compute.
    """
    largest = max(batch_size * n_in * n_out for n_in, n_out in pairwise(sizes))
    return blas().limit(limits=1 if augment or largest < SMALL else None, user_api="blas")
