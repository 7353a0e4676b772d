"""What lesson 8 says, and what shows it: from pen to pixels."""

import numpy as np

import nnlib
from nnlib import drawing, recipes
from tests.claims import after

GIVEN = {
    "99 %": 'of MNIST\'s test set, the shipped network; claimed after the cell "yours"',
    "0.9 ": "an example of an output",
    "0.95 %": "LeCun and others (1998): the test error of LeNet-5",
    "CC BY 4.0": "the licence of the UNIPEN digits",
    "10.5281": "the DOI of the UNIPEN collection",
    "1195803": "the DOI of the UNIPEN collection",
    "4 %": "exercise 8.1: what it forgives, `lesson8.NEAR`",
    "0.0005": "exercise 8.7: what it forgives, `lesson8.EXCESS`",
    "95 %": "exercise 8.5: what it asks for, `lesson8.SCAN_GOAL`; question 3: a percentage that a network gives",
    "8,000": "the rest of 10,000 validation images after 2,000",
    "20,000": "the training images of the last layer, `filters.TRAINED`",
    "60,000": "the size of MNIST's training set",
}


def softly(a, b, within):
    """Whether two numbers agree within so much."""
    return bool(np.all(np.abs(np.asarray(a) - np.asarray(b)) <= within))


# The drawings


@after("yours", "load_pretrained")
def the_shipped_network_reads_99_of_100():
    assert softly(recipes.load_result("pretrained")["test_accuracy"], 0.993, 0.003)


@after("pad", "preprocess=False")
def the_pad_at_the_top_has_its_steps_off(networks):
    pad = nnlib.DrawingPad(networks, preprocess=False)
    assert not pad.preprocess and pad.readers == ["lesson 4", "lesson 6", "shipped"]


@after("sixteen-why", "None of the three gets more than half", "goes by *place and size*")
def the_networks_misread_most_of_the_drawings(answers, meant, raw):
    assert raw.shape == (16, 28, 28)
    assert all(np.sum(read == meant) <= 8 for read in answers.values())
    assert np.sum(answers["shipped"][:8] == answers["shipped"][8:]) >= 6


@after("sixteen-drawn", "none is right")
def the_shipped_network_reads_none_of_them(answers, meant):
    assert not np.any(answers["shipped"] == meant)


@after("sixteen-why", "with `(250, 250)` in place of", "Only left and right\nremain")
def as_high_as_the_paper_only_left_and_right_remain(on_the_pad, three, five, corners):
    for digit in (three, five):
        drawn = [drawing.draw([s / 10 for s in on_the_pad(digit, 250, corner)]) for corner in corners]
        assert np.allclose(drawn[0], drawn[2], atol=1e-5) and np.allclose(drawn[1], drawn[3], atol=1e-5)
        assert not np.allclose(drawn[0], drawn[1], atol=0.5)


@after("sixteen", "[stroke / 10 for stroke in strokes]")
def all_drawings_are_on_the_pad(drawings):
    assert all(0 <= np.concatenate(d).min() and np.concatenate(d).max() <= 280 for d in drawings)


# The numbers of MNIST


@after("boxes-read", "59,987", "60,000", "the other 13 it is 19", "82 % to 18 %")
def the_longer_side_is_20_pixels(longer, height, width):
    assert np.sum(longer == 20) == 59_987 and np.sum(longer == 19) == 13
    assert 0.9 < np.mean(height == 20) < 0.92 and 0.24 < np.mean(width == 20) < 0.26
    assert softly(np.mean(width % 2 == 0), 0.82, 0.005)


@after("centre-of-mass", "centre_of_mass")
def the_library_agrees_with_the_centre_of_mass(centre_of_mass, images):
    for image in images[:20]:
        assert np.allclose([at[0] for at in centre_of_mass(image[None])], drawing.centre_of_mass(image), atol=1e-4)


@after("centres-read", "hardly spread at all", "the boxes are spread more")
def the_centres_are_spread_less_than_the_boxes(centres, middles):
    assert np.all(middles.std(axis=1) > 2 * centres.std(axis=1)) and softly(centres.mean(axis=1), 14, 0.01)


