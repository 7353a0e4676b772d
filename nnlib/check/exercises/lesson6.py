"""The exercises of lesson 6: softmax, the gradient of the cross-entropy, and momentum."""

import numpy as np

from nnlib.activations import softmax
from nnlib.check.exercises import Exercise


def _softmax_over_columns(z):
    return softmax(z.T).T


def _softmax_over_all(z):
    return softmax(z.reshape(1, -1)).reshape(z.shape)


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


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


def output_gradient(z, Y):
    """Dz = (softmax(z) − Y) / n."""
    return (softmax(z) - Y) / len(Y)


def _gradient_over_all_entries(z, Y):
    return (softmax(z) - Y) / Y.size


def _gradient_with_sigma_prime(z, Y):
    a = softmax(z)
    return (a - Y) * a * (1 - a) / len(Y)


def _gradient_for_right_output_only(z, Y):
    return (softmax(z) - Y) * Y / len(Y)


def _gradient_for_a(z, Y):
    return -Y / softmax(z) / len(Y)


def _gradient_inputs(rng):
    return rng.normal(0, 2, (6, 4)), np.eye(4)[rng.integers(0, 4, 6)]


def momentum_step(theta, v, dtheta, lr, mu):
    """V ← μ v − η dθ, then θ ← θ + v."""
    v = mu * v - lr * dtheta
    return theta + v, v


def _step_uphill(theta, v, dtheta, lr, mu):
    v = mu * v + lr * dtheta
    return theta + v, v


def _step_minus_v(theta, v, dtheta, lr, mu):
    v = mu * v - lr * dtheta
    return theta - v, v


def _step_of_another_sign(theta, v, dtheta, lr, mu):
    v = mu * v + lr * dtheta
    return theta - v, v


def _step_with_old_v(theta, v, dtheta, lr, mu):
    return theta + v, mu * v - lr * dtheta


def _step_without_memory(theta, v, dtheta, lr, mu):
    return theta - lr * dtheta, -lr * dtheta


def _step_with_lr_twice(theta, v, dtheta, lr, mu):
    v = mu * v - lr * dtheta
    return theta + lr * v, v


def _step_swapped(theta, v, dtheta, lr, mu):
    return momentum_step(theta, v, dtheta, lr, mu)[::-1]


def _momentum_inputs(rng):
    theta, v, dtheta = rng.normal(size=(3, 7))
    return theta, v, dtheta, float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.5, 0.95))


EXERCISES = {
    1: Exercise(
        title="Softmax",
        hints=(
            "For one row: `e = np.exp(z); e / e.sum()`. For a batch the sum goes along `axis=1`.",
            "`keepdims=True` keeps the sum's shape at (n, 1), so that it divides each row by its own sum.",
            "NaN or infinite? Subtract each row's own maximum first. The maximum of the whole array will not do: in "
            "a row far "
            "below it all exponentials are 0.",
        ),
        reference=softmax,
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
    ),
    2: Exercise(
        title="Where backpropagation starts",
        hints=(
            "The derivation above ends in one line. It has $a$ in it, and you have $z$: `nnlib.softmax(z)`.",
            "The loss is the mean over the batch. So is its gradient.",
        ),
        reference=output_gradient,
        single=lambda z, Y: (z[:1], Y[:1]),
        inputs=_gradient_inputs,
        mistakes=(
            (lambda z, Y: softmax(z) - Y, "the loss is the mean over the batch: divide by n, the number of rows."),
            (
                lambda z, Y: (Y - softmax(z)) / len(Y),
                "the sign is wrong. Where the output is too large, z must fall: a − Y.",
            ),
            (_gradient_over_all_entries, "divide by n, the number of rows, not by the number of entries."),
            (
                _gradient_with_sigma_prime,
                "that has the factor a (1 − a) of squared error. With softmax and cross-entropy it cancels.",
            ),
            (
                _gradient_for_right_output_only,
                "only the right output has a gradient. The others must fall, and have one, too.",
            ),
            (_gradient_for_a, "that is the gradient for a, not yet for z. It still has to go back through softmax."),
            (lambda z, Y: (z - Y) / len(Y), "z is not yet a: apply softmax first."),
            (lambda z, Y: softmax(z) - Y / len(Y), "only Y is divided by n. Put brackets around the difference."),
            (
                lambda z, Y: (softmax(z) - Y) / z.shape[1],
                "divide by n, the number of rows, not by the number of columns.",
            ),
        ),
    ),
    3: Exercise(
        title="A step with momentum",
        hints=(
            r"First the memory: $v \leftarrow \mu v - \eta\, d\theta$. Then the step, with the *new* $v$.",
            "`v *= mu` changes the array that came in. `v = mu * v - …` makes a new one.",
        ),
        reference=momentum_step,
        inputs=_momentum_inputs,
        mistakes=(
            (_step_uphill, "the step goes uphill: the gradient comes into v with a minus sign."),
            (_step_minus_v, "v has its minus sign already, so it is added to theta."),
            (
                _step_of_another_sign,
                "the new theta is right, and v has the other sign: here the minus is in v, and v is added.",
            ),
            (_step_with_old_v, "theta moves by the new v, not by the old one."),
            (_step_without_memory, "v has forgotten the step before: keep the share mu of it."),
            (_step_with_lr_twice, "the learning rate is in v already. Do not multiply by it again."),
            (_step_swapped, "return theta first, then v."),
        ),
    ),
}
