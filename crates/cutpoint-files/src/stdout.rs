//! Stdout as what is written to it can be shown: a pipe or a file gets every byte, a terminal no character that would
//! command it.

use std::io::{self, IsTerminal, Stdout, Write};

use crate::printable::printable;

/// Where a file is written that is asked for as `-`.
#[derive(Debug)]
pub(crate) enum StandardOutput {
    /// To a pipe or a file.
    Plain(Stdout),
    Terminal(Shown<Stdout>),
}

impl StandardOutput {
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        if stdout.is_terminal() {
            Self::Terminal(Shown::new(stdout))
        } else {
            Self::Plain(stdout)
        }
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stdout) => stdout.write(bytes),
            Self::Terminal(shown) => shown.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stdout) => stdout.flush(),
            Self::Terminal(shown) => shown.flush(),
        }
    }
}

/// Writes text in a form that is safe to show, line by line.
#[derive(Debug)]
pub(crate) struct Shown<W> {
    writer: W,
    /// The line that has not ended yet.
    line: Vec<u8>,
}

impl<W> Shown<W> {
    fn new(writer: W) -> Self {
        Self {
            writer,
            line: Vec::new(),
        }
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|&byte| byte == b'\n') {
            let lines = self.line.drain(..=end).collect::<Vec<_>>();
            show(&mut self.writer, &lines)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        show(&mut self.writer, &rest)?;
        self.writer.flush()
    }
}

fn show(writer: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let text = String::from_utf8_lossy(bytes);
    writer.write_all(printable(&text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_commands() {
        let mut shown = Shown::new(Vec::new());
        let text = "score,group\n0.5,\u{1b}]0;T\u{7}é\r\n0.4,\u{202e}ab";
        // As a buffer may cut it: inside of a letter, too.
        for bytes in text.as_bytes().chunks(3) {
            shown.write_all(bytes).unwrap();
        }
        assert!(shown.writer.ends_with("\\u000d\n".as_bytes()));
        shown.flush().unwrap();
        let expected = "score,group\n0.5,\\u001b]0;T\\u0007é\\u000d\n0.4,\\u202eab";
        assert_eq!(String::from_utf8(shown.writer).unwrap(), expected);
    }
}
