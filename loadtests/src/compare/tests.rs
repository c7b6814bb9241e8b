//! The intervals' coverage under simulated noise, and the critical values of printed tables.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::paired::Paired;
use super::signed_rank::SignedRank;

#[test]
fn critical_values_match_printed_tables() {
    // Two-sided at 5 %, from textbooks.
    let table = [
        (5, None),
        (6, Some(0)),
        (7, Some(2)),
        (8, Some(3)),
        (9, Some(5)),
        (10, Some(8)),
        (11, Some(10)),
        (12, Some(13)),
        (13, Some(17)),
        (14, Some(21)),
        (15, Some(25)),
        (25, Some(89)),
    ];
    for (pairs, critical) in table {
        assert_eq!(
            SignedRank::new(pairs).critical(0.025),
            critical,
            "{pairs} pairs"
        );
    }
}

#[test]
fn intervals_agree_with_their_tests() {
    let differences = [0.9, 1.4, -0.2, 0.7, 1.1, 0.3, 2.0, 0.8, 1.2, 0.5];
    let paired = Paired::new(differences).unwrap();
    let (low, high) = paired.interval();
    assert!(low < paired.estimate() && paired.estimate() < high);
    assert!(paired.p_value_above(low - 1e-9) <= 0.025);
    assert!(paired.p_value_above(low + 1e-9) > 0.025);
    assert!(paired.p_value_below(high + 1e-9) <= 0.025);
    assert!(paired.p_value_below(high - 1e-9) > 0.025);
}

#[test]
fn non_finite_differences_are_ignored() {
    assert!(Paired::new([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]).is_none());
    let paired = Paired::new([f64::NAN, 0.5]).unwrap();
    assert_eq!(paired.pairs(), 1);
    assert_eq!(paired.interval(), (f64::NEG_INFINITY, f64::INFINITY));
}

/// Share of intervals that contain a true difference of 0.1, and their mean width.
struct Coverage {
    ranks: f64,
    ranks_width: f64,
    student: f64,
    student_width: f64,
}

fn coverage(pairs: usize, disturbed: f64) -> Coverage {
    const RUNS: u32 = 2_000;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let slice = |rng: &mut ChaCha8Rng| {
        let mut value = 0.03 * normal(rng);
        if rng.random_bool(disturbed) {
            value -= rng.random_range(0.1..0.4);
        }
        value
    };
    let mut sums = [0.0; 4];
    for _ in 0..RUNS {
        let differences: Vec<f64> = (0..pairs)
            .map(|_| 0.1 + slice(&mut rng) - slice(&mut rng))
            .collect();
        let paired = Paired::new(differences).unwrap();
        for (index, (low, high)) in [paired.interval(), paired.student_interval()]
            .into_iter()
            .enumerate()
        {
            sums[2 * index] += f64::from(u8::from(low <= 0.1 && 0.1 <= high));
            sums[2 * index + 1] += high - low;
        }
    }
    let [ranks, ranks_width, student, student_width] = sums.map(|sum| sum / f64::from(RUNS));
    Coverage {
        ranks,
        ranks_width,
        student,
        student_width,
    }
}

#[test]
fn signed_rank_intervals_cover_95_percent_and_are_narrower_with_disturbed_slices() {
    let mut table = String::from("pairs disturbed  ranks: covers, width  student: covers, width\n");
    let mut failed = false;
    for pairs in [6, 10, 14, 20] {
        for disturbed in [0.0, 0.05, 0.1] {
            let found = coverage(pairs, disturbed);
            table.push_str(&format!(
                "{pairs:5} {disturbed:9} {:12.3} {:9.4} {:14.3} {:9.4}\n",
                found.ranks, found.ranks_width, found.student, found.student_width
            ));
            // The share of 2,000 runs has a standard error of half a percent.
            failed |= found.ranks < 0.935;
            failed |= pairs >= 10 && found.ranks_width > found.student_width * 1.1;
            let narrower = found.ranks_width < found.student_width * 0.9;
            failed |= pairs >= 14 && disturbed > 0.0 && !narrower;
        }
    }
    println!("{table}");
    assert!(!failed, "{table}");
}

#[test]
fn fewer_than_six_pairs_use_students_interval() {
    for pairs in 2..6 {
        let found = coverage(pairs, 0.0);
        assert!(found.ranks >= 0.935, "{pairs} pairs cover {}", found.ranks);
        assert_eq!(found.ranks, found.student);
    }
}

/// A standard normal number by Box and Muller's method.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}
