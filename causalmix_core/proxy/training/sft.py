"""Real supervised fine-tuning of any checkpoint by TRL's SFTTrainer (extra ``gpu``), on a GPU where there is one.

Settings: ``checkpoint`` (a folder with model and tokenizer), ``max_length``, ``packing``, ``batch``,
``accumulate``, ``epochs``, ``peak`` (learning rate), ``keep_weights`` (false: deleted after evaluation),
``held_out`` (documents of each domain to measure bits per byte on), ``tasks`` (reasoning-gym task -> number of
questions; ``human_eval`` -> number of problems, with ``run_model_code`` true), ``report_to`` (passed on; none by default). Everything else keeps TRL's defaults.
"""

from __future__ import annotations

import contextlib
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.pools.model_hash import model_sha256
from causalmix_core.proxy.training.document_loss import documents_bits_per_byte
from causalmix_core.proxy.training.job import Outcome, Reporter, Result
from causalmix_core.proxy.training.loop import LossIsNaN
from causalmix_core.proxy.training.run_data import held_out_documents, materialised, pool_of, read_rows
from causalmix_core.proxy.training.tasks import task_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.training.job import Job

MISSING = "Fine-tuning needs TRL: pip install 'causalmix[gpu]' (trl, accelerate, datasets)."
HELD_OUT = 32
MAX_LENGTH = 1024
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")


def train_sft(job: Job) -> Result:
    """Fine-tune the checkpoint on the run's documents, evaluate it, and delete its weights.

    Raises
    ------
    ProxyError : TRL is not installed, or the checkpoint has no model or no tokenizer.
    LossIsNaN : the loss left the numbers.
    """
    checkpoint = Path(str(job.settings.get("checkpoint", "")))
    model, tokenizer = load_checkpoint(checkpoint)
    data = materialised(job)
    model, tokens = _trained(job, model, tokenizer, read_rows(data.path))
    outcomes = measured(model, tokenizer, pool_of(job), job.settings)
    if job.settings.get("keep_weights", False):
        model.save_pretrained(job.folder / "weights", safe_serialization=True)
        tokenizer.save_pretrained(job.folder / "weights")
    return Result(
        outcomes=outcomes,
        tokens=tokens,
        device=str(next(model.parameters()).device),
        model_sha256=model_sha256(checkpoint),
        data_sha256=data.sha256,
        seed=int(job.run["order_seed"]),
    )


def load_checkpoint(folder: Path) -> tuple[Any, Any]:
    """Causal language model and tokenizer of a folder; nothing is fetched from anywhere.

    Raises
    ------
    ProxyError : naming what the folder lacks.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not (folder / "config.json").is_file():
        raise ProxyError(
            f"The checkpoint {folder.name!r} is no folder with a config.json: name a local model folder."
        )
    kind = torch.bfloat16 if torch.cuda.is_available() else torch.float32
    try:
        if not any((folder / name).is_file() for name in TOKENIZERS):
            raise OSError(f"none of {', '.join(TOKENIZERS)}")  # transformers would make up an empty one
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as problem:
        raise ProxyError(
            f"The checkpoint {folder.name} has no tokenizer that can be loaded: put tokenizer.json beside its weights."
        ) from problem
    try:
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=kind)
    except (OSError, ValueError, RuntimeError) as problem:
        raise ProxyError(
            f"The checkpoint {folder.name} holds no model that can be loaded: {problem}"
        ) from problem
    if tokenizer.eos_token is None:
        raise ProxyError(
            f"The tokenizer of {folder.name} has no end-of-text token; name one in tokenizer_config.json."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def _trained(job: Job, model: Any, tokenizer: Any, rows: list[dict[str, Any]]) -> tuple[Any, int]:
    """The trained model, and how many tokens it has seen: longer documents are cut, and padding is none."""
    try:
        from datasets import Dataset
        from trl.trainer.sft_config import SFTConfig
        from trl.trainer.sft_trainer import SFTTrainer
    except ImportError as problem:
        raise ProxyError(MISSING) from problem
    import torch

    settings, scratch = job.settings, job.folder / "trainer"
    config = SFTConfig(
        output_dir=str(scratch),
        max_length=int(settings.get("max_length", MAX_LENGTH)),
        packing=bool(settings.get("packing", True)),
        per_device_train_batch_size=int(settings.get("batch", 4)),
        gradient_accumulation_steps=int(settings.get("accumulate", 1)),
        num_train_epochs=float(settings.get("epochs", 1)),
        learning_rate=float(settings.get("peak", 1e-5)),
        lr_scheduler_type="cosine",
        warmup_steps=0.05,  # below 1: a part of all steps
        bf16=torch.cuda.is_available(),
        use_cpu=not torch.cuda.is_available(),
        logging_steps=1,
        save_strategy="no",
        report_to=settings.get("report_to", "none"),
        seed=int(job.run["order_seed"]),
        data_seed=int(job.run["order_seed"]),
        disable_tqdm=True,
    )
    seen: list[int] = []
    trainer = SFTTrainer(
        model=model,
        args=config,
        train_dataset=Dataset.from_list([{"text": row["text"]} for row in rows]),
        processing_class=tokenizer,
        callbacks=[_callback(job, seen)],
    )
    try:
        trainer.train()
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(scratch)
    return trainer.accelerator.unwrap_model(trainer.model), seen[-1] if seen else 0


def _callback(job: Job, seen: list[int]) -> Any:
    """Reports each step, notes the tokens ``seen``, and ends the run when the loss is no number."""
    from transformers import TrainerCallback

    reporter = Reporter(job.folder, 0)

    class Told(TrainerCallback):
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **rest: Any) -> None:
            loss = (logs or {}).get("loss")
            if loss is None:
                return
            seen.append(int(float((logs or {}).get("num_tokens", 0))))
            reporter(int(state.global_step), int(state.max_steps), float(loss), seen[-1])
            if not math.isfinite(float(loss)):
                raise LossIsNaN(f"The loss is {loss} at step {state.global_step} of {state.max_steps}.")

    return Told()


def measured(model: Any, tokenizer: Any, pool: Pool, settings: Mapping[str, Any]) -> dict[str, Outcome]:
    """Held-out bits per byte of each domain with their mean, and scores of the tasks that ``settings`` name."""
    count = int(settings.get("held_out", HELD_OUT))
    found = {}
    if count:
        documents = held_out_documents(pool, count)
        length = int(settings.get("max_length", MAX_LENGTH))
        losses = documents_bits_per_byte(model, tokenizer, documents, length)
        found = {f"bpb_{domain}": Outcome(loss, False, "bits per byte") for domain, loss in losses.items()}
        found["bpb_mean"] = Outcome(sum(losses.values()) / len(losses), False, "bits per byte")
    scores = task_scores(
        model,
        tokenizer,
        settings.get("tasks", {}),
        run_model_code=settings.get("run_model_code") is True,
    )
    for task, score in scores.items():
        found[f"score_{task}"] = Outcome(score, True, "share of questions right")
    return found
