"""Proxy lab: can more evidence be bought? Text, a design of runs, their training, and their rows."""

from __future__ import annotations

from pages._ui import shell
from pages._ui.proxy_lab import lab

page = shell.open_page_or_none("proxy")
lab.draw(page)
if page:
    page.show_decision()
