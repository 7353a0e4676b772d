"""The progress bar of a training run."""

from nnlib._support.browser import IN_BROWSER
from nnlib._support.language import say


def progress_bar(history, epochs, per_epoch, shown):
    """Make a bar of ``epochs`` times ``per_epoch`` steps, which begins after the epochs that the history has."""
    from tqdm.auto import tqdm  # the notebook's form in Jupyter, the text form elsewhere; it takes long to import

    if IN_BROWSER:
        tqdm.monitor_interval = 0  # what tqdm watches its bars with is a thread
    done = len(history.loss) * per_epoch
    line = say("{desc}|{bar}| {remaining} left{postfix}")  # with `show_epoch` it fits a terminal of 80 columns
    return tqdm(initial=done, total=epochs * per_epoch, disable=not shown, bar_format=line, mininterval=0.2)


def show_epoch(bar, history, epochs):
    """Show what the last epoch brought."""
    shown = {say("loss"): f"{history.loss[-1]:.4f}", say("accuracy"): f"{history.accuracy[-1]:.1%}"}
    if history.val_accuracy:
        shown[say("validation")] = f"{history.val_accuracy[-1]:.1%}"
    bar.set_description(say("epoch {epoch} of {epochs}", epoch=len(history.loss), epochs=epochs), refresh=False)
    bar.set_postfix(shown)


def show_interrupt(epoch):
    """Say in which epoch a run was interrupted."""
    print(say("Interrupted in epoch {epoch}. The network keeps what it has learned so far.", epoch=epoch))
