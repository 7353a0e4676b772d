"""The training runs that take longer than a lesson. Lessons 4, 6 and 7 read what they store.

    python -m workshop.train nielsen         lesson 4: the runs of chapter 1 of Nielsen's book, twenty seeds each
    python -m workshop.train stand-ins       what lessons 4 and 6 end with, for readers who begin later
    python -m workshop.train losses          lesson 6: three losses, each at its best learning rate, five seeds
    python -m workshop.train pretrained      trains the network that data/ ships, three seeds, and measures it
    python -m workshop.train plain           the best recipe without augmentation, five seeds
    python -m workshop.train augmented       a larger network with augmentation, five seeds, and the five as a committee
    python -m workshop.train best            the best that we know how to make of a plain network, three seeds, and a
                                             committee of six
    python -m workshop.train beginning       how the best begins on few images, twelve seeds: a test compares with it
    python -m workshop.train ablation        lesson 7's table: each improvement, five seeds
    python -m workshop.train learning-rates  how the learning rates of the table were chosen
    python -m workshop.train images          lesson 7: 100 to 50,000 images, and what L2, dropout and augmentation gain
    python -m workshop.train weight-decay    lesson 7: what L2 gains with large first weights, and with others

Stopped at any moment and given again, a command goes on where it was: checkpoints lie in ``.checkpoints/`` until it is
done. They also run on a cluster, with ``--scheduler`` and the address of a Dask scheduler.

Every choice was made on images held back from the training set. ``nielsen`` chooses nothing: it trains on the 50,000
images of the book and looks at the test set after each epoch, as the book does. ``plain``, ``augmented`` and
``best`` train on all 60,000; ``pretrained`` on 55,000, and chooses its temperature and its threshold on the other
5,000. These four look at the test set once, at the end. Results are stored in ``data/results/``.
"""

import argparse
import os
import re
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from nnlib.data import DATA, load_mnist, split
from nnlib.evaluation import accuracy, calibrate, calibration_error, threshold_for
from nnlib.pad.hands import drawn_hands, other_hands, rubbish
from nnlib.recipes import (
    ABLATION,
    AS_WRITTEN,
    AUGMENTED,
    BEGINNING,
    BEGINNING_SEEDS,
    BEST,
    BEST_SEEDS,
    DRAWN_HANDS,
    FEW,
    FEW_SEARCH,
    IMAGES,
    LARGE_START,
    LEARNING_RATES,
    NIELSEN_30,
    NIELSEN_100,
    NIELSEN_L2,
    NIELSEN_SEEDS,
    OTHER_HANDS,
    PLAIN,
    PRETRAINED,
    PRETRAINED_SEEDS,
    ROTATION,
    RUBBISH,
    SEEDS,
    SMALL_START,
    SOFTMAX,
    STAND_INS,
    START,
    TURNED_AWAY,
    Recipe,
)
from workshop import ROOT, results

CHECKPOINTS = ROOT / ".checkpoints"


def checkpoint(recipe, seed):
    """The file in ``.checkpoints/`` for a run of a recipe."""
    CHECKPOINTS.mkdir(exist_ok=True)
    name = re.sub("[^A-Za-z0-9]+", "-", recipe.name)
    return CHECKPOINTS / f"{name}-{zlib.crc32(repr(recipe).encode()):08x}-{seed}.npz"


@cache
def _held_back():
    """Once for each process: 50,000 training images, and the 10,000 that every choice is made on."""
    mnist = load_mnist()
    return split(mnist.X_train, mnist.y_train, 1 / 6, seed=0)


def validation_accuracy(recipe, seed):
    """Train on 50,000 images; the accuracy on the 10,000 held back."""
    (X, y), (X_val, y_val) = _held_back()
    net, _ = recipe.run(X, y, seed, checkpoint=checkpoint(recipe, seed))
    return accuracy(net, X_val, y_val)


def outputs_on_test_set(recipe, seed, progress=False):
    """Train on all 60,000 images; the outputs for the test set, shape (10000, 10), and the seconds of the training."""
    mnist = load_mnist()
    net, history = recipe.run(
        mnist.X_train, mnist.y_train, seed, checkpoint=checkpoint(recipe, seed), progress=progress
    )
    return recipe.outputs(net, mnist.X_test), sum(history.seconds)


def accuracy_at_the_beginning(recipe, seed):
    """Train on 4,000 images; the accuracy on 2,000 others after each epoch."""
    (X, y), (X_val, y_val) = _held_back()
    return recipe.run(X[:4000], y[:4000], seed, validation=(X_val[:2000], y_val[:2000]))[1].val_accuracy