@after("rounding", "three images of 60,000 outside", "0.2887", "0.289 and 0.291", "13.5")
def what_rounding_leaves(off, centres):
    assert np.sum(np.all(np.abs(off) <= 0.5, axis=0)) == 59_997
    assert round(1 / np.sqrt(12), 4) == 0.2887 and centres.std(axis=1).round(3).tolist() == [0.289, 0.291]
    counts = np.array([np.histogram(axis, np.linspace(-0.5, 0.5, 11))[0] for axis in off])
    assert softly(counts / 6000, 1, 0.1)  # flat


@after("rounding", "adds $\\tfrac1{16}$")
def the_scissors_give_a_twelfth():
    V = 1 / 12
    assert np.isclose(V, V / 4 + 1 / 16) and softly(np.var(np.linspace(-0.5, 0.5, 100_001)), V, 1e-5)


@after("grey", "of the pixels that have ink are grey")
def almost_half_of_the_ink_is_grey(grey):
    assert 0.4 < grey < 0.5


@after("moving-intro", "Were they made by the same rules?")
def the_test_images_were_made_by_the_same_rules(centre_of_mass, mnist):
    off = np.stack(centre_of_mass(mnist.X_test.reshape(-1, 28, 28))) - 14
    assert softly(off.std(axis=1), 1 / np.sqrt(12), 0.005)


# Out of place, out of size


@after("moving", "[::5]")
def every_fifth_digit_is_of_both_halves(digits, shift):
    assert len(digits) == 2000 and len(range(0, 5001, 5)) == 1001
    spot = np.zeros((1, 28, 28))
    spot[0, 10, 10] = 1
    assert shift(spot, 2, -3)[0, 12, 7] == 1


@after("moving-intro", "2,000 in all, half of them by students")
def half_of_them_are_by_students():
    assert abs(len(range(0, 5001, 5)) - 1000) <= 1


@after("three-ways", "a seventh of the paper", "lost most of its answers", "nearly as fast", "holds out longer")
def reading_fails_with_the_distance(by_shift, by_size):
    assert by_shift["lesson 4"][0] > 0.94 and by_shift["lesson 4"][4] < 0.4 and by_shift["lesson 6"][4] < 0.5
    assert by_shift["shipped"][3] > 0.92 and by_shift["shipped"][6] < 0.8
    assert by_shift["lesson 6"][0] > by_shift["lesson 4"][0]
    assert by_size["lesson 4"][1] < 0.4 and by_size["shipped"][1] < 0.85


@after("three-ways", "Is a step to\nthe side and down worse")
def a_diagonal_step_can_be_tried(shift, digits, networks, y):
    for k in (1, 2):
        X = np.concatenate([shift(digits, k, k), shift(digits, -k, -k)]).reshape(-1, 784)
        assert 0.3 < nnlib.accuracy(networks["lesson 4"], X, np.tile(y, 2)) < 0.95


# The steps


@after("scale-intro", "wherever the digit stood, the crop is the same")
def the_crop_forgets_the_place(crop, canvases, canvas_sides):
    assert max(abs(max(crop(c).shape) - side) for c, side in zip(canvases, canvas_sides, strict=True)) <= 4
    moved = np.zeros((120, 120))
    moved[6:118, 3:115] = canvases[3]
    assert np.array_equal(crop(moved), crop(canvases[3]))


@after("weights-hand", "0.75", "0.25", "1.75")
def the_first_row_by_hand(weights):
    assert np.allclose(weights(6, 3)[0], [3 / 7, 3 / 7, 1 / 7, 0, 0, 0])


@after("resize", "resize")
def the_library_agrees_with_the_resize(scaled, cropped):
    assert max(scaled.shape) == 20 and np.allclose(scaled, drawing.resize(cropped, *scaled.shape), atol=1e-6)


@after("centre-intro", "it is luck whether the upright line survives")
def dropped_pixels_lose_a_line(thin, resize):
    assert thin[::5, ::5][:, 14].all() and thin[2::5, 2::5][:, 14].sum() == 0
    assert np.all(resize(thin, 18, 18).sum(axis=1) > 0)


