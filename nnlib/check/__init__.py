"""What answers an exercise: right, or what is wrong, with hints that open one by one and a record of what is solved.

A reader calls the functions of this module. ``judge`` runs the reader's function beside a reference, ``compare`` says
what differs, ``record`` keeps what is solved, and ``exercises`` has the exercises themselves, as data.
"""

from pathlib import Path

from nnlib._support.console import printable, wrapped
from nnlib._support.language import say
from nnlib.check import exercises, record
from nnlib.check.judge import answer

__all__ = ["collect", "exercise", "hint", "progress", "reset_progress"]

_opened = {}  # how many hints of each exercise this kernel has shown


def exercise(name, function):
    """Print whether the reader's function is right, and if not, what is wrong with it.

    Parameters
    ----------
    name : str
        "2.1" is the first exercise of lesson 2.
    function : callable
        The reader's, by its name and without brackets.
    """
    item = exercises.find(name)
    result = answer(item, function)
    print(printable(wrapped(result.text)))
    if result.state == "unwritten":
        print(say('For a hint, run check.hint("{name}").', name=name))
        return
    note = record.note(name, tried=True, solved=result.state == "right")
    if result.state == "right":
        lesson = [other for other in exercises.every() if other.split(".")[0] == str(name).split(".")[0]]
        solved = record.solved()
        if not note:
            done = sum(other in solved for other in lesson)
            note = say(
                "Solved in this lesson: {done} of {count}. check.progress() shows all lessons.",
                done=done,
                count=len(lesson),
            )
    else:
        print(say('For a hint, run check.hint("{name}").', name=name))
    if note:
        print(printable(wrapped(note)))


def hint(name):
    """Show the next hint of an exercise, each time it is called.

    Parameters
    ----------
    name : str
        Like "2.1".
    """
    from IPython.display import display

    item, name = exercises.find(name), str(name)
    shown = _opened.get(name, 0)
    if shown == len(item.hints):
        text = say(
            "There are no more hints for {name}. The solution is folded below the exercise: open "
            "*Solution* when you have tried.",
            name=name,
        )
    else:
        _opened[name] = shown + 1
        text = say(
            "**Hint {number} of {count}** for {name}: {hint}",
            number=shown + 1,
            count=len(item.hints),
            name=name,
            hint=say(item.hints[shown]),
        )
        note = record.note(name, hints=shown + 1)
        if note:
            print(printable(wrapped(note)))
    display(record.Shown(text, markdown=text))


def progress():
    """What is solved over all lessons: a table in a notebook, text elsewhere."""
    return record.overview()


def reset_progress():
    """Remove the record, and close the hints again. It says what it removed."""
    _opened.clear()
    print(printable(record.remove()))


def collect(folder):
    """A table of students by exercises, from the records that they handed in.

    Parameters
    ----------
    folder : path
        With each student's ``my_progress.json``: under the student's own name, like ``anna.json``; in a folder of that
        name; or as Moodle, Canvas and nbgrader store what is handed in. Of several records of one student the one with
        the latest solution is shown. What is left out is named, with the reason.

    Returns
    -------
    collection : Collection
        ``collection.students["anna"]["2.1"]`` has the tries, the hints, and when it was solved. In a notebook it is a
        table.
    """
    return record.Collection(Path(folder))
