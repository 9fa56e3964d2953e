"""The Effects page: all domains at one pool, one domain over pools, then what effects depend on."""
