"""What the tests of the exercises share: the images, unpacked once instead of for each answer."""

import functools

import pytest

import nnlib.data

unpack = nnlib.data._read_images


@functools.cache
def unpacked(name, n=None):
    X = unpack(name, n)
    X.flags.writeable = False  # what changed it would change it for the next exercise, too
    return X


@pytest.fixture(autouse=True, scope="module")
def unpacked_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nnlib.data, "_read_images", unpacked)
        yield
