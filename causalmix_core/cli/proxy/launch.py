"""``proxy launch DESIGN``: a study of a design's runs, queued and on its way."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.numbers import thousands
from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from causalmix_core.proxy.engine import DesignedRuns, Launch, LaunchPlan

WORKERS = ("tiny", "sft", "command")
_TINY_CHUNK = 16


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "launch",
        help="queue a design's runs and start training them",
        description="Make a study of a design and start its supervisor, which goes on when this command has ended. "
        "Launching the same design again adds nothing; a design with more runs adds those.",
    )
    parser.add_argument("design", metavar="DESIGN", type=Path, help="folder that the design command wrote")
    parser.add_argument("--pool", metavar="POOL_DIR", type=Path, required=True, help="pool it was drawn from")
    parser.add_argument("--study", metavar="STUDY_DIR", type=Path, required=True, help="folder to make")
    parser.add_argument("--worker", choices=WORKERS, default="tiny", help="default: %(default)s")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="JSON object: the worker's settings")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="one setting of the worker; JSON or text",
    )
    parser.add_argument(
        "--states", metavar="FILE", type=Path, help="covariates: JSON {pool id: {column: value}}"
    )
    parser.add_argument(
        "--slots", metavar="SLOTS", help="such as 2xcpu or cuda:0,cuda:0 (default: all there are)"
    )
    parser.add_argument(
        "--chunk", type=_positive, help=f"runs a process (default: up to {_TINY_CHUNK} tiny ones, else 1)"
    )
    parser.add_argument(
        "--max-tries", type=_positive, default=3, help="attempts a run (default: %(default)s)"
    )
    parser.add_argument(
        "--min-free-mb", type=int, default=200, help="start nothing with less space (default: %(default)s)"
    )
    parser.add_argument(
        "--slurm",
        metavar="NAME=VALUE,...",
        nargs="?",
        const="",
        help="submit to Slurm: partition, account, qos, constraint, minutes, cpus, gpus, memory_gb, max_pending, "
        "poll_seconds",
    )
    parser.add_argument("--no-start", action="store_true", help="queue only; `serve STUDY_DIR` trains them")
    parser.add_argument("--wait", action="store_true", help="stay and show progress until all is done")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, plan, write, start."""
    from causalmix_core.cli.proxy.status import watch
    from causalmix_core.proxy.engine import launch_study, plan_launch, start_supervisor
    from causalmix_core.proxy.engine.launching import check_design

    design = check_design(arguments.design, arguments.pool)
    launch = _launch(arguments, design)
    plan = plan_launch(design, arguments.study, launch)
    _print_plan(plan, launch, arguments.study)
    if arguments.dry_run:
        print("Nothing was written.")
        return 0
    study, new = launch_study(design, arguments.study, launch, arguments.states)
    print(f"{study.path}: {thousands(new)} runs queued.")
    if arguments.no_start:
        print(f"Train them with: python -m causalmix_core serve {shlex.quote(str(arguments.study))}")
        return 0
    pid = start_supervisor(study)
    print(
        f"Supervisor: process {pid}. Watch: python -m causalmix_core proxy status {arguments.study} --watch"
    )
    return watch(study) if arguments.wait else 0


def _launch(arguments: argparse.Namespace, design: DesignedRuns) -> Launch:
    from causalmix_core.proxy.engine import Launch, find_slots, parse_slots
    from causalmix_core.proxy.engine.slurm import slurm_settings

    slurm = None if arguments.slurm is None else _pairs(arguments.slurm.split(","), "--slurm")
    if slurm is not None:
        slurm_settings(slurm)
    slots = parse_slots(arguments.slots) if arguments.slots else find_slots()
    chunk = arguments.chunk
    if chunk is None:  # all slots have work from the start
        each = -(-len(design.runs) // len(slots))
        chunk = 1 if arguments.worker != "tiny" else _TINY_CHUNK if slurm else min(_TINY_CHUNK, each)
    return Launch(
        worker=arguments.worker,
        settings=_settings(arguments),
        pool=str(arguments.pool.resolve()),
        pool_sha256=design.pool_sha256,
        design_sha256=design.sha256,
        chunk=chunk,
        max_tries=arguments.max_tries,
        slots=arguments.slots,
        slurm=slurm,
        min_free_mb=arguments.min_free_mb,
    )


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    settings: Any = {}
    if arguments.settings is not None:
        try:
            settings = json.loads(arguments.settings.read_bytes())
        except (ValueError, RecursionError) as error:
            raise ProxyError(f"--settings {arguments.settings} is not JSON: {error}.") from None
        if not isinstance(settings, dict):
            raise ProxyError(f"--settings {arguments.settings} is no JSON object.")
    return {**settings, **_pairs(arguments.set, "--set")}


def _pairs(words: list[str], option: str) -> dict[str, Any]:
    """``name=value`` words; a value is JSON where it is any, else text."""
    found: dict[str, Any] = {}
    for word in filter(None, words):
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise ProxyError(f"{option} has {word!r}; write NAME=VALUE.")
        try:
            found[name.strip()] = json.loads(value)
        except ValueError:
            found[name.strip()] = value
    return found


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _print_plan(plan: LaunchPlan, launch: Launch, study: Path) -> None:
    from causalmix_core.proxy.engine import find_slots, parse_slots

    where = (
        "Slurm"
        if launch.slurm is not None
        else ", ".join(parse_slots(launch.slots) if launch.slots else find_slots())
    )
    print(
        f"{study}: {thousands(plan.runs)} runs on {plan.pools} pools, {thousands(plan.new)} of them new; "
        f"{thousands(plan.examples)} {plan.unit} in all."
    )
    print(
        f"Worker {launch.worker}, {launch.chunk} runs a process, at most {launch.max_tries} tries; slots: {where}."
    )
    print(f"First process: {shlex.join(plan.command)}")