@after("centre", "round(14 - at)")
def the_steps_are_the_librarys(centred, centre_of_mass, canvas):
    assert np.abs(np.array([at[0] for at in centre_of_mass(centred[None])]) - 14).max() <= 0.5
    assert np.allclose(centred, nnlib.picture_to_image(canvas), atol=1e-6)


@after("worth-read", "within one percentage point")
def all_of_it_comes_back(worth):
    assert all(abs(steps - untouched) < 0.01 and raw < 0.7 for raw, steps, untouched in worth.values())


@after("worth-drawn", "few of the small digits are read and more")
def size_no_longer_matters_after_the_steps(by_bin):
    for (_, label), shares in by_bin.items():
        assert np.ptp(shares) < 0.06 if label != "raw" else shares[0] < 0.35 and shares[0] < shares[-1]


# Filters


@after("filter-hand", "weights_of_one")
def one_dimension_by_hand(row, weights_of_one, sliding_window_view):
    assert (sliding_window_view(row, 2) @ weights_of_one).tolist() == [6, 5, 1]
    assert (sliding_window_view(np.r_[0, row], 2) @ weights_of_one)[1:].tolist() == [6, 5, 1]


@after("cut-intro", "given the length 1")
def the_filters_are_those_of_the_benchmark():
    from workshop.benchmarks import filters as made

    assert (made.COUNT, made.SIDE) == (100, 11) and made.TRAINED == slice(0, 20_000)


@after("cut", "cut_filters")
def each_filter_has_mean_0_and_length_1(filters, images):
    from workshop.benchmarks import filters as made

    assert np.array_equal(filters, made.cut_filters(images, np.random.default_rng(0))) and len(filters) == 100
    assert np.abs(filters.mean(axis=(1, 2))).max() < 1e-6 and softly(np.sqrt((filters**2).sum(axis=(1, 2))), 1, 1e-5)
    assert np.allclose(filters[0].ravel()[:5], recipes.load_result("filters")["first filter"], atol=1e-3)


@after("strongest-intro", "the map of answers moves along")
def the_map_moves_along(look_everywhere, shift, digits, filters):
    room = np.abs(np.arange(28) - 13.5) < 10
    image = digits[:1] * room * room[:, None]
    here, there = look_everywhere(image, filters[:3]), look_everywhere(shift(image, 3, -2), filters[:3])
    assert np.allclose(here[:, 4:-4, 4:-4], np.roll(there, (-3, 2), axis=(1, 2))[:, 4:-4, 4:-4], atol=1e-5)


@after("third-intro", "By nothing", "1,010 parameters")
def the_strongest_answers_do_not_change(change):
    assert np.abs(change).max() < 1e-4 and change.shape == (80, 100)


@after("third-read", "1,010", "79,510", "17 million", "220 times", "about 95 %")
def what_looking_everywhere_takes_and_gives(W, b, right_everywhere, networks):
    assert W.size + b.size == 1010
    multiplications = 38**2 * 11**2 * 100
    assert 17e6 < multiplications < 18e6 and round(multiplications / (784 * 100 + 100 * 10)) == 220
    assert sum(p.size for p in networks["lesson 4"].params.values()) == 79_510
    stored = recipes.load_result("filters")
    assert softly(stored["right"] / stored["held back"], 0.95, 0.01)
    assert softly(right_everywhere[0] / 500, 0.955, 0.02)


@after("third-read", "A level line")
def the_last_line_is_level(right_everywhere, by_shift):
    assert abs(right_everywhere[4] - right_everywhere[0]) <= 5 and right_everywhere[6] / 500 > 0.9
    assert by_shift["shipped"][6] < right_everywhere[6] / 500


@after("third-read", "of\ndigits that are 10 pixels large it reads about four in ten")
def a_filter_has_a_size(few, y_few, fit, strongest, filters, W, b):
    X = np.stack([fit(digit, 10) for digit in few[:300]])
    assert 0.3 < np.mean((strongest(X, filters) @ W + b).argmax(axis=1) == y_few[:300]) < 0.52


