//! What a field is worth, in every format, and files that lie.
