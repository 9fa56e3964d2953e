"""Which runs to make: mixtures by a stated law, states of pools, exact counts, and the very rows of text.

``draw`` makes a design, ``storage`` keeps it, ``rows`` turns one of its runs into token windows and
``materialise`` into documents. Nothing here loads torch.
"""
