"""How a right answer is written: with a loop, with a name that it can do without. For an answer's second sentence."""

import dis
from types import CodeType


def loops(function):
    """Whether a function has a loop or a comprehension."""
    return any(step.opname == "FOR_ITER" for code in _codes(function) for step in dis.get_instructions(code))


def uses(*names):
    """From a function to whether it mentions one of these names, like "where" or "outer"."""
    return lambda function: any(name in code.co_names for code in _codes(function) for name in names)


def _codes(function):
    """The code of a function and of the functions inside it; none of what was not written in Python."""
    found = [getattr(function, "__code__", None)]
    for code in found:
        if code is not None:
            found += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [code for code in found if code is not None]