# Strokes


@after("soft-ink", "It is 1 up to half a pixel inside")
def the_distance_and_the_ink_by_hand(distance_to_segment):
    A, B = np.array([0.0, 0.0]), np.array([4.0, 0.0])
    assert np.allclose(distance_to_segment(np.array([[3.0, 2.0], [7.0, 4.0]]), A, B), [2, 5])
    pen = 2.4
    assert [float(np.clip(pen / 2 + 0.5 - d, 0, 1).round(6)) for d in (0.7, 1.2, 1.7)] == [1, 0.5, 0]


@after("third-read", "0.75")
def t_by_hand():
    assert (12 / 16, 28 / 16 > 1, np.hypot(3, 4)) == (0.75, True, 5)


@after("draw", "def draw")
def the_library_agrees_with_the_drawing(soft, line):
    assert np.allclose(soft, drawing.draw(line), atol=1e-6)


@after("strokes-intro", "0.5 pixels wide. How dark")
def a_thin_line_is_never_black(draw, line):
    assert 0.5 < draw(line, pen=0.5).max() <= 0.75


@after("stages", "strokes_to_stages")
def the_stages_are_the_three_steps(at_scale, at_centre, image, draw, centre_of_mass):
    assert np.isclose(np.ptp(np.concatenate(at_scale), axis=0).max() + drawing.PEN, 20)
    assert softly([at[0] for at in centre_of_mass(image[None])], 14, 0.1)
    assert np.allclose(draw(at_centre), image, atol=1e-6)


@after("pen-width-intro", "All sixteen, by all three networks", "the images agree in every pixel")
def all_sixteen_are_read(answers_after, meant, difference):
    assert all(np.array_equal(read, meant) for read in answers_after.values()) and difference < 0.005


@after("pens-intro", "2.4 comes nearest")
def the_pen_of_mnist(ours, images, mnist):
    ink = images[mnist.y_train == 5].sum(axis=(1, 2)).mean()
    assert min(ours, key=lambda pen: abs(ours[pen] - ink)) == 2.4


# People


@after("pens-intro", "10.5281/zenodo.1195803", "4.0")
def the_ways_are_those_of_the_benchmark():
    stored = recipes.load_result("pen_strokes")
    assert list(stored["networks"]["pretrained"]["ways"]) == ["raw", "filled", "boxed", "steps"]


@after("four-ways-read", "three pixels too\nhigh")
def a_seven_in_its_box_is_too_high(four):
    boxed, steps = (drawing.centre_of_mass(picture)[0] for picture in four[2:])
    assert 2 < 14 - boxed < 4 and softly(steps, 14, 0.1)


@after("people-read", "all three gain", "The shipped network, which has been shown small shifts, hardly notices it")
def the_bars_rise(people):
    share = {name: [found["accuracy"] for found in ways.values()] for name, ways in people.items()}
    assert all(s[0] < s[1] < s[2] < s[3] + 0.01 for s in share.values())
    assert all(share[name][3] - share[name][2] > 0.08 for name in ("lesson 4", "lesson 6"))
    assert abs(share["shipped"][3] - share["shipped"][2]) < 0.02 and share["shipped"][3] > 0.95


@after("people-ways", "shipped")
def the_stored_result_is_that_of_the_shipped_network(mnist, networks):
    stored = recipes.load_result("pen_strokes")["networks"]["pretrained"]["mnist_test"]
    assert abs(stored - nnlib.accuracy(networks["shipped"], mnist.X_test, mnist.y_test)) < 0.0005


@after("over-files-read", "More than half of the files", "more than half of the errors", "about three times as wide")
def one_file_has_most_of_the_errors(of, wrong, largest, over_people):
    assert np.mean(wrong == 0) > 0.5 and wrong[largest] > wrong.sum() / 2 and len(of) == 87
    n, errors = of.sum(), wrong.sum()
    tosses, people = nnlib.accuracy_interval(n - errors, n), over_people(of, wrong, np.random.default_rng(1))
    assert 2.5 < np.ptp(people) / np.ptp(tosses) < 3.5
    assert 1 - (errors - wrong[largest]) / (n - of[largest]) > 1 - errors / n + 0.005


