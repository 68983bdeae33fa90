//! RATE: a line and a table become an exact amount.
//!
//! Positions in cumulative tiers go by (day it counts, sequence of the fact). All arithmetic on bands is signed: a
//! reversal walks the bands back that its origin walked up. Below 0 the lowest band goes on.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::estimate::{Line, NextTier, TierProgress};
use super::super::model::{Axis, Rule, TierMode, Tiers};
use super::Run;
use super::credit::{Bucket, CreditLine, factor_of};
use super::measure::Reached;
use crate::explain::{Slice, Step};
use crate::rounding::{add, divide, multiply};

/// What RATE gives for a component.
pub(super) struct Rated {
    pub(super) lines: Vec<Line>,
    pub(super) progress: Option<TierProgress>,
}

/// A table of bands in units of the basis.
struct Table {
    /// (where it begins, rate), ascending.
    bands: Vec<(Decimal, Decimal)>,
}

impl Table {
    /// The band a position lies in; the lowest for everything below.
    fn band_at(&self, position: Decimal) -> usize {
        self.bands
            .partition_point(|(from, _)| *from <= position)
            .saturating_sub(1)
    }

    /// The signed parts of the way from `before` to `after` in each band.
    fn slices(&self, before: Decimal, after: Decimal) -> Vec<Slice> {
        let mut slices = Vec::new();
        for (at, (from, rate)) in self.bands.iter().enumerate() {
            let clamp = |position: Decimal| {
                let low = if at == 0 {
                    position
                } else {
                    position.max(*from)
                };
                self.bands.get(at + 1).map_or(low, |(to, _)| low.min(*to))
            };
            let part = add(clamp(after), -clamp(before));
            if !part.is_zero() {
                slices.push(Slice {
                    band: at as u32,
                    part,
                    rate: *rate,
                });
            }
        }
        slices
    }
}

/// What is needed to rate the lines of one version's tiers.
struct Tiering {
    table: Table,
    reached: Option<Reached>,
    /// The band everything is rated at, where it does not depend on the position.
    fixed_band: Option<usize>,
}

impl<'a> Run<'a> {
    pub(super) fn rate(&self, bucket: &Bucket<'a>) -> Rated {
        let sum = |waiting: bool| {
            bucket
                .lines
                .iter()
                .filter(|line| line.waits() == waiting)
                .fold(Decimal::ZERO, |sum, line| add(sum, line.basis))
        };
        let (recognised, pending) = (sum(false), sum(true));
        let mut tierings: BTreeMap<u32, Tiering> = BTreeMap::new();
        let mut position = Decimal::ZERO;
        let mut lines = Vec::with_capacity(bucket.lines.len());
        for line in &bucket.lines {
            let before = position;
            position = add(position, line.basis);
            let whole_at = if line.waits() { position } else { recognised };
            let steps = match &line.place.component.rule {
                Rule::Tiers(tiers) => {
                    let version = line.place.version;
                    let tiering = tierings
                        .entry(version.version)
                        .or_insert_with(|| self.tiering(tiers, factor_of(version)));
                    self.tier_steps(line, tiers, tiering, before, position, whole_at)
                }
                rule => rule_steps(rule, line),
            };
            lines.push(self.settle(line, steps));
        }
        let progress = self.progress(bucket, &mut tierings, recognised, pending);
        Rated { lines, progress }
    }

    fn tiering(&self, tiers: &Tiers, factor: Decimal) -> Tiering {
        let scaled = |scale: Decimal| Table {
            bands: tiers
                .bands
                .iter()
                .map(|band| (multiply(band.from, scale), band.rate))
                .collect(),
        };
        let Axis::Attainment(metric) = &tiers.axis else {
            return Tiering {
                table: scaled(factor),
                reached: None,
                fixed_band: None,
            };
        };
        let reached = self.reached(metric);
        match (tiers.mode, reached.target) {
            // Without a target the lowest tier applies to everything.
            (_, None) => Tiering {
                table: scaled(Decimal::ONE),
                fixed_band: Some(0),
                reached: Some(reached),
            },
            (TierMode::Marginal, Some(target)) => Tiering {
                table: scaled(multiply(target, factor)),
                reached: Some(reached),
                fixed_band: None,
            },
            (TierMode::Whole, Some(_)) => {
                let table = scaled(Decimal::ONE);
                let band = table.band_at(reached.attainment.unwrap_or_default());
                Tiering {
                    table,
                    fixed_band: Some(band),
                    reached: Some(reached),
                }
            }
        }
    }

