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

/// The same of text that has been coloured since: the sequences that choose colours stay, unless they stand in the same
/// text without colours, too, and so came with the data.
///
/// # Examples
/// ```
/// use cutpoint_files::printable_coloured;
///
/// let text = printable_coloured("\x1b[1mname\x1b[0m \x1b[2J", "name \x1b[2J");
/// assert_eq!(text, "\x1b[1mname\x1b[0m \\u001b[2J");
/// ```
pub fn printable_coloured(text: &str, without_colours: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let (mut rest, mut plain) = (text, without_colours);
    while let Some(letter) = rest.chars().next() {
        let sequence = &rest[..colour(rest)];
        let is_own = !sequence.is_empty() && !plain.starts_with(sequence);
        let taken = if is_own {
            shown.push_str(sequence);
            sequence.len()
        } else if plain.starts_with(letter) {
            plain = &plain[letter.len_utf8()..];
            shown.push_str(&printable(&rest[..letter.len_utf8()]));
            letter.len_utf8()
        } else {
            // Not the same text: no sequence can be told from those of the data.
            return printable(without_colours).into_owned();
        };
        rest = &rest[taken..];
    }
    shown
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
    fn only_colours_of_the_program_stay() {
        let of_data = "\x1b[8mhid\x1b[2J";
        let plain = format!("a {of_data} b");
        let text = format!("\x1b[38;5;12ma\x1b[0m {of_data} \x1b[1mb\x1b[0m");
        assert_eq!(
            printable_coloured(&text, &plain),
            "\x1b[38;5;12ma\x1b[0m \\u001b[8mhid\\u001b[2J \x1b[1mb\x1b[0m"
        );
        // One of each, and the same: one stays.
        assert_eq!(
            printable_coloured("\x1b[1m\x1b[1ma", "\x1b[1ma"),
            "\\u001b[1m\x1b[1ma"
        );
        assert_eq!(printable_coloured("\x1b[1mb", "a\x07"), "a\\u0007");
    }
}
