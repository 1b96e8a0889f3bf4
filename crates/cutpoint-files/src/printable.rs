//! Text that may hold anything the data held, as a terminal or a log can be trusted to show it. Files keep what they
//! are given.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text with its control characters, and those that turn the direction of writing, as `\u001b`; line breaks and tabs
/// stay. What is JSON stays JSON, and means the same.
///
/// # Examples
/// ```
/// use cutpoint_files::printable;
///
/// assert_eq!(printable("plain\ttext\n"), "plain\ttext\n");
/// assert_eq!(printable("\x1b]0;title\x07"), "\\u001b]0;title\\u0007");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_unsafe(letter) {
            write!(shown, "\\u{:04x}", u32::from(letter)).expect("a String takes all text");
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
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
}
