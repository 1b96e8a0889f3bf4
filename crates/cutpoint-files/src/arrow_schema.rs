//! The description of columns that Arrow keeps in a Parquet file: which are dictionaries, that is, categories in an
//! order.
//!
//! Nothing else of it is looked at; it is passed on as it stands.
//!
//! Reference: Apache Arrow, *Arrow columnar format*, "Encapsulated message format", and `Schema.fbs`; *Internals* of
//! `FlatBuffers`. Tables refer to parts after them only, so a table for more columns is put before the one that is
//! there.

/// The name under which it stands in a file.
pub(crate) const KEY: &str = "ARROW:schema";

/// What a message begins with, before its length.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// Which columns at the top level are dictionaries; nothing for what is no description.
pub(crate) fn dictionaries(text: &str) -> Option<Vec<bool>> {
    const DICTIONARY: usize = 4;
    let message = message(text)?;
    let buffer = Buffer(&message);
    let (_, fields) = buffer.fields()?;
    let is_dictionary = |field: usize| Some(buffer.slot(field, DICTIONARY)? > 0);
    fields.into_iter().map(is_dictionary).collect()
}

/// The same columns and one of text after them, without what the schema says of itself.
pub(crate) fn with_text_column(text: &str, name: &str) -> Option<String> {
    const SCHEMA: u8 = 1;
    const UTF8: u8 = 5;
    let old = message(text)?;
    let (version, fields) = Buffer(&old).fields()?;
    let n_fields = u32::try_from(fields.len() + 1).ok()?;
    let mut new = Vec::new();
    // Each table has a list of where its values are, from its start: bytes of the list, bytes of the table, then a
    // value each, 0 for none. Numbers stand where their size divides the place.
    let words = |new: &mut Vec<u8>, words: &[u16]| {
        new.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    };
    let number = |new: &mut Vec<u8>, number: u32| new.extend(number.to_le_bytes());
    number(&mut new, 16);
    words(&mut new, &[10, 12, 8, 10, 4, 0]);
    // The message, at 16: its version, that it is a schema, and where that is.
    number(&mut new, 12);
    number(&mut new, 36 - 20);
    words(&mut new, &[version, u16::from(SCHEMA)]);
    words(&mut new, &[8, 8, 0, 4]);
    // The schema, at 36: where its fields are.
    number(&mut new, 8);
    number(&mut new, 4);
    // The fields, at 44; each is told by how far behind it is.
    number(&mut new, n_fields);
    let places = new.len();
    let list = places + 4 * fields.len() + 4;
    let added = list + 16;
    let (of_type, children, name_start) = (added + 24, added + 28, added + 32);
    let old_start = (name_start + 4 + name.len() + 1).next_multiple_of(8);
    let behind = |from: usize, to: usize| u32::try_from(to - from).ok();
    for (index, field) in fields.iter().enumerate() {
        number(&mut new, behind(places + 4 * index, old_start + field)?);
    }
    number(&mut new, behind(list - 4, added)?);
    // The added field: its name, that it is text, an empty table of what more there is to say of text, no children.
    words(&mut new, &[16, 20, 4, 0, 16, 8, 0, 12]);
    number(&mut new, 16);
    number(&mut new, behind(added + 4, name_start)?);
    number(&mut new, behind(added + 8, of_type)?);
    number(&mut new, behind(added + 12, children)?);
    number(&mut new, UTF8.into());
    words(&mut new, &[4, 4]);
    number(&mut new, 4);
    number(&mut new, 0);
    number(&mut new, u32::try_from(name.len()).ok()?);
    new.extend_from_slice(name.as_bytes());
    new.resize(old_start, 0);
    new.extend_from_slice(&old);
    new.resize(new.len().next_multiple_of(8), 0);

    let mut bytes = CONTINUATION.to_vec();
    bytes.extend(u32::try_from(new.len()).ok()?.to_le_bytes());
    bytes.extend(new);
    Some(encode(&bytes))
}

/// The bytes of a message, less what stands before it.
fn message(text: &str) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let rest = bytes.strip_prefix(&CONTINUATION).unwrap_or(&bytes);
    let (length, message) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    message.get(..length).map(<[u8]>::to_vec)
}

