//! What tells one question from another, so that answers to different ones are not taken for parts of one. It guards
//! against parts that were mixed up, not against people who want to be taken for another.

use postcard::ser_flavors::Flavor;
use serde::Serialize;

/// A number made of all bytes of a value's byte form.
pub(crate) fn fingerprint(value: &impl Serialize) -> u64 {
    postcard::serialize_with_flavor(value, Fingerprint(0)).expect("every field has a byte form")
}

/// Takes bytes as they come, and keeps none.
struct Fingerprint(u64);

impl Fingerprint {
    /// The finalizer of `SplitMix64`, after what came before.
    fn take(&mut self, number: u64) {
        let mut bits = (self.0 ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = bits ^ (bits >> 31);
    }
}

impl Flavor for Fingerprint {
    type Output = u64;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.take(byte.into());
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        for chunk in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..chunk.len()].copy_from_slice(chunk);
            self.take(u64::from_le_bytes(number));
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<u64> {
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_values_have_other_fingerprints() {
        let of = |numbers: &[f64], text: &str| fingerprint(&(numbers, text));
        let first = of(&[0.5, 0.25], "fp=1");
        assert_eq!(first, of(&[0.5, 0.25], "fp=1"));
        for other in [
            of(&[0.25, 0.5], "fp=1"),
            of(&[0.5], "fp=1"),
            of(&[0.5, 0.25], "fp=2"),
        ] {
            assert_ne!(first, other);
        }
    }
}