def answers_on_test_set(recipe, seed):
    """Train on the first 50,000 images; what a run of `nielsen` stores, as a dictionary."""
    mnist = load_mnist()
    X, y, X_test, y_test = mnist.X_train[:50_000], mnist.y_train[:50_000], mnist.X_test, mnist.y_test
    saved = checkpoint(recipe, seed)
    net, history = recipe.run(X, y, seed, validation=(X_test, y_test), checkpoint=saved)
    a = net.forward(X_test)
    return {
        "accuracies": history.val_accuracy,  # after each epoch
        "answers": np.bincount(a.argmax(axis=1), minlength=10).tolist(),  # how often each digit is the answer
        "own output": [float(a[y_test == digit, digit].mean()) for digit in range(10)],  # on the digit's own images
    }


def run_many(measure, jobs, executor=None):
    """Call ``measure(recipe, seed)`` for all jobs, several at a time, with a progress bar.

    Parameters
    ----------
    measure : callable
        Other processes must be able to import it.
    jobs : list of (Recipe, int)
    executor : concurrent.futures.Executor, optional
        Where it is done. Left out: in a process for each core of this machine. For a cluster
        ``dask.distributed.Client(address).get_executor()``. It is left open.

    Returns
    -------
    results : dict of (Recipe, int) to what ``measure`` returned

    Raises
    ------
    Exception
        What ``measure`` raised first, with a note that names the job. What has not begun is cancelled.
    """
    if executor is None:
        with ProcessPoolExecutor(os.cpu_count()) as processes:
            return run_many(measure, jobs, processes)
    with threadpool_limits(
        1, user_api="blas"
    ):  # for an executor with threads of this process, which then gets its own back
        futures = {executor.submit(_on_one_thread, measure, *job): job for job in jobs}
        found = {}
        try:
            for future in tqdm(as_completed(futures), total=len(jobs), unit="run"):
                recipe, seed = futures[future]
                found[recipe, seed] = future.result()
        except Exception as error:
            error.add_note(f"This happened in the run of {recipe.name!r} with seed {seed}.")
            raise
        finally:
            for future in futures:
                future.cancel()
    return found


def _on_one_thread(measure, recipe, seed):
    """Several processes with several BLAS threads each would wait for each other; and the results would differ.

    The limit is the whole process's, and stays: taken back after one run, it would end in the middle of another one
    where a worker has several threads.
    """
    threadpool_limits(1, user_api="blas")
    return measure(recipe, seed)


SEARCH_SEEDS = (100, 101)  # two that no figure of a lesson comes from


def search(measure, recipes, executor=None):
    """The mean of ``measure(recipe, seed)`` over two other seeds, for each recipe; and the jobs, for `store`.

    Parameters
    ----------
    recipes : dict of any key to Recipe

    Returns
    -------
    means : dict of the same keys to float
    jobs : list of (Recipe, int)
    """
    jobs = [(recipe, seed) for recipe in recipes.values() for seed in SEARCH_SEEDS]
    found = run_many(measure, jobs, executor)
    means = {key: float(np.mean([found[recipe, seed] for seed in SEARCH_SEEDS])) for key, recipe in recipes.items()}
    return means, jobs


def nielsen(executor=None):
    """Lesson 4: the two runs of chapter 1, twenty seeds each."""
    recipes = (NIELSEN_30, NIELSEN_100)
    jobs = [(recipe, seed) for seed in NIELSEN_SEEDS for recipe in recipes]
    found = run_many(answers_on_test_set, jobs, executor)
    runs = {str(recipe.sizes[1]): [found[recipe, seed] for seed in NIELSEN_SEEDS] for recipe in recipes}
    for hidden, of in runs.items():
        print(f"{hidden:>3} hidden neurons, best epoch:", [f"{max(run['accuracies']):.2%}" for run in of])
    store("nielsen", {"runs": runs}, jobs)


def stand_ins(executor=None):
    """What `nnlib.my_network` takes where a reader has none. Lesson 4 trains on all images, lesson 6 on 50,000."""
    mnist = load_mnist()
    for lesson, images in ((4, (mnist.X_train, mnist.y_train)), (6, _held_back()[0])):
        net, _ = STAND_INS[lesson].run(*images, progress=True)
        net.copy(np.float16).save(DATA / f"lesson{lesson}.npz")


