"""Write the figures of stored results into the documents.

    python -m uv run python -m workshop.documents            # write those that changed
    python -m uv run python -m workshop.documents --check    # change nothing, and fail if one would change

A figure stands between two comments, which no page shows: ``<!-- plain.committee -->98.71 %<!-- / -->``. The first
comment names it. What the names mean is below, a function for each result; the sentences around the figures are written
by people. A comment that begins a paragraph or an item of a list would hide the Markdown of its line, so a word must
stand before it.
"""

import argparse
import re
import sys

import numpy as np

from workshop import ROOT
from workshop.benchmarks.adapt import SHARES
from workshop.benchmarks.pen_strokes import TORN
from workshop.benchmarks.photos import AT_A_GLANCE, read
from workshop.edition.figures import in_chinese
from workshop.results import load

DOCUMENTS = (
    "README.md",
    "workshop/benchmarks/README.md",
    "teaching/thirty_people.md",
    "workshop/site/text/making.md",
)
IN_CHINESE = ("README.zh-CN.md",)  # written by hand, too; the other Chinese pages are built
MARKED = re.compile(r"(<!-- ([a-z_]+\.[\w.]+) -->)(.*?)(<!-- / -->)", flags=re.DOTALL)


def percent(share, decimals=0):
    """A share of 1 as per cent, with the space before the sign: 0.985 is 98.5 %."""
    return f"{100 * share:.{decimals}f} %"


def mean(shares):
    """The mean of shares of 1, and how they scatter: 98.53 ± 0.05 %."""
    return f"{100 * np.mean(shares):.2f} ± {100 * np.std(shares, ddof=1):.2f} %"


def interval(ends, decimals=0):
    """The two ends of an interval, shares of 1: 95 to 97 %."""
    low, high = ends
    return f"{100 * low:.{decimals}f} to {percent(high, decimals)}"


def pretrained():
    """The network that `data/` ships."""
    found = load("pretrained")
    return {
        "test": percent(found["test_accuracy"], 2),
        "every": ", ".join(f"{100 * accuracy:.2f}" for accuracy in found["test_accuracy, every seed"]),
        "mean": percent(float(np.mean(found["test_accuracy, every seed"])), 2),
        "validation": percent(found["validation_accuracy"], 2),
        "calibration_error": percent(found["calibration_error"], 2),
        "threshold": f"{found['threshold']:.2f}",
        "seconds": f"{found['seconds']}",
    }


def seeds_of(name):
    """The networks of a recipe, one for each seed."""
    found = load(name)
    return {
        "accuracy": mean(found["test_accuracies"]),
        "committee": percent(found["committee"], 2),
        "seconds": f"{min(found['seconds'])} to {max(found['seconds'])} s",
    }


def plain():
    """The best recipe without augmentation."""
    return seeds_of("plain")


def augmented():
    """The larger network with it."""
    return seeds_of("augmented")


def best():
    """The best plain network."""
    return {**seeds_of("best"), "members": f"{load('best')['members']}"}


def nielsen():
    """The runs of chapter 1 of Nielsen's book."""
    runs = load("nielsen")["runs"]
    best = {hidden: 100 * np.array([max(run["accuracies"]) for run in of]) for hidden, of in runs.items()}
    lost = [sum(output < 0.01 for output in run["own output"]) for run in runs["100"]]
    return {
        "seeds": f"{len(lost)}",
        "thirty": f"{best['30'].min():.2f} to {best['30'].max():.2f} %",
        "hundred": f"{best['100'].min():.2f} to {best['100'].max():.2f} %",
        "lost": f"{np.count_nonzero(lost)}",
    }


