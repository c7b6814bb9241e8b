//! The kernels in plain Rust, which define the results of all others.

use half::f16;

use super::{Kernels, Summed};

pub(super) const KERNELS: Kernels = Kernels {
    name: "portable",
    dot,
    squared_euclidean,
    dot_f16,
    dot_i8,
};

fn dot(a: &[f32], b: &[f32]) -> f32 {
    accumulate(a.len(), |index| a[index] * b[index])
}

fn squared_euclidean(a: &[f32], b: &[f32]) -> f32 {
    accumulate(a.len(), |index| {
        let difference = a[index] - b[index];
        difference * difference
    })
}

fn dot_f16(a: &[f16], b: &[f32]) -> f32 {
    accumulate(a.len(), |index| a[index].to_f32() * b[index])
}

fn dot_i8(row: &[i8], query: Summed<'_>) -> i32 {
    row.iter()
        .zip(query.codes)
        .map(|(&row, &query)| i32::from(row) * i32::from(query))
        .sum()
}

/// Sums `term(0..count)` in the order that the module `kernel` defines.
fn accumulate(count: usize, term: impl Fn(usize) -> f32) -> f32 {
    let mut sums = [[0.0f32; 16]; 4];
    for start in (0..count).step_by(16) {
        let sum = &mut sums[start / 16 % 4];
        for (lane, index) in (start..count.min(start + 16)).enumerate() {
            sum[lane] += term(index);
        }
    }
    let [s0, s1, s2, s3] = sums;
    let mut lanes: [f32; 16] =
        std::array::from_fn(|lane| (s0[lane] + s1[lane]) + (s2[lane] + s3[lane]));
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0]
}