LOSSES = {"squared error": START, "logistic": replace(START, name="logistic", output="logistic"), "softmax": SOFTMAX}
LOSS_RATES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # the same for all three


def losses(executor=None):
    """Lesson 6: three losses, each with the best of the same rates on two other seeds and ten epochs; five seeds."""
    variants = {(loss, lr): replace(recipe, lr=lr, epochs=10) for loss, recipe in LOSSES.items() for lr in LOSS_RATES}
    means, tried = search(validation_accuracy, variants, executor)
    of_loss = {loss: {lr: means[loss, lr] for lr in LOSS_RATES} for loss in LOSSES}
    chosen = {loss: replace(recipe, lr=max(of_loss[loss], key=of_loss[loss].get)) for loss, recipe in LOSSES.items()}
    jobs = [(recipe, seed) for recipe in chosen.values() for seed in SEEDS]
    found = run_many(validation_accuracy, jobs, executor)
    result = {}
    for loss, recipe in chosen.items():
        accuracies = [found[recipe, seed] for seed in SEEDS]
        result[loss] = {"search": of_loss[loss], "lr": recipe.lr, "accuracies": accuracies}
        print(f"{loss:14} lr {recipe.lr:<4} {np.mean(accuracies):.4%} ± {np.std(accuracies, ddof=1):.4%}")
    store("losses", {"epochs": START.epochs, "losses": result}, [*tried, *jobs])


def ablation(executor=None):
    """Lesson 7's table: five seeds of each recipe, on the images held back."""
    jobs = [(recipe, seed) for recipe, _ in ABLATION for seed in SEEDS]
    found = run_many(validation_accuracy, jobs, executor)
    rows = []
    for recipe, before in ABLATION:
        accuracies = [found[recipe, seed] for seed in SEEDS]
        rows.append({"name": recipe.name, "added to": before and before.name, "accuracies": accuracies})
        print(f"{recipe.name:30} {np.mean(accuracies):.4%} ± {np.std(accuracies, ddof=1):.4%}")
    store("ablation", {"epochs": START.epochs, "rows": rows}, jobs)


def learning_rates(executor=None):
    """The learning rates of the table: the best mean of two other seeds on the images held back."""
    variants = {
        (recipe, lr): replace(recipe, lr=lr, epochs=10) for recipe, rates in LEARNING_RATES.items() for lr in rates
    }
    means, jobs = search(validation_accuracy, variants, executor)
    table = {}
    for recipe, rates in LEARNING_RATES.items():
        table[recipe.name] = {str(lr): means[recipe, lr] for lr in rates}
        print(recipe.name, {lr: f"{means[recipe, lr]:.2%}" for lr in rates}, "chosen:", recipe.lr)
    store("learning_rates", table, jobs)


@dataclass(frozen=True)
class OfImages(Recipe):
    """A recipe for the first so many of the 50,000 images."""

    images: int = 50_000