def writers():
    """MNIST's test set, once its digits are known to have writers."""
    found = load("writers")
    own, shipped = found["networks"]["lesson 5"], found["networks"]["shipped"]

    return {
        "people": f"{own['all']['writers']}",
        "validation": mean(found["validation_accuracies"]),
        "accuracy": mean(found["accuracies"]["all"]),
        "students": mean(found["accuracies"]["students"]),
        "employees": mean(found["accuracies"]["employees"]),
        "ratio": f"{own['all']['ratio']:.2f}",
        "ratios": f"{min(found['ratios']['all']):.2f} to {max(found['ratios']['all']):.2f}",
        "interval": interval(own["all"]["writers_interval"], 1),
        "without": f"{own['all']['writers_by_mistakes'][0]}",
        "half": f"{own['all']['half_of_the_mistakes_from']}",
        "shipped_students": percent(shipped["students"]["accuracy"], 2),
        "shipped_employees": percent(shipped["employees"]["accuracy"], 2),
        "shipped_ratio": f"{shipped['all']['ratio']:.2f}",
        "shipped_interval": interval(shipped["all"]["writers_interval"], 1),
    }


def pen_strokes():
    """Real pen strokes, read by the shipped network."""
    of = load("pen_strokes")["networks"]["pretrained"]
    steps, raw, pens, changed = of["ways"]["steps"], of["ways"]["raw"], of["pens"], of["changed"]
    usual = [100 * accuracy for pen, accuracy in pens.items() if float(pen) <= 3.25]
    wrong = np.array(steps["confusion"])
    digits = wrong.sum()
    np.fill_diagonal(wrong, 0)
    largest = steps["writers"]["all"][TORN]
    return {
        "accuracy": percent(steps["accuracy"], 1),
        "turned_away": percent(steps["turned_away"], 1),
        "raw": percent(raw["accuracy"], 1),
        "usual_pens": f"{min(usual):.1f} to {max(usual):.1f} %",
        "wide_pen": percent(pens["3.5"], 1),
        "widest_pen": percent(pens["4"], 1),
        **{name: percent(accuracy, 1) for name, accuracy in changed.items()},
        "digits": f"{digits:,}",
        "mistakes": f"{wrong.sum()}",
        "interval": interval(steps["writers_interval"], 1),
        "largest_source": f"{largest['digits']:,}",
        "mistakes_in_it": f"{round(largest['digits'] * (1 - largest['accuracy']))}",
        "torn": f"{wrong[4, 1] + wrong[0, 1] + wrong[8, 0]}",
        "one_as_seven": f"{wrong[1, 7]}",
    }


def adapt():
    """What a network learns of a writer."""
    found = load("adapt")
    shipped, lesson_4, lesson_6 = networks = [found[name] for name in ("shipped", "lesson 4", "lesson 6")]
    rubbish = found["rubbish_turned_away"]

    return {
        "writers": f"{shipped['writers']}",
        "digits": f"{shipped['digits_read']:,}",
        **{
            f"{key}_{name}": f"{of[f'errors_{key}']:,}"
            for name, of in zip(("shipped", "4", "6"), networks, strict=True)
            for key in ("before", "after")
        },
        "left": percent(shipped["left"]),
        "left_4": percent(lesson_4["left"]),
        "left_6": percent(lesson_6["left"]),
        "interval": interval(shipped["left_interval"]),
        "interval_4": interval(lesson_4["left_interval"]),
        "interval_6": interval(lesson_6["left_interval"]),
        "singles": ", ".join(f"{of['singles']['right_afterwards']} of {of['singles']['misread']}" for of in networks),
        "shares": "; ".join(
            f"{share:.2f} of the way "
            + ", ".join(f"{dict(map(tuple, of['singles']['by_share']))[share]}" for of in networks)
            for share in SHARES
        ),
        "mnist_mean": ", ".join(f"{100 * of['mnist_falls_by_mean']:.2f}" for of in networks),
        "mnist_most": ", ".join(f"{100 * of['mnist_falls_by_most']:.2f}" for of in networks),
        "ten_of_one": f"{100 * max(found['ten_of_one_digit_falls']):.2f}",
        "seconds": " s, ".join(f"{of['seconds_median']:.1f}" for of in networks) + " s",
        "first_call": f"{found['first_call_seconds']:.2f} s",
        "rubbish_before": percent(rubbish["before"]),
        "rubbish_after": f"{100 * min(rubbish['after']):.0f} to {percent(max(rubbish['after']))}",
    }


def filters():
    """Lesson 8's filters."""
    found = load("filters")
    return {"accuracy": percent(found["right"] / found["held back"], 1)}


