//! No flag is accepted and ignored, every hint can be followed, and no text of the data reaches the terminal raw.
