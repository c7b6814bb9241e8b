//! An axis: its scale, its ends and its ticks.

/// Approximate number of ticks on a linear axis.
const TICKS: f64 = 5.0;

/// One axis of a plot.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    scale: Scale,
    min: f64,
    max: f64,
    ticks: Vec<Tick>,
}

/// A labelled value.
#[derive(Debug, Clone)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

#[derive(Debug, Clone, Copy)]
enum Scale {
    Linear,
    Logarithmic,
    /// Each further nine takes the same length: 90 % to 99 % is as long as 99 % to 99.9 %.
    Percentile,
}

impl Axis {
    /// From 0 to a round value of at least `max`.
    pub(super) fn from_zero(max: f64, label: impl Fn(f64) -> String) -> Self {
        let max = if max > 0.0 { max } else { 1.0 };
        let step = round_up(max / TICKS);
        Self::linear(0.0, (max / step).ceil() * step, step, label)
    }

    /// From a round value below `min` to one above `max`, for values that lie close together.
    pub(super) fn around(min: f64, max: f64, label: impl Fn(f64) -> String) -> Self {
        let step = round_up(((max - min) / TICKS).max(max.abs() / 1e3).max(1e-9));
        let (min, max) = ((min / step).floor() * step, (max / step).ceil() * step);
        Self::linear(min, if max > min { max } else { min + step }, step, label)
    }

    /// Seconds from 0 to `max`, labelled in seconds or minutes.
    pub(super) fn seconds(max: f64) -> Self {
        const STEPS: [f64; 12] = [
            1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0,
        ];
        let min_step = max / 8.0;
        let step = STEPS.into_iter().find(|step| *step >= min_step);
        let step = step.unwrap_or(round_up(min_step));
        let label = |at: f64| {
            if step >= 60.0 {
                format!("{} min", at / 60.0)
            } else {
                format!("{at} s")
            }
        };
        let mut axis = Self::linear(0.0, (max / step).floor() * step, step, label);
        axis.max = max.max(1.0);
        axis
    }

    /// From 0, with a tick at each of these values only.
    pub(super) fn of_values(values: &[f64], label: impl Fn(f64) -> String) -> Self {
        let max = values.iter().copied().fold(1.0, f64::max);
        Self {
            scale: Scale::Linear,
            min: 0.0,
            max: max * 1.05,
            ticks: ticks(values, label),
        }
    }

    /// Decades between two positive values, with ticks at 2 and 5 as well when there is room.
    pub(super) fn logarithmic(min: f64, max: f64, label: impl Fn(f64) -> String) -> Self {
        let min = min.max(1e-6);
        let max = max.max(min * 1.001);
        let parts: &[f64] = if (max / min).log10() > 3.0 {
            &[1.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        let decades = min.log10().floor() as i32..=max.log10().ceil() as i32;
        let values: Vec<f64> = decades
            .flat_map(|decade| parts.iter().map(move |part| part * 10f64.powi(decade)))
            .collect();
        // The tolerance keeps an end that equals a tick from being rounded past it.
        let first = values.iter().rposition(|value| *value <= min * 1.000_001);
        let last = values.iter().position(|value| *value >= max * 0.999_999);
        let values = &values[first.unwrap_or(0)..=last.unwrap_or(values.len() - 1)];
        Self {
            scale: Scale::Logarithmic,
            min: values[0],
            max: values[values.len() - 1],
            ticks: ticks(values, label),
        }
    }

    /// Shares from 0 to that which one value of `count` exceeds.
    pub(super) fn percentiles(count: u64) -> Self {
        let max = 1.0 - 1.0 / (count.max(10) as f64);
        let named = [
            (0.5, "50 %"),
            (0.9, "90 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.9999, "99.99 %"),
            (0.99999, "99.999 %"),
            (0.999999, "99.9999 %"),
        ];
        let ticks = named.into_iter().filter(|(share, _)| *share <= max);
        Self {
            scale: Scale::Percentile,
            min: 0.0,
            max,
            ticks: ticks
                .map(|(value, label)| Tick {
                    value,
                    label: label.to_owned(),
                })
                .collect(),
        }
    }

    fn linear(min: f64, max: f64, step: f64, label: impl Fn(f64) -> String) -> Self {
        let count = ((max - min) / step).round() as u32;
        // Adding steps leaves rounding errors in the last digits.
        let clean = |value: f64| (value * 1e9).round() / 1e9;
        let values: Vec<f64> = (0..=count)
            .map(|index| clean(min + f64::from(index) * step))
            .collect();
        Self {
            scale: Scale::Linear,
            min,
            max,
            ticks: ticks(&values, label),
        }
    }

    /// The scale and its ends, from which the page's script computes the value at a point.
    pub(super) fn scale(&self) -> String {
        let name = match self.scale {
            Scale::Linear => "linear",
            Scale::Logarithmic => "logarithmic",
            Scale::Percentile => "percentile",
        };
        format!("{name} {} {}", self.min, self.max)
    }

    pub(super) fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    /// The place of a value on the axis, from 0 at its beginning to 1 at its end.
    pub(super) fn position(&self, value: f64) -> f64 {
        let scaled = |value: f64| match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.log10(),
            Scale::Percentile => -(1.0 - value).log10(),
        };
        let (first, last) = (scaled(self.min), scaled(self.max));
        (scaled(value.clamp(self.min, self.max)) - first) / (last - first)
    }
}

fn ticks(values: &[f64], label: impl Fn(f64) -> String) -> Vec<Tick> {
    let tick = |value: &f64| Tick {
        value: *value,
        label: label(*value),
    };
    values.iter().map(tick).collect()
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least `value`.
fn round_up(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|part| part * decade)
        .find(|round| *round >= value * 0.999_999)
        .unwrap_or(decade * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(axis: &Axis, labels: &[&str], positions: &[(f64, f64)]) {
        let found: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(found, labels);
        for (value, expected) in positions {
            let position = axis.position(*value);
            assert!(
                (position - expected).abs() < 1e-9,
                "{value} is at {position}"
            );
        }
    }

    #[test]
    fn linear_axes_end_at_round_values() {
        let axis = Axis::from_zero(870.0, |value| value.to_string());
        let labels = ["0", "200", "400", "600", "800", "1000"];
        check(&axis, &labels, &[(0.0, 0.0), (250.0, 0.25), (1e9, 1.0)]);
        let axis = Axis::around(96.7, 101.8, |value| value.to_string());
        check(&axis, &["96", "98", "100", "102"], &[(99.0, 0.5)]);
    }

    #[test]
    fn logarithmic_axes_have_ticks_at_1_2_and_5() {
        let axis = Axis::logarithmic(3.0, 100.0, |value| value.to_string());
        let labels = ["2", "5", "10", "20", "50", "100"];
        let middle = 200f64.sqrt();
        check(&axis, &labels, &[(2.0, 0.0), (middle, 0.5), (100.0, 1.0)]);
    }

    #[test]
    fn percentile_axes_give_each_nine_the_same_length() {
        let axis = Axis::percentiles(1_000);
        let labels = ["50 %", "90 %", "99 %", "99.9 %"];
        check(
            &axis,
            &labels,
            &[(0.0, 0.0), (0.9, 1.0 / 3.0), (0.99, 2.0 / 3.0)],
        );
    }

    #[test]
    fn time_axes_end_at_the_last_moment() {
        let axis = Axis::seconds(150.0);
        let labels = [
            "0 s", "20 s", "40 s", "60 s", "80 s", "100 s", "120 s", "140 s",
        ];
        check(&axis, &labels, &[(75.0, 0.5), (150.0, 1.0)]);
    }
}
