"""The exercises of lesson 9: broken pads, a stranger's model, forgetting, verdicts, shared weights, attention."""

import time
from math import comb

import numpy as np

from nnlib._support.language import later, say
from nnlib.activations import softmax
from nnlib.augmentation import sample
from nnlib.check.exercises import Exercise, Project, written
from nnlib.check.exercises.measure import measure_classifier, no_word
from nnlib.data import DATA, load_mnist, training_digits
from nnlib.evaluation import accuracy, accuracy_interval
from nnlib.network import Network

# 9.1

PADS = {
    "fine": later("nothing is wrong with its images"),
    "inverted": later("its paper is 1 and its ink is 0"),
    "transposed": later("its rows and columns have changed places"),
    "off centre": later("its digits are not in the middle"),
    "0 to 255": later("its pixels are bytes from 0 to 255"),
}
PADS_BUILT, IMAGES = 10, 50


def diagnose(X, net):
    if X.max() > 2:
        return "0 to 255"
    if X.mean() > 0.5:
        return "inverted"
    if _off_centre(X).mean() > 2:
        return "off centre"
    surer = net.forward(_transposed(X)).max(axis=1).mean() > net.forward(X).max(axis=1).mean()
    return "transposed" if surer else "fine"


def _transposed(X):
    return X.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)


def _off_centre(X):
    """How far the centre of mass of each image is from the middle, in pixels, shape (n,)."""
    rows, columns = np.divmod(np.arange(784), 28)
    ink = X.sum(axis=1)
    return np.hypot(X @ rows / ink - 14, X @ columns / ink - 14)


def _shifted(X, rng):
    images = X.reshape(-1, 28, 28)
    down, right = rng.choice([-1, 1], 2) * rng.integers(3, 5, 2)
    return np.roll(images, (down, right), axis=(1, 2)).reshape(-1, 784)


def _pad(fault, X, rng):
    """The images of a pad that has this fault."""
    match fault:
        case "inverted":
            return 1 - X
        case "transposed":
            return _transposed(X)
        case "off centre":
            return _shifted(X, rng)
        case "0 to 255":
            return np.round(255 * X)
        case _:
            return X.copy()


def _measure_diagnosis(function, rng):
    """Let ``function`` name what is wrong with ten pads, two of each kind."""
    X_all, _ = training_digits(60_000)
    net = _lesson6()
    for fault in rng.permutation([*PADS, *PADS]):
        X = _pad(fault, X_all[rng.integers(0, len(X_all), IMAGES)], rng)
        said = function(X.copy(), net)
        if verdict := no_word(said, PADS):
            return verdict
        if said != fault:
            seen = say(
                "pixels from {lowest:.3g} to {highest:.3g}, mean {mean:.3g}, a centre of mass that is on ",
                lowest=X.min(),
                highest=X.max(),
                mean=X.mean(),
            )
            seen += say("average {off:.1f} pixels from the middle", off=_off_centre(X).mean())
            if X.max() <= 1:  # the network refuses bytes
                seen += say(", and a mean largest output of {output:.2f}", output=net.forward(X).max(axis=1).mean())
            return False, say(
                "here is a pad for which it says {said!r}: {seen}. It is {fault!r}: {what}.",
                said=said,
                seen=seen,
                fault=str(fault),
                what=say(PADS[fault]),
            )
    return True, say("You named all {count} pads correctly, and they were built a moment ago.", count=PADS_BUILT)


def _lesson6():
    """The stand-in for lesson 6's network."""
    return Network.load(DATA / "lesson6.npz")


# 9.2

MEAN, DEVIATION = 0.1307, 0.3081


class _Stranger:
    """A model of another library: particular about shapes, and without a softmax."""

    def __init__(self, rng):
        self.W, self.b = rng.normal(0, 0.1, (784, 10)), rng.normal(0, 0.3, 10)

    def __call__(self, x):
        x = np.asarray(x, float)
        if x.shape != (1, 1, 28, 28):
            raise ValueError(f"the model wants an array of shape (1, 1, 28, 28); got {x.shape}")
        return x.reshape(1, 784) @ self.W + self.b


