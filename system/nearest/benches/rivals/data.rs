//! The rows: unit vectors in uneven clusters, with a decaying spectrum like that of embeddings.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use lakehouse_nearest::Kernels;
use memmap2::Mmap;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) const DIMENSION: usize = 768;
pub(crate) const SEED: u64 = 20_260_101;
const QUERIES: usize = 1_000;

/// Rows, followed by queries, in one mapped file.
pub(crate) struct Data {
    folder: PathBuf,
    path: PathBuf,
    map: Mmap,
    rows: usize,
}

impl Data {
    /// Creates the file below `target/` if it does not exist.
    pub(crate) fn create(rows: usize, plain: bool) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rivals");
        std::fs::create_dir_all(&folder).expect("a folder for the data");
        let kind = if plain { "plain" } else { "rotated" };
        let path = folder.join(format!("{kind}-{rows}-{SEED}.f32"));
        let bytes = ((rows + QUERIES) * DIMENSION * 4) as u64;
        if path.metadata().map_or(0, |metadata| metadata.len()) != bytes {
            write(&path, rows, plain);
        }
        let file = File::open(&path).expect("the data");
        #[expect(unsafe_code, reason = "nothing else writes the file of a benchmark")]
        // SAFETY: the file is not changed while this process runs.
        let map = unsafe { Mmap::map(&file) }.expect("the data mapped");
        Self {
            folder,
            path,
            map,
            rows,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn row_count(&self) -> usize {
        self.rows
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> + Clone {
        self.values().chunks_exact(DIMENSION).take(self.rows)
    }

    pub(crate) fn queries(&self) -> Vec<&[f32]> {
        self.values()
            .chunks_exact(DIMENSION)
            .skip(self.rows)
            .collect()
    }

    fn values(&self) -> &[f32] {
        #[expect(unsafe_code, reason = "a mapped file of numbers")]
        // SAFETY: a map starts at a page boundary, and any bits are a valid `f32`.
        let (_, values, _) = unsafe { self.map.align_to::<f32>() };
        values
    }
}

fn write(path: &Path, rows: usize, plain: bool) {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let spectrum: Vec<f32> = (1..=DIMENSION)
        .map(|axis| (axis as f32).powf(-0.4))
        .collect();
    let clusters = (rows / 50).max(1);
    let centres: Vec<Vec<f32>> = (0..clusters)
        .map(|_| unit(&mut random, &spectrum))
        .collect();
    // The largest cluster has about forty times the rows of the smallest.
    let mut bounds = Vec::with_capacity(clusters);
    let mut total = 0.0;
    for cluster in 0..clusters {
        total += ((cluster + 1) as f64).powf(-0.5);
        bounds.push(total);
    }
    let rotation = (!plain).then(|| rotation(&mut random));
    let kernels = Kernels::detected();
    let mut file = BufWriter::new(File::create(path).expect("a file for the data"));
    for _ in 0..rows + QUERIES {
        let pick = random.random_range(0.0..total);
        let centre = &centres[bounds
            .partition_point(|&bound| bound <= pick)
            .min(clusters - 1)];
        let noise = unit(&mut random, &spectrum);
        let mut row: Vec<f32> = centre.iter().zip(noise).map(|(c, n)| c + 0.7 * n).collect();
        if let Some(rotation) = &rotation {
            row = rotation
                .iter()
                .map(|axis| kernels.dot(axis, &row))
                .collect();
        }
        scale_to_unit(&mut row);
        let bytes: Vec<u8> = row.iter().flat_map(|value| value.to_le_bytes()).collect();
        file.write_all(&bytes).expect("the data written");
    }
}

fn unit(random: &mut ChaCha8Rng, spectrum: &[f32]) -> Vec<f32> {
    let mut vector: Vec<f32> = spectrum
        .iter()
        .map(|scale| scale * normal(random))
        .collect();
    scale_to_unit(&mut vector);
    vector
}

fn scale_to_unit(vector: &mut [f32]) {
    let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|value| *value /= norm);
}

/// A normal deviate (Box–Muller).
fn normal(random: &mut ChaCha8Rng) -> f32 {
    let radius = (-2.0 * random.random_range(f32::MIN_POSITIVE..1.0).ln()).sqrt();
    radius * (std::f32::consts::TAU * random.random_range(0.0..1.0f32)).cos()
}

/// Random axes, which are nearly orthogonal in many dimensions.
fn rotation(random: &mut ChaCha8Rng) -> Vec<Vec<f32>> {
    (0..DIMENSION)
        .map(|_| (0..DIMENSION).map(|_| normal(random)).collect())
        .collect()
}
