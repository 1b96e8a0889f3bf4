//! Evaluates the formulas that the catalogue prints, so that what it says of a metric is held against what the metric
//! does. Knows `+ - * /`, brackets, `sqrt(…)`, `tp fp fn tn`, and that words side by side are multiplied.

use cutpoint_metrics::Cells;

/// The value of a formula, up to a comma after which it speaks of exceptions.
pub(crate) fn evaluate(formula: &str, cells: &Cells) -> f64 {
    let text = formula.split_once(',').map_or(formula, |(text, _)| text);
    let mut parser = Parser {
        tokens: tokens(text),
        next: 0,
        cells,
    };
    let value = parser.sum();
    assert_eq!(parser.next, parser.tokens.len(), "{formula} is read whole");
    value
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut joins = false;
    for letter in text.chars() {
        let is_word = letter.is_alphanumeric() || letter == '.';
        if is_word && joins {
            tokens.last_mut().expect("a word to join").push(letter);
        } else if !letter.is_whitespace() {
            tokens.push(letter.to_string());
        }
        joins = is_word;
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<String>,
    next: usize,
    cells: &'a Cells,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.next).map(String::as_str)
    }

    fn take(&mut self, token: &str) -> bool {
        let is_it = self.peek() == Some(token);
        self.next += usize::from(is_it);
        is_it
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            if self.take("+") {
                value += self.product();
            } else if self.take("-") {
                value -= self.product();
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut value = self.factor();
        loop {
            if self.take("/") {
                value /= self.factor();
            } else if matches!(self.peek(), None | Some("+" | "-" | ")")) {
                return value;
            } else {
                value *= self.factor();
            }
        }
    }

    fn factor(&mut self) -> f64 {
        if self.take("sqrt") {
            return self.factor().sqrt();
        }
        if self.take("(") {
            let value = self.sum();
            assert!(self.take(")"), "a bracket closes");
            return value;
        }
        let word = self.tokens[self.next].clone();
        self.next += 1;
        match word.as_str() {
            "tp" => self.cells.tp(),
            "fp" => self.cells.fp(),
            "fn" => self.cells.fn_(),
            "tn" => self.cells.tn(),
            number => number.parse().expect("a cell or a number"),
        }
    }
}

#[test]
fn formulas_are_read_as_a_person_reads_them() {
    let cells = Cells::from_counts(2, 3, 5, 7);
    for (formula, expected) in [
        ("tp / (tp + fp)", 0.4),
        ("2 tp / (2 tp + fn + fp)", 4.0 / 12.0),
        ("tp tn - fp fn", -1.0),
        ("1.25 tp - 0.5", 2.0),
        ("sqrt((tp + tn) (tp + tn)), and so on", 9.0),
    ] {
        let value = evaluate(formula, &cells);
        assert!((value - expected).abs() < 1e-15, "{formula}: {value}");
    }
}
