"""Compiled loops of the search and the bound: plain arrays in, plain arrays out."""
