"""The exercises of lesson 6: softmax, gradients, a look ahead, first weights, a search, a diagnosis, a warm-up."""

import numpy as np

from nnlib._support.language import later, say
from nnlib.activations import sigmoid, softmax
from nnlib.check.exercises import Exercise, Project, written
from nnlib.check.exercises.measure import no_word
from nnlib.data import training_digits
from nnlib.evaluation import accuracy
from nnlib.network import Network
from nnlib.optimizers import SGD, Momentum
from nnlib.training import train

# 6.1


def _softmax_over_columns(z):
    return softmax(z.T).T


def _softmax_over_all(z):
    return softmax(z.reshape(1, -1)).reshape(z.shape)


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _own_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _far(shift):
    """Four rows, one of them so far out that its exponentials are infinite, or all 0."""

    def inputs(rng):
        z = np.round(64 * rng.normal(0, 2, (4, 5))) / 64  # a float32 holds such a number, however far out
        z[rng.integers(4)] += shift
        return (z,)

    return inputs


def _one_far(rng):
    z = rng.normal(0, 2, (4, 5))
    z[rng.integers(4), rng.integers(5)] += 2000
    return (z,)


# 6.2


def output_gradient(z, Y, T):
    return (softmax(z / T) - Y) / (len(Y) * T)


def _gradient_with_sigma_prime(z, Y, T):
    a = softmax(z / T)
    return (a - Y) * a * (1 - a) / (len(Y) * T)


def _gradient_inputs(rng):
    return rng.normal(0, 2, (6, 4)), np.eye(4)[rng.integers(0, 4, 6)], float(rng.choice([0.4, 0.6, 1.7, 2.5]))


# 6.3


def momentum_step(theta, v, gradient, lr, mu):
    v = mu * v - lr * gradient(theta + mu * v)
    return theta + v, v


def _momentum(theta, v, gradient, lr, mu):
    v = mu * v - lr * gradient(theta)
    return theta + v, v


def _uphill(theta, v, gradient, lr, mu):
    v = mu * v + lr * gradient(theta + mu * v)
    return theta + v, v


def _minus_v(theta, v, gradient, lr, mu):
    v = mu * v - lr * gradient(theta + mu * v)
    return theta - v, v


def _too_far_ahead(theta, v, gradient, lr, mu):
    v = mu * v - lr * gradient(theta + v)
    return theta + v, v


def _ahead_twice(theta, v, gradient, lr, mu):
    v = mu * v
    v = v - lr * gradient(theta + mu * v)
    return theta + v, v


def _rolls_without_correction(theta, v, gradient, lr, mu):
    ahead = theta + mu * v
    return ahead, mu * v - lr * gradient(ahead)


def _without_lr(theta, v, gradient, lr, mu):
    v = mu * v - gradient(theta + mu * v)
    return theta + v, v


def _from_there(theta, v, gradient, lr, mu):
    ahead = theta + mu * v
    v = mu * v - lr * gradient(ahead)
    return ahead + v, v


def _old_v(theta, v, gradient, lr, mu):
    return theta + v, mu * v - lr * gradient(theta + mu * v)


def _forgotten(theta, v, gradient, lr, mu):
    d = gradient(theta + mu * v)
    return theta - lr * d, -lr * d


def _swapped(theta, v, gradient, lr, mu):
    return momentum_step(theta, v, gradient, lr, mu)[::-1]


def _bowl(rng):
    theta, v = rng.normal(size=(2, 5))
    steep, centre = rng.uniform(1, 4, 5), rng.normal(size=5)
    mu = float(rng.uniform(0.5, 0.95))
    return theta, v, lambda theta: steep * (theta - centre), float(rng.uniform(0.05, 0.3)), mu


# 6.4


def logistic_loss(z, y):
    return (1 - y) * z + np.logaddexp(0, -z), sigmoid(z) - y


def _logistic_of(loss, slope):
    """A mistaken pair: from a = σ(z) and y to the loss and to dz."""
    return lambda z, y: (loss(sigmoid(z), y), slope(sigmoid(z), y))


def _right_loss(a, y):
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


def _at_the_edge(z):
    return lambda rng: (np.array([z, float(rng.normal())]), rng.uniform(0.1, 0.9, 2))


# 6.5


