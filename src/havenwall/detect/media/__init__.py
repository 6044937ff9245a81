"""Known media: images and clips by their hashes."""
