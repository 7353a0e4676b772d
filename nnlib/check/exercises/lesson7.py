"""The exercises of lesson 7: dropout's noise, few images, a claim, a rotation, a λ, a paired gain, a diagnosis."""

from functools import partial

import numpy as np

from nnlib._support.language import later, say
from nnlib.augmentation import Augment, sample
from nnlib.check.exercises import Exercise, Project
from nnlib.check.exercises.measure import measure_training, no_word
from nnlib.data import training_digits
from nnlib.evaluation import accuracy
from nnlib.network import Network
from nnlib.optimizers import Momentum, cosine
from nnlib.training import train

# 7.1


def dropout_noise(a, w, p):
    return np.sqrt(p / (1 - p) * np.sum((a * w) ** 2))


def _dropout_inputs(rng):
    return rng.uniform(0.1, 2, 8), rng.normal(0, 1, 8), float(rng.choice([0.2, 0.3, 0.4]))


# 7.2: the solution has about 0.94, the best without augmentation about 0.91

PARAMETERS, IMAGES, GOAL = 40_000, 2_000, 0.93

# 7.3

SEEDS, CLEAR, OTHERS = 5, 3, 2000
VERDICTS = ("better", "worse", "not clear")


def _five_accuracies(shares, name):
    """What is wrong with five accuracies, or None."""
    if np.shape(shares) != (SEEDS,):
        return say(
            "the accuracies {name} should be an array of shape ({seeds},); got shape {got}.",
            name=name,
            seeds=SEEDS,
            got=np.shape(shares),
        )
    shares = np.asarray(shares, dtype=float)
    if not np.all((shares >= 0) & (shares <= 1)):
        return say(
            "the accuracies {name} should be shares from 0 to 1, like 0.913; got {share:.4g} first.",
            name=name,
            share=shares[0],
        )
    if np.any(np.abs(shares * OTHERS - np.round(shares * OTHERS)) > 1e-3):
        return say(
            "the accuracies {name} were not measured on the {images:,} images X_val: there a share times "
            "{images:,} is a whole number; {share:.6g} is among yours.",
            name=name,
            images=OTHERS,
            share=shares[0],
        )
    if len(np.unique(shares)) == 1:
        return say("the five accuracies {name} are all equal: is it five times the same seed?", name=name)
    if shares.mean() < 0.2:
        return say(
            "the networks {name} guess: {share:.0%} on average. Were they trained?", name=name, share=shares.mean()
        )
    return None


def _measure_claim(function, rng):
    """Let ``function`` test a claim of its own choice, and see whether its figures fit each other."""
    X, y = training_digits(60_000)
    order, names = rng.permutation(len(X))[: IMAGES + OTHERS], rng.permutation(10)
    X, y = X[order], names[y[order]]
    got = function(X[:IMAGES].copy(), y[:IMAGES].copy(), X[IMAGES:].copy(), y[IMAGES:].copy())
    if got is None or got is Ellipsis:
        return None, say("It returns nothing yet.")
    if not isinstance(got, tuple) or len(got) != 5:
        return False, say("five things should come back: without, with it, gain, error, verdict.")
    *shares, gain, error, verdict = got
    for name, of in zip((say("without"), say("with it")), shares, strict=True):
        wrong = _five_accuracies(of, name)
        if wrong:
            return False, wrong
    without, with_it = (np.asarray(of, dtype=float) for of in shares)
    if not (np.isscalar(gain) and np.isscalar(error)) or isinstance(gain, str) or isinstance(error, str):
        return False, say("gain and error should be two numbers; got {gain!r} and {error!r}.", gain=gain, error=error)
    right_gain = 100 * (with_it.mean() - without.mean())
    right_error = 100 * np.sqrt((with_it.var(ddof=1) + without.var(ddof=1)) / SEEDS)
    measured = say("{without:.1%} without, {with_it:.1%} with it", without=without.mean(), with_it=with_it.mean())
    if abs(gain - right_gain) > 1e-6 * max(1, abs(right_gain)):
        known = {
            right_gain / 100: say("it is in shares; points are a hundred times that."),
            -right_gain: say("the sign is turned round: with it less without."),
        }
        why = next((text for value, text in known.items() if abs(gain - value) < 1e-6), "")
        return False, say(
            "{measured}: the gain is {right_gain:+.3f} points; got {gain:+.3f}. {why}",
            measured=measured,
            right_gain=right_gain,
            gain=gain,
            why=why,
        ).rstrip(" ")
    if abs(error - right_error) > 1e-6 * max(1, right_error):
        known = {
            right_error / 100: say("it is in shares; points are a hundred times that."),
            right_error * np.sqrt(SEEDS): say(
                "that is not divided by √5: the error of one seed, not of a mean of five."
            ),
            right_error * np.sqrt((SEEDS - 1) / SEEDS): say("use ddof=1: the mean itself was taken from the five."),
            right_error**2: say("that is its square."),
        }
        why = next((text for value, text in known.items() if abs(error - value) < 1e-6), "")
        return (
            False,
            say(
                "{measured}: the standard error of the gain is {right_error:.3f}; got {error:.3f}. {why}",
                measured=measured,
                right_error=right_error,
                error=error,
                why=why,
            ).rstrip(),
        )
    right = "not clear" if abs(right_gain) <= CLEAR * right_error else "better" if right_gain > 0 else "worse"
    if verdict not in VERDICTS:
        return False, say(
            "the verdict should be one of {words}; got {verdict!r}.",
            words=", ".join(map(repr, VERDICTS)),
            verdict=verdict,
        )
    figures = say(
        "{measured}: {right_gain:+.2f} ± {right_error:.2f} points",
        measured=measured,
        right_gain=right_gain,
        right_error=right_error,
    )
    if verdict != right:
        return False, say(
            "{figures}. By three standard errors that is {right!r}, not {verdict!r}.",
            figures=figures,
            right=right,
            verdict=verdict,
        )
    return True, say("{figures}, {verdict}.", figures=figures, verdict=verdict)