def as_reader(model, image):
    return softmax(model(((image - MEAN) / DEVIATION).reshape(1, 1, 28, 28)))[0]


def _stranger_and_image(rng):
    return _Stranger(rng), rng.random((28, 28)) * (rng.random((28, 28)) < 0.2)


def _standardised(change, answer=lambda z: softmax(z)[0]):
    """A mistaken reader: a change of the pixels, and what it makes of z."""
    return lambda model, image: answer(model(change(image).reshape(1, 1, 28, 28)))


def _usual(image):
    return (image - MEAN) / DEVIATION


# 9.3

ERRORS_LEFT, MAY_FALL, SECONDS = 0.8, 0.025, 60
OLD, NEW_TO_READ, OLD_TO_READ = 2000, 1000, 2000


def _turned(X, degrees):
    """Images (n, 784), turned about their middle."""
    t = np.float32(np.radians(degrees))
    u, v = np.mgrid[:28, :28].astype(np.float32) - 13.5
    rows, columns = np.cos(t) * u + np.sin(t) * v + 13.5, np.cos(t) * v - np.sin(t) * u + 13.5
    return np.stack([sample(x.reshape(1, 28, 28), rows[None], columns[None]).ravel() for x in X])


def _measure_teaching(function, rng):
    """Let ``function`` teach lesson 6's network a new hand, and measure what it learned and what it forgot."""
    net, (X_train, _), mnist = _lesson6(), training_digits(60_000), load_mnist()
    degrees = -float(rng.uniform(28, 38))  # clockwise, where lesson 6's network reads worst
    order = rng.permutation(len(mnist.X_test))
    y = mnist.y_test[order]
    lesson = np.concatenate([np.flatnonzero(y == digit)[:3] for digit in range(10)])
    read = np.setdiff1d(np.arange(NEW_TO_READ + 30), lesson)[:NEW_TO_READ]
    X_new, X_read = _turned(mnist.X_test[order[lesson]], degrees), _turned(mnist.X_test[order[read]], degrees)
    old = order[-OLD_TO_READ:]
    X_old = X_train[rng.permutation(len(X_train))[:OLD]]
    given, before = net.copy(), (accuracy(net, X_read, y[read]), accuracy(net, mnist.X_test[old], mnist.y_test[old]))
    started = time.perf_counter()
    learned = function(given, X_new.copy(), y[lesson].copy(), X_old.copy())
    seconds = time.perf_counter() - started
    if learned is None or learned is Ellipsis:
        return None, say("It returns no network yet.")
    if not isinstance(learned, Network) or learned.sizes[0] != 784 or learned.sizes[-1] != 10:
        return False, say(
            "a network with 784 inputs and 10 outputs should come back; got {learned!r}.", learned=learned
        )
    if any(not np.array_equal(net.params[name], given.params[name]) for name in net.params):
        return False, say("the network that it was given has changed. Begin with net.copy(), and teach the copy.")
    if not all(np.isfinite(theta).all() for theta in learned.params.values()):
        return False, say("weights are NaN or infinite: the steps were too large. Take a smaller learning rate.")
    after = accuracy(learned, X_read, y[read]), accuracy(learned, mnist.X_test[old], mnist.y_test[old])
    left, fall = (1 - after[0]) / (1 - before[0]), before[1] - after[1]
    measured = say(
        "the new hand {before:.1%} before and {after:.1%} after, so {left:.0%} of its errors are "
        "left; MNIST {old_before:.1%} before and {old_after:.1%} after",
        before=before[0],
        after=after[0],
        left=left,
        old_before=before[1],
        old_after=after[1],
    )
    if seconds > SECONDS:
        return False, say(
            "{measured}, in {seconds:.0f} seconds: at most {most} are allowed. Take fewer epochs.",
            measured=measured,
            seconds=seconds,
            most=SECONDS,
        )
    if fall > MAY_FALL:
        why = (
            say("It forgets in earnest: do the old images take part in the training?")
            if fall > 0.04
            else say("Give the old images more weight, or take smaller or fewer steps.")
        )
        return False, say(
            "{measured}: it may fall by {most:g} points at most. {why}", measured=measured, most=100 * MAY_FALL, why=why
        )
    if left > ERRORS_LEFT:
        on_own = accuracy(learned, X_new, y[lesson])
        why = (
            say(
                "Even of the 30 that it was taught it reads only {on_own:.0%}: let them come more often, or "
                "step further.",
                on_own=on_own,
            )
            if on_own < 0.95
            else say("It reads the 30 that it was taught, by heart. Distort them a little each time they come.")
        )
        return False, say(
            "{measured}: at most {most:.0%} may be left. {why}", measured=measured, most=ERRORS_LEFT, why=why
        )
    if written.uses("adapt")(function):
        return False, say(
            "{measured}. That is enough, but nnlib.adapt did it: now write its idea yourself.", measured=measured
        )
    return True, say("In {seconds:.1f} seconds: {measured}.", seconds=seconds, measured=measured)


