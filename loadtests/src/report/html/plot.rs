//! A chart as inline SVG whose colours are the page's: what is drawn carries classes, so that it
//! follows light and dark.

use anyhow::anyhow;
use plotters::prelude::*;

use super::axis::Axis;

/// Colours that series have before they begin again.
pub(super) const COLOURS: usize = 6;

/// Units of the drawing for one pixel of the page: `plotters` draws at whole units.
const SCALE: u32 = 2;

/// Height of the letters on the page, in pixels. The backend makes them smaller by 1.24.
const LETTERS: f64 = 12.0 * 1.24;

/// What to draw.
pub(super) struct Plot {
    /// What a reader hears who does not see it.
    pub(super) label: String,
    /// Width and height on the page, in pixels.
    pub(super) size: (u32, u32),
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) lines: Vec<Line>,
}

/// A series.
pub(super) struct Line {
    pub(super) look: LineLook,
    /// The series' number, which is its colour.
    pub(super) series: usize,
    pub(super) points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineLook {
    /// A line.
    Solid,
    /// A broken line.
    Dashed,
    /// A line with a dot at each value.
    Dotted,
    /// A cross at each value in the colour of what is wrong.
    Wrong,
}

/// Stands for a class until the drawing is done: `plotters` knows colours alone.
#[derive(Debug, Clone, Copy)]
struct Ink {
    kind: u8,
    series: u8,
}

const GRID: Ink = Ink { kind: 1, series: 0 };
const TICK: Ink = Ink { kind: 2, series: 0 };
const WRONG: Ink = Ink { kind: 3, series: 0 };

impl Ink {
    fn solid(series: usize) -> Self {
        Self {
            kind: 4,
            series: (series % COLOURS) as u8,
        }
    }

    fn dashed(series: usize) -> Self {
        Self {
            kind: 5,
            ..Self::solid(series)
        }
    }

    fn colour(self) -> RGBColor {
        RGBColor(0xF0, self.kind, self.series)
    }

    /// What stands in the drawing for it, and what the page needs.
    fn attributes(self) -> [(String, String); 2] {
        let Self { kind, series } = self;
        let hex = format!("#F0{kind:02X}{series:02X}");
        let class = match kind {
            1 => "grid".to_owned(),
            2 => "tick".to_owned(),
            3 => "wrong".to_owned(),
            4 => format!("s{series}"),
            _ => format!("dashed s{series}"),
        };
        [
            (
                format!("stroke=\"{hex}\""),
                format!("class=\"stroke {class}\""),
            ),
            (format!("fill=\"{hex}\""), format!("class=\"fill {class}\"")),
        ]
    }
}

/// The chart as an `<svg>` element.
pub(super) fn svg(plot: &Plot) -> anyhow::Result<String> {
    let (width, height) = (plot.size.0 * SCALE, plot.size.1 * SCALE);
    let mut drawn = String::new();
    draw(plot, (width, height), &mut drawn)
        .map_err(|error| anyhow!("cannot draw the chart `{}`: {error}", plot.label))?;
    let inks = [GRID, TICK, WRONG]
        .into_iter()
        .chain((0..COLOURS).flat_map(|series| [Ink::solid(series), Ink::dashed(series)]));
    for (from, to) in inks.flat_map(Ink::attributes) {
        drawn = drawn.replace(&from, &to);
    }
    let opening = format!(
        "<svg class=\"plot\" role=\"img\" aria-label=\"{}\" viewBox=",
        escaped(&plot.label)
    );
    let from = format!("<svg width=\"{width}\" height=\"{height}\" viewBox=");
    // Attributes at their initial value, and a family that the page decides.
    Ok(drawn
        .replacen(&from, &opening, 1)
        .replace(" opacity=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", ""))
}

fn draw(
    plot: &Plot,
    size: (u32, u32),
    drawn: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(drawn, size).into_drawing_area();
    let mut chart = ChartBuilder::on(&root)
        .margin_top(8 * SCALE)
        .margin_right(26 * SCALE)
        .x_label_area_size(24 * SCALE)
        .y_label_area_size(62 * SCALE)
        .build_cartesian_2d(plot.x.clone(), plot.y.clone())?;
    let letters = ("sans-serif", LETTERS * f64::from(SCALE)).into_font();
    chart
        .configure_mesh()
        .axis_style(GRID.colour().stroke_width(SCALE))
        .bold_line_style(GRID.colour().stroke_width(SCALE / 2))
        .label_style(letters.color(&TICK.colour()))
        .set_all_tick_mark_size(3 * SCALE)
        .draw()?;
    for line in &plot.lines {
        let points = line.points.iter().copied();
        match line.look {
            LineLook::Wrong => {
                let style = WRONG.colour().stroke_width(SCALE * 2);
                chart.draw_series(points.map(|point| Cross::new(point, 4 * SCALE, style)))?;
            }
            LineLook::Dashed => {
                let style = Ink::dashed(line.series)
                    .colour()
                    .stroke_width(SCALE * 3 / 2);
                chart.draw_series(LineSeries::new(points, style))?;
            }
            LineLook::Solid | LineLook::Dotted => {
                let style = Ink::solid(line.series).colour().stroke_width(SCALE * 2);
                chart.draw_series(LineSeries::new(points.clone(), style))?;
                if line.look == LineLook::Dotted {
                    let dot = Ink::solid(line.series).colour().filled();
                    chart.draw_series(points.map(|point| Circle::new(point, 4 * SCALE, dot)))?;
                }
            }
        }
    }
    root.present()?;
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
