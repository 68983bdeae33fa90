//! The forms of a rate, for one credit.

use super::prepare::{Prepared, on_curve};
use super::{Rated, Unrated};
use crate::books::FactView;
use crate::conditions::Field;
use crate::exact::Exact;
use crate::explain::{Label, Step};
use crate::formula::{Over, TooLarge};
use crate::pay::credits::Counted;
use crate::pay::payee::Payee;
use crate::pay::run::{Payroll, Place};
use crate::pay::scope::At;
use crate::plans::{IfLost, Lookup, LookupRow, Rate, Reward};

impl<'a> Payroll<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn part(
        &self,
        payee: &Payee<'a>,
        place: Place,
        part: &Prepared<'_>,
        one: &Counted<'a>,
        at: &At<'_, 'a>,
        position: &mut Exact,
        rated: &mut Rated,
    ) -> Result<(), Unrated> {
        match &part.part.rate {
            Rate::Flat(figure) => {
                let rate = at.number(figure)?.ok_or(Unrated::Missed("no_figure"))?;
                if self.explain
                    && let Some(formula) = figure.formula()
                {
                    let value = Some(rate.clone());
                    rated.steps.push(Step::Figure { formula: formula.text().to_owned(), value });
                }
                self.add(rated, Label::Flat, one.value.clone(), rate)?;
            }
            Rate::Lookup(lookup) => {
                let (label, rate) = self.look_up(lookup, one);
                self.add(rated, label, one.value.clone(), rate)?;
            }
            Rate::Tiers(tiers) => self.tier(payee, place, tiers, part, one, position, rated)?,
            Rate::Curve(curve) => {
                let Some(banded) = &part.tiers else { return Ok(()) };
                let own;
                let reached = if curve.over == Over::Fact {
                    own = self.along(payee, place, &curve.on, one)?;
                    Some(&own)
                } else {
                    banded.reached.as_ref()
                };
                if self.explain {
                    rated.steps.extend(banded.step.clone());
                }
                let rate = on_curve(banded, reached)?;
                self.add(rated, Label::Curve, one.value.clone(), rate)?;
            }
            Rate::Reward(reward) => self.reward(reward, one, at, rated)?,
            Rate::Each(figure) => {
                let amount = at.number(figure)?.ok_or(Unrated::Missed("no_figure"))?;
                let mut share = Exact::minor(one.credit.share_ppm().into(), 6);
                if one.credit.fact.is_reversal() {
                    share = share.negated();
                }
                self.fixed(rated, amount, share)?;
            }
            Rate::As(id) => {
                let rate = self.rate_of_signing(payee, place, id, one)?;
                self.add(rated, Label::Signing, one.value.clone(), rate)?;
            }
        }
        Ok(())
    }

    pub(super) fn add(&self, rated: &mut Rated, label: Label, part: Exact, rate: Exact) -> Result<(), TooLarge> {
        let pay = part.times(&rate).ok_or(TooLarge)?;
        rated.raw = rated.raw.plus(&pay).ok_or(TooLarge)?;
        rated.rates.push(rate.clone());
        if self.explain {
            rated.steps.push(Step::Part { label, part, rate });
        }
        Ok(())
    }

    pub(super) fn fixed(&self, rated: &mut Rated, amount: Exact, share: Exact) -> Result<(), TooLarge> {
        let pay = amount.times(&share).ok_or(TooLarge)?;
        rated.raw = rated.raw.plus(&pay).ok_or(TooLarge)?;
        if self.explain {
            rated.steps.push(Step::Reward { amount, share });
        }
        Ok(())
    }

    /// The row of a lookup that fits a credit best, and its rate.
    pub(super) fn look_up(&self, lookup: &Lookup, one: &Counted<'a>) -> (Label, Exact) {
        let dictionary = self.snapshot.books.dictionary();
        let fits = |row: &LookupRow| {
            row.values.iter().all(|(field, values)| {
                let found = Field::of(field, dictionary).map(|field| field.value(&one.credit, dictionary));
                values.iter().any(|value| dictionary.symbol(value).is_some_and(|wanted| found == Some(wanted)))
            })
        };
        let mut best: Option<&LookupRow> = None;
        for row in lookup.rows.iter().filter(|row| fits(row)) {
            let better = |best: &LookupRow| (row.priority, row.values.len()) > (best.priority, best.values.len());
            if best.is_none_or(better) {
                best = Some(row);
            }
        }
        let values = best.map_or_else(Vec::new, |row| {
            row.values.iter().map(|(field, values)| (field.clone(), values.join("、"))).collect()
        });
        let rate = best.map_or(lookup.default.exact(), |row| row.rate.map(|rate| rate.exact()).unwrap_or_default());
        (Label::Row(values), rate)
    }

    /// A reward for entering a stage: for the first entry of the deal that was not taken back, over all time and people.
    pub(super) fn reward(
        &self,
        reward: &Reward,
        one: &Counted<'a>,
        at: &At<'_, 'a>,
        rated: &mut Rated,
    ) -> Result<(), Unrated> {
        let fact = &one.credit.fact;
        if fact.is_reversal() {
            return Err(Unrated::Nothing);
        }
        // A deal that is not named cannot be told from another: its entry would be paid again and again.
        if fact.opportunity() == 0 {
            return Err(Unrated::Missed("no_opportunity"));
        }
        let Some(lost) = self.first_entry(fact) else { return Err(Unrated::Nothing) };
        let amount = at.number(&reward.amount)?.ok_or(Unrated::Missed("no_figure"))?;
        self.fixed(rated, amount, Exact::minor(one.credit.share_ppm().into(), 6))?;
        if let (IfLost::Forfeit, Some(lost)) = (reward.if_lost, lost) {
            rated.forfeited = Some(lost);
            if self.explain {
                rated.steps.push(Step::Forfeited { sequence: lost });
            }
        }
        Ok(())
    }

    /// None where this is not the first entry of the deal into the stage; else the fact by which the deal stands lost now,
    /// if it does.
    pub(super) fn first_entry(&self, fact: &FactView<'a>) -> Option<Option<u32>> {
        let dictionary = self.snapshot.books.dictionary();
        let key = dictionary.symbol("stage").unwrap_or_default();
        let stage = dictionary.attribute(fact.attributes(), key);
        let same = |other: &FactView<'_>| {
            other.kind() == fact.kind() && dictionary.attribute(other.attributes(), key) == stage
        };
        let mut facts = self.snapshot.books.facts_of_opportunity(fact.opportunity());
        let taken_back: Vec<u32> = facts.iter().filter(|f| f.is_reversal()).filter_map(FactView::refers_to).collect();
        facts.retain(|f| !f.is_reversal() && !taken_back.contains(&f.sequence()));
        if facts.iter().find(|other| same(other))?.sequence() != fact.sequence() {
            return None;
        }
        let (won, lost) = (dictionary.symbol("opportunity_won"), dictionary.symbol("opportunity_lost"));
        let last = facts.iter().rev().find(|f| Some(f.kind()) == lost || Some(f.kind()) == won);
        Some(last.filter(|last| Some(last.kind()) == lost).map(FactView::sequence))
    }

    /// The rate that an earlier component gave to the signing of the credit's contract.
    pub(super) fn rate_of_signing(
        &self,
        payee: &Payee<'a>,
        place: Place,
        id: &str,
        one: &Counted<'a>,
    ) -> Result<Exact, TooLarge> {
        let Some((day, signed)) = self.first_of_contract(&one.credit.fact, "contract_signed") else {
            return Ok(Exact::ZERO);
        };
        let period = self.definitions().company.calendar.period_of(day, self.period_kind());
        // The signing's own version may not be this one.
        let version = self.version_on(day).unwrap_or(place.version);
        let (Some(then), Some(other)) = (self.payee(payee.id, period), self.place_of(version, id)) else {
            return Ok(Exact::ZERO);
        };
        if version == place.version && other.component >= place.component {
            return Ok(Exact::ZERO);
        }
        let given = self.given(&then, other)?;
        let role = self.snapshot.books.dictionary().name(one.credit.role()).unwrap_or_default();
        let line = given.lines.iter().find(|line| line.sequence == Some(signed.sequence()) && line.role == role);
        let rate = line.and_then(|line| line.raw.over(line.basis.as_ref()?));
        Ok(rate.unwrap_or_default())
    }
}
