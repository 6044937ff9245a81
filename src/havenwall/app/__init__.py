"""Reads configuration, chooses implementations, wires stages: the only place that does."""

from havenwall.app.app import App
from havenwall.app.config import Config, Setting, load_config
from havenwall.app.drawing import CaseGraph, GraphLink

__all__ = ["App", "CaseGraph", "Config", "GraphLink", "Setting", "load_config"]
