"""The exercises of lesson 7: dropout, and a small network that reads better than lesson 4's."""

from functools import partial

from nnlib.check.exercises import Exercise, Project
from nnlib.check.exercises.measure import measure_training

PARAMETERS, IMAGES, GOAL = (
    40_000,
    20_000,
    0.95,
)  # of exercise 7.2; the solution has 0.959 ± 0.002, lesson 4's settings 0.918


def drop(a, u, p):
    """Leave out the units whose u is below p, and let the others grow so that the mean stays."""
    return a * (u >= p) / (1 - p)


def _dropout_inputs(rng):
    return rng.uniform(0.1, 2, (5, 8)), rng.random((5, 8)), float(rng.choice([0.2, 0.3, 0.4]))


EXERCISES = {
    1: Exercise(
        title="Dropout",
        hints=(
            "`u >= p` is an array of True and False. In a product they count as 1 and 0.",
            "A share of $1 - p$ stays. To keep the mean, each must grow by the inverse of that.",
        ),
        reference=drop,
        inputs=_dropout_inputs,
        mistakes=(
            (
                lambda a, u, p: a * (u >= p),
                "the right units stay, but they keep their size. They must make up for those left out.",
            ),
            (
                lambda a, u, p: a * (u >= p) * (1 - p),
                "the right units stay, but they shrink. The mean stays if they grow.",
            ),
            (
                lambda a, u, p: a * (u >= p) / p,
                "the right units stay, but the factor is 1/p. The share that stays is 1 − p.",
            ),
            (lambda a, u, p: a * (u < p) / (1 - p), "the wrong units stay: a unit whose u is below p is left out."),
            (lambda a, u, p: a * (u < p) / p, "the wrong units stay: a unit whose u is below p is left out."),
            (lambda a, u, p: (u >= p) / (1 - p), "that is the mask. Multiply a with it."),
        ),
    ),
    2: Project(
        title="Fifty hidden units",
        hints=(
            "Count first, as in exercise 4.7. Then take the means of lesson 6 one by one: softmax and ReLU, momentum, "
            "a learning rate that falls.",
            '`nnlib.Network([784, 50, 10], "relu", "softmax")` has 39,760 parameters. `nnlib.train(…, '
            "optimizer=nnlib.Momentum(lr=…), schedule=nnlib.cosine, progress=False)` trains it.",
            "A learning rate of 0.1 for momentum works well here. Eight epochs in batches of 50 are enough.",
        ),
        judge=partial(measure_training, parameters=PARAMETERS, images=IMAGES, goal=GOAL),
    ),
}
