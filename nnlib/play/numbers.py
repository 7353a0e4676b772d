"""Numbers as a person writes them: with a real minus sign, and no more digits than count."""

from math import floor, log10

from nnlib._support.language import say

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def a_digit(digit):
    """A digit with its article: a 7, an 8."""
    return say("an {digit}", digit=digit) if digit == 8 else say("a {digit}", digit=digit)


def percent(share):
    """A share in whole per cent, with the space that the lessons have: 85 %."""
    return say("{share} %", share=f"{share:.0%}".removesuffix("%"))


def fixed(x, decimals=1):
    """A number with so many decimals, and no −0.0."""
    return f"{round(float(x), decimals) + 0.0:.{decimals}f}".replace("-", "−")


def signed(x, decimals=1, space=""):
    """The same with its sign, also if it is a plus."""
    text = fixed(x, decimals)
    return f"{'−' if text.startswith('−') else '+'}{space}{text.removeprefix('−')}"


def scientific(x):
    """Two digits and a power of ten: 2.6·10⁻¹⁰, −10⁻⁵."""
    mantissa, exponent = f"{x:.1e}".split("e")
    mantissa = mantissa.removesuffix(".0").replace("-", "−")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return mantissa.replace("1", power) if mantissa in ("1", "−1") else f"{mantissa}·{power}"


def short(x):
    """A number above 0, or 0, with two digits: 2.6·10⁻¹⁰, 0.61."""
    return f"{x:.2g}" if x == 0 or 0.01 <= x < 100 else scientific(x)


def number(x):
    """A number in at most four digits after the point, three that count if it is small: −12.345, 0.00123, 4.5·10⁻⁶."""
    if 0.99995 <= x < 1:
        return f"1 − {number(1 - x)}"
    if x and abs(x) < 0.001:
        return scientific(x)
    decimals = 4 if 0.1 <= abs(x) < 10 else 3 if abs(x) >= 10 else 2 - floor(log10(abs(x))) if x else 0
    text = fixed(x, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor(x, write=number):
    """A number as a factor or a term: in brackets if it begins with a sign or is a difference."""
    text = write(x)
    return f"({text})" if "−" in text.split("·")[0] else text
