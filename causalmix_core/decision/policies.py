"""The two policies: analytic (exact) and search (CausalMix-S)."""

from __future__ import annotations

from causalmix_core.decision.concave import maximise_log_linear as analytic

__all__ = ["analytic"]
