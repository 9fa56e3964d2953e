"""Runs: is the evidence usable?"""

from __future__ import annotations

from pages._ui import shell
from pages._ui.runs import opened, upload

page = shell.open_page_or_none("runs")
upload.draw(page)
opened.draw(page)
if page:
    page.show_decision()