# 9.4


def _rate_at(probability, errors, n):
    """The p at which the probability is reached; it falls as p grows."""
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        low, high = (p, high) if probability(p, errors, n) > 0.05 else (low, p)
    return p


def _so_few(p, errors, n):
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(errors + 1))


def largest_rate(errors, n):
    return _rate_at(_so_few, errors, n)


def _at_2_5(errors, n):
    return _rate_at(lambda p, errors, n: 2 * _so_few(p, errors, n), errors, n)


def _fewer(errors, n):
    return _rate_at(lambda p, errors, n: _so_few(p, errors - 1, n), errors, n)


def _without_binomial(errors, n):
    return _rate_at(lambda p, errors, n: sum(p**k * (1 - p) ** (n - k) for k in range(errors + 1)), errors, n)


def _smallest_rate(errors, n):
    return _rate_at(lambda p, errors, n: _so_few(p, errors - 1, n) - 0.9, errors, n)


def _wrong_half(errors, n):
    """The halving goes the wrong way at each step, and ends at 0 or at 1."""
    return 1.0 if _so_few(0.5, errors, n) < 0.05 else 0.0


# 9.6


def luck(mended, broken):
    differ, most = mended + broken, max(mended, broken)
    return min(1.0, 2 * sum(comb(differ, k) for k in range(most, differ + 1)) / 2**differ)


def _one_side(mended, broken):
    differ = mended + broken
    return sum(comb(differ, k) for k in range(max(mended, broken), differ + 1)) / 2**differ


def _exactly(mended, broken):
    return 2 * comb(mended + broken, mended) / 2 ** (mended + broken)


def _exactly_once(mended, broken):
    return comb(mended + broken, mended) / 2 ** (mended + broken)


def _more(mended, broken):
    differ = mended + broken
    return 2 * sum(comb(differ, k) for k in range(max(mended, broken) + 1, differ + 1)) / 2**differ


# 9.7


def window_backward(x, w, dy):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for k in range(len(w)):
        dx[k : k + len(dy)] += dy * w[k]
        dw[k] = dy @ x[k : k + len(dy)]
    return dx, dw


def _flipped(x, w, dy):
    return np.convolve(dy, w[::-1]), window_backward(x, w, dy)[1]


def _flipped_weights(x, w, dy):
    return window_backward(x, w, dy)[0], window_backward(x, w, dy)[1][::-1]


def _last_place(x, w, dy):
    return window_backward(x, w, dy)[0], dy[-1] * x[len(dy) - 1 :]


def _first_place(x, w, dy):
    return window_backward(x, w, dy)[0], dy[0] * x[: len(w)]


def _mean_over_places(x, w, dy):
    dx, dw = window_backward(x, w, dy)
    return dx, dw / len(dy)


def _overwritten(x, w, dy):
    dx = np.zeros(len(x))
    for i in range(len(dy)):
        dx[i : i + len(w)] = dy[i] * w
    return dx, window_backward(x, w, dy)[1]


def _window(rng):
    m = int(rng.integers(3, 5))
    x = rng.normal(size=int(rng.integers(8, 12)))
    return x, rng.normal(size=m), rng.normal(size=len(x) - m + 1)


# 9.8


def attention(Q, K, V, past):
    return _attention(Q, K, V, past)


