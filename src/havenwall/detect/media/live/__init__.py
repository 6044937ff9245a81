"""Live streams: frames as they come, a window for each stream, and a risk that grows with matches."""
