//! Labels of two files that call the classes by other words.
//!
//! Which words mean the same, labels themselves say.

use cutpoint_core::{Error, Label};
use cutpoint_files::PairingError;

/// What was read of a file beside another, whose name and classes are known: where the classes of the file do not tell
/// which is positive, both are shown.
pub(crate) fn beside<T>(
    read: anyhow::Result<T>,
    first: &str,
    classes: &[Label],
    second: &str,
) -> anyhow::Result<T> {
    let error = match read {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    let found = error.chain().find_map(|cause| {
        let file = cause.downcast_ref::<cutpoint_files::Error>()?;
        let cutpoint_files::Error::Column { source, .. } = file else {
            return None;
        };
        match &**source {
            Error::PositiveNeeded { classes } | Error::PositiveUnknown { classes, .. } => {
                Some(classes.clone())
            }
            _ => None,
        }
    });
    Err(match found {
        Some(found) => other_words(first, classes, second, &found),
        None => error,
    })
}

/// Refuses a file in which a class is called otherwise than in the first.
pub(crate) fn check_same(
    first: &str,
    classes: &[Label],
    second: &str,
    found: &[Label],
) -> anyhow::Result<()> {
    let is_known = |class: &Label| classes.iter().any(|known| known.is_same(class));
    if found.iter().all(is_known) {
        Ok(())
    } else {
        Err(other_words(first, classes, second, found))
    }
}

fn other_words(first: &str, classes: &[Label], other: &str, found: &[Label]) -> anyhow::Error {
    let error = PairingError::ClassNames {
        first: first.to_owned(),
        classes: classes.to_vec(),
        other: other.to_owned(),
        found: found.to_vec(),
    };
    error.into()
}
