"""Probes: what a model is asked after its episode, each on a fork of the conversation of its own."""
