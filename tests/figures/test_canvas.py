"""The chart that all others start from: how its layout is set."""

from __future__ import annotations

from causalmix_core.figures import canvas

AXIS = canvas.axis("light", "share (%)", (0.0, 100.0))


def test_a_layout_is_set_as_plotly_would_merge_it():
    ours, theirs = canvas.blank("light", 300), canvas.blank("light", 300)
    canvas.lay_out(ours, showlegend=True, xaxis=AXIS, yaxis2=AXIS, margin_r=40, legend_orientation="v")
    theirs.update_layout(showlegend=True, xaxis=AXIS, yaxis2=AXIS, margin_r=40, legend_orientation="v")
    assert ours.to_plotly_json() == theirs.to_plotly_json()


def test_what_is_not_named_of_a_part_stays():
    figure = canvas.blank("dark", 300, left=7)
    canvas.lay_out(figure, margin_r=40)
    assert (figure.layout.margin.l, figure.layout.margin.r) == (7, 40)
