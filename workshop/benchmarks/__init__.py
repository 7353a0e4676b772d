"""What is measured, each benchmark a command: README.md lists them."""

import sys


def required(path, what):
    """The path of a file that is no part of the project. Where it is not there, the program ends with a sentence."""
    if not path.exists():
        sys.exit(f"{path} is not there. The {what} are no part of the project; name a file that has them.")
    return path
