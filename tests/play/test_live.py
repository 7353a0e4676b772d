"""What steps beside the page: the frame's `Live`, training, and the moving boundary."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from ipywidgets import FloatSlider

import nnlib
from nnlib import play, plots
from nnlib.play import frame
from nnlib.play import live_training as training
from nnlib.play import moving_boundary as boundary
from nnlib.play.frame import Live
from nnlib.play.learner import Learner


def in_a_loop(test):
    """Run a coroutine in a thread of its own: here playwright's loop runs, once another test has opened a browser."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, test).result()


# Live, without a page


class Counter:
    """A `Live` that counts: its steps, and the pictures it drew."""

    def __init__(self, epoch=5, every=3, fails_at=None, draw_fails_at=None):
        self.n, self.pictures, self.fails_at, self.draw_fails_at = 0, 0, fails_at, draw_fails_at
        self.live = Live(self.draw, self.step, self.restart, epoch, every, size=FloatSlider(1, description="size"))

    def step(self, size):
        self.n += size
        if self.n == self.fails_at:
            raise ValueError("five is too many")

    def restart(self, size):
        self.n = 0

    def draw(self, size):
        self.pictures += 1
        if self.n == self.draw_fails_at:
            raise ValueError("cannot draw this")
        fig, _ = plots.figure(1, 1)
        return fig, f"Counted to {self.n:g}."

    @property
    def said(self):
        return self.live.sentence.value

    def click(self, text):
        self.live.buttons[text].click()


async def turns(n):
    """Give the loop n turns."""
    for _ in range(n):
        await asyncio.sleep(0)


def in_loop(test):
    """Run a test in a loop, as a kernel runs it."""

    def run():
        in_a_loop(test())

    run.__name__ = test.__name__
    return run


@in_loop
async def test_one_step_and_one_epoch_take_so_many_steps_and_pause():
    counter = Counter()
    assert counter.said == "Counted to 0. Paused."
    counter.click("One step")
    assert "Running" in counter.said and counter.live.sentence.quiet
    await counter.live.task
    assert counter.n == 1 and counter.said == "Counted to 1. Paused." and not counter.live.sentence.quiet
    counter.click("One epoch")
    await counter.live.task
    assert counter.n == 6 and counter.said == "Counted to 6. Paused."


@in_loop
async def test_run_goes_on_until_pause_and_draws_every_third_step():
    counter = Counter()
    counter.click("Run")
    await turns(20)
    assert counter.n > 10 and counter.live.buttons["Run"].description == "Pause"
    assert counter.pictures == 1 + counter.n // 3
    counter.click("Run")  # the same button, which now says Pause
    n = counter.n
    await counter.live.task
    assert (
        counter.n == n
        and counter.said == f"Counted to {n:g}. Paused."
        and counter.live.buttons["Run"].description == "Run"
    )


@in_loop
async def test_a_moved_control_acts_at_the_next_step():
    counter = Counter()
    counter.click("Run")
    await turns(5)
    n, pictures = counter.n, counter.pictures
    counter.live.controls["size"].value = 10
    assert counter.pictures == pictures, "the next picture comes soon enough"
    await turns(1)
    assert counter.n == n + 10
    counter.live.pause()
    await counter.live.task
    pictures = counter.pictures
    counter.live.controls["size"].value = 2
    assert counter.pictures == pictures + 1, "and at once while it pauses"


@in_loop
async def test_begin_again_stops_and_goes_back():
    counter = Counter()
    counter.click("Run")
    await turns(7)
    counter.click("Begin again")
    await counter.live.task
    assert counter.n == 0 and counter.live.steps == 0 and counter.said == "Counted to 0. Paused."


@in_loop
async def test_pause_and_run_between_two_steps_goes_on():
    counter = Counter()
    counter.click("Run")
    await turns(3)
    task, n = counter.live.task, counter.n
    counter.click("Run")
    counter.click("Run")
    await turns(3)
    assert counter.live.task is task and counter.n == n + 3
    counter.live.pause()
    await task


@in_loop
async def test_an_error_in_a_step_is_told_and_pauses():
    counter = Counter(fails_at=5)
    counter.click("Run")
    await counter.live.task
    assert counter.said == "Counted to 5. Stopped by an error. ValueError: five is too many"
    assert not counter.live.going and Live.running is None and not counter.live.sentence.quiet
    counter.click("Begin again")
    assert counter.said == "Counted to 0. Paused."


