"""Decision: the mixture to train on, inside a trust region around an anchor.

``region`` says what may be recommended, ``policies`` finds the best of it, ``decide`` says what
that is expected to bring, and the gain at every radius.
"""
