"""The commands of `./desk`: read arguments, call the job, show what came of it."""
