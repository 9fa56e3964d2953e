"""Widgets that edit the workbench: set from it before they are drawn, written back when moved.

That makes the workbench the only truth: two widgets may show one number, a preset or a reset moves
them all, and nothing is lost when the page changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value = TypeVar("Value")


def show(key: str, value: object) -> str:
    """Let the widget with ``key`` show ``value`` when it is drawn next; returns the key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def _pass_on(key: str, edit: Callable[[Value], None]) -> None:
    edit(st.session_state[key])


def slider(
    label: str,
    value: float,
    limits: tuple[float, float],
    step: float,
    *,
    key: str,
    edit: Callable[[float], None],
    style: str,
    help: str | None = None,
    hide_label: bool = False,
) -> None:
    """A slider over ``limits`` that shows ``value`` and calls ``edit`` when it is moved."""
    low, high = limits
    st.slider(
        label,
        low,
        high,
        step=step,
        format=style,
        key=show(key, min(max(value, low), high)),
        on_change=_pass_on,
        args=(key, edit),
        help=help,
        label_visibility="collapsed" if hide_label else "visible",
    )


def number(
    label: str,
    value: float,
    limits: tuple[float, float],
    step: float,
    *,
    key: str,
    edit: Callable[[float], None],
    style: str,
    help: str | None = None,
) -> None:
    """A number field that shows ``value`` and calls ``edit`` when it is changed."""
    low, high = limits
    st.number_input(
        label,
        low,
        high,
        step=step,
        format=style,
        key=show(key, min(max(value, low), high)),
        on_change=_pass_on,
        args=(key, edit),
        help=help,
    )


def choice(
    label: str,
    value: Value,
    options: Sequence[Value],
    *,
    key: str,
    edit: Callable[[Value], None],
    words: Callable[[Value], str] = str,
    help: str | None = None,
) -> None:
    """A drop-down that shows ``value`` and calls ``edit`` when another option is chosen."""
    st.selectbox(
        label,
        options,
        key=show(key, value),
        format_func=words,
        on_change=_pass_on,
        args=(key, edit),
        help=help,
    )


def switch(
    label: str,
    value: Value,
    options: Sequence[Value],
    *,
    key: str,
    edit: Callable[[Value], None],
    words: Callable[[Value], str] = str,
    help: str | None = None,
    hide_label: bool = False,
) -> None:
    """A row of a few options, one of which is always chosen."""
    st.segmented_control(
        label,
        options,
        required=True,
        key=show(key, value),
        format_func=words,
        on_change=_pass_on,
        args=(key, edit),
        help=help,
        label_visibility="collapsed" if hide_label else "visible",
    )
