"""Checkpoints: a training run that was stopped goes on where it was, and ends with the same weights, bit for bit. Lesson 6.

After each epoch everything that the rest of the run depends on goes to one file: the weights, what the optimiser
remembers, the state of the random numbers, and the history. It takes the place of the old file in one step, so a run that
is killed at any moment finds a whole file.
"""

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
        for rng, rng_state in zip(self.rngs, state["rngs"]):
            rng.bit_generator.state = rng_state
        vars(self.history).update(state["history"])


def settings_of(net, X, y, optimizer, epochs, batch_size, shuffle, schedule, augment, patience):
    """What decides a run of `train`, for its checkpoint. Of the images and labels it keeps a checksum."""
    return {
        "the network": f"{net}, l2 {net.l2}, dropout {net.dropout}, seed {net.seed}",
        "the optimizer": _name(optimizer),
        "epochs": epochs,
        "batch_size": batch_size,
        "shuffle": shuffle,
        "patience": patience,
        "schedule": _name(schedule),
        "augment": _name(augment),
        "the checksum of X": zlib.crc32(np.ascontiguousarray(X)),
        "the checksum of y": zlib.crc32(np.ascontiguousarray(y)),
    }


def _name(thing):
    """Text that is the same in another process: a function's name, or an object's type and numbers."""
    if hasattr(thing, "__name__") or thing is None:
        return getattr(thing, "__name__", None)
    numbers = {name: value for name, value in vars(thing).items() if isinstance(value, (int, float))}
    return f"{type(thing).__name__} {numbers}"
