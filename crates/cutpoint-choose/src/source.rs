//! Where scored rows come from. Whoever has rows answers passes over them; how they are stored is not known here.

use cutpoint_core::Scores;

use crate::{Block, Classes, Error, Pass, PassPart};

/// Scored rows that can be read, as often as need be: in memory, in a file, or on other machines.
///
/// A question is answered in one or more passes, each of which reads all rows. What a pass is to find out is plain data
/// ([`Pass`]), and so is the answer ([`PassPart`]), whose parts merge: a source may let several workers answer for a
/// part of the rows each.
pub trait RowSource {
    /// What can go wrong. What is wrong with the rows themselves comes through [`RowSource::error`].
    type Error;

    /// Reads all rows once.
    ///
    /// # Errors
    /// If the rows cannot be read, or not once more; and as [`RowSource::error`] words what a pass finds wrong.
    fn run(&self, pass: &Pass<'_>) -> Result<PassPart, Self::Error>;

    /// What is wrong with a question about the rows, in the words of the source, which has a name.
    fn error(&self, error: Error) -> Self::Error;

    /// Whether the rows can be read only once, as those of a pipe.
    fn is_read_once(&self) -> bool {
        false
    }

    /// Refuses to read the rows once more where that is not possible: what a question says before its second pass.
    ///
    /// # Errors
    /// If the rows can be read only once.
    fn refuse_second_pass(&self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Rows in memory, whose classes are called 0 and 1.
impl RowSource for Scores {
    type Error = Error;

    fn run(&self, pass: &Pass<'_>) -> Result<PassPart, Self::Error> {
        let mut worker = pass.begin()?;
        worker.add(&Block {
            scores: self,
            amounts: &[],
            ids: &[],
            group: None,
        })?;
        Ok(worker.finish(Classes::in_memory(self)))
    }

    fn error(&self, error: Error) -> Self::Error {
        error
    }
}
