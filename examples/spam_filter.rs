//! The textbook's spam filter: 165 mails, 60 of them spam, positive class first.
//!
//!     cargo run --example spam_filter
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::metrics::{Cells, Metric};

fn main() -> Result<(), Box<dyn Error>> {
    // 50 spam mails were caught, 5 good mails were lost, 10 spam mails slipped through, 100 good mails arrived.
    let cells = Cells::from_counts(50, 5, 10, 100);
    for row in cells.to_textbook() {
        println!("{:>4} {:>4}", row[0], row[1]);
    }
    for name in ["accuracy", "precision", "recall", "f1"] {
        let metric = name.parse::<Metric>()?;
        if let Some(value) = metric.value(&cells) {
            println!("{}: {:.1} %", metric.title(), 100.0 * value);
        }
    }
    Ok(())
}
