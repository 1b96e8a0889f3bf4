//! Where a command speaks: data to stdout, talk to stderr.

use std::fmt::Display;
use std::io::{self, BufWriter, Stderr, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use cutpoint_files::{printable, printable_coloured};
use cutpoint_plot::{Terminal, TerminalColors, TextChart, text_chart};

use crate::stdout::OpenStdout;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Text that is safe to show, whatever the data held.
pub(crate) struct Shown(String);

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        Self(printable(text).into_owned())
    }
}

/// The two standard streams of one run.
pub(crate) struct Console {
    out: BufWriter<OpenStdout>,
    err: AutoStream<Stderr>,
}

impl Console {
    pub(crate) fn new() -> Self {
        Self {
            out: BufWriter::new(OpenStdout::new()),
            err: AutoStream::auto(io::stderr()),
        }
    }

    /// Data: buffered stdout. What is written here may be piped on, so it holds colours only if
    /// [`Console::terminal`] says so.
    pub(crate) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Text for people, or JSON: as [`Console::out`], with whatever the data held in a form that is safe to show.
    pub(crate) fn show(&mut self, text: impl Into<Shown>) -> io::Result<()> {
        self.out.write_all(text.into().0.as_bytes())
    }

    /// Text with the colours that stdout can show; without them it is the same.
    pub(crate) fn drawn(&self, draw: impl Fn(Terminal) -> String) -> Shown {
        let terminal = self.terminal();
        let plain = draw(Terminal {
            colors: TerminalColors::None,
            ..terminal
        });
        match terminal.colors {
            TerminalColors::None => Shown::from(&plain),
            TerminalColors::Ansi256 | TerminalColors::TrueColor => {
                Shown(printable_coloured(&draw(terminal), &plain))
            }
        }
    }

    /// A chart of characters, of which names may come from data.
    pub(crate) fn chart(&mut self, mut chart: TextChart<'_>) -> io::Result<()> {
        chart.title = printable(&chart.title).into_owned();
        for line in &mut chart.lines {
            line.name = printable(&line.name).into_owned();
        }
        let text = text_chart(&chart, self.terminal());
        self.show(Shown(text))
    }

    /// What may be written to stdout: colours if it is a terminal and `NO_COLOR` and its kin do not forbid them.
    fn terminal(&self) -> Terminal {
        let out = self.out.get_ref().stream();
        let colors = if AutoStream::choice(out) == ColorChoice::Never {
            TerminalColors::None
        } else if anstyle_query::truecolor() {
            TerminalColors::TrueColor
        } else {
            TerminalColors::Ansi256
        };
        let size = terminal_size::terminal_size_of(out);
        Terminal {
            colors,
            width: size.map(|(width, _)| usize::from(width.0)),
        }
    }

    /// Sends what is buffered; the last thing a successful run does.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Talk for people, one line on stderr.
    pub(crate) fn note(&mut self, message: impl Display) {
        self.talk("", Style::new(), message);
    }

    /// Something that was done but may not be what was meant.
    pub(crate) fn warn(&mut self, message: impl Display) {
        self.talk("warning: ", WARNING, message);
    }

    /// Why the run failed.
    pub(crate) fn error(&mut self, message: impl Display) {
        self.talk("error: ", ERROR, message);
    }

    /// What may cure an error or a warning.
    pub(crate) fn hint(&mut self, message: impl Display) {
        self.talk("hint: ", HINT, message);
    }

    /// One line on stderr. If nobody can be told, nobody is.
    fn talk(&mut self, kind: &str, style: Style, message: impl Display) {
        let message = message.to_string();
        let kind = kind.trim_end();
        let space = if kind.is_empty() { "" } else { " " };
        writeln!(
            self.err,
            "{style}{kind}{style:#}{space}{}",
            printable(&message)
        )
        .ok();
    }
}
