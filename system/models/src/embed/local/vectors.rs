//! Static token vectors, in the form of Model2Vec.

use std::path::Path;

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{ModelError, file::File};

/// The names of the tensor with the vectors: Model2Vec's, and that of sentence-transformers.
const NAMES: [&str; 2] = ["embeddings", "embedding.weight"];

/// The maximum number of tensors that an error names.
const MAX_NAMED: usize = 3;

/// A vector for each token.
pub(super) struct TokenVectors {
    dimension: usize,
    /// The vectors, one after the other.
    values: Vec<f32>,
}

impl TokenVectors {
    /// Reads the tensor `embeddings`, and those of a model whose vocabulary was quantised: `mapping`
    /// has the row of each token, `weights` the factor of its vector.
    ///
    /// # Errors
    /// If a tensor is missing or has another shape or type.
    pub(super) fn read(file: &File) -> Result<Self, ModelError> {
        let path = &file.path;
        let tensors = SafeTensors::deserialize(&file.bytes);
        let tensors =
            tensors.map_err(|error| file.malformed("a file in the format `safetensors`", error))?;
        let tensor = |name| Tensor::of(path, &tensors, name);
        let Some(table) = NAMES.into_iter().find_map(tensor) else {
            return Err(ModelError::NoVectors {
                path: path.to_owned(),
                found: first_names(&tensors),
            });
        };
        let (rows, dimension) = match *table.view.shape() {
            [rows, dimension] if dimension > 0 => (rows, dimension),
            _ => return Err(table.must_have("two dimensions, the second above 0")),
        };
        let values = table.floats()?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(table.not_finite(at / dimension));
        }
        let values = match (tensor("mapping"), tensor("weights")) {
            (None, None) => values,
            (mapping, weights) => {
                let rows = mapping.map_or_else(|| Ok((0..rows).collect()), |m| m.indices(rows))?;
                let ones = || Ok(vec![1.0; rows.len()]);
                let weights = weights.map_or_else(ones, |weights| weights.factors(rows.len()))?;
                let mut weighted = Vec::with_capacity(rows.len() * dimension);
                for (at, weight) in rows.iter().zip(weights) {
                    let row = &values[at * dimension..][..dimension];
                    weighted.extend(row.iter().map(|value| value * weight));
                }
                weighted
            }
        };
        Ok(Self { dimension, values })
    }

    /// The number of tokens.
    pub(super) fn count(&self) -> usize {
        self.values.len() / self.dimension
    }

    /// The mean of the tokens' vectors, in double precision; zero without tokens.
    pub(super) fn mean(&self, ids: &[u32]) -> Vec<f64> {
        let mut mean = vec![0.0; self.dimension];
        for id in ids {
            let row = &self.values[*id as usize * self.dimension..][..self.dimension];
            for (sum, value) in mean.iter_mut().zip(row) {
                *sum += f64::from(*value);
            }
        }
        let count = ids.len().max(1) as f64;
        for sum in &mut mean {
            *sum /= count;
        }
        mean
    }
}

/// A tensor with its place, for errors.
struct Tensor<'a> {
    path: &'a Path,
    name: &'a str,
    view: TensorView<'a>,
}

impl<'a> Tensor<'a> {
    fn of(path: &'a Path, tensors: &SafeTensors<'a>, name: &'a str) -> Option<Self> {
        let view = tensors.tensor(name).ok()?;
        Some(Self { path, name, view })
    }

    fn floats(&self) -> Result<Vec<f32>, ModelError> {
        let data = self.view.data();
        Ok(match self.view.dtype() {
            Dtype::F64 => numbers(data, |bytes| f64::from_le_bytes(bytes) as f32),
            Dtype::F32 => numbers(data, f32::from_le_bytes),
            Dtype::F16 => numbers(data, |bytes| f16::from_le_bytes(bytes).to_f32()),
            Dtype::I8 => numbers(data, |bytes| f32::from(i8::from_le_bytes(bytes))),
            _ => return Err(self.must_have("type F64, F32, F16 or I8")),
        })
    }

    /// A number of the row of each token, below `rows`.
    fn indices(&self, rows: usize) -> Result<Vec<usize>, ModelError> {
        let data = self.view.data();
        let indices: Vec<i64> = match self.view.dtype() {
            Dtype::I64 => numbers(data, i64::from_le_bytes),
            Dtype::I32 => numbers(data, |bytes| i32::from_le_bytes(bytes).into()),
            _ => return Err(self.must_have("type I64 or I32")),
        };
        let indices = indices.into_iter().map(|at| usize::try_from(at).ok());
        let indices = indices.map(|at| at.filter(|at| *at < rows));
        let indices: Option<_> = indices.collect();
        indices
            .ok_or_else(|| self.must_have(&format!("numbers from 0 to {}", rows.saturating_sub(1))))
    }

    fn factors(&self, count: usize) -> Result<Vec<f32>, ModelError> {
        if self.view.shape() != [count] {
            return Err(self.must_have(&format!("shape [{count}]")));
        }
        let factors = self.floats()?;
        match factors.iter().position(|factor| !factor.is_finite()) {
            Some(row) => Err(self.not_finite(row)),
            None => Ok(factors),
        }
    }

    fn must_have(&self, expected: &str) -> ModelError {
        ModelError::Tensor {
            path: self.path.to_owned(),
            tensor: self.name.to_owned(),
            found: format!(
                "shape {:?} and type {:?}",
                self.view.shape(),
                self.view.dtype()
            ),
            expected: expected.to_owned(),
        }
    }

    fn not_finite(&self, row: usize) -> ModelError {
        ModelError::NotFinite {
            path: self.path.to_owned(),
            tensor: self.name.to_owned(),
            row,
        }
    }
}

fn numbers<T, const N: usize>(data: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = data.as_chunks();
    chunks.iter().map(|bytes| read(*bytes)).collect()
}

fn first_names(tensors: &SafeTensors<'_>) -> String {
    let mut names = tensors.names();
    names.sort_unstable();
    names.truncate(MAX_NAMED);
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
