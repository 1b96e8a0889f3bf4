//! What the decoder of Parquet passes over in a footer and in the headers of pages: the types of chunks, and how large
//! pages claim to be before they are decompressed.
//!
//! All other fields are passed over; what is no header is an error.
//!
//! Reference: Apache Thrift, *Thrift compact protocol encoding*; Apache Parquet, `parquet.thrift`.

use std::io::{self, Read};

/// Structs within structs that a header may hold; Parquet's own have six.
const MAX_DEPTH: usize = 32;

/// The size of a page, before and after its compression.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    /// Bytes of the header itself.
    pub(crate) header: u64,
    pub(crate) compressed: u64,
    pub(crate) uncompressed: u64,
    pub(crate) of: PageKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    Data,
    Dictionary,
    /// A page of an index, which readers pass over.
    Index,
}

impl PageSize {
    /// Reads the header of a page.
    pub(crate) fn read(input: impl Read) -> io::Result<Self> {
        let mut thrift = Thrift { input, n_read: 0 };
        let [mut kind, mut uncompressed, mut compressed] = [None; 3];
        let mut id = 0;
        while let Some(of) = thrift.field(&mut id)? {
            match (id, of) {
                (1, Thrift::<()>::I32) => kind = Some(thrift.signed()?),
                (2, Thrift::<()>::I32) => uncompressed = Some(thrift.signed()?),
                (3, Thrift::<()>::I32) => compressed = Some(thrift.signed()?),
                (_, of) => thrift.skip(of, MAX_DEPTH)?,
            }
        }
        let size = |size: Option<i64>| {
            size.and_then(|size| u64::try_from(size).ok())
                .ok_or_else(bad)
        };
        Ok(Self {
            header: thrift.n_read,
            compressed: size(compressed)?,
            uncompressed: size(uncompressed)?,
            of: match kind {
                Some(0 | 3) => PageKind::Data,
                Some(1) => PageKind::Index,
                Some(2) => PageKind::Dictionary,
                _ => return Err(bad()),
            },
        })
    }
}

