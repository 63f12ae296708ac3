"""Many agents at one desk at once, some of whose programs are killed: nothing is lost."""
