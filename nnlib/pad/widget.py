"""The drawing pad: draw a digit, and the network answers while you draw. Lesson 9.

The browser draws (``pad.js``, ``notebook.js``, ``pad.css``) and sends what is new of the strokes, at most once a
frame; Python turns them into the image that the network sees, and sends back what the network says.
"""

import base64
import html
import re
import zlib
from functools import cache
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from nnlib._support.arguments import check_choice, check_number
from nnlib._support.language import say
from nnlib._support.reopened import display_with_still
from nnlib._support.threads import blas
from nnlib.data import load_mnist, training_digits
from nnlib.network import Network
from nnlib.pad import live
from nnlib.pad.adaptation import Pupil
from nnlib.pad.drawing import PEN, check_strokes, draw, resize, strokes_to_image, strokes_to_stages, thin_out
from nnlib.pad.paper import Paper
from nnlib.pad.photo import photo_to_image
from nnlib.pad.sheet import Sheet
from nnlib.pad.take_home import TITLE, page_of

HERE = Path(__file__).parent
PAPER_PEN = 0.7  # the line on the paper is this much of ``width``; cropping makes most digits larger
LARGEST = 400  # pixels of a picture's side; the browser makes larger ones smaller
NEIGHBOURS = 10_000  # training images among which the nearest are looked for
FOLDER = "my_digits"  # where the page's buttons save what was taught, beside the notebook
FROM_PAGE = {"width", "preprocess", "ask", "reader"}  # what a browser may set
ROUNDING = 1e-3  # how far an output may be from 0 to 1: float16 rounds so much


