"""The exercises of lesson 1: pixels and weights, neurons made by hand, any number of layers, a predicted loss."""

import numpy as np

from nnlib._support.language import say
from nnlib.activations import sigmoid
from nnlib.check.compare import describe
from nnlib.check.exercises import Exercise, Project
from nnlib.data import training_digits

# 1.1


def loudest_pixel(x, w):
    return tuple(int(i) for i in divmod(int(np.argmax(x * w)), 28))


def _pixel_of(values):
    return lambda x, w: tuple(int(i) for i in divmod(int(np.argmax(values(x, w))), 28))


def _pixels_inputs(rng):
    x = rng.random(784) * (rng.random(784) < 0.2)
    return x, rng.normal(size=784)


# 1.2


def for_negatives(w, b):
    return -w, b + np.sum(w)


# 1.3 and 1.4

SURE = 0.9  # above it an answer is yes, below 1 − SURE it is no
INPUTS = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], dtype=float)  # all eight


def judge_question(function, rng):
    """Whether the neuron says yes to x1 and x2 without x3, and no to the other seven."""
    made = function()
    if made is None or made is Ellipsis:
        return None, ""
    arrays, wrong = _arrays(made, {"w": (3,), "b": ()})
    if wrong:
        return False, wrong
    w, b = arrays
    yes = INPUTS @ [1, 1, 0] - 2 * INPUTS[:, 2] == 2
    both = INPUTS[:, 0] * INPUTS[:, 1] == 1
    either = (INPUTS[:, 0] + INPUTS[:, 1] > 0) & (INPUTS[:, 2] == 0)
    known = (
        (
            ~yes,
            say("it says no where it should say yes, and yes where it should say no. Change the sign of w and of b."),
        ),
        (both, say("it ignores x3. With x3 = 1 the answer must be no, so x3 needs a weight: of which sign?")),
        (either, say("it says yes if one of x1 and x2 is 1. It must need both, so the bias must be lower.")),
    )
    return _judge_answers(sigmoid(INPUTS @ w + b), yes, known)


def judge_exactly_one(function, rng):
    """Whether the small network says yes to one 1 among three, and no to none, two or three."""
    made = function()
    if made is None or made is Ellipsis:
        return None, ""
    hidden = _columns(made)
    arrays, wrong = _arrays(made, {"W1": (3, hidden), "b1": (hidden,), "W2": (hidden, 1), "b2": (1,)})
    if wrong:
        return False, wrong
    W1, b1, W2, b2 = arrays
    ones = INPUTS.sum(axis=1)
    known = (
        (ones >= 1, say("it says yes to two and to three ones as well: that is “at least one”. Let a second hidden "
         "neuron notice when there are two, and say no.")),
        (ones % 2 == 1, say("right except for three ones, where it says yes. Does a third hidden neuron speak up "
         "there? Leave its vote out.")),
        (ones == 2, say("that is exactly two. Exactly one is “at least one, and not at least two”.")),
        (ones != 1, say("every answer is the wrong way round. Change the sign of W2 and of b2.")),
    )  # fmt: skip
    answers = sigmoid(sigmoid(INPUTS @ W1 + b1) @ W2 + b2)[:, 0]
    right, text = _judge_answers(answers, ones == 1, known)
    few = say(" With {hidden} hidden neurons; two are enough.", hidden=hidden) if hidden > 2 else ""
    return right, text + few * right


def _columns(made):
    """How many hidden neurons the first matrix has; 1 if it is none."""
    first = np.asarray(made[0]) if isinstance(made, (tuple, list)) and len(made) else np.zeros(())
    return first.shape[1] if first.ndim == 2 else 1


def _arrays(made, shapes):
    """What came back as float arrays of these shapes, and None; or what is wrong, in a sentence."""
    wanted = f"return {', '.join(shapes)}"
    if not isinstance(made, (tuple, list)) or len(made) != len(shapes):
        return None, say(
            "{count} things should come back, like {wanted}; got {got}.",
            count=len(shapes),
            wanted=wanted,
            got=describe(made),
        )
    arrays = []
    for value, (name, shape) in zip(made, shapes.items(), strict=True):
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            return None, say("{name} must hold numbers; got {got}.", name=name, got=describe(value))
        if array.shape != shape and array.size == int(np.prod(shape)) == 1:
            array = array.reshape(shape)  # 5, [5] and [[5]] say the same
        if array.shape != shape:
            return None, say("{name} must have shape {shape}; got {got}.", name=name, shape=shape, got=array.shape)
        if not np.isfinite(array).all():
            return None, say("{name} has NaN or infinity in it.", name=name)
        arrays.append(array)
    return arrays, None


