//! Reads the arrays that both sides of a benchmark load: `.npy` files of the few kinds that `run` makes. Not a reader
//! of `.npy` files in general.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// An array: its dimensions and its bytes, row after row.
pub(crate) struct Array {
    bytes: Vec<u8>,
    start: usize,
    kind: String,
    pub(crate) shape: Vec<usize>,
}

impl Array {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
        Self::parse(bytes).with_context(|| format!("failed to read {}", path.display()))
    }

    fn parse(bytes: Vec<u8>) -> Result<Self> {
        const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
        const SIZE: usize = MAGIC.len() + 2;

        ensure!(bytes.starts_with(MAGIC), "not a .npy file of version 1");
        let size = bytes.get(SIZE - 2..SIZE).context("no header")?;
        let start = SIZE + usize::from(u16::from_le_bytes([size[0], size[1]]));
        let header = std::str::from_utf8(bytes.get(SIZE..start).context("no header")?)?;
        ensure!(header.contains("'fortran_order': False"), "columns first");
        let kind = between(header, "'descr': '", "'")?.to_owned();
        let shape = between(header, "'shape': (", ")")?;
        let shape = shape.split(',').map(str::trim).filter(|n| !n.is_empty());
        let shape = shape.map(str::parse).collect::<Result<Vec<usize>, _>>()?;
        Ok(Self {
            bytes,
            start,
            kind,
            shape,
        })
    }

    /// The values of an array of 64-bit floats.
    pub(crate) fn floats(&self) -> Result<Vec<f64>> {
        self.words("<f8", f64::from_le_bytes)
    }

    /// The values of an array of 64-bit integers.
    pub(crate) fn integers(&self) -> Result<Vec<i64>> {
        self.words("<i8", i64::from_le_bytes)
    }

    /// The values of an array of truth values.
    pub(crate) fn bools(&self) -> Result<Vec<bool>> {
        let values = self.values("|b1", 1)?;
        Ok(values.iter().map(|&byte| byte != 0).collect())
    }

    fn words<T>(&self, kind: &str, of_bytes: impl Fn([u8; 8]) -> T) -> Result<Vec<T>> {
        let (words, _) = self.values(kind, 8)?.as_chunks::<8>();
        Ok(words.iter().map(|&word| of_bytes(word)).collect())
    }

    fn values(&self, kind: &str, width: usize) -> Result<&[u8]> {
        ensure!(self.kind == kind, "holds {}, not {kind}", self.kind);
        let n_bytes = width * self.shape.iter().product::<usize>();
        match self.bytes[self.start..].get(..n_bytes) {
            Some(values) => Ok(values),
            None => bail!("the file is cut off"),
        }
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Result<&'a str> {
    let found = text
        .split_once(start)
        .and_then(|(_, rest)| rest.split_once(end));
    let (value, _) = found.with_context(|| format!("no {start} in the header"))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as NumPy writes it: the header ends at a multiple of 64 bytes.
    fn file(kind: &str, shape: &str, values: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
        let header = format!("{text:117}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.bytes());
        bytes.extend(values);
        bytes
    }

    #[test]
    fn arrays_of_each_kind_are_read() {
        let values = [1.5_f64, -2.0].map(f64::to_le_bytes).concat();
        let array = Array::parse(file("<f8", "(2, 1)", &values)).unwrap();
        assert_eq!(array.shape, [2, 1]);
        assert_eq!(array.floats().unwrap(), [1.5, -2.0]);
        assert!(array.integers().is_err());

        let values = [7_i64, -1].map(i64::to_le_bytes).concat();
        let array = Array::parse(file("<i8", "(2,)", &values)).unwrap();
        assert_eq!(array.integers().unwrap(), [7, -1]);

        let array = Array::parse(file("|b1", "(3,)", &[1, 0, 1])).unwrap();
        assert_eq!(array.bools().unwrap(), [true, false, true]);
        let short = Array::parse(file("|b1", "(4,)", &[1, 0, 1])).unwrap();
        assert!(short.bools().is_err());
        assert!(Array::parse(b"label,score".to_vec()).is_err());
    }
}
