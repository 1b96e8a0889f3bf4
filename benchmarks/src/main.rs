//! Our side of `benchmarks/run`: loads arrays, then times one call for each line on stdin. It chooses no task, compares
//! nothing and keeps no results; the time it prints is that of the call alone.

mod npy;
mod tasks;

use std::io::{self, BufRead, Write};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use tasks::Loaded;

/// Answers each line of JSON with a line of JSON, until there are no more.
fn main() -> Result<()> {
    let mut loaded = Loaded::default();
    let mut stdout = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request = serde_json::from_str::<Value>(&line?)?;
        let answer = answer(&mut loaded, &request);
        let answer = answer.unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn answer(loaded: &mut Loaded, request: &Value) -> Result<Value> {
    if let Some(files) = request.get("load") {
        loaded.load(files)?;
        return Ok(json!({ "n_threads": rayon::current_num_threads() }));
    }
    let task = request["run"]
        .as_str()
        .context("neither `load` nor `run`")?;
    let (seconds, result) = loaded.run(task)?;
    Ok(json!({ "seconds": seconds, "result": result }))
}
