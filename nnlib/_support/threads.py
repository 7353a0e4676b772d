"""How many threads a matrix product may take."""

from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def blas():
    """What limits the threads of matrix products; to find their library takes longer than an answer."""
    return ThreadpoolController()
