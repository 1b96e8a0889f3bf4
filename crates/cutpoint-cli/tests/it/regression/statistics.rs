//! Values, intervals, tests and pictures that speak of the same population.
