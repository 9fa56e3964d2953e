"""The checkpoint that every run of a fine-tuning study starts from, and what scores its pools: held to from first to last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.place import read_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.pools.pool import Pool
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]

START, SCORER = "start", "scorer"


def hold_checkpoint(
    plan: StudyPlan,
    place: StudyPlace,
    pool: Pool,
    checkpoint: Path | None,
    scorer: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Find the study's two models; the first time measure the checkpoint as every run will be. WORK/checkpoint.json keeps it.

    Parameters
    ----------
    checkpoint, scorer : folders that the command line names. None takes those that were held before; the first time the
        checkpoint that the plan names, and as scorer the checkpoint itself.

    Raises
    ------
    StudyError : no checkpoint is named, or other models than the study began with. ProxyError : it cannot be loaded.
    """
    kept = read_json(place.checkpoint) if place.checkpoint.exists() else None
    if kept is not None:
        held = {
            START: _held(place, kept[START], checkpoint, "checkpoint"),
            SCORER: _held(place, kept[SCORER], scorer, "scorer"),
        }
    else:
        folder = checkpoint or _planned(plan)
        if progress is not None:
            progress(0.0, f"measuring {folder.name} before training")
        held = {START: _measured(plan, pool, folder), SCORER: _known(scorer or folder)}
    write_atomically(place.checkpoint, (json.dumps(held, indent=1, sort_keys=True) + "\n").encode())


def held_start(place: StudyPlace) -> dict[str, Any]:
    """The checkpoint: folder, name, sha256, tokenizer_sha256, parameters, ``outcomes`` (name -> value before training).

    Raises
    ------
    StudyError : no run of the study was made yet.
    """
    found: dict[str, Any] = read_json(place.checkpoint)[START]
    return found


def held_scorer(place: StudyPlace) -> dict[str, Any]:
    """What scores pools: folder, name, sha256; errors as in :func:`held_start`."""
    found: dict[str, Any] = read_json(place.checkpoint)[SCORER]
    return found


def _planned(plan: StudyPlan) -> Path:
    named = plan.plain["runs"].get("checkpoint")
    if named is None:
        raise StudyError(
            f"The runs of {plan.name} start from a checkpoint, and none is named: give --checkpoint DIR, a local folder "
            "with config.json, weights and tokenizer.json."
        )
    return Path(named)


def _held(place: StudyPlace, kept: dict[str, Any], given: Path | None, what: str) -> dict[str, Any]:
    """What was held, found again where it lies now."""
    found = _known(given or Path(kept["folder"]))
    if found["sha256"] != kept["sha256"]:
        raise StudyError(
            f"{found['folder']} is another {what} ({found['sha256'][:12]}) than the runs in {place.work} began with "
            f"({kept['sha256'][:12]}); name that one with --{what}, or give another --work."
        )
    return {**kept, "folder": found["folder"]}


def _known(folder: Path) -> dict[str, Any]:
    from causalmix_core.pools.model_hash import model_sha256

    folder = folder.resolve()
    return {"folder": str(folder), "name": folder.name, "sha256": model_sha256(folder)}


def _measured(plan: StudyPlan, pool: Pool, folder: Path) -> dict[str, Any]:
    from causalmix_core.pools.scoring.device import pick_device
    from causalmix_core.pools.tokenizer_folder import open_tokenizer
    from causalmix_core.proxy.training.architecture import parameters
    from causalmix_core.proxy.training.sft import load_checkpoint, measured

    model, tokenizer = load_checkpoint(folder)
    found = measured(model.to(pick_device().name), tokenizer, pool, plan.plain["runs"])
    return {
        **_known(folder),
        "tokenizer_sha256": open_tokenizer(folder).sha256,
        "parameters": parameters(model),
        "outcomes": {name: outcome.value for name, outcome in sorted(found.items())},
    }
