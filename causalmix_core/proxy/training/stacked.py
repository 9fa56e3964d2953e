"""Many tiny models of one shape trained side by side in one process, each on its own windows.

A model of a hundred thousand parameters keeps a graphics card busy a few per cent of the time: what it
waits for is the launching of hundreds of small kernels. Stacked, M models share each launch. Every
model sees the same numbers as in the plain loop (:mod:`~causalmix_core.proxy.training.loop`).
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training.loop import REPORT_EVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.proxy.training.schedule import Recipe

    Told = Callable[[int, int, list[float]], None]

BETA, BETA_SQUARE, TINY = 0.9, 0.95, 1e-8  # of AdamW, as in the loop


class StackedModels:
    """M models of one architecture whose parameters are stacked in one tensor each.

    Parameters
    ----------
    models : M of one shape, on one device; they are copied. recipe : of all.
    """

    def __init__(self, models: Sequence[Any], recipe: Recipe) -> None:
        import torch
        from torch.func import grad_and_value, stack_module_state, vmap

        self._recipe = recipe
        parameters, self._buffers = stack_module_state(list(models))
        self._names = list(parameters)
        self._values = [parameters[name].detach().clone() for name in self._names]
        # A real copy: on the "meta" device the tied output layer would come untied and train nothing.
        self._template = copy.deepcopy(models[0])
        self._first = [torch.zeros_like(value) for value in self._values]
        self._second = [torch.zeros_like(value) for value in self._values]
        self._gradients = vmap(grad_and_value(self._loss), in_dims=(0, 0, 0), randomness="different")
        self.count = len(models)

    def _loss(self, parameters: Any, buffers: Any, batch: Any) -> Any:
        from torch.func import functional_call
        from torch.nn import functional

        given = {"input_ids": batch[:, :-1], "attention_mask": None}
        logits = functional_call(self._template, (parameters, buffers), (), given).logits
        return functional.cross_entropy(logits.float().flatten(0, 1), batch[:, 1:].flatten())

    def step(self, batches: Any, number: int, steps: int) -> Any:
        """One step of every model on batches (M, B, L + 1); losses (M,) before it. ``number`` from 0."""
        parameters = dict(zip(self._names, self._values, strict=True))
        gradients, losses = self._gradients(parameters, self._buffers, batches)
        self._update(self._clipped([gradients[name] for name in self._names]), number, steps)
        return losses

    def _clipped(self, gradients: list[Any]) -> list[Any]:
        """Every model's gradient held to the recipe's norm by itself."""
        import torch

        norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
        factor = (self._recipe.clip / (norms + 1e-6)).clamp(max=1.0)
        return [g * factor.view(-1, *[1] * (g.dim() - 1)) for g in gradients]

    def _update(self, gradients: list[Any], number: int, steps: int) -> None:
        import torch

        rate, count = self._recipe.rate(number, steps), number + 1
        torch._foreach_mul_(self._values, 1.0 - rate * self._recipe.decay)
        torch._foreach_lerp_(self._first, gradients, 1.0 - BETA)
        torch._foreach_mul_(self._second, BETA_SQUARE)
        torch._foreach_addcmul_(self._second, gradients, gradients, 1.0 - BETA_SQUARE)
        divisor = torch._foreach_sqrt(self._second)
        torch._foreach_div_(divisor, math.sqrt(1.0 - BETA_SQUARE**count))
        torch._foreach_add_(divisor, TINY)
        torch._foreach_addcdiv_(self._values, self._first, divisor, value=-rate / (1.0 - BETA**count))

    def into(self, model: Any, which: int) -> Any:
        """Load the parameters of model ``which`` into ``model`` and return it."""
        import torch

        own = dict(model.named_parameters())
        with torch.no_grad():
            for name, value in zip(self._names, self._values, strict=True):
                own[name].copy_(value[which])
        return model


def train_stacked(
    models: Sequence[Any], windows: Sequence[NDArray[np.int64]], recipe: Recipe, told: Told | None = None
) -> tuple[StackedModels, list[float]]:
    """Train M models, each over its windows (n, L + 1); the stack, and the last losses.

    A model whose loss is no longer a number ends as nan; the others are not touched by it.

    Parameters
    ----------
    told : called with (step 1.., steps, losses) every few steps and at the last.

    Raises
    ------
    ProxyError : the models' windows differ in number, or do not fill a batch.
    """
    import numpy as np
    import torch

    if len({len(part) for part in windows}) != 1:
        raise ProxyError("Models that are trained side by side need equally many windows each.")
    steps = len(windows[0]) // recipe.batch
    if not steps:
        raise ProxyError(f"{len(windows[0])} windows do not fill a batch of {recipe.batch}.")
    stack = StackedModels(models, recipe)
    tokens = torch.from_numpy(np.stack(windows)).to(next(models[0].parameters()).device)
    last: list[float] = []
    for step in range(steps):
        losses = stack.step(tokens[:, step * recipe.batch : (step + 1) * recipe.batch], step, steps)
        if step % REPORT_EVERY == REPORT_EVERY - 1 or step == steps - 1:
            last = [float(loss) for loss in losses.cpu()]
            if told is not None:
                told(step + 1, steps, last)
    return stack, last
