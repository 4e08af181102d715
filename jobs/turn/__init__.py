"""The turn of the clock: watch what is due, dispatch, compile, audit."""
