"""Loading a model that the user names by its folder: safetensors only, nothing fetched, no code of the folder run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.scoring.device import Device


def load(kind: str, folder: Path, device: Device) -> Any:
    """A model in evaluation mode on a device.

    Parameters
    ----------
    kind : "AutoModelForCausalLM" or "AutoModelForSequenceClassification".

    Raises
    ------
    PoolSourceError : the libraries are missing, or the folder holds no such model.
    """
    try:
        import torch
        import transformers
        from safetensors import SafetensorError
    except ImportError:
        raise PoolSourceError(
            "Scoring by a model needs torch and transformers: pip install 'causalmix[proxy]', or score with --model none."
        ) from None
    if not (folder / "config.json").is_file():
        raise PoolSourceError(
            f"{folder} holds no model (config.json is missing); name a folder that save_pretrained wrote."
        )
    _be_silent(transformers.utils.logging)
    try:
        model, found = getattr(transformers, kind).from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=getattr(torch, device.dtype),
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError) as problem:
        raise PoolSourceError(f"{folder} holds no model that can be loaded ({problem}).") from None
    if found["missing_keys"]:
        # The library would fill them with random numbers and go on.
        raise PoolSourceError(
            f"The model in {folder} lacks {min(found['missing_keys'])}: it is not what {kind} can load; name another folder."
        )
    return model.eval().to(device.name)


def _be_silent(logging: Any) -> None:
    """Bars of the library would break the one line of progress."""
    logging.disable_progress_bar()


def context_of(model: Any) -> int | None:
    """Tokens that the model was made to see; None where it does not say."""
    found = getattr(model.config, "max_position_embeddings", None)
    return found if isinstance(found, int) and found > 1 else None


def check_vocabulary(model: Any, vocabulary: int, folder: Path) -> None:
    """Refuse a tokenizer with tokens that the model does not know."""
    known = int(model.get_input_embeddings().weight.shape[0])
    if vocabulary > known:
        raise PoolSourceError(
            f"The tokenizer in {folder} has {vocabulary:,} tokens and the model {known:,}: they do not belong together; "
            "save the model's own tokenizer there."
        )
