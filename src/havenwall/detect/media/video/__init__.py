"""Video: frames hashed in a process of its own, and known clips found inside longer ones."""
