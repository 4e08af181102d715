"""What may be changed without code: the environment and the YAML files, read once into the frozen types of `rules`."""
