//! What parsing cannot see: a plan against the company and against itself.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::model::{Axis, Cap, Component, Computed, LookupRow, Mode, Part, Per, Plan, PlanMeasure, PoolBy, Rate, Way};
use super::number::Number;
use super::parse::PlanError;
use crate::conditions::Condition;
use crate::dates::PeriodKind;
use crate::definitions::Definitions;
use crate::facts::is_kind;
use crate::formula::{Expected, FactName, Formula, Known, Over};
use crate::money::{Currency, parse_minor};
use crate::yaml::Tree;

struct Checker<'a> {
    tree: &'a Tree,
    definitions: &'a Definitions,
    attributes: Option<&'a [String]>,
    errors: Vec<PlanError>,
}

/// Checks a plan. An empty list means that it can be published.
#[must_use]
pub fn check(plan: &Plan, tree: &Tree, definitions: &Definitions) -> Vec<PlanError> {
    check_against(plan, tree, definitions, None)
}

/// Checks a plan against facts that have these attributes and no others.
#[must_use]
pub fn check_against(
    plan: &Plan,
    tree: &Tree,
    definitions: &Definitions,
    attributes: Option<&[String]>,
) -> Vec<PlanError> {
    let mut checker = Checker { tree, definitions, attributes, errors: Vec::new() };
    checker.plan(plan);
    checker.errors
}

