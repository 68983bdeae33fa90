//! SHARE: what is earned on the pay of others, and what many share. Reads ADJUST and MEASURE of others, never SHARE.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::adjust::by_largest_remainder;
use super::figures::Group;
use super::line::{Kind, Line, NotCounted, Status};
use super::payee::Payee;
use super::run::{Given, Payroll, Place, Shares};
use super::scope::At;
use crate::books::Id;
use crate::dates::{DateRange, Period};
use crate::exact::Exact;
use crate::explain::{Label, Step};
use crate::formula::TooLarge;
use crate::plans::{
    Budget, ClawbackAt, Component, Computed, Difference, Order, Override, OverrideOf, Pool, PoolBy, PoolOf, Rank, Ties,
    Unreleased, Way,
};

impl<'a> Payroll<'a> {
    /// Everything a payee has in a period before SETTLE: the own lines and the shares.
    ///
    /// # Errors
    /// [`TooLarge`] where a number outgrows its bound.
    pub(super) fn everything(&self, payee: &Payee<'a>) -> Result<Given, TooLarge> {
        let mut all = self.own(payee)?;
        for place in self.places() {
            let Some(component) = self.component(place).filter(|component| component.is_shared()) else { continue };
            let mut given = Given::default();
            match component.way() {
                Way::Override(overriding) => self.overriding(payee, place, component, overriding, &mut given)?,
                Way::Difference(difference) => self.difference(payee, place, component, difference, &mut given)?,
                Way::Pool(Pool { each, .. }) | Way::Rank(Rank { each, .. }) | Way::Budget(Budget { each, .. }) => {
                    for subject in self.subjects(payee, *each) {
                        let shared = self.shared(payee.period, place, &subject)?;
                        given.lines.extend(shared.get(&payee.id).into_iter().flatten().cloned());
                    }
                }
                Way::Rate(_) | Way::Amount(_) => {}
            }
            if !matches!(component.way(), Way::Budget(_)) {
                self.limit_period(payee, place, component, &mut given)?;
            }
            all.lines.append(&mut given.lines);
            all.not_counted.append(&mut given.not_counted);
        }
        Ok(all)
    }

    /// True where a component is for the payee's period, by the last day on its version.
    pub(super) fn takes_part(&self, payee: &Payee<'a>, place: Place, component: &Component) -> bool {
        let last = payee.on_version(place.version).last().map(|days| days.end);
        last.is_some_and(|last| {
            let dates =
                component.from.is_none_or(|from| from <= last) && component.to.is_none_or(|to| payee.range.start <= to);
            dates && self.is_for(component.who.as_ref(), payee, place.version, last)
        })
    }

    fn share_line(&self, payee: &Payee<'a>, place: Place, component: &Component, kind: Kind) -> Line {
        Line { kind, ..self.period_line(payee, place, component) }
    }

    fn overriding(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        overriding: &Override,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        if !self.takes_part(payee, place, component) {
            return Ok(());
        }
        let at = At::payee(self, payee, place.version).with_earned();
        let rate = at.number(&overriding.rate)?.unwrap_or_default();
        for person in self.overridden(payee, overriding.of) {
            let earned = self.sum_of_component(person, payee.period, &overriding.components)?;
            if earned == 0 {
                continue;
            }
            let mut line = self.share_line(payee, place, component, Kind::Override);
            line.person = person;
            line.basis = Some(self.major(earned));
            line.rates = vec![rate.clone()];
            let raw = self.major(earned).times(&rate).ok_or(TooLarge)?;
            line.raw = raw.clone();
            if self.explain {
                let key = self.definitions().people.get(&person).map_or("", |person| person.key()).to_owned();
                line.steps.push(Step::EarnedBy { person: key, earned });
                line.steps.push(Step::Part { label: Label::Flat, part: self.major(earned), rate: rate.clone() });
            }
            self.finish(payee, place, component, &at, raw, &mut line)?;
            given.lines.push(line);
        }
        Ok(())
    }

