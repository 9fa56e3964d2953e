"""Effects: what does one more percentage point of a domain do, and when?"""

from __future__ import annotations

from pages._ui import fits, shell
from pages._ui.effects import explorer

page = shell.open_page("effects")
explorer.draw(page, fits.need(page))
page.show_decision()
