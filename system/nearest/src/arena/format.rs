//! Writes rows and codes, and opens an arena from them. The module `arena` describes the formats.

use std::io::{BufWriter, Read, Write};
use std::ops::Range;
use std::sync::atomic::Ordering;

use half::f16;

use super::chunk::FEW_ROWS;
use super::{Arena, ArenaError, Chunk, ROWS_PER_CHUNK, StoredRows};
use crate::code::{CodeHeader, HEADER_BYTES};
use crate::metric::Metric;
use crate::precision::Precision;

impl Arena {
    /// The size of a row in the output of [`Arena::write_codes`]; 0 in precision `F32`, which has no
    /// codes.
    #[must_use]
    pub fn code_row_bytes(dimension: usize, precision: Precision) -> usize {
        match precision {
            Precision::F32 => 0,
            _ => dimension * precision.code_bytes() + HEADER_BYTES,
        }
    }

    /// Writes the `f32` rows of `slots` for [`StoredRows`].
    ///
    /// # Errors
    /// If the writer fails.
    ///
    /// # Panics
    /// If a slot does not exist.
    pub fn write_rows(&self, slots: Range<u32>, writer: &mut impl Write) -> Result<(), ArenaError> {
        let mut writer = BufWriter::with_capacity(1 << 16, writer);
        let mut bytes = Vec::with_capacity(self.dimension() * size_of::<f32>());
        for slot in slots {
            bytes.clear();
            self.with_row(slot, |row| {
                bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
            });
            writer.write_all(&bytes)?;
        }
        Ok(writer.flush()?)
    }

    /// Writes the codes of `slots`; nothing in precision `F32`.
    ///
    /// # Errors
    /// If the writer fails.
    ///
    /// # Panics
    /// If a slot does not exist.
    pub fn write_codes(
        &self,
        slots: Range<u32>,
        writer: &mut impl Write,
    ) -> Result<(), ArenaError> {
        let mut writer = BufWriter::with_capacity(1 << 16, writer);
        let mut bytes = Vec::with_capacity(self.dimension() * 2);
        for slot in slots {
            bytes.clear();
            let header = match self.precision() {
                Precision::F32 => break,
                Precision::I8 => {
                    let (codes, header) = self.codes::<i8>(slot);
                    bytes.extend(codes.iter().map(|&code| code as u8));
                    header
                }
                Precision::F16 => {
                    let (codes, header) = self.codes::<f16>(slot);
                    bytes.extend(codes.iter().flat_map(|code| code.to_le_bytes()));
                    header
                }
            };
            writer.write_all(&bytes)?;
            writer.write_all(&header.to_bytes())?;
        }
        Ok(writer.flush()?)
    }

    /// Opens an arena of `len` rows from stored rows, one part for each chunk (the last may be
    /// short), and the codes that [`Arena::write_codes`] wrote.
    ///
    /// Full chunks stay in the file and are not read. The rows of a short last chunk are copied, because
    /// more rows will be appended; in precision `F32` all rows are copied, because they are traversed.
    /// Without codes (`None`) they are computed from the rows.
    ///
    /// # Errors
    /// If the parts do not add up to `len` rows, or the codes are too few, too many, or invalid.
    ///
    /// # Panics
    /// As [`Arena::new`].
    pub fn from_parts(
        dimension: usize,
        metric: Metric,
        precision: Precision,
        len: u32,
        rows: Vec<StoredRows>,
        mut codes: Option<&mut dyn Read>,
    ) -> Result<Self, ArenaError> {
        let arena = Self::new(dimension, metric, precision);
        if rows.len() != (len as usize).div_ceil(ROWS_PER_CHUNK) {
            return Err(ArenaError::Parts {
                reason: "the number of parts differs from the number of chunks",
            });
        }
        let mut left = len as usize;
        for (index, part) in rows.into_iter().enumerate() {
            let count = left.min(ROWS_PER_CHUNK);
            left -= count;
            if part.values() != count * dimension {
                return Err(ArenaError::Parts {
                    reason: "a part has the wrong number of rows",
                });
            }
            arena.take_part(index, count, part, codes.as_deref_mut())?;
        }
        if let Some(codes) = codes
            && codes.read(&mut [0])? > 0
        {
            return Err(ArenaError::Parts {
                reason: "there are more codes than rows",
            });
        }
        arena.shared.len.store(len, Ordering::Release);
        Ok(arena)
    }

    fn take_part(
        &self,
        index: usize,
        count: usize,
        part: StoredRows,
        codes: Option<&mut (dyn Read + '_)>,
    ) -> Result<(), ArenaError> {
        let (dimension, precision) = (self.dimension(), self.precision());
        let stays_stored = count == ROWS_PER_CHUNK && precision != Precision::F32;
        let chunk = self.shared.chunks.get_or_create(index, || {
            if stays_stored {
                Chunk::stored(dimension, precision, part.clone())
            } else {
                Chunk::new(dimension, precision)
            }
        });
        if count > FEW_ROWS {
            chunk.prefer_huge_pages();
        }
        if !stays_stored {
            for row in 0..count {
                part.with_row(row, dimension, |values| chunk.write_row(row, values))?;
            }
        }
        match (precision, codes) {
            (Precision::F32, _) => Ok(()),
            (_, Some(codes)) => read_codes(chunk, dimension, precision, count, codes),
            (_, None) => {
                for row in 0..count {
                    part.with_row(row, dimension, |values| chunk.encode(row, values))?;
                }
                Ok(())
            }
        }
    }
}

fn read_codes(
    chunk: &Chunk,
    dimension: usize,
    precision: Precision,
    count: usize,
    codes: &mut dyn Read,
) -> Result<(), ArenaError> {
    let mut bytes = vec![0; Arena::code_row_bytes(dimension, precision)];
    for row in 0..count {
        codes.read_exact(&mut bytes)?;
        let (values, header) = bytes
            .split_last_chunk::<HEADER_BYTES>()
            .expect("a whole row");
        let header = CodeHeader::from_bytes(header);
        if precision == Precision::I8 {
            let values: Vec<i8> = values.iter().map(|&byte| byte as i8).collect();
            let sum: i32 = values.iter().map(|&code| i32::from(code)).sum();
            if values.contains(&i8::MIN) || sum != header.sum {
                return Err(ArenaError::Parts {
                    reason: "a row's codes do not match their sum",
                });
            }
            chunk.write_codes(row, &values);
        } else {
            let values: Vec<f16> = values
                .as_chunks()
                .0
                .iter()
                .map(|&bytes| f16::from_le_bytes(bytes))
                .collect();
            chunk.write_codes(row, &values);
        }
        chunk.write_header(row, header);
    }
    Ok(())
}
