"""Narrow views of the store: what each stage, the guard and people may see."""
