"""The smaller runs of the browser's lessons, where NumPy has no BLAS and an epoch takes twenty times as long.

The lessons of ``notebooks/`` stay as they are, and so does `nnlib`: the copies in the browser's file tree have other
numbers in the cells that are named here, and these cells say so. A reader there sees what is run. The lessons of
``notebooks/zh/`` have the same cells.
"""

import copy

LESS = "In the browser NumPy computes on one core, without the library that makes it quick: "
TWELVE = {"(mnist.X_train, mnist.y_train, 1 / 6)": "(mnist.X_train[:12_000], mnist.y_train[:12_000], 1 / 6)"}
TWELVE_SAID = "this lesson takes 12,000 of the 60,000 images, and its figures differ from those in the text."

TEST = {"X_test, y_test": "X_test[:2_000], y_test[:2_000]"}

# By lesson and by the id of a cell: what the cell says first (or None), and what stands in place of what.
RUNS = {
    "04_training": {
        "loop-run": ("10,000 images instead of 20,000.", {"[:20_000]": "[:10_000]"}),
        "library-same": (None, {"[:20_000]": "[:10_000]"}),
        "thirty-epochs": ("6 epochs instead of 30, those that the post has.", {"epochs=30": "epochs=6"}),
        "thirty-epochs-drawn": (None, {"np.arange(1, 31)": "np.arange(1, 7)"}),
        "split": (
            "3,000 images for the short runs instead of 10,000, and 2,000 to measure on.",
            {"1 / 6": "1 / 30", "[:10_000]": "[:3_000]"},
        ),
        "five-sizes-drawn": (None, {"20_000 // size": "6_000 // size", "* 0.5 + 0.25": "* 0.15 + 0.075"}),
        "noise-measured": (
            "the full gradient is that of 2,000 images.",
            {"net, X_train, y_train, size": "net, X_train[:2_000], y_train[:2_000], size"},
        ),
        "signal-measured": (None, {"(net, X_train, y_train)": "(net, X_train[:2_000], y_train[:2_000])"}),
        "better-start": ("one seed instead of three.", {"range(3)": "range(1)"}),
        "suspects": (
            "two suspects instead of nine, 0.01 and 0.6.",
            {"[0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 1]": "[0.01, 0.6]"},
        ),
        "suspects-drawn": (None, {"stds[[2, 7]], suspects[[2, 7], epoch]": "stds, suspects[:, epoch]"}),
        "alibis": ("one seed instead of two.", {"[1, 2]": "[1]"}),
    },
    "05_evaluation": {
        "twin": (
            "20 epochs on 10,000 images instead of 30 on 50,000.",
            {
                "1 / 6)": "1 / 6)\nX_train, y_train = X_train[:10_000], y_train[:10_000]",
                "epochs=30": "epochs=20",
                "validation=(X_val, y_val)": "validation=(X_val[:2000], y_val[:2000])",
            },
        ),
        "small": ("50 epochs instead of 100.", {"epochs=100": "epochs=50"}),
        "five-seeds": ("2 epochs on 10,000 images instead of 5 on 50,000.", {"epochs=5": "epochs=2"}),
        "variants": ("10 variants instead of 40.", {"range(40)": "range(10)", "40 variants": "10 variants"}),
        "best-of": (None, {"the best of 40": "the best of 10"}),
        "careless": ("100 epochs instead of 200.", {"epochs=200": "epochs=100"}),
        "stopped": (None, {"epochs=200": "epochs=100", '"200 epochs"': '"100 epochs"'}),
    },
    "06_learning_better": {
        "setup": (TWELVE_SAID, TWELVE),
        "short-run": ("2,000 images instead of 10,000.", {"[:10_000]": "[:2_000]"}),
    },
    "07_generalising": {
        "setup": (TWELVE_SAID, TWELVE),
        "yours": (None, {"10,000 others": "2,000 others"}),
        "few-run": ("fewer epochs.", {"max(20, 40_000 // n)": "max(3, 6_000 // n)"}),
        "own-training": ("2 epochs instead of 8.", {"epochs=8": "epochs=2"}),
        "looks-drawn": (None, {"np.flatnonzero(": "np.argmax(", "[0])": ")"}),  # among 2,000 there may be none
        "last-two-trained": ("2,000 images instead of 10,000.", {"[:10_000]": "[:2_000]"}),
    },
    "09_drawing_canvas": {
        "askew-before": ("this lesson measures on 2,000 test digits instead of 10,000.", TEST),
        "teach": (None, TEST),
        "line-read": (None, TEST),
    },
}