@after("over-files-read", "268 of the digits are exact copies")
def so_many_are_copies(about):
    assert about["exact_copies"] == 268


@after("hands-intro", "from 1.75 to 2.6 pixels", "less than one\npercentage point", "The 2.4 of `nnlib`")
def the_width_of_the_pen_hardly_matters(stored):
    for name in ("original", "lesson 6", "pretrained"):
        by_pen = {float(pen): share for pen, share in stored["networks"][name]["pens"].items()}
        middle = [share for pen, share in by_pen.items() if 1.75 <= pen <= 2.6]
        assert max(middle) - min(middle) < 0.01 and max(by_pen.values()) - by_pen[2.4] < 0.01 and drawing.PEN == 2.4


# Hands


@after("hands-read", "in other hands")
def the_other_hands_are_what_yours_has_not_seen(networks, X_hands, y_hands):
    share = {name: nnlib.accuracy(net, X_hands, y_hands) for name, net in networks.items()}
    assert share["lesson 4"] < 0.75 and share["lesson 6"] < 0.85 and share["shipped"] > 0.94


@after("hands-read", "in other hands")
def a_1_is_taken_for_a_7_and_a_0_for_an_8(networks, X_hands, y_hands):
    """As the cell hands-intro says of a network that has not seen these hands."""
    for name in ("lesson 4", "lesson 6"):
        read = networks[name].predict(X_hands)
        for digit, other in ((1, 7), (0, 8)):
            counts = np.bincount(read[y_hands == digit], minlength=10)
            assert counts[other] > 0.15 * counts.sum() and other == np.argmax(
                np.where(np.arange(10) == digit, -1, counts)
            )


@after("hands-predict", "97 %")
def as_mnist_has_them_all_read_97_in_100(networks, X_mnist, y):
    plain = np.isin(y, [0, 1, 7])
    assert all(nnlib.accuracy(net, X_mnist[plain], y[plain]) > 0.965 for net in networks.values())


@after("forms-intro", "six in ten of the training\nset's 0s, 1s and 7s")
def so_many_other_hands_it_has_seen():
    assert recipes.OTHER_HANDS == 0.6


@after("forms-count", "forms; the shipped network")
def the_forms_are_counted(forms, hands):
    assert forms == sum(map(len, hands.FORMS.values())) >= 27 and set(hands.FORMS) == set(range(10))


# Rubbish and doubt


@after("doubt", "more than 90 % sure of more than half of these", "less than a quarter")
def what_they_say_to_rubbish(networks, X_rubbish):
    sure = {name: networks[name].forward(X_rubbish).max(axis=1) for name in ("lesson 6", "shipped")}
    assert 0.5 < np.mean(sure["lesson 6"] > 0.9) < 0.65 and np.median(sure["shipped"]) < 0.25


@after("random-labels", "after:")
def random_labels_teach_a_tenth_for_each(z):
    assert softly(nnlib.softmax(z), 0.1, 0.03)


@after("threshold-intro", "let half of the labels be 3")
def half_of_the_labels_are_a_three():
    q = np.full(10, 0.5 / 9)
    q[3] = 0.5
    z = np.zeros((1, 10))
    for _ in range(2000):
        z = z - 0.1 * (nnlib.softmax(z) - q)
    assert softly(nnlib.softmax(z)[0], q, 1e-3)


@after("threshold-read", "most of the rubbish and about one real digit in a\nhundred", "misreads pass it")
def the_threshold_is_cheap_and_passes_most_mistakes(groups, outcome, networks, sure, about):
    threshold = networks["shipped"].threshold
    counts = {name: np.array(outcome(a, y, threshold)) for name, (a, y) in groups.items()}
    assert counts["rubbish"][2] > 425 and counts["test digits"][2] < 30 and counts["other hands"][2] < 12
    at = int(round(threshold * 100))
    assert sure["turned_away"][at] / about["digits"] < 0.02
    for name in ("test digits", "other hands"):
        a, y = groups[name]
        assert counts[name][1] > 0.5 * np.sum(a.argmax(axis=1) != y)
    assert sure["wrong_and_kept"][at] > 0.5 * sure["wrong_and_kept"][0]


