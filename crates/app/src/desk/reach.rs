//! The way to the next tier: what is missing, and the fewest open deals that would bring it.

use chrono::NaiveDate;
use qiao_engine::dates::{DateRange, Period};
use qiao_engine::metrics::{Cut, Subject};
use qiao_engine::money::parse_minor;
use qiao_engine::pay::{Estimate, TierProgress};
use qiao_engine::plans::{Axis, PlanMeasure};
use qiao_engine::{Snapshot, goals};
use qiao_store::books::View;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::deals::{Deal, DeskDeal, fewest, views};
use crate::context::Context;
use crate::figures::{Amount, Figure};
use crate::metrics::rules::encode;
use crate::pay;

/// The next tier of a component.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reach {
    component: String,
    /// The rate there, a fraction of one.
    rate: String,
    /// What is missing.
    remaining: Figure,
    /// The fewest of the person's open deals that would bring it, by the person's shares: the largest first, those that are
    /// expected in the period before others. None where all of them together do not.
    deals: Option<Vec<DeskDeal>>,
    /// What the person would be credited with of these, or of all open deals where these are none.
    brings: Amount,
    /// How many open deals there are.
    open: usize,
}

/// The nearest tiers of a person's estimate that are measured by amounts.
#[must_use]
pub fn of(
    context: &Context,
    view: &View,
    (person, period): (Uuid, Period),
    estimate: &Estimate,
    deals: &[Deal],
) -> Vec<Reach> {
    estimate.tiers.iter().filter_map(|tier| one(context, view, (person, period), tier, deals)).collect()
}

fn one(
    context: &Context,
    view: &View,
    (person, asked): (Uuid, Period),
    tier: &TierProgress,
    deals: &[Deal],
) -> Option<Reach> {
    let (_, remaining, rate) = tier.next.as_ref()?;
    let snapshot: &Snapshot = &view.snapshot;
    let definitions = &snapshot.definitions;
    let version = definitions.plans.iter().find(|v| v.plan.id == tier.plan && v.version == tier.version)?;
    let component = version.plan.components.iter().find(|component| component.id == tier.component)?;
    // A deal says what it is worth with VAT; what it leaves as margin nobody knows before it is signed.
    if component.measure != PlanMeasure::Amount {
        return None;
    }
    let currency = definitions.company.currency;
    let missing = match &tier.axis {
        Axis::Amount => *remaining,
        Axis::Formula(_) => return None,
        Axis::Attainment(metric) => {
            let found =
                goals::target(definitions, metric, Subject::Person(person.as_u128()), tier.period, &Cut::default())?;
            remaining.checked_mul(found.base)?
        }
    };
    let missing_minor = up(missing, currency)?;
    let range: DateRange = definitions.company.calendar.range(tier.period);
    let today: NaiveDate = context.today();
    let part = |deal: &Deal| deal.credited(person, today);
    let chosen = fewest(deals, missing_minor, range, part);
    let brings = match &chosen {
        Some(chosen) => chosen.iter().map(|deal| part(deal)).sum(),
        None => deals.iter().map(part).sum(),
    };
    let id = format!("tier={}", encode(&format!("{}:{}:{}", tier.plan, tier.component, tier.period)));
    Some(Reach {
        component: component.name.get(context.language()).to_owned(),
        rate: rate.normalize().to_string(),
        remaining: Figure::money(missing_minor, currency, Some(pay::estimate_why(person, asked, Some(id)))),
        deals: chosen.map(|chosen| views(context, view, &chosen)),
        brings: Amount::minor(brings, currency),
        open: deals.len(),
    })
}

/// Major units as minor ones, a part of one as a whole one: less would not be enough.
fn up(major: Decimal, currency: qiao_engine::money::Currency) -> Option<i64> {
    let digits = currency.digits();
    let rounded = major.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::AwayFromZero);
    parse_minor(&format!("{rounded:.*}", digits as usize), currency).ok()
}
