//! Digests of what is saved: of the rows that a threshold was chosen on, and of a text.

use std::fmt::Write as _;

use cutpoint_metrics::PartialSweep;
use sha2::{Digest, Sha256};

/// What tells the rows of a sweep from others: the same for the same rows in any order.
///
/// # Formula
/// ```text
/// "sha256:" and, in hex, SHA-256 of the bins from the highest scores down,
/// each as four doubles, least byte first: lowest, highest, positives, negatives
/// ```
/// Of a file that does not fit into the memory that it was swept in, the bins, and with them the digest, depend on how
/// much that was; sums of weights that are no sums of few binary digits may round differently in another order.
pub fn data_digest(partial: &PartialSweep) -> String {
    let mut digest = Sha256::new();
    for bin in partial.bins() {
        for number in [
            bin.lowest(),
            bin.highest(),
            bin.positives(),
            bin.negatives(),
        ] {
            // -0.0 is 0.
            digest.update((number + 0.0).to_bits().to_le_bytes());
        }
    }
    in_hex(digest)
}

/// SHA-256 of a text: `sha256:` and 64 digits in hex.
pub(crate) fn text_digest(text: &str) -> String {
    in_hex(Sha256::new().chain_update(text))
}

fn in_hex(digest: Sha256) -> String {
    let mut text = "sha256:".to_owned();
    for byte in digest.finalize() {
        write!(text, "{byte:02x}").expect("a String takes all text");
    }
    text
}
