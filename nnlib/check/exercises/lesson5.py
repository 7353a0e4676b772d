"""The exercises of lesson 5: other mail, patience, a verdict, a leak, sizes and errors that know people, ten pixels."""

from functools import partial

import numpy as np

from nnlib._support.language import say
from nnlib.check.exercises import Exercise, Project
from nnlib.data import training_digits
from nnlib.evaluation import accuracy
from nnlib.network import Network
from nnlib.optimizers import SGD
from nnlib.training import train

# 5.1


def accuracy_elsewhere(M, shares):
    return np.sum(shares * np.diag(M) / M.sum(axis=1))


def _mail(rng):
    """A confusion matrix whose digits differ, in how often they come and in how well they are read."""
    M = rng.integers(0, 40, (10, 10)) * (rng.random((10, 10)) < 0.6) + np.diag(rng.integers(200, 1000, 10))
    return M, rng.dirichlet(np.full(10, 0.8))


# 5.2


def early_stop(val_accuracy, patience, first=1, ties_count=False):
    """The epoch whose weights are kept, and the number of epochs that ran."""
    best, best_epoch = -1.0, 0
    for epoch, value in enumerate(val_accuracy, start=first):
        if value > best or (ties_count and value == best):
            best, best_epoch = value, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, first + len(val_accuracy) - 1


def _best_of_all(val_accuracy, patience):
    return int(np.argmax(val_accuracy)) + 1, len(val_accuracy)


def _looks_ahead(val_accuracy, patience):
    """Waits after the best of all epochs, also of those that would never run."""
    best_epoch = int(np.argmax(val_accuracy)) + 1
    return best_epoch, min(best_epoch + patience, len(val_accuracy))


def _never_forgives(val_accuracy, patience):
    """Counts all epochs without a rise, and does not begin again after a rise."""
    best, best_epoch, without = -1.0, 0, 0
    for epoch, value in enumerate(val_accuracy, start=1):
        if value > best:
            best, best_epoch = value, epoch
        else:
            without += 1
        if without >= patience:
            break
    return best_epoch, epoch


def _against_the_epoch_before(val_accuracy, patience):
    """Takes for a rise what is above the epoch before, not above the best."""
    without = 0
    for epoch in range(2, len(val_accuracy) + 1):
        without = 0 if val_accuracy[epoch - 1] > val_accuracy[epoch - 2] else without + 1
        if without >= patience:
            break
    return int(np.argmax(val_accuracy[:epoch])) + 1, epoch


def _wandering(rng):
    """An accuracy that rises, then wanders, rounded so that it often ties."""
    rise = 0.9 - 0.3 * np.exp(-np.arange(40) / 5)
    return [float(v) for v in np.round(rise + rng.normal(0, 0.01, 40), 2)], int(rng.integers(3, 6))


def _still_rising(rng):
    return [float(v) for v in np.round(0.5 + 0.03 * np.arange(12), 2)], int(rng.integers(3, 6))


# 5.3

PAIRS, COMMON = 400, 3000  # half of the pairs are alike; images that both networks read
WOLF, SEEN = 0.11, 0.7  # a verdict at 5 % gives 0.05 and 0.87; two separate intervals, 0.00 and at most 0.35
VERDICTS = ("a", "b", "can't tell")


def which_is_better(right_a, right_b):
    d = right_a.astype(float) - right_b
    if abs(d.mean()) <= 1.96 * d.std() / np.sqrt(len(d)):  # without a division: d may be 0 everywhere
        return "can't tell"
    return "a" if d.mean() > 0 else "b"


def _answers(rng, better):
    """Right or wrong of two networks that fail on the same images, but for two in a hundred; a or b may be better."""
    only_a, only_b = {"a": (0.014, 0.006), "b": (0.006, 0.014), "can't tell": (0.01, 0.01)}[better]
    kind = rng.choice(4, COMMON, p=[0.95, 0.03, only_a, only_b])  # both right, both wrong, one of them
    return (kind == 0) | (kind == 2), (kind == 0) | (kind == 3)


