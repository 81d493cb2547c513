"""Scripted models: known agents whose true outcome is known."""
