//! Cells that a spreadsheet would run as a formula, made harmless, and made what they were again.

/// What a spreadsheet takes for the beginning of a formula.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// What makes a spreadsheet take the rest for text.
const MARK: char = '\'';

/// True for a plain number like -1234.50: it is counted with, not run.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && fraction.is_none_or(all_digits)
}

fn would_run(text: &str) -> bool {
    text.trim_start_matches(MARK).starts_with(STARTS) && !is_number(text)
}

/// A cell as it is written into a file: what a spreadsheet would run gets an apostrophe before it.
#[must_use]
pub fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    if would_run(text) { format!("{MARK}{text}").into() } else { text.into() }
}

/// A cell as it was before [`harmless`]: an apostrophe before what a spreadsheet would run is taken off.
#[must_use]
pub fn original(text: &str) -> &str {
    text.strip_prefix(MARK).filter(|rest| rest.trim_start_matches(MARK).starts_with(STARTS)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evil_cells_are_text_and_come_back() {
        for evil in ["=1+1", "+86 138", "-2+3", "@SUM(A1)", "\tx", "\r=x", "'=x", "''@x", "-", "--1", "-1e3", "+1"] {
            let written = harmless(evil);
            assert!(written.starts_with('\''), "{evil:?}");
            assert_eq!(original(&written), evil);
        }
        for plain in ["", "-1234.50", "0.05", "华为", "'s", "it's", "a=b", "'", "2026-01-01"] {
            assert_eq!(harmless(plain), plain);
            assert_eq!(original(plain), plain);
        }
    }
}
