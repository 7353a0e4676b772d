"""Numbers as a person writes them."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(x):
    """Two digits and a power of ten: 2.6·10⁻¹⁰, −10⁻⁵."""
    mantissa, exponent = f"{x:.1e}".split("e")
    mantissa = mantissa.removesuffix(".0").replace("-", "−")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return mantissa.replace("1", power) if mantissa in ("1", "−1") else f"{mantissa}·{power}"
