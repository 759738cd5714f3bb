// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the tables of benches/README.md share: the machine, the statistics, and where they are written.

use std::fs;

/// The processor and the libraries, in a sentence.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": "))
            .map_or("", |(_, value)| value)
    };
    let flags: Vec<&str> = field("flags")
        .split(' ')
        .filter(|flag| ["aes", "pclmulqdq", "sha_ni", "vaes", "vpclmulqdq"].contains(flag))
        .collect();
    format!(
        "{} (family {}, model {}; {}); {}, {}.",
        field("model name"),
        field("cpu family"),
        field("model\t"),
        flags.join(", "),
        srtp::get_version_string(),
        openssl::version::version(),
    )
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(0.5, values)
}

/// The value that the given part of all values is below; not a number if there are none.
pub fn quantile(part: f64, values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss
    )] // Thousands of values at most.
    let position = (part * values.len() as f64) as usize;
    values.get(position).copied().unwrap_or(f64::NAN)
}

/// Writes `table` between its marks in benches/README.md.
pub fn write(name: &str, table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->\n"),
    );
    let readme = fs::read_to_string(path).expect("benches/README.md is readable");
    let (head, rest) = readme
        .split_once(&begin)
        .expect("the mark before the table");
    let (_, tail) = rest.split_once(&end).expect("the mark after the table");
    fs::write(path, format!("{head}{begin}{table}{end}{tail}"))
        .expect("benches/README.md is writable");
}
