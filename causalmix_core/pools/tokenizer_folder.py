"""A tokenizer as transformers saves it: a folder with ``tokenizer.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from os import PathLike

TOKENIZER_FILE = "tokenizer.json"
# Where a pool keeps the one that was trained on it.
TOKENIZER_FOLDER = "tokenizer"
BASE_FOLDER = "base"  # beside it: the model that tiny runs start from
# What folders without a configuration most often call the end of a document.
_USUAL_EOS = ("<eos>", "<|endoftext|>", "</s>", "<|im_end|>", "<|end_of_text|>")


@dataclass(frozen=True)
class LoadedTokenizer:
    """A tokenizer ready for documents.

    Attributes
    ----------
    sha256 : of the bytes of ``tokenizer.json`` and the text of the end token.
    vocabulary : ids are below it.
    eos : id of the token that stands between documents.
    """

    sha256: str
    vocabulary: int
    eos: int
    _inner: Any

    def encode(self, texts: list[str]) -> list[list[int]]:
        """Ids of each text, nothing added, special tokens in the text taken as plain text."""
        return [encoding.ids for encoding in self._inner.encode_batch_fast(texts, add_special_tokens=False)]

    def encode_spans(self, texts: list[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Ids of each text, and the characters (from, to) that each id stands for."""
        found = self._inner.encode_batch(texts, add_special_tokens=False)  # the fast one keeps no places
        return [(encoding.ids, encoding.offsets) for encoding in found]

    def token_id(self, token: str) -> int | None:
        """Id of a token by its spelling; None where there is none."""
        return self._inner.token_to_id(token)

    def decode(self, ids: list[int]) -> str:
        """The text of some ids, special tokens spelled out."""
        return str(self._inner.decode(ids, skip_special_tokens=False))


def open_tokenizer(path: str | PathLike[str]) -> LoadedTokenizer:
    """Open the tokenizer of a folder (a tokenizer's or a checkpoint's).

    Raises
    ------
    PoolSourceError : no ``tokenizer.json``, one that cannot be read, no end token, or the library is
        missing.
    """
    folder = Path(path)
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise PoolSourceError(
            "Tokenising needs the library tokenizers: pip install 'causalmix[proxy]', and run it again."
        ) from None
    try:
        data = (folder / TOKENIZER_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise PoolSourceError(
            f"{folder} holds no {TOKENIZER_FILE}; save the tokenizer there with transformers "
            "(AutoTokenizer.from_pretrained(...).save_pretrained(...))."
        ) from None
    try:
        inner = Tokenizer.from_str(data.decode())
    except Exception as error:  # noqa: BLE001 - the library raises plain Exception
        raise PoolSourceError(
            f"{folder / TOKENIZER_FILE} is no tokenizer that can be read ({error}); save it again."
        ) from None
    inner.no_truncation()
    inner.no_padding()
    inner.encode_special_tokens = True
    name, eos = _end(folder, inner)
    digest = hashlib.sha256(data + name.encode()).hexdigest()
    vocabulary = 1 + max(inner.get_vocab(with_added_tokens=True).values())
    return LoadedTokenizer(digest, vocabulary, eos, inner)


def _end(folder: Path, inner: Any) -> tuple[str, int]:
    """The end token and its id."""
    for name in (*configured_token(folder, "eos_token"), *_USUAL_EOS):
        eos = inner.token_to_id(name)
        if eos is not None:
            return name, int(eos)
    raise PoolSourceError(
        f"The tokenizer in {folder} names no end token; add one as eos_token in its tokenizer_config.json."
    )


def configured_token(folder: Path, role: str) -> tuple[str, ...]:
    """How the folder's own configuration spells a token (``eos_token``, ``bos_token``, ...), if it says so."""
    try:
        config = json.loads((folder / "tokenizer_config.json").read_bytes())
        token = config[role]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    name = token.get("content") if isinstance(token, dict) else token
    return (name,) if isinstance(name, str) else ()