def examine(X, y, X_val, y_val, epochs=10):
    """Test whether a second hidden layer helps."""
    shares = []
    for layers in ([60], [60, 60]):
        nets = [Network([784, *layers, 10], "relu", "softmax", seed=seed) for seed in range(SEEDS)]
        for net in nets:
            options = {"epochs": epochs, "batch_size": 50, "optimizer": Momentum(0.05), "schedule": cosine}
            train(net, X, y, progress=False, **options)
        shares.append(np.array([accuracy(net, X_val, y_val) for net in nets]))
    without, with_it = shares
    gain = 100 * (with_it.mean() - without.mean())
    error = 100 * np.sqrt((with_it.var(ddof=1) + without.var(ddof=1)) / SEEDS)
    return without, with_it, gain, error, "not clear" if abs(gain) <= 3 * error else "better" if gain > 0 else "worse"


# 7.4


def turn(image, degrees, centre=13.5):
    angle = np.radians(degrees)
    u, v = np.mgrid[:28, :28] - centre
    rows = u * np.cos(angle) - v * np.sin(angle) + centre
    columns = u * np.sin(angle) + v * np.cos(angle) + centre
    return sample(image[None], rows[None], columns[None])[0]


def _uncentred(image, degrees):
    angle = np.radians(degrees)
    u, v = np.mgrid[:28, :28] - 13.5
    rows, columns = u * np.cos(angle) - v * np.sin(angle), u * np.sin(angle) + v * np.cos(angle)
    return sample(image[None], rows[None], columns[None])[0]


def _turn_inputs(rng):
    """A smooth blob off the centre, so that a mistake shows and the last digits don't."""
    rows, columns = np.mgrid[:28, :28]
    r, c = rng.uniform(9, 18, 2)
    blob = np.exp(-((rows - r) ** 2) / 18 - ((columns - c) ** 2) / 6)
    return blob, float(rng.choice([-1, 1]) * rng.uniform(15, 80))


# 7.5


def l2_for(share, lr, images, batch_size, epochs):
    return (1 - share ** (batch_size / (epochs * images))) / lr


def _l2_inputs(rng):
    share, lr = float(rng.uniform(0.001, 0.5)), float(rng.uniform(0.05, 1))
    return share, lr, int(rng.integers(1, 50)) * 1000, int(rng.choice([10, 20, 50])), int(rng.integers(2, 30))


# 7.6


