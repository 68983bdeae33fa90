//! Each fact rated by itself.

use super::prepare::Prepared;
use super::{Rated, Unrated};
use crate::exact::Exact;
use crate::explain::{Label, Step};
use crate::formula::{Over, TooLarge};
use crate::pay::credits::Counted;
use crate::pay::line::{Kind, Line, NotCounted, Shown, Status};
use crate::pay::payee::Payee;
use crate::pay::run::{Given, Payroll, Place};
use crate::pay::scope::At;
use crate::plans::{Axis, Component, Mode, Pays, Rate, Tiers};

impl<'a> Payroll<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn per_fact(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        parts: &[Prepared<'_>],
        counted: &[Counted<'a>],
        paid: &[bool],
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let mut positions = vec![Exact::ZERO; parts.len()];
        for (one, is_paid) in counted.iter().zip(paid) {
            let rated = self.one(payee, place, parts, one, &mut positions);
            if !is_paid {
                continue;
            }
            match rated {
                Ok(rated) => {
                    let line = self.fact_line(payee, place, component, one, rated)?;
                    given.lines.push(line);
                }
                Err(Unrated::Nothing) => {}
                Err(Unrated::Missed(reason)) => given.not_counted.push(NotCounted {
                    sequence: one.credit.fact.sequence(),
                    component: component.id.clone(),
                    reason,
                }),
            }
        }
        Ok(())
    }

    /// Rates one credit; the positions move on whether it is paid or not.
    pub(super) fn one(
        &self,
        payee: &Payee<'a>,
        place: Place,
        parts: &[Prepared<'_>],
        one: &Counted<'a>,
        positions: &mut [Exact],
    ) -> Result<Rated, Unrated> {
        let at = At::payee(self, payee, place.version).on(&one.credit, one.day);
        let mut rated = Rated { raw: Exact::ZERO, rates: Vec::new(), steps: Vec::new(), forfeited: None };
        let share_ppm = one.credit.share_ppm();
        let is_reward = parts.iter().all(|part| matches!(part.part.rate, Rate::Reward(_) | Rate::Each(_)));
        if self.explain && !is_reward {
            let (whole, credited) = (one.whole.clone(), one.credited.clone());
            rated.steps.push(Step::Credited { whole, share_ppm, credited: credited.clone() });
            if one.value != credited {
                rated.steps.push(Step::Valued { before: credited, value: one.value.clone() });
            }
        }
        let mut earns = false;
        for (part, position) in parts.iter().zip(positions) {
            if !self.in_part(payee, place, part, one) {
                continue;
            }
            let before = rated.raw.clone();
            match self.part(payee, place, part, one, &at, position, &mut rated) {
                Ok(()) => earns = true,
                Err(Unrated::Nothing) => continue,
                Err(missed) => return Err(missed),
            }
            if let Some(rounding) = part.part.rounding {
                let own = rated.raw.minus(&before).ok_or(TooLarge)?;
                let own = self.rounded(&own, rounding).ok_or(TooLarge)?;
                if self.explain {
                    rated.steps.push(Step::Subtotal { rounding, amount: self.minor(&own, rounding)? });
                }
                rated.raw = before.plus(&own).ok_or(TooLarge)?;
            }
        }
        if !earns && is_reward && !parts.is_empty() { Err(Unrated::Nothing) } else { Ok(rated) }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn tier(
        &self,
        payee: &Payee<'a>,
        place: Place,
        tiers: &Tiers,
        part: &Prepared<'_>,
        one: &Counted<'a>,
        position: &mut Exact,
        rated: &mut Rated,
    ) -> Result<(), TooLarge> {
        let Some(banded) = &part.tiers else { return Ok(()) };
        if self.explain {
            rated.steps.extend(banded.step.clone());
        }
        let alone = tiers.over == Over::Fact;
        if tiers.mode == Mode::Whole {
            let own;
            let reached = if alone && banded.step.is_none() {
                own = self.along(payee, place, &tiers.on, one)?;
                Some(&own)
            } else {
                banded.reached.as_ref()
            };
            let band = reached.map_or(0, |reached| banded.bands.band(reached));
            return self.add(rated, Label::Band(band + 1), one.value.clone(), banded.bands.rate(band));
        }
        let way = self.along(payee, place, &tiers.on, one)?;
        let before = if alone { Exact::ZERO } else { position.clone() };
        let after = before.plus(&way).ok_or(TooLarge)?;
        if self.explain && !alone {
            rated.steps.push(Step::Position { before: before.clone(), after: after.clone() });
        }
        let ways = banded.bands.ways(&before, &after).ok_or(TooLarge)?;
        *position = after;
        if ways.is_empty() {
            let band = banded.bands.band(&before);
            return self.add(rated, Label::Band(band + 1), one.value.clone(), banded.bands.rate(band));
        }
        for (band, part) in ways {
            let value = match &tiers.on {
                Axis::Formula(_) => one.value.times(&part).and_then(|v| v.over(&way)).ok_or(TooLarge)?,
                _ => part,
            };
            self.add(rated, Label::Band(band + 1), value, banded.bands.rate(band))?;
        }
        Ok(())
    }

    pub(super) fn fact_line(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        one: &Counted<'a>,
        rated: Rated,
    ) -> Result<Line, TooLarge> {
        let dictionary = self.snapshot.books.dictionary();
        let fact = &one.credit.fact;
        let is_clawback = component.clawback.is_some() && self.takes_back(fact);
        let is_reward = component.rate.iter().all(|part| matches!(part.rate, Rate::Reward(_) | Rate::Each(_)));
        let mut line = Line {
            plan: self.plan_id(place.version),
            component: component.id.clone(),
            version: self.versions.get(place.version).map_or(0, |version| version.version),
            period: payee.period,
            kind: if is_clawback { Kind::Clawback } else { Kind::Earning },
            sequence: Some(fact.sequence()),
            person: dictionary.id_back(one.credit.person()).unwrap_or(payee.id),
            role: dictionary.name(one.credit.role()).unwrap_or_default(),
            date: one.day,
            basis: (!is_reward).then(|| one.value.clone()),
            raw: rated.raw.clone(),
            rates: rated.rates,
            amount_minor: 0,
            status: if one.is_pending() { Status::Held } else { Status::Earned },
            unpaid: component.pays != Pays::Money,
            shown: Shown::Both,
            steps: rated.steps,
        };
        let at = At::payee(self, payee, place.version).on(&one.credit, one.day);
        self.finish(payee, place, component, &at, rated.raw, &mut line)?;
        if rated.forfeited.is_some() {
            line.status = Status::Forfeited;
            line.amount_minor = 0;
        }
        Ok(line)
    }
}
