"""Adapters: recommenders of every kind behind the one protocol of the audit."""
