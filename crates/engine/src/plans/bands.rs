//! A table of bands: what both the rating of facts and the curves of a plan's page look up.

use crate::exact::Exact;

/// Where bands begin, ascending, and their rates.
#[derive(Clone, Debug)]
pub(crate) struct Bands {
    pub(crate) starts: Vec<Exact>,
    pub(crate) rates: Vec<Exact>,
}

impl Bands {
    /// The number of the band that holds a position: a boundary belongs to the band that begins there, what lies below the
    /// first to the first.
    pub(crate) fn band(&self, position: &Exact) -> usize {
        self.starts.iter().rposition(|start| start <= position).unwrap_or(0)
    }

    /// The rate of a band.
    pub(crate) fn rate(&self, band: usize) -> Exact {
        self.rates.get(band).cloned().unwrap_or_default()
    }

    /// The ways from one position to another, band by band, signed: a way down takes back what the way up gave. The first
    /// band reaches down without end, the last up. None where a number outgrows its bound.
    pub(crate) fn ways(&self, before: &Exact, after: &Exact) -> Option<Vec<(usize, Exact)>> {
        let (low, high) = if before <= after { (before, after) } else { (after, before) };
        let mut ways = Vec::new();
        for band in 0..self.rates.len() {
            let start = match self.starts.get(band) {
                Some(start) if band > 0 && start > low => start,
                _ => low,
            };
            let end = self.starts.get(band + 1).map_or(high, |next| next.min(high));
            if end > start {
                let way = end.minus(start)?;
                ways.push((band, if before <= after { way } else { way.negated() }));
            }
        }
        Some(ways)
    }

    /// The rate of the straight line through the points at a position, held beyond the last ones.
    pub(crate) fn on_line(&self, position: &Exact) -> Option<Exact> {
        if self.starts.first().is_none_or(|first| position <= first) {
            return Some(self.rate(0));
        }
        let at = self.band(position);
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(low), Some(high)) => between(position, (low, &self.rate(at)), (high, &self.rate(at + 1))),
            _ => Some(self.rate(at)),
        }
    }
}

/// The height of the straight line through two points.
pub(crate) fn between(at: &Exact, (x1, y1): (&Exact, &Exact), (x2, y2): (&Exact, &Exact)) -> Option<Exact> {
    let way = at.minus(x1)?.over(&x2.minus(x1)?)?;
    y1.plus(&y2.minus(y1)?.times(&way)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn e(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn ways_sum_to_the_way_and_boundaries_belong_above() {
        let bands = Bands { starts: vec![e("0"), e("100"), e("200")], rates: vec![e("0.01"), e("0.02"), e("0.03")] };
        assert_eq!(bands.band(&e("100")), 1);
        assert_eq!(bands.band(&e("99.99")), 0);
        assert_eq!(bands.band(&e("-5")), 0);
        let shown = |from: &str, to: &str| bands.ways(&e(from), &e(to)).unwrap();
        assert_eq!(shown("50", "250"), [(0, e("50")), (1, e("100")), (2, e("50"))]);
        assert_eq!(shown("250", "50"), [(0, e("-50")), (1, e("-100")), (2, e("-50"))]);
        assert_eq!(shown("-50", "50"), [(0, e("100"))]);
        assert!(shown("100", "100").is_empty());
        assert_eq!(bands.on_line(&e("150")).unwrap(), e("0.025"));
        assert_eq!(bands.on_line(&e("-1")).unwrap(), e("0.01"));
        assert_eq!(bands.on_line(&e("900")).unwrap(), e("0.03"));
    }
}
