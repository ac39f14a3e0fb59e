"""Rule tests in YAML: reading them with the place of every fault, running them; pure."""
