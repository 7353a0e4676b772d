"""Checkpoints: a run that was stopped goes on where it was, and ends with the same weights, bit for bit. Lesson 7.

After each epoch everything that the rest of the run depends on goes to one file: the weights, what the optimiser
remembers, the state of the random numbers, and the history. It takes the place of the old file in one step, so a run
that is killed at any moment finds a whole file.
"""

import functools
import inspect
import json
import zlib
from pathlib import Path

import numpy as np

from nnlib._support.files import load_arrays, save_arrays


class Checkpoint:
    """The file of one training run. If it is there, the run takes over what it holds.

    Parameters
    ----------
    path : path
        Of the .npz file; its folder must be there.
    settings : dict
        What decides the run, as numbers and text. A file with other settings is refused.
    arrays : dict of str to dict of str to array
        The run's arrays by group, such as ``{"params": net.params, "best": {}}``. Reading fills them in place.
    optimizer : SGD, Momentum or Adam
    rngs : list of numpy.random.Generator
    history : History

    Raises
    ------
    ValueError
        The file is of another run, or damaged.
    """

    def __init__(self, path, settings, arrays, optimizer, rngs, history):
        self.path, self.settings, self.arrays = Path(path), settings, arrays
        self.optimizer, self.rngs, self.history = optimizer, rngs, history
        if self.path.exists():
            self._read()

    def write(self):
        """Write the run as it is now."""
        groups = self._groups()
        state = {
            "settings": self.settings,
            "optimizer": {name: value for name, value in vars(self.optimizer).items() if name not in groups},
            "rngs": [rng.bit_generator.state for rng in self.rngs],
            "history": vars(self.history),
        }
        arrays = {f"{group}.{name}": array for group, members in groups.items() for name, array in members.items()}
        save_arrays(self.path, state=np.array(json.dumps(state)), **arrays)

    def _groups(self):
        """The run's arrays by group, and those that the optimiser remembers: its attributes that are dictionaries."""
        return self.arrays | {name: value for name, value in vars(self.optimizer).items() if isinstance(value, dict)}

    def _read(self):
        try:
            arrays = load_arrays(self.path)
            state = json.loads(str(arrays.pop("state")))
        except (ValueError, KeyError) as error:
            raise ValueError(f"{self.path} is no checkpoint: {error}. Delete it, and the run starts afresh.") from error
        for name, value in self.settings.items():
            if state["settings"].get(name) != value:
                raise ValueError(
                    f"{self.path} is of another run: there {name} is {state['settings'].get(name)}, here {value}. "
                    "Delete it, or name another file."
                )
        vars(self.optimizer).update(state["optimizer"])
        groups = self._groups()
        for name, array in arrays.items():
            group, member = name.split(".")
            groups[group][member] = array
        for rng, rng_state in zip(self.rngs, state["rngs"], strict=True):
            rng.bit_generator.state = rng_state
        vars(self.history).update(state["history"])


def settings_of(net, optimizer, images, options, functions):
    """Name what decides a run of `train`, for its checkpoint. Of arrays and of functions it keeps a checksum.

    Parameters
    ----------
    net : Network
        As it is before the first step.
    optimizer : SGD, Momentum or Adam
    images : list of arrays
        X, y, and those of the validation, if there are any.
    options : dict
        Numbers by name.
    functions : list of (callable or None)
        The schedule, and what distorts the images.
    """
    names = ("X", "y", "the validation images", "the validation labels")
    first_weights = [net.params[name] for name in sorted(net.params)]
    return {
        "the network": f"{net}, l2 {net.l2}, dropout {net.dropout}, seed {net.seed}",
        "the checksum of the first weights": checksum(*first_weights),
        "the optimizer": fingerprint(optimizer),
        **options,
        "schedule": fingerprint(functions[0]),
        "augment": fingerprint(functions[1]),
        **{f"the checksum of {name}": checksum(array) for name, array in zip(names, images, strict=False)},
        "the number of arrays": len(images),
    }


def checksum(*arrays):
    """A number that changes with any entry of the arrays."""
    total = 0
    for array in arrays:
        total = zlib.crc32(np.ascontiguousarray(array), total)
    return total


def fingerprint(thing):
    """Text that is the same in another process, and another for another function or other numbers.

    A function is its name, its bytecode, its constants, and what it holds on to: two lambdas are told apart. An object
    is its type and its attributes.
    """
    if thing is None or isinstance(thing, (int, float, str, bool)):
        return repr(thing)
    if isinstance(thing, np.ndarray):
        return f"array {checksum(thing)}"
    if isinstance(thing, functools.partial):
        parts = [thing.func, *thing.args, *(x for pair in sorted(thing.keywords.items()) for x in pair)]
        return f"partial({', '.join(map(fingerprint, parts))})"
    if inspect.isfunction(thing):
        code, held = thing.__code__, [cell.cell_contents for cell in thing.__closure__ or ()]
        constants = [constant for constant in code.co_consts if not inspect.iscode(constant)]
        parts = map(fingerprint, [*constants, *code.co_names, *(thing.__defaults__ or ()), *held])
        return f"{thing.__name__} {zlib.crc32(code.co_code)} ({', '.join(parts)})"
    if inspect.isbuiltin(thing) or inspect.isclass(thing):
        return thing.__qualname__
    attributes = {
        name: value for name, value in getattr(thing, "__dict__", {}).items() if isinstance(value, (int, float, str))
    }
    return f"{type(thing).__name__} {attributes}"
