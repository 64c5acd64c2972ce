//! Charts as SVG: pure, from numbers and labels to text. Lengths along the page are shares of its
//! width and text keeps its size, so that a chart can be read at any width. How things look is
//! said by classes; what the numbers are stands in a table beside each chart.

use std::fmt::Write as _;

/// Something that is so large.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    /// What.
    pub label: String,
    /// How large.
    pub value: f64,
    /// The value as people read it.
    pub text: String,
}

/// Height of a bar with its label, in pixels.
const BAR_STEP: usize = 44;
/// Height of a chart over time, in pixels, without its labels.
const TIME_HEIGHT: f64 = 140.0;
/// Most labels below a chart over time.
const TIME_LABELS: usize = 6;
/// Height of a row of a heat map, in pixels.
const HEAT_STEP: usize = 28;
/// Shades of a heat map beside nothing.
const SHADES: u32 = 5;

/// Bars below each other, each under its label. `whole` is what the width stands for; without it,
/// the largest value.
pub(super) fn bars(title: &str, bars: &[Bar], whole: Option<f64>) -> String {
    let most = whole.unwrap_or_else(|| most(bars.iter().map(|bar| bar.value)));
    let mut svg = open("bars", title, bars.len() * BAR_STEP);
    for (at, bar) in bars.iter().enumerate() {
        let y = at * BAR_STEP;
        let (label, text) = (escaped(&bar.label), escaped(&bar.text));
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{}\">{label}</text>\
             <text class=\"chart-value\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{text}</text>\
             <rect class=\"chart-track\" x=\"0\" y=\"{}\" width=\"100%\" height=\"10\" rx=\"2\"/>",
            y + 16,
            y + 16,
            y + 24,
        );
        if bar.value > 0.0 {
            let width = share(bar.value, most);
            let y = y + 24;
            let _ = write!(
                svg,
                "<rect class=\"chart-bar\" x=\"0\" y=\"{y}\" width=\"{width}%\" height=\"10\" rx=\"2\"/>"
            );
        }
    }
    close(svg)
}

/// Columns beside each other, over time.
pub(super) fn columns(title: &str, points: &[Bar]) -> String {
    let most = most(points.iter().map(|point| point.value));
    let mut svg = open("columns", title, 184);
    let step = 100.0 / count(points.len());
    for (at, point) in points.iter().enumerate() {
        let height = (point.value / most * TIME_HEIGHT).round();
        let _ = write!(
            svg,
            "<rect class=\"chart-bar\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{height}\">\
             <title>{}: {}</title></rect>",
            short(step * (count(at + 1) - 1.0 + 0.15)),
            20.0 + TIME_HEIGHT - height,
            short(step * 0.7),
            escaped(&point.label),
            escaped(&point.text),
        );
    }
    svg.push_str(&time_axis(points, step));
    close(svg)
}

/// A line over time.
pub(super) fn line(title: &str, points: &[Bar]) -> String {
    let most = most(points.iter().map(|point| point.value));
    let mut svg = open("line", title, 184);
    let step = 100.0 / count(points.len());
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let x = short(step * (count(at + 1) - 0.5));
        let y = short(TIME_HEIGHT - point.value / most * TIME_HEIGHT);
        let _ = write!(path, "{}{x},{y}", if at == 0 { "" } else { " " });
    }
    let _ = write!(
        svg,
        "<svg x=\"0\" y=\"20\" width=\"100%\" height=\"{TIME_HEIGHT}\" \
         viewBox=\"0 0 100 {TIME_HEIGHT}\" preserveAspectRatio=\"none\">\
         <polyline class=\"chart-path\" points=\"{path}\" fill=\"none\" \
         vector-effect=\"non-scaling-stroke\"/></svg>"
    );
    svg.push_str(&time_axis(points, step));
    close(svg)
}

