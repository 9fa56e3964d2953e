"""The engine: a ledger of runs, and a supervisor that trains them here or on a cluster, whatever is killed."""

from causalmix_core.proxy.engine.launching import (
    DesignedRuns,
    LaunchPlan,
    launch_study,
    plan_launch,
    read_designed_runs,
)
from causalmix_core.proxy.engine.ledger import Ledger
from causalmix_core.proxy.engine.progress import Status, status_of
from causalmix_core.proxy.engine.records import Hold, JobRecord, RunRecord
from causalmix_core.proxy.engine.slots import find_slots, parse_slots
from causalmix_core.proxy.engine.starting import start_supervisor
from causalmix_core.proxy.engine.study import Launch, Study, open_study
from causalmix_core.proxy.engine.supervisor import supervise

__all__ = [
    "DesignedRuns",
    "Hold",
    "JobRecord",
    "Launch",
    "LaunchPlan",
    "Ledger",
    "RunRecord",
    "Status",
    "Study",
    "find_slots",
    "launch_study",
    "open_study",
    "parse_slots",
    "plan_launch",
    "read_designed_runs",
    "start_supervisor",
    "status_of",
    "supervise",
]
