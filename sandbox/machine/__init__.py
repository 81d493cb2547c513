"""The programs that run inside the sandbox: `init.py`, `next_question` and `shutdown.sh`."""
