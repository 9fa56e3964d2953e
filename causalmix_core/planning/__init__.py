"""The next runs: which are worth paying for, and whether more are worth it at all."""
