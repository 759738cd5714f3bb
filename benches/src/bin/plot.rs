// SPDX-License-Identifier: MIT OR Apache-2.0
//! Draws the tables of benches/README.md, as far as they are about 160 octets, into benches/plot.svg.

use std::fs;

use plotters::coord::Shift;
use plotters::prelude::*;

const PAYLOAD: &str = "160";
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const PLOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/plot.svg");

const SIPSEAL: RGBColor = RGBColor(0x1b, 0x6e, 0x8c);
const LIBSRTP: RGBColor = RGBColor(0xd9, 0x8c, 0x3f);
const AWS_LC: RGBColor = RGBColor(0x9a, 0xa5, 0xab);

/// Bars of one packet: a name for each, its figure and whose it is.
struct Group {
    name: String,
    bars: Vec<(f64, RGBColor)>,
}

type Panel<'p> = DrawingArea<SVGBackend<'p>, Shift>;

fn main() {
    let readme = fs::read_to_string(README).expect("benches/README.md is readable");
    let root = SVGBackend::new(PLOT, (900, 330)).into_drawing_area();
    root.fill(&WHITE).expect("an SVG can be written");
    let (plots, key) = root.split_vertically(295);
    let panels = plots.split_evenly((1, 2));
    draw(
        &panels[0],
        "x86-64: nanoseconds to protect 160 octets",
        &times(&readme),
    );
    draw(
        &panels[1],
        "ARM: instructions to protect 160 octets, AES-CM",
        &instructions(&readme),
    );
    draw_key(
        &key,
        &[
            ("sipseal", SIPSEAL),
            ("libsrtp", LIBSRTP),
            ("aws-lc-rs, the bare AEAD", AWS_LC),
        ],
    );
    root.present().expect("benches/plot.svg is writable");
}

/// Rows of the table between the marks of this name, in cells.
fn rows<'r>(readme: &'r str, name: &str) -> Vec<Vec<&'r str>> {
    let (begin, end) = (
        format!("<!-- {name}: begin -->"),
        format!("<!-- {name}: end -->"),
    );
    let (_, rest) = readme.split_once(&begin).expect("the mark before a table");
    let (table, _) = rest.split_once(&end).expect("the mark after a table");
    let rows = table.lines().filter(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn number(cell: &str) -> Option<f64> {
    cell.replace(',', "").parse().ok()
}

fn times(readme: &str) -> Vec<Group> {
    let rows = rows(readme, "table");
    // Those to protect come first.
    let mut named = Vec::new();
    for row in rows.iter().filter(|row| row.get(1) == Some(&PAYLOAD)) {
        let name = row[0].replace("_HMAC_SHA1", "");
        if named.iter().all(|group: &Group| group.name != name) {
            let bars = [(2, SIPSEAL), (3, LIBSRTP), (5, AWS_LC)];
            let bars = bars
                .into_iter()
                .filter_map(|(cell, color)| Some((number(row[cell])?, color)));
            named.push(Group {
                bars: bars.collect(),
                name,
            });
        }
    }
    named
}

fn instructions(readme: &str) -> Vec<Group> {
    let rows = rows(readme, "libsrtp");
    let wanted = rows.iter().filter_map(|row| {
        let name = row.first()?.strip_suffix(", protect")?;
        (row.get(1) == Some(&PAYLOAD)).then(|| Group {
            name: name.to_owned(),
            bars: [(2, SIPSEAL), (3, LIBSRTP)]
                .into_iter()
                .filter_map(|(cell, color)| Some((number(row[cell])?, color)))
                .collect(),
        })
    });
    wanted.collect()
}

/// Bars in groups, each with its figure above it.
fn draw(panel: &Panel<'_>, title: &str, groups: &[Group]) {
    let all = groups.iter().flat_map(|group| &group.bars);
    let highest = all.map(|(figure, _)| *figure).fold(0.0, f64::max);
    let width = f64::from(u32::try_from(groups.len()).expect("a few groups"));
    let mut chart = ChartBuilder::on(panel)
        .caption(title, ("sans-serif", 15))
        .margin(8)
        .x_label_area_size(24)
        .build_cartesian_2d(0.0..width, 0.0..highest * 1.12)
        .expect("a chart fits");
    let text = |text: &str, at: (f64, f64), pixels: (i32, i32)| {
        let style = ("sans-serif", 11).into_font().color(&BLACK.mix(0.8));
        let style = style.pos(plotters::style::text_anchor::Pos::new(
            plotters::style::text_anchor::HPos::Center,
            plotters::style::text_anchor::VPos::Bottom,
        ));
        EmptyElement::at(at) + Text::new(text.to_owned(), pixels, style)
    };
    for (group, left) in groups.iter().zip(0_u32..) {
        let left = f64::from(left);
        let bar = 0.86 / group.bars.len() as f64;
        let start = left + (1.0 - bar * group.bars.len() as f64) / 2.0;
        for (at, (figure, color)) in group.bars.iter().enumerate() {
            let from = start + bar * at as f64;
            let shape = Rectangle::new([(from, 0.0), (from + bar * 0.92, *figure)], color.filled());
            let label = text(
                &format!("{figure:.0}"),
                (from + bar * 0.46, *figure),
                (0, -2),
            );
            chart.draw_series([shape]).expect("a bar fits");
            chart.draw_series([label]).expect("a figure fits");
        }
        let name = text(&group.name, (left + 0.5, 0.0), (0, 16));
        chart.draw_series([name]).expect("a name fits");
    }
}

fn draw_key(area: &Panel<'_>, entries: &[(&str, RGBColor)]) {
    let mut x = 230;
    for (name, color) in entries {
        let square = Rectangle::new([(x, 6), (x + 12, 18)], color.filled());
        let label = Text::new((*name).to_owned(), (x + 18, 6), ("sans-serif", 13));
        area.draw(&square).expect("a square fits");
        area.draw(&label).expect("a name fits");
        x += 110;
    }
}
