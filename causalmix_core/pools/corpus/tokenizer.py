"""The default corpus' own tokenizer: byte-level BPE of 1,024 entries, trained on its training texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.pool_file import pretty_json
from causalmix_core.pools.tokenizer_folder import TOKENIZER_FILE, TOKENIZER_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from causalmix_core.pools.pool import Pool

EOS = "<eos>"
VOCABULARY = 1024
# As AutoTokenizer of transformers wants it.
_CONFIG = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": EOS, "pad_token": EOS}


def train_tokenizer(pool: Pool, vocabulary: int = VOCABULARY) -> Path:
    """Train it on the documents of the split ``train`` and keep it in ``POOL_DIR/tokenizer``.

    The same pool gives the same ``tokenizer.json``. One that is there is not trained again.

    Parameters
    ----------
    vocabulary : entries, among them ``<eos>`` (id 0) and the 256 bytes.

    Raises
    ------
    PoolSourceError : the library tokenizers is missing.
    """
    folder = pool.folder / TOKENIZER_FOLDER
    path = folder / TOKENIZER_FILE
    if path.is_file():
        return folder
    try:
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    except ImportError:
        raise PoolSourceError(
            "Training a tokenizer needs the library tokenizers: pip install 'causalmix[proxy]', and run it again."
        ) from None
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[EOS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_train_texts(pool), trainer)
    folder.mkdir(exist_ok=True)
    write_atomically(folder / "tokenizer_config.json", pretty_json(_CONFIG))
    write_atomically(path, tokenizer.to_str(pretty=True).encode())
    return folder


def _train_texts(pool: Pool) -> Iterator[str]:
    for domain in pool.domains:
        yield from (document.text for document in pool.documents(domain) if document.split == "train")