@pytest.mark.parametrize("button, at", [("Run", 3), ("One step", 1)])
def test_an_error_in_a_picture_is_told_and_pauses(button, at):
    async def test():
        counter = Counter(draw_fails_at=at)
        counter.click(button)
        await counter.live.task
        assert counter.said == "Counted to 0. Stopped by an error. ValueError: cannot draw this"
        assert counter.n == at and not counter.live.going and Live.running is None

    in_a_loop(test())


@in_loop
async def test_a_keyboard_interrupt_pauses():
    counter = Counter()

    def step(size):
        counter.n += 1
        if counter.n == 4:
            raise KeyboardInterrupt

    counter.live.step = step
    counter.click("Run")
    await counter.live.task
    assert counter.said == "Counted to 4. Paused." and not counter.live.going


@in_loop
async def test_an_interrupt_while_a_cell_runs_is_the_cells_and_between_cells_it_pauses():
    """A handler of the cell's own stays; only where the kernel ignores the signal, it is taken over."""
    handlers, monkeypatch = [], pytest.MonkeyPatch()
    monkeypatch.setattr(frame.signal, "signal", lambda number, handler: handlers.append(handler))
    monkeypatch.setattr(frame.signal, "getsignal", lambda number: signal.default_int_handler)
    frame._let_interrupts_pause()
    assert handlers == []
    monkeypatch.setattr(frame.signal, "getsignal", lambda number: signal.SIG_IGN)
    counter = Counter()
    counter.click("Run")
    await turns(3)
    assert handlers
    handlers[-1](signal.SIGINT, None)
    monkeypatch.undo()
    n = counter.n
    await counter.live.task
    assert counter.n == n and counter.said.endswith("Paused.")


@in_loop
async def test_what_comes_in_another_thread_is_done_in_the_one_that_made_it():
    """A kernel may hear of clicks and sliders in subshells, which are threads."""
    counter, threads = Counter(), []
    counter.live.step = lambda size: threads.append(threading.get_ident())
    for do in (lambda: counter.click("One epoch"), lambda: setattr(counter.live.controls["size"], "value", 3)):
        await asyncio.to_thread(do)
    await turns(3)
    await counter.live.task
    assert set(threads) == {threading.get_ident()} and len(threads) == 5
    draw, counter.live.draw = counter.live.draw, lambda size: threads.append(threading.get_ident()) or draw(size)
    await asyncio.to_thread(lambda: setattr(counter.live.controls["size"], "value", 4))
    await turns(3)
    assert threads[5:] == [threading.get_ident()]


@pytest.mark.parametrize("how", ["another is made", "another runs", "closed"])
def test_the_older_one_pauses(how):
    async def test():
        first, other = Counter(), Counter()
        first.click("Run")
        await turns(3)
        if how == "closed":
            first.live.close()
        elif how == "another runs":
            other.click("Run")
        else:
            Counter()
        n = first.n
        await first.live.task
        assert first.n == n and first.live.buttons["Run"].description == "Run"
        assert Live.running is (other.live if how == "another runs" else None)
        if how == "another runs":
            await turns(3)
            assert other.n >= 3
            other.live.pause()
            await other.live.task

    in_a_loop(test())


@in_loop
async def test_a_run_that_nobody_looks_at_pauses_by_itself():
    counter = Counter()
    before, frame.LONGEST = frame.LONGEST, 0.05
    try:
        counter.click("Run")
    finally:
        frame.LONGEST = before
    await asyncio.wait_for(counter.live.task, 20)
    assert counter.n > 0 and counter.said.endswith("Paused.")


# The learner


def test_its_steps_are_those_of_train(mnist):
    X, y = mnist.X_train[:130], mnist.y_train[:130]
    nets = [nnlib.Network([784, 8, 10], seed=3) for _ in range(2)]
    nnlib.train(nets[0], X, y, epochs=2, batch_size=50, optimizer=nnlib.SGD(0.5), progress=False)
    learner = Learner(nets[1], X, y)
    for _ in range(6):
        learner.step(0.5, 50)
    assert learner.epochs == 2
    assert all(np.array_equal(nets[0].params[name], nets[1].params[name]) for name in nets[0].params)


def test_a_changed_batch_size_still_uses_each_image_once_an_epoch(mnist):
    learner = Learner(nnlib.Network([784, 8, 10]), mnist.X_train[:100], mnist.y_train[:100])
    batches = []
    original = learner.net.loss_and_gradients
    learner.net.loss_and_gradients = lambda X, y: batches.append(len(X)) or original(X, y)
    for size in (10, 10, 50, 50, 10):
        learner.step(0.5, size)
    assert batches == [10, 10, 50, 30, 10] and learner.epochs == 1.1
    assert sorted(learner.order) == list(range(100))
    assert learner.changed() == [2, 4]