def _attention(Q, K, V, past, scale=np.sqrt, axis=1, tri=0, hide=-np.inf):
    fits = Q @ K.T / scale(Q.shape[1])
    if past:
        fits = np.where(np.tri(len(Q), k=tri) == 1, fits, hide)
    return (softmax(fits) if axis == 1 else softmax(fits.T).T) @ V


def _hidden_after(Q, K, V, past):
    shares = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return (shares * np.tri(len(Q)) if past else shares) @ V


def _only_future(Q, K, V, past):
    fits = Q @ K.T / np.sqrt(Q.shape[1])
    return softmax(np.where(np.tri(len(Q)).T == 1, fits, -np.inf) if past else fits) @ V


def _without_softmax(Q, K, V, past):
    fits = Q @ K.T / np.sqrt(Q.shape[1])
    return (fits * np.tri(len(Q)) if past else fits) @ V


def _sequence(past):
    def inputs(rng):
        n, d, h = int(rng.integers(4, 7)), int(rng.integers(2, 4)), int(rng.integers(7, 9))
        return rng.normal(size=(n, d)), rng.normal(size=(n, d)), rng.normal(size=(n, h)), past

    return inputs


EXERCISES = {
    1: Project(
        title="Five broken pads",
        hints=(
            "Begin with what is seen at once: how large is the largest pixel, and is most of an image 0 or 1?",
            "The centre of mass of a healthy image is near (14, 14). It needs the scale to be right, so look at the "
            "scale first.",
            "A transposed digit has the same pixels, in other places, so no mean shows it. How sure is the network of "
            "`X`, and how sure of `X` turned back, `X.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(-1, 784)`?",
        ),
        judge=_measure_diagnosis,
    ),
    2: Exercise(
        title="A stranger behind the pad",
        hints=(
            "Three steps: standardise, reshape and ask, and make probabilities of what comes back.",
            "`image.reshape(1, 1, 28, 28)` has the shape that she wants. `nnlib.softmax` takes rows, shape (1, 10), "
            "and returns rows; `[0]` is the only one.",
        ),
        reference=as_reader,
        inputs=_stranger_and_image,
        mistakes=(
            (
                _standardised(lambda image: image),
                "the model gets pixels from 0 to 1. It was trained on standardised ones: subtract 0.1307, then divide "
                "by 0.3081.",
            ),
            (
                _standardised(lambda image: image - MEAN / DEVIATION),
                "brackets are missing: subtract first, then divide the whole.",
            ),
            (
                _standardised(lambda image: image / DEVIATION - MEAN),
                "the other way round: subtract the mean first, then divide.",
            ),
            (_standardised(lambda image: image - MEAN), "the mean is subtracted; the division is missing."),
            (_standardised(lambda image: image / DEVIATION), "the division is there; subtract the mean before it."),
            (
                _standardised(lambda image: image * DEVIATION + MEAN),
                "that is the way back. Subtract the mean, then divide by the standard deviation.",
            ),
            (
                _standardised(lambda image: (image - image.mean()) / image.std()),
                "that standardises with this image's own mean. The model was trained with those of MNIST.",
            ),
            (
                _standardised(lambda image: _usual(image.T)),
                "the image is transposed: it should be reshaped, not turned.",
            ),
            (
                _standardised(_usual, lambda z: z[0]),
                "that is z. The pad's bars are probabilities: one step is missing.",
            ),
            (
                _standardised(_usual, lambda z: 1 / (1 + np.exp(-z[0]))),
                "each output has a sigmoid of its own, so they do not share 100 %. The ten z are for a softmax.",
            ),
            (
                _standardised(_usual, lambda z: np.eye(10)[z[0].argmax()]),
                "that is only the answer. The pad wants all ten probabilities.",
            ),
            (
                _standardised(_usual, lambda z: z[0] / z[0].sum()),
                "divided by their sum, negative z stay negative. Lesson 6's softmax takes the exponentials first.",
            ),
        ),
    ),
    3: Project(
        title="Resist forgetting",
        hints=(
            "Trained on the 30 alone, it forgets. So `X_old` has to be in the training, too, and each image there "
            "needs a target: `net.predict(X_old)` is what the network itself says.",
            "Thirty images among two thousand are too quiet. Let them come many times: `np.tile(X_new, (40, 1))` and "
            "`np.tile(y_new, 40)`.",
            "`augment=nnlib.Augment(shift=1, rotation=8, shear=0.1)` makes every copy a little different. A small "
            "rate, a few epochs, `schedule=nnlib.cosine`.",
        ),
        judge=_measure_teaching,
    ),
    4: Exercise(
        title="What fifty digits rule out",
        hints=(
            "Exactly $k$ errors among $n$: $\\binom nk p^k(1-p)^{n-k}$, in code `comb(n, k)` from `math`. So few or "
            "fewer: add them up for $k$ from 0 to `errors`.",
            "Keep `low` and `high` with the answer between them. In the middle, is the probability still above 0.05? "
            "Then p may be larger: `low = p`. Sixty halvings are plenty.",
        ),
        reference=largest_rate,
        inputs=lambda rng: (int(rng.integers(1, 8)), int(rng.integers(20, 80))),
        mistakes=(
            (lambda errors, n: errors / n, "that is the share of errors that was seen, not the largest that may be."),
            (
                lambda errors, n: _rate_at(lambda p, k, n: comb(n, k) * p**k * (1 - p) ** (n - k), errors, n),
                "that is for exactly so many errors. Fewer would have looked at least as good: add them up from 0.",
            ),
            (_fewer, "that is for fewer errors than there were. So many themselves count as well."),
            (_at_2_5, "that leaves 2.5 % on this side. The task asks for 5 %."),
            (_smallest_rate, "that is the smallest p: so many errors or more. Fewer is the side that looks too good."),
            (
                _wrong_half,
                "the halving runs to an end of the interval. While so few errors are still more probable than 5 %, p "
                "may be larger: low = p.",
            ),
            (
                lambda errors, n: 1 - accuracy_interval(n - errors, n)[0],
                "that is lesson 5's interval: near, but it approximates, and it leaves 2.5 % on this side.",
            ),
            (_without_binomial, "in how many ways can the errors lie among n digits? That factor is missing."),
            (
                lambda errors, n: 1 - 0.05 ** (1 / n),
                "that is right for no errors at all: it counts k = 0 alone. With errors, add up k from 0 to errors.",
            ),
            (lambda errors, n: 3 / n, "the rule of three is for no errors, and near the truth, not equal to it."),
            (
                lambda errors, n: 1 - largest_rate(errors, n),
                "that is the smallest accuracy. The largest rate of errors is asked for.",
            ),
        ),
        extreme=((lambda rng: (0, 50), "no errors at all"),),
    ),
    5: Project(
        title="A classifier of your own",
        hints=(
            "Lesson 1 made a neuron out of average digits. What would the average 0, the average 1, … be good for "
            "here?",
            "Compute the ten averages once, outside the function: `X[y == digit].mean(axis=0)`, shape (784,). Then "
            "see how "
            "far the image is from each.",
            "The smallest distance should win, and the pad takes the *largest* of ten numbers. "
            "Take minus the distances; `nnlib.softmax` makes shares of them.",
        ),
        judge=measure_classifier,
    ),
    6: Exercise(
        title="Better, or luck?",
        hints=(
            "With `n = mended + broken` coins, exactly $k$ heads have the probability $\\binom nk / 2^n$.",
            "As lopsided or more, on one side: add up $k$ from the larger of the two numbers to $n$. The other side "
            "has the same probability.",
            "If both numbers are equal, the middle is in both sides, and the sum is above 1. No probability is.",
        ),
        reference=luck,
        inputs=lambda rng: (int(rng.integers(1, 9)), int(rng.integers(1, 9))),
        mistakes=(
            (_one_side, "that is one side only. Had teaching done harm, just as much would have surprised you."),
            (_exactly, "that is for exactly so many heads. More would be at least as lopsided: add them up."),
            (
                _exactly_once,
                "that is for exactly so many heads. More lopsided ones count as well, and the other side, too.",
            ),
            (
                lambda mended, broken: min(1.0, 2 * (_one_side(mended, broken) - 0.5 ** (mended + broken))),
                "the last term is missing, all coins alike: range stops before its end.",
            ),
            (_more, "at least as lopsided: the number that you found itself counts as well."),
            (
                lambda mended, broken: 1 - luck(mended, broken),
                "that is the other probability: how often coins do less.",
            ),
            (
                lambda mended, broken: 2 * 0.5 ** (mended + broken),
                "that is right if all coins agree. If some don't, there are more ways.",
            ),
            (
                lambda mended, broken: min(broken, mended) / (mended + broken),
                "that is a share of digits. How often would coins come out so?",
            ),
        ),
        extreme=(
            (lambda rng: (0, 0), "no digit that changed"),
            (lambda rng: (4, 4), "as many mended as broken"),
            (lambda rng: (6, 0), "six mended and none broken"),
            (lambda rng: (0, 6), "six broken and none mended"),
        ),
    ),
    7: Exercise(
        title="A weight that works everywhere",
        hints=(
            "Weight $k$ works in every output, and in output $i$ it multiplies $x_{i+k}$. One path for each $i$: add "
            "up $dy_i\\,x_{i+k}$.",
            "$x_j$ lies in output $i$ with the weight $k = j - i$. Begin with `dx = np.zeros(len(x))`, and let each "
            "weight add its part: `dx[k : k + len(dy)] += dy * w[k]`.",
        ),
        reference=window_backward,
        inputs=_window,
        mistakes=(
            (
                _flipped,
                "dw is right. In dx the window is turned round: x_j meets weight k in output i where i + k = j.",
            ),
            (_flipped_weights, "dx is right, and dw has its entries in reverse order."),
            (_last_place, "dx is right. dw has only one place: a shared weight has one path for each, and paths add."),
            (_first_place, "dx is right. dw has only the first place: each place where a weight works is a path. Add."),
            (
                lambda x, w, dy: (window_backward(x, w, dy)[0], np.convolve(x, dy, "valid")),
                "dx is right. In dw, np.convolve turns dy round before it slides; np.correlate doesn't.",
            ),
            (_mean_over_places, "dx is right. dw is a sum over the places, not a mean: the loss has its mean already."),
            (_overwritten, "dw is right. In dx the windows overwrite each other. Where they overlap, paths add: +=."),
            (lambda x, w, dy: window_backward(x, w, dy)[::-1], "return dx first, then dw."),
        ),
    ),
    8: Exercise(
        title="Attention",
        hints=(
            "`Q @ K.T` has how well each question fits each key, shape (n, n): a row for each question. Its rows are "
            "what the softmax makes shares of.",
            "A share of exactly 0 needs a fit of −∞ *before* the softmax; set to 0 afterwards, the others no longer "
            "add up to 1.",
            "`np.tri(n)` is 1 at and below the diagonal and 0 above it: row i may look at column j if j is at most i.",
        ),
        reference=attention,
        inputs=_sequence(True),
        mistakes=(
            (lambda Q, K, V, past: _attention(Q, K, V, False), "every row sees the later ones, though past is true."),
            (_hidden_after, "what is hidden has a share of 0, but the others no longer add up to 1. Hide it before."),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, hide=0.0),
                "a fit of 0 is no share of 0: its exponential is 1. Which number has an exponential of 0?",
            ),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, tri=-1, hide=-1e9),
                "a row may look at itself as well: leave the diagonal.",
            ),
            (_only_future, "the wrong half is hidden: a row may look at itself and at those before it."),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, tri=1),
                "a row sees the next one, too: hide everything above the diagonal.",
            ),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, scale=lambda d: 1),
                "the fits are not divided by √d.",
            ),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, scale=lambda d: d),
                "divide by the root of d, not by d: a sum of d products has the size √d.",
            ),
            (
                lambda Q, K, V, past: _attention(K, Q, V, past),
                "questions and keys have changed places: row i belongs to question i.",
            ),
            (_without_softmax, "the fits are no shares yet: the softmax is missing."),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, scale=lambda d: np.sqrt(V.shape[1])),
                "d is the length of a question, not that of a value.",
            ),
            (
                lambda Q, K, V, past: _attention(Q, K, V, past, scale=lambda d: np.sqrt(len(Q))),
                "d is the length of a question, not the number of rows.",
            ),
        ),
        extreme=((_sequence(False), "a sequence without hidden rows, past = False"),),
    ),
}
