//! A sample of the rows, to be listed behind the cells of a page. Which rows it holds is for the caller.

/// Rows by their names or numbers, with score and class.
#[derive(Debug, Clone, Default)]
pub struct ReportRows {
    pub(super) names: Option<Vec<String>>,
    pub(super) numbers: Vec<u64>,
    pub(super) score: Vec<f64>,
    pub(super) is_positive: Vec<bool>,
    pub(super) n_rows: u64,
}

impl ReportRows {
    /// No rows yet; `has_names`: whether rows have names of their own, or are told by their place in the file.
    pub fn new(has_names: bool) -> Self {
        Self {
            names: has_names.then(Vec::new),
            ..Self::default()
        }
    }

    /// Adds a row by its name.
    ///
    /// # Panics
    /// If rows are told by their place.
    pub fn add_named(&mut self, name: &str, score: f64, is_positive: bool) {
        const LONGEST: usize = 120;
        let name = match name.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name.to_owned(),
        };
        let names = self.names.as_mut();
        names.expect("rows have names").push(name);
        self.score.push(score);
        self.is_positive.push(is_positive);
    }

    /// Adds a row by its place in the file, counted from 0.
    ///
    /// # Panics
    /// If rows have names.
    pub fn add_numbered(&mut self, number: u64, score: f64, is_positive: bool) {
        assert!(self.names.is_none(), "rows have names");
        self.numbers.push(number);
        self.score.push(score);
        self.is_positive.push(is_positive);
    }

    /// How many rows there are, of which these are a sample.
    #[must_use]
    pub fn out_of(mut self, n_rows: u64) -> Self {
        self.n_rows = n_rows;
        self
    }

    /// Rows of the sample.
    pub fn n_sampled(&self) -> usize {
        self.score.len()
    }
}