/// A buffer of tables.
struct Buffer<'b>(&'b [u8]);

impl Buffer<'_> {
    /// The version of a message, and where the fields of its schema are.
    fn fields(&self) -> Option<(u16, Vec<usize>)> {
        const VERSION: usize = 0;
        const HEADER: usize = 2;
        const ENDIANNESS: usize = 0;
        const FIELDS: usize = 1;
        let message = self.behind(0)?;
        let version = match self.slot(message, VERSION)? {
            0 => 0,
            version => self.word(version)?,
        };
        let schema = self.part(message, HEADER)?;
        let endianness = self.slot(schema, ENDIANNESS)?;
        if endianness > 0 && self.word(endianness)? != 0 {
            return None;
        }
        let fields = self.part(schema, FIELDS)?;
        let n_fields = usize::try_from(self.number(fields)?).ok()?;
        if n_fields > self.0.len() {
            return None;
        }
        let field = |index: usize| self.behind(fields + 4 + 4 * index);
        let fields = (0..n_fields).map(field).collect::<Option<Vec<_>>>()?;
        Some((version, fields))
    }

    fn word(&self, place: usize) -> Option<u16> {
        let bytes = self.0.get(place..)?.first_chunk()?;
        Some(u16::from_le_bytes(*bytes))
    }

    fn number(&self, place: usize) -> Option<u32> {
        let bytes = self.0.get(place..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// The place that the number at a place refers to.
    fn behind(&self, place: usize) -> Option<usize> {
        let distance = usize::try_from(self.number(place)?).ok()?;
        place.checked_add(distance)
    }

    /// The place that a value of a table refers to, which must be there.
    fn part(&self, table: usize, slot: usize) -> Option<usize> {
        match self.slot(table, slot)? {
            0 => None,
            place => self.behind(place),
        }
    }

    /// Where a value of a table is; 0 if the table does not have it.
    fn slot(&self, table: usize, slot: usize) -> Option<usize> {
        let distance = i64::from(self.number(table)?.cast_signed());
        let list = i64::try_from(table).ok()?.checked_sub(distance)?;
        let list = usize::try_from(list).ok()?;
        let place = 4 + 2 * slot;
        if place + 2 > usize::from(self.word(list)?) {
            return Some(0);
        }
        let offset = usize::from(self.word(list.checked_add(place)?)?);
        Some(if offset > 0 { table + offset } else { 0 })
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes from RFC 4648's base 64.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            let value = DIGITS.iter().position(|known| known == digit)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for digit in 0..4 {
            if digit <= group.len() {
                let value = bits >> (18 - 6 * digit) & 63;
                text.push(char::from(DIGITS[value as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_of_any_length() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(decode("Zm9*"), None);
    }

    #[test]
    fn a_column_more_and_no_other_changes() {
        // pyarrow 26: `pa.schema([("s", pa.dictionary(pa.int8(), pa.string(), ordered=True)), ("y", pa.int64())])`.
        let text = SCHEMA;
        assert_eq!(dictionaries(text).unwrap(), [true, false]);
        let longer = with_text_column(text, "move").unwrap();
        assert_eq!(dictionaries(&longer).unwrap(), [true, false, false]);
        let longer = with_text_column(&longer, "ü").unwrap();
        assert_eq!(dictionaries(&longer).unwrap(), [true, false, false, false]);
        for end in 0..text.len() {
            dictionaries(&text[..end]);
            with_text_column(&text[..end], "move");
        }
    }

    const SCHEMA: &str = "/////9gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAIAAABUAAAAFAAAABAAFA\
        AIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAUAAAABAAAAAAAAAABAAAAeQAAAKz///8AAAABQAAAABAAGAAIAAYABwAM\
        ABAAFAAQAAAAAAABBRQAAABEAAAAHAAAAAQAAAAAAAAAAQAAAHMACgAMAAAACAAHAAoAAAAAAAABDAAAAAgADAAIAA\
        cACAAAAAAAAAEIAAAABAAEAAQAAAA=";
}
