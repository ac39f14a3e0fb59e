"""Connect the rooms: every port a lower room publishes is filled here and nowhere else."""


def connect() -> None:
    """Register service actions, job handlers, schedules and event subscribers. Called once at start-up."""