    /// The people on whose pay an override is paid, by key.
    fn overridden(&self, payee: &Payee<'a>, of: OverrideOf) -> Vec<Id> {
        let definitions = self.definitions();
        let last = DateRange { start: payee.range.end, end: payee.range.end };
        let of_teams = |teams: FxHashSet<Id>| {
            let mut people = definitions.members_of(&teams, last);
            people.retain(|person| self.membership_on(*person, last.end).is_some_and(|own| teams.contains(&own.team)));
            people
        };
        let mut people = match (of, payee.team) {
            (OverrideOf::Reports, _) => self.reports_on(payee.id, last.end),
            (OverrideOf::Team, Some(team)) => of_teams(std::iter::once(team).collect()),
            (OverrideOf::Subtree, Some(team)) => of_teams(definitions.subtree(team)),
            (OverrideOf::Team | OverrideOf::Subtree, None) => Vec::new(),
            (OverrideOf::Mentees, _) => {
                let named = |person: &&crate::definitions::Person| {
                    person.attributes.get("mentor").is_some_and(|mentor| mentor == payee.key())
                };
                definitions.people.values().filter(named).map(|person| person.id).collect()
            }
        };
        people.retain(|person| *person != payee.id);
        people.sort_by_key(|person| definitions.people.get(person).map(|person| person.key()));
        people
    }

    fn difference(
        &self,
        payee: &Payee<'a>,
        place: Place,
        component: &Component,
        difference: &Difference,
        given: &mut Given,
    ) -> Result<(), TooLarge> {
        if payee.on_version(place.version).is_empty() {
            return Ok(());
        }
        let roles = ["owner".to_owned()];
        let chosen = self.chosen(&difference.basis, &roles, &difference.when, payee.range.end);
        let searched = self.searched(place.version, ClawbackAt::Own, payee.range);
        let mut credits = Vec::new();
        self.snapshot.books.for_credits(searched.start, searched.end, |credit| credits.push(credit));
        credits.sort_by_key(|credit| (credit.fact.date(), credit.fact.sequence(), credit.index()));
        for credit in credits {
            let day = self.effective(&credit.fact, place.version, ClawbackAt::Own);
            let inside = payee.range.contains(day)
                && component.from.is_none_or(|from| from <= day)
                && component.to.is_none_or(|to| day <= to)
                && !super::payee::days_on(self, payee.id, place.version, DateRange { start: day, end: day }).is_empty()
                && self.is_for(component.who.as_ref(), payee, place.version, day);
            let Some(person) = self.snapshot.books.dictionary().id_back(credit.person()).filter(|_| inside) else {
                continue;
            };
            let at = At::payee(self, payee, place.version).on(&credit, day);
            if person == payee.id || !self.is_chosen(&chosen, &credit, &at) {
                continue;
            }
            let Some(chain) = self.chain(person, payee.id, day) else { continue };
            let Some((_, value)) = self.measured_on(&difference.measure, &credit, &at)? else {
                given.not_counted.push(NotCounted {
                    sequence: credit.fact.sequence(),
                    component: component.id.clone(),
                    reason: "no_measure",
                });
                continue;
            };
            let own = self.rate_of(payee.id, payee.period, place, &difference.rates)?;
            let mut below = Exact::ZERO;
            for person in chain {
                below = below.max(self.rate_of(person, payee.period, place, &difference.rates)?);
            }
            let rate = own.minus(&below).ok_or(TooLarge)?.max(Exact::ZERO);
            let mut line = self.share_line(payee, place, component, Kind::Override);
            line.sequence = Some(credit.fact.sequence());
            line.person = person;
            line.date = day;
            line.role = "owner".to_owned();
            line.basis = Some(value.clone());
            line.rates = vec![rate.clone()];
            line.status = if credit.fact.is_pending() { Status::Held } else { Status::Earned };
            let raw = value.times(&rate).ok_or(TooLarge)?;
            line.raw = raw.clone();
            if self.explain {
                line.steps.push(Step::Part { label: Label::Flat, part: value, rate });
            }
            self.finish(payee, place, component, &at, raw, &mut line)?;
            given.lines.push(line);
        }
        Ok(())
    }

