"""What a pool is like before mixing: scores of its documents, and their means by domain.

``definitions`` and ``surface`` say what is measured, ``causal`` and ``rater`` ask models, ``run`` goes through a pool,
``means`` makes the covariates of a runs table of it, ``scaling`` keeps a scale once fitted.
"""
