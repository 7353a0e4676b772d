"""The exercises of lesson 3: errors on paper, better and cheaper differences, and bugs to be named and mended."""

import itertools

import numpy as np

from nnlib._support.language import later, say
from nnlib.activations import sigmoid
from nnlib.check import compare
from nnlib.check.exercises import Exercise, Project
from nnlib.check.exercises.written import loops

# 3.1


def errors_of_w4(w, h):
    return 6 * w**2 * h + 4 * w * h**2 + h**3, 4 * w * h**2


# 3.2


def better_difference(f, w, h):
    return (4 * _central(f, w, h) - _central(f, w, 2 * h)) / 3


def _central(f, w, h):
    return (f(w + h) - f(w - h)) / (2 * h)


def _wave(w):
    return float(np.exp(0.7 * w) + np.sin(2 * w))


# 3.3


def slope_along(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta - h * direction)) / (2 * h)


def _forward(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta)) / h


def _without_two(f, theta, direction, h):
    return (f(theta + h * direction) - f(theta - h * direction)) / h


def _backwards(f, theta, direction, h):
    return (f(theta - h * direction) - f(theta + h * direction)) / (2 * h)


def _every_entry(f, theta, direction, h):
    return (f(theta + h) - f(theta - h)) / (2 * h)


def _bowl(theta):
    return float(np.sum(np.exp(0.5 * theta) + theta**3))


# 3.4


def first_suspects(errors, is_wrong=lambda errors: ~(errors < 1e-7), layer_1=4, layer_2=1):
    """With another rule for what is wrong, and other lines for a whole layer, it makes the well-known mistakes."""
    W1, b1, W2, b2 = is_wrong(np.asarray(errors)).T
    lines = np.where(W1 & b1, layer_1, np.where(W1, 6, np.where(b1, 7, 0)))
    return np.where(W2 & b2, layer_2, np.where(W2, 2, np.where(b2, 3, lines)))


def _as_if_line_1(errors):
    wrong = ~(errors < 1e-7)
    return np.where(wrong[:, 2:].any(axis=1), 1, first_suspects(errors))


def _reports(rng):
    """A report for each pattern that one line can make; with it a small error, and a NaN, in rows of their own."""
    patterns = ["", "1111", "0010", "0001", "1100", "1000", "0100", "1100", "1000"]
    errors = 10 ** rng.uniform(-11, -8, (len(patterns), 4))
    for row, pattern in enumerate(patterns):
        wrong = np.array([sign == "1" for sign in pattern or "0000"])
        low, high = (-5, -3) if row == 7 else (-1.5, 0)
        errors[row, wrong] = 10 ** rng.uniform(low, high, wrong.sum())
        if row == 8:
            errors[row, wrong] = np.nan
    return (rng.permutation(errors),)


def _loop(errors):
    return np.array([int(first_suspects(errors[i : i + 1])[0]) for i in range(len(errors))])


# 3.5


def factor_and_rest(gradient, numerical):
    factor = np.sum(gradient * numerical) / np.sum(numerical**2)
    return factor, np.abs(gradient - factor * numerical).max() / np.abs(gradient).max()


def _rest(gradient, numerical, factor):
    return np.abs(gradient - factor * numerical).max() / np.abs(gradient).max()


def _of_sums(gradient, numerical):
    factor = gradient.sum() / numerical.sum()
    return factor, _rest(gradient, numerical, factor)


def _of_largest(gradient, numerical):
    factor = np.abs(gradient).max() / np.abs(numerical).max()
    return factor, _rest(gradient, numerical, factor)


def _other_way_round(gradient, numerical):
    factor = np.sum(gradient * numerical) / np.sum(gradient**2)
    return factor, _rest(gradient, numerical, factor)


def _mean_of_quotients(gradient, numerical):
    factor = np.mean(gradient / numerical)
    return factor, _rest(gradient, numerical, factor)


def _rest_not_divided(gradient, numerical):
    factor, rest = factor_and_rest(gradient, numerical)
    return factor, rest * np.abs(gradient).max()


def _rest_without_factor(gradient, numerical):
    factor, _ = factor_and_rest(gradient, numerical)
    return factor, _rest(gradient, numerical, 1)


def _scaled(rng):
    numerical = rng.normal(size=(5, 4)) + 0.3
    factor = rng.choice([-1, 1]) * rng.uniform(2, 6) ** rng.choice([-1, 1])
    return factor * (numerical + 0.1 * rng.normal(size=(5, 4))), numerical