def leaky_std(n_in, alpha):
    return np.sqrt(2 / ((1 + alpha**2) * n_in))


# 6.6

TRAININGS, SHORT_OF = 10, 0.05  # how often a rate may be tried, and how far below the best the answer may be
PROBLEMS = 3
KINDS = [("relu", Momentum, 0.02), ("sigmoid", SGD, 1.0)]  # the last: near its best learning rate


class _TooManyError(Exception):
    pass


class _Problem:
    """A small network, some images, and a loss that is multiplied by a number which nobody is told."""

    def __init__(self, rng, third):
        X, y = training_digits(60_000)
        order = rng.permutation(len(X))[:3000]
        self.X, self.y = X[order], y[order]
        self.activation, self.optimizer, self.usual = KINDS[rng.integers(len(KINDS))]
        self.times = self.usual / 10 ** float(-3.3 + 1.9 * (third + rng.uniform(0.15, 0.85)))
        self.tried = {}

    def train(self, lr):
        """The accuracy on 1,000 images after two epochs on 2,000; a network that is lost guesses."""
        net, optimizer = Network([784, 20, 10], self.activation, "softmax"), self.optimizer(lr * self.times)
        try:
            with np.errstate(all="ignore"):
                options = {"epochs": 2, "batch_size": 20, "optimizer": optimizer, "progress": False}
                train(net, self.X[:2000], self.y[:2000], **options)
                return accuracy(net, self.X[2000:], self.y[2000:])
        except (FloatingPointError, ValueError):
            return 0.1

    def try_rate(self, lr):
        """What the reader calls."""
        if not (np.isscalar(lr) and np.isfinite(lr) and lr > 0):
            raise ValueError(f"a learning rate must be a number above 0; got {lr!r}.")
        if len(self.tried) == TRAININGS and lr not in self.tried:
            raise _TooManyError
        if lr not in self.tried:
            self.tried[lr] = self.train(float(lr))
        return self.tried[lr]

    def best(self):
        """The best of a grid of factors of 1.6 around where it has to be."""
        return max(self.train(self.usual / self.times * 1.6**step) for step in range(-5, 6))


def find_rate(try_rate):
    found = {lr: try_rate(lr) for lr in 10.0 ** np.arange(-3.5, 3)}
    coarse = max(found, key=found.get)
    for times in (0.3, 0.55, 2):
        found[times * coarse] = try_rate(times * coarse)
    return max(found, key=found.get)


def _measure_search(function, rng):
    """Let ``function`` find a learning rate for three problems, and train with what it returns."""
    said = []
    for third in rng.permutation(PROBLEMS):  # of the powers of ten: no fixed rate suits all three problems
        problem = _Problem(rng, third)
        try:
            lr = function(problem.try_rate)
        except _TooManyError:
            return False, (
                say(
                    "it tried more than {most} rates. Spend the first ones on the powers of ten, the last ones "
                    "near the best of them.",
                    most=TRAININGS,
                )
            )
        if lr is None or lr is Ellipsis:
            return None, say("It returns no rate yet.")
        if isinstance(lr, bool) or not isinstance(lr, (int, float, np.number)) or not np.isfinite(lr) or lr <= 0:
            return False, say("a learning rate should come back, a number above 0; got {lr!r}.", lr=lr)
        reached, best = problem.train(float(lr)), problem.best()
        measured = say(
            "at its rate of {lr:.3g} the network reads {reached:.0%}; at the best rate it reads {best:.0%}",
            lr=lr,
            reached=reached,
            best=best,
        )
        if reached < best - SHORT_OF:
            larger, smaller = problem.train(4 * lr), problem.train(lr / 4)
            where = say("four times as large") if larger > smaller else say("four times smaller")
            better = max(larger, smaller)
            hint = (
                say(" At a rate {where} it is {better:.0%}.", where=where, better=better)
                if better > reached + 0.05
                else say(" Look further away.")
            )
            return False, say(
                "{measured}, after {trainings} trainings.{hint}",
                measured=measured,
                trainings=len(problem.tried),
                hint=hint,
            )
        said.append(
            say(
                "{lr:.2g} after {trainings} trainings ({reached:.0%}; the best is {best:.0%})",
                lr=lr,
                trainings=len(problem.tried),
                reached=reached,
                best=max(reached, best),
            )
        )
    return True, say("Its rates: {rates}.", rates=say(", ").join(said))


