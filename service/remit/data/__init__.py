"""Defaults that ship with Remit as readable data; every row can be overridden in a model file."""
