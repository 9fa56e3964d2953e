"""Method: what is done to the runs and why, what the shipped study found of it, and what the words mean."""

from __future__ import annotations

from pages._ui import shell
from pages._ui.method import method

page = shell.open_page_or_none("method")
method.draw(page)
if page:
    page.show_decision()
