//! What curves of files are read off: the scores of all rows, of groups, of classes, or of several models, each with
//! where they stand.

use std::path::Path;

use cutpoint_choose::{Classes, CurveSweeps, Curves, LabelledSweep, NamedSweep, Swept};
use cutpoint_core::{ClassScores, Label};
use cutpoint_metrics::{Average, CurveKind};

use crate::class_scores::AnyReader;
use crate::labels::positive_of;
use crate::pairing::{PairingError, beside};
use crate::score_file::sweep_all;
use crate::score_reader::{ScoreReader, read_scores_with};
use crate::{Error, Progress, Result, ScoreColumns};

/// What curves are read off, and where the scores of each stand.
#[derive(Debug, Clone)]
pub struct CurveScores {
    sweeps: CurveSweeps,
    /// The file and the column of scores, or the group, of each sweep; of classes the file.
    sources: Vec<String>,
    /// Those that a file of scores of one class knows of.
    classes: Vec<Label>,
    gap: Option<ClassGap>,
}

/// Classes without which some of what curves tell is undefined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClassGap {
    /// All rows are of one class.
    Only(Label),
    /// No row is of these of several classes.
    Without(Vec<Label>),
}

/// Reads what the curves of a file are read off: the score of the positive class if the file has that column; if not,
/// those of all classes, or of the one that is named as the positive one.
///
/// # Errors
/// - Those of [`crate::read_any_scores`].
/// - [`Error::Scores`] if the class that is named is none of them.
///
/// # Examples
/// ```
/// use cutpoint_choose::CurveParts;
/// use cutpoint_files::{ScoreColumns, read_curve_scores};
/// use cutpoint_metrics::CurveKind;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n0,0.1\n")?;
/// let scores = read_curve_scores(&path, &ScoreColumns::default(), |_| {})?;
/// // At 0.7 both positive rows are found, and one of three negative ones is taken for positive.
/// let json = serde_json::to_value(scores.curves(&CurveKind::Ks)?)?;
/// assert_eq!((&json["ks"], &json["ks_thresholds"][0]), (&(2.0 / 3.0).into(), &0.7.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_curve_scores(
    path: &Path,
    columns: &ScoreColumns,
    on_progress: impl FnMut(Progress),
) -> Result<CurveScores> {
    match AnyReader::open(path, columns)? {
        AnyReader::Binary(parts) => {
            let swept = sweep_all(ScoreReader::of_parts(*parts), path, on_progress)?;
            Ok(CurveScores::of_binary(path, columns, swept))
        }
        AnyReader::Classes(table, reader) => {
            CurveScores::of_classes(path, columns, reader.read(*table, on_progress)?)
        }
    }
}

/// Reads what the curves of the groups of a file are read off, a curve a group, in the order of their names.
///
/// # Errors
/// - Those of [`crate::read_scores`].
/// - [`Error::Scores`] for a group all of whose weights are 0.
///
/// # Panics
/// If no column of groups is named.
pub fn read_curve_groups(
    path: &Path,
    columns: &ScoreColumns,
    on_progress: impl FnMut(Progress),
) -> Result<CurveScores> {
    let file = read_scores_with(path, columns, on_progress)?;
    let place = |name: &str| format!("{}, group `{name}`", path.display());
    let groups = file.groups().expect("a column of groups is named");
    let labels = [file.negative().clone(), file.positive().clone()];
    let sweeps = CurveSweeps::of_groups(file.scores(), &labels, groups);
    let sweeps = sweeps.map_err(|error| match error {
        cutpoint_choose::Error::Part { name, source } => refused(place(&name), *source),
        error => refused(path.display().to_string(), error),
    })?;
    let sources = match &sweeps {
        CurveSweeps::Groups(groups) => groups.iter().map(|one| place(&one.name)).collect(),
        _ => Vec::new(),
    };
    Ok(CurveScores {
        sweeps,
        sources,
        classes: Vec::new(),
        gap: None,
    })
}

fn refused(place: String, error: impl Into<cutpoint_choose::Error>) -> Error {
    Error::Scores {
        place,
        source: Box::new(error.into()),
    }
}

impl CurveScores {
    fn of_binary(path: &Path, columns: &ScoreColumns, swept: Swept) -> Self {
        let Classes { labels, present } = swept.classes;
        let gap = match &present[..] {
            [class] => Some(ClassGap::Only(class.clone())),
            _ => None,
        };
        Self {
            sweeps: CurveSweeps::One(LabelledSweep {
                labels,
                sweep: swept.partial.into_edges(),
            }),
            sources: vec![format!("{}, column `{}`", path.display(), columns.score)],
            classes: present,
            gap,
        }
    }

    fn of_classes(path: &Path, columns: &ScoreColumns, scores: ClassScores) -> Result<Self> {
        let path = path.display();
        if let Some(named) = &columns.positive {
            let positive = positive_of(scores.y(), Some(named));
            let column = || format!("{path}, column `{}`", columns.label);
            let positive = positive.map_err(|error| refused(column(), error))?;
            let place = format!("{path}, column `p_{positive}`");
            let sweeps = CurveSweeps::of_class(&scores, &positive);
            return Ok(Self {
                sweeps: sweeps.map_err(|error| refused(place.clone(), error))?,
                sources: vec![place],
                classes: scores.classes().to_vec(),
                gap: None,
            });
        }
        let counted = scores.classes().iter().zip(scores.y().counts());
        let without = counted.filter(|(_, count)| *count == 0);
        let without = without.map(|(class, _)| class.clone()).collect::<Vec<_>>();
        let sweeps = CurveSweeps::of_classes(scores);
        Ok(Self {
            sweeps: sweeps.map_err(|error| refused(path.to_string(), error))?,
            sources: vec![path.to_string()],
            classes: Vec::new(),
            gap: (!without.is_empty()).then_some(ClassGap::Without(without)),
        })
    }