def next_steps():
    """What PyTorch measured for lesson 9."""
    found = load("next_steps")
    return {
        "difference": f"{max(found['gradients']['differences'].values()):.0e}",
        "convolutional": mean(found["networks"]["convolutional"]["accuracies"]),
        "dense": mean(found["networks"]["dense"]["accuracies"]),
    }


def pad_latency():
    """The pad in JupyterLab."""
    found = load("pad_latency")
    return {
        "answers": f"{found['drawing']['answers_per_second']:.0f}",
        "sent": f"{found['drawing']['sent_per_second']:.0f}",
        "median": f"{found['pen_up']['median_ms']:.0f} ms",
        "percentile_95": f"{found['pen_up']['percentile_95_ms']:.0f} ms",
        "points": f"{found['points']['kept']} of {found['points']['sent']}",
        "long": f"{found['long_drawings']['ms_at_20_000']:.0f} ms",
    }


def photos():
    """Photos of digits on paper of many kinds."""
    found = load("photos")
    kinds = {kind: shares for kind, shares in found["kinds"].items() if kind in AT_A_GLANCE}
    right = list(map(read, kinds.values()))
    wrong = [shares["wrong and sure"] for shares in kinds.values()]
    empty = [shares["wrong and sure"] for kind, shares in found["kinds"].items() if kind.startswith("empty")]
    limit = found["kinds"]["deep shadow"]
    return {
        "digits": f"{found['digits']}",
        "kinds": f"{len(kinds)}",
        "read": f"{100 * min(right):.1f} to {percent(max(right), 1)}",
        "wrong": percent(max(wrong), 1),
        "deep": percent(read(limit), 1),
        "deep_wrong": percent(limit["wrong and sure"], 1),
        "pencil_wrong": percent(found["kinds"]["faint pencil"]["wrong and sure"], 1),
        "empty_wrong": percent(max(empty), 1),
    }


def speed():
    """An epoch beside its matrix products and beside other libraries."""
    found = load("speed")
    small, small_2, large, large_2 = (
        found[f"{network}, {threads}"] for network in ("784-100-10", "784-1000-500-10") for threads in (1, 2)
    )
    versions = found["versions"]

    def overtakes(name):
        epoch = small[name]["overtakes nnlib"]
        return "never" if epoch is None else f"in epoch {epoch}"

    others = ("by hand", "original", "PyTorch", "torch.compile", "JAX, step", "JAX, epoch", "scikit-learn")
    table = [
        "| | an epoch | times the products | times `nnlib` | first epoch | overtakes `nnlib` |",
        "|---|---|---|---|---|---|",
    ]
    for name in ("matrix products", "nnlib", *others):
        row = small[name]
        own = name in ("matrix products", "nnlib")
        table.append(
            f"| {name} | {row['seconds']:.2f} s | {row['times the products']:.2f} | {row['times nnlib']:.2f} "
            f"| {row['first epoch']:.2f} s | {'' if own else overtakes(name)} |"
        )
    return {
        "turns": f"{found['turns']}",
        "versions": f"PyTorch {versions['torch'].partition('+')[0]}, JAX {versions['jax']} and scikit-learn "
        f"{versions['scikit-learn']}",
        "table": "\n\n" + "\n".join(table) + "\n\n",
        "seconds": f"{small['nnlib']['seconds']:.2f} s",
        "products": f"{small['nnlib']['times the products']:.2f}",
        "by_hand": f"{small['by hand']['times the products']:.2f}",
        "original": f"{small['original']['times nnlib']:.2f}",
        "pytorch": f"{small['PyTorch']['times nnlib']:.2f}",
        "scikit_learn": f"{small['scikit-learn']['times nnlib']:.2f}",
        "large_products": f"{large['nnlib']['times the products']:.2f}",
        "distortion": f"{found['augmentation']['distortion_ms']:.1f} ms",
        "step": f"{found['augmentation']['step_ms']:.1f} ms",
        "two_threads_alone": f"{small_2['matrix products']['seconds']:.2f} s",
        "two_threads_products": f"{small_2['nnlib']['times the products']:.2f}",
        "two_threads_large_products": f"{large_2['nnlib']['times the products']:.2f}",
    }


