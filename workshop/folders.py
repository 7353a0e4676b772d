"""Folders that a command writes."""


def check_is_ours(folder, mark, what, beside=()):
    """Refuse a folder in which somebody else's files are, before anything is written over them.

    Parameters
    ----------
    folder : Path
    mark : str
        A file that each folder has that we wrote before.
    what : str
        What is to be written there, as a sentence begins with it.
    beside : sequence of str
        Names of what may be there, too.

    Raises
    ------
    ValueError
        There are other files.
    """
    if not folder.exists() or (folder / mark).exists():
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in beside)
    if others:
        raise ValueError(
            f"{what} must be written to a new folder, or over one of its own; got {folder}, which has other files in "
            f"it: {', '.join(others[:3])}. Name another folder."
        )
