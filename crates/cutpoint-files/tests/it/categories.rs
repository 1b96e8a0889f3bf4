//! Columns of categories keep all of their categories, in their order, in copies of some of the rows.

use std::path::{Path, PathBuf};

use cutpoint_files::{Output, Rows, ScoreColumns, ScoreReader};
use parquet::column::page::Page;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use crate::Sandbox;

/// An input that once went wrong: pandas categories low < mid < high, of which the first row has the second.
fn case(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    tests.join("golden/cases").join(name)
}

/// The dictionary of the first column, and its values row by row.
fn read(path: &Path) -> (Vec<String>, Vec<String>) {
    let file = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let group = file.get_row_group(0).unwrap();
    let mut pages = group.get_column_page_reader(0).unwrap();
    let Some(Page::DictionaryPage { buf, .. }) = pages.get_next_page().unwrap() else {
        panic!("a column of categories begins with a dictionary");
    };
    let mut categories = Vec::new();
    let mut rest = &buf[..];
    while let Some((length, behind)) = rest.split_first_chunk() {
        let (value, behind) = behind.split_at(u32::from_le_bytes(*length) as usize);
        categories.push(String::from_utf8(value.to_vec()).unwrap());
        rest = behind;
    }
    let rows = file.get_row_iter(None).unwrap();
    let values = rows.map(|row| row.unwrap().get_string(0).unwrap().clone());
    (categories, values.collect())
}

/// As pyarrow 26 reads them: `pq.read_table(…)["s"].chunk(0).dictionary`.
const ORDER: [&str; 3] = ["low", "mid", "high"];

#[test]
fn some_rows_have_all_categories() {
    let sandbox = Sandbox::new();
    let (rows, _) = Rows::read(&case("split_ordered.parquet"), None).unwrap();
    // The rows are mid, high, low, mid, high, low, high, low.
    for (indices, expected) in [
        (&[1, 4][..], &["high", "high"][..]),
        (&[0, 2], &["mid", "low"]),
    ] {
        let path = sandbox.path("copy.parquet");
        let mut output = Output::create_table(&path).unwrap();
        rows.write(&mut output, indices).unwrap();
        output.commit().unwrap();
        let (categories, values) = read(&path);
        assert_eq!(categories, ORDER);
        assert_eq!(values, expected);
        // A copy of the copy keeps them as well, and so it is one of a file of this program.
        let (again, _) = Rows::read(&path, None).unwrap();
        let path = sandbox.path("again.parquet");
        let mut output = Output::create_table(&path).unwrap();
        again.write(&mut output, &[0]).unwrap();
        output.commit().unwrap();
        assert_eq!(
            read(&path),
            (
                ORDER.map(str::to_owned).to_vec(),
                vec![expected[0].to_owned()]
            )
        );
    }
}

#[test]
fn a_column_more_leaves_categories_what_they_are() {
    let sandbox = Sandbox::new();
    let reader = ScoreReader::open(&case("ordered.parquet"), &ScoreColumns::default()).unwrap();
    let mut reader = reader.keep_rows();
    let path = sandbox.path("moved.parquet");
    let mut output = Output::create_table(&path).unwrap();
    let mut writer = reader.row_writer(&mut output, "move").unwrap();
    while reader.next_block().unwrap().is_some() {
        reader
            .copy_rows(&mut writer, [(1, "up"), (6, "down")])
            .unwrap();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    let (categories, values) = read(&path);
    assert_eq!(categories, ORDER);
    assert_eq!(values, ["high", "high"]);
    // That the column is one of ordered categories stands in the description that Arrow keeps; with one column more it
    // stays (`arrow_schema.rs`), that of pandas does not.
    let file = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
    let metadata = file
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap();
    let keys = metadata.iter().map(|entry| &*entry.key);
    assert_eq!(keys.collect::<Vec<_>>(), ["ARROW:schema"]);
}