    /// Everybody from a person up to below a manager; none where the manager is not above.
    fn chain(&self, person: Id, manager: Id, day: chrono::NaiveDate) -> Option<Vec<Id>> {
        let mut chain = vec![person];
        loop {
            let above = self.manager_on(*chain.last()?, day)?;
            if above == manager {
                return Some(chain);
            }
            if chain.contains(&above) {
                return None;
            }
            chain.push(above);
        }
    }

    fn rate_of(&self, person: Id, period: Period, place: Place, rates: &Computed) -> Result<Exact, TooLarge> {
        let Some(payee) = self.payee(person, period) else { return Ok(Exact::ZERO) };
        Ok(At::payee(self, &payee, place.version).number(rates)?.unwrap_or_default())
    }

    /// What a pool, ranking or budget gives everybody who shares it.
    fn shared(&self, period: Period, place: Place, subject: &Group) -> Result<Rc<Shares>, TooLarge> {
        let key = (period, place, subject.clone());
        if let Some(known) = self.shared.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let mut shares = Shares::default();
        if let Some(component) = self.component(place) {
            let people = self.takers(period, place, component, subject);
            match component.way() {
                Way::Pool(pool) => self.pool(period, place, component, pool, (subject, people), &mut shares)?,
                Way::Rank(rank) => self.rank(place, component, rank, people, &mut shares)?,
                Way::Budget(budget) => self.budget(period, place, component, budget, (subject, people), &mut shares)?,
                _ => {}
            }
        }
        let shares = Rc::new(shares);
        self.shared.borrow_mut().insert(key, Rc::clone(&shares));
        Ok(shares)
    }

    /// The subjects in which a payee may take part. In a pool for each team and below these are the own team and all above,
    /// the highest first.
    fn subjects(&self, payee: &Payee<'a>, each: PoolOf) -> Vec<Group> {
        let teams = &self.definitions().teams;
        let above = |team: Id| teams.get(&team).and_then(|team| team.parent);
        match each {
            PoolOf::Company => vec![Group::Company],
            PoolOf::Team => payee.team.map(Group::Team).into_iter().collect(),
            PoolOf::Subtree => {
                let mut found = Vec::new();
                let mut team = payee.team;
                while let Some(known) = team.filter(|team| teams.contains_key(team) && !found.contains(team)) {
                    found.push(known);
                    team = above(known);
                }
                found.into_iter().rev().map(Group::Subtree).collect()
            }
        }
    }