def test_a_loss_that_is_no_number_stops_with_what_to_do(mnist):
    learner = Learner(nnlib.Network([784, 8, 10]), mnist.X_train[:100], mnist.y_train[:100])
    learner.net.params["W2"][0, 0] = np.nan
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        learner.step(0.5, 50)
    assert learner.losses == []


# Training


@pytest.fixture
def run(mnist):
    return training.Run(mnist.X_train[:2000], mnist.y_train[:2000], mnist.X_train[-500:], mnist.y_train[-500:], 30)


def test_the_sentence_of_the_training_says_what_was_measured(run):
    assert run.sentence(0.5, 50).startswith("Before the first step ")
    for _ in range(100):
        run.step(2.0, 50)
    losses, right = run.learner.losses, np.mean(run.learner.net.predict(run.validation[0]) == run.validation[1])
    assert list(run.accuracies) == [0, 25, 50, 75, 100] and run.accuracies[100] == right
    text = run.draw(2.0, 50)[1]
    assert text.startswith(
        f"Step 100, 2.50 epochs: the loss is {np.mean(losses[-50:]):.3f}, and {right:.0%} of 500 validation".replace(
            "%", " %"
        )
    )
    assert "learning rate is 2, the batch size 50" in text and "dead" not in text
    run.restart()
    assert run.learner.losses == [] and list(run.accuracies) == [0]


def test_the_accuracy_that_is_said_and_shown_is_that_of_the_step_that_is_said(run):
    for n in range(1, 40):
        run.step(2.0, 50)
        if n % 4 == 0:
            right = np.mean(run.learner.net.predict(run.validation[0]) == run.validation[1])
            fig, text = run.draw(2.0, 50)
            assert text.startswith(f"Step {n}, ") and f" and {100 * right:.0f} % of 500 " in text
            assert fig.axes[1].lines[0].get_xydata()[-1] == pytest.approx([n, 100 * right])
    assert len(set(run.accuracies.values())) > 5


def test_the_rates_to_choose_from_read_as_they_are(mnist):
    live = play.training(mnist.X_train[:50], mnist.y_train[:50], mnist.X_train[:9], mnist.y_train[:9])
    for control, most in ((live.controls["lr"], 100), (play.boundary().controls["lr"], 10)):
        assert [float(label) for label, _ in control.options] == [rate for _, rate in control.options]
        assert (control.options[0][1], control.options[-1][1]) == (0.01, most)
    for label, rate in live.controls["lr"].options:
        live.controls["lr"].value = rate
        assert f"The learning rate is {label}, " in live.text


def test_where_no_kernel_runs_the_picture_shows_a_network_that_has_learned(mnist):
    live = play.training(mnist.X_train[:2000], mnist.y_train[:2000], mnist.X_train[-500:], mnist.y_train[-500:])
    kept = live.still()
    assert kept.alt.startswith("Step 600, 15.00 epochs") and live.text.startswith("Before the first step")
    live.step(**live.values())
    live.show()
    assert live.still().alt.startswith("Step 1,")


def test_a_learning_rate_that_kills_the_network_is_told(run):
    for _ in range(150):
        run.step(30.0, 50)
    _, grads, a = run.learner.net.loss_and_gradients(*run.data)
    assert max(np.abs(d).max() for d in grads.values()) < 1e-4 and a.max() < 0.01
    assert "dead" in run.draw(30.0, 50)[1]


def test_the_mosaic_holds_each_neuron_as_a_picture():
    W1 = np.arange(784 * 5).reshape(784, 5).astype(float)
    picture = training.mosaic(W1)
    assert picture.shape == (60, 120)
    assert np.array_equal(picture[1:29, 31:59], W1[:, 1].reshape(28, 28))
    assert np.array_equal(picture[31:59, 1:29], W1[:, 4].reshape(28, 28))
    assert np.isnan(picture[30:, 30:]).all()


def test_what_does_not_fit_is_told_at_the_door(mnist):
    with pytest.raises(ValueError, match="784"):
        play.training(mnist.X_train[:9, :700], mnist.y_train[:9], mnist.X_train[:9], mnist.y_train[:9])
    with pytest.raises(ValueError, match="y_val"):
        play.training(mnist.X_train[:9], mnist.y_train[:9], mnist.X_train[:9], mnist.y_train[:8])


