"""Matplotlib's side of render_speed.sh: one figure, reused, 336 pixels a side; pictures a second of the processor's."""

import io
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

SIDE, SECONDS, RATE = 336, 30, 100
epochs = np.fromfile(sys.argv[1], "<f4").reshape(-1, 3, SECONDS * RATE).astype(np.float64)
epochs -= epochs.mean(axis=2, keepdims=True)
limit = float(sys.argv[2])


def figure(channels, rows):
    """The lines of one epoch, `rows` lines of time with the channels below each other, and a 1 s / 5 s grid."""
    figure = plt.figure(figsize=(SIDE / 100, SIDE / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, SECONDS / rows)
    axes.set_ylim(0.5 - rows * channels, 0.5)
    seconds = np.arange(1, SECONDS // rows)
    for every, grey in ((1, 238), (5, 216)):
        axes.vlines(seconds[(seconds % 5 == 0) == (every == 5)], 0.5 - rows * channels, 0.5, color=str(grey / 255), lw=0.72)
    time_axis = np.arange(SECONDS * RATE // rows) / RATE
    lines = [axes.plot(time_axis, time_axis, color="black", lw=0.48)[0] for _ in range(rows * channels)]
    return figure, lines


def put(epoch, lines, channels, rows):
    for row, part in enumerate(np.split(epoch[:channels], rows, axis=1)):
        for channel in range(channels):
            lines[row * channels + channel].set_ydata(part[channel] / 120 - row * channels - channel)


def png(figure):
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100)


def tensor(figure):
    """Greys, uint8 [1, 336, 336]."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[np.newaxis, :, :, 0].copy()


def floats(figure):
    """Normalised as our networks want them, float32 [3, 336, 336]."""
    return np.repeat((np.float32(tensor(figure)) / 255 - 1) / 0.25, 3, axis=0)


def rate(channels, rows, finish, seconds):
    drawn, lines = figure(channels, rows)
    start, done = time.process_time(), 0
    while time.process_time() - start < seconds:
        put(epochs[done % len(epochs)], lines, channels, rows)
        finish(drawn)
        done += 1
    return done / (time.process_time() - start)


for channels, rows in ((1, 6), (3, 2)):
    for name, finish in (("png", png), ("tensor", tensor), ("floats", floats)):
        rate(channels, rows, finish, limit / 4)
        print(f"{channels} {name}\t{rate(channels, rows, finish, limit):.1f}", flush=True)
