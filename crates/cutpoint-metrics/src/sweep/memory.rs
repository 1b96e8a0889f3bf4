//! Zeroed columns, in pages large enough that a sweep does not wait for the system to hand them out. What is put into
//! them is not known here.
#![cfg_attr(
    target_os = "linux",
    expect(
        unsafe_code,
        reason = "telling the system how to back memory takes a system call"
    )
)]

/// A plain number or pair of them, whose zero is all bits 0: such a column comes from the system as it is, and is not
/// written before it is used.
pub(crate) trait Zeroed: Copy + Send + Sync {
    const ZERO: Self;
}

impl Zeroed for u32 {
    const ZERO: Self = 0;
}

impl Zeroed for u64 {
    const ZERO: Self = 0;
}

impl Zeroed for f64 {
    const ZERO: Self = 0.0;
}

impl Zeroed for (u64, u64) {
    const ZERO: Self = (0, 0);
}

impl Zeroed for [f64; 2] {
    const ZERO: Self = [0.0; 2];
}

/// A column of zeros.
pub(super) fn zeroed<T: Zeroed>(n_rows: usize) -> Vec<T> {
    let mut column = vec![T::ZERO; n_rows];
    ask_for_huge_pages(&mut column);
    column
}

/// Columns below this size gain nothing.
#[cfg(target_os = "linux")]
const WORTHWHILE: usize = 4 << 20;

/// A column of 10^7 rows is 20 000 small pages, and the first touch of each costs as much as sorting its rows. Where
/// Linux gives out pages of 2 MiB on request, there are 40. It may refuse: then nothing has changed but the speed.
#[cfg(target_os = "linux")]
pub(crate) fn ask_for_huge_pages<T>(column: &mut Vec<T>) {
    use rustix::mm::{Advice, madvise};

    /// The system takes whole pages, whose size is a power of two up to this one.
    const LARGEST_PAGE: usize = 1 << 16;

    let n_bytes = column.capacity() * size_of::<T>();
    if n_bytes < WORTHWHILE {
        return;
    }
    let first = column.as_mut_ptr().cast::<u8>();
    let offset = first.align_offset(LARGEST_PAGE);
    // SAFETY: the range lies within the column's own allocation, which is larger than the offset. Advice on huge pages
    // does not change what memory holds, nor whether it can be used.
    let _refused = unsafe {
        madvise(
            first.add(offset).cast(),
            n_bytes - offset,
            Advice::LinuxHugepage,
        )
    };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn ask_for_huge_pages<T>(_column: &mut Vec<T>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_all_sizes_are_zero_and_writable() {
        for n_rows in [0, 1, 1000, 1 << 19, (1 << 20) + 1] {
            let mut column = zeroed::<(u64, u64)>(n_rows);
            assert_eq!(column.len(), n_rows);
            assert!(column.iter().all(|row| *row == (0, 0)));
            column.fill((1, 2));
            assert!(column.iter().all(|row| *row == (1, 2)));
        }
    }
}