def growth():
    """How the time of an epoch grows."""
    found = load("growth")
    constant, panels = found["seconds_per_multiply_add"], found["panels"]
    ratios = np.concatenate(
        [np.array(panel["seconds"]) / (constant * np.array(panel["multiply_adds"])) for panel in panels.values()]
    )
    longer = {name: panel["seconds"][-1] / panel["seconds"][0] for name, panel in panels.items()}
    counted = {name: panel["multiply_adds"][-1] / panel["multiply_adds"][0] for name, panel in panels.items()}
    return {
        "turns": f"{found['turns']}",
        "constant": f"{constant * 1e9:.3f} ns",
        "ratios": f"{ratios.min():.2f} to {ratios.max():.2f}",
        "images_counted": f"{counted['images']:.0f}",
        "images": f"{longer['images']:.1f}",
        "layers_counted": f"{counted['hidden_layers']:.1f}",
        "layers": f"{longer['hidden_layers']:.1f}",
        "units_counted": f"{counted['hidden_units']:.0f}",
        "units": f"{longer['hidden_units']:.1f}",
        "batches": f"{1 / longer['batch_size']:.1f}",
    }


def footprint():
    """What a reader's machine has to give."""
    found = {name: entry["figure"] for name, entry in load("footprint")["figures"].items()}
    imported, mnist, epoch, distorted = (size for name, size in found.items() if name.startswith("peak: "))

    def forward(name):
        return [found[f"forward: {name}, one BLAS thread, {which}"] for which in ("median", "95th percentile")]

    return {
        "import": f"{found['import nnlib, beyond NumPy']:.2f} s",
        "mnist": f"{found['load_mnist']:.2f} s",
        "peak_import": f"{imported:.0f} MB",
        "peak_mnist": f"{mnist:.0f} MB",
        "peak_epoch": f"{epoch:.0f} MB",
        "peak_distorted": f"{distorted:.0f} MB",
        "shipped": f"{forward('shipped network')[0]:.2f} ms",
        "shipped_95": f"{forward('shipped network')[1]:.2f} ms",
        "small": "{:.2f} and {:.2f} ms".format(*forward("784-100-10")),
        "file": f"{found['data/pretrained.npz']:.2f} MB",
    }


def classroom():
    """What a class needs."""
    found = load("classroom")
    lessons, people, disk = found["lessons"].values(), found["people"], found["disk"]
    one, four, thirty = (people[n] for n in ("1", "4", "30"))
    server, shared = one["server"]["rss"], thirty["server"]["pss"]
    longest = max(of["cpu_seconds"] for of in lessons)
    written = max(of["peak_written"] for of in lessons)
    sizes = [of["rss"] for of in lessons]
    table = [
        "| lesson | kernel at the end, MB | its peak, MB | its peak with the exercises written, MB "
        "| thirty people, GB | CPU seconds | thirty on two cores, minutes |",
        "|--:" * 7 + "|",
    ]
    for number, of in enumerate(lessons, start=1):
        everyone, minutes = 30 * (of["pss"] + shared) / 1000, 30 * of["cpu_seconds"] / 2 / 60
        table.append(
            f"| {number} | {of['rss']:.0f} | {of['peak']:.0f} | {of['peak_written']:.0f} "
            f"| {everyone:.1f} | {of['cpu_seconds']:.0f} | {minutes:.1f} |"
        )
    return {
        "lessons": "\n" + "\n".join(table) + "\n",
        "machine": f"{found['ram'] / 1000:.0f} GB, Linux, Python {found['python']}",
        "server": f"{server:.0f} MB",
        "kernel": f"{found['kernel']['rss']:.0f} MB",
        "kernel_with_mnist": f"{one['kernel']['rss']:.0f} MB",
        "kernels": f"{min(sizes):.0f} to {max(sizes):.0f} MB",
        "cpu_seconds": f"{min(of['cpu_seconds'] for of in lessons):.0f} to {longest:.0f} s",
        "thirty": f"{thirty['pss_of_all'] / 1000:.1f} GB",
        "each_of_thirty": f"{thirty['pss_of_all'] / 30:.0f} MB",
        "one": f"{one['pss_of_all']:.0f} MB",
        "each_of_four": f"{four['pss_of_all'] / 4:.0f} MB",
        "longest_minutes": f"{30 * longest / 2 / 60:.0f} minutes",
        "thirty_seconds": f"{thirty['seconds']:.0f} seconds",
        "one_seconds": f"{one['seconds']:.1f}",
        "project": f"{disk['project']:.0f}",
        "number_of_wheels": f"{disk['number_of_wheels']}",
        "wheels": f"{disk['wheels']:.0f}",
        "venv": f"{disk['venv_of_the_wheels']:.0f}",
        "venv_with_the_tests": f"{disk['venv_with_the_tests']:.0f}",
        "written_and_server": f"{written + server:,.0f} MB",
        "written_and_server_gb": f"{(written + server) / 1000:.1f} GB",
        "most_without": f"{(max(of['peak'] for of in lessons) + server) / 1000:.1f} GB",
        "thirty_written": f"{30 * (written + shared) / 1000:.0f} GB",
    }