/// The ground line, the largest value and some of the labels of a chart over time.
fn time_axis(points: &[Bar], step: f64) -> String {
    let ground = 20.0 + TIME_HEIGHT;
    let mut axis = format!(
        "<line class=\"chart-ground\" x1=\"0\" x2=\"100%\" y1=\"{ground}\" y2=\"{ground}\"/>"
    );
    let largest = points
        .iter()
        .max_by(|one, next| one.value.total_cmp(&next.value));
    if let Some(largest) = largest {
        let text = escaped(&largest.text);
        let _ = write!(
            axis,
            "<text class=\"chart-value\" x=\"0\" y=\"12\">{text}</text>"
        );
    }
    let every = points.len().div_ceil(TIME_LABELS).max(1);
    for (at, point) in points.iter().enumerate().step_by(every) {
        let x = short(step * (count(at + 1) - 1.0));
        let y = ground + 18.0;
        let label = escaped(&point.label);
        let _ = write!(axis, "<text x=\"{x}%\" y=\"{y}\">{label}</text>");
    }
    axis
}

/// A map of counts: a row for each of `rows`, a column for each of `columns`.
pub(super) fn heat(
    title: &str,
    rows: &[String],
    columns: &[String],
    counts: &[Vec<u32>],
) -> String {
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let mut svg = open("heat", title, (rows.len() + 1) * HEAT_STEP);
    // The first eighth of the width is for the names of the rows.
    let step = 87.5 / count(columns.len());
    for (at, label) in columns.iter().enumerate().step_by(2) {
        let x = short(12.5 + step * (count(at + 1) - 0.5));
        let label = escaped(label);
        let _ = write!(
            svg,
            "<text x=\"{x}%\" y=\"18\" text-anchor=\"middle\">{label}</text>"
        );
    }
    for (row, (label, counts)) in rows.iter().zip(counts).enumerate() {
        let y = (row + 1) * HEAT_STEP;
        let label = escaped(label);
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{label}</text>", y + 18);
        for (at, count_of) in counts.iter().enumerate() {
            let shade = (count_of * SHADES).div_ceil(most);
            let x = short(12.5 + step * (count(at + 1) - 1.0));
            let _ = write!(
                svg,
                "<rect class=\"heat-{shade}\" x=\"{x}%\" y=\"{y}\" width=\"{}%\" height=\"{}\">\
                 <title>{label} {}: {count_of}</title></rect>",
                short(step * 0.94),
                HEAT_STEP - 2,
                escaped(columns.get(at).map_or("", String::as_str)),
            );
        }
    }
    close(svg)
}

fn open(kind: &str, title: &str, height: usize) -> String {
    format!(
        "<svg class=\"chart chart-{kind}\" role=\"img\" aria-label=\"{}\" width=\"100%\" \
         height=\"{height}\" direction=\"ltr\">",
        escaped(title)
    )
}

fn close(svg: String) -> String {
    svg + "</svg>"
}

/// The largest value, and never nothing.
fn most(values: impl Iterator<Item = f64>) -> f64 {
    let most = values.fold(0.0, f64::max);
    if most > 0.0 { most } else { 1.0 }
}

/// How much `value` is of `most`, in hundredths; what is not nothing can be seen.
fn share(value: f64, most: f64) -> String {
    short((value / most * 100.0).clamp(0.5, 100.0))
}

fn count(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX)).max(1.0)
}

/// At most two digits behind the point.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, value: f64) -> Bar {
        Bar {
            label: label.to_owned(),
            value,
            text: value.to_string(),
        }
    }

    /// One tag on each line.
    fn lines(svg: &str) -> String {
        svg.replace("><", ">\n<")
    }

    #[test]
    fn charts_as_text() {
        let two = [bar("A & \"B\" <c>", 4.0), bar("None", 0.0)];
        insta::assert_snapshot!("bars", lines(&bars("Services", &two, None)));
        let weeks = [bar("1 Dec", 2.0), bar("8 Dec", 4.0), bar("15 Dec", 1.0)];
        insta::assert_snapshot!("columns", lines(&columns("Weeks", &weeks)));
        insta::assert_snapshot!("line", lines(&line("Rate", &weeks)));
        let names = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let counts = [vec![0, 1], vec![10, 5]];
        let map = heat(
            "Hours",
            &names(&["Mon", "Tue"]),
            &names(&["9", "10"]),
            &counts,
        );
        insta::assert_snapshot!("heat", lines(&map));
    }

    #[test]
    fn nothing_at_all_is_a_chart_too() {
        for svg in [
            bars("x", &[], None),
            columns("x", &[]),
            line("x", &[bar("a", 0.0)]),
            heat("x", &[], &[], &[]),
        ] {
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
