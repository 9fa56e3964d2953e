"""The Effects page: all domains at one pool, then one domain over pools."""