    fn tier_steps(
        &self,
        line: &CreditLine<'a>,
        tiers: &Tiers,
        tiering: &Tiering,
        before: Decimal,
        after: Decimal,
        whole_at: Decimal,
    ) -> Vec<Step> {
        let clause = line.place.clause();
        let mut steps: Vec<Step> = tiering
            .reached
            .iter()
            .map(|reached| reached.step.clone())
            .collect();
        let at_rate = |band: usize| {
            let rate = tiering
                .table
                .bands
                .get(band)
                .map_or(Decimal::ZERO, |(_, rate)| *rate);
            Step::Rate {
                clause: clause.clone(),
                rate,
                because: format!("band {}", band + 1),
            }
        };
        if let Some(band) = tiering.fixed_band {
            steps.push(at_rate(band));
            return steps;
        }
        match tiers.mode {
            TierMode::Marginal => {
                steps.push(Step::Cumulate {
                    period: self.period,
                    before,
                    after,
                });
                steps.push(Step::Bands {
                    clause: clause.clone(),
                    slices: tiering.table.slices(before, after),
                });
            }
            TierMode::Whole => {
                steps.push(Step::Cumulate {
                    period: self.period,
                    before: Decimal::ZERO,
                    after: whole_at,
                });
                steps.push(at_rate(tiering.table.band_at(whole_at)));
            }
        }
        steps
    }

    /// Where the person stands in the latest version's tiers.
    fn progress(
        &self,
        bucket: &Bucket<'a>,
        tierings: &mut BTreeMap<u32, Tiering>,
        recognised: Decimal,
        pending: Decimal,
    ) -> Option<TierProgress> {
        let place = bucket.place;
        let Rule::Tiers(tiers) = &place.component.rule else {
            return None;
        };
        let day = self.as_of.clamp(self.range.start, self.range.end);
        let resolved = self.resolve();
        if resolved
            .version_on(crate::dates::day_number(day))
            .is_none_or(|version| version.version != place.version.version)
        {
            return None;
        }
        let factor = factor_of(place.version);
        let tiering = tierings
            .entry(place.version.version)
            .or_insert_with(|| self.tiering(tiers, factor));
        let reached = tiering.reached.as_ref();
        let by_attainment = reached.is_some() && tiers.mode == TierMode::Whole;
        let major = |value: Decimal| divide(value, factor).unwrap_or_default().normalize();
        let has_target = reached.is_none_or(|reached| reached.target.is_some());
        let (position, pending) = if by_attainment {
            (
                reached
                    .and_then(|reached| reached.attainment)
                    .unwrap_or_default(),
                Decimal::ZERO,
            )
        } else {
            (major(recognised), major(pending))
        };
        let scale = if by_attainment || !has_target {
            Decimal::ONE
        } else {
            factor
        };
        let bands: Vec<(Decimal, Decimal)> = tiering
            .table
            .bands
            .iter()
            .map(|(from, rate)| (divide(*from, scale).unwrap_or_default().normalize(), *rate))
            .collect();
        let here = add(position, pending);
        let next = if has_target {
            next_tier(&bands, here, reached.filter(|_| by_attainment))
        } else {
            None
        };
        Some(TierProgress {
            plan: place.version.id.clone(),
            version: place.version.version,
            component: place.component.id.clone(),
            period: self.period,
            axis: match &tiers.axis {
                Axis::Amount => "amount".to_owned(),
                Axis::Attainment(metric) => metric.clone(),
            },
            position: position.normalize(),
            pending,
            bands,
            target: reached.and_then(|reached| reached.target),
            next,
        })
    }
}

/// The first band above a position; by attainment, what is missing is counted in the metric's unit.
fn next_tier(
    bands: &[(Decimal, Decimal)],
    here: Decimal,
    reached: Option<&Reached>,
) -> Option<NextTier> {
    let (at, rate) = bands.iter().find(|(from, _)| *from > here)?;
    let remaining = match reached {
        Some(reached) => add(
            multiply(*at, reached.target?),
            -reached.value.unwrap_or_default(),
        ),
        None => add(*at, -here),
    };
    Some(NextTier {
        at: *at,
        remaining: remaining.normalize(),
        rate: *rate,
    })
}

fn rule_steps(rule: &Rule, line: &CreditLine<'_>) -> Vec<Step> {
    let clause = line.place.clause();
    let at = |rate: Decimal, because: String| {
        vec![Step::Rate {
            clause: clause.clone(),
            rate,
            because,
        }]
    };
    match rule {
        Rule::Rate(rate) => at(*rate, String::new()),
        Rule::Lookup { .. } => line.lookup.map_or_else(Vec::new, |(row, rate)| {
            at(
                rate,
                if row == 0 {
                    "default".to_owned()
                } else {
                    format!("row {row}")
                },
            )
        }),
        Rule::RoleRates(rates) => {
            let rate = rates
                .iter()
                .find(|(role, _)| *role == line.role)
                .map_or(Decimal::ZERO, |(_, rate)| *rate);
            at(rate, line.role.clone())
        }
        Rule::Tiers(_) | Rule::StageReward(_) => Vec::new(),
    }
}
