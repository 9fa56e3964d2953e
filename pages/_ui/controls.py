"""Widgets that edit the workbench: made from it, and written back to it when a person moves them.

A widget is never set after it was made. Streamlit sends the state of all widgets with every move,
so one that the server has just set, and the browser has not yet heard of, would count as moved back
by hand; two widgets of one number would fight. Instead, what changes values by itself (a preset, a
reset, a typed radius) counts up the workbench's revision, which is part of every key: the widgets
are made anew from the workbench.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value = TypeVar("Value")


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
    hide_label: bool = False,
) -> None:
    """A slider over ``limits`` that starts at ``value`` and calls ``edit`` when it is moved."""
    low, high = limits
    st.slider(
        label,
        low,
        high,
        min(max(value, low), high),
        step=step,
        format=style,
        key=key,
        on_change=_pass_on,
        args=(key, edit),
        label_visibility="collapsed" if hide_label else "visible",
    )


def twin(
    label: str,
    value: float,
    limits: tuple[float, float],
    step: float,
    *,
    key: str,
    edit: Callable[[float], None],
    style: str,
) -> None:
    """A number field beside a slider of the same number; ``edit`` hears only what is typed.

    It is another widget for every ``value``, so that it never reports an old one. A run that the
    next move cuts short leaves a new widget unknown to the server, which then takes its first
    report for a change; a field that reports the value it was made with was not typed in.
    """
    low, high = limits
    key = f"{key}:{value!r}"

    def typed() -> None:
        if st.session_state[key] != value:
            edit(st.session_state[key])

    st.number_input(
        label, low, high, min(max(value, low), high), step=step, format=style, key=key, on_change=typed
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
    """A drop-down that starts at ``value`` and calls ``edit`` when another option is chosen."""
    st.selectbox(
        label,
        options,
        index=list(options).index(value) if value in options else 0,
        key=key,
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
) -> None:
    """A row of a few options, one of which is always chosen."""
    st.segmented_control(
        label,
        options,
        default=value,
        required=True,
        key=key,
        format_func=words,
        on_change=_pass_on,
        args=(key, edit),
        help=help,
        wrap=True,
    )
