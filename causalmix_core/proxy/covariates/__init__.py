"""Covariates of the pools of a design: what a model says of the text that each was set aside for."""