def of_images(recipe, images):
    """The same recipe for so many images: 20 epochs, or as many as make 800 steps of 50."""
    return OfImages(**{**vars(recipe), "epochs": max(20, 40_000 // images), "images": images})


def both_accuracies(recipe, seed):
    """Train on the first ``recipe.images``; the accuracies on them and on the 10,000 held back."""
    (X, y), (X_val, y_val) = _held_back()
    X, y = X[: recipe.images], y[: recipe.images]
    saved = checkpoint(recipe, seed) if recipe.images > 2000 else None  # a short run of many epochs needs none
    net, _ = recipe.run(X, y, seed, checkpoint=saved)
    return accuracy(net, X, y), accuracy(net, X_val, y_val)


def accuracy_held_back(recipe, seed):
    """The second of `both_accuracies`."""
    return both_accuracies(recipe, seed)[1]


def images(executor=None):
    """Lesson 7: a network on 100 to 50,000 images, with L2, dropout and augmentation, each with its own search."""
    few, searches, done = {n: of_images(FEW, n) for n in IMAGES}, {}, []
    for name, values in FEW_SEARCH.items():  # the learning rate first; the two others are searched with it
        variants = {(n, value): replace(few[n], **{name: value}) for n in IMAGES for value in values}
        means, tried = search(accuracy_held_back, variants, executor)
        searches[name] = {n: {value: means[n, value] for value in values} for n in IMAGES}
        if name == "lr":
            few = {n: replace(few[n], lr=max(of, key=of.get)) for n, of in searches["lr"].items()}
        done += tried
    chosen = {name: {n: max(of, key=of.get) for n, of in found.items()} for name, found in searches.items()}
    variants = {}  # (what is added, n): recipe
    for n in IMAGES:
        variants["nothing", n] = few[n]
        variants["L2", n] = replace(few[n], l2=chosen["l2"][n])
        variants["dropout", n] = replace(few[n], dropout=chosen["dropout"][n])
        if n < max(IMAGES):  # the table has it for all of them
            variants["augmentation", n] = replace(few[n], augment=ROTATION.augment)
    jobs = [(recipe, seed) for recipe in variants.values() for seed in SEEDS]
    found = run_many(both_accuracies, jobs, executor)
    rows = {name: {} for name, _ in variants}
    for (name, n), recipe in variants.items():
        on_training, held_back = zip(*(found[recipe, seed] for seed in SEEDS), strict=True)
        rows[name][n] = {
            "lr": recipe.lr,
            "l2": recipe.l2,
            "dropout": recipe.dropout,
            "training": on_training,
            "accuracies": held_back,
        }
        print(f"{name:13} {n:>6} images: {np.mean(held_back):.2%} ± {np.std(held_back, ddof=1):.2%}")
    store("images", {"search": searches, "rows": rows}, [*done, *jobs])


def weight_decay(executor=None):
    """Lesson 7: what L2 gains with the first weights of Nielsen's chapter 3, and with weights that fit."""
    recipes = [replace(start, l2=l2) for start in (LARGE_START, SMALL_START) for l2 in (0.0, NIELSEN_L2)]
    jobs = [(recipe, seed) for seed in SEEDS for recipe in recipes]
    found = run_many(validation_accuracy, jobs, executor)
    rows = {recipe.name: {} for recipe in recipes}
    for recipe in recipes:
        rows[recipe.name][recipe.l2] = [found[recipe, seed] for seed in SEEDS]
        print(f"{recipe.name:24} λ {recipe.l2:<6} {np.mean(rows[recipe.name][recipe.l2]):.2%}")
    store("weight_decay", rows, jobs)


def plain(executor=None):
    """The best recipe without augmentation: five seeds, on the test set."""
    with_seeds(PLAIN, SEEDS, executor)


def augmented(executor=None):
    """A larger network with augmentation: five seeds, on the test set, and the five networks as a committee."""
    with_seeds(AUGMENTED, SEEDS, executor)


def best(executor=None):
    """Deeper, longer, digits set upright, and nine looks at each: three seeds.

    The committee has three more members, which see the digits as they were written.
    """
    jobs = [(recipe, seed) for recipe in (BEST, AS_WRITTEN) for seed in BEST_SEEDS]
    found = one_by_one(outputs_on_test_set, jobs, executor)
    store("best", on_test_set(found, jobs[: len(BEST_SEEDS)], jobs), jobs)


def beginning(executor=None):
    """How the best recipe begins on few images."""
    jobs = [(BEGINNING, seed) for seed in BEGINNING_SEEDS]
    found = run_many(accuracy_at_the_beginning, jobs, executor)
    accuracies = [found[job] for job in jobs]
    for name, value in (("mean", np.mean), ("smallest", np.min), ("largest", np.max)):
        print(f"{name:8}", *(f"{share:.1%}" for share in value(accuracies, axis=0)))
    store("beginning", {"accuracies": accuracies}, jobs)


def with_seeds(recipe, seeds, executor):
    """Train with several seeds, and store what the networks reach on the test set."""
    jobs = [(recipe, seed) for seed in seeds]
    store(recipe.name, on_test_set(one_by_one(outputs_on_test_set, jobs, executor), jobs, jobs), jobs)


def on_test_set(found, jobs, committee):
    """Accuracies and seconds of these jobs, and the accuracy of a committee: its output is its members' mean.

    ``found`` has the outputs and the seconds of each job.
    """
    y = load_mnist().y_test
    outputs = {job: a for job, (a, _) in found.items()}  # (10000, 10) each
    accuracies = [float(np.mean(outputs[job].argmax(axis=1) == y)) for job in jobs]
    together = np.mean([outputs[job] for job in committee], axis=0)
    result = {
        "test_accuracies": accuracies,
        "committee": float(np.mean(together.argmax(axis=1) == y)),
        "members": len(committee),
        "seconds": [round(found[job][1]) for job in jobs],
    }
    print(
        f"{np.mean(accuracies):.2%} ± {np.std(accuracies, ddof=1):.2%} on the test set, "
        f"{result['committee']:.2%} together; {result['seconds']} s"
    )
    return result


def one_by_one(measure, jobs, executor):
    """As `run_many`; but without an executor one after the other, on all cores: a run's time is then its own."""
    if executor is None:
        return {job: measure(*job, progress=True) for job in jobs}
    return run_many(measure, jobs, executor)


def pretrained(executor=None):
    """The network that ``data/`` ships: three seeds, each measured once on the test set; seed 0 ships. Lessons 7, 8."""
    jobs = [(PRETRAINED, seed) for seed in PRETRAINED_SEEDS]
    found = one_by_one(calibrated, jobs, executor)
    every = [found[job][1] for job in jobs]
    shipped, figures = found[jobs[0]]
    shipped.copy(np.float16).save(DATA / "pretrained.npz")
    for of in every:
        print({name: of[name] for name in ("test_accuracy", "validation_accuracy", "calibration_error", "seconds")})
    others = {f"{name}, every seed": [of[name] for of in every] for name in ("test_accuracy", "validation_accuracy")}
    store("pretrained", {**figures, **others}, jobs)


def calibrated(recipe, seed, progress=False):
    """Train on 55,000 images and on what MNIST lacks, calibrate, choose the threshold, and measure.

    The network learns from MNIST's training images, from other hands made of them, from digits drawn by rule, and to be
    unsure of rubbish. Rubbish gets random labels: what they teach, on the mean, is a tenth for each digit. The file
    keeps the weights as float16, half as long; they are rounded before anything is measured.
    """
    mnist = load_mnist()
    (X, y), (X_val, y_val) = split(mnist.X_train, mnist.y_train, 1 / 12, seed=0)
    rng = np.random.default_rng([seed, 2])
    X_hands, y_hands = other_hands(X, y, rng)
    some = rng.random(len(y_hands)) < OTHER_HANDS
    X_drawn, y_drawn = drawn_hands(DRAWN_HANDS, rng)
    X_rubbish, y_rubbish = rubbish(RUBBISH, rng), rng.integers(0, 10, RUBBISH)
    net, history = recipe.run(
        np.concatenate([X, X_hands[some], X_drawn, X_rubbish]),
        np.concatenate([y, y_hands[some], y_drawn, y_rubbish]),
        seed,
        checkpoint=checkpoint(recipe, seed),
        progress=progress,
    )
    net, T = calibrate(net, X_val, y_val)
    net = net.copy(np.float16).copy(np.float32)
    X_hard = np.concatenate([recipe.augment(X_val, rng), other_hands(X_val, y_val, rng)[0]])
    net.threshold = threshold_for(net, X_hard, TURNED_AWAY)
    return net, {
        "test_accuracy": accuracy(net, mnist.X_test, mnist.y_test),
        "validation_accuracy": accuracy(net, X_val, y_val),
        "calibration_error": calibration_error(net.forward(X_val), y_val),
        "temperature": T,
        "threshold": net.threshold,
        "seconds": round(sum(history.seconds)),
        "loss": history.loss,
    }


def store(name, result, jobs):
    """Write a result; the checkpoints of its jobs are done with."""
    results.store(name, result)
    for recipe, seed in jobs:
        checkpoint(recipe, seed).unlink(missing_ok=True)


COMMANDS = {
    "nielsen": nielsen,
    "stand-ins": stand_ins,
    "losses": losses,
    "pretrained": pretrained,
    "plain": plain,
    "augmented": augmented,
    "best": best,
    "beginning": beginning,
    "ablation": ablation,
    "learning-rates": learning_rates,
    "images": images,
    "weight-decay": weight_decay,
}


def main(arguments=None):
    """Run the command that the arguments name, here or on a cluster."""
    parser = argparse.ArgumentParser(
        prog="python -m workshop.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask scheduler, like tcp://10.0.0.1:8786")
    options = parser.parse_args(arguments)
    if options.scheduler is None:
        COMMANDS[options.command]()
    else:
        with cluster(options.scheduler) as client:
            COMMANDS[options.command](client.get_executor())


def cluster(address):
    """A client of the Dask scheduler at ``address``."""
    try:
        from dask.distributed import Client
    except ImportError:
        sys.exit("A cluster needs Dask. In the project's folder: python -m uv sync --extra cluster")
    try:
        return Client(address)
    except (OSError, ValueError) as error:
        sys.exit(f"No Dask scheduler answers at {address}: {error}. An address looks like tcp://10.0.0.1:8786.")


if __name__ == "__main__":
    from workshop.train import main  # of the module that other processes can import, too, and not of __main__

    main()