def paired_gain(before, after):
    d = after.astype(float) - before.astype(float)
    return 100 * d.mean(), 100 * d.std(ddof=1) / np.sqrt(len(d))


def _apart(before, after, ddof=0):
    """The gain of two networks that answer different images; with ddof=1 it is the lesson's own gain()."""
    variances = before.var(ddof=ddof) + after.var(ddof=ddof)
    return 100 * (after.mean() - before.mean()), 100 * np.sqrt(variances / len(before))


def _two_networks(rng):
    before = rng.random(400) < 0.9
    return before, np.where(rng.random(400) < 0.08, ~before, before)


def _scaled(value, error):
    """A mistaken pair: the right gain times one number, the right error times another."""

    def mistaken(before, after):
        gain, e = paired_gain(before, after)
        return value * gain, error(len(before)) * e

    return mistaken


# 7.7

DISEASES = {
    "sound": later("its own images are learned, and others are read nearly as well"),
    "by heart": later("its own images are learned, and others, validation and fresh alike, are read far worse"),
    "too small": later("not even its own images are learned"),
    "leak": later("the validation images are read far better than fresh ones; nothing but a leak does that"),
}


def diagnose(own, validation, fresh):
    if validation - fresh > 0.06:
        return "leak"
    if own < 0.85:
        return "too small"
    return "by heart" if own - fresh > 0.12 else "sound"


def _patient(disease, rng):
    """The accuracies, own, validation and fresh, of a network that has this disease."""
    X_all, y_all = training_digits(60_000)
    while True:
        order = rng.permutation(len(X_all))
        X_fresh, y_fresh = X_all[order[:2000]], y_all[order[:2000]]
        n = {"sound": 6000, "by heart": 300, "too small": 3000, "leak": 400}[disease]
        X, y = X_all[order[2000 : 2000 + n]], y_all[order[2000 : 2000 + n]]
        X_val, y_val = X_all[order[-1000:]], y_all[order[-1000:]]
        if disease == "leak":
            some = Augment(shift=0.5, rotation=3)
            X, y = np.concatenate([some(X, rng) for _ in range(5)]), np.tile(y, 5)
            mixed = rng.permutation(len(X))
            X_val, y_val, X, y = X[mixed[:500]], y[mixed[:500]], X[mixed[500:]], y[mixed[500:]]
        net = Network([784, 2 if disease == "too small" else 60, 10], "relu", "softmax", seed=int(rng.integers(1000)))
        epochs = 60 if disease == "by heart" else 6
        options = {"epochs": epochs, "batch_size": 50, "optimizer": Momentum(0.05), "schedule": cosine}
        train(net, X, y, progress=False, **options)
        own, validation, fresh = (
            accuracy(net, *of) for of in ((X[:2000], y[:2000]), (X_val, y_val), (X_fresh, y_fresh))
        )
        found = own, validation, fresh
        if diagnose(*found) == disease:
            return found


def _measure_diagnosis(function, rng):
    """Let ``function`` name what is the matter with eight networks, two of each kind."""
    for disease in rng.permutation([*DISEASES, *DISEASES]):
        found = _patient(disease, rng)
        said = function(*found)
        if verdict := no_word(said, DISEASES):
            return verdict
        if said != disease:
            own, validation, fresh = found
            return False, (
                say(
                    "here is a network for which it says {said!r}: own {own:.1%}, validation {validation:.1%}, "
                    "fresh {fresh:.1%}. It is {disease!r}: {what}.",
                    said=said,
                    own=own,
                    validation=validation,
                    fresh=fresh,
                    disease=str(disease),
                    what=say(DISEASES[disease]),
                )
            )
    return True, say("You named all eight correctly, and they were trained a moment ago.")


