"""How a test looks at the things to play with, in one JupyterLab page for all of them."""

from workshop.pad_page import WAIT, run_in_kernel

PLAY = ".jp-OutputArea-output .nnlib-play"
# A small network and images that need no training: what it reads is of no matter here.
NETWORK = """
import nnlib
from IPython.display import display
from nnlib import play
mnist = nnlib.load_mnist()
X, y = mnist.X_train[:500], mnist.y_train[:500]
net = nnlib.Network([784, 12, 10], seed=1)
"""
THINGS = {
    "neuron": "play.neuron()",
    "backpropagation": "play.backpropagation()",
    "step_size": "play.step_size()",
    "training": "play.training(mnist.X_train[:2000], mnist.y_train[:2000], X, y)",
    "mistakes": "play.mistakes(net, X, y)",
    "forward_pass": "play.forward_pass(net, X, y)",
    "boundary": "play.boundary()",
}
# A number that is typed, what it becomes, and what is said: the same on a page without Python.
REFUSED = [
    ("W1[0, 0]", "99", 20, "W1[0, 0] must be a number from −20 to 20; got 99. It is 20 now."),
    ("X[1]", "-0.5", 0, "X[1] must be a number from 0 to 1; got −0.5. It is 0 now."),
    ("b2[0]", "", 0.1, "b2[0] must be a number from −20 to 20; got nothing. It is 0.1 now."),
    ("b2[1]", "-", 0.4, "b2[1] must be a number from −20 to 20; got no number. It is 0.4 now."),
]


def put(page, *names):
    """Run the cell in the middle, which shows these things, and go to the cell above it; the last is called `box`."""
    makes = ", ".join(THINGS[name] for name in names)
    page.evaluate(
        """async code => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = 1;
            notebook.activeCell.model.sharedModel.setSource(code);
            await window.jupyterapp.commands.execute('notebook:run-cell');
            notebook.mode = 'command';
            notebook.activeCell.node.focus();
        }""",
        f"boxes = [{makes}]\nbox = boxes[-1]\ndisplay(*boxes)",
    )
    said = run_in_kernel(page, "box.sentence.value")
    page.locator(PLAY).last.get_by_role("status").filter(has_text=said).wait_for(timeout=WAIT)
    assert page.locator(PLAY).count() == len(names)


def type_into(field, text):
    """Type a number in the place of the one that stands there, as somebody does, and press Enter."""
    field.fill(text if text != "-" else "")
    if text == "-":
        field.press_sequentially(text)
    field.press("Enter")


def wait_said(page, text):
    """Wait until the sentence contains a text; what it says then."""
    says = page.locator(PLAY).get_by_role("status")
    says.filter(has_text=text).wait_for(timeout=WAIT)
    assert page.locator(PLAY).locator("img").get_attribute("alt") == says.inner_text(), (
        "the picture's alt text is the sentence"
    )
    return says.inner_text()
