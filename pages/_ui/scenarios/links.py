"""Scenarios in the link: the address that shares one, and opening one from the address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from causalmix_core.errors import ScenarioError
from pages._ui import fits, navigation, states, workbench

if TYPE_CHECKING:
    from pages._ui.shell import OpenPage

PARAMETER = "scenario"
_OTHER_FIT = (
    "This link was made with another fit of the table: the numbers here are those of the present fit and may differ "
    "from what the sender saw."
)


def address(page: OpenPage, fit_sha256: str) -> str:
    """The address that opens the present scenario in the Mixture lab.

    Raises
    ------
    ScenarioError : too long for a link.
    """
    from causalmix_core.scenarios.link import to_link

    text = to_link(page.bench.scenario, page.table, fit_sha256)
    here = urlsplit(st.context.url or "")
    own = navigation.BY_KEY[page.key].url_path
    root = here.path.removesuffix("/").removesuffix(own).rstrip("/")
    path = f"{root}/{navigation.BY_KEY['mixture'].url_path}"
    query = urlencode({"project": page.project.id, PARAMETER: text})
    return urlunsplit((here.scheme, here.netloc, path, query, ""))


def open_linked(page: OpenPage) -> None:
    """Work on the scenario in the address, once; when it is edited, the address lets go of it.

    A link that cannot be read changes nothing and says why.
    """
    text = st.query_params.get(PARAMETER)
    if text is None:
        return
    linked = page.bench.linked
    if linked is None or linked[0] != text:
        _open(page, text)
    elif linked[1] != page.bench.scenario:
        del st.query_params[PARAMETER]


def _open(page: OpenPage, text: str) -> None:
    from causalmix_core.scenarios.link import from_link

    try:
        shared = from_link(text, page.table)
    except ScenarioError as problem:
        states.failed(problem)
        del st.query_params[PARAMETER]
        return
    workbench.put_scenario(page.project.id, shared.scenario)
    fits.aim(page)
    workbench.update(page.project.id, linked=(text, page.bench.scenario), opened=None)
    config = fits.config_of(page.project, page.table)
    if config is None or fits.fit_key(page.table, config) != shared.fit_sha256:
        st.warning(_OTHER_FIT, icon=":material/info:")
