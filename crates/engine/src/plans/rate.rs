//! RATE: from a credited figure to raw pay.

use rust_decimal::Decimal;

use super::model::{Band, LookupRow, Mode};
use crate::books::CreditView;
use crate::books::Dictionary;
use crate::conditions::Field;
use crate::explain::{Label, Step};

/// A tier table with its boundaries in minor units (or in attainment x target, minor units).
#[derive(Clone, Debug)]
pub struct Table {
    /// Where each band begins, ascending, the first at 0.
    pub starts: Vec<Decimal>,
    /// The rate of each band.
    pub rates: Vec<Decimal>,
}

impl Table {
    /// A table whose boundaries are scaled by `unit`: minor units for one major unit, or the target in minor units.
    #[must_use]
    pub fn new(rows: &[Band], unit: Decimal) -> Option<Self> {
        let starts = rows.iter().map(|row| row.from.0.checked_mul(unit)).collect::<Option<_>>()?;
        Some(Self { starts, rates: rows.iter().map(|row| row.rate.0).collect() })
    }

    /// The number of the band that holds a position: a boundary belongs to the band that begins there. What lies below
    /// 0 belongs to the first.
    #[must_use]
    pub fn band(&self, position: Decimal) -> usize {
        self.starts.iter().rposition(|start| *start <= position).unwrap_or(0)
    }

    /// The parts of the way from one position to another, band by band, signed: a way down takes back what the way up
    /// gave.
    #[must_use]
    pub fn parts(&self, before: Decimal, after: Decimal) -> Vec<Step> {
        let (low, high, sign) =
            if before <= after { (before, after, Decimal::ONE) } else { (after, before, -Decimal::ONE) };
        let mut steps = Vec::new();
        for (index, rate) in self.rates.iter().enumerate() {
            // The first band reaches down without end, the last up without end.
            let start = if index == 0 { low } else { self.starts.get(index).copied().unwrap_or(low).max(low) };
            let end = self.starts.get(index + 1).copied().unwrap_or(high).min(high);
            if end > start {
                steps.push(Step::Part { label: Label::Band(index + 1), part: (end - start) * sign, rate: *rate });
            }
        }
        if steps.is_empty() {
            let band = self.band(before);
            let rate = self.rates.get(band).copied().unwrap_or_default();
            steps.push(Step::Part { label: Label::Band(band + 1), part: Decimal::ZERO, rate });
        }
        steps
    }

    /// The step of a whole-amount tier: everything at the rate of the band reached.
    #[must_use]
    pub fn whole(&self, reached: Decimal, part: i64) -> Step {
        let band = self.band(reached);
        let rate = self.rates.get(band).copied().unwrap_or_default();
        Step::Part { label: Label::Band(band + 1), part: part.into(), rate }
    }
}

/// True for marginal tiers.
#[must_use]
pub fn is_marginal(mode: Mode) -> bool {
    mode == Mode::Marginal
}

/// The row of a lookup that names most of the credit's dimensions; the first of equals.
#[must_use]
pub fn look_up(
    rows: &[LookupRow],
    default: Decimal,
    credit: &CreditView<'_>,
    dictionary: &Dictionary,
    part: i64,
) -> Step {
    let mut best: Option<&LookupRow> = None;
    for row in rows {
        let matches = row.values.iter().all(|(field, value)| {
            let wanted = dictionary.symbol(value);
            let found = Field::of(field, dictionary).map(|field| field.value(credit, dictionary));
            wanted.is_some() && found == wanted
        });
        if matches && best.is_none_or(|best| row.values.len() > best.values.len()) {
            best = Some(row);
        }
    }
    let values = best.map_or_else(Vec::new, |row| row.values.clone().into_iter().collect());
    Step::Part { label: Label::Row(values), part: part.into(), rate: best.map_or(default, |row| row.rate.0) }
}
