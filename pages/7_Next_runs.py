"""Next runs: which further runs would tell most about the decision, and are more worth it at all?"""

from __future__ import annotations

from pages._ui import fits, shell
from pages._ui.planning import next_runs

page = shell.open_page("next")
next_runs.draw(page, fits.need(page))