EXERCISES = {
    1: Exercise(
        title="The noise of dropout",
        hints=(
            "One term $t$ becomes 0 with probability $p$, and $t/(1-p)$ with probability $1-p$. Its variance is the "
            "mean of its square less the square of its mean.",
            "The mean of the square is $(1-p)\\,t^2/(1-p)^2 = t^2/(1-p)$, and the mean is $t$. So the variance of a "
            "term is $t^2\\,p/(1-p)$. Variances of independent terms add up; what is asked for is the root.",
        ),
        reference=dropout_noise,
        inputs=_dropout_inputs,
        mistakes=(
            (
                lambda a, w, p: p / (1 - p) * np.sum((a * w) ** 2),
                "that is the variance. The standard deviation is its root.",
            ),
            (
                lambda a, w, p: np.sqrt(p * (1 - p) * np.sum((a * w) ** 2)),
                "that forgets that the neurons that stay grow by 1/(1 − p): their squares grow by 1/(1 − p)².",
            ),
            (
                lambda a, w, p: np.sqrt(np.sum((a * w) ** 2) / (1 - p)),
                "that is the root of the mean square. Take the square of the mean away before the root.",
            ),
            (
                lambda a, w, p: np.sqrt(p / (1 - p)) * np.abs(np.sum(a * w)),
                "that is right if one neuron carries it all. Several are left out independently: squares add up.",
            ),
            (
                lambda a, w, p: np.sqrt(p / (1 - p)) * np.sum(np.abs(a * w)),
                "standard deviations do not add up; their squares do.",
            ),
            (
                lambda a, w, p: p / (1 - p) * np.sqrt(np.sum((a * w) ** 2)),
                "p/(1 − p) is a factor of the variance. It belongs under the root, too.",
            ),
            (
                lambda a, w, p: np.sqrt((1 - p) / p * np.sum((a * w) ** 2)),
                "p and 1 − p have changed places: p is the share that is left out. Without dropout there is no noise.",
            ),
        ),
    ),
    2: Project(
        title="Two thousand images",
        hints=(
            "Count first, as in exercise 4.7: `[784, 50, 10]` has 39,760 parameters. Which change gained most on 2,000 "
            "images?",
            "`augment=nnlib.Augment(shift=1, rotation=12, scale=0.15, shear=0.2)`. With it the network cannot learn "
            "its images by heart, so it can be trained for longer.",
            "ReLU and softmax, `nnlib.Momentum(0.05)`, `schedule=nnlib.cosine`, and about 25 epochs.",
        ),
        judge=partial(measure_training, parameters=PARAMETERS, images=IMAGES, goal=GOAL),
    ),
    3: Project(
        title="A claim of your own choice",
        hints=(
            "A loop over the two networks, and in it a loop over five seeds: `nnlib.Network(…, seed=seed)`. Keep the "
            "accuracies on `X_val` and `y_val` in two lists. Ten small trainings take a few seconds.",
            "Everything but the one change must stay the same: epochs, batches, seeds. The gain is "
            "`100 * (with_it.mean() - without.mean())`.",
            "The standard error of a mean of five is the standard deviation (`ddof=1`) over √5. For the difference of "
            "two means the squares add up. Clear is beyond three of it.",
        ),
        judge=_measure_claim,
    ),
    4: Exercise(
        title="Turn it",
        hints=(
            "Think of a quarter turn clockwise: the ink at the top moves to the right. So where does the new pixel on "
            "the right, $(u, v) = (0, 1)$, get its ink from? From the top, $(-1, 0)$. Put this into a formula with "
            "sine and cosine of 90°.",
            "$u' = u\\cos\\alpha - v\\sin\\alpha$ and $v' = u\\sin\\alpha + v\\cos\\alpha$. Count $u$ and $v$ "
            "from the centre, 13.5, and add 13.5 again at the end. `np.radians` turns degrees into what "
            "`np.sin` expects.",
            "`u, v = np.mgrid[:28, :28] - 13.5`, and `sample(image[None], rows[None], columns[None])[0]`.",
        ),
        reference=turn,
        inputs=_turn_inputs,
        mistakes=(
            (
                lambda image, degrees: turn(image, -degrees),
                "it turns the other way. Each pixel asks where its ink *comes from*: that lies the angle back.",
            ),
            (
                lambda image, degrees: turn(image, np.degrees(degrees)),
                "np.sin and np.cos want the angle in radians: np.radians(degrees).",
            ),
            (
                lambda image, degrees: turn(image, -np.degrees(degrees)),
                "np.sin and np.cos want the angle in radians; and it turns the other way.",
            ),
            (
                lambda image, degrees: turn(image, degrees, 0),
                "it turns about the upper left corner. Count u and v from the centre.",
            ),
            (
                lambda image, degrees: turn(image, -degrees, 0),
                "it turns about the upper left corner, and the other way. Count u and v from the centre.",
            ),
            (
                _uncentred,
                "it counts u and v from the centre, but does not add 13.5 again: `sample` counts from the corner.",
            ),
            (lambda image, degrees: turn(image, degrees, 14), "the centre of 28 pixels, 0 to 27, is 13.5, not 14."),
            (lambda image, degrees: turn(image, degrees, 14.0), "the centre of 28 pixels, 0 to 27, is 13.5, not 14."),
            (lambda image, degrees: turn(image, degrees, 13), "the centre of 28 pixels, 0 to 27, is 13.5, not 13."),
        ),
    ),
    5: Exercise(
        title="How much λ?",
        hints=(
            "How many steps are there, and by what does each of them multiply a weight whose gradient is 0?",
            r"$(1-\eta\lambda)^T = \text{share}$, with $T$ = epochs · images / batch size. Take the $T$-th root.",
        ),
        reference=l2_for,
        inputs=_l2_inputs,
        mistakes=(
            (
                lambda share, lr, images, batch_size, epochs: (1 - share ** (batch_size / images)) / lr,
                "that is right for one epoch. How many steps are there in all of them?",
            ),
            (
                lambda share, lr, images, batch_size, epochs: (1 - share ** (1 / epochs)) / lr,
                "the weight shrinks at each step, not at each epoch.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: (1 - share ** (1 / (epochs * images))) / lr,
                "that counts a step for each image. A step is a batch.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: 1 - share ** (batch_size / (epochs * images)),
                "that is ηλ, what a step takes away. Divide by the learning rate.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: (1 - share) * batch_size / (epochs * images * lr),
                "each step takes its share of what is left, not of what was there at first: a power, not a product.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: (1 - share ** (epochs * images / batch_size)) / lr,
                "after T steps it is (1 − ηλ)^T = share: to get at λ, take the T-th root, not the T-th power.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: (
                    (1 - (1 - share) ** (batch_size / (epochs * images))) / lr
                ),
                "`share` is what is left, not what has gone.",
            ),
            (
                lambda share, lr, images, batch_size, epochs: -np.log(share) * batch_size / (epochs * images * lr),
                "very nearly: that is the formula for infinitely small steps. Take the T-th root.",
            ),
        ),
    ),
    6: Exercise(
        title="Two networks, the same images",
        hints=(
            "Make the differences: `after.astype(float) - before.astype(float)`. Their mean is the gain. (NumPy "
            "refuses to subtract bools.)",
            "The standard error of a mean of $n$ numbers is their standard deviation, with `ddof=1`, over $\\sqrt n$.",
        ),
        reference=paired_gain,
        inputs=_two_networks,
        mistakes=(
            (
                _apart,
                "the gain is right, but that is the error for two different sets of images. Here most "
                "differences are 0.",
            ),
            (
                partial(_apart, ddof=1),
                "the gain is right, but that is the error for two different sets of images, as in the lesson's "
                "`gain`. Here most differences are 0.",
            ),
            (_scaled(1, np.sqrt), "the gain is right. Its error is that of a mean: divide by √n."),
            (
                _scaled(1, lambda n: 1 / np.sqrt(n)),
                "the gain is right. For a mean of n numbers divide by √n, not by n.",
            ),
            (_scaled(0.01, lambda n: 0.01), "right in shares. Points are a hundred times that."),
            (_scaled(0.01, lambda n: 1), "the error is right; the gain is in shares. Points are a hundred times that."),
            (_scaled(-1, lambda n: 1), "the gain has the wrong sign: after less before."),
            (
                _scaled(1, lambda n: np.sqrt((n - 1) / n)),
                "nearly: with ddof=1 the standard deviation knows that the mean was taken from the same numbers.",
            ),
            (lambda before, after: paired_gain(before, after)[::-1], "return the gain first, then its error."),
        ),
    ),
    7: Project(
        title="Too good to be true",
        hints=(
            "Compare in pairs. Own and fresh tell how much it has learned by heart. Validation and fresh should be "
            "equal, but for luck: what if they are not?",
            "Ask for the leak first: no honest validation set is read far better than fresh images. Then whether it "
            "has learned its own images at all. Print a few cases, and put the limits between them.",
        ),
        judge=_measure_diagnosis,
    ),
}