    /// The people who take part in a subject, by key.
    fn takers(&self, period: Period, place: Place, component: &Component, subject: &Group) -> Vec<Rc<Payee<'a>>> {
        let definitions = self.definitions();
        let teams: Option<FxHashSet<Id>> = match subject {
            Group::Team(team) => Some(std::iter::once(*team).collect()),
            Group::Subtree(team) => Some(definitions.subtree(*team)),
            _ => None,
        };
        let candidates: Vec<Id> = match &teams {
            Some(teams) => definitions.members_of(teams, self.range(period)),
            None => definitions.people.keys().copied().collect(),
        };
        let belongs = |payee: &Rc<Payee<'a>>| {
            let inside = |teams: &FxHashSet<Id>| payee.team.is_some_and(|team| teams.contains(&team));
            teams.as_ref().is_none_or(inside) && payee.is_on_plan() && self.takes_part(payee, place, component)
        };
        let mut people: Vec<Rc<Payee<'a>>> =
            candidates.into_iter().filter_map(|person| self.payee(person, period)).filter(belongs).collect();
        people.sort_by(|a, b| a.key().cmp(b.key()));
        people
    }

    fn pool(
        &self,
        period: Period,
        place: Place,
        component: &Component,
        pool: &Pool,
        (subject, people): (&Group, Vec<Rc<Payee<'a>>>),
        shares: &mut Shares,
    ) -> Result<(), TooLarge> {
        let Some(size) = self.pool_size(subject, period, place, pool)? else { return Ok(()) };
        let mut weights: Vec<(Rc<Payee<'a>>, Exact)> = Vec::new();
        let mut all = Exact::ZERO;
        for payee in people {
            let at = At::payee(self, &payee, place.version).with_earned();
            if let Some(members) = &pool.members
                && !at.holds(members)?
            {
                continue;
            }
            let weight = match &pool.by {
                PoolBy::Equal => Exact::ONE,
                PoolBy::Weight(figure) => at.number(figure)?.unwrap_or_default().max(Exact::ZERO),
            };
            all = all.plus(&weight).ok_or(TooLarge)?;
            weights.push((payee, weight));
        }
        if all.is_zero() {
            return Ok(());
        }
        let exact = |weight: &Exact| Exact::from(size).times(weight).and_then(|part| part.over(&all));
        let parts: Vec<Exact> =
            weights.iter().map(|(_, weight)| exact(weight)).collect::<Option<_>>().ok_or(TooLarge)?;
        let parts = by_largest_remainder(size, &parts).ok_or(TooLarge)?;
        for ((payee, weight), share) in weights.into_iter().zip(parts) {
            let mut line = self.share_line(&payee, place, component, Kind::PoolShare);
            self.set_share(&mut line, share, Step::ShareOf { whole: size, weight, all: all.clone(), share });
            shares.entry(payee.id).or_default().push(line);
        }
        Ok(())
    }

    fn set_share(&self, line: &mut Line, share: i64, step: Step) {
        line.raw = self.major(share);
        line.amount_minor = share;
        if self.explain {
            line.steps.push(step);
            let rounding = crate::rounding::Rounding::HalfUp;
            line.steps.push(Step::Rounded { rounding, exact: share.into(), amount: share });
        }
    }

    /// What is given out of a pool in a period, with what was carried into it; none where it is not released.
    fn pool_size(&self, group: &Group, period: Period, place: Place, pool: &Pool) -> Result<Option<i64>, TooLarge> {
        if !self.is_released(group, period, place, pool)? {
            return Ok(None);
        }
        let mut size = self.own_size(group, period, place, pool)?;
        if pool.unreleased == Unreleased::Carry {
            let first = self.first_period();
            let mut earlier = period;
            while earlier.previous() >= first && earlier != first {
                earlier = earlier.previous();
                if self.is_released(group, earlier, place, pool)? {
                    break;
                }
                size = size.saturating_add(self.own_size(group, earlier, place, pool)?);
            }
        }
        Ok(Some(size))
    }

    fn own_size(&self, group: &Group, period: Period, place: Place, pool: &Pool) -> Result<i64, TooLarge> {
        let at = At::subject(self, group, period, place.version);
        let size = at.number(&pool.size)?.unwrap_or_default();
        Ok(self.minor(&size, self.rounding(place))?.max(0))
    }

    fn is_released(&self, group: &Group, period: Period, place: Place, pool: &Pool) -> Result<bool, TooLarge> {
        let at = At::subject(self, group, period, place.version);
        pool.release.as_ref().map_or(Ok(true), |release| at.holds(release))
    }

    fn rank(
        &self,
        place: Place,
        component: &Component,
        rank: &Rank,
        people: Vec<Rc<Payee<'a>>>,
        shares: &mut Shares,
    ) -> Result<(), TooLarge> {
        let mut ranked: Vec<(Exact, Rc<Payee<'a>>)> = Vec::new();
        for payee in people {
            let at = At::payee(self, &payee, place.version).with_earned();
            if let Some(minimum) = &rank.minimum
                && !at.holds(minimum)?
            {
                continue;
            }
            if let Some(figure) = at.number(&rank.by)? {
                ranked.push((figure, payee));
            }
        }
        ranked.sort_by(|a, b| {
            let figures = if rank.order == Order::Highest { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) };
            figures.then_with(|| a.1.key().cmp(b.1.key()))
        });
        let mut first = 0;
        while let Some((figure, _)) = ranked.get(first) {
            let tied = ranked.iter().skip(first).take_while(|(other, _)| other == figure).count();
            let prizes = self.prizes(rank, place, first, tied)?;
            for ((figure, payee), prize) in ranked.iter().skip(first).take(tied).zip(prizes) {
                if prize != 0 {
                    let mut line = self.share_line(payee, place, component, Kind::PoolShare);
                    if self.explain {
                        line.steps.push(Step::Place { place: first + 1, tied, figure: figure.clone() });
                        line.steps.push(Step::Amount { amount: self.major(prize) });
                    }
                    line.raw = self.major(prize);
                    line.amount_minor = self.close(&self.major(prize), self.rounding(place), &mut line.steps)?;
                    shares.entry(payee.id).or_default().push(line);
                }
            }
            first += tied;
        }
        Ok(())
    }

    /// The prizes of those who share a place, minor units.
    fn prizes(&self, rank: &Rank, place: Place, first: usize, tied: usize) -> Result<Vec<i64>, TooLarge> {
        let rounding = self.rounding(place);
        let of = |at: usize| rank.prizes.get(at).map_or(Ok(0), |prize| self.minor(&prize.exact(), rounding));
        if rank.ties == Ties::Same {
            return Ok(vec![of(first)?; tied]);
        }
        let mut sum = 0_i64;
        for at in first..(first + tied).min(rank.prizes.len()) {
            sum = sum.saturating_add(of(at)?);
        }
        Ok(crate::rounding::share_out(sum, &vec![1; tied]))
    }

    fn budget(
        &self,
        period: Period,
        place: Place,
        component: &Component,
        budget: &Budget,
        (subject, people): (&Group, Vec<Rc<Payee<'a>>>),
        shares: &mut Shares,
    ) -> Result<(), TooLarge> {
        let at = At::subject(self, subject, period, place.version);
        let limit = self.minor(&at.number(&budget.limit)?.unwrap_or_default(), self.rounding(place))?.max(0);
        let mut sums: Vec<(Rc<Payee<'a>>, i64)> = Vec::new();
        let mut all = 0_i64;
        for payee in people {
            let sum = self.sum_of_component(payee.id, period, &budget.components)?;
            all = all.saturating_add(sum);
            if sum > 0 {
                sums.push((payee, sum));
            }
        }
        if all <= limit {
            return Ok(());
        }
        let weight: i64 = sums.iter().map(|(_, sum)| *sum).fold(0, i64::saturating_add);
        let exact = |sum: i64| Exact::from(limit).times(&sum.into()).and_then(|part| part.over(&weight.into()));
        let parts: Vec<Exact> = sums.iter().map(|(_, sum)| exact(*sum)).collect::<Option<_>>().ok_or(TooLarge)?;
        let parts = by_largest_remainder(limit, &parts).ok_or(TooLarge)?;
        for ((payee, before), share) in sums.into_iter().zip(parts) {
            let amount = share.saturating_sub(before);
            if amount == 0 {
                continue;
            }
            let mut line = self.share_line(&payee, place, component, Kind::Earning);
            line.raw = self.major(amount);
            line.amount_minor = amount;
            if self.explain {
                let (weight, all) = (before.into(), weight.into());
                line.steps.push(Step::ShareOf { whole: limit, weight, all, share });
                line.steps.push(Step::Reduced { before });
                let rounding = crate::rounding::Rounding::HalfUp;
                line.steps.push(Step::Rounded { rounding, exact: amount.into(), amount });
            }
            shares.entry(payee.id).or_default().push(line);
        }
        Ok(())
    }

    /// The first period of the plan.
    pub(super) fn first_period(&self) -> Period {
        let calendar = &self.definitions().company.calendar;
        let from = self.versions.iter().map(|version| version.plan.from).min().unwrap_or_default();
        calendar.period_of(from, self.period_kind())
    }
}
