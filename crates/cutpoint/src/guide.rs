//! Pages that lead through the library, one a subject; their examples are run with the tests.

#[doc = include_str!("../guide/choosing.md")]
pub mod choosing {}

#[doc = include_str!("../guide/weights_and_costs.md")]
pub mod weights_and_costs {}

#[doc = include_str!("../guide/larger_than_memory.md")]
pub mod larger_than_memory {}

#[doc = include_str!("../guide/scikit_learn.md")]
pub mod scikit_learn {}
