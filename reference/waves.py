"""The formula of weights and pictures that the tests of vision-module's networks repeat in Java."""

import numpy as np
import torch


def wave(count, phase):
    """sin(0.37 (i mod 8191)² + phase): looks like noise, and is the same in every language."""
    i = np.arange(count) % 8191
    return torch.from_numpy(np.sin(0.37 * (i * i) + phase))


def fill(name, tensor):
    """The formula of the weights: the phase is the number of letters in the name."""
    values = wave(tensor.numel(), len(name)).view(tensor.shape)
    if name.endswith("running_var"):
        values = 1 + 0.5 * values
    elif tensor.dim() == 1 and name.endswith("weight"):
        values = 1 + 0.2 * values
    elif tensor.dim() == 1:
        values = 0.1 * values
    else:
        values = values * (2 / tensor[0].numel()) ** 0.5
    tensor.copy_(values)


def pictures(count, side):
    """Colour pictures of whole levels, 0 to 255, as a network takes them: from -1 to 1."""
    levels = torch.round(127.5 * (1 + wave(count * 3 * side * side, 2))).float().view(count, 3, side, side)
    return (levels / 255 - 0.5) / 0.5
