//! Labels of two files that call the classes by other words.
//!
//! Which words mean the same, labels themselves say.

use cutpoint_core::Label;
use cutpoint_files::PairingError;

/// What was read of a file beside another, whose name and classes are known: where the classes of the file do not tell
/// which is positive, both are shown.
pub(crate) fn beside<T>(
    read: anyhow::Result<T>,
    first: &str,
    classes: &[Label],
    second: &str,
) -> anyhow::Result<T> {
    read.map_err(|error| {
        let names = error.chain().find_map(|cause| {
            let cause = cause.downcast_ref::<cutpoint_files::Error>()?;
            PairingError::of_classes(cause, [first, second], classes)
        });
        names.map_or(error, Into::into)
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
        return Ok(());
    }
    let names = PairingError::ClassNames {
        first: first.to_owned(),
        classes: classes.to_vec(),
        other: second.to_owned(),
        found: found.to_vec(),
    };
    Err(names.into())
}
