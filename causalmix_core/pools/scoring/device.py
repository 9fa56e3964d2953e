"""Where a model is run and in what precision."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """A device of torch and a floating-point type.

    Attributes
    ----------
    name : "cpu", "mps" or "cuda:0", ...
    dtype : "float32" or "bfloat16".
    """

    name: str
    dtype: str

    @property
    def is_gpu(self) -> bool:
        """Whether it is a graphics card."""
        return self.name.startswith("cuda")


DTYPES = ("float32", "bfloat16")


def pick_device(worker: int = 0, dtype: str | None = None) -> Device:
    """The graphics card of a worker (they take turns where there are several), else the processor on one thread.

    Parameters
    ----------
    dtype : one of ``DTYPES``; None: bfloat16 on a card that has it, float32 elsewhere.
    """
    import torch

    if torch.cuda.is_available():
        card = worker % torch.cuda.device_count()
        exact = not torch.cuda.is_bf16_supported()
        return Device(f"cuda:{card}", dtype or ("float32" if exact else "bfloat16"))
    torch.set_num_threads(1)  # many processes, not many threads: the same sums in the same order everywhere
    return Device("cpu", dtype or "float32")


def cards() -> int:
    """How many graphics cards there are."""
    import torch

    return int(torch.cuda.device_count()) if torch.cuda.is_available() else 0
