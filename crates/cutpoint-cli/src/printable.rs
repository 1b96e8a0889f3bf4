//! Text that may hold anything the data held, as a terminal or a log can be trusted to show it. Files keep what they
//! are given.

pub(crate) use cutpoint_files::printable;

/// The same of text that this program has coloured: the sequences that choose colours stay, unless they stand in the
/// same text without colours, too, and so came with the data.
pub(crate) fn coloured(text: &str, without_colours: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_of_the_program_stay() {
        let of_data = "\x1b[8mhid\x1b[2J";
        let plain = format!("a {of_data} b");
        let text = format!("\x1b[38;5;12ma\x1b[0m {of_data} \x1b[1mb\x1b[0m");
        assert_eq!(
            coloured(&text, &plain),
            "\x1b[38;5;12ma\x1b[0m \\u001b[8mhid\\u001b[2J \x1b[1mb\x1b[0m"
        );
        // One of each, and the same: one stays.
        assert_eq!(
            coloured("\x1b[1m\x1b[1ma", "\x1b[1ma"),
            "\\u001b[1m\x1b[1ma"
        );
        assert_eq!(coloured("\x1b[1mb", "a\x07"), "a\\u0007");
        assert_eq!(printable("\x1b[1mb"), "\\u001b[1mb");
    }
}