def _measure_verdicts(function, rng):
    """Let ``function`` judge pairs of networks, half of which are equally good."""
    truths = rng.permutation(["can't tell"] * (PAIRS // 2) + ["a"] * (PAIRS // 4) + ["b"] * (PAIRS // 4))
    said = []
    for truth in truths:
        answers = _answers(rng, str(truth))
        given = [answer.copy() for answer in answers]
        verdict = function(*given)
        if verdict is None or verdict is Ellipsis:
            return None, say("It returns nothing yet.")
        if not isinstance(verdict, str) or verdict not in VERDICTS:
            return False, say(
                "it should return one of {words}; got {verdict!r}.",
                words=", ".join(map(repr, VERDICTS)),
                verdict=verdict,
            )
        if not all(map(np.array_equal, answers, given)):
            return False, say("the arrays that it was given have changed. Make new ones.")
        said.append(verdict)
    said = np.array(said)
    alike, found = truths == "can't tell", said == truths
    wolf, seen = np.mean(said[alike] != "can't tell"), np.mean(found[~alike])
    upside_down = np.mean((said[~alike] != truths[~alike]) & (said[~alike] != "can't tell"))
    measured = say(
        "of {alike} pairs that are equally good it calls {wolf:.0%} different, and of {different} "
        "real differences it sees {seen:.0%}",
        alike=alike.sum(),
        wolf=wolf,
        different=np.sum(~alike),
        seen=seen,
    )
    if upside_down > 0.3:
        return False, say(
            "{measured}, because it names the worse network: a and b are the wrong way round.", measured=measured
        )
    if wolf > WOLF:
        return False, (
            say(
                "{measured}. It cries wolf too often: only a difference of about two of its standard errors "
                "counts. Does yours shrink with the number of images, and how?",
                measured=measured,
            )
        )
    if seen < SEEN and wolf < 0.02:
        return False, (
            say(
                "{measured}. It is too careful. Both networks fail on the same hard images, and their luck "
                "is shared: take the difference image by image, and ask how far the mean of *that* scatters. "
                "Then two standard errors are enough.",
                measured=measured,
            )
        )
    if seen < SEEN:
        return False, say(
            "{measured}: at least {goal:.0%} are needed. Which images say anything about the difference?",
            measured=measured,
            goal=SEEN,
        )
    return True, say("{measured}.", measured=measured[0].upper() + measured[1:])


# 5.4


def honest_report(validation, test):
    """What the network that validation chose has on the test set."""
    return test[np.argmax(validation)]


def report_with_leak(validation, test):
    return test.max()


# 5.5


def images_needed(p, half, ratio):
    """The smallest n with ratio · 1.96 √(p (1 − p) / n) ≤ half."""
    return int(np.ceil(_images(p, half, ratio)))


def _images(p, half, ratio, z=1.96):
    return ratio**2 * z**2 * p * (1 - p) / half**2


def _wish(rng):
    """Not within a hair of a whole number of images, where the last digit would decide."""
    while True:
        p, half, ratio = float(rng.uniform(0.8, 0.99)), float(rng.uniform(0.01, 0.04)), float(rng.uniform(1.3, 2.5))
        if 0.1 < _images(p, half, ratio) % 1 < 0.9:
            return p, half, ratio


# 5.6


def error_over_writers(right, writer):
    _, of = np.unique(writer, return_inverse=True)
    return np.sqrt(np.sum(np.bincount(of, right - right.mean()) ** 2)) / len(right)


def _binomial(right, writer):
    return np.sqrt(right.mean() * (1 - right.mean()) / len(right))


def _each(right, writer, of):
    return np.array([of(right[writer == name]) for name in np.unique(writer)])


def _hands(rng):
    """A few people with some digits each, some of whom are hard to read."""
    digits = rng.integers(4, 25, int(rng.integers(8, 15)))
    names = rng.choice(3000, len(digits), replace=False)
    writer = np.repeat(names, digits)
    share = np.repeat(np.where(rng.random(len(digits)) < 0.4, 0.5, 0.95), digits)
    order = rng.permutation(len(writer))
    return (rng.random(len(writer)) < share)[order], writer[order]


# 5.7


def hold_back(writer, fraction, seed):
    names, counts = np.unique(writer, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    before = np.cumsum(counts[order]) - counts[order]
    return np.isin(writer, names[order[before < fraction * len(writer)]])


def _people(rng):
    """A number for each image's writer: most wrote about ten digits, some a hundred."""
    digits = np.concatenate([rng.integers(5, 20, 150), rng.integers(90, 130, 15)])
    names = rng.choice(5000, len(digits), replace=False)
    return rng.permutation(np.repeat(names, digits))


def _measure_split(function, rng):
    """Let ``function`` hold people back, with several shares and seeds."""
    drawn = {}
    for fraction in (0.1, 0.2, 0.5):
        writer = _people(rng)
        for seed in (0, 1, 2, 0):
            given = writer.copy()
            held = function(given, fraction, seed)
            if held is None or held is Ellipsis:
                return None, say("It returns nothing yet.")
            held = np.asarray(held)
            if held.shape != writer.shape or held.dtype != bool:
                return False, (
                    say(
                        "a boolean array of shape {shape} should come back, one entry for each image; got shape "
                        "{got} of {dtype}. np.isin(writer, chosen) makes one.",
                        shape=writer.shape,
                        got=held.shape,
                        dtype=held.dtype,
                    )
                )
            if not np.array_equal(writer, given):
                return False, say("the array that it was given has changed. Make a new one.")
            torn = np.intersect1d(writer[held], writer[~held])
            if len(torn):
                return False, (
                    say(
                        "{torn} of {people} people are on both sides. Draw the people, then take all images of those "
                        "who were drawn.",
                        torn=len(torn),
                        people=len(np.unique(writer)),
                    )
                )
            share = held.mean()
            if abs(share - fraction) > 0.06:
                people = len(np.unique(writer[held])) / len(np.unique(writer))
                why = (
                    say(
                        "That is the right share of the people, but some of them wrote ten times as many digits as "
                        "others. Count images while you draw."
                    )
                    if abs(people - fraction) < 0.03
                    else say("Draw people until there are enough images, and then stop.")
                )
                return False, say(
                    "{share:.0%} of the images are held back where {fraction:.0%} were asked for. {why}",
                    share=share,
                    fraction=fraction,
                    why=why,
                )
            if seed in drawn and not np.array_equal(drawn[seed], held):
                return False, say("the same seed drew other people the second time. Use np.random.default_rng(seed).")
            drawn[seed] = held
        if all(np.array_equal(drawn[0], drawn[seed]) for seed in (1, 2)):
            return False, say("another seed draws the same people. Let np.random.default_rng(seed) mix them.")
        drawn.clear()
    return True, say("Nobody is on both sides, the shares are met, and the seed decides who is held back.")


# 5.8

PIXELS, FOOLED_IMAGES, FOOLED_GOAL = 10, 500, 0.5  # the ten largest gradients leave 0.60 to 0.67; with room, 0.45


def _measure_ten_pixels(function, rng):
    """Let ``function`` change ten pixels of each of 500 images, and see what a fresh network makes of them."""
    X_all, y_all = training_digits(60_000)
    order = rng.permutation(len(X_all))[: 10_000 + FOOLED_IMAGES]
    net = Network([784, 30, 10], seed=int(rng.integers(1000)))
    options = {"epochs": 5, "batch_size": 10, "optimizer": SGD(2.0), "progress": False}
    train(net, X_all[order[:10_000]], y_all[order[:10_000]], **options)
    X, y = X_all[order[10_000:]], y_all[order[10_000:]]
    given, kept = X.copy(), {name: p.copy() for name, p in net.params.items()}
    changed = function(net, given, y.copy())
    if changed is None or changed is Ellipsis:
        return None, say("It returns no images yet.")
    changed = np.asarray(changed)
    if changed.shape != X.shape:
        return False, say(
            "an array of shape {shape} should come back; got shape {got}.", shape=X.shape, got=changed.shape
        )
    if not all(np.array_equal(p, kept[name]) for name, p in net.params.items()):
        return False, say("the network has changed. Only the images may.")
    if not np.array_equal(X, given):
        return False, say("the images that it was given have changed. Begin with X = X.copy().")
    if not (np.isfinite(changed).all() and changed.min() >= 0 and changed.max() <= 1):
        return False, say(
            "some pixels are not between 0 and 1: there is nothing whiter than paper and blacker than ink."
        )
    moved = np.sum(changed != X, axis=1)
    if moved.max() > PIXELS:
        return False, say(
            "in one image {changed} pixels are changed; at most {most} may be.", changed=moved.max(), most=PIXELS
        )
    before, after = accuracy(net, X, y), accuracy(net, changed.astype(X.dtype), y)
    measured = say(
        "{before:.1%} before, {after:.1%} after, with {changed:.1f} changed pixels in an image",
        before=before,
        after=after,
        changed=moved.mean(),
    )
    if after <= FOOLED_GOAL:
        return True, say("{measured}.", measured=measured)
    if after > before - 0.1 and moved.mean() < PIXELS / 2:
        return False, (
            say(
                "{measured}. It hardly uses its ten pixels: it chooses some that are already as black or as "
                "white as it wants them, or the same one again and again.",
                measured=measured,
            )
        )
    if after > before - 0.1:
        return False, say(
            "{measured}. Let the gradient with respect to the image choose the pixels, and their direction.",
            measured=measured,
        )
    return False, (
        say(
            "{measured}; at most {goal:.0%} may be left. A pixel that is black already cannot become "
            "blacker: how much can each still change in the direction that harms? And the gradient is "
            "another after each change.",
            measured=measured,
            goal=FOOLED_GOAL,
        )
    )


EXERCISES = {
    1: Exercise(
        title="Other mail",
        hints=(
            "Of a digit's images, a certain share is read right. That share does not depend on how often the digit "
            "comes; the images of digit $i$ are the whole of row $i$.",
            "`np.diag(M) / M.sum(axis=1)` has the ten shares. Take their mean, weighted by `shares`.",
        ),
        reference=accuracy_elsewhere,
        inputs=_mail,
        mistakes=(
            (
                lambda M, shares: np.trace(M) / M.sum(),
                "that is the accuracy on the digits of M. Where does `shares` come in?",
            ),
            (
                lambda M, shares: np.sum(shares * np.diag(M) / M.sum(axis=0)),
                "you divide by the sums of the columns: of all answers 3, the share that were 3s. The images of a "
                "digit are a row.",
            ),
            (
                lambda M, shares: np.mean(np.diag(M) / M.sum(axis=1)),
                "that is right for mail with as many of each digit. Weight each digit by its share.",
            ),
            (
                lambda M, shares: np.sum(shares * np.diag(M) / M.sum()),
                "divide each entry of the diagonal by the number of images of its own digit, not by all of them.",
            ),
            (
                lambda M, shares: np.mean(shares * np.diag(M) / M.sum(axis=1)),
                "the shares add up to 1 already: add the ten products, and do not divide by 10 again.",
            ),
            (
                lambda M, shares: np.sum(shares * np.diag(M)) / np.sum(shares * M.sum(axis=1)),
                "that weights each digit twice, by its share in the mail and by its images in M. Only the mail counts: "
                "turn each row into a share first.",
            ),
            (lambda M, shares: 1 - accuracy_elsewhere(M, shares), "that is the share that is read wrong."),
            (
                lambda M, shares: shares * np.diag(M) / M.sum(axis=1),
                "these are the ten parts of the answer. Add them up.",
            ),
        ),
    ),
    2: Exercise(
        title="Early stopping",
        hints=(
            "`for epoch, value in enumerate(val_accuracy, start=1):` counts from 1.",
            "Keep two variables, the best value and its epoch. If the value is larger, change both; otherwise "
            "compare `epoch - best_epoch` with `patience`.",
        ),
        reference=early_stop,
        inputs=_wandering,
        mistakes=(
            (partial(early_stop, first=0), "count the epochs from 1, not from 0."),
            (
                partial(early_stop, ties_count=True),
                "an epoch that only equals the best so far has not risen: compare with >.",
            ),
            (
                _best_of_all,
                "this looks at every epoch. Go through them in order, and stop when the patience is used up.",
            ),
            (
                _looks_ahead,
                "this finds the best of all epochs, and you may not look ahead: the training may have stopped before "
                "it. Go through the epochs in order.",
            ),
            (
                lambda val_accuracy, patience: early_stop(val_accuracy, patience + 1),
                "it runs one epoch too long: stop as soon as `patience` epochs in a row have brought no rise.",
            ),
            (
                lambda val_accuracy, patience: early_stop(val_accuracy, patience - 1),
                "it stops one epoch too early: stop when the best is `patience` epochs old, not before.",
            ),
            (
                lambda val_accuracy, patience: early_stop(val_accuracy, patience)[::-1],
                "the two numbers are right, in the other order: the best epoch first, then the last one.",
            ),
            (_never_forgives, "it counts all epochs without a rise. After a new best the count begins again."),
            (_against_the_epoch_before, "compare each epoch with the best so far, not with the epoch before it."),
        ),
        extreme=((_still_rising, "a training that never stops"),),
        tries=20,
    ),
    3: Project(
        title="Which of the two is better?",
        hints=(
            "Where both are right, or both are wrong, an image says nothing about which is better. Make an array of "
            "differences: 1, −1 or 0 for each image. (NumPy subtracts booleans only after `right_a.astype(float)`.)",
            "The mean of the differences is the difference of the accuracies. The mean of n numbers scatters by their "
            "standard deviation divided by √n.",
            "Divide the mean by that. Beyond 1.96 to either side it is a verdict, in between it is not.",
        ),
        judge=_measure_verdicts,
    ),
    4: Exercise(
        title="The leak",
        hints=(
            "Which of the two arrays makes the choice, in this function? Which one should?",
            "`np.argmax(validation)` is the number of the network with the best validation accuracy.",
        ),
        reference=honest_report,
        inputs=lambda rng: (lambda k: (rng.uniform(0.9, 0.99, k), rng.uniform(0.9, 0.99, k)))(int(rng.integers(5, 12))),
        mistakes=(
            (
                report_with_leak,
                "the test set still makes the choice, so the figure contains luck. Choose on the validation set.",
            ),
            (
                lambda validation, test: validation.max(),
                "the choice is right, but its validation accuracy contains the luck of being chosen. Report that "
                "network's test accuracy.",
            ),
            (
                lambda validation, test: validation[np.argmax(test)],
                "it is the other way round: the validation set chooses, the test set measures.",
            ),
            (
                lambda validation, test: test.mean(),
                "that is the mean of all networks. One was chosen: report that one.",
            ),
            (
                lambda validation, test: float(np.argmax(validation)),
                "that is the number of the chosen network. Report its test accuracy.",
            ),
        ),
        untouched=report_with_leak,
        tries=20,
    ),
    5: Exercise(
        title="How many images?",
        hints=(
            r"Set $\mathtt{ratio}\cdot 1.96\sqrt{p(1-p)/n}$ equal to `half`, square both sides, and solve for $n$.",
            "A part of an image is no image, and one too few is too few: `int(np.ceil(…))`.",
            "For p = 0.9 and half = 0.01 it is 3,458 with the ratio 1, and 13,830 with the ratio 2.",
        ),
        reference=images_needed,
        inputs=_wish,
        mistakes=(
            (_images, "that is right, but it is no whole number. Round it up."),
            (
                lambda p, half, ratio: int(_images(p, half, ratio)),
                "one image too few: round up, so that the interval is not too wide.",
            ),
            (
                lambda p, half, ratio: images_needed(p, half, 1),
                "that is right for independent images. Where is the ratio?",
            ),
            (
                lambda p, half, ratio: images_needed(p, half, np.sqrt(ratio)),
                "an interval that is twice as wide takes four times the images: square the ratio, too.",
            ),
            (
                lambda p, half, ratio: images_needed(p, half, 1 / ratio),
                "upside down: digits of the same people tell less, so it takes more of them.",
            ),
            (lambda p, half, ratio: int(np.ceil(_images(p, half, ratio, z=1.0))), "the 1.96 is missing."),
            (
                lambda p, half, ratio: int(np.ceil(_images(p, half, ratio, z=2.0))),
                "2 is close to 1.96, and 1.96 is what is asked for.",
            ),
            (
                lambda p, half, ratio: int(np.ceil(_images(p, half, ratio) / 1.96)),
                "square the 1.96, too.",
            ),
            (
                lambda p, half, ratio: images_needed(p, half / 2, ratio),
                "half is the half-width already. Do not halve it again.",
            ),
        ),
    ),
    6: Exercise(
        title="An error that knows about people",
        hints=(
            r"The accuracy misses the truth by $\frac1n\sum_i (r_i - p)$. Which parts of this sum are independent now?",
            "First add up the deviations of each writer, then square these sums, add them, take the root, divide by n.",
            "`np.unique(writer)` has each writer once; `right[writer == w]` are the answers for one of them. Take the "
            "deviations from the mean of *all* images.",
        ),
        reference=error_over_writers,
        inputs=_hands,
        mistakes=(
            (_binomial, "that takes the images for independent. Where do the writers come in?"),
            (
                lambda right, writer: np.sqrt(np.sum(_each(right - right.mean(), writer, np.sum) ** 2)),
                "that is the error of the number of right answers. Divide by n for that of the share.",
            ),
            (
                lambda right, writer: np.sum(_each(right - right.mean(), writer, np.sum) ** 2) / len(right) ** 2,
                "that is the variance. The standard error is its root.",
            ),
            (
                lambda right, writer: np.sqrt(np.sum(_each(right - right.mean(), writer, np.sum) ** 2) / len(right)),
                "the n stands outside the root: divide after you have taken it.",
            ),
            (
                lambda right, writer: (lambda s: s.std() / np.sqrt(len(s)))(_each(right, writer, np.mean)),
                "that takes each writer's share for equally weighty. Somebody who wrote many digits moves the "
                "accuracy more.",
            ),
            (
                lambda right, writer: (lambda s: s.std(ddof=1) / np.sqrt(len(s)))(_each(right, writer, np.mean)),
                "that is the error of the writers' mean share. The accuracy is a mean over images: somebody who wrote "
                "many digits moves it more.",
            ),
            (
                lambda right, writer: np.sqrt(np.sum(_each(right, writer, np.sum) ** 2.0)) / len(right),
                "those are the right answers of each writer. Subtract the accuracy of all images from each answer "
                "first.",
            ),
            (
                lambda right, writer: np.sqrt(right.mean() * (1 - right.mean()) / len(np.unique(writer))),
                "that takes each writer for a single toss, as if all of their digits were alike. The truth is in "
                "between.",
            ),
        ),
    ),
    7: Project(
        title="Keep people back",
        hints=(
            "`np.unique(writer, return_counts=True)` gives each person once, and how many images each has.",
            "Put the people into a random order, `np.random.default_rng(seed).permutation(…)`, and hold one after the "
            "other back until there are enough images: a loop, or `np.cumsum` of the counts.",
            "`np.isin(writer, chosen)` is True for every image of somebody who was chosen.",
        ),
        judge=_measure_split,
    ),
    8: Project(
        title="Ten pixels",
        hints=(
            "Compute dX with the lesson's `image_gradient`. Where it is above 0, ink harms; where it is below 0, "
            "taking ink away harms.",
            "What a pixel can do is its gradient times the room that it has: up to 1 where dX is above 0, down to 0 "
            "where it is below. Take the ten pixels that can do most; `np.argsort(-gain, axis=1)[:, :10]` finds them.",
            "It gets better if you take one pixel at a time, with a new gradient after each, and never the same twice.",
        ),
        judge=_measure_ten_pixels,
    ),
}
