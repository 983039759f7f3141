"""Compiled loops of the forecast's sample paths."""
