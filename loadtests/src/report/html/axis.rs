//! An axis: from where to where, where its marks are and what they say.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// Marks of a linear axis, about.
const MARKS: f64 = 5.0;

/// The scale, the ends and the marks of one axis.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    scale: Scale,
    from: f64,
    to: f64,
    marks: Vec<(f64, String)>,
}

#[derive(Debug, Clone, Copy)]
enum Scale {
    Linear,
    Logarithmic,
    /// Shares by how few are above them: as far from 90 % to 99 % as from there to 99.9 %.
    Shares,
}

impl Axis {
    /// From 0 to a round figure that is no less than `most`.
    pub(super) fn from_zero(most: f64, label: impl Fn(f64) -> String) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let step = round_up(most / MARKS);
        Self::linear(0.0, (most / step).ceil() * step, step, label)
    }

    /// Around values that lie close together.
    pub(super) fn around(least: f64, most: f64, label: impl Fn(f64) -> String) -> Self {
        let step = round_up(((most - least) / MARKS).max(most.abs() / 1e3).max(1e-9));
        let (from, to) = ((least / step).floor() * step, (most / step).ceil() * step);
        Self::linear(from, if to > from { to } else { from + step }, step, label)
    }

    /// Seconds from 0, in seconds or minutes.
    pub(super) fn seconds(most: f64) -> Self {
        let steps = [
            1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0,
        ];
        let wanted = most / 8.0;
        let step = steps
            .into_iter()
            .find(|step| *step >= wanted)
            .unwrap_or(round_up(wanted));
        let label = |at: f64| {
            if step >= 60.0 {
                format!("{} min", at / 60.0)
            } else {
                format!("{at} s")
            }
        };
        let mut axis = Self::linear(0.0, (most / step).floor() * step, step, label);
        axis.to = most.max(1.0);
        axis
    }

    /// These values alone are marked, with as much room at both ends.
    pub(super) fn of_values(values: &[f64], label: impl Fn(f64) -> String) -> Self {
        let most = values.iter().copied().fold(1.0, f64::max);
        Self {
            scale: Scale::Linear,
            from: 0.0,
            to: most * 1.05,
            marks: values.iter().map(|value| (*value, label(*value))).collect(),
        }
    }

    /// Decades between two positive values, with 2 and 5 between them when there is room.
    pub(super) fn logarithmic(least: f64, most: f64, label: impl Fn(f64) -> String) -> Self {
        let least = least.max(1e-6);
        let most = most.max(least * 1.001);
        let parts: &[f64] = if (most / least).log10() > 3.0 {
            &[1.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        let first = least.log10().floor() as i32;
        let last = most.log10().ceil() as i32;
        let all: Vec<f64> = (first..=last)
            .flat_map(|decade| parts.iter().map(move |part| part * 10f64.powi(decade)))
            .collect();
        // Rounding must not push an end that is a mark beyond it.
        let below = all
            .iter()
            .rposition(|mark| *mark <= least * 1.000_001)
            .unwrap_or(0);
        let above = all.iter().position(|mark| *mark >= most * 0.999_999);
        let marks = &all[below..=above.unwrap_or(all.len() - 1)];
        Self {
            scale: Scale::Logarithmic,
            from: marks[0],
            to: marks[marks.len() - 1],
            marks: marks.iter().map(|mark| (*mark, label(*mark))).collect(),
        }
    }

    /// Shares from 0 to that which one of `count` values is above.
    pub(super) fn shares(count: u64) -> Self {
        let to = 1.0 - 1.0 / (count.max(10) as f64);
        let named = [
            (0.5, "50 %"),
            (0.9, "90 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.9999, "99.99 %"),
            (0.99999, "99.999 %"),
            (0.999999, "99.9999 %"),
        ];
        Self {
            scale: Scale::Shares,
            from: 0.0,
            to,
            marks: named
                .into_iter()
                .filter(|(share, _)| *share <= to)
                .map(|(share, name)| (share, name.to_owned()))
                .collect(),
        }
    }

    fn linear(from: f64, to: f64, step: f64, label: impl Fn(f64) -> String) -> Self {
        let count = ((to - from) / step).round() as u32;
        // Free of the last digits that adding steps leaves behind.
        let clean = |value: f64| (value * 1e9).round() / 1e9;
        let marks = (0..=count).map(|index| clean(from + f64::from(index) * step));
        Self {
            scale: Scale::Linear,
            from,
            to,
            marks: marks.map(|mark| (mark, label(mark))).collect(),
        }
    }

    /// Where a value stands when the axis is laid out evenly.
    fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.from, self.to);
        match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.log10(),
            Scale::Shares => -(1.0 - value).log10(),
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (begin, end): (i32, i32)) -> i32 {
        let (first, last) = (self.place(self.from), self.place(self.to));
        let share = (self.place(*value) - first) / (last - first);
        begin + (f64::from(end - begin) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.marks.iter().map(|(value, _)| *value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    /// What a mark says.
    fn format_ext(&self, value: &f64) -> String {
        let mut marks = self.marks.iter();
        let found = marks.find(|(mark, _)| mark.total_cmp(value).is_eq());
        found.map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

/// The least of 1, 2 and 5 times a power of ten that is no less.
fn round_up(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|part| part * decade)
        .find(|round| *round >= value * 0.999_999)
        .unwrap_or(decade * 10.0)
}
