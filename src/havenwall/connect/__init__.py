"""Real networks and lists as sources, one module each."""
