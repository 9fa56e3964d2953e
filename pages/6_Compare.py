"""Compare: which of the scenarios wins, and how sure is that?"""

from __future__ import annotations

from pages._ui import fits, shell
from pages._ui.scenarios import compare, listing

page = shell.open_page("compare")
fitted = fits.need(page)
listing.draw(page, fitted)
compare.draw(page, fitted)
page.show_decision()
