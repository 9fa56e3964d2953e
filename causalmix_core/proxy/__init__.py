"""Proxy runs: small language models trained on designed mixtures, to see what each domain is worth."""
