//! Passes and parts as bytes, between who asks and the workers who answer: postcard's compact form of their fields, to
//! the bit, after a byte that says which fields these are. Both sides have to be of one version.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, PairedPart, PairedPass, Pass, PassPart, Result};

/// Counted up whenever a field of a pass or a part changes.
const VERSION: u8 = 3;

impl Pass<'_> {
    /// The pass as bytes, for a worker elsewhere.
    ///
    /// # Panics
    /// Never: every pass has a byte form.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_choose::{Pass, PassPart, RowSource, SweepPlan};
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::sweep;
    ///
    /// let mut pass = Pass::within(1 << 20);
    /// pass.sweep = Some(SweepPlan::default());
    /// let asked = pass.to_bytes();
    ///
    /// // Two workers, each with some of the rows.
    /// let rows = [
    ///     Scores::new(vec![true, false], vec![0.9, 0.4])?,
    ///     Scores::new(vec![true, false], vec![0.4, 0.3])?,
    /// ];
    /// let answer = |rows: &Scores| Ok(rows.run(&Pass::from_bytes(&asked)?)?.to_bytes());
    /// let answers = rows.iter().map(answer).collect::<cutpoint_choose::Result<Vec<_>>>()?;
    ///
    /// let mut whole = PassPart::from_bytes(&answers[1])?;
    /// whole.merge(PassPart::from_bytes(&answers[0])?)?;
    /// let rows = Scores::new(vec![true, false, true, false], vec![0.9, 0.4, 0.4, 0.3])?;
    /// assert_eq!(whole.sweep.expect("asked for").finish()?.edges(), &sweep(&rows));
    /// # Ok::<(), cutpoint_choose::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }
}

impl Pass<'static> {
    /// A pass that came as bytes.
    ///
    /// # Errors
    /// [`Error::Bytes`] for bytes that no [`Pass::to_bytes`] of this version made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        from_bytes(bytes, "pass")
    }
}

impl PassPart {
    /// The part as bytes, for who merges it with others. Sums keep all of their digits.
    ///
    /// # Panics
    /// Never: every part has a byte form.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    /// A part that came as bytes. What could break later is checked: counts, sums, bins, places of rows.
    ///
    /// # Errors
    /// [`Error::Bytes`] for bytes that no [`PassPart::to_bytes`] of this version made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        from_bytes(bytes, "part of a pass")
    }
}

impl PairedPass<'_> {
    /// The pass as bytes, for a worker elsewhere. They hold the sweep of each model once, however many pairs there are.
    ///
    /// # Panics
    /// Never: every pass has a byte form.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_choose::{ModelSweep, PairedPart, PairedPass, PairedSource, SweepPlan};
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::sweep;
    ///
    /// let of_model = |model| ModelSweep { model, memory: 1 << 20, plan: SweepPlan::default() };
    /// let pass = PairedPass { sweeps: vec![of_model(0), of_model(1)], ..PairedPass::default() };
    /// let asked = pass.to_bytes();
    ///
    /// // A worker with two rows of both models.
    /// let is_positive = vec![true, false];
    /// let first = Scores::new(is_positive.clone(), vec![0.9, 0.4])?;
    /// let models = [first.clone(), Scores::new(is_positive, vec![0.6, 0.7])?];
    /// let answer = models.run(&PairedPass::from_bytes(&asked)?)?.to_bytes();
    ///
    /// let part = PairedPart::from_bytes(&answer)?;
    /// let (_, builder) = part.sweeps[0].clone();
    /// assert_eq!(builder.finish()?.edges(), &sweep(&first));
    /// # Ok::<(), cutpoint_choose::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }
}

impl PairedPass<'static> {
    /// A pass that came as bytes. The sweeps in it are checked: scores that descend, bins that hold rows, sums that do
    /// not fall.
    ///
    /// # Errors
    /// [`Error::Bytes`] for bytes that no [`PairedPass::to_bytes`] of this version made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        from_bytes(bytes, "paired pass")
    }
}

impl PairedPart {
    /// The part as bytes, for who merges it with others. Sums keep all of their digits.
    ///
    /// # Panics
    /// Never: every part has a byte form.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    /// A part that came as bytes.
    ///
    /// # Errors
    /// [`Error::Bytes`] for bytes that no [`PairedPart::to_bytes`] of this version made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        from_bytes(bytes, "part of a paired pass")
    }
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_extend(value, vec![VERSION]).expect("every field has a byte form")
}

fn from_bytes<T: DeserializeOwned>(bytes: &[u8], what: &'static str) -> Result<T> {
    let wrong = || Error::Bytes { what };
    let rest = bytes.strip_prefix(&[VERSION]).ok_or_else(wrong)?;
    match postcard::take_from_bytes(rest) {
        Ok((value, [])) => Ok(value),
        _ => Err(wrong()),
    }
}