impl Checker<'_> {
    fn wrong(&mut self, pointer: &str, code: &'static str, message: String) {
        self.errors.push(PlanError { line: self.tree.line(pointer), pointer: pointer.to_owned(), code, message });
    }

    fn plan(&mut self, plan: &Plan) {
        let own = self.definitions.company.currency;
        if plan.currency != own.code() {
            let message = format!("the plan is in {}, the company in {own}; write currency: {own}", plan.currency);
            self.wrong("/currency", "currency_mismatch", message);
        }
        if plan.id.is_empty() || plan.id.len() > 100 || plan.id.chars().any(char::is_control) {
            self.wrong("/id", "required", "an id is 1 to 100 characters".to_owned());
        }
        if !matches!(plan.period, PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year) {
            self.wrong("/period", "not_a_choice", "a plan's period is month, quarter or year".to_owned());
        }
        if plan.to.is_some_and(|to| to < plan.from) {
            self.wrong("/to", "before", format!("to lies before from ({})", plan.from));
        }
        if plan.components.is_empty() {
            self.wrong("/components", "required", "a plan has at least one component".to_owned());
        }
        self.who(plan);
        let mut seen = BTreeSet::new();
        for (index, component) in plan.components.iter().enumerate() {
            let at = format!("/components/{index}");
            if !seen.insert(component.id.as_str()) {
                self.wrong(
                    &format!("{at}/id"),
                    "already_used",
                    format!("two components have the id '{}'", component.id),
                );
            }
            self.component(&at, plan, index, own);
        }
        self.measures(plan);
        self.whole_plan(plan);
    }

    fn who(&mut self, plan: &Plan) {
        let who = &plan.who;
        if who.roles.is_empty() && who.teams.is_empty() && who.people.is_empty() {
            let message = "say who is on the plan: roles, teams or people".to_owned();
            self.wrong("/who", "required", message);
        }
        for (index, path) in who.teams.iter().enumerate() {
            if self.definitions.team_by_path(path).is_none() {
                let message = format!("there is no team '{path}'; write its path like East/Team 3");
                self.wrong(&format!("/who/teams/{index}"), "unknown_reference", message);
            }
        }
        for (index, key) in who.people.iter().enumerate() {
            if self.definitions.person_by_key(key).is_none() {
                let message = format!("there is no person '{key}'; write the external id or the e-mail");
                self.wrong(&format!("/who/people/{index}"), "unknown_reference", message);
            }
        }
    }

    fn component(&mut self, at: &str, plan: &Plan, index: usize, currency: Currency) {
        let Some(component) = plan.components.get(index) else { return };
        if component.id.is_empty() {
            self.wrong(&format!("{at}/id"), "required", "a component has an id".to_owned());
        }
        let ways = component.ways().count();
        if ways != 1 {
            let message = format!(
                "a component is earned in one way: rate, amount, override, difference, pool, rank or budget; here are {ways}"
            );
            self.wrong(at, if ways == 0 { "required" } else { "not_a_choice" }, message);
        }
        if component.roles.is_empty() {
            self.wrong(&format!("{at}/roles"), "required", "name at least one role, for example [owner]".to_owned());
        }
        if component.to.zip(component.from).is_some_and(|(to, from)| to < from) {
            self.wrong(&format!("{at}/to"), "before", "to lies before from".to_owned());
        }
        let earlier: Vec<&Component> = plan.components.iter().take(index).collect();
        let place = Scene { plan, measures: plan.measures.len(), fact: false, payee: true, earned: Vec::new() };
        match component.way() {
            Way::Rate(parts) => self.rates(at, &place, component, parts, &earlier, currency),
            Way::Amount(figure) => self.figure(&format!("{at}/amount"), &place, figure),
            way => self.shared(at, &place, way),
        }
        if !matches!(component.way(), Way::Rate(_)) {
            let facts =
                !component.basis.is_empty() || component.when != Condition::Always || !component.steps.is_empty();
            if facts || component.per == Per::Period || component.share_out.is_some() {
                let message = "basis, where, steps, per and share_out belong to a component with a rate".to_owned();
                self.wrong(at, "unknown_field", message);
            }
        }
        self.adjusted(at, &place, component);
        self.settled(at, &place, component, plan);
    }

    /// What comes after the rate: gate, multipliers, limits.
    fn adjusted(&mut self, at: &str, place: &Scene<'_>, component: &Component) {
        let of_fact =
            Scene { fact: matches!(component.way(), Way::Rate(_)) && component.per == Per::Fact, ..place.clone() };
        if let Some(who) = &component.who {
            self.condition_text(&format!("{at}/who/if"), place, who.when.as_ref());
        }
        self.condition_text(&format!("{at}/gate"), place, component.gate.as_ref());
        for (index, multiplier) in component.multiplier.iter().enumerate() {
            let pointer = if component.multiplier.len() == 1 { String::new() } else { format!("/{index}") };
            self.figure(&format!("{at}/multiplier{pointer}"), &of_fact, multiplier);
        }
        if let Some(cap) = &component.cap {
            self.cap(&format!("{at}/cap"), place, &of_fact, cap);
        }
        if let Some(floor) = &component.floor {
            self.figure(&format!("{at}/floor/period"), place, &floor.period);
        }
        if component.share_out.is_some() && component.per != Per::Period {
            let message = "a component per fact needs no sharing out; write per: period".to_owned();
            self.wrong(&format!("{at}/share_out"), "not_a_choice", message);
        }
    }

    fn cap(&mut self, at: &str, place: &Scene<'_>, of_fact: &Scene<'_>, cap: &Cap) {
        if cap.line.is_none() && cap.period.is_none() && cap.year.is_none() {
            self.wrong(at, "required", "say what is limited: line, period or year".to_owned());
        }
        for (name, figure, place) in
            [("line", &cap.line, of_fact), ("period", &cap.period, place), ("year", &cap.year, place)]
        {
            if let Some(figure) = figure {
                self.figure(&format!("{at}/{name}"), place, figure);
            }
        }
        self.share_number(&format!("{at}/above"), cap.above);
    }

    /// Recognition, retention, clawback, true-up.
    fn settled(&mut self, at: &str, place: &Scene<'_>, component: &Component, plan: &Plan) {
        let is_rate = matches!(component.way(), Way::Rate(_));
        if let Some(recognition) = &component.recognition {
            if recognition.needs.is_empty() {
                let message = "name what must be there, for example [payment_received]".to_owned();
                self.wrong(&format!("{at}/recognition/needs"), "required", message);
            }
            for (index, need) in recognition.needs.iter().enumerate() {
                let pointer = format!("{at}/recognition/needs/{index}");
                self.kind(&pointer, &need.kind);
                self.condition(&pointer, &Scene { fact: true, payee: false, ..place.clone() }, &need.when);
            }
            if !is_rate || component.per == Per::Period {
                let message = "recognition belongs to a component with a rate per fact".to_owned();
                self.wrong(&format!("{at}/recognition"), "not_a_choice", message);
            }
        }
        if let Some(retention) = &component.retention {
            self.share_number(&format!("{at}/retention/share"), Some(retention.share));
            self.condition_text(&format!("{at}/retention/if"), place, retention.when.as_ref());
        }
        if let Some(clawback) = &component.clawback {
            if let Some(share) = &clawback.share {
                self.figure(&format!("{at}/clawback/share"), &Scene { fact: true, ..place.clone() }, share);
            }
            if !is_rate {
                let message = "clawback belongs to a component with a rate".to_owned();
                self.wrong(&format!("{at}/clawback"), "not_a_choice", message);
            }
        }
        if let Some(true_up) = &component.true_up {
            let longer = match true_up.over {
                Over::Quarter => plan.period == PeriodKind::Month,
                Over::Year => matches!(plan.period, PeriodKind::Month | PeriodKind::Quarter),
                _ => false,
            };
            if !longer {
                let message = "a true-up is over a quarter or year that is longer than the plan's period".to_owned();
                self.wrong(&format!("{at}/true_up/over"), "not_a_choice", message);
            }
            if !is_rate {
                let message = "a true-up belongs to a component with a rate".to_owned();
                self.wrong(&format!("{at}/true_up"), "not_a_choice", message);
            }
        }
    }

    fn rates(
        &mut self,
        at: &str,
        place: &Scene<'_>,
        component: &Component,
        parts: &[Part],
        earlier: &[&Component],
        currency: Currency,
    ) {
        self.basis(&format!("{at}/basis"), &component.basis);
        let of_fact = Scene { fact: true, ..place.clone() };
        self.condition(&format!("{at}/where"), &of_fact, &component.when);
        if let PlanMeasure::Formula(formula) = &component.measure {
            self.formula(&format!("{at}/measure"), &of_fact, formula, Expected::Number);
        }
        for (index, step) in component.steps.iter().enumerate() {
            let pointer = format!("{at}/steps/{index}");
            self.figure(&format!("{pointer}/times"), &of_fact, &step.times);
            self.condition_text(&format!("{pointer}/if"), &of_fact, step.when.as_ref());
        }
        let true_up = component.true_up.as_ref().map_or(&[][..], |true_up| true_up.rate.as_slice());
        for (name, parts) in [("rate", parts), ("true_up/rate", true_up)] {
            for (index, part) in parts.iter().enumerate() {
                let pointer = if parts.len() == 1 { format!("{at}/{name}") } else { format!("{at}/{name}/{index}") };
                self.condition(&format!("{pointer}/where"), &of_fact, &part.when);
                self.part(&pointer, at, place, component, part, earlier, currency);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn part(
        &mut self,
        at: &str,
        component_at: &str,
        place: &Scene<'_>,
        component: &Component,
        part: &Part,
        earlier: &[&Component],
        currency: Currency,
    ) {
        let of_line = Scene { fact: component.per == Per::Fact, ..place.clone() };
        match &part.rate {
            Rate::Flat(figure) => self.figure(&format!("{at}/flat"), &of_line, figure),
            Rate::Each(figure) => self.figure(&format!("{at}/each"), &of_line, figure),
            Rate::Lookup(lookup) => self.lookup(&format!("{at}/lookup"), &lookup.by, &lookup.rows),
            Rate::Tiers(tiers) => {
                self.axis(&format!("{at}/tiers"), place, &tiers.on, tiers.over);
                let starts: Vec<Number> = tiers.rows.iter().map(|row| row.from).collect();
                match starts.first() {
                    Some(first) if !first.0.is_zero() => {
                        let message = "the first row begins at 0".to_owned();
                        self.wrong(&format!("{at}/tiers/rows/0/from"), "gap", message);
                    }
                    _ => {}
                }
                self.ascending(&format!("{at}/tiers/rows"), "from", &starts);
                if matches!(tiers.on, Axis::Amount) && component.measure == PlanMeasure::Amount {
                    for (index, start) in starts.iter().enumerate() {
                        if parse_minor(&start.0.normalize().to_string(), currency).is_err() {
                            let message = format!("{} is no amount of {currency}", start.0);
                            self.wrong(&format!("{at}/tiers/rows/{index}/from"), "too_many_decimals", message);
                        }
                    }
                }
                if let (Mode::Marginal, Axis::Formula(formula)) = (tiers.mode, &tiers.on)
                    && !place.is_of_fact(formula)
                {
                    let message =
                        "marginal tiers need an axis that facts move along; this figure is the payee's. Write \
                                   mode: whole, or an axis like quantity"
                            .to_owned();
                    self.wrong(&format!("{at}/tiers/on"), "not_a_choice", message);
                }
            }
            Rate::Curve(curve) => {
                self.axis(&format!("{at}/curve"), place, &curve.on, curve.over);
                let starts: Vec<Number> = curve.points.iter().map(|point| point.at).collect();
                self.ascending(&format!("{at}/curve/points"), "at", &starts);
            }
            Rate::Reward(reward) => self.reward(at, component_at, place, component, &reward.amount, currency),
            Rate::As(id) => {
                if !earlier.iter().any(|component| component.id == *id && matches!(component.way(), Way::Rate(_))) {
                    let message = format!("'{id}' is no component with a rate before this one");
                    self.wrong(&format!("{at}/as"), "unknown_reference", message);
                }
            }
        }
    }

    fn axis(&mut self, at: &str, place: &Scene<'_>, on: &Axis, over: Over) {
        if matches!(over, Over::Last(_)) {
            let message = "tiers cumulate over fact, period, month, quarter or year".to_owned();
            self.wrong(&format!("{at}/over"), "not_a_choice", message);
        }
        match on {
            Axis::Amount => {}
            Axis::Attainment(metric) => {
                if !self.definitions.metrics.iter().any(|known| known.code == *metric) {
                    let message = format!("there is no metric '{metric}'");
                    self.wrong(&format!("{at}/on"), "unknown_reference", message);
                }
            }
            Axis::Formula(formula) => {
                let scene = Scene { fact: place.is_of_fact(formula), ..place.clone() };
                self.formula(&format!("{at}/on"), &scene, formula, Expected::Number);
            }
        }
    }

    /// Rows that ascend.
    fn ascending(&mut self, at: &str, field: &str, starts: &[Number]) {
        if starts.is_empty() {
            self.wrong(at, "required", "there is at least one row".to_owned());
        }
        for (index, (before, start)) in starts.iter().zip(starts.iter().skip(1)).enumerate() {
            if start <= before {
                let message = format!("{} does not lie above {}; rows ascend", start.0, before.0);
                self.wrong(&format!("{at}/{}/{field}", index + 1), "not_ascending", message);
            }
        }
    }

    fn lookup(&mut self, at: &str, by: &[String], rows: &[LookupRow]) {
        for (index, row) in rows.iter().enumerate() {
            for field in row.values.keys().filter(|field| !by.contains(field)) {
                let message = format!("'{field}' is not among the dimensions: {}", by.join(", "));
                self.wrong(&format!("{at}/rows/{index}/{field}"), "unknown_field", message);
            }
            let same = |earlier: &LookupRow| earlier.values == row.values && earlier.priority == row.priority;
            if rows.iter().take(index).any(same) {
                let message = "a row before this one has the same values".to_owned();
                self.wrong(&format!("{at}/rows/{index}"), "already_used", message);
            }
        }
    }

    fn reward(
        &mut self,
        at: &str,
        component_at: &str,
        place: &Scene<'_>,
        component: &Component,
        amount: &Computed,
        currency: Currency,
    ) {
        match amount.fixed() {
            Some(number) => {
                let text = number.0.normalize().to_string();
                if parse_minor(&text, currency).is_err() || number.0 <= Decimal::ZERO {
                    let message = format!("{text} is no amount of {currency} above zero");
                    self.wrong(&format!("{at}/reward/amount"), "not_money", message);
                }
            }
            None => self.figure(&format!("{at}/reward/amount"), &Scene { fact: true, ..place.clone() }, amount),
        }
        if component.basis != ["stage_entered"] || component.per == Per::Period {
            let message = "a reward is earned when a stage is entered; write basis: stage_entered".to_owned();
            self.wrong(&format!("{component_at}/basis"), "not_a_choice", message);
        }
        if !names_stage(&component.when) {
            let message = "say which stage earns the reward, for example where: {stage: proposal}".to_owned();
            self.wrong(&format!("{component_at}/where"), "required", message);
        }
    }

    /// Components that read the pay of others, or split a pool.
    fn shared(&mut self, at: &str, place: &Scene<'_>, way: Way<'_>) {
        let plan = place.plan;
        let own: Vec<String> =
            plan.components.iter().filter(|other| !other.is_shared()).map(|other| other.id.clone()).collect();
        let member = Scene { earned: own, ..place.clone() };
        let subject = Scene { payee: false, measures: 0, ..place.clone() };
        match way {
            Way::Override(overriding) => {
                self.components(&format!("{at}/override/components"), plan, &overriding.components);
                self.figure(&format!("{at}/override/rate"), &member, &overriding.rate);
            }
            Way::Difference(difference) => {
                self.basis(&format!("{at}/difference/basis"), &difference.basis);
                let of_fact = Scene { fact: true, ..place.clone() };
                self.condition(&format!("{at}/difference/where"), &of_fact, &difference.when);
                self.figure(&format!("{at}/difference/rates"), place, &difference.rates);
            }
            Way::Pool(pool) => {
                self.figure(&format!("{at}/pool/size"), &subject, &pool.size);
                self.condition_text(&format!("{at}/pool/release"), &subject, pool.release.as_ref());
                self.condition_text(&format!("{at}/pool/members"), &member, pool.members.as_ref());
                if let PoolBy::Weight(weight) = &pool.by {
                    self.figure(&format!("{at}/pool/by"), &member, weight);
                }
            }
            Way::Rank(rank) => {
                self.figure(&format!("{at}/rank/by"), &member, &rank.by);
                self.condition_text(&format!("{at}/rank/minimum"), &member, rank.minimum.as_ref());
                if rank.prizes.is_empty() || rank.prizes.iter().any(|prize| prize.0.is_sign_negative()) {
                    let message = "prizes are amounts from the first place down, for example [5000, 3000]".to_owned();
                    self.wrong(&format!("{at}/rank/prizes"), "required", message);
                }
            }
            Way::Budget(budget) => {
                self.components(&format!("{at}/budget/components"), plan, &budget.components);
                self.figure(&format!("{at}/budget/limit"), &subject, &budget.limit);
            }
            Way::Rate(_) | Way::Amount(_) => {}
        }
    }

    /// Components of the plan that do not read the pay of others.
    fn components(&mut self, at: &str, plan: &Plan, ids: &[String]) {
        if ids.is_empty() {
            self.wrong(at, "required", "name at least one component".to_owned());
        }
        for (index, id) in ids.iter().enumerate() {
            match plan.components.iter().find(|component| component.id == *id) {
                None => {
                    let message = format!("there is no component '{id}'");
                    self.wrong(&format!("{at}/{index}"), "unknown_reference", message);
                }
                Some(component) if component.is_shared() => {
                    let message = format!(
                        "'{id}' is itself paid on the pay of others; an override, pool or budget reads only what people earn \
                         on facts or for the period, so that no circle can be written"
                    );
                    self.wrong(&format!("{at}/{index}"), "circle", message);
                }
                Some(_) => {}
            }
        }
    }

    fn basis(&mut self, at: &str, basis: &[String]) {
        if basis.is_empty() {
            let message = "say what it is earned on: a kind of fact like contract_signed, or a metric".to_owned();
            self.wrong(at, "required", message);
        }
        for (index, name) in basis.iter().enumerate() {
            let pointer = if basis.len() == 1 { at.to_owned() } else { format!("{at}/{index}") };
            if !self.definitions.metrics.iter().any(|metric| metric.code == *name) {
                self.kind(&pointer, name);
            }
        }
    }

    fn kind(&mut self, at: &str, kind: &str) {
        if !is_kind(kind) {
            let message = format!("'{kind}' is neither a kind of fact nor a metric");
            self.wrong(at, "unknown_reference", message);
        }
    }

    fn share_number(&mut self, at: &str, share: Option<Number>) {
        if share.is_some_and(|share| share.0 < Decimal::ZERO || share.0 > Decimal::ONE) {
            self.wrong(at, "not_a_share", "a share lies between 0 and 1, for example 20%".to_owned());
        }
    }

    /// The measures of a plan.
    fn measures(&mut self, plan: &Plan) {
        let mut seen = BTreeSet::new();
        for (index, measure) in plan.measures.iter().enumerate() {
            let at = format!("/measures/{index}");
            let place = Scene { plan, measures: index, fact: false, payee: true, earned: Vec::new() };
            let column = FactName::ALL.iter().any(|column| column.as_str() == measure.id);
            if measure.id.is_empty() || column || !seen.insert(measure.id.as_str()) {
                let message = format!("'{}' is empty, taken, or a column of the facts; write another id", measure.id);
                self.wrong(&format!("{at}/id"), "already_used", message);
            }
            let ways = [
                measure.sum.is_some(),
                measure.count,
                measure.distinct.is_some(),
                measure.formula.is_some(),
                !measure.scorecard.is_empty(),
                measure.baseline.is_some(),
            ];
            if ways.iter().filter(|way| **way).count() != 1 {
                let message =
                    "a measure is made in one way: sum, count, distinct, formula, scorecard or baseline".to_owned();
                self.wrong(&at, "required", message);
            }
            let of_facts = measure.sum.is_some() || measure.count || measure.distinct.is_some();
            if of_facts {
                self.basis(&format!("{at}/basis"), &measure.basis);
            }
            let of_fact = Scene { fact: true, ..place.clone() };
            self.condition(&format!("{at}/where"), &of_fact, &measure.when);
            if let Some(formula) = &measure.sum {
                self.formula(&format!("{at}/sum"), &of_fact, formula, Expected::Number);
            }
            if let Some(formula) = &measure.formula {
                self.formula(&format!("{at}/formula"), &place, formula, Expected::Number);
            }
            for (row, score) in measure.scorecard.iter().enumerate() {
                self.formula(&format!("{at}/scorecard/{row}/of"), &place, &score.of, Expected::Number);
            }
            if let Some(baseline) = &measure.baseline {
                if !plan.measures.iter().take(index).any(|earlier| earlier.id == baseline.of) {
                    let message = format!("there is no measure '{}' before this one", baseline.of);
                    self.wrong(&format!("{at}/baseline/of"), "unknown_reference", message);
                }
                if baseline.periods == 0 || baseline.periods > 36 || baseline.least > baseline.periods {
                    let message = "a baseline looks at 1 to 36 periods, and needs at most as many".to_owned();
                    self.wrong(&format!("{at}/baseline/periods"), "out_of_range", message);
                }
                for (name, figure) in [("times", &baseline.times), ("otherwise", &baseline.otherwise)] {
                    if let Some(figure) = figure {
                        self.figure(&format!("{at}/baseline/{name}"), &place, figure);
                    }
                }
            }
        }
    }

    /// What is for the whole plan.
    fn whole_plan(&mut self, plan: &Plan) {
        let measures = plan.measures.len();
        let place = Scene { plan, measures, fact: false, payee: true, earned: Vec::new() };
        let no_measures = Scene { measures: 0, ..place.clone() };
        self.condition_text("/who/if", &no_measures, plan.who.when.as_ref());
        for (index, cap) in plan.caps.iter().enumerate() {
            let at = format!("/caps/{index}");
            self.components(&format!("{at}/components"), plan, &cap.components);
            for (name, figure) in [("period", &cap.period), ("year", &cap.year)] {
                if let Some(figure) = figure {
                    self.figure(&format!("{at}/{name}"), &place, figure);
                }
            }
            self.share_number(&format!("{at}/above"), cap.above);
        }
        if let Some(guarantee) = &plan.guarantee {
            self.figure("/guarantee/amount", &place, &guarantee.amount);
            self.condition_text("/guarantee/if", &place, guarantee.when.as_ref());
        }
        if let Some(draw) = &plan.draw {
            self.figure("/draw/amount", &place, &draw.amount);
            self.condition_text("/draw/if", &place, draw.when.as_ref());
        }
        if let Some(deductions) = &plan.deductions {
            self.share_number("/deductions/most", deductions.most);
            if let Some(floor) = &deductions.floor {
                self.figure("/deductions/floor", &place, floor);
            }
        }
    }

    /// A figure of the plan.
    fn figure(&mut self, at: &str, place: &Scene<'_>, figure: &Computed) {
        match figure {
            Computed::Fixed(_) => {}
            Computed::Formula(formula) => self.formula(at, place, formula, Expected::Number),
            Computed::Table(table) => {
                self.formula(&format!("{at}/on"), place, &table.on, Expected::Number);
                let starts: Vec<Number> = table.rows.iter().map(|row| row.from).collect();
                self.ascending(&format!("{at}/rows"), "from", &starts);
            }
        }
    }

    fn condition_text(&mut self, at: &str, place: &Scene<'_>, formula: Option<&Formula>) {
        if let Some(formula) = formula {
            self.formula(at, place, formula, Expected::Condition);
        }
    }

    fn condition(&mut self, at: &str, place: &Scene<'_>, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.condition(at, place, part));
            }
            Condition::Not(part) => self.condition(at, place, part),
            Condition::If(formula) => self.formula(at, place, formula, Expected::Condition),
            Condition::Always | Condition::Is { .. } | Condition::Compare { .. } => {}
        }
    }

    fn formula(&mut self, at: &str, place: &Scene<'_>, formula: &Formula, expected: Expected) {
        let metrics: Vec<String> = self.definitions.metrics.iter().map(|metric| metric.code.clone()).collect();
        let measures: Vec<String> =
            place.plan.measures.iter().take(place.measures).map(|measure| measure.id.clone()).collect();
        let known = Known {
            fact: place.fact,
            payee: place.payee,
            attributes: self.attributes,
            measures: &measures,
            metrics: &metrics,
            earned: &place.earned,
        };
        if let Err(error) = formula.check(&known, expected) {
            self.wrong(at, "formula", format!("{}: {error}", formula.text()));
        }
    }
}

/// What the place of a formula knows.
#[derive(Clone)]
struct Scene<'a> {
    plan: &'a Plan,
    /// How many of the measures stand before.
    measures: usize,
    fact: bool,
    payee: bool,
    earned: Vec<String>,
}

impl Scene<'_> {
    fn is_of_fact(&self, formula: &Formula) -> bool {
        formula.is_of_fact(&|name| self.plan.measures.iter().any(|measure| measure.id == name))
    }
}

fn names_stage(condition: &Condition) -> bool {
    match condition {
        Condition::Is { field, .. } => field == "stage",
        Condition::All(parts) => parts.iter().any(names_stage),
        _ => false,
    }
}
