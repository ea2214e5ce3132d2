"""What a contract run leaves behind for people and programs. Everything here only listens to the run's events."""
