"""Havenwall: network discovery joined to the serving gate, with the effect measured."""
