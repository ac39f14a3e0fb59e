"""Pure rules of the case engine: compile, explore, advance, clocks; no database, no clock, no Django."""
