"""Fit: learn what each domain is worth in a pool's state, and test it on pools it has not seen."""

from __future__ import annotations

from pages._ui import shell
from pages._ui.fit import checks, comparison, form, halves, learning, result, tested, transfer

page = shell.open_page("fit")
config = form.draw(page)
result.draw(page, config)
tested.draw(page)
checks.draw(page)
learning.draw(page)
if config is not None:
    halves.draw(page, config)
    comparison.draw(page, config)
transfer.draw(page)
page.show_decision()
