//! RATE: from a value to raw pay, line by line.

use super::credits::Counted;
use super::figures::Group;
use super::line::{Kind, Line, NotCounted, Shown, Status};
use super::payee::Payee;
use super::run::{Attributed, Given, Payroll, Place};
use super::scope::At;
use crate::books::FactView;
use crate::conditions::{Compiled, Condition, Field};
use crate::dates::DateRange;
use crate::exact::Exact;
use crate::explain::{Label, Step};
use crate::formula::{Formula, Level, Over, TooLarge};
use crate::plans::{
    Axis, Band, Bands, Component, Computed, IfLost, Lookup, LookupRow, Mode, Part, Pays, Per, PlanMeasure, Rate,
    RateCurve, Reward, Tiers,
};

/// What becomes of a credit under the parts of a rate.
pub(super) struct Rated {
    /// Before factors, limits and rounding.
    pub(super) raw: Exact,
    pub(super) rates: Vec<Exact>,
    pub(super) steps: Vec<Step>,
    /// The fact by which a reward was forfeited.
    pub(super) forfeited: Option<u32>,
}

/// Why there is no line.
pub(super) enum Unrated {
    /// It earns nothing and needs no line: a stage that was entered before.
    Nothing,
    /// The fact cannot be counted.
    Missed(&'static str),
}

impl From<TooLarge> for Unrated {
    fn from(_: TooLarge) -> Self {
        Self::Missed("too_large")
    }
}

/// A part of a rate, ready for a payee's period.
struct Prepared<'p> {
    part: &'p Part,
    when: Option<Compiled>,
    /// The days over which it cumulates.
    span: DateRange,
    tiers: Option<Banded>,
}

/// A table with its boundaries in the axis' own unit.
struct Banded {
    bands: Bands,
    /// What chose the band of whole-amount tiers, or the place on a curve; none where it is missing.
    reached: Option<Exact>,
    step: Option<Step>,
}

impl<'a> Payroll<'a> {
    /// What a component on facts gives a payee in a span that ends with a plan's period: the lines of the days in
    /// `paid`. `parts` are the component's own, or those of its true-up.
    pub(super) fn rated(
        &self,
        payee: &Payee<'a>,
        place: Place,
        parts: &[Part],
        paid: DateRange,
        widest: Over,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let Some(component) = self.component(place) else { return Ok(()) };
        let spans = parts.iter().map(|part| self.span(over_of(&part.rate), payee.period).start);
        let start = spans.min().unwrap_or(paid.start).min(paid.start);
        let counted = self.counted(payee, place, DateRange { start, end: paid.end }, &mut given.not_counted);
        let prepared = self.prepared(payee, place, parts, &counted, paid, widest)?;
        let paid_lines: Vec<bool> =
            counted.iter().map(|one| paid.contains(one.day) && self.is_paid(payee, place, component, one)).collect();
        match component.per {
            Per::Fact => self.per_fact(payee, place, component, &prepared, &counted, &paid_lines, given),
            Per::Period => self.per_period(payee, place, component, &prepared, &counted, &paid_lines, given),
        }
    }

    /// True where a credit is paid under this version: by the day that decides.
    fn is_paid(&self, payee: &Payee<'a>, place: Place, component: &Component, one: &Counted<'a>) -> bool {
        let day = one.dated;
        let on_plan = || {
            self.version_on(day) == Some(place.version)
                && !super::payee::days_on(self, payee.id, place.version, DateRange { start: day, end: day }).is_empty()
                && self.passes_plan_condition(payee, place.version)
        };
        component.from.is_none_or(|from| from <= day)
            && component.to.is_none_or(|to| day <= to)
            && on_plan()
            && self.is_for(component.who.as_ref(), payee, place.version, day)
    }

    fn passes_plan_condition(&self, payee: &Payee<'a>, version: usize) -> bool {
        let condition = self.plan(version).and_then(|plan| plan.who.when.as_ref());
        condition.is_none_or(|condition| At::payee(self, payee, version).holds(condition).unwrap_or(false))
    }

