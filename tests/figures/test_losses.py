"""The losses of runs in the making."""

from __future__ import annotations

from causalmix_core.figures.proxy import losses_figure
from tests.figures.pictures import losses


def test_a_line_a_run_in_the_order_of_their_names():
    figure = losses_figure(losses(), mode="light")
    assert [trace.name for trace in figure.data] == ["r0000", "r0016"]
    assert figure.data[1].y.tolist() == [5.5, 5.0, 4.75]
    assert (tuple(figure.layout.xaxis.range), tuple(figure.layout.yaxis.range)) == ((0.0, 127.5), (4.75, 5.5))


def test_a_run_keeps_its_colour_when_others_have_ended():
    both, alone = (losses_figure(curves, mode="dark").data for curves in (losses(), losses()[:1]))
    assert both[1].line == alone[0].line
    assert (both[0].line.color, both[0].line.dash) != (both[1].line.color, both[1].line.dash)


def test_without_a_loss_the_chart_is_empty():
    assert not losses_figure((), mode="light").data
