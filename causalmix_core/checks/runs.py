"""Are there enough runs for the number of domains, and for conditioning on the pool?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.checks.check import Check, Detail, at_least, figure, worst
from causalmix_core.checks.words import number
from causalmix_core.effects.fit import MIN_RUNS_TO_CONDITION

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit

ID, TITLE = "runs", "Number of runs"
# K - 1 directions and a level are estimated: with three runs each, noise is as large as any effect.
FEWEST_PER_DOMAIN = 3.0
ENOUGH_PER_DOMAIN = 10.0  # the usual rule of thumb of ten observations a coefficient


def runs_check(fit: Fit) -> Check:
    """Runs per domain, and runs in all where effects depend on the pool."""
    n, k = fit.table.n_runs, len(fit.table.domains)
    per_domain = n / k
    status = at_least(per_domain, ENOUGH_PER_DOMAIN, FEWEST_PER_DOMAIN)
    details = [Detail("runs per domain", figure(per_domain), status)]
    said = f"{n} runs for {k} domains: {number(per_domain, 1)} a domain."
    wanted = int(ENOUGH_PER_DOMAIN * k)
    if fit.depends_on_pool:
        enough = at_least(n, MIN_RUNS_TO_CONDITION, 0)
        details.append(Detail("runs in all, for effects that depend on the pool", float(n), enough))
        wanted = max(wanted, MIN_RUNS_TO_CONDITION)
        if enough != "PASS":
            said += f" Effects that depend on the pool want {MIN_RUNS_TO_CONDITION} runs."
    status = worst(detail.status for detail in details)
    remedy = {
        "PASS": "Nothing to do.",
        "REVIEW": f"Add runs up to {wanted}, or switch the pool's state off and merge small domains.",
        "FAIL": f"Do not decide on this: add runs (at least {int(FEWEST_PER_DOMAIN * k)}) or merge domains.",
    }[status]
    return Check(
        ID,
        TITLE,
        status,
        figure(per_domain),
        ENOUGH_PER_DOMAIN,
        "runs per domain",
        said,
        remedy,
        tuple(details),
    )