# 6.7

CURVES = {
    "learning": later("the loss starts near log 10 and goes down to stay down"),
    "large weights": later("the loss starts far above log 10, before any step was taken"),
    "vanished": later("the loss starts near log 10 and never gets away from it"),
    "too fast": later("the loss starts near log 10, and the first steps throw it up"),
}


def diagnose(losses):
    if losses[0] > 5:
        return "large weights"
    if losses.max() > 2 * losses[0]:
        return "too fast"
    return "learning" if losses[-20:].mean() < 1.5 else "vanished"


def _run(symptom, rng):
    """The losses of the first 200 batches of a network that has this symptom, shape (200,)."""
    X_all, y_all = training_digits(60_000)
    while True:
        hidden, deep = int(rng.choice([20, 40, 60])), [32] * int(rng.integers(6, 9))
        sizes, activation, std, lr = {
            "learning": ([hidden], "relu", None, rng.uniform(0.1, 0.3)),
            "large weights": ([hidden], "relu", rng.uniform(0.4, 1), rng.uniform(0.001, 0.1)),
            "vanished": (deep, "sigmoid", None, rng.uniform(0.05, 0.3)),
            "too fast": ([hidden], "relu", None, rng.uniform(4, 12)),
        }[symptom]
        net = Network([784, *sizes, 10], activation, "softmax", init_std=std, seed=int(rng.integers(1000)))
        order, losses = rng.permutation(len(X_all))[:4000].reshape(200, 20), []
        with np.errstate(all="ignore"):
            for batch in order:
                loss, grads, _ = net.loss_and_gradients(X_all[batch], y_all[batch])
                losses.append(float(loss))
                SGD(float(lr)).step(net.params, grads)
        found = np.array(losses)
        if np.isfinite(found).all() and diagnose(found) == symptom:
            return found


def _measure_diagnosis(function, rng):
    """Let ``function`` name what is the matter with eight runs, two of each kind."""
    for symptom in rng.permutation([*CURVES, *CURVES]):
        losses = _run(symptom, rng)
        said = function(losses.copy())
        if verdict := no_word(said, CURVES):
            return verdict
        if said != symptom:
            some = ", ".join(f"{losses[step]:.2f}" for step in (0, 1, 2, 5, 10, 50, 100, 199))
            return False, (
                say(
                    "here is a run for which it says {said!r}: the losses of batches 1, 2, 3, 6, 11, 51, 101 and "
                    "200 are {some}; the largest of all is {largest:.2f}. It is {symptom!r}: {what}.",
                    said=said,
                    some=some,
                    largest=losses.max(),
                    symptom=str(symptom),
                    what=say(CURVES[symptom]),
                )
            )
    return True, say("You named all eight runs correctly, and they were trained a moment ago.")


# 6.8


def warm_up(p, share):
    rest = (p - share) / (1 - share)
    return np.where(p < share, p / share, 0.5 * (1 + np.cos(np.pi * rest)))


def _moments(rng):
    share = float(rng.uniform(0.1, 0.3))
    return np.sort(np.concatenate([rng.uniform(0.02, share, 4), rng.uniform(share, 0.98, 6)])), share