def long_tests():
    """What the long tests tried."""
    tried = load("long_tests")["tried"]
    return {
        "reader": f"{tried['damaged data files, the reader alone']:,}",
        "shipped": f"{tried['damaged data files, each of the four']:,}",
        "networks": f"{tried['damaged files of networks']:,}",
        "lies": f"{tried['files of networks that lie']}",
        "saves": f"{tried['processes killed while they save']}",
        "trainings": f"{tried['processes killed while they train']}",
        "mirrors": f"{tried['mirrors that misbehave']}",
        "fetches": f"{tried['processes that fetch at once']}",
        "others": f"{tried['other faults']}",
        "runs": f"{tried['runs of a notebook in another way']}",
    }


def matrix():
    """The matrix of Pythons and dependencies."""
    summaries = load("matrix")["summaries"].values()
    passed, seconds = zip(*(re.match(r"(\d+) passed.* in ([\d.]+)s", text).groups() for text in summaries), strict=True)
    minutes = [float(of) / 60 for of in seconds]
    fewest, most = min(map(int, passed)), max(map(int, passed))
    return {
        "tests": f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}",
        "minutes": f"{min(minutes):.0f} to {max(minutes):.0f} minutes",
        "together": f"{sum(minutes):.0f} minutes",
    }


def browser_kernel():
    """The lessons with the kernel in the browser."""
    found = load("browser_kernel")
    return {
        "lessons": f"{len(found['seconds'])}",
        "seconds": f"{min(found['seconds'].values()):.0f} to {max(found['seconds'].values()):.0f} s",
        "start": f"{min(found['start'].values()):.0f} to {max(found['start'].values()):.0f} s",
        "aim": f"{found['aim']}",
    }


RESULTS = (
    pretrained,
    plain,
    augmented,
    best,
    nielsen,
    writers,
    pen_strokes,
    adapt,
    filters,
    next_steps,
    pad_latency,
    photos,
    speed,
    growth,
    footprint,
    classroom,
    browser_kernel,
    long_tests,
    matrix,
)


def figures():
    """All figures by name: ``{"plain.accuracy": "98.53 ± 0.05 %", …}``."""
    return {f"{of.__name__}.{name}": text for of in RESULTS for name, text in of().items()}


def written(text, known):
    """A document with its figures as they are known."""
    return MARKED.sub(lambda match: match[1] + known[match[2]] + match[4], text)


def main():
    """Write the documents, or check them; the exit status is 1 if ``--check`` finds a figure that would change."""
    parser = argparse.ArgumentParser(prog="python -m workshop.documents", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, and fail if a figure would change")
    check, known, changed = parser.parse_args().check, figures(), []
    chinese = {name: in_chinese(figure) for name, figure in known.items()}
    for name in (*DOCUMENTS, *IN_CHINESE):
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = written(before, chinese if name in IN_CHINESE else known)
        if after != before:
            changed.append(name)
            if not check:
                path.write_text(after, encoding="utf-8")
    print("\n".join(changed) or "Every figure is the one that is stored.")
    sys.exit(check and bool(changed))


if __name__ == "__main__":
    main()
