//! How far a payee is on the way to the next tier.

use rust_decimal::Decimal;

use super::estimate::TierProgress;
use super::payee::Payee;
use super::run::{Payroll, Place};
use crate::exact::Exact;
use crate::formula::Over;
use crate::plans::{Axis, Rate, Tiers};

/// Decimals of a position that is shown.
const PLACES: u32 = 12;

impl<'a> Payroll<'a> {
    /// The distance to the next tier of every component of a version that has one on an amount or an attainment.
    pub(super) fn progress(&self, payee: &Payee<'a>, version: usize) -> Vec<TierProgress> {
        let components = self.plan(version).map_or(0, |plan| plan.components.len());
        (0..components).filter_map(|component| self.distance(payee, Place { version, component })).collect()
    }

    fn distance(&self, payee: &Payee<'a>, place: Place) -> Option<TierProgress> {
        let component = self.component(place)?;
        let Some(Rate::Tiers(Tiers { mode, on, over, rows })) = component.only_rate() else { return None };
        if *over == Over::Fact || matches!(on, Axis::Formula(_)) {
            return None;
        }
        let (reached, held, unit) = self.standing(payee, place, on, *over)?;
        let position = reached.over(&unit)?.to_decimal(PLACES)?;
        let next = rows.iter().find(|row| row.from.0 > position);
        let plan = self.versions.get(place.version)?;
        Some(TierProgress {
            plan: plan.plan.id.clone(),
            version: plan.version,
            component: component.id.clone(),
            period: payee.period,
            axis: on.clone(),
            mode: *mode,
            position,
            held: held.over(&unit)?.to_decimal(PLACES).unwrap_or(Decimal::ZERO),
            bands: rows.clone(),
            next: next.map(|row| (row.from.0, row.from.0 - position, row.rate.0)),
        })
    }

    /// Where a payee stands on an axis, what is held, and what one of the axis' unit is; without a target nothing is reached.
    fn standing(&self, payee: &Payee<'a>, place: Place, on: &Axis, over: Over) -> Option<(Exact, Exact, Exact)> {
        let span = self.span(over, payee.period);
        let counted = self.counted(payee, place, span, &mut Vec::new());
        let sum = |pending: bool| {
            let own = counted.iter().filter(|one| one.is_pending() == pending);
            own.map(|one| &one.value).try_fold(Exact::ZERO, |sum, value| sum.plus(value))
        };
        let held = sum(true)?;
        let Axis::Attainment(code) = on else { return Some((sum(false)?, held, Exact::ONE)) };
        self.metric(code, payee.period)?;
        match self.target_and_reached(payee, place.version, code, over) {
            (Some(target), Some(reached)) => Some((reached.times(&target)?, held, target)),
            _ => Some((Exact::ZERO, held, Exact::ONE)),
        }
    }
}
