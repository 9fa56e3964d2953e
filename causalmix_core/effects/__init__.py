"""Effects: what each domain is worth in a pool's state, with covariance.

``fit(table, config)`` gives a :class:`~causalmix_core.effects.fit.Fit`; ``Fit.response(pool)``
gives the one form that everything shown afterwards is computed from.
"""
