//! The pay curve: what a component pays against the amount or the attainment that it is paid on, computed by the same
//! table that rates the facts.

use rust_decimal::Decimal;

use super::bands::Bands;
use super::model::{Axis, Band, Component, Computed, Mode, Plan, Rate, Tiers};
use crate::exact::Exact;
use crate::explain::Label;
use crate::money::Currency;

/// Points between two edges of bands, beside the edges themselves.
const BETWEEN: i64 = 4;

/// What a component pays against what it is paid on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The component.
    pub component: String,
    /// What runs along the horizontal.
    pub axis: Axis,
    /// Marginal or whole-amount tiers; none for a rate without tiers.
    pub mode: Option<Mode>,
    /// Where the bands begin, with the rate from there: major units, or attainment.
    pub edges: Vec<(Decimal, Decimal)>,
    /// The target that attainment was turned into money by; without one, pay is a share of the target.
    pub target: Option<Decimal>,
    /// The lines: one, or one for each row of a look-up.
    pub lines: Vec<CurveLine>,
}

/// A line of a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveLine {
    /// What it is of.
    pub label: Label,
    /// The points, from left to right; two at one edge where the pay jumps.
    pub points: Vec<Point>,
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Major units, or attainment.
    pub at: Decimal,
    /// Major units, or a share of the target.
    pub pay: Decimal,
}

/// The curves of a plan's components that are paid by rate. `target` is the person's target of a metric in money;
/// `reached` is how far the person's cumulated basis goes, major units, so that it lies inside of the picture.
#[must_use]
pub fn curves(
    plan: &Plan,
    currency: Currency,
    target: &dyn Fn(&str) -> Option<Decimal>,
    reached: Option<Decimal>,
) -> Vec<Curve> {
    let top = plan.components.iter().filter_map(top_edge).max();
    let reached = reached.filter(|reached| *reached > Decimal::ZERO);
    let end = match (top.map(|top| top * Decimal::new(15, 1)), reached.map(|reached| reached * Decimal::new(125, 2))) {
        (Some(top), Some(reached)) => Some(top.max(reached)),
        (top, reached) => top.or(reached),
    };
    plan.components.iter().filter_map(|component| curve(plan, component, currency, target, end.map(round_up))).collect()
}

/// The highest edge of tiers on amount; none for others and where there is but one band.
fn top_edge(component: &Component) -> Option<Decimal> {
    match component.only_rate()? {
        Rate::Tiers(Tiers { on: Axis::Amount, rows, .. }) => {
            rows.last().map(|row| row.from.0).filter(|top| *top > Decimal::ZERO)
        }
        _ => None,
    }
}

/// The next round figure: two digits that count.
fn round_up(value: Decimal) -> Decimal {
    let mut unit = Decimal::ONE;
    while value > unit * Decimal::ONE_HUNDRED {
        unit *= Decimal::TEN;
    }
    (value / unit).ceil() * unit
}

