"""Mixture lab: what should be trained on, for the pool at hand and within the change you allow?"""

from __future__ import annotations

from pages._ui import fits, shell
from pages._ui.mixture import lab

page = shell.open_page("mixture")
lab.draw(page, fits.need(page))
