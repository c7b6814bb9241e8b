//! A line chart as inline SVG, whose colours come from the page's style sheet.

use askama::Template;

use super::axis::Axis;

/// Number of colours; later series reuse them.
pub(super) const COLOURS: usize = 6;

/// A chart, drawn by `templates/plot.svg`.
#[derive(Template)]
#[template(path = "plot.svg")]
pub(super) struct Plot {
    /// The description that a screen reader reads out.
    pub(super) label: String,
    pub(super) size: Size,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) thresholds: Vec<Threshold>,
    pub(super) series: Vec<Series>,
}

/// Width and height on the page, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The whole width of the page.
    pub(super) const FULL: Self = Self {
        width: 1070,
        height: 250,
    };
    /// Half of the page's width.
    pub(super) const HALF: Self = Self {
        width: 520,
        height: 240,
    };
}

/// A labelled line at a limit of the y axis.
#[derive(Debug, PartialEq)]
pub(super) struct Threshold {
    pub(super) value: f64,
    pub(super) label: String,
}

/// Points and how to draw them.
pub(super) struct Series {
    /// The name that the read-out shows.
    pub(super) name: String,
    pub(super) mark: Mark,
    /// Number of the colour, below [`COLOURS`].
    pub(super) colour: usize,
    pub(super) points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Line,
    DashedLine,
    /// A line with a dot at each point.
    Dots,
    /// A cross at each point, in the colour of failures.
    Crosses,
}

impl Mark {
    fn has_line(self) -> bool {
        self != Self::Crosses
    }

    fn class(self) -> &'static str {
        match self {
            Self::DashedLine => "line dashed",
            _ => "line",
        }
    }
}

impl Series {
    /// The points that carry a mark of their own.
    fn marked_points(&self) -> &[(f64, f64)] {
        match self.mark {
            Mark::Dots | Mark::Crosses => &self.points,
            Mark::Line | Mark::DashedLine => &[],
        }
    }
}

/// The drawing area in pixels, and the position of a value in it.
impl Plot {
    fn left(&self) -> f64 {
        62.0
    }

    fn right(&self) -> f64 {
        f64::from(self.size.width) - 26.0
    }

    fn top(&self) -> f64 {
        8.0
    }

    fn bottom(&self) -> f64 {
        f64::from(self.size.height) - 24.0
    }

    fn x(&self, value: &f64) -> f64 {
        tenth(self.left() + (self.right() - self.left()) * self.x.position(*value))
    }

    fn y(&self, value: &f64) -> f64 {
        tenth(self.bottom() - (self.bottom() - self.top()) * self.y.position(*value))
    }

    fn points(&self, series: &Series) -> String {
        let points = series.points.iter();
        let points: Vec<String> = points
            .map(|(x, y)| format!("{},{}", self.x(x), self.y(y)))
            .collect();
        points.join(" ")
    }
}

/// Rounded to a tenth of a pixel, which keeps the page small.
fn tenth(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