fn curve(
    plan: &Plan,
    component: &Component,
    currency: Currency,
    target: &dyn Fn(&str) -> Option<Decimal>,
    end: Option<Decimal>,
) -> Option<Curve> {
    let minor = Decimal::from(10_i64.pow(currency.digits()));
    let id = component.id.clone();
    let drawing = Drawing { plan, minor, places: currency.digits() };
    let straight = |rate: Decimal, label: Label, end: Decimal| {
        let table = Bands { starts: vec![Exact::ZERO], rates: vec![Exact::of_decimal(rate)] };
        let points = drawing.points(&table, Mode::Marginal, &[Decimal::ZERO], end, minor)?;
        Some(CurveLine { label, points })
    };
    match component.only_rate()? {
        Rate::Flat(Computed::Fixed(rate)) => {
            let lines = vec![straight(rate.0, Label::Flat, end?)?];
            Some(Curve { component: id, axis: Axis::Amount, mode: None, edges: Vec::new(), target: None, lines })
        }
        Rate::Lookup(lookup) => {
            let end = end?;
            let named = lookup.rows.iter().map(|row| {
                let values = row.values.iter().map(|(field, values)| (field.clone(), values.join("、"))).collect();
                (row.rate.unwrap_or_default().0, values)
            });
            let default = lookup.default;
            let others = (!default.0.is_zero()).then_some((default.0, Vec::new()));
            let lines = named.chain(others).map(|(rate, values)| straight(rate, Label::Row(values), end));
            let lines = lines.collect::<Option<_>>()?;
            Some(Curve { component: id, axis: Axis::Amount, mode: None, edges: Vec::new(), target: None, lines })
        }
        Rate::Tiers(Tiers { mode, on, rows, .. }) => {
            let (target, unit, end) = match on {
                Axis::Formula(_) => return None,
                Axis::Amount => (None, minor, end?),
                Axis::Attainment(metric) => {
                    let target = target(metric).filter(|target| *target > Decimal::ZERO);
                    let last = rows.last().map_or(Decimal::ONE, |row| row.from.0).max(Decimal::ONE);
                    (target, target.unwrap_or(Decimal::ONE).checked_mul(minor)?, last + Decimal::new(3, 1))
                }
            };
            let scale = Exact::of_decimal(unit);
            let starts = rows.iter().map(|row| row.from.exact().times(&scale)).collect::<Option<_>>()?;
            let table = Bands { starts, rates: rows.iter().map(|row| row.rate.exact()).collect() };
            let edges: Vec<Decimal> = rows.iter().map(|row| row.from.0).collect();
            let share = matches!(on, Axis::Attainment(_)) && target.is_none();
            let drawing = Drawing { places: if share { 6 } else { drawing.places }, ..drawing };
            let points = drawing.points(&table, *mode, &edges, end, unit)?;
            Some(Curve {
                component: id,
                axis: on.clone(),
                mode: Some(*mode),
                edges: rows.iter().map(|row: &Band| (row.from.0, row.rate.0)).collect(),
                target,
                lines: vec![CurveLine { label: Label::Flat, points }],
            })
        }
        Rate::Flat(_) | Rate::Curve(_) | Rate::Reward(_) | Rate::Each(_) | Rate::As(_) => None,
    }
}

#[derive(Clone, Copy)]
struct Drawing<'a> {
    plan: &'a Plan,
    /// Minor units of one major unit.
    minor: Decimal,
    /// Decimals of the pay.
    places: u32,
}

impl Drawing<'_> {
    /// The points from 0 to the end. `unit` is one of the axis in minor units.
    fn points(&self, table: &Bands, mode: Mode, edges: &[Decimal], end: Decimal, unit: Decimal) -> Option<Vec<Point>> {
        let mut stops: Vec<Decimal> = edges.iter().copied().filter(|edge| *edge < end).collect();
        stops.push(end);
        let mut points = Vec::new();
        for (index, stop) in stops.iter().enumerate() {
            let from = if index == 0 { None } else { stops.get(index - 1).copied() };
            if let Some(from) = from {
                for step in 1..=BETWEEN {
                    let at = from + (*stop - from) * Decimal::from(step) / Decimal::from(BETWEEN + 1);
                    points.push(self.point(table, mode, at.round_dp(6), unit)?);
                }
                // Where the whole amount moves to the next rate, the pay jumps: the point just before it.
                if mode == Mode::Whole && *stop < end {
                    let just_before = self.pay(table, mode, *stop * unit - Decimal::ONE)?;
                    points.push(Point { at: *stop, pay: just_before });
                }
            }
            points.push(self.point(table, mode, *stop, unit)?);
        }
        Some(points)
    }

    fn point(&self, table: &Bands, mode: Mode, at: Decimal, unit: Decimal) -> Option<Point> {
        Some(Point { at, pay: self.pay(table, mode, at.checked_mul(unit)?)? })
    }

    /// The pay for a position in minor units, major units.
    fn pay(&self, table: &Bands, mode: Mode, position: Decimal) -> Option<Decimal> {
        let position = Exact::of_decimal(position.max(Decimal::ZERO));
        let mut exact = Exact::ZERO;
        if mode == Mode::Marginal {
            for (band, way) in table.ways(&Exact::ZERO, &position)? {
                exact = exact.plus(&way.times(&table.rate(band))?)?;
            }
        } else {
            exact = position.times(&table.rate(table.band(&position)))?;
        }
        if self.places > 4 {
            return exact.over(&Exact::of_decimal(self.minor))?.to_decimal(self.places);
        }
        let amount = exact.to_minor(self.plan.rounding)?;
        Some(Decimal::new(amount, self.places))
    }
}
