//! Rounding must decide neither constraints nor ties, and what mixed-up inputs look like is said.