    /// The sweeps that curves are read off.
    pub fn sweeps(&self) -> &CurveSweeps {
        &self.sweeps
    }

    /// What classes lack rows, where some of a curve is undefined for it.
    pub fn gap(&self) -> Option<&ClassGap> {
        self.gap.as_ref()
    }

    /// Where the scores stand, or the first of them.
    pub fn source(&self) -> &str {
        self.sources.first().map_or("", String::as_str)
    }

    /// Where the scores of a model, a group or a class stand.
    pub fn source_of(&self, name: &str) -> String {
        match &self.sweeps {
            CurveSweeps::Models(parts) | CurveSweeps::Groups(parts) => {
                let named = parts.iter().zip(&self.sources);
                let mut named = named.filter(|(one, _)| one.name == name);
                let source = named.next().map(|(_, source)| source);
                source.cloned().unwrap_or_default()
            }
            _ => format!("{}, column `p_{name}`", self.source()),
        }
    }

    /// A curve of each sweep.
    ///
    /// # Errors
    /// Those of [`CurveSweeps::curves`], as [`Error::Scores`] that says where the scores stand.
    pub fn curves(&self, kind: &CurveKind) -> Result<Curves> {
        self.placed(self.sweeps.curves(kind))
    }

    /// The one curve of all classes together.
    ///
    /// # Errors
    /// Those of [`CurveSweeps::average_curve`], as [`Error::Scores`] that says where the scores stand.
    pub fn average_curve(&self, kind: &CurveKind, average: Average) -> Result<Curves> {
        self.placed(self.sweeps.average_curve(kind, average))
    }

    fn placed(&self, curves: cutpoint_choose::Result<Curves>) -> Result<Curves> {
        curves.map_err(|error| match error {
            cutpoint_choose::Error::Part { name, source } => {
                refused(self.source_of(&name), *source)
            }
            error => refused(self.source().to_owned(), error),
        })
    }
}

/// What the curves of several models are read off, each in a file of its own, by which it is called.
///
/// # Examples
/// ```
/// use cutpoint_files::{CurveModels, ScoreColumns};
/// use cutpoint_metrics::CurveKind;
///
/// let directory = tempfile::tempdir()?;
/// let mut models = CurveModels::default();
/// for (name, score) in [("old.csv", 0.5), ("new.csv", 0.8)] {
///     let path = directory.path().join(name);
///     std::fs::write(&path, format!("y_true,y_score\n1,{score}\n0,0.5\n"))?;
///     let scores = models.read(&path, &ScoreColumns::default(), |_| {})?;
///     models.add(&path, scores)?;
/// }
/// let curves = models.finish()?.curves(&CurveKind::Ks)?;
/// let json = serde_json::to_value(curves)?;
/// let ks = |model: usize| json["models"][model]["ks"].as_f64();
/// assert_eq!([ks(0), ks(1)], [Some(0.0), Some(1.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CurveModels {
    models: Vec<NamedSweep>,
    sources: Vec<String>,
    vocabularies: Vec<Vec<Label>>,
}

impl CurveModels {
    /// Reads the scores of a further model as [`read_curve_scores`] does, and does not add them yet.
    ///
    /// # Errors
    /// - Those of [`read_curve_scores`].
    /// - [`PairingError::ClassNames`] if the classes do not tell which is positive, and those of the first model do.
    pub fn read(
        &self,
        path: &Path,
        columns: &ScoreColumns,
        on_progress: impl FnMut(Progress),
    ) -> Result<CurveScores> {
        let read = read_curve_scores(path, columns, on_progress);
        let Some(first) = self.models.first() else {
            return read;
        };
        let other = path.display().to_string();
        beside(read, [&first.name, &other], &first.of.labels)
    }

    /// Adds a model that is called as its file.
    ///
    /// # Errors
    /// - [`PairingError::SeveralClasses`] for scores that are not those of one class.
    /// - [`PairingError::Positive`] if they are of another class than those of the first model.
    pub fn add(&mut self, path: &Path, scores: CurveScores) -> Result<()> {
        let source = scores.source().to_owned();
        let name = path.display().to_string();
        let CurveSweeps::One(of) = scores.sweeps else {
            return Err(PairingError::SeveralClasses { name }.told());
        };
        if let (Some(first), Some(first_source)) = (self.models.first(), self.sources.first())
            && !first.of.labels[1].is_same(&of.labels[1])
        {
            let error = PairingError::Positive {
                first: first_source.clone(),
                other: source,
                positive: [first.of.labels[1].clone(), of.labels[1].clone()],
            };
            return Err(error.told());
        }
        self.vocabularies.push(scores.classes);
        self.models.push(NamedSweep { name, of });
        self.sources.push(source);
        Ok(())
    }

    /// All of them together.
    ///
    /// # Errors
    /// [`PairingError::ClassNames`] if a class has one name in a file and another in another.
    pub fn finish(self) -> Result<CurveScores> {
        let named = || self.models.iter().zip(&self.vocabularies);
        // A file of one class may not know what the other is called.
        if let Some((first, classes)) = named().find(|(_, classes)| classes.len() > 1) {
            let is_known = |class: &Label| classes.iter().any(|known| known.is_same(class));
            if let Some((other, found)) = named().find(|(_, found)| !found.iter().all(is_known)) {
                let error = PairingError::ClassNames {
                    first: first.name.clone(),
                    classes: classes.clone(),
                    other: other.name.clone(),
                    found: found.clone(),
                };
                return Err(error.told());
            }
        }
        Ok(CurveScores {
            sweeps: CurveSweeps::Models(self.models),
            sources: self.sources,
            classes: Vec::new(),
            gap: None,
        })
    }
}
