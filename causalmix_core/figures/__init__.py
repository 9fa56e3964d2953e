"""Charts: pure functions from a view (arrays) to a Plotly figure, and to one sentence about it.

Every figure function takes ``mode`` ("light" or "dark") and sets each colour itself, so the same
function serves the pages in both themes and the report. Every figure has an ``alt_...`` sibling
that says in one sentence what the chart shows, for readers who cannot see it.
A folder or module per page: ``runs``, ``fit``, ``effects``, ``mixture``.
"""