# What the cells say, and the words in them that are replaced, as the Chinese edition has them.
CHINESE = {
    LESS: "浏览器里的 NumPy 只用一个核，也没有让它快起来的库：",
    TWELVE_SAID: "60,000 张图像，本课只取 12,000 张，数字和正文里的不一样。",
    "10,000 images instead of 20,000.": "用 10,000 张图像，不是 20,000 张。",
    "6 epochs instead of 30, those that the post has.": "训练 6 轮，不是 30 轮：博文里有的就是这 6 轮。",
    "3,000 images for the short runs instead of 10,000, and 2,000 to measure on.": (
        "短的训练用 3,000 张图像，不是 10,000 张，测量用 2,000 张。"
    ),
    "the full gradient is that of 2,000 images.": "完整的梯度，这里是 2,000 张图像的。",
    "one seed instead of three.": "用一个种子，不是三个。",
    "two suspects instead of nine, 0.01 and 0.6.": "嫌疑犯两个，不是九个：0.01 和 0.6。",
    "one seed instead of two.": "用一个种子，不是两个。",
    "20 epochs on 10,000 images instead of 30 on 50,000.": "10,000 张图像训练 20 轮，不是 50,000 张训练 30 轮。",
    "50 epochs instead of 100.": "训练 50 轮，不是 100 轮。",
    "2 epochs on 10,000 images instead of 5 on 50,000.": "10,000 张图像训练 2 轮，不是 50,000 张训练 5 轮。",
    "10 variants instead of 40.": "造 10 个变种，不是 40 个。",
    "100 epochs instead of 200.": "训练 100 轮，不是 200 轮。",
    "2,000 images instead of 10,000.": "用 2,000 张图像，不是 10,000 张。",
    "fewer epochs.": "轮数少一些。",
    "2 epochs instead of 8.": "训练 2 轮，不是 8 轮。",
    "this lesson measures on 2,000 test digits instead of 10,000.": "本课只在 2,000 个测试数字上测量，不是 10,000 个。",
    "40 variants": "40 个变种",
    "10 variants": "10 个变种",
    "the best of 40": "40 个里最好的",
    "the best of 10": "10 个里最好的",
    '"200 epochs"': '"200 轮"',
    '"100 epochs"': '"100 轮"',
    "10,000 others": "另外 10,000 张",
    "2,000 others": "另外 2,000 张",
}
WORDS = {"en": {}, "zh": CHINESE}


def smaller(notebook, lesson, language="en"):
    """A lesson with its smaller runs.

    Parameters
    ----------
    notebook : dict
        As it is stored. It is not changed.
    lesson : str
        Its file's name, without the ending.
    language : str
        Of the edition: "en" or "zh".

    Raises
    ------
    ValueError
        A cell is not there, or has nothing to replace: the lesson was changed, and `RUNS` must be, too.
    """
    notebook = copy.deepcopy(notebook)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    words = WORDS[language]
    for name, (said, texts) in RUNS.get(lesson, {}).items():
        source = "".join(cells[name]["source"]) if name in cells else ""
        for old, new in ((words.get(old, old), words.get(new, new)) for old, new in texts.items()):
            if old not in source:
                raise ValueError(f"{lesson} must have {old!r} in its cell {name!r}: see {__name__}. Got {source!r}.")
            source = source.replace(old, new)
        said = said and words.get(LESS, LESS) + words.get(said, said)
        cells[name]["source"] = f'print("{said}")\n{source}' if said else source
    return notebook
