"""The sandboxed machine of an episode: image, providers and the programs that run inside."""
