"""What `./run` does: the environment, the embedded servers, the processes, the checks. Standard library only."""
