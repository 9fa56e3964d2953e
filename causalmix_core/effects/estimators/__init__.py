"""Every estimator behind the one Engine interface, one file each; :mod:`.registry` lists them."""
