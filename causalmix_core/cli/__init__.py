"""The command line: a file per command, each calling the functions that the pages call.

Exit status 0; 2 for a mistake the user can mend (one sentence on stderr); 1 for a fault of ours.
Results go to stdout, progress and complaints to stderr. Heavy libraries are imported inside the
handlers, so that ``--help`` answers at once.
"""
