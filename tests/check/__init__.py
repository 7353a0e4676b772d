"""Tests of the exercises and of what answers them."""


def once(make):
    """From what makes a run of some kind, with chance, to what makes it once and shows it from then on.

    For tests of which the answers differ, and not the runs.
    """
    made = {}

    def make_once(kind, rng):
        if kind not in made:
            made[kind] = make(kind, rng)
        return made[kind]

    return make_once