class DrawingPad(anywidget.AnyWidget):
    """A pad to draw a digit on, with the network's answer beside it.

    It shows the ten outputs as bars, the 28 × 28 image that the network sees, and its hidden layers. Draw with a
    mouse, a pen or a finger, or with the keyboard: the arrow keys move a cursor, the space bar lowers and lifts the
    pen, Ctrl+Z takes the last stroke back, Delete clears.

    Parameters
    ----------
    net : Network or callable, or dict of str to either
        A network with 784 inputs and 10 outputs, or any function from a (28, 28) float32 image to ten numbers from 0
        to 1; a function's hidden layers are not shown. If ``net`` has a number ``threshold`` and no output reaches
        it, the pad says that it is not sure. With several, ``{"mine": net, …}``, the page has a choice of who reads;
        the first one begins.
        What is taught belongs to the pad, to each reader its own: ``net`` itself is left alone.
    width : float
        Width of the line on the pad, in pixels of the 28 × 28 image; 1 to 5.
    preprocess : bool
        False gives the network the pad as it is, without crop, scale and centring, and with the line as wide as it
        stands there: see what becomes of its answers. With preprocessing, every line is drawn anew with one pen.
    sheet : nnlib.pad.sheet.Sheet, optional
        Digits to draw one after another: the pad says which is next, keeps what is drawn, and counts what is read
        right.

    Attributes
    ----------
    strokes : list of strokes, each a list of [x, y]
        What is drawn; 0 to 1 across the pad, y downwards. Use `draw` to set it. What a browser sends may be
        anything: what cannot be read is ignored, and the pad says so.
    picture : dict
        What lies on the pad instead of strokes; empty if nothing does. Rows, columns, the grey bytes (0 is black), a
        kind ("photo" or "mnist") and a note.
    count : int
        Grows with every change of the drawing, and says which one an answer belongs to.
    image : float32 array, shape (28, 28)
        What the network sees.
    outputs : array, shape (10,), or None
        What the network says; None as long as the pad is empty, or if the network failed.
    digit : int or None
        The largest output's label; None if the network is not sure.
    net : Network or callable
        What answers now: after teaching, the network that learned. Setting it, to one or to a dictionary, forgets what
        was taught.
    reader : str
        The name of what answers now; "" if there is only one, without a name.
    pupil : nnlib.pad.adaptation.Pupil or None
        The network with what it was taught; None if ``net`` is a function, which cannot learn.
    """

    _esm = live.module()
    _css = HERE / "pad.css"

    # A drawing that Python puts on the page. The value says how often; what is sent is all that lies on the pad, also
    # to a page that comes later.
    shown = traitlets.Int(0).tag(sync=True, to_json=lambda _, pad: pad._drawing())
    # What the page sends of a drawing: see `_add`.
    added = traitlets.Dict().tag(sync=True)
    width = traitlets.Float(PEN, min=1.0, max=5.0).tag(sync=True)
    preprocess = traitlets.Bool(True).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    # How the drawing became the image takes longer than the answer. The browser asks for it when the pen rests.
    ask = traitlets.Int(0).tag(sync=True)
    journey = traitlets.Dict().tag(sync=True)
    # The loss while the network learns, and then the drawings that it was taught.
    progress = traitlets.Dict().tag(sync=True)
    taught = traitlets.Dict().tag(sync=True)
    # The sheet: which digit is next, how many are kept, and how many of them are read right.
    task = traitlets.Dict().tag(sync=True)
    # What the page says in the reader's language; nothing for English.
    language = traitlets.Dict().tag(sync=True)
    # Who can read, and who reads.
    readers = traitlets.List(traitlets.Unicode()).tag(sync=True)
    reader = traitlets.Unicode().tag(sync=True)

    def __init__(self, net, width=PEN, preprocess=True, sheet=None, **options):
        self.image = np.zeros((28, 28), np.float32)
        self.outputs = None
        self.count, self.picture = 0, {}
        self._paper, self._page = Paper(), None  # the page whose drawing this is; None if it is Python's own
        schools = schools_of(net)
        if check_number(width, "width", low=1) > 5:
            raise ValueError(f"width must be a number from 1 to 5, got {width!r}.")
        if not isinstance(sheet, (Sheet, type(None))):
            raise TypeError(f"sheet must be an nnlib.pad.sheet.Sheet, got {type(sheet).__name__}.")
        self._schools, self.sheet = schools, sheet
        super().__init__(
            width=width,
            preprocess=preprocess,
            language=live.language(live.NOTEBOOK),
            readers=list(schools),
            reader=next(iter(schools)),
            **options,
        )
        self.on_msg(self._command)
        self._tell_taught()

    @property
    def strokes(self):
        """What is drawn, as lists of [x, y]."""
        return self._paper.strokes

    @property
    def net(self):
        """What answers now."""
        return self.pupil.net if self.pupil else self._schools[self.reader]

    @net.setter
    def net(self, net):
        self._schools = schools_of(net)
        with self.hold_trait_notifications():
            self.readers = list(self._schools)
            self.reader = self.readers[0]
        self._tell_taught()

    @property
    def pupil(self):
        """What was taught to the network that reads; None if a function reads."""
        school = self._schools[self.reader]
        return school if isinstance(school, Pupil) else None

    @traitlets.validate("reader")
    def _check_reader(self, proposal):
        return check_choice(proposal["value"], list(self._schools), "reader")

    @traitlets.observe("reader")
    def _change_reader(self, change):
        self.progress = {}
        self._tell_taught()

    @property
    def sure(self):
        """True if an output reaches the network's threshold; of a network that has none, always."""
        return self.outputs is not None and float(self.outputs.max()) >= float(getattr(self.net, "threshold", 0.0))

    @property
    def digit(self):
        """The largest output's label; None if the network is not sure, or the pad is empty."""
        return int(self.outputs.argmax()) if self.sure else None

    def draw(self, strokes):
        """Show these strokes instead of what is on the pad: x and y from 0 to 1, y downwards."""
        self._show(check_strokes(strokes), {})

    def sample(self):
        """Show a random digit of MNIST's test set instead of what is on the pad."""
        images, labels = unseen_digits()
        i = int(np.random.default_rng().integers(len(images)))
        grey = bytes(255 - byte for byte in grey_bytes(images[i]))
        note = say("MNIST's test digit {i}, labelled {label}.", i=i, label=labels[i])
        self._show([], {"kind": "mnist", "rows": 28, "columns": 28, "grey": grey, "note": note})

    def _show(self, strokes, picture):
        """Put a drawing on the pad and on the page."""
        self._paper.go_on(0, 0, strokes)
        self.picture, self._page = picture, None
        self.count += 1
        self.shown += 1
        self._answer()

    def _drawing(self):
        return {"count": self.count, "strokes": self.strokes, "picture": self.picture}

    def teach(self, label):
        """Learn that what is on the pad now is a ``label``, 0 to 9."""
        if not self.image.any():
            raise ValueError("The pad is empty: draw a digit first.")
        self._pupil().teach(self.image, label, self._watch())
        digit = say("an {digit}", digit=label) if label == 8 else say("a {digit}", digit=label)
        self._tell_taught(say("Learned: this is {digit}.", digit=digit))

    def keep(self):
        """Keep what is drawn as the digit that the sheet asks for, and make room for the next one."""
        sheet = self._sheet()
        if self.picture:
            raise ValueError("A picture has no strokes to keep. Clear the pad, and draw the digit.")
        sheet.keep(self._paper.read()[0])
        self._show([], {})
        self._tell_task(say("Kept: {path}.", path=sheet.path))

    def take_back(self):
        """Take the last drawing off the sheet."""
        self._sheet().take_back()
        self._tell_task(say("The last drawing is taken back."))

    def _sheet(self):
        if self.sheet is None:
            raise ValueError(
                "This pad has no sheet. Make one: nnlib.DrawingPad(net, sheet=Sheet('my_digits/sheet.json'))."
            )
        return self.sheet

    def _tell_task(self, note=""):
        """Send what is to be drawn, and how the one who reads now reads what was drawn."""
        if self.sheet is None:
            return
        try:
            right = int(np.sum(self._read_all(self.sheet.images) == self.sheet.labels))
        except Exception:  # a reader's function may do anything, and its error is shown with the answer
            right = None
        self.task = {
            "number": self.task.get("number", 0) + 1,  # an equal value would send no message
            "next": self.sheet.next,
            "kept": len(self.sheet),
            "of": len(self.sheet.asked),
            "right": right,
            "note": note,
        }

    def _read_all(self, X):
        """The digit that is read in each image of X (n, 784), shape (n,)."""
        if isinstance(self.net, Network):
            return self.net.predict(X) if len(X) else np.zeros(0, int)
        return np.array([ten_numbers(self.net(x.reshape(28, 28))).argmax() for x in X], int)

    def undo_teaching(self):
        """Forget the last drawing that was taught."""
        self._pupil().undo(self._watch())
        self._tell_taught(say("The last drawing is forgotten."))

    def reset_teaching(self):
        """Forget everything that was taught."""
        self._pupil().reset()
        self._tell_taught(say("All is forgotten: this is the network as it began."))

    def save_teaching(self, folder=FOLDER):
        """Write the drawings and the network to files in a folder."""
        folder = self._folder(folder)
        self._pupil().save(folder)
        self._tell_taught(say("Saved: {folder}/drawings.npz and {folder}/network.npz.", folder=folder))

    def load_teaching(self, folder=FOLDER):
        """Read the drawings and the network that `save_teaching` wrote."""
        folder = self._folder(folder)
        self._pupil().load(folder)
        self._tell_taught(say("Loaded from {folder}.", folder=folder))

    def _folder(self, folder):
        """The reader's own folder in this one, if it has a name: each network learned for itself."""
        name = self._slug()
        return f"{folder}/{name}" if name else folder

    def _slug(self):
        """The reader's name as a file may be named; "" if it has none."""
        return re.sub(r"[^\w-]+", "_", self.reader).strip("_")

    def _pupil(self):
        if self.pupil is None:
            raise TypeError(
                "This pad answers with a function, and a function cannot be taught. Give the pad an nnlib.Network."
            )
        return self.pupil

    def _watch(self):
        """A function for the pupil that sends the losses so far to the page."""
        losses = []

        def watch(done, loss):
            losses.append(loss)
            self.progress = {"learning": True, "done": done, "losses": list(losses)}

        return watch

    def _tell_taught(self, note=""):
        """Answer again with the network as it is now, and send what was taught."""
        self._answer()
        before, after = self.pupil.right() if self.pupil else ([], [])
        losses = (
            self.progress.get("losses", []) if self.pupil and len(self.pupil.labels) else []
        )  # of what it still knows
        self.progress = {"learning": False, "losses": losses}
        self.taught = {
            "number": self.taught.get("number", 0) + 1,  # an equal value would send no message
            "able": self.pupil is not None,
            "note": note,
            "labels": self.pupil.labels.tolist() if self.pupil else [],
            "images": self.pupil.images.tobytes() if self.pupil else b"",
            "before": [bool(right) for right in before],
            "after": [bool(right) for right in after],
        }
        self._tell_task()

    def _command(self, widget, content, buffers):
        """Do what a button of the page asks for."""
        content = content if isinstance(content, dict) else {}
        commands = {
            "sample": self.sample,
            "undo": self.undo_teaching,
            "reset": self.reset_teaching,
            "save": self.save_teaching,
            "load": self.load_teaching,
            "teach": lambda: self._teach(content),
            "keep": lambda: self._keep(content),
            "take back": self.take_back,
            "take home": lambda: self._take_home(content),
        }
        do = content.get("do")
        if not isinstance(do, str) or do not in commands:
            return
        try:
            commands[do]()
        except (Exception, KeyboardInterrupt) as error:  # a file may be missing, or damaged; the pad must outlive it
            said = str(error) or say("Interrupted: nothing has changed.")
            if do == "sample":
                self._fail(say("No sample: {error}", error=said))
            elif do in ("keep", "take back"):
                self._tell_task(said)
            elif do == "take home":
                self.send({"do": do, "view": content.get("view"), "error": said})
            else:
                self._tell_taught(said)

    def _teach(self, content):
        """What the page calls: the drawing may have changed since."""
        if content.get("count") != self.count:
            raise ValueError(say("The drawing had changed, so nothing was learned. Say again what it is."))
        self.teach(content.get("label"))

    def _keep(self, content):
        """What the page calls: the drawing may have changed since."""
        if content.get("count") != self.count:
            raise ValueError(say("The drawing had changed, so nothing was kept. Press Keep again."))
        self.keep()

    def _take_home(self, content):
        """Send the page on which the network reads as it does now; the browser saves it where downloads go."""
        page = page_of(self._pupil().net, title=self.reader or TITLE)
        name = f"{self._slug()[:60] or 'my_network'}.html"
        self.send({"do": "take home", "view": content.get("view"), "name": name}, buffers=[page])

    def set_state(self, sync_data):
        """Take what the page sends: an older drawing than ours is left aside, and a wrong value is told, not raised."""
        try:
            added = sync_data.get("added")
            if added is not None and not self._add(**added):
                return
            super().set_state({name: value for name, value in sync_data.items() if name in FROM_PAGE})
            if added is not None:
                self._answer()
        except Exception as error:  # in the kernel's message loop nobody would see it
            self._fail(say("What the page sent cannot be read: {error}", error=error))

    def _add(self, count, page, stroke, point, strokes, picture=None):
        """Go on with the page's drawing: keep so many strokes and points, and add new ones, and perhaps a picture.

        What is kept is what the page knows to be here, from the last answer. So messages may be left out on the way,
        and a stroke that was taken back needs no words of its own. A page whose drawing is another one than ours is
        asked for all of it.
        """
        count = check_number(count, "count", low=0, high=2**53, integer=True)
        if not isinstance(picture, (dict, type(None))):
            raise ValueError(f"picture must be a dictionary, got {type(picture).__name__}.")
        if count < self.count:
            return False
        self.count = count
        whole = (stroke, point) == (0, 0) and picture is not None
        if not (whole or page == self._page) or not self._paper.go_on(stroke, point, strokes):
            self.answer = {"count": count, "behind": True}
            return False
        self._page = page
        self.picture = self.picture if picture is None else picture
        return True

    @traitlets.observe("width", "preprocess")
    def _answer(self, change=None):
        """Read the drawing, and send what there is to show."""
        strokes, ignored = self._paper.read()
        try:
            self.image = self._see(strokes)
            outputs, hidden = self._ask(self.image)
            self.outputs = outputs
            sure = self.sure
        except (Exception, KeyboardInterrupt, SystemExit) as error:  # a reader's function may do anything
            self._fail(say("No answer: {type}: {error}", type=type(error).__name__, error=told(error)), ignored)
            return
        self.answer = {
            "count": self.count,
            "outputs": [] if outputs is None else [round(float(a), 4) for a in outputs],
            "sure": sure,
            "picture": bool(self.picture),
            "ignored": ignored,
            "image": grey_bytes(self.image),
            "hidden": [grey_bytes(layer) for layer in hidden],
        }

    def _see(self, strokes):
        """The (28, 28) image of the picture, if there is one, or else of the strokes."""
        if self.picture:
            return picture_as_image(self.picture, self.preprocess)
        return strokes_to_image(strokes) if self.preprocess else as_drawn(strokes, self.width)

    @traitlets.observe("ask")
    def _tell_journey(self, change):
        """Send the stages between the drawing and the image, and the nearest training digits."""
        strokes, _ = self._paper.read()
        staged = bool(strokes) and self.preprocess and not self.picture
        try:
            stages = strokes_to_stages(strokes)[1:3] if staged else []
            self.journey = {
                "ask": self.ask,
                "count": self.count,
                "stages": [[stroke.round(2).tolist() for stroke in stage] for stage in stages],
                "nearest": nearest_digits(self.image) if self.image.any() else [],
            }
        except Exception as error:  # as in `sample`
            self.journey = {"ask": self.ask, "count": self.count, "error": str(error)}

    def _ask(self, image):
        """The ten outputs, None for an empty image, and the hidden layers."""
        empty = not image.any()
        if not isinstance(self.net, Network):
            return None if empty else ten_numbers(self.net(image.copy())), []
        with blas().limit(limits=1, user_api="blas"):  # two threads would wait for each other, and for the browser
            cache = self.net.propagate(image.reshape(1, 784))
        last = self.net.n_layers
        hidden = [cache[f"a{l}"] * (not empty) for l in range(1, last)]
        return None if empty else ten_numbers(cache[f"a{last}"]), hidden

    def _fail(self, error, ignored=()):
        self.outputs = None
        self.answer = {"count": self.count, "error": error, "ignored": list(ignored), "image": grey_bytes(self.image)}

    def _ipython_display_(self):
        display_with_still(self, *self._still())

    def _still(self):
        """What the network sees and says for where no kernel runs: HTML, a line, a PNG. An empty pad has no picture."""
        again = say("Run this cell to draw.")
        if not self.image.any():
            return "", again, None
        says = say("Not read.")
        if self.digit is not None:
            says = say("Read as {digit}, {share:.0%}.", digit=self.digit, share=self.outputs.max())
        ink = np.frombuffer(grey_bytes(self.image), np.uint8).reshape(28, 28)
        data = base64.b64encode(png(np.kron(255 - ink, np.ones((5, 5), np.uint8)))).decode()
        alt = html.escape(say("The image that the network sees. {says}", says=says))
        style = "width: 140px; image-rendering: pixelated; border: 1px solid #8a8a8a"
        page = f'<img alt="{alt}" style="{style}" src="data:image/png;base64,{data}"><p>{says}</p>'
        return page, again, {"image/png": data}

    def __repr__(self):
        return f"DrawingPad({self.net!r}, {len(self._paper.read()[0])} strokes, reads {self.digit})"


