"""shutdown-eval: does an AI agent let itself be interrupted?"""

__version__ = "0.1.0"