def _judge_answers(a, yes, known):
    """Whether all answers are right and sure; else what was meant, or the worst of them."""
    if np.all(a[yes] > SURE) and np.all(a[~yes] < 1 - SURE):
        return True, say(
            "All {count} answers are right: yes above {lowest:.2f}, no below {highest:.2f}.",
            count=len(a),
            lowest=a[yes].min(),
            highest=a[~yes].max(),
        )
    if np.all((a > 0.5) == yes):
        return False, (
            say(
                "every answer is on the right side of ½, but not sure enough: the lowest yes is {lowest:.2f} "
                "and must be above {sure}, the highest no is {highest:.2f} and must be below {unsure:.1f}. "
                "What happens if you double all weights and the bias?",
                lowest=a[yes].min(),
                sure=SURE,
                highest=a[~yes].max(),
                unsure=1 - SURE,
            )
        )
    if np.ptp(a) < 1e-9:
        return False, say("it answers {answer:.2f} whatever comes in. Give the inputs weights.", answer=a[0])
    for meant, text in known:
        if np.array_equal(a > 0.5, meant):
            return False, text
    worst = np.argmax(np.abs(a - yes))
    inputs = ", ".join(f"{value:.0f}" for value in INPUTS[worst])
    right = say("yes") if yes[worst] else say("no")
    return False, say(
        "to ({inputs}) it answers {answer:.2f}; that should be a {right}.", inputs=inputs, answer=a[worst], right=right
    )


# 1.5

BEAT, IMAGES = 0.90, 1_000  # the average four minus the average nine has 0.87


def judge_four_or_nine(function, rng):
    """Whether the neuron tells fours from nines, on images that the function has not seen."""
    X, y = training_digits(30_000)
    fours, nines = (rng.permutation(X[y == digit]) for digit in (4, 9))
    given = fours[:IMAGES].copy(), nines[:IMAGES].copy()
    made = function(*given)
    if made is None or made is Ellipsis:
        return None, ""
    if not (np.array_equal(given[0], fours[:IMAGES]) and np.array_equal(given[1], nines[:IMAGES])):
        return False, say("the images that your function was given have changed. Make new arrays.")
    arrays, wrong = _arrays(made, {"w": (784,), "b": ()})
    if wrong:
        return False, wrong
    w, b = arrays
    says_four, says_nine = fours[IMAGES:] @ w + b > 0, nines[IMAGES:] @ w + b < 0
    right = (says_four.sum() + says_nine.sum()) / (len(says_four) + len(says_nine))
    measured = say("{right:.1%} of {images:,} new images", right=right, images=len(says_four) + len(says_nine))
    if right >= BEAT:
        return True, say("{measured}, with one neuron.", measured=measured)
    if right < 0.4:
        return False, say(
            "{measured}: it says nine to fours and four to nines. Change the sign of w and of b.", measured=measured
        )
    for says, other, digit in ((says_four, says_nine, say("four")), (says_nine, says_four, say("nine"))):
        if says.mean() > 0.97 and other.mean() < 0.6:
            return False, (
                say(
                    "{measured}: it says {digit} to nearly everything. The bias is off: put z = 0 halfway "
                    "between the mean z of the fours and that of the nines.",
                    measured=measured,
                    digit=digit,
                )
            )
    if right > 0.8:
        return False, (
            say(
                "{measured}, about what averages alone give; you need {goal:.0%}. Which fours and nines does "
                "it get wrong? Their averages say how w should change.",
                measured=measured,
                goal=BEAT,
            )
        )
    return False, (
        say(
            "{measured}; you need {goal:.0%}, and averages alone give 87%. Did you correct the weights? "
            "Then perhaps by too much.",
            measured=measured,
            goal=BEAT,
        )
    )


# 1.6


def forward(X, layers):
    a = X
    for W, b in layers:
        a = sigmoid(a @ W + b)
    return a


def _forward_without_last(X, layers):
    a = forward(X, layers[:-1])
    W, b = layers[-1]
    return a @ W + b


def _forward_without_sigmoid(X, layers):
    for W, b in layers:
        X = X @ W + b
    return X


def _forward_without_biases(X, layers):
    return forward(X, [(W, 0) for W, _ in layers])


def _layers_inputs(rng):
    sizes = rng.choice(np.arange(2, 12), rng.integers(4, 6), replace=False)
    layers = [(rng.normal(size=(m, k)), rng.normal(size=k)) for m, k in zip(sizes, sizes[1:], strict=False)]
    return rng.random((int(rng.integers(3, 8)), sizes[0])), layers


def _one_layer(rng):
    return rng.random((5, 4)), [(rng.normal(size=(4, 3)), rng.normal(size=3))]


# 1.7


def constant_loss(c, k):
    return 0.5 * ((1 - c) ** 2 + (k - 1) * c**2)


# 1.8


def sure_loss(c, p):
    return 0.5 * (p * (1 - c) ** 2 + (1 - p) * (c**2 + 1))