def schools_of(net):
    """By name what can read: a pupil for each network, a function as it is. A single one has the name ""."""
    readers = net if isinstance(net, dict) else {"": net}
    if not readers or (isinstance(net, dict) and not all(isinstance(name, str) and name for name in net)):
        raise ValueError(f"net must have a name for each reader, like {{'mine': net}}; got {list(readers)!r}.")
    schools = {}
    for name, one in readers.items():
        called = f"net[{name!r}]" if name else "net"
        if isinstance(one, Network):
            check_choice((one.sizes[0], one.sizes[-1]), [(784, 10)], f"{called}'s numbers of inputs and outputs")
        elif not callable(one):
            raise TypeError(
                f"{called} must be an nnlib.Network, or a function of a (28, 28) image; got {type(one).__name__}."
            )
        schools[name] = Pupil(one) if isinstance(one, Network) else one
    return schools


def as_drawn(strokes, width):
    """The pad at 28 × 28 pixels, without crop, scale and centring."""
    return draw([thin_out(28 * stroke - 0.5) for stroke in strokes], PAPER_PEN * width)


def picture_as_image(picture, preprocess=True):
    """The (28, 28) image of a picture that came from the browser or from `DrawingPad.sample`."""
    rows, columns = picture["rows"], picture["columns"]
    grey = np.frombuffer(picture["grey"], np.uint8)
    if not (0 < rows <= LARGEST and 0 < columns <= LARGEST and grey.size == rows * columns):
        raise ValueError(
            f"a picture has 1 to {LARGEST} rows and columns and a byte for each pixel; "
            f"got {rows} × {columns} and {grey.size} bytes."
        )
    grey = grey.reshape(rows, columns)
    if picture.get("kind") == "mnist" and grey.shape == (28, 28):
        return (255 - grey).astype(np.float32) / 255
    if preprocess:
        return photo_to_image(grey)
    side = max(rows, columns)
    ink = np.zeros((side, side))
    top, left = (side - rows) // 2, (side - columns) // 2
    ink[top : top + rows, left : left + columns] = 1 - grey / 255
    return resize(ink, 28, 28)


