"""CausalMix: which data mixture to train on for the pool at hand, and how sure that is.

The package follows the path of the data, a folder per step:
``evidence`` (the runs table) -> ``effects`` (what a domain is worth in a pool's state)
-> ``decision`` (shares inside a trust region) -> ``delivery`` (documents and trainer files);
``figures`` draws any of them. Importing the package imports none of the heavy libraries.
"""

__version__ = "0.1.0"