# 3.6

VERDICTS = {"P": 3, "Q": 4, "R": 0, "S": 5, "T": 6, "U": 1}  # `nnlib.museum.stranger`
SPOILT = {0: "none", 1: "W1, b1, W2, b2", 2: "W2", 3: "b2", 4: "W1, b1", 5: "W1, b1", 6: "W1", 7: "b1"}
TOLD = {  # of a letter and an answer
    ("Q", 0): later(
        "when it is fresh, the check finds nothing, that is true. Take a few hundred steps with it, and check again."
    ),
    ("Q", 5): later(
        "line 5 would be wrong in a fresh network, too. Which of 4 and 5 uses a number that training changes?"
    ),
    ("S", 4): later(
        "look at the two values beside the error: how many times too large is backpropagation's in a fresh network? "
        "Which factor of line 5 would explain that?"
    ),
    ("U", 0): later("an error of 0.5 is large, even if it is the same everywhere."),
}


def judge_verdicts(verdicts, rng):
    """What is right in the reader's dictionary; of one letter that is wrong, what speaks against the answer."""
    given = verdicts()
    if given is None or given is Ellipsis:
        return None, ""
    if not isinstance(given, dict):
        return False, say('return a dictionary like {{"P": 2, "Q": 7}}; got {got}.', got=compare.describe(given))
    missing = [letter for letter in VERDICTS if letter not in given]
    if missing:
        return False, say("the dictionary has no answer for {missing}.", missing=", ".join(missing))
    for letter in VERDICTS:
        if given[letter] not in SPOILT:
            return (
                False,
                say(
                    "each answer is a line from 1 to 7, or 0 for no bug; {letter} has {got}.",
                    letter=letter,
                    got=compare.describe(given[letter]),
                ),
            )
    wrong = [letter for letter, line in VERDICTS.items() if given[letter] != line]
    if not wrong:
        return True, say("You named all six: five wrong lines, and one network that has none.")
    letter, line = wrong[0], given[wrong[0]]
    general = (
        say("every array has an error in the check, fresh or after some steps?")
        if VERDICTS[letter] == 0 and line == 1
        else say(
            "a wrong line {line} would spoil {arrays}. Is that what the check finds?", line=line, arrays=SPOILT[line]
        )
        if line
        else say("at least one array is wrong. Look at all four, the biases too.")
    )
    right = len(VERDICTS) - len(wrong)
    return False, say(
        "{right} of {count} are right. {letter}: {why}",
        right=right,
        count=len(VERDICTS),
        letter=letter,
        why=say(TOLD[letter, line]) if (letter, line) in TOLD else general,
    )


# 3.7


