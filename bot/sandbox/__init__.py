"""HTTP simulators for the demo, the tests and the benchmarks; `hanout run` never imports them."""