# The boundary


@pytest.mark.parametrize("data", boundary.DATA)
def test_the_toy_data_are_always_the_same_and_balanced(data):
    X, y = boundary.toy(data)
    assert np.array_equal(X, boundary.toy(data)[0]) and X.shape == (200, 2) and np.abs(X).max() < 1.4
    assert 80 <= y.sum() <= 120


def right(data, hidden, activation, epochs, lr=1):
    one = boundary.Run(data, hidden, activation)
    for _ in range(epochs * boundary.EPOCH):
        one.step(lr)
    share = np.mean(one.learner.net.predict(one.learner.X) == one.learner.y)
    assert one.sentence(lr).startswith(f"{epochs} epochs ") and f"{100 * share:.0f} % of 200" in one.sentence(lr)
    return share


def test_what_the_lesson_promises_of_the_ring():
    """One line parts nothing, two leave the figure open, three close it."""
    assert right("disc in a ring", 1, "tanh", 60) < 0.8
    assert 0.75 < right("disc in a ring", 2, "tanh", 60) < 0.95
    assert right("disc in a ring", 3, "tanh", 40) > 0.98


def test_what_the_lesson_promises_of_relu_on_the_ring():
    assert right("disc in a ring", 1, "relu", 40) == 0.5
    assert right("disc in a ring", 3, "relu", 40) < 0.95
    assert right("disc in a ring", 4, "relu", 40) > 0.98


def test_what_the_lesson_promises_of_the_others():
    assert right("two moons", 2, "tanh", 150) < 0.95 and right("two moons", 4, "tanh", 150) > 0.98
    assert right("XOR", 4, "relu", 60) > 0.98


def test_what_lesson_1_promises_of_sigmoids():
    assert right("disc in a ring", 1, "sigmoid", 200) < 0.6
    assert 0.75 < right("disc in a ring", 2, "sigmoid", 200) < 0.95
    assert right("disc in a ring", 3, "sigmoid", 100) > 0.98
    assert right("XOR", 1, "sigmoid", 200) < 0.8 < 0.9 < right("XOR", 4, "sigmoid", 100)


def test_a_boundary_may_have_learned_before_it_is_shown_and_begins_again_from_the_start():
    live = play.boundary("sigmoid", epochs=3)
    assert live.text.startswith("3 epochs with 3 hidden neurons (sigmoid)") and live.epoch() == 3
    live.buttons["Begin again"].click()
    assert live.text.startswith("0 epochs with 3 hidden neurons (sigmoid)") and live.epoch() == 0
    with pytest.raises(ValueError, match="activation must be .*softmax"):
        play.boundary("softmax")
    with pytest.raises(ValueError, match="epochs must be .*-1"):
        play.boundary(epochs=-1)


def test_the_sentence_of_the_boundary_says_what_has_been_done():
    live, said = play.boundary(), []
    for _ in range(26):
        said.append(live.text.split(" with ")[0])
        live.step(**live.values())
        live.show()
    assert said[:3] == ["0 epochs", "1 step", "2 steps"] and said[9:12] == ["9 steps", "1 epoch", "1.1 epochs"]
    assert said[20] == "2 epochs" and said[25] == "2.5 epochs"


def test_a_network_with_one_answer_draws_no_boundary():
    one = boundary.Run("XOR", 2, "relu")
    one.learner.net.params["b2"][:] = [100, 0]
    assert "draws no boundary" in one.draw(1.0)[1]


def test_a_boundary_of_numbers_that_are_none_is_still_drawn():
    one = boundary.Run("XOR", 2, "relu")
    one.learner.net.params["W1"][:] = np.nan
    plots.show(*one.draw(1.0))


def test_another_choice_begins_again_with_one_picture_and_another_learning_rate_goes_on():
    live = play.boundary()
    pictures, draw = [], live.draw
    live.draw = lambda **values: pictures.append(values) or draw(**values)
    for name, value, said in (
        ("hidden", 5, "0 epochs with 5 hidden neurons (tanh)"),
        ("activation", "relu", "0 epochs with 5 hidden neurons (ReLU)"),
        ("data", "XOR", "0 epochs with 5 hidden neurons (ReLU)"),
        ("lr", 0.1, "1 epoch with 5 hidden neurons (ReLU)"),
    ):
        for _ in range(boundary.EPOCH):
            live.step(**live.values())
        pictures.clear()
        live.controls[name].value = value
        assert live.text.startswith(said) and len(pictures) == 1
