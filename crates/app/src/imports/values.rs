//! Dates and numbers as people write them.

use chrono::{Days, NaiveDate};

/// A date as people write it: `2017-03-01`, `2017/3/1`, `2017.3.1`, `2017年3月1日`, `20170301`, a spreadsheet's serial
/// number (days since 1899-12-30), each with or without a time behind it. None where it is none of these. A form that
/// could mean two days (3/4/2017) is none of them.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月']).map(|part| part.trim_end_matches('日')).collect();
    if let [year, month, date] = parts.as_slice() {
        if year.len() != 4 || month.len() > 2 || date.len() > 2 {
            return None;
        }
        return NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?);
    }
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(day, "%Y%m%d").ok();
    }
    // A serial number: 20,000 is in 1954, 80,000 in 2119.
    let serial: u64 = day.split('.').next()?.parse().ok()?;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    (20_000..80_000).contains(&serial).then(|| epoch.checked_add_days(Days::new(serial))).flatten()
}

/// A number as people write it, as a plain decimal: `1,054.00`, `¥1,054`, `1 054.00`, `(500)` for -500, full-width
/// digits. None where it is no number, or where the grouping is not in threes (1,05 may mean 1.05).
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let narrow: String = text.trim().chars().map(narrow).filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    let (negative, rest) = match narrow.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => match narrow.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, narrow.strip_prefix('+').unwrap_or(&narrow)),
        },
    };
    let rest = rest.trim_start_matches(['¥', '$', '€', '£']).trim_end_matches('元');
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = ungroup(whole)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || fraction.is_some_and(|part| !digits(part)) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    Some(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

fn ungroup(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    if rest.is_empty() {
        return Some(first.to_owned());
    }
    let in_threes = rest.iter().all(|group| group.len() == 3) && (1..=3).contains(&first.len());
    in_threes.then(|| format!("{first}{}", rest.concat()))
}

/// Full-width digits and signs as their ASCII twins.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '，' | '．' | '（' | '）' | '－' | '＋' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        '￥' => '¥',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        let march = NaiveDate::from_ymd_opt(2017, 3, 1);
        for text in [
            "2017-03-01",
            "2017/3/1",
            "2017.3.1",
            "2017年3月1日",
            "20170301",
            "42795",
            "42795.0",
            "2017-03-01 08:30",
            "2017-03-01T08:30:00Z",
            " 2017/03/01 ",
        ] {
            assert_eq!(date(text), march, "{text}");
        }
        for text in ["", "3/4/2017", "2017-13-01", "2017-02-30", "17-3-1", "20026-01-01", "soon", "5", "2017-3"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expect) in [
            ("1,054.00", "1054.00"),
            ("¥1,054", "1054"),
            ("1 054.5", "1054.5"),
            ("(500)", "-500"),
            ("-12", "-12"),
            ("１，０５４．００", "1054.00"),
            ("￥300元", "300"),
            ("0.5", "0.5"),
            ("1,234,567", "1234567"),
        ] {
            assert_eq!(number(text).as_deref(), Some(expect), "{text}");
        }
        for text in ["", "1,05", "1.2.3", "12a", ",5", "1e3", ".", "1."] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
