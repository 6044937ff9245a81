"""Reads configuration, chooses implementations, wires stages: the only place that does."""

from havenwall.app.app import App
from havenwall.app.config import Config
from havenwall.app.drawing import CaseGraph, GraphLink
from havenwall.app.settings import Setting, load_config

__all__ = ["App", "CaseGraph", "Config", "GraphLink", "Setting", "load_config"]
