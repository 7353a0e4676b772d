"""The smaller runs."""


def smaller(notebook, name):
    return notebook