def nearest_digits(image, k=3):
    """The k training digits at the smallest Euclidean distance: for each its bytes, its label and the distance."""
    images, labels, squares = neighbours()
    x = image.reshape(784)
    distances = np.sqrt(np.maximum(0, squares - 2 * (images @ x) + x @ x))
    nearest = np.argsort(distances, kind="stable")[:k]
    return [
        {"image": grey_bytes(images[i]), "label": int(labels[i]), "distance": round(float(distances[i]), 1)}
        for i in nearest
    ]


@cache
def neighbours():
    """Some of MNIST's training images, their labels, and each image's sum of squares."""
    images, labels = training_digits(NEIGHBOURS)
    return images, labels, (images**2).sum(axis=1)


@cache
def unseen_digits():
    """MNIST's test images and labels."""
    mnist = load_mnist()
    return mnist.X_test, mnist.y_test


def ten_numbers(outputs):
    """What a network returned for one image as an array (10,), or a ValueError."""
    outputs = np.array(outputs, dtype=float)  # a copy: a function may use its array again
    if outputs.shape not in [(10,), (1, 10)]:
        raise ValueError(f"net must return ten numbers from 0 to 1, got shape {outputs.shape}.")
    if not np.isfinite(outputs).all():
        raise ValueError("net must return ten finite numbers, got NaN or infinity among them.")
    low, high = outputs.min(), outputs.max()
    if low < -ROUNDING or high > 1 + ROUNDING:
        raise ValueError(
            f"net must return ten numbers from 0 to 1, got {low:.3g} to {high:.3g}: are these logits z? "
            "Put them through nnlib.softmax(z), z of shape (1, 10)."
        )
    return outputs.reshape(10)


def told(error):
    """What an error says; a function may raise one that cannot even say it."""
    try:
        return str(error)[:200]
    except Exception:
        return say("its message cannot be read.")


def grey_bytes(values):
    """Values as bytes for the browser: 0 for 0 and below, 255 for the largest, or for 1 if none is larger."""
    scaled = np.clip(values / max(1.0, float(values.max())), 0, 1)
    return np.round(scaled * 255).astype(np.uint8).tobytes()


def png(grey):
    """A PNG file of grey bytes (rows, columns): 0 is black."""

    def chunk(kind, data):
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    rows, columns = grey.shape
    head = columns.to_bytes(4) + rows.to_bytes(4) + bytes([8, 0, 0, 0, 0])  # 8 bits a pixel, grey
    lines = b"".join(b"\0" + row.tobytes() for row in grey)  # each begins with its filter: none
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
