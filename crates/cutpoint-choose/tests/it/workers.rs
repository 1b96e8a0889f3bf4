//! A source whose rows lie with several workers, each of which has some of them and answers a pass by itself: it gets
//! bytes and gives bytes, and what comes back is merged in whatever order it comes. What a cluster will be, in memory.

use std::collections::BTreeMap;
use std::thread;

use cutpoint_choose::{Block, Classes, Error, Pass, PassPart, Result, RowSource};
use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use cutpoint_core::{Label, Scores};

/// Rows in memory, with columns of amounts and groups.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    scores: Scores,
    amounts: BTreeMap<String, Vec<f64>>,
    groups: Option<Vec<String>>,
    /// Negative and positive rows that come before these.
    start: [usize; 2],
    ids: Option<Vec<String>>,
}

/// The same rows in parts, each with a worker of its own.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    parts: Vec<Rows>,
    /// Of the order in which answers come back; `None` for the one answer of one worker who has all rows.
    order_seed: Option<u64>,
}

impl From<Scores> for Rows {
    fn from(scores: Scores) -> Self {
        Self {
            scores,
            amounts: BTreeMap::new(),
            groups: None,
            start: [0, 0],
            ids: None,
        }
    }
}

impl Rows {
    /// The same rows with a column of amounts.
    pub(crate) fn with_amounts(mut self, name: &str, amounts: Vec<f64>) -> Self {
        assert_eq!(amounts.len(), self.scores.n_samples());
        self.amounts.insert(name.to_owned(), amounts);
        self
    }

    /// The same rows with the name of a group each.
    pub(crate) fn with_groups(mut self, groups: Vec<String>) -> Self {
        assert_eq!(groups.len(), self.scores.n_samples());
        self.groups = Some(groups);
        self
    }

    /// The same rows with a name each.
    pub(crate) fn with_ids(mut self, ids: Vec<String>) -> Self {
        assert_eq!(ids.len(), self.scores.n_samples());
        self.ids = Some(ids);
        self
    }

    /// Some of the rows, in that order; `None` if there are none, or if all weigh nothing.
    fn select(&self, rows: &[usize]) -> Option<Self> {
        let pick = |column: &[f64]| rows.iter().map(|&row| column[row]).collect::<Vec<_>>();
        let is_positive = rows.iter().map(|&row| self.scores.is_positive()[row]);
        let scores = Scores::new(is_positive.collect(), pick(self.scores.score())).ok()?;
        let scores = match self.scores.weight() {
            Some(weight) => scores.with_weight(pick(weight)).ok()?,
            None => scores,
        };
        let amounts = self.amounts.iter();
        let named = |column: &Option<Vec<String>>| {
            let column = column.as_ref()?;
            Some(rows.iter().map(|&row| column[row].clone()).collect())
        };
        Some(Self {
            scores,
            amounts: amounts
                .map(|(name, column)| (name.clone(), pick(column)))
                .collect(),
            groups: named(&self.groups),
            ids: named(&self.ids),
            start: [0, 0],
        })
    }

    /// The rows of each group, in the order in which groups first come.
    fn by_group(&self) -> Vec<(String, Self)> {
        let groups = self.groups.as_ref().expect("rows with groups");
        let mut members = Vec::<(&str, Vec<usize>)>::new();
        for (row, name) in groups.iter().enumerate() {
            match members.iter_mut().find(|(known, _)| known == name) {
                Some((_, rows)) => rows.push(row),
                None => members.push((name, vec![row])),
            }
        }
        let parts = members.into_iter();
        let parts = parts.filter_map(|(name, rows)| Some((name.to_owned(), self.select(&rows)?)));
        parts.collect()
    }