def gradients(X, Y, W1, b1, W2, b2, bugs=()):
    a1 = sigmoid(z1 := X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    dz2 = (a2 - Y) * a2 * (1 - a2) / len(X)
    db2 = dz2.mean(axis=0) if "mean" in bugs else dz2.sum(axis=0)
    da1 = dz2 @ (W2 if "transpose" in bugs else W2.T)
    dz1 = da1 * (z1 * (1 - z1) if "derivative" in bugs else a1 * (1 - a1))
    return X.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, db2


def _with_bugs(*bugs):
    left = {
        1: later("One of the three bugs is still there."),
        2: later("Two of the three bugs are still there."),
        3: later("All three bugs are still there."),
    }
    return (lambda *inputs: gradients(*inputs, bugs=bugs)), left[len(bugs)]


_BUGS = [bugs for count in (1, 2, 3) for bugs in itertools.combinations(("mean", "transpose", "derivative"), count)]


def _small_network(rng):
    Y = np.eye(4)[rng.integers(4, size=6)]
    return (
        rng.random((6, 8)),
        Y,
        rng.normal(size=(8, 4)),
        rng.normal(size=4),
        rng.normal(size=(4, 4)),
        rng.normal(size=4),
    )


EXERCISES = {
    1: Exercise(
        title="The errors of w⁴",
        hints=(
            "$(w + h)^4 = w^4 + 4w^3h + 6w^2h^2 + 4wh^3 + h^4$, and for $w - h$ the odd powers of $h$ change "
            "their sign.",
            "Take $w^4$ away, divide by $h$, and take the slope $4w^3$ away: what is left is the forward error. In the "
            "central difference, the terms with even powers of $h$ cancel in pairs.",
            "At w = 2 and h = 1 the forward error is 33 and the central one 8.",
        ),
        reference=errors_of_w4,
        inputs=lambda rng: (float(rng.uniform(0.6, 3)), float(rng.uniform(0.05, 0.5))),
        mistakes=(
            (
                lambda w, h: (6 * w**2 * h, 4 * w * h**2),
                "that is the first term of the forward error only. Here all terms are asked for, and there are three.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 0.0),
                "the forward error is right. In the central one, not everything cancels: look at the term with h³.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 8 * w * h**2),
                "the forward error is right. The central difference divides by 2h: its error is half of that.",
            ),
            (
                lambda w, h: (errors_of_w4(w, h)[0], 4 * w * h),
                "the forward error is right; the central one falls like h², not like h.",
            ),
            (
                lambda w, h: errors_of_w4(w, h)[::-1],
                "both are right, in the wrong order. Return the forward error first.",
            ),
            (
                lambda w, h: tuple(-e for e in errors_of_w4(w, h)),
                "the signs are wrong: an error is the difference quotient minus the slope.",
            ),
            (
                lambda w, h: tuple(e + 4 * w**3 for e in errors_of_w4(w, h)),
                "these are the difference quotients. Take the slope 4w³ away.",
            ),
        ),
    ),
    2: Exercise(
        title="A better difference",
        hints=(
            "Write $c(h)$ for the central difference and $s$ for the slope. Then $c(h) \\approx s + E$, with "
            "$E = \\tfrac16 h^2 f'''$. What is $c(2h)$, in terms of $s$ and $E$?",
            "$c(2h) \\approx s + 4E$. You know $c(h)$ and $c(2h)$, and look for $s$: two equations, two unknowns.",
            "Four times the first equation minus the second: $4c(h) - c(2h) \\approx 3s$.",
        ),
        reference=better_difference,
        inputs=lambda rng: (_wave, float(rng.uniform(0.2, 1)), float(rng.uniform(0.2, 0.4))),
        mistakes=(
            (lambda f, w, h: _central(f, w, h), "this is the central difference itself. Take a second one, with 2h."),
            (
                lambda f, w, h: (_central(f, w, h) + _central(f, w, 2 * h)) / 2,
                "this is the mean of the two differences, and their errors add up. Weight the two so that they cancel.",
            ),
            (
                lambda f, w, h: 2 * _central(f, w, h) - _central(f, w, 2 * h),
                "that would cancel an error that doubles with 2h. This one is four times as large at 2h.",
            ),
            (
                lambda f, w, h: (4 * _central(f, w, 2 * h) - _central(f, w, h)) / 3,
                "the two steps have changed places: the better of the two, the one with step h, gets the weight 4.",
            ),
            (
                lambda f, w, h: 4 * _central(f, w, h) - _central(f, w, 2 * h),
                "this is three times the slope: divide by 3.",
            ),
            (
                lambda f, w, h: better_difference(f, w, h / 2),
                "the right idea, but with the steps h and h/2. Use h and 2h, as the exercise says.",
            ),
        ),
    ),
    3: Exercise(
        title="All weights at once",
        hints=(
            "`theta + h * direction` makes a new array; `theta += …` would change the one that you were given.",
            "The central difference has f ahead minus f behind above the fraction bar, and 2h below it.",
        ),
        reference=slope_along,
        inputs=lambda rng: (_bowl, rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.1),
        mistakes=(
            (_forward, "this is the forward difference. Take f on both sides of theta, and divide by 2 h."),
            (
                _without_two,
                "this is twice the right number: from theta − h · direction to theta + h · direction it is 2 h.",
            ),
            (_backwards, "the sign is wrong: it is f ahead minus f behind."),
            (_every_entry, "this moves every entry by h. Move theta by h · direction."),
        ),
        second=(
            (
                loops,
                "It needs no loop: h * direction is an array, and theta + h * direction moves every entry at once.",
                lambda f, theta, direction, h: (lambda ends: (ends[0] - ends[1]) / (2 * h))(
                    [f(theta + s * h * direction) for s in (1, -1)]
                ),
            ),
        ),
    ),
    4: Exercise(
        title="Read the report",
        hints=(
            "First make every entry a yes or a no: `wrong = ~(errors < 1e-7)`. Try both `errors < 1e-7` and "
            "`errors > 1e-7` on NaN.",
            "Go through the patterns: nothing wrong, all four, only W2, only b2, W1 and b1, only W1, only b1. Each has "
            "one answer.",
            "Where W1 and b1 are wrong and layer 2 is right, lines 4 and 5 can both be to blame. The first is 4.",
        ),
        reference=first_suspects,
        inputs=_reports,
        mistakes=(
            (
                lambda errors: first_suspects(errors, lambda e: e > 1e-7),
                "NaN passes as right: NaN > 1e-7 is False. Ask whether an error is below 1e-7, and negate the answer "
                "with ~.",
            ),
            (
                lambda errors: first_suspects(errors, lambda e: ~(e < 1e-2)),
                "small errors pass as right. In float64, everything above 1e-7 needs an explanation.",
            ),
            (
                lambda errors: first_suspects(errors, layer_1=6),
                "where W1 and b1 are both wrong, line 6 cannot be to blame: it never touches b1. What do both need?",
            ),
            (
                lambda errors: first_suspects(errors, layer_1=5),
                "where W1 and b1 are wrong, lines 4 and 5 can both be to blame. The first of the two is asked for.",
            ),
            (
                _as_if_line_1,
                "line 1 spoils all four arrays. If only one array of layer 2 is wrong, it is the line of that array.",
            ),
            (
                lambda errors: first_suspects(errors, layer_2=2),
                "where all four arrays are wrong, look for what all four need: line 1.",
            ),
        ),
        second=(
            (
                loops,
                "Without a loop: wrong = ~(errors < 1e-7) has all reports at once, and np.select or np.where picks "
                "the lines.",
                _loop,
            ),
        ),
    ),
    5: Exercise(
        title="Off by a factor",
        hints=(
            "If `gradient` were exactly c times `numerical`, any entry would do: c = gradient / numerical. It is not "
            "exact, and entries near 0 would spoil a mean of quotients.",
            "Choose c so that the sum of (gradient − c · numerical)² is as small as it can be. Set the derivative of "
            "this sum with respect to c to 0.",
            "$\\sum (g - c\\,m)\\,m = 0$, so $c = \\sum g\\,m \\,/ \\sum m^2$.",
        ),
        reference=factor_and_rest,
        inputs=_scaled,
        mistakes=(
            (_of_sums, "the factor is the quotient of two sums, and in a sum entries of opposite signs cancel."),
            (
                _of_largest,
                "the factor comes from the largest entries alone. It ignores all the others, and it has lost its sign.",
            ),
            (
                _other_way_round,
                "this is the other way round: numerical in terms of gradient. Divide by the sum of numerical squared.",
            ),
            (
                _mean_of_quotients,
                "this is a mean of quotients: one entry of numerical near 0 makes a huge quotient. Use least squares.",
            ),
            (_rest_not_divided, "the factor is right. Divide the rest by the largest |entry| of gradient."),
            (
                _rest_without_factor,
                "the factor is right. The rest is what remains of gradient − factor · numerical, not of "
                "gradient − numerical.",
            ),
        ),
    ),
    6: Project(
        title="Six strangers",
        hints=(
            '`examine(museum.stranger("P"))` shows the four arrays. Compare with the table of traces.',
            "Two of the six look right at first. `examine(learn(museum.stranger(letter), 300))` checks after some "
            "steps.",
            "Two strangers have the pattern of lines 4 and 5. In one, the values are about four times too large when "
            "fresh: which factor is at most a quarter? The other is right when fresh: which line uses something that "
            "changes in training?",
        ),
        judge=judge_verdicts,
    ),
    7: Exercise(
        title="The repair shop",
        hints=(
            "Make small arrays (`rng = np.random.default_rng(0)`, `X = rng.random((6, 8))` and so on), compare the "
            "four gradients, and start with the layer nearest to the loss.",
            "dW2 is right, so dz2 is. db2 is wrong by a round factor. Then two lines lie between dz2 and dz1.",
            "The mean over the batch is in dz2 already. W2 is square, so it fits both ways round. "
            "σ′ = a (1 − a), not z (1 − z).",
        ),
        reference=gradients,
        inputs=_small_network,
        mistakes=tuple(_with_bugs(*bugs) for bugs in _BUGS),
        untouched=lambda *inputs: gradients(*inputs, bugs=("mean", "transpose", "derivative")),
    ),
}
