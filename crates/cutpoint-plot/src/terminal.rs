//! What a terminal can show. Who asks it is not known here.

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TerminalColors {
    /// Text without any, as for a file.
    #[default]
    None,
    /// The 256 of most terminals.
    Ansi256,
    /// 24 bits.
    TrueColor,
}

/// What text is drawn for. The default is a file: no colours, and as wide as need be.
///
/// # Examples
/// ```
/// use cutpoint_plot::{Terminal, TerminalColors};
///
/// let narrow = Terminal { width: Some(40), ..Terminal::default() };
/// assert_eq!(narrow.colors, TerminalColors::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Default none.
    pub colors: TerminalColors,
    /// In columns. Default `None`, a file or a pipe.
    pub width: Option<usize>,
}
