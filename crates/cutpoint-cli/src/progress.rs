//! The progress bar of a command that reads a large file: how far it is, how fast, and how long it will take.
//!
//! It has no colours, is not shown where stderr is no terminal or the work takes less than a second, and goes when the
//! work is done.

use std::time::Duration;

use cutpoint_core::counted;
use cutpoint_files::Progress;
use indicatif::{HumanCount, ProgressDrawTarget, ProgressStyle};

/// How long a person waits without asking.
const PATIENCE: Duration = Duration::from_secs(1);
/// What is shown of a file whose size is known.
const OF_FILE: &str = "{msg} {bar:24} {percent:>3}%  {prefix}, {eta} left";
/// What is shown of a pipe.
const OF_PIPE: &str = "{msg}  {prefix}";

/// A line on stderr that changes while a file is read, and goes when it is dropped.
pub(crate) struct ProgressBar {
    bar: indicatif::ProgressBar,
    is_shown: bool,
}

impl ProgressBar {
    /// A bar that says what is being done, not shown yet.
    pub(crate) fn new(label: &'static str) -> Self {
        let bar = indicatif::ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(label);
        Self {
            bar,
            is_shown: false,
        }
    }

    /// Shows how far reading has come.
    pub(crate) fn update(&mut self, progress: Progress) {
        let elapsed = self.bar.elapsed();
        if elapsed < PATIENCE {
            return;
        }
        self.bar.set_position(progress.bytes_read());
        self.bar.set_prefix(rows(progress.rows_read(), elapsed));
        if !self.is_shown {
            self.is_shown = true;
            let template = match progress.n_bytes() {
                Some(n_bytes) => {
                    self.bar.set_length(n_bytes);
                    OF_FILE
                }
                None => OF_PIPE,
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            // It hides itself where stderr is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.tick();
        }
    }

    /// Takes the line away.
    pub(crate) fn finish(self) {
        drop(self);
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// How many rows were read, and how fast.
fn rows(n_rows: u64, elapsed: Duration) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is not negative, and far below 2^64"
    )]
    let per_second = (n_rows as f64 / elapsed.as_secs_f64()) as u64;
    let [n_rows, per_second] =
        [n_rows, per_second].map(|number| counted(HumanCount(number), "row"));
    format!("{n_rows}, {per_second}/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_their_rate() {
        let elapsed = Duration::from_millis(2500);
        assert_eq!(rows(5_000_000, elapsed), "5,000,000 rows, 2,000,000 rows/s");
        assert_eq!(rows(0, elapsed), "0 rows, 0 rows/s");
    }

    #[test]
    fn the_templates_are_whole() {
        for template in [OF_FILE, OF_PIPE] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
