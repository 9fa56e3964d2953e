"""Overview: where this project stands, and what to do next."""

from __future__ import annotations

from pages._ui import overview, shell

page = shell.open_page("overview")
overview.draw(page)
page.show_decision()
