"""Sentences on the Proxy lab: what a launch will do, how far a study is, what its losses and its table say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import duration, plain, thousands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.engine.curves import LossCurve
    from causalmix_core.proxy.engine.errand import Errand
    from causalmix_core.proxy.engine.gpus import GpuCard
    from causalmix_core.proxy.engine.launching import LaunchPlan
    from causalmix_core.proxy.engine.progress import Status

_MEGA = 1e6
_NAMED = 4


def pool_sentence(pool: Pool) -> str:
    """How much text of how many domains, and what was left out."""
    documents, size = sum(e.documents for e in pool.entries), sum(e.bytes for e in pool.entries) / _MEGA
    twice, broken = sum(e.duplicates for e in pool.entries), sum(e.broken for e in pool.entries)
    left = (
        f" {thousands(twice)} duplicates and {thousands(broken)} broken places were found."
        if twice + broken
        else ""
    )
    return f"{_many(documents, 'document')} of {_many(len(pool.domains), 'domain')}, {plain(size, 1)} MB of text.{left}"


def slots_sentence(gpus: Sequence[GpuCard], cores: int) -> str:
    """What this machine trains on; without a graphics card that is said first, and what to do instead."""
    if gpus:
        return f"{_many(len(gpus), 'GPU')} here: {', '.join(card.name for card in gpus)}."
    return (
        f"No CUDA device on this machine. Tiny runs are made for its {_many(cores, 'CPU core')}: seconds a run. For larger "
        "models download the design, and launch it on a machine with GPUs or on a cluster."
    )


def gpu_sentence(card: GpuCard) -> str:
    """What one graphics card is doing."""
    parts = [f"GPU {card.index} ({card.name})"]
    if card.use is not None:
        parts.append(f"{100 * card.use:.0f} % busy")
    if card.used_gib is not None and card.total_gib is not None:
        parts.append(f"{card.used_gib:.1f} of {card.total_gib:.1f} GiB")
    if card.celsius is not None:
        parts.append(f"{card.celsius:.0f} °C")
    return ", ".join(parts)


def launch_sentence(plan: LaunchPlan, slots: Sequence[str], chunk: int, hours: float | None) -> str:
    """What a launch would do: runs, text, processes, time."""
    new = "all new" if plan.new == plan.runs else f"{thousands(plan.new)} of them new"
    processes = -(-plan.new // chunk)
    time = (
        "; how long is not known before the speed was measured"
        if hours is None
        else f", about {duration(3600 * hours)}"
    )
    return (
        f"{_many(plan.runs, 'run')} on {_many(plan.pools, 'pool')} ({new}), {thousands(plan.examples)} {plan.unit} in all. "
        f"{_many(processes, 'process', 'es')}, {len(slots)} at a time{time}."
    )


def progress_sentence(status: Status) -> str:
    """How far a study is: done, failed, rate, time left."""
    counts = status.counts
    parts = [f"{thousands(counts['done'])} of {_many(status.total, 'run')} done"]
    parts += [f"{thousands(counts[s])} {s}" for s in ("failed", "cancelled") if counts[s]]
    if counts["queued"] + counts["running"]:
        if status.runs_per_hour is not None:
            parts.append(f"{plain(status.runs_per_hour, 0)} runs an hour")
        if status.eta_seconds:
            parts.append(f"{duration(status.eta_seconds)} left")
    return " · ".join(parts)


def losses_sentence(curves: Sequence[LossCurve]) -> str:
    """Where the losses of running runs stand."""
    shown = [curve for curve in curves if curve.losses]
    if not shown:
        return "No run has told a loss yet."
    told = [
        f"{curve.run} from {plain(curve.losses[0], 2)} to {plain(curve.losses[-1], 2)} at step {thousands(curve.steps[-1])} "
        f"of {thousands(curve.total)}"
        for curve in shown[:_NAMED]
    ]
    more = f", and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return f"Training loss in nats per token: {'; '.join(told)}{more}."


def errand_sentence(errand: Errand) -> str:
    """How far commands are, or how they ended."""
    step = f" (step {errand.step} of {errand.steps})" if errand.steps > 1 else ""
    if errand.state == "running":
        return f"{errand.title}{step}: {errand.said or 'starting'}"
    if errand.state == "done":
        return f"{errand.title}: done in {duration(errand.seconds)}."
    if errand.state == "failed":
        return f"{errand.title}{step} stopped: {errand.said.removeprefix('causalmix: ') or 'it said no word'}"
    return f"{errand.title}{step} ended and did not say why, as after a restart. Start it again: it goes on where it was."


def collected_sentence(table: RunsTable, left_out: int) -> str:
    """What finished runs become."""
    pools = len(set(table.pool_ids)) if table.pool_ids is not None else table.n_runs
    left = (
        f" {_many(left_out, 'designed run')} without a result {'is' if left_out == 1 else 'are'} left out."
        if left_out
        else ""
    )
    return (
        f"{_many(table.n_runs, 'finished run')} on {_many(pools, 'pool')}: {len(table.domains)} domains, "
        f"{len(table.covariates)} covariates, {len(table.outcomes)} outcomes.{left}"
    )


def _many(count: int, what: str, ending: str = "s") -> str:
    return f"{thousands(count)} {what}{'' if count == 1 else ending}"