@after("threshold-read", "At 0.9 most", "about half of the misread pen strokes", "one in twelve of the other hands")
def what_a_threshold_of_nine_tenths_stops(groups, outcome, sure):
    away = {}
    for name in ("test digits", "other hands"):
        a, y = groups[name]
        _, passed, away[name] = outcome(a, y, 0.9)
        assert passed < 0.45 * np.sum(a.argmax(axis=1) != y)
    assert 1 / 14 < away["other hands"] / len(groups["other hands"][1]) < 1 / 10
    assert 0.42 < sure["wrong_and_kept"][90] / sure["wrong_and_kept"][0] < 0.58


@after("threshold-read", "2 %", "5,000 held-back training digits")
def how_the_threshold_was_chosen(sure, about):
    assert recipes.TURNED_AWAY == 0.02 and 60_000 / 12 == 5_000
    assert sure["turned_away"][60] / about["digits"] < 0.03


@after("threshold-read", "0.88", "0.73", "0.98")
def a_temperature_by_hand():
    assert [round(float(nnlib.sigmoid(np.array(z))), 2) for z in (2.0, 1.0, 4.0)] == [0.88, 0.73, 0.98]
    assert np.isclose(nnlib.softmax(np.array([[1.0, 0.0]]))[0, 0], nnlib.sigmoid(np.array(1.0)))


@after("threshold-read", "10,000 validation images")
def so_many_validation_images(mnist):
    assert len(mnist.X_train) // 6 == 10_000


@after("threshold-slider", "0.60: test digits")
def the_slider_can_be_drawn_anywhere(dragged):
    for threshold in (0.1, 0.57, 0.99):
        assert dragged(threshold)[1].startswith(f"At {threshold:.2f}: test digits")


# Calibration


@after("temperature-read", "Lesson 6's network needs doubt", "The shipped one needed the opposite")
def one_temperature_above_1_and_one_below(T, T_shipped):
    assert T > 1.15 and T_shipped < 0.97


@after("reliability-read", "a few tenths of a point", "more than 12 points", "about two fifths", "More than 7 points")
def the_temperature_mends_what_it_was_chosen_for(reliable):
    error = {
        key: [nnlib.calibration_error(a, y) for a in (before, after)] for key, (before, after, y) in reliable.items()
    }
    assert all(error[name, "MNIST"][1] < 0.005 for name in ("lesson 6", "shipped"))
    assert all(error[name, "MNIST"][1] < error[name, "MNIST"][0] for name in ("lesson 6", "shipped"))
    before, after = error["lesson 6", "askew"]
    assert before > 0.12 and after > 0.07 and softly(1 - after / before, 0.4, 0.07)


@after("reliability-read", "the error does not shrink", "too sure of this hand before", "four in five")
def the_shipped_networks_temperature_does_not_help_the_askew_hand(reliable):
    before, after, y = reliable["shipped", "askew"]
    right = np.mean(after.argmax(axis=1) == y)
    assert before.max(axis=1).mean() > right and after.max(axis=1).mean() > before.max(axis=1).mean()
    confidence, share, count = nnlib.calibration_curve(before, y)
    assert 0.75 < count[-1] / count.sum() < 0.87 and share[-1] < confidence[-1]
    errors = [nnlib.calibration_error(a, y) for a in (before, after)]
    assert errors[1] > errors[0] - 0.003 and errors[1] > 0.02


@after("reliability-read", "lesson 6's network gains, the shipped one does not")
def the_pen_strokes_tell_the_same_story(stored):
    errors = {}
    for name in ("lesson 6", "pretrained"):
        found = stored["networks"][name]["sure"]
        errors[name] = found["before"]["error"], found["after"]["error"]
    assert errors["lesson 6"][1] < errors["lesson 6"][0] - 0.005
    assert errors["pretrained"][1] > errors["pretrained"][0] - 0.003
