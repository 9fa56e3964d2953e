"""Export: hand the mixture over so that it can be re-created months later."""

from __future__ import annotations

from pages._ui import fits, shell
from pages._ui.export import handover

page = shell.open_page("export")
handover.draw(page, fits.need(page))
page.show_decision()