# 1.9


def log_sigmoid(z):
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


def log_sigmoid_that_breaks(z):
    return np.log(1 / (1 + np.exp(-z)))


def _far(sign):
    return lambda rng: (sign * rng.uniform(999, 1001, 4),)


EXERCISES = {
    1: Exercise(
        title="The pixel that counted most",
        hints=(
            "A pixel pushes z by its ink times its weight. A large weight on an empty pixel does nothing, as in the "
            "neuron that you computed in your head.",
            "`np.argmax(values)` is the place of the largest number in the row of 784.",
            "Pixel (r, c) is number 28 · r + c. So r is that number divided by 28, rounded down, and c is the "
            "remainder: `divmod(number, 28)` gives both.",
        ),
        reference=loudest_pixel,
        inputs=_pixels_inputs,
        mistakes=(
            (_pixel_of(lambda x, w: w), "that is the pixel with the largest weight. Is there ink on it?"),
            (_pixel_of(lambda x, w: x), "that is the pixel with the most ink. What does the neuron think of it?"),
            (
                _pixel_of(lambda x, w: np.abs(x * w)),
                "that pixel moved z the most, down or up. Look for the one that pushed it up the most.",
            ),
            (lambda x, w: loudest_pixel(x, w)[::-1], "the right pixel, as (column, row). Return the row first."),
            (
                lambda x, w: int(np.argmax(x * w)),
                "that is the pixel's number in the row of 784. In which row and column of the image is it?",
            ),
        ),
    ),
    2: Exercise(
        title="A neuron for negatives",
        hints=(
            r"A pixel of the negative is $1 - x_j$. So if $x'$ is the negative, the image itself is $1 - x'$.",
            r"Put it in: $z = \sum_j (1 - x'_j)\, w_j + b$. Multiply out, and collect what belongs to $x'_j$.",
            r"$z = \sum_j x'_j \cdot (-w_j) + \left(b + \sum_j w_j\right)$.",
        ),
        reference=for_negatives,
        inputs=lambda rng: (rng.normal(size=784), float(rng.normal())),
        mistakes=(
            (
                lambda w, b: (-w, -b),
                "that neuron says the opposite of the old one on the same image. What is z for the image 1 − x?",
            ),
            (lambda w, b: (-w, b), "the weights are right. Multiply out again: what is left over belongs to the bias."),
            (lambda w, b: (1 - w, b), "the pixels change to 1 − x, not the weights. Put 1 − x into the sum."),
            (
                lambda w, b: (-w, b - np.sum(w)),
                "the weights are right, and the bias has the right numbers. One sign is wrong.",
            ),
            (lambda w, b: (-w, b + np.mean(w)), "the weights are right. The bias needs the sum of w, not its mean."),
        ),
    ),
    3: Project(
        title="A question for one neuron",
        hints=(
            "Which inputs are evidence for yes, and which against? That gives the signs of the three weights.",
            "With weights 1, 1 and −1, z without the bias is 2 for the yes. What is the largest it gets for a no? "
            "Choose the bias so that 0 lies between the two.",
            "Right, but not sure enough? Make the weights and the bias ten times as large: the border stays where it "
            "is, and the step gets steeper.",
        ),
        judge=judge_question,
    ),
    4: Project(
        title="Exactly one of three",
        hints=(
            "Let one hidden neuron ask “at least one?”: all weights equal, and a bias that puts z = 0 between "
            "none and one.",
            "Let a second hidden neuron ask “at least two?”: the same weights, another bias. In the last neuron the "
            "first gets a positive weight, the second a negative one.",
            "`W1` has a column for each hidden neuron: `10 * np.ones((3, 2))`. If both hidden neurons are on, the "
            "answer must be no: the second needs at least as much weight against as the first has in favour.",
        ),
        judge=judge_exactly_one,
    ),
    5: Project(
        title="Four or nine?",
        hints=(
            "Begin with the lesson's neuron, and let it read its own `fours` and `nines`. Which does it get wrong? "
            "`fours[fours @ w + b < 0]` are the fours that it takes for nines.",
            "Look at the average of these fours: `w` should have more weight where it has ink. And less weight where "
            "the nines have ink that were taken for fours.",
            "Add a fifth of the difference between these two averages to `w` (half of it is too much: try it), put the "
            "bias halfway again, and return both.",
        ),
        judge=judge_four_or_nine,
    ),
    6: Exercise(
        title="Any number of layers",
        hints=(
            "The activations of a layer are the inputs of the next. One variable is enough: it is `X` at first, and "
            "after each layer it is that layer's activations.",
            "`for W, b in layers:` goes through them in order.",
        ),
        reference=forward,
        inputs=_layers_inputs,
        mistakes=(
            (_forward_without_sigmoid, "there is no sigmoid in it, so all the layers together amount to one."),
            (_forward_without_last, "the last layer is a layer like any other: its sigmoid is missing."),
            (_forward_without_biases, "the biases are missing."),
            (lambda X, layers: forward(X, layers[:1]), "that is the first layer's answer. Is the return in the loop?"),
            (
                lambda X, layers: [forward(X, layers[: i + 1]) for i in range(len(layers))][-2],
                "the last layer is left out.",
            ),
        ),
        single=lambda X, layers: (X[:1], layers),
        extreme=((_one_layer, "a single layer"),),
    ),
    7: Exercise(
        title="A network that ignores the image",
        hints=(
            r"One output should be 1, and is wrong by $1 - c$. How many should be 0, and how wrong are they?",
            r"Check your formula: for $c = \tfrac12$ and $k = 10$ it must give 1.25.",
        ),
        reference=constant_loss,
        inputs=lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(3, 30))),
        mistakes=(
            (lambda c, k: 2 * constant_loss(c, k), "the factor ½ is missing."),
            (lambda c, k: 0.5 * k * c**2, "one of the k outputs should be 1: it is wrong by 1 − c, not by c."),
            (
                lambda c, k: 0.5 * ((1 - c) ** 2 + k * c**2),
                "k − 1 outputs should be 0, and one should be 1. That is one too many.",
            ),
            (lambda c, k: 0.5 * ((1 - c) ** 2 + c**2), "k − 1 outputs should be 0; each of them counts."),
            (lambda c, k: constant_loss(c, k) / k, "the loss is the sum over the k outputs, not their mean."),
        ),
    ),
    8: Exercise(
        title="How sure should it be?",
        hints=(
            r"Two cases. If the network is right, one output is $c$ where 1 is right; all others are 0, as they should "
            r"be.",
            r"If it is wrong, two outputs are off: it says $c$ where 0 is right, and 0 where 1 is right.",
            r"A share $p$ of the images is of the first kind, and $1 - p$ of the second. The loss is the mean: $p$ "
            r"times the one loss plus $1 - p$ times the other.",
        ),
        reference=sure_loss,
        inputs=lambda rng: (float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.15, 0.85))),
        mistakes=(
            (lambda c, p: 2 * sure_loss(c, p), "the factor ½ is missing."),
            (
                lambda c, p: 0.5 * (p * (1 - c) ** 2 + (1 - p) * c**2),
                "if the network is wrong, two outputs are off: the c that should be 0, and a 0 that should be 1.",
            ),
            (
                lambda c, p: 0.5 * (p * (1 - c) ** 2 + (1 - p)),
                "if the network is wrong, two outputs are off: the 0 that should be 1, and the c that should be 0.",
            ),
            (
                lambda c, p: sure_loss(c, 1 - p),
                "p is the share of images that it gets right. You have it the other way round.",
            ),
            (
                lambda c, p: 0.5 * ((1 - c) ** 2 + c**2 + 1),
                "both cases are right. But no image is both: weight them by p and 1 − p.",
            ),
            (lambda c, p: 0.5 * p * (1 - c) ** 2, "the images that it gets wrong are missing."),
        ),
    ),
    9: Exercise(
        title="A logarithm that breaks",
        hints=(
            r"Where does it break? Try `log_sigmoid(np.array([-1000.0, 0.0, 1000.0]))`. Then work out on paper what "
            r"the first should be: $\log \dfrac{1}{1 + e^{1000}}$, and next to $e^{1000}$ the 1 makes no difference.",
            r"$\log \dfrac{1}{1 + e^{-z}} = -\log(1 + e^{-z})$. For $z \ge 0$ that is safe.",
            r"For $z < 0$ multiply numerator and denominator by $e^z$ first: $\log \dfrac{e^z}{1 + e^z} = z - \log(1 + "
            r"e^z)$. `np.where` computes both of its branches; with $e^{-|z|}$ in both, neither overflows.",
        ),
        reference=log_sigmoid,
        inputs=lambda rng: (rng.normal(0, 3, 8),),
        mistakes=(
            (sigmoid, "that is the sigmoid. The exercise asks for its logarithm."),
            (lambda z: -log_sigmoid(z), "the sign is wrong: σ is below 1, so its logarithm is below 0."),
            (lambda z: log_sigmoid(-z), "that is log σ(−z). The sign of z is wrong."),
            (
                lambda z: log_sigmoid(z) / np.log(10),
                "that is the logarithm to the base 10. `np.log` is the natural one.",
            ),
            (
                lambda z: -np.log1p(np.exp(-np.abs(z))),
                "that is right for z above 0. Below 0 the z itself is missing: log σ(z) = z − log(1 + eᶻ).",
            ),
        ),
        untouched=log_sigmoid_that_breaks,
        extreme=((_far(1), "z near 1000"), (_far(-1), "z near −1000")),
    ),
}