    fn prepared<'p>(
        &self,
        payee: &Payee<'a>,
        place: Place,
        parts: &'p [Part],
        counted: &[Counted<'a>],
        paid: DateRange,
        widest: Over,
    ) -> Result<Vec<Prepared<'p>>, TooLarge> {
        let mut prepared = Vec::new();
        for part in parts {
            let when = (part.when != Condition::Always).then(|| part.when.compile(&self.snapshot.books, self.currency));
            let over = match over_of(&part.rate) {
                Over::Period => widest,
                over => over,
            };
            let span = self.span(over, payee.period);
            let span = DateRange { start: span.start.min(paid.start), ..span };
            let mut one = Prepared { part, when, span, tiers: None };
            let table = match &part.rate {
                Rate::Tiers(Tiers { on, rows, .. }) => {
                    let band = |row: &Band| (row.from.exact(), row.rate.exact());
                    Some((on, rows.iter().map(band).collect::<Vec<_>>()))
                }
                Rate::Curve(RateCurve { on, points, .. }) => {
                    Some((on, points.iter().map(|p| (p.at.exact(), p.rate.exact())).collect()))
                }
                _ => None,
            };
            if let Some((on, rows)) = table {
                let own: Vec<&Counted<'a>> =
                    counted.iter().filter(|counted| self.in_part(payee, place, &one, counted)).collect();
                one.tiers = Some(self.banded(payee, place, on, over, rows, &own)?);
            }
            prepared.push(one);
        }
        Ok(prepared)
    }

    fn in_part(&self, payee: &Payee<'a>, place: Place, part: &Prepared<'_>, one: &Counted<'a>) -> bool {
        part.span.contains(one.day)
            && part.when.as_ref().is_none_or(|when| {
                self.meets(when, &one.credit, &At::payee(self, payee, place.version).on(&one.credit, one.day))
            })
    }

    /// A table ready for a payee's span.
    fn banded(
        &self,
        payee: &Payee<'a>,
        place: Place,
        on: &Axis,
        over: Over,
        rows: Vec<(Exact, Exact)>,
        counted: &[&Counted<'a>],
    ) -> Result<Banded, TooLarge> {
        let (mut starts, rates): (Vec<Exact>, Vec<Exact>) = rows.into_iter().unzip();
        let bands = Bands { starts: Vec::new(), rates };
        let mut banded = Banded { bands, reached: None, step: None };
        match on {
            Axis::Attainment(code) => {
                let group = Group::Person(payee.id);
                let (target, reached) = self.target_and_reached(payee, place.version, code, over);
                if let Some(metric) = self.metric(code, payee.period) {
                    let value = self.metric_value(&group, code, over, payee.period).unwrap_or_default();
                    let step = Step::Attainment { metric: metric.name.clone(), value, target: target.clone() };
                    banded.step = Some(step);
                }
                match (target, reached) {
                    (Some(target), Some(reached)) => {
                        for start in &mut starts {
                            *start = start.times(&target).ok_or(TooLarge)?;
                        }
                        banded.reached = Some(reached.times(&target).ok_or(TooLarge)?);
                    }
                    _ => {
                        starts.truncate(1);
                        banded.bands.rates.truncate(1);
                    }
                }
            }
            Axis::Formula(formula) if !self.is_of_fact(place.version, formula) => {
                let value = formula.evaluate(&At::payee(self, payee, place.version))?;
                banded.reached = value.number().map(|n| n.into_owned());
                let step = Step::Figure { formula: formula.text().to_owned(), value: banded.reached.clone() };
                banded.step = Some(step);
            }
            Axis::Amount | Axis::Formula(_) => {
                let mut sum = Exact::ZERO;
                for one in counted.iter().filter(|one| !one.is_pending()) {
                    sum = sum.plus(&self.along(payee, place, on, one)?).ok_or(TooLarge)?;
                }
                banded.reached = Some(sum);
            }
        }
        banded.bands.starts = starts;
        Ok(banded)
    }

    /// The payee's target of a metric over a span, if it is not zero, and the attainment.
    pub(super) fn target_and_reached(
        &self,
        payee: &Payee<'a>,
        version: usize,
        code: &str,
        over: Over,
    ) -> (Option<Exact>, Option<Exact>) {
        let prorated = self.plan(version).and_then(|plan| plan.proration.as_ref()).is_some_and(|p| p.targets);
        let prorate = prorated.then_some(version);
        let group = Group::Person(payee.id);
        let target = self.target_of(&group, code, over, Level::Base, payee.period, prorate);
        let reached = self.attainment_of(&group, code, over, Level::Base, payee.period, prorate);
        (target.filter(|target| !target.is_zero()), reached)
    }

    /// True where a formula reads a fact.
    fn is_of_fact(&self, version: usize, formula: &Formula) -> bool {
        let measures = self.plan(version).map_or(&[][..], |plan| plan.measures.as_slice());
        formula.is_of_fact(&|name| measures.iter().any(|measure| measure.id == name))
    }

    /// How far a credit moves along an axis.
    fn along(&self, payee: &Payee<'a>, place: Place, on: &Axis, one: &Counted<'a>) -> Result<Exact, TooLarge> {
        let Axis::Formula(formula) = on else { return Ok(one.value.clone()) };
        let at = At::payee(self, payee, place.version).on(&one.credit, one.day);
        let measure = PlanMeasure::of(formula.text().trim()).unwrap_or_else(|| PlanMeasure::Formula(formula.clone()));
        let found = self.measured_on(&measure, &one.credit, &at)?;
        Ok(found.map(|(_, part)| part).unwrap_or_default())
    }

    #[allow(clippy::too_many_arguments)]
    fn per_fact(
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
    fn one(
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
    fn part(
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

    fn add(&self, rated: &mut Rated, label: Label, part: Exact, rate: Exact) -> Result<(), TooLarge> {
        let pay = part.times(&rate).ok_or(TooLarge)?;
        rated.raw = rated.raw.plus(&pay).ok_or(TooLarge)?;
        rated.rates.push(rate.clone());
        if self.explain {
            rated.steps.push(Step::Part { label, part, rate });
        }
        Ok(())
    }

    fn fixed(&self, rated: &mut Rated, amount: Exact, share: Exact) -> Result<(), TooLarge> {
        let pay = amount.times(&share).ok_or(TooLarge)?;
        rated.raw = rated.raw.plus(&pay).ok_or(TooLarge)?;
        if self.explain {
            rated.steps.push(Step::Reward { amount, share });
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn tier(
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

    /// The row of a lookup that fits a credit best, and its rate.
    fn look_up(&self, lookup: &Lookup, one: &Counted<'a>) -> (Label, Exact) {
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
    fn reward(&self, reward: &Reward, one: &Counted<'a>, at: &At<'_, 'a>, rated: &mut Rated) -> Result<(), Unrated> {
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
    fn first_entry(&self, fact: &FactView<'a>) -> Option<Option<u32>> {
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
    fn rate_of_signing(&self, payee: &Payee<'a>, place: Place, id: &str, one: &Counted<'a>) -> Result<Exact, TooLarge> {
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

    fn fact_line(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        one: &Counted<'a>,
        rated: Rated,
    ) -> Result<Line, TooLarge> {
        let dictionary = self.snapshot.books.dictionary();
        let fact = &one.credit.fact;
        let is_clawback = component.clawback.is_some() && fact.is_reversal();
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

    #[allow(clippy::too_many_arguments)]
    fn per_period(
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

    fn period_part(
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
    pub(super) fn period_line(&self, payee: &Payee<'a>, place: Place, component: &Component) -> Line {
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
    pub(super) fn amount(
        &self,
        payee: &Payee<'a>,
        place: Place,
        figure: &Computed,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        let Some(component) = self.component(place) else { return Ok(()) };
        let last = payee.on_version(place.version).last().map(|days| days.end);
        let Some(last) = last.filter(|last| self.is_for(component.who.as_ref(), payee, place.version, *last)) else {
            return Ok(());
        };
        let ended = component.to.is_some_and(|to| to < payee.range.start);
        if ended || component.from.is_some_and(|from| from > last) {
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

/// The rate of a curve at a place.
fn on_curve(banded: &Banded, reached: Option<&Exact>) -> Result<Exact, TooLarge> {
    reached.map_or_else(|| Ok(banded.bands.rate(0)), |reached| banded.bands.on_line(reached).ok_or(TooLarge))
}

/// Over which time a rate cumulates.
pub(super) fn over_of(rate: &Rate) -> Over {
    match rate {
        Rate::Tiers(tiers) => tiers.over,
        Rate::Curve(curve) => curve.over,
        _ => Over::Period,
    }
}
