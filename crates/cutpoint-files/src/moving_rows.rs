//! The rows of a score file that move between the cells, copied whole, and the ledger of the move from one reading.

use std::path::Path;

use cutpoint_choose::{Block, Ledger, Pass};
use cutpoint_core::Threshold;
use cutpoint_metrics::{Costs, moving_rows};

use crate::{Error, Output, Progress, Result, ScoreColumns, ScoreReader};

/// Copies the rows that change cells when the threshold moves, each with a column `move` that says how, and tells the
/// ledger of the move as [`moves_from`](cutpoint_choose::moves_from) does, from one reading.
///
/// # Errors
/// - Those of [`crate::read_scores`].
/// - Those of [`ScoreReader::row_writer`] and [`ScoreReader::copy_rows`].
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_files::{Output, ScoreColumns, copy_moving_rows};
///
/// let directory = tempfile::tempdir()?;
/// let (scores, moved) = (directory.path().join("scores.csv"), directory.path().join("moved.csv"));
/// std::fs::write(&scores, "id,y_true,y_score\nc7,1,0.9\nb2,0,0.4\na9,1,0.1\n")?;
/// let mut output = Output::create_table(&moved)?;
/// let thresholds = [Threshold::HALF, Threshold::new(0.3)?];
/// let ledger = copy_moving_rows(&scores, &ScoreColumns::default(), thresholds, None, &mut output, |_| {})?;
/// output.commit()?;
/// assert_eq!(ledger.moves.tn_to_fp(), 1.0);
/// assert_eq!(std::fs::read_to_string(&moved)?, "id,y_true,y_score,move\nb2,0,0.4,tn_to_fp\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn copy_moving_rows(
    path: &Path,
    columns: &ScoreColumns,
    [from, to]: [Threshold; 2],
    costs: Option<&Costs>,
    output: &mut Output,
    mut on_progress: impl FnMut(Progress),
) -> Result<Ledger> {
    let wrong = |source: cutpoint_metrics::Error| Error::Rows {
        path: path.to_owned(),
        source: Box::new(source),
    };
    let mut reader = ScoreReader::open(path, columns)?.keep_rows();
    let mut writer = reader.row_writer(output, "move")?;
    let mut pass = Pass::within(0);
    pass.moves = Some([from, to]);
    pass.with_survey = true;
    let mut worker = pass.begin().map_err(wrong)?;
    while let Some(scores) = reader.next_block()? {
        let moving = moving_rows(&scores, from, to);
        let moving = moving.iter();
        let moving = moving.map(|row| (row.row_index(), row.kind().name()));
        reader.copy_rows(&mut writer, moving)?;
        let block = Block {
            scores: &scores,
            amounts: &[],
            ids: &[],
            group: None,
        };
        worker.add(&block).map_err(wrong)?;
        on_progress(reader.progress());
    }
    writer.finish()?;
    Ok(Ledger::of(worker.finish(reader.class_names()), costs))
}