EXERCISES = {
    1: Exercise(
        title="A softmax that does not overflow",
        hints=(
            "For one row: `e = np.exp(z); e / e.sum()`. For a batch the sum goes along `axis=1`, and `keepdims=True` "
            "keeps its shape at (n, 1), so that it divides each row by its own sum.",
            "Only differences count: from each row you may subtract any number. With which one is every exponential at "
            "most 1?",
            "Subtract each row's own maximum. The maximum of the whole array will not do: in a row far below it all "
            "exponentials are 0. Nor will the mean: one number can lie far above it.",
        ),
        reference=_own_softmax,
        inputs=lambda rng: (rng.normal(0, 2, (4, 5)),),
        single=lambda z: (z[:1],),
        mistakes=(
            (_softmax_over_columns, "every column sums to 1. Each row is an image, so each row must sum to 1: axis=1."),
            (_softmax_over_all, "the whole array sums to 1. Each row must sum to 1: axis=1."),
            (_log_softmax, "that is the logarithm of the right answer."),
            (np.exp, "these are the exponentials. Divide each row by its sum."),
            (lambda z: z / z.sum(axis=1, keepdims=True), "the exponentials are missing: a share may not be negative."),
        ),
        extreme=(
            (_far(1000), "a row near 1000"),
            (_far(-1000), "a row near −1000"),
            (_one_far, "a row with one number near 2000"),
        ),
        second=(
            (
                written.uses("softmax"),
                "But nnlib.softmax did the work: now write its two lines yourself.",
                lambda z: softmax(z),
            ),
        ),
    ),
    2: Exercise(
        title="Where backpropagation starts",
        hints=(
            "The loss depends on $u = z/T$ as it depends on $z$ in the lesson, so you know $\\partial L/\\partial u$.",
            "$\\partial L/\\partial z = \\partial L/\\partial u \\cdot \\partial u/\\partial z$, and $u = z/T$ has the "
            "derivative $1/T$. And the loss is the mean over the batch.",
        ),
        reference=output_gradient,
        single=lambda z, Y, T: (z[:1], Y[:1], T),
        inputs=_gradient_inputs,
        mistakes=(
            (
                lambda z, Y, T: (softmax(z / T) - Y) / len(Y),
                "that is the gradient for u = z/T. One more factor leads from there to z.",
            ),
            (
                lambda z, Y, T: (softmax(z) - Y) / len(Y),
                "where is the temperature? The outputs are softmax(z / T).",
            ),
            (
                lambda z, Y, T: softmax(z) - Y,
                "where is the temperature? The outputs are softmax(z / T). And the loss is the mean over the batch.",
            ),
            (
                lambda z, Y, T: (softmax(z) - Y) / (len(Y) * T),
                "the factor 1/T is right, but the outputs are those of softmax(z / T).",
            ),
            (
                lambda z, Y, T: T * (softmax(z / T) - Y) / len(Y),
                "the derivative of z/T is 1/T, not T.",
            ),
            (
                lambda z, Y, T: (softmax(z / T) - Y) / T,
                "the loss is the mean over the batch: divide by n, the number of rows.",
            ),
            (
                lambda z, Y, T: (Y - softmax(z / T)) / (len(Y) * T),
                "the sign is wrong. Where the output is too large, z must fall: a − Y.",
            ),
            (
                _gradient_with_sigma_prime,
                "that has the factor a (1 − a) of squared error. With softmax and cross-entropy it cancels.",
            ),
            (
                lambda z, Y, T: (softmax(z / T) - Y) * Y / (len(Y) * T),
                "only the right output has a gradient. The others must fall, and have one, too.",
            ),
            (
                lambda z, Y, T: (softmax(z / T) - Y) / (z.size * T),
                "divide by n, the number of rows, not by the number of entries.",
            ),
        ),
    ),
    3: Exercise(
        title="A step that looks ahead",
        hints=(
            r"Momentum is $v \leftarrow \mu v - \eta\, d\theta$, then $\theta \leftarrow \theta + v$, with $d\theta$ "
            r"at $\theta$. Only the place of $d\theta$ changes.",
            "The place is `theta + mu * v`, with the *old* v. The step itself still begins at `theta`.",
            "`v *= mu` changes the array that came in. `v = mu * v - …` makes a new one.",
        ),
        reference=momentum_step,
        inputs=_bowl,
        mistakes=(
            (_momentum, "that is plain momentum: the gradient is taken at theta. Take it where the roll would lead."),
            (_too_far_ahead, "the look goes too far ahead: it is mu * v that rolls on, not all of v."),
            (
                _from_there,
                "the place ahead is only for the gradient. The step begins at theta: mu * v is in v already.",
            ),
            (
                _ahead_twice,
                "the look ahead is multiplied by mu twice: take the gradient at theta + mu * v with the old v.",
            ),
            (_rolls_without_correction, "theta has rolled on by mu * v, but the gradient hasn't corrected its step."),
            (_without_lr, "the learning rate is missing: the gradient comes into v times lr."),
            (_uphill, "the step goes uphill: the gradient comes into v with a minus sign."),
            (_minus_v, "v has its minus sign already, so it is added to theta."),
            (_old_v, "theta moves by the new v, not by the old one."),
            (_forgotten, "v has forgotten the step before: keep the share mu of it."),
            (_swapped, "return theta first, then v."),
        ),
    ),
    4: Exercise(
        title="A target between yes and no",
        hints=(
            "The derivative: $\\partial L/\\partial a = -y/a + (1-y)/(1-a)$. Bring it to one fraction, and multiply by "
            "$\\sigma'(z) = a(1-a)$.",
            "The loss: with $a = 1/(1+e^{-z})$, $-\\log a = \\log(1+e^{-z})$, and $1 - a = e^{-z}\\,a$.",
            "That gives $L = (1-y)\\,z + \\log(1+e^{-z})$. `np.logaddexp(0, -z)` computes $\\log(e^0 + e^{-z})$ "
            "without an overflow, and `nnlib.sigmoid` is safe as it is.",
        ),
        reference=logistic_loss,
        inputs=lambda rng: (rng.normal(0, 2, 6), rng.uniform(0.05, 0.95, 6)),
        single=lambda z, y: (z[:1], y[:1]),
        mistakes=(
            (
                _logistic_of(lambda a, y: -y * np.log(a), lambda a, y: a - y),
                "the gradient is right, but the loss has only its half for yes. The half for no is missing: "
                "−(1 − y) log(1 − a).",
            ),
            (
                _logistic_of(_right_loss, lambda a, y: (a - y) * a * (1 - a)),
                "the loss is right, but its gradient has a σ′ in it. That should have cancelled.",
            ),
            (
                _logistic_of(_right_loss, lambda a, y: (a - y) / (a * (1 - a))),
                "the loss is right, but that is the gradient for a. One factor, σ′, leads from there to z.",
            ),
            (
                _logistic_of(_right_loss, lambda a, y: y - a),
                "the loss is right, but its gradient has the wrong sign: where a is too large, z must fall.",
            ),
            (
                _logistic_of(lambda a, y: -_right_loss(a, y), lambda a, y: a - y),
                "the gradient is right, but the loss lacks its minus sign: logarithms of shares are negative.",
            ),
            (
                _logistic_of(lambda a, y: 0.5 * (a - y) ** 2, lambda a, y: (a - y) * a * (1 - a)),
                "that is squared error and its gradient.",
            ),
            (
                _logistic_of(lambda a, y: _right_loss(a, 1 - y), lambda a, y: a - y),
                "the gradient is right, but in the loss y and 1 − y have changed places.",
            ),
            (
                lambda z, y: (logistic_loss(z, y)[0], z - y),
                "the loss is right, but its gradient is a − y, not z − y: a is σ(z).",
            ),
            (
                lambda z, y: (np.mean(logistic_loss(z, y)[0]), logistic_loss(z, y)[1] / len(z)),
                "that is the mean over the batch. Here a loss and a slope for each number are wanted.",
            ),
            (lambda z, y: logistic_loss(z, y)[::-1], "return the loss first, then its gradient."),
        ),
        extreme=((_at_the_edge(1000.0), "a z of 1000"), (_at_the_edge(-1000.0), "a z of −1000")),
    ),
    5: Exercise(
        title="First weights for a leaky ReLU",
        hints=(
            "Line 1 is about the sum and stays. In line 2, half of the z are positive and keep their square. What does "
            "the other half keep of its square?",
            r"$\langle a_\text{new}^2\rangle = \tfrac12\langle z^2\rangle + \tfrac12\alpha^2\langle z^2\rangle$. "
            "Put line 1 into it, and ask for the size to stay.",
        ),
        reference=leaky_std,
        inputs=lambda rng: (int(rng.integers(20, 900)), float(rng.uniform(0.1, 0.6))),
        mistakes=(
            (
                lambda n_in, alpha: np.sqrt(2 / n_in),
                "that is He's rule, for α = 0. The left half is no longer cut off.",
            ),
            (
                lambda n_in, alpha: np.sqrt(1 / n_in),
                "that is the rule for an activation that passes everything, α = 1.",
            ),
            (
                lambda n_in, alpha: np.sqrt(2 / ((1 + alpha) * n_in)),
                "the left half is multiplied by α, so its square is multiplied by α².",
            ),
            (
                lambda n_in, alpha: np.sqrt(2 / ((1 + alpha) ** 2 * n_in)),
                "square each half by itself, then add: 1 + α², not (1 + α)².",
            ),
            (
                lambda n_in, alpha: np.sqrt(2 / (1 + alpha**2) * n_in),
                "n_in belongs below the line: more inputs need smaller weights. A pair of brackets is missing.",
            ),
            (
                lambda n_in, alpha: np.sqrt(2 * (1 + alpha**2) / n_in),
                "upside down: the more an activation lets through, the smaller the weights may be.",
            ),
            (
                lambda n_in, alpha: 2 / ((1 + alpha**2) * n_in),
                "that is the square of it, the variance. The standard deviation is wanted.",
            ),
            (
                lambda n_in, alpha: np.sqrt(1 / ((1 + alpha**2) * n_in)),
                "each half is only a half of the z: where is the ½ of line 2? For α = 1 it must be √(1/n).",
            ),
            (
                lambda n_in, alpha: np.sqrt(2 / ((1 - alpha**2) * n_in)),
                "the square of the left half is added, whatever the sign of z: 1 + α².",
            ),
        ),
    ),
    6: Project(
        title="A rate in ten trainings",
        hints=(
            "First coarse, then fine. How many powers of ten lie between 0.0001 and 1000? One training in the middle "
            "of each gap, `10.0 ** np.arange(-3.5, 3)`, leaves three.",
            "A rate that is too small learns slowly but learns; one that is too large guesses. So around the best of "
            "the coarse grid look further down than up: at 0.3 and 0.55 times it, and at twice it.",
            "Keep what you found in a dictionary, `found[lr] = try_rate(lr)`. `max(found, key=found.get)` is the best "
            "rate in it.",
        ),
        judge=_measure_search,
    ),
    7: Project(
        title="Four curves",
        hints=(
            "Two of the four give themselves away by where they start or by how high they get. Compare `losses[0]` "
            "with log 10, and `losses.max()` with `losses[0]`.",
            "Of the two that are left, one ends well below log 10 and the other never leaves it. Single batches "
            "scatter: take a mean of the last twenty.",
        ),
        judge=_measure_diagnosis,
    ),
    8: Exercise(
        title="Warming up",
        hints=(
            "`np.where(condition, one, other)` takes each entry from one array or the other. The condition is "
            "`p < share`.",
            "The lesson's cosine falls while its argument runs from 0 to 1. Yours starts at `p = share`: which "
            "expression is 0 there, and 1 at `p = 1`?",
        ),
        reference=warm_up,
        inputs=_moments,
        mistakes=(
            (
                lambda p, share: np.where(p < share, p / share, 0.5 * (1 + np.cos(np.pi * p))),
                "the cosine starts too early: at p = share it has already come down a little, so there is a jump.",
            ),
            (
                lambda p, share: np.where(p < share, p / share, 0.5 * (1 + np.cos(np.pi * (p - share)))),
                "it starts well and ends above 0: stretch the cosine, so that it is through at p = 1.",
            ),
            (
                lambda p, share: np.where(p < share, p / share, 0.5 * (1 + np.cos(np.pi * p / (1 - share)))),
                "the cosine has the right length and the wrong start: its argument should be 0 at p = share.",
            ),
            (
                lambda p, share: np.where(p < share, p / share, 0.5 * (1 - np.cos(np.pi * (p - share) / (1 - share)))),
                "the second part rises from 0 to 1. It should fall from 1 to 0.",
            ),
            (
                lambda p, share: np.where(p < share, p * share, warm_up(p, share)),
                "the rise is p divided by share, so that it is 1 at p = share.",
            ),
            (
                lambda p, share: np.where(p < share, p, warm_up(p, share)),
                "the rise is too slow: at p = share it should be 1.",
            ),
            (
                lambda p, share: np.minimum(p / share, 1) * 0.5 * (1 + np.cos(np.pi * p)),
                "that multiplies both. First the rise alone, then the cosine alone, in the time that is left.",
            ),
            (
                lambda p, share: np.where(p < share, p / share, 1 + np.cos(np.pi * (p - share) / (1 - share))),
                "the fall begins at 2: half the cosine is wanted.",
            ),
            (
                lambda p, share: np.where(p < share, p / share, 1 - (p - share) / (1 - share)),
                "the way down is a straight line. Half a cosine is wanted.",
            ),
            (
                lambda p, share: np.where(p < share, 1 - p / share, warm_up(p, share)),
                "in the warm-up it falls from 1 to 0. It should rise from 0 to 1.",
            ),
        ),
    ),
}
