"""AWS on this machine: an emulator in its own process, with a Glue that runs crawlers, jobs and workflows."""