    /// What one worker finds in these rows.
    fn answer(&self, pass: &Pass<'_>) -> Result<PassPart> {
        let mut worker = pass.begin_at(self.start)?;
        let columns = pass.costs.iter().flat_map(|costs| costs.columns());
        let columns = columns.map(str::to_owned).collect::<Vec<_>>();
        let mut add = |rows: &Self, group: Option<&str>| {
            let amounts = columns.iter().map(|name| rows.amounts[name].clone());
            let ids = rows.ids.iter().flatten().map(String::as_str);
            worker.add(&Block {
                scores: &rows.scores,
                amounts: &amounts.collect::<Vec<_>>(),
                ids: &ids.collect::<Vec<_>>(),
                group,
            })
        };
        if pass.groups.is_some() {
            for (name, rows) in self.by_group() {
                add(&rows, Some(&name))?;
            }
        } else {
            add(self, None)?;
        }
        let present = [false, true].into_iter();
        let present = present.filter(|class| self.scores.is_positive().contains(class));
        Ok(worker.finish(Classes {
            labels: [Label::Integer(0), Label::Integer(1)],
            present: present
                .map(|class| Label::Integer(i64::from(class)))
                .collect(),
        }))
    }

    /// The same, of which the asker knows nothing but bytes.
    fn answer_bytes(&self, asked: &[u8]) -> Result<Vec<u8>> {
        let part = self.answer(&Pass::from_bytes(asked)?)?;
        Ok(part.to_bytes())
    }
}

impl Workers {
    /// One worker who has all rows, and whose answer is taken as it is.
    pub(crate) fn whole(rows: &Rows) -> Self {
        Self {
            parts: vec![rows.clone()],
            order_seed: None,
        }
    }

    /// Cuts the rows into so many parts, of unequal length and none of them empty; `order_seed`: of the order in which
    /// the answers of the workers come back.
    pub(crate) fn new(rows: &Rows, n_parts: usize, order_seed: u64) -> Self {
        let n_rows = rows.scores.n_samples();
        assert!((1..=n_rows).contains(&n_parts));
        // Cut at as many different places as it takes.
        let mut cuts = (1..n_rows).collect::<Vec<_>>();
        stream(order_seed, 0).shuffle(&mut cuts);
        cuts.truncate(n_parts - 1);
        cuts.extend([0, n_rows]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|ends| {
            let before = &rows.scores.is_positive()[..ends[0]];
            let n_positives = before.iter().filter(|is| **is).count();
            let part = rows.select(&(ends[0]..ends[1]).collect::<Vec<_>>());
            Rows {
                start: [ends[0] - n_positives, n_positives],
                ..part.expect("some of these rows weigh something")
            }
        });
        Self {
            parts: parts.collect(),
            order_seed: Some(order_seed),
        }
    }

    /// The rows of one of the workers.
    pub(crate) fn part(&self, index: usize) -> Rows {
        self.parts[index].clone()
    }
}

fn stream(seed: u64, block: u64) -> ChaChaStream {
    ChaChaStream::new(seed, Purpose::new("test/workers"), block)
}

impl RowSource for Workers {
    type Error = Error;

    fn run(&self, pass: &Pass<'_>) -> Result<PassPart> {
        let Some(order_seed) = self.order_seed else {
            return self.parts[0].answer(pass);
        };
        let asked = pass.to_bytes();
        let answers = thread::scope(|scope| {
            let workers = self.parts.iter();
            let workers = workers.map(|rows| scope.spawn(|| rows.answer_bytes(&asked)));
            let workers = workers.collect::<Vec<_>>().into_iter();
            let answers = workers.map(|worker| worker.join().expect("no worker panics"));
            answers.collect::<Result<Vec<_>>>()
        });
        let mut answers = answers?;
        stream(order_seed, 1).shuffle(&mut answers);
        let mut answers = answers.iter();
        let mut whole = PassPart::from_bytes(answers.next().expect("there are parts"))?;
        for part in answers {
            whole.merge(PassPart::from_bytes(part)?)?;
        }
        Ok(whole)
    }

    fn error(&self, error: Error) -> Error {
        error
    }
}
