"""One module a subcommand, each with `run(words) -> exit status`."""
