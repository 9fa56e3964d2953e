"""CausalMix in the browser: the frame and the router, no logic. Start it with ``make run``."""

from __future__ import annotations

import streamlit as st

from pages._ui import navigation, shell

shell.configure()
st.navigation(navigation.declared_pages(), expanded=True).run()
