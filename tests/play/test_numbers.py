"""Numbers as the things to play with write them."""

import pytest

from nnlib.play.numbers import factor, fixed, number, percent, short, signed


@pytest.mark.parametrize("share, text", [(0, "0 %"), (0.846, "85 %"), (0.005, "0 %"), (1, "100 %")])
def test_a_share_is_written_as_in_the_lessons(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    "x, decimals, text",
    [
        (0.5, 1, "0.5"),
        (-12.34, 1, "−12.3"),
        (-0.04, 1, "0.0"),
        (-1e-17, 3, "0.000"),
        (-0.0006, 3, "−0.001"),
        (2, 2, "2.00"),
    ],
)
def test_a_number_of_fixed_decimals_has_a_real_minus_and_no_minus_0(x, decimals, text):
    assert fixed(x, decimals) == text


@pytest.mark.parametrize(
    "x, space, text", [(1.5, "", "+1.5"), (-1.5, " ", "− 1.5"), (0, "", "+0.0"), (-0.01, " ", "+ 0.0")]
)
def test_a_signed_number_has_its_plus(x, space, text):
    assert signed(x, 1, space) == text


@pytest.mark.parametrize(
    "x, text", [(0, "0"), (7.0, "7"), (0.61, "0.61"), (12.0, "12"), (1e-5, "10⁻⁵"), (2.1e-10, "2.1·10⁻¹⁰")]
)
def test_a_short_number_has_two_digits(x, text):
    assert short(x) == text


@pytest.mark.parametrize(
    "x, text",
    [
        (0, "0"),
        (1, "1"),
        (-12.345, "−12.345"),
        (0.5, "0.5"),
        (0.62246, "0.6225"),
        (0.0123456, "0.0123"),
        (-0.00123, "−0.00123"),
        (4.5e-6, "4.5·10⁻⁶"),
        (-1e-5, "−10⁻⁵"),
        (1 - 2.1e-8, "1 − 2.1·10⁻⁸"),
        (420.1234, "420.123"),
        (20, "20"),
        (-100.0, "−100"),
    ],
)
def test_a_number_is_short_and_keeps_what_counts(x, text):
    assert number(x) == text


@pytest.mark.parametrize(
    "x, text",
    [(2.5, "2.5"), (-2.5, "(−2.5)"), (4.5e-6, "4.5·10⁻⁶"), (-1e-5, "(−10⁻⁵)"), (1 - 2.1e-8, "(1 − 2.1·10⁻⁸)")],
)
def test_a_factor_is_in_brackets_where_it_begins_with_a_sign_or_is_a_difference(x, text):
    assert factor(x) == text
    assert factor(-2.0, fixed) == "(−2.0)" and factor(2.0, fixed) == "2.0"
