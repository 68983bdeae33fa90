//! A period's sum rated once, and amounts without facts.

use super::Rated;
use super::prepare::{Prepared, on_curve};
use crate::exact::Exact;
use crate::explain::{Label, Step};
use crate::formula::{Over, TooLarge};
use crate::pay::credits::Counted;
use crate::pay::line::{Kind, Line, Shown, Status};
use crate::pay::payee::Payee;
use crate::pay::run::{Attributed, Given, Payroll, Place};
use crate::pay::scope::At;
use crate::plans::{Axis, Component, Computed, Mode, Pays, Rate};

impl<'a> Payroll<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn per_period(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        parts: &[Prepared<'_>],
        counted: &[Counted<'a>],
        paid: &[bool],
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let own: Vec<&Counted<'a>> =
            counted.iter().zip(paid).filter(|(one, paid)| **paid && !one.is_pending()).map(|(one, _)| one).collect();
        let Some(first) = own.first() else { return Ok(()) };
        let mut basis = Exact::ZERO;
        for one in &own {
            basis = basis.plus(&one.value).ok_or(TooLarge)?;
        }
        let mut rated = Rated { raw: Exact::ZERO, rates: Vec::new(), steps: Vec::new(), forfeited: None };
        if self.explain {
            rated.steps.push(Step::Summed { facts: own.len(), value: basis.clone() });
        }
        for part in parts {
            let before = rated.raw.clone();
            let of_part: Vec<&&Counted<'a>> = own.iter().filter(|one| self.in_part(payee, place, part, one)).collect();
            let earlier: Vec<&Counted<'a>> = counted
                .iter()
                .filter(|one| !one.is_pending() && one.day < first.day.min(payee.range.start))
                .filter(|one| self.in_part(payee, place, part, one))
                .collect();
            self.period_part(payee, place, part, &of_part, &earlier, &mut rated)?;
            if let Some(rounding) = part.part.rounding {
                let own = rated.raw.minus(&before).and_then(|own| self.rounded(&own, rounding)).ok_or(TooLarge)?;
                if self.explain {
                    rated.steps.push(Step::Subtotal { rounding, amount: self.minor(&own, rounding)? });
                }
                rated.raw = before.plus(&own).ok_or(TooLarge)?;
            }
        }
        let mut line = self.period_line(payee, place, component);
        line.basis = Some(basis);
        line.raw = rated.raw.clone();
        line.rates = rated.rates;
        line.steps = rated.steps;
        self.finish(payee, place, component, &At::payee(self, payee, place.version), rated.raw, &mut line)?;
        given.lines.push(line);
        if component.share_out.is_some() {
            let dictionary = self.snapshot.books.dictionary();
            given.attributed = own
                .iter()
                .map(|one| Attributed {
                    sequence: one.credit.fact.sequence(),
                    person: dictionary.id_back(one.credit.person()).unwrap_or(payee.id),
                    role: dictionary.name(one.credit.role()).unwrap_or_default(),
                    date: one.day,
                    value: one.value.clone(),
                })
                .collect();
        }
        Ok(())
    }

    pub(super) fn period_part(
        &self,
        payee: &Payee<'a>,
        place: Place,
        part: &Prepared<'_>,
        own: &[&&Counted<'a>],
        earlier: &[&Counted<'a>],
        rated: &mut Rated,
    ) -> Result<(), TooLarge> {
        let mut value = Exact::ZERO;
        for one in own {
            value = value.plus(&one.value).ok_or(TooLarge)?;
        }
        let at = At::payee(self, payee, place.version);
        match &part.part.rate {
            Rate::Flat(figure) => {
                let rate = at.number(figure)?.unwrap_or_default();
                self.add(rated, Label::Flat, value, rate)
            }
            Rate::Lookup(lookup) => {
                for one in own {
                    let (label, rate) = self.look_up(lookup, one);
                    self.add(rated, label, one.value.clone(), rate)?;
                }
                Ok(())
            }
            Rate::Each(figure) => {
                let amount = at.number(figure)?.unwrap_or_default();
                let mut share = Exact::ZERO;
                for one in own {
                    let part = Exact::minor(one.credit.share_ppm().into(), 6);
                    let part = if one.credit.fact.is_reversal() { part.negated() } else { part };
                    share = share.plus(&part).ok_or(TooLarge)?;
                }
                self.fixed(rated, amount, share)
            }
            Rate::As(id) => {
                for one in own {
                    let rate = self.rate_of_signing(payee, place, id, one)?;
                    self.add(rated, Label::Signing, one.value.clone(), rate)?;
                }
                Ok(())
            }
            Rate::Curve(_) => {
                let Some(banded) = &part.tiers else { return Ok(()) };
                if self.explain {
                    rated.steps.extend(banded.step.clone());
                }
                let rate = on_curve(banded, banded.reached.as_ref())?;
                self.add(rated, Label::Curve, value, rate)
            }
            Rate::Tiers(tiers) => {
                let Some(banded) = &part.tiers else { return Ok(()) };
                if self.explain {
                    rated.steps.extend(banded.step.clone());
                }
                if tiers.mode == Mode::Whole {
                    let band = banded.reached.as_ref().map_or(0, |reached| banded.bands.band(reached));
                    return self.add(rated, Label::Band(band + 1), value, banded.bands.rate(band));
                }
                let add = |sum: Exact, one: &Counted<'a>| {
                    sum.plus(&self.along(payee, place, &tiers.on, one)?).ok_or(TooLarge)
                };
                let mut before = Exact::ZERO;
                for one in earlier.iter().filter(|_| tiers.over != Over::Fact) {
                    before = add(before, one)?;
                }
                let mut way = Exact::ZERO;
                for one in own {
                    way = add(way, one)?;
                }
                let after = before.plus(&way).ok_or(TooLarge)?;
                if self.explain {
                    rated.steps.push(Step::Position { before: before.clone(), after: after.clone() });
                }
                let ways = banded.bands.ways(&before, &after).ok_or(TooLarge)?;
                if ways.is_empty() {
                    let band = banded.bands.band(&before);
                    return self.add(rated, Label::Band(band + 1), value, banded.bands.rate(band));
                }
                for (band, part) in ways {
                    let of_value = match &tiers.on {
                        Axis::Formula(_) => value.times(&part).and_then(|v| v.over(&way)).ok_or(TooLarge)?,
                        _ => part,
                    };
                    self.add(rated, Label::Band(band + 1), of_value, banded.bands.rate(band))?;
                }
                Ok(())
            }
            Rate::Reward(_) => Ok(()),
        }
    }

    /// A line without a fact.
    pub(in crate::pay) fn period_line(&self, payee: &Payee<'a>, place: Place, component: &Component) -> Line {
        Line {
            plan: self.plan_id(place.version),
            component: component.id.clone(),
            version: self.versions.get(place.version).map_or(0, |version| version.version),
            period: payee.period,
            kind: Kind::Earning,
            sequence: None,
            person: payee.id,
            role: String::new(),
            date: payee.range.end,
            basis: None,
            raw: Exact::ZERO,
            rates: Vec::new(),
            amount_minor: 0,
            status: Status::Earned,
            unpaid: component.pays != Pays::Money,
            shown: Shown::Both,
            steps: Vec::new(),
        }
    }

    /// A component without facts: an amount for the period.
    pub(in crate::pay) fn amount(
        &self,
        payee: &Payee<'a>,
        place: Place,
        figure: &Computed,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let Some(component) = self.component(place) else { return Ok(()) };
        if !self.takes_part(payee, place, component) {
            return Ok(());
        }
        let at = At::payee(self, payee, place.version);
        let amount = at.number(figure)?.unwrap_or_default();
        let mut line = self.period_line(payee, place, component);
        if self.explain {
            if let Some(formula) = figure.formula() {
                line.steps.push(Step::Figure { formula: formula.text().to_owned(), value: Some(amount.clone()) });
            }
            line.steps.push(Step::Amount { amount: amount.clone() });
        }
        line.raw = amount.clone();
        self.finish(payee, place, component, &at, amount, &mut line)?;
        given.lines.push(line);
        Ok(())
    }
}
