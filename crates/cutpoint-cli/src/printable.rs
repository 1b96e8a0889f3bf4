//! Text that may hold anything the data held, as a terminal or a log can be trusted to show it. Files keep what they are given.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A number of things: `1 row`, `2 rows`.
pub(crate) fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// Text with its control characters, and those that turn the direction of writing, as `\u001b`; line breaks stay. What is JSON
/// stays JSON, and means the same.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, false)
}

/// The same of text that this program has coloured: sequences that choose colours stay.
pub(crate) fn coloured(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

fn escaped(text: &str, keeps_colours: bool) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(place) = rest.find(is_unsafe) {
        shown.push_str(&rest[..place]);
        rest = &rest[place..];
        let kept = if keeps_colours { colour(rest) } else { 0 };
        if kept > 0 {
            shown.push_str(&rest[..kept]);
            rest = &rest[kept..];
        } else if let Some(letter) = rest.chars().next() {
            write!(shown, "\\u{:04x}", u32::from(letter)).expect("a String takes all text");
            rest = &rest[letter.len_utf8()..];
        }
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// The length of the sequence that a text begins with, if that chooses a colour and does nothing else.
fn colour(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\x1b[") else {
        return 0;
    };
    let end = parameters.find(|letter: char| !(letter.is_ascii_digit() || letter == ';'));
    match end {
        Some(end) if parameters[end..].starts_with('m') => end + "\x1b[m".len(),
        _ => 0,
    }
}

fn is_unsafe(letter: char) -> bool {
    let turns_direction = matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns_direction || (letter.is_control() && letter != '\n' && letter != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_is_spelled_out() {
        assert_eq!(printable("plain\ttext\n"), "plain\ttext\n");
        assert_eq!(printable("\x1b]0;T\x07a"), "\\u001b]0;T\\u0007a");
        assert_eq!(
            printable("a\u{202e}b\r\u{9b}2J"),
            "a\\u202eb\\u000d\\u009b2J"
        );
    }

    #[test]
    fn colours_stay_where_there_are_any() {
        let text = "\x1b[38;5;12mred\x1b[0m \x1b[2J\x1b[1A";
        assert_eq!(
            coloured(text),
            "\x1b[38;5;12mred\x1b[0m \\u001b[2J\\u001b[1A"
        );
        assert_eq!(printable("\x1b[1mb"), "\\u001b[1mb");
    }
}
