"""The measurements of the exercises that have a number to beat: a network to train, a classifier to write.

The digits are drawn anew each time, and training digits are renamed at random (a 3 may be called 7): a network that was
trained elsewhere, or an answer that was written down, does not pass.
"""

import time

import numpy as np

from nnlib._support.language import say
from nnlib.data import load_mnist, training_digits
from nnlib.evaluation import accuracy
from nnlib.network import Network

SECONDS = 60  # far more than a good solution needs, so that a slow computer does not fail one
VALIDATION = 10_000
CLASSIFIER_IMAGES, CLASSIFIER_GOAL = 1_000, 0.75  # the nearest average digit has about 0.82


def no_word(said, words):
    """What to say of an answer that is none of the words to choose from, as ``(beaten, text)``; None if it is one."""
    if said is None or said is Ellipsis:
        return None, say("It returns nothing yet.")
    if not isinstance(said, str) or said not in words:
        return False, say(
            "it should return one of {words}; got {said!r}.", words=", ".join(map(repr, words)), said=said
        )
    return None


def measure_training(function, rng, *, parameters, images, goal):
    """Let ``function`` train a network on ``images`` digits, and measure it on others.

    Parameters
    ----------
    function : callable
        From X (images, 784) and y (images,) to a trained network.
    rng : numpy.random.Generator
    parameters : int
        The most that the network may have.
    images : int
    goal : float
        The validation accuracy to reach.

    Returns
    -------
    beaten : bool or None
        None if the function returned nothing.
    text : str
    """
    X_all, y_all = training_digits(60_000)
    order, names = rng.permutation(len(X_all))[: images + VALIDATION], rng.permutation(10)
    X, y = X_all[order[:images]], names[y_all[order[:images]]]
    X_val, y_val = X_all[order[images:]], names[y_all[order[images:]]]
    given = X.copy(), y.copy()
    started = time.perf_counter()
    net = function(*given)
    seconds = time.perf_counter() - started
    if net is None or net is Ellipsis:
        return None, say("It returns no network yet.")
    wrong = _wrong_network(net, parameters)
    if wrong:
        return False, wrong
    if not (np.array_equal(X, given[0]) and np.array_equal(y, given[1])):
        return False, say("the images or labels that it was given have changed. Make new arrays.")
    reached, count = accuracy(net, X_val, y_val), _count(net)
    measured = say(
        "{reached:.1%} of {images:,} new images, with {count:,} parameters, in {seconds:.1f} seconds",
        reached=reached,
        images=VALIDATION,
        count=count,
        seconds=seconds,
    )
    if seconds > SECONDS:
        return False, say(
            "{measured}: at most {most} seconds are allowed. Take fewer epochs.", measured=measured, most=SECONDS
        )
    if reached < goal:
        return False, say(
            "{measured}: {goal:.1%} are needed. {why}",
            measured=measured,
            goal=goal,
            why=_why(net, X, y, X_val, reached, goal),
        )
    return True, say("{measured}.", measured=measured)


def _wrong_network(net, parameters):
    if not isinstance(net, Network):
        return say("a trained nnlib.Network should come back, like return net; got {got}.", got=type(net).__name__)
    if net.sizes[0] != 784 or net.sizes[-1] != 10:
        return say("the network must have 784 inputs and 10 outputs; its layers are {layers}.", layers=net.sizes)
    if _count(net) > parameters:
        return say(
            "the network has {count:,} parameters; at most {parameters:,} are allowed. Take fewer neurons.",
            count=_count(net),
            parameters=parameters,
        )
    if not all(np.isfinite(theta).all() for theta in net.params.values()):
        return say("weights are NaN or infinite: the steps were too large. Take a smaller learning rate.")
    return None


def _count(net):
    return sum(theta.size for theta in net.params.values())


def _why(net, X, y, X_val, reached, goal):
    """What a network that falls short most likely lacks."""
    if len(np.unique(net.predict(X_val))) == 1:
        return say(
            "It says the same digit for every image: it died from steps that were too large, or has seen too few."
        )
    if reached < 0.25:
        return say(
            "That is little better than guessing: was it trained, on X and y, before it was returned? Or were the "
            "steps so large that it died?"
        )
    learned = accuracy(net, X, y)
    if learned >= goal and learned - reached > 0.04:
        return say(
            "On its own images it has {learned:.1%}: it remembers them. Fewer epochs, or a remedy against overfitting.",
            learned=learned,
        )
    return say(
        "On its own images it has {learned:.1%}, too: it has not learned enough. Take more epochs, "
        "or other steps: they can be too small or too large. And is there room for more hidden "
        "neurons?",
        learned=learned,
    )


def measure_classifier(function, rng):
    """Let ``function`` read test digits, one by one.

    Parameters
    ----------
    function : callable
        From an image (28, 28) to ten numbers, of which the largest is the answer.
    rng : numpy.random.Generator

    Returns
    -------
    beaten : bool or None
        None if the function returned nothing.
    text : str
    """
    mnist = load_mnist()
    chosen = rng.permutation(len(mnist.X_test))[:CLASSIFIER_IMAGES]
    images, y = mnist.X_test[chosen].reshape(-1, 28, 28), mnist.y_test[chosen]
    outputs = []
    started = time.perf_counter()
    for image in images:
        given = image.copy()
        output = function(given)
        if output is None or output is Ellipsis:
            return None, say("It returns nothing yet.")
        if np.shape(output) not in [(10,), (1, 10)]:
            return (
                False,
                say(
                    "ten numbers should come back, shape (10,), one for each digit; got shape {got}.",
                    got=np.shape(output),
                ),
            )
        if not np.array_equal(image, given):
            return False, say("it changes the image that it was given. Make a new array.")
        if time.perf_counter() - started > SECONDS:
            read = say(
                "after {most} seconds {count} of {images} images were read",
                most=SECONDS,
                count=len(outputs),
                images=len(images),
            )
            return False, say(
                "{read}. Compute what stays the same outside the function, or compare with fewer images.", read=read
            )
        outputs.append(np.reshape(output, 10))
    outputs = np.array(outputs, dtype=float)  # (1000, 10)
    reached = np.mean(outputs.argmax(axis=1) == y)
    measured = say("{reached:.1%} of {images:,} test images", reached=reached, images=len(images))
    if not np.isfinite(outputs).all():
        return False, say("some of the numbers are NaN or infinite.")
    if reached >= CLASSIFIER_GOAL:
        return True, say("{measured}.", measured=measured)
    if len(np.unique(outputs.argmax(axis=1))) == 1:
        return False, say(
            "{measured}: it gives the same answer for every image. Let the image decide.", measured=measured
        )
    if np.mean(outputs.argmin(axis=1) == y) >= CLASSIFIER_GOAL:
        return (
            False,
            say(
                "{measured}, but the smallest number is right most of the time: these are distances. Put a "
                "minus before them.",
                measured=measured,
            ),
        )
    return False, say("{measured}: {goal:.0%} are needed.", measured=measured, goal=CLASSIFIER_GOAL)
