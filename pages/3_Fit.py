"""Fit: learn what each domain is worth in a pool's state, and test it on pools it has not seen."""

from __future__ import annotations

from pages._ui import shell
from pages._ui.fit import form, result

page = shell.open_page("fit")
form.draw(page)
result.draw(page)
page.show_decision()