/// The physical type of each chunk of a footer, row group by row group, by its number in the format.
pub(crate) fn chunk_types(footer: &[u8]) -> io::Result<Vec<i64>> {
    const ROW_GROUPS: i64 = 4;
    const COLUMNS: i64 = 1;
    const META_DATA: i64 = 3;
    const TYPE: i64 = 1;
    let mut thrift = Thrift {
        input: footer,
        n_read: 0,
    };
    let mut types = Vec::new();
    let mut id = 0;
    while let Some(of) = thrift.field(&mut id)? {
        if (id, of) != (ROW_GROUPS, Thrift::<()>::LIST) {
            thrift.skip(of, MAX_DEPTH)?;
            continue;
        }
        for _ in 0..thrift.structs()? {
            let mut id = 0;
            while let Some(of) = thrift.field(&mut id)? {
                if (id, of) != (COLUMNS, Thrift::<()>::LIST) {
                    thrift.skip(of, MAX_DEPTH)?;
                    continue;
                }
                for _ in 0..thrift.structs()? {
                    let mut id = 0;
                    while let Some(of) = thrift.field(&mut id)? {
                        if (id, of) != (META_DATA, Thrift::<()>::STRUCT) {
                            thrift.skip(of, MAX_DEPTH)?;
                            continue;
                        }
                        let mut id = 0;
                        while let Some(of) = thrift.field(&mut id)? {
                            if (id, of) == (TYPE, Thrift::<()>::I32) {
                                types.push(thrift.signed()?);
                            } else {
                                thrift.skip(of, MAX_DEPTH)?;
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(types)
}

/// A reader of the protocol.
struct Thrift<R> {
    input: R,
    n_read: u64,
}

/// The types of fields.
impl<R> Thrift<R> {
    const TRUE: u8 = 1;
    const FALSE: u8 = 2;
    const BYTE: u8 = 3;
    const I16: u8 = 4;
    const I32: u8 = 5;
    const I64: u8 = 6;
    const DOUBLE: u8 = 7;
    const BINARY: u8 = 8;
    const LIST: u8 = 9;
    const SET: u8 = 10;
    const MAP: u8 = 11;
    const STRUCT: u8 = 12;
}

impl<R: Read> Thrift<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        self.n_read += 1;
        Ok(byte[0])
    }

    fn unsigned(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(bad())
    }

    /// A number whose sign is its last bit.
    fn signed(&mut self) -> io::Result<i64> {
        let number = self.unsigned()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// The type of the next field, whose number follows on the one before; none after the last.
    fn field(&mut self, id: &mut i64) -> io::Result<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        *id = match head >> 4 {
            0 => self.signed()?,
            step => id.checked_add(step.into()).ok_or_else(bad)?,
        };
        Ok(Some(head & 0x0f))
    }

    /// The type and the number of the items of a list.
    fn list(&mut self) -> io::Result<(u8, u64)> {
        let head = self.byte()?;
        let n_items = match head >> 4 {
            15 => self.unsigned()?,
            n_items => n_items.into(),
        };
        Ok((head & 0x0f, n_items))
    }

    /// The number of the items of a list of structs.
    fn structs(&mut self) -> io::Result<u64> {
        match self.list()? {
            (Self::STRUCT, n_items) => Ok(n_items),
            (_, 0) => Ok(0),
            _ => Err(bad()),
        }
    }

    /// Passes over a value; an item of a list has its truth value in a byte of its own.
    fn skip(&mut self, of: u8, depth: usize) -> io::Result<()> {
        let depth = depth.checked_sub(1).ok_or_else(bad)?;
        match of {
            Self::TRUE | Self::FALSE => {}
            Self::BYTE => {
                self.byte()?;
            }
            Self::I16 | Self::I32 | Self::I64 => {
                self.unsigned()?;
            }
            Self::DOUBLE => self.pass(8)?,
            Self::BINARY => {
                let n_bytes = self.unsigned()?;
                self.pass(n_bytes)?;
            }
            Self::LIST | Self::SET => {
                let (of, n_items) = self.list()?;
                for _ in 0..n_items {
                    self.skip_item(of, depth)?;
                }
            }
            Self::MAP => {
                let n_items = self.unsigned()?;
                if n_items > 0 {
                    let of = self.byte()?;
                    for _ in 0..n_items {
                        self.skip_item(of >> 4, depth)?;
                        self.skip_item(of & 0x0f, depth)?;
                    }
                }
            }
            Self::STRUCT => {
                let mut id = 0;
                while let Some(of) = self.field(&mut id)? {
                    self.skip(of, depth)?;
                }
            }
            _ => return Err(bad()),
        }
        Ok(())
    }

    fn skip_item(&mut self, of: u8, depth: usize) -> io::Result<()> {
        match of {
            Self::TRUE | Self::FALSE => self.byte().map(|_| ()),
            of => self.skip(of, depth),
        }
    }

    fn pass(&mut self, n_bytes: u64) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.input).take(n_bytes), &mut io::sink())?;
        self.n_read += passed;
        if passed == n_bytes {
            Ok(())
        } else {
            Err(bad())
        }
    }
}

fn bad() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a header is not one of Parquet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_page() {
        // type DATA_PAGE, 300 bytes, 20 compressed, then a struct to be passed over: 7 values, and a text of 3 bytes.
        let header = [
            0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x28, 0x2c, 0x15, 0x0e, 0x18, 0x03, b'a', b'b',
            b'c', 0x00, 0x00,
        ];
        let mut bytes = header.to_vec();
        bytes.extend([9; 20]);
        let size = PageSize::read(&bytes[..]).unwrap();
        assert_eq!(size.of, PageKind::Data);
        assert_eq!(
            (size.header, size.compressed, size.uncompressed),
            (17, 20, 300)
        );
        for end in 0..header.len() {
            assert!(PageSize::read(&header[..end]).is_err(), "{end}");
        }
        // Structs without end, a list of 2^60 items, a size below 0.
        assert!(PageSize::read(&[0x1c; 1000][..]).is_err());
        assert!(PageSize::read(&[0x15, 0, 0x15, 1, 0x15, 2, 0][..]).is_err());
    }
}
